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
        ("a {" * 80, 1, "nested"),
        ("server {\n  location ~ ^/\\d{1,9}$ {\n  }\n}\n", 2, "in quotes"),
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
    assert own.headers == frozenset(("host",)), "an inner block replaces all of them"
    assert own.upstreams[0].port is None
    assert variable.upstreams == ()


def test_includes() -> None:
    site = "server { listen 80; server_name %s; }"
    files = {
        "nginx/nginx.conf": "http { include mime.types; include /etc/nginx/conf.d/*.conf; }",
        "nginx/conf.d/b.conf": site % "b",
        "nginx/conf.d/a.conf": site % "a" + "include snippets/own.conf;",
        "nginx/conf.d/notes.txt": "server { listen 81; }",
        "nginx/snippets/own.conf": site % "c",
    }
    found = next(
        one for one in proxy.assemble(harness.tree_of(files)) if one.path == "nginx/nginx.conf"
    )
    assert [site.names for site in found.sites] == [("a",), ("c",), ("b",)]
    assert not found.is_open
    assert found.sites[0].location.path == "nginx/conf.d/a.conf"


@pytest.mark.parametrize(
    ("text", "is_open", "tls"),
    [
        ("include /etc/nginx/conf.d/*.conf; server { listen 80; }", True, False),
        ("server { listen 80; include ssl.conf; }", False, None),
        ("server { listen 80; include uwsgi_params; include proxy_params; }", False, False),
        ("include /etc/nginx/modules-enabled/*.conf; server { listen 80; }", False, False),
        ("server { listen 80; include /etc/letsencrypt/options-ssl-nginx.conf; }", False, False),
        ("server { listen 80; location / { include missing.conf; } }", False, False),
        ("server { listen [::]:443 ssl http2; }", False, True),
        ("server { listen 443 quic; }", False, True),
        ("server { ssl on; }", False, True),
        ("{% if tls %}server { listen 443 ssl; }{% endif %} server { listen 80; }", True, True),
    ],
)
def test_what_may_be_elsewhere(text: str, is_open: bool, tls: bool | None) -> None:
    found = only(text)
    assert (found.is_open, found.sites[0].tls) == (is_open, tls)


def test_files_that_include_each_other() -> None:
    files = {"b.conf": "include nginx.conf; server { listen 81; }"}
    assert len(only("include b.conf; server { listen 80; }", **files).sites) == 2


@pytest.mark.parametrize(
    ("listen", "expected", "local"),
    [
        ("listen 80;", [("", 80)], False),
        ("listen *:81;", [("", 81)], False),
        ("listen 80 default_server; listen [::]:80;", [("", 80), ("[::]", 80)], False),
        ("listen 127.0.0.1:8080;", [("127.0.0.1", 8080)], True),
        ("listen 127.0.0.1;", [("127.0.0.1", 80)], True),
        ("listen localhost:1; listen [::1]:1;", [("localhost", 1), ("[::1]", 1)], True),
        ("listen unix:/run/x.sock;", [], True),
        ("listen unix:/run/x.sock; listen 80;", [("", 80)], False),
        ("", [("", 80)], False),
        ("listen {{ port }};", [], False),
    ],
)
def test_addresses(listen: str, expected: list[tuple[str, int]], local: bool) -> None:
    (site,) = only(f"server {{ {listen} server_name {{{{ name }}}}; }}").sites
    assert [(one.host, one.port) for one in site.listens] == expected
    assert site.is_local is local


