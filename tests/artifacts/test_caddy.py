"""Caddyfiles: their grammar, what they forward, and what clients see."""

from __future__ import annotations

from contextlib import suppress

import pytest

from flask_preflight.artifacts import proxy
from flask_preflight.artifacts.caddy import parse
from flask_preflight.artifacts.directives import Fault
from flask_preflight.artifacts.proxy import Proxy, Site
from flask_preflight.facts import Deployment
from harness import deployment_of, results_of, tree_of

APP = {
    "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
    "Dockerfile": (
        'FROM python:3.13-slim\nCOPY . .\nCMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]\n'
    ),
}
COMPOSE = """services:
  web:
    build: .
  proxy:
    image: caddy:2
    ports: ["80:80", "443:443"]
    volumes: ["./Caddyfile:/etc/caddy/Caddyfile:ro"]
"""


def site(text: str) -> Site:
    deployment = deployment_of({**APP, "compose.yaml": COMPOSE, "Caddyfile": text})
    (found,) = deployment[Proxy]
    return found.sites[-1]


def linked(text: str) -> Deployment:
    return deployment_of({**APP, "compose.yaml": COMPOSE, "Caddyfile": text})


@pytest.mark.parametrize(
    ("text", "tls", "names"),
    [
        ("shop.example.org {\n  reverse_proxy web:8000\n}\n", True, ("shop.example.org",)),
        ("http://shop.example.org {\n  reverse_proxy web:8000\n}\n", False, ("shop.example.org",)),
        (":80 {\n  reverse_proxy web:8000\n}\n", False, ()),
        (":443 {\n  tls /cert /key\n  reverse_proxy web:8000\n}\n", True, ()),
        ("{$DOMAIN} {\n  reverse_proxy web:8000\n}\n", None, ()),
        ("{$DOMAIN:localhost} {\n  reverse_proxy web:8000\n}\n", True, ("localhost",)),
        ("{\n  email a@example.org\n}\nshop.example.org\n\nreverse_proxy web:8000\n", True, None),
        ("a.example.org, b.example.org {\n  reverse_proxy web:8000\n}\n", True, None),
    ],
)
def test_addresses(text: str, tls: bool | None, names: tuple[str, ...] | None) -> None:
    found = site(text)
    assert found.tls is tls
    assert names is None or found.names == names
    assert [(one.host, one.port) for r in found.routes for one in r.upstreams] == [("web", 8000)]


def test_groups_snippets_and_matchers() -> None:
    found = site(
        """(app) {
    reverse_proxy {$BACKEND:web:8000} {
        header_up Host {upstream_hostport}
        header_up -X-Forwarded-For
    }
}
shop.example.org {
    # a comment
    handle /api/* {
        reverse_proxy "web:8000"
    }
    handle {
        import app
    }
    reverse_proxy @socket unix//run/app.sock
}
"""
    )
    paths = [(route.path, route.match) for route in found.routes]
    assert paths == [("/api/", "prefix"), ("/", "prefix"), ("@socket", "regex")]
    headers = found.routes[1].headers
    assert headers is not None
    assert not {"host", "x-forwarded-for"} & headers
    assert found.routes[2].upstreams[0].host == "unix:/run/app.sock"


def test_lines_have_their_place() -> None:
    lines = parse("Caddyfile", "a {\n  b `c\nd` \\\n    e\n  f {\n    g\n  }\n}\n")
    assert [line.words for line in lines] == [("a",)]
    assert [(line.words, line.location.region.start_line) for line in lines[0].block or ()] == [
        (("b", "c\nd", "e"), 2),
        (("f",), 5),
    ]


@pytest.mark.parametrize("text", ["}", "a {", "{" * 100, '"', "a { b\n}", "`\n", "\\\n" * 9])
def test_anything_gets_an_answer(text: str) -> None:
    with suppress(Fault):
        assert parse("Caddyfile", text) is not None


def test_caddy_is_a_hop_with_https() -> None:
    deployment = linked("shop.example.org {\n  reverse_proxy web:8000\n}\n")
    (web,) = (entry for entry in deployment.entries if entry.title == "web")
    assert [(hop.kind, hop.name, hop.port, hop.tls) for hop in web.fronts] == [
        ("proxy", "caddy", 8000, True)
    ]
    assert web.edge == "https"


def test_a_port_that_nobody_listens_on() -> None:
    files = {
        **APP,
        "compose.yaml": COMPOSE,
        "Caddyfile": "a.example.org {\n  reverse_proxy web:5000\n}\n",
    }
    (result,) = results_of(files, "DEP022")
    assert (result.location.path, result.location.region.start_line) == ("Caddyfile", 2)
    assert not results_of(
        {**files, "Caddyfile": files["Caddyfile"].replace("5000", "8000")}, "DEP022"
    )


@pytest.mark.parametrize("rule", ["NGX101", "NGX102", "NGX103", "NGX405", "NGX403", "NGX007"])
def test_what_caddy_does_by_itself(rule: str) -> None:
    text = "a.example.org {\n  reverse_proxy web:8000\n}\n"
    assert not results_of({**APP, "compose.yaml": COMPOSE, "Caddyfile": text}, rule)


