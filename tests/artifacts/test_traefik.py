"""Traefik and HAProxy: what their files, commands and labels say."""

from __future__ import annotations

import time

import pytest

from flask_preflight.artifacts import haproxy, proxy, traefik
from flask_preflight.artifacts.proxy import Proxy
from harness import deployment_of, results_of, tree_of

COMPOSE = """services:
  traefik:
    image: traefik:v3.5
    command: --api.insecure --entryPoints.web.address=:80 --providers.docker.exposedByDefault=false
    ports: ["80:80"]
    labels:
      traefik.enable: "true"
      traefik.http.routers.Board.service: api@internal
      traefik.http.routers.Board.rule: Host(`a.example.org`)
      traefik.http.routers.Board.middlewares: all@docker
      traefik.http.middlewares.all.chain.middlewares: ask, plain
  web:
    image: example/web:1
    labels:
      - traefik.enable=true
      - traefik.http.middlewares.ask.basicauth.users=me:$$2y$$05$$x
      - traefik.http.middlewares.plain.headers.framedeny=true
  hidden:
    image: example/hidden:1
    labels: [traefik.http.routers.x.service=api@internal]
"""


def of(files: dict[str, str]) -> Proxy:
    return deployment_of(files)[Proxy][-1]


def told(found: Proxy) -> dict[str, str]:
    return {one.name: one.text for one in found.settings}


def test_commands_and_labels() -> None:
    found = of({"compose.yaml": COMPOSE})
    assert told(found)["api.insecure"] == ""
    assert told(found)["entrypoints.web.address"] == ":80"
    (board,) = traefik.routers(found)
    assert (board.name, board.service, board.ports) == ("board", "api@internal", (80,))
    assert board.middlewares == frozenset(("chain", "basicauth", "headers"))
    assert board.location.region.start_line == 8


def test_middlewares_that_are_defined_elsewhere() -> None:
    (board,) = traefik.routers(of({"compose.yaml": COMPOSE.replace("ask, plain", "ask, sso")}))
    assert board.middlewares is None
    loop = COMPOSE.replace("ask, plain", "all")
    (board,) = traefik.routers(of({"compose.yaml": loop}))
    assert board.middlewares is None


def test_a_file_makes_it_ignore_the_command() -> None:
    mounted = COMPOSE.replace("ports:", "volumes: [./t.yml:/etc/traefik/traefik.yml]\n    ports:")
    assert "api.insecure" not in told(of({"compose.yaml": mounted}))


def test_version_1_is_another_language() -> None:
    assert not deployment_of({"compose.yaml": COMPOSE.replace("v3.5", "v1.7-alpine")})[Proxy]


STATIC = {
    "traefik.yml": "api: {}\nentryPoints:\n  web:\n    address: :8000\n"
    "http:\n  routers:\n    b:\n      service: api@internal\n      middlewares: [x, y]\n",
    "traefik.toml": '[api]\n[entryPoints.web]\naddress = ":8000"\n'
    '[http.routers.b]\nservice = "api@internal"\nmiddlewares = ["x", "y"]\n',
}


@pytest.mark.parametrize("path", STATIC)
def test_files(path: str) -> None:
    (found,) = proxy.assemble(tree_of({path: STATIC[path]}))
    assert told(found) == {
        "api": "",
        "entrypoints.web.address": ":8000",
        "http.routers.b.service": "api@internal",
        "http.routers.b.middlewares": "x y",
    }
    (line,) = (one.location.region.start_line for one in found.given("http.routers.b.service"))
    assert line == STATIC[path][: STATIC[path].index("api@internal")].count("\n") + 1


def test_manifests_and_projects_are_read_by_others() -> None:
    for text in ("apiVersion: v1\napi: {insecure: true}\n", "services: {}\napi: {}\n"):
        (found,) = proxy.assemble(tree_of({"traefik.yml": text}))
        assert found.settings == []


def test_templates_are_left_alone() -> None:
    text = 'http:\n  routers:\n    b:\n      rule: {{ env "RULE" }}\n'
    assert list(proxy.assemble(tree_of({"traefik.yml": text}))) == []


def test_a_file_and_the_service_that_reads_it() -> None:
    compose = """services:
  traefik:
    image: traefik:v3.5
    ports: ["80:80"]
    volumes: [./traefik.yml:/etc/traefik/traefik.yml]
    labels:
      - traefik.http.routers.b.service=api@internal
      - traefik.http.routers.b.rule=Host(`a.example.org`)
"""
    files = {
        "compose.yaml": compose,
        "traefik.yml": 'api: {}\nentryPoints: {web: {address: ":80"}}',
    }
    (result,) = results_of(files, "NGX307")
    assert (result.location.path, result.location.region.start_line) == ("compose.yaml", 7)
    asked = compose + "      - traefik.http.routers.b.middlewares=a@file\n"
    assert not results_of({**files, "compose.yaml": asked}, "NGX307")


def test_sections_of_haproxy() -> None:
    text = (
        "# a comment\nglobal\n  stats socket /x # y\n\nlisten a\n"
        '  bind :80\n  acl b path "/a b" \\\n   c\\ d\n'
    )
    sections = haproxy.parse("haproxy.cfg", text)
    assert sections is not None
    assert [one.words for one in sections] == [("global",), ("listen", "a")]
    lines = [one.words for one in sections[1].block or ()]
    assert lines == [("bind", ":80"), ("acl", "b", "path", "/a b", "c\\ d")]


@pytest.mark.parametrize("text", ['"' * 100_000, "\\" * 100_000, "listen\n" * 20_000, "a " * 99])
def test_anything_gets_an_answer_soon(text: str) -> None:
    before = time.perf_counter()
    haproxy.parse("haproxy.cfg", text)
    assert time.perf_counter() - before < 2