@pytest.mark.parametrize(
    ("server", "headers"),
    [
        ("proxy_set_header A 1; location / { proxy_pass http://x; }", {"a"}),
        ("proxy_set_header A 1; location / { proxy_set_header B 1; proxy_pass http://x; }", {"b"}),
        ("proxy_set_header A 1; location / { if ($x) { proxy_pass http://x; } }", {"a"}),
        ("proxy_set_header A 1; location / { location /b { proxy_pass http://x; } }", {"a"}),
        ("location / { proxy_pass http://x; }", set()),
        (
            "location / { include proxy_params; proxy_pass http://x; }",
            {"host", "x-real-ip", "x-forwarded-for", "x-forwarded-proto"},
        ),
        ("location / { include snippets/headers.conf; proxy_pass http://x; }", None),
    ],
)
def test_headers(server: str, headers: set[str] | None) -> None:
    (site,) = only(f"server {{ {server} }}").sites
    (route,) = site.routes
    assert route.headers == headers


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("proxy_pass http://web:8000", [("web", 8000, "http")]),
        ("proxy_pass http://web", [("web", 80, "http")]),
        ("proxy_pass https://web/path", [("web", 443, "https")]),
        ("proxy_pass http://[::1]:8000", [("[::1]", 8000, "http")]),
        ("proxy_pass http://unix:/run/app.sock:/v1/", [("unix:/run/app.sock", None, "http")]),
        ("uwsgi_pass unix:///run/app.sock", [("unix:/run/app.sock", None, "uwsgi")]),
        ("uwsgi_pass web:9000", [("web", 9000, "uwsgi")]),
        ("grpc_pass grpc://web:50051", [("web", 50051, "grpc")]),
        ("proxy_pass http://$backend", []),
        ("proxy_pass http://web:8000/$1", [("web", 8000, "http")]),
    ],
)
def test_targets(target: str, expected: list[tuple[str, int | None, str]]) -> None:
    (site,) = only(f"server {{ location / {{ {target}; }} }}").sites
    found = [(one.host, one.port, one.scheme) for one in site.routes[0].upstreams]
    assert found == expected


@pytest.mark.parametrize(
    ("target", "given", "expected"),
    [
        ("http://$APP_ADDR", {"APP_ADDR": "web:9091"}, [("web", 9091)]),
        ("http://${APP_HOST}:${APP_PORT}/", {"APP_HOST": "web", "APP_PORT": "5"}, [("web", 5)]),
        ("http://$APP_ADDR", {}, []),
        ("http://$backend", {"backend": "web"}, []),
        ("http://web:1", {}, [("web", 1)]),
    ],
)
def test_variables_of_templates(
    target: str, given: dict[str, str], expected: list[tuple[str, int]]
) -> None:
    (site,) = only(f"server {{ location / {{ proxy_pass {target}; }} }}").sites
    found = site.routes[0].reaches(given.get)
    assert [(one.host, one.port) for one in found] == expected


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        ("return 301 https://$host$request_uri;", True),
        ("location / { return 308 https://$host$request_uri; }", True),
        ("location ^~ /.well-known/ { root /x; } location / { return 301 https://$host; }", True),
        ("if ($host = a.example.org) { return 301 https://$host$request_uri; } return 404;", True),
        ("if ($scheme = http) { return 301 https://$host$request_uri; }", True),
        ("rewrite ^ https://$host$request_uri? permanent;", True),
        ("location /old { return 301 https://elsewhere.example.org; }", False),
        ("return 301 http://$host$request_uri;", False),
    ],
)
def test_redirects(server: str, expected: bool) -> None:
    (site,) = only(f"server {{ listen 80; {server} }}").sites
    assert site.redirects_to_https is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("server { real_ip_header X-Forwarded-For; }", True),
        ("http { set_real_ip_from 10.0.0.0/8; server { listen 80; } }", True),
        ("map $http_x_forwarded_proto $p { default $scheme; } server { listen 80; }", True),
        ("server { location / { proxy_set_header X-P $http_x_forwarded_proto; } }", True),
        ("server { listen 80 proxy_protocol; }", True),
        ("log_format x '$http_x_forwarded_for'; server { listen 80; }", False),
        ("server { listen 80; }", False),
    ],
)
def test_other_proxies_in_front(text: str, expected: bool) -> None:
    assert only(text).sites[0].behind_another is expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rewrite ^/(.*)$ /x?${1} last;", ("rewrite", "^/(.*)$", "/x?${1}", "last")),
        ('map_hash x"y z;', ("map_hash", 'x"y', "z")),
        ("a b#c;", ("a", "b#c")),
        ("a ${b}c{d};", None),
        ("a 'b\\'c' \"d\\\"e\";", ("a", "b'c", 'd"e')),
        ("if ($a = 'x') { }", ("if", "($a", "=", "x", ")")),
        ('location ~ "^/\\d{1,9}$" { }', ("location", "~", "^/\\d{1,9}$")),
        ("log_format a\n  'one'\n  'two';", ("log_format", "a", "one", "two")),
        ("a b}c;", ("a", "b}c")),
        ("a \u00fc;", ("a", "\u00fc")),
    ],
)
def test_words(text: str, words: tuple[str, ...] | None) -> None:
    if words is None:
        with pytest.raises(Fault):
            parse("a", text)
    else:
        assert parse("a", text)[0].words == words


