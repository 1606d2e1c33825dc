"""nginx's grammar, and the sites that a configuration serves."""

from __future__ import annotations

import pytest

import harness
from flask_preflight.artifacts import proxy
from flask_preflight.artifacts.nginx import Fault, parse
from flask_preflight.artifacts.proxy import Proxy


def only(text: str, **files: str) -> Proxy:
    found = list(proxy.assemble(harness.tree_of({"nginx.conf": text, **files})))
    return next(one for one in found if one.path == "nginx.conf")


def test_words_quotes_and_comments() -> None:
    (found,) = parse("a", 'log_format x \'$a "b" ; # {\' "c d" # comment\n  e\\;f;\n')
    assert found.words == ("log_format", "x", '$a "b" ; # {', "c d", "e\\;f")


def test_places() -> None:
    (server,) = parse("a", "server {\n  listen 80;\n}\n")
    assert server.block is not None
    region = server.block[0].location.region
    assert (region.start_line, region.start_column, region.end_column) == (2, 3, 9)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("server {", 1, "unexpected end"),
        ("server }\n", 1, 'unexpected "}"'),
        ("}\n", 1, 'unexpected "}"'),
        ("a;\n;\n", 2, 'unexpected ";"'),
        ("a 'b;\n", 1, "unexpected character"),
        ("a {" * 50, 1, "nested"),
    ],
)
def test_faults(text: str, line: int, reason: str) -> None:
    with pytest.raises(Fault) as caught:
        parse("a", text)
    assert reason in caught.value.reason
    assert caught.value.line == line


SITE = """
upstream app { server web:8000; server web2:8001; }
server {
    listen 443 ssl;
    server_name a.example.org b.example.org;
    proxy_set_header X-Forwarded-Proto $scheme;
    location / { proxy_pass http://app; }
    location /own {
        proxy_set_header Host $host;
        proxy_pass http://unix:/run/app.sock;
    }
    location /var { proxy_pass http://$backend; }
}
server { listen 80; return 301 https://$host$request_uri; }
"""


def test_sites() -> None:
    secure, plain = only(SITE).sites
    assert secure.names == ("a.example.org", "b.example.org")
    assert (secure.tls, plain.tls) == (True, False)
    assert plain.redirects_to_https
    root, own, variable = secure.routes
    assert [(one.host, one.port) for one in root.upstreams] == [("web", 8000), ("web2", 8001)]
    assert root.headers == frozenset(("x-forwarded-proto",))
    assert own.headers == frozenset(("host",)), "an inner block replaces all headers of the outer one"
    assert own.upstreams[0].port is None
    assert variable.upstreams == ()


def test_includes() -> None:
    text = "http { include sites/*.conf; include sites/a.conf; }"
    found = only(text, **{"sites/a.conf": "server { listen 80; server_name x; }"})
    assert [site.names for site in found.sites] == [("x",)]
    assert found.is_open


def test_templates_are_left_alone() -> None:
    tree = harness.tree_of({"nginx.conf": "server { listen {{ port }}; }"})
    assert list(proxy.assemble(tree)) == []
    assert [note.id for note in tree.notifications] == ["PRE011"]


@pytest.mark.parametrize(
    "text",
    ["a " * 200_000 + ";", "a;" * 200_000, "'" + "x" * 1_000_000, "# " + "x" * 1_000_000,
     "{" * 100_000, "\\" * 200_000],
)  # fmt: skip
def test_hostile_text_ends(text: str) -> None:
    assert list(proxy.assemble(harness.tree_of({"nginx.conf": text}))) is not None