def only(text: str, **files: str) -> Proxy:
    found = list(proxy.assemble(tree_of({"Caddyfile": text, **files})))
    return next(one for one in found if one.path == "Caddyfile")


@pytest.mark.parametrize(
    ("text", "tls", "clear", "redirects"),
    [
        ("http://a.example.org, https://a.example.org {\n}\n", True, [80], False),
        ("a.example.org:8443 {\n}\n", True, [], True),
        ("{\n  http_port 8080\n}\n:8080 {\n}\n", False, [8080], False),
        ("{\n  auto_https off\n}\na.example.org {\n}\n", None, [], False),
        ("{\n  auto_https disable_redirects\n}\na.example.org {\n}\n", True, [], False),
        (":8080 {\n  import unknown\n}\n", None, [], False),
        ("http://a.example.org {\n  redir https://{host}{uri}\n}\n", False, [80], True),
        ("{$SITE::80} {\n}\n", None, [], False),
    ],
)
def test_tls(text: str, tls: bool | None, clear: list[int], redirects: bool) -> None:
    (found,) = only(text).sites
    assert (found.tls, [one.port for one in found.clear]) == (tls, clear)
    assert found.redirects_to_https is redirects


def test_imports() -> None:
    text = "import sites/*.caddy\n(to) {\n  reverse_proxy {args[0]}:8000\n}\n"
    inner = "a.example.org {\n  import to web\n  import missing\n}\n"
    found = only(text, **{"sites/a.caddy": inner, "sites/b.caddy": "b.example.org {\n}\n"})
    assert [one.names for one in found.sites] == [("a.example.org",), ("b.example.org",)]
    (route,) = found.sites[0].routes
    assert [one.host for one in route.upstreams] == ["web"]
    assert route.rewritten, "what could not be read may change the path"
    assert not found.is_open
    assert only("import /elsewhere/*\n").is_open


def test_imports_with_a_block() -> None:
    text = """(site) {
  https://{args[0]} {
    {block}
  }
}
import site a.example.org {
  reverse_proxy web:80 web:8001-8009
}
"""
    (found,) = only(text).sites
    assert (found.names, found.tls) == (("a.example.org",), True)
    assert [(one.host, one.port) for one in found.routes[0].upstreams] == [("web", 80)]


def test_imports_that_never_end() -> None:
    text = "(a) {\n" + "  import a\n" * 50 + "}\na.example.org {\n  import a\n}\n"
    assert len(only(text).sites) == 1
    assert only("import Caddyfile\n").sites == []


def test_sites_in_a_variable() -> None:
    text = "{\n  {$OPTIONS}\n}\n{$MORE}\n{$NAME:localhost} {\n  reverse_proxy web:80\n}\n"
    assert only(text).is_open
    (found,) = only(text).sites
    assert found.names == ("localhost",)
    (found,) = only("{$NAME}\nreverse_proxy web:80 {\n}\n").sites
    assert len(found.routes) == 1


def test_snippets_are_no_sites() -> None:
    assert only("header {\n  X-Frame-Options DENY\n}\nencode gzip\n").sites == []


def test_paths() -> None:
    (found,) = only(
        """a.example.org {
    @api path /api/*
    @post method POST
    handle_path /old/* {
        reverse_proxy old:80
        handle /x* {
            reverse_proxy x:80
        }
    }
    reverse_proxy @api web:80
    reverse_proxy @post web:80
    reverse_proxy /{$BUCKET}/* web:80
    reverse_proxy /exact {
        to a:80 :81
    }
    respond /here <<TEXT
        } {
        TEXT 200
}
"""
    ).sites
    assert [(one.path, one.match, one.rewritten) for one in found.routes] == [
        ("/old/", "prefix", True),
        ("/old/", "regex", True),
        ("/api/", "prefix", False),
        ("@post", "regex", False),
        ("/{$BUCKET}/*", "regex", False),
        ("/exact", "exact", False),
    ]
    assert [(one.host, one.port) for one in found.routes[-1].upstreams] == [
        ("a", 80),
        ("localhost", 81),
    ]


def test_what_caddy_refuses() -> None:
    (result,) = results_of({"Caddyfile": "a.example.org {\n  encode gzip\n"}, "PRE010")
    assert result.location.region.start_line == 3
    assert not results_of({"Caddyfile": "{{ name }} {\n{% if x %}\n  a {\n"}, "PRE010")


@pytest.mark.parametrize(("group", "expected"), [("handle", 1), ("handle_path", 0)])
def test_a_prefix_that_the_application_does_not_serve(group: str, expected: int) -> None:
    app = APP["app.py"] + '\n\n@app.get("/items")\ndef items():\n    return ""\n'
    text = f"a.example.org {{\n  {group} /api/* {{\n    reverse_proxy web:8000\n  }}\n}}\n"
    files = {**APP, "app.py": app, "compose.yaml": COMPOSE, "Caddyfile": text}
    assert len(results_of(files, "DEP032")) == expected


def test_clear_text() -> None:
    files = {**APP, "compose.yaml": COMPOSE, "Caddyfile": ":80 {\n  reverse_proxy web:8000\n}\n"}
    (result,) = results_of(files, "NGX001")
    assert (result.location.path, result.location.region.start_line) == ("Caddyfile", 1)