@pytest.mark.parametrize(
    "body",
    [
        'ngx.say("}")',
        "ngx.say('{')",
        "local t = {a = {}}",
        "-- a brace }\n",
        "local s = [[ } ]]",
        "local s = [==[ ]] } ]==]",
        "--[[ } \n } ]] ngx.exit(1)",
        'local s = "\\"}"',
    ],
)
def test_lua_is_skipped(body: str) -> None:
    (server,) = parse("a", f"server {{ content_by_lua_block {{ {body} }} listen 80; }}")
    assert [one.name for one in server.block or ()] == ["content_by_lua_block", "listen"]


def test_templates() -> None:
    text = "server {\n  server_name {{ name }};\n  listen {{ port }} ssl;\n}\n"
    (site,) = only(text).sites
    assert site.tls
    assert site.location.region.start_line == 1
    tree = harness.tree_of({"nginx.conf.j2": "{% for s in sites %}server {{% endfor %}"})
    assert list(proxy.assemble(tree)) == []
    assert [note.id for note in tree.notifications] == ["PRE011"]


@pytest.mark.parametrize(
    ("path", "text", "product"),
    [
        ("Caddyfile", "example.org {\n  reverse_proxy web:8000\n}\n", "caddy"),
        ("traefik.yml", "entryPoints:\n  web:\n    address: ':80'\n", "traefik"),
        ("dynamic.yml", "http:\n  routers:\n    a: {}\n", "traefik"),
        ("haproxy.cfg", "frontend x\n  bind :80\n", "haproxy"),
        ("apache2/site.conf", "<VirtualHost *:80>\nWSGIScriptAlias / /x.wsgi\n", "apache"),
        ("sites-enabled/shop", "server {\n  listen 80;\n  server_name x;\n}\n", "nginx"),
        ("shop.conf.j2", "[program:web]\ncommand=gunicorn app:app\n", ""),
        ("conf.d/php.conf", "; nothing\nupload = 1\n", ""),
    ],
)
def test_products(path: str, text: str, product: str) -> None:
    tree = harness.tree_of({path: text})
    found = [one.product for one in proxy.assemble(tree)]
    assert found == ([product] if product else [])
    assert tree.notifications == []


@pytest.mark.parametrize(
    "text",
    ["a " * 200_000 + ";", "a;" * 200_000, "'" + "x" * 1_000_000, "# " + "x" * 1_000_000,
     "{" * 100_000, "\\" * 200_000, "a{" * 500_000, "${" * 500_000, "a ${" * 250_000 + ";",
     "location / {" * 60 + "proxy_pass http://$a;" * 40_000, '"' * 1_000_000, "{{" * 500_000,
     "{% x %}" * 140_000, "x_by_lua_block {" + '\\"' * 500_000, "x_by_lua_block {" + "[[" * 500_000,
     "server{}" * 125_000, "server { include nginx.conf; }" * 30_000, "}" * 1_000_000,
     "server { " + "location /a { proxy_pass http://a; } " * 25_000 + "}"],
)  # fmt: skip
def test_hostile_text_ends(text: str) -> None:
    assert list(proxy.assemble(harness.tree_of({"nginx.conf": text}))) is not None
