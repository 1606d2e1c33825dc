"""Compose and stack files: what is started together, in which role, and with what."""

from __future__ import annotations

import pytest

import harness
from flask_preflight.artifacts import compose
from flask_preflight.artifacts.compose import Project, Service
from flask_preflight.artifacts.compose_forms import on_all_interfaces, size
from flask_preflight.artifacts.compose_merge import merge_services
from flask_preflight.artifacts.yaml import Map, documents
from flask_preflight.run import Notes


def projects(files: dict[str, str]) -> list[Project]:
    return [one for one in compose.assemble(harness.tree_of(files)) if isinstance(one, Project)]


def service(spec: str, **files: str) -> Service:
    (found,) = projects({"compose.yaml": f"services:\n  web:\n{spec}\n", **files})
    return found.services["web"]


def parsed(text: str) -> Map:
    found = documents("compose.yaml", text, Notes())[0][0]
    assert isinstance(found, Map)
    return found


@pytest.mark.parametrize(
    ("path", "text", "role", "kind"),
    [
        ("compose.yaml", "    image: x", "production", "compose"),
        ("compose.dev.yaml", "    image: x", "development", "compose"),
        ("docker-compose.override.yml", "    image: x", "development", "compose"),
        ("compose.test.yaml", "    image: x", "test", "compose"),
        ("examples/compose.yaml", "    image: x", "example", "compose"),
        ("docker-stack.yml", "    image: x", "production", "swarm"),
        ("compose.yaml", "    image: x\n    deploy: {mode: global}", "production", "swarm"),
        ("compose.yaml", "    image: x\n    deploy: {replicas: 2}", "production", "compose"),
        ("compose.yaml", "    build: {context: ., target: dev}", "development", "compose"),
        ("compose.yaml", "    build: .\n    command: flask run --debug", "development", "compose"),
        ("compose.yaml", "    build: .\n    ports: ['5678:5678']", "development", "compose"),
        (
            "compose.yaml",
            "    build: .\n    volumes: ['.:/app']\n    environment: {FLASK_DEBUG: 1}",
            "development",
            "compose",
        ),
        ("compose.yaml", "    build: .\n    volumes: ['.:/app']", "production", "compose"),
        (
            "compose.yaml",
            "    build: .\n    profiles: [dev]\n    command: flask run",
            "production",
            "compose",
        ),
    ],
)
def test_roles(path: str, text: str, role: str, kind: str) -> None:
    (found,) = projects({path: f"services:\n  web:\n{text}\n"})
    assert (found.role, found.kind) == (role, kind), found.why


def test_first_comment_tells_the_role() -> None:
    text = "# For local development only\nservices:\n  web: {image: x}\n"
    assert projects({"compose.yaml": text})[0].role == "development"


def test_production_file_over_its_base() -> None:
    files = {
        "compose.yaml": "services:\n  web:\n    build: .\n    ports: ['80:80']\n",
        "compose.prod.yaml": "services:\n  web:\n    restart: always\n    ports: ['443:443']\n",
    }
    (found,) = projects(files)
    web = found.services["web"]
    assert found.paths == ("compose.yaml", "compose.prod.yaml")
    assert [port.number for port in web.ports] == [80, 443]
    assert web.at("restart").path == "compose.prod.yaml"
    assert web.at("build").path == "compose.yaml"


def test_fragments_are_told() -> None:
    files = {"extra.compose.yaml": "services:\n  web:\n    image: x\n    depends_on: [db]\n"}
    assert projects(files)[0].fragment


@pytest.mark.parametrize(
    ("base", "top", "expected"),
    [
        ("a: 1", "b: 2", {"a": 1, "b": 2}),
        ("command: [a]", "command: [b]", {"command": ["b"]}),
        ("dns: [a]", "dns: [b]", {"dns": ["a", "b"]}),
        ("environment: [A=1, B=2]", "environment: {B: 3}", {"environment": {"A": "1", "B": 3}}),
        ("volumes: ['old:/x']", "volumes: ['new:/x']", {"volumes": ["new:/x"]}),
        ("ports: ['80:80']", "ports: ['81:80']", {"ports": ["80:80", "81:80"]}),
        ("ports: ['80:80']", "ports: !override ['81:80']", {"ports": ["81:80"]}),
        ("ports: ['80:80']", "ports: !reset []", {}),
    ],
)
def test_merge(base: str, top: str, expected: dict[str, object]) -> None:
    assert merge_services(parsed(base), parsed(top)) == expected


def test_extends_in_another_file() -> None:
    files = {
        "compose.yaml": "services:\n  web:\n    user: x\n"
        "    extends: {file: base.yml, service: app}\n",
        "base.yml": "services:\n  app:\n    image: shop\n",
    }
    web = next(p for p in projects(files) if "web" in p.services).services["web"]
    assert (web.image, web.spec.text("user")) == ("shop", "x")


def test_extending_itself_ends() -> None:
    assert service("    image: x\n    extends: web").image == "x"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ports: ['8000:80']", [("8000", 80)]),
        ("ports: ['127.0.0.1:8000:80']", [("127.0.0.1:8000", 80)]),
        ("ports: ['[::1]:8000:80']", [("[::1]:8000", 80)]),
        ("ports: [80]", [("", 80)]),
        ("ports: ['80/udp']", []),
        ("ports: ['8000-8001:80-81']", [("8000-8001", 80), ("8000-8001", 81)]),
        ("ports: [{target: 80, published: 8000, host_ip: 127.0.0.1}]", [("127.0.0.1:8000", 80)]),
        ("ports: ['${PORT}:80']", [("${PORT}", 80)]),
        ("ports: ['${PORT:-8000}:80']", [("8000", 80)]),
    ],
)
def test_ports(text: str, expected: list[tuple[str, int]]) -> None:
    found = service(f"    image: x\n    {text}").ports
    assert [(port.published, port.number) for port in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("8000:80", True), ("127.0.0.1:8000:80", False), ("[::1]:8000:80", False), ("80", True),
     ("0.0.0.0:8000:80", True), ("localhost:8000:80", False)],
)  # fmt: skip
def test_interfaces(text: str, expected: bool) -> None:
    (port,) = service(f"    image: x\n    ports: ['{text}']").ports
    assert on_all_interfaces(port) is expected


@pytest.mark.parametrize(
    ("text", "kind", "path", "read_only"),
    [
        ("volumes: ['data:/d']", "named", "/d", False),
        ("volumes: ['./data:/d:ro']", "bind", "/d", True),
        ("volumes: ['/d']", "anonymous", "/d", False),
        ("volumes: [{type: bind, source: ., target: /d, read_only: true}]", "bind", "/d", True),
        ("tmpfs: /d", "tmpfs", "/d", False),
        ("secrets: [key]", "secret", "/run/secrets/key", True),
    ],
)
def test_mounts(text: str, kind: str, path: str, read_only: bool) -> None:
    (found,) = service(f"    image: x\n    {text}").mounts
    assert (found.kind, found.path, found.read_only) == (kind, path, read_only)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("command: gunicorn -b :80 'a b'", ("gunicorn", "-b", ":80", "a b")),
        ("command: [gunicorn, -b, ':80']", ("gunicorn", "-b", ":80")),
        ("command: []", ()),
        ("tty: true", None),
        ("command: echo $$HOME", ("echo", "$HOME")),
    ],
)
def test_commands(text: str, expected: tuple[str, ...] | None) -> None:
    assert service(f"    image: x\n    {text}").command == expected


def test_places_of_words() -> None:
    web = service("    image: x\n    command: gunicorn -b :80 app:app")
    region = web.word_at("command", 3).region
    assert (region.start_line, region.start_column, region.end_column) == (4, 30, 37)


@pytest.mark.parametrize(
    ("text", "name", "value", "closed"),
    [
        ("environment: {A: 1}", "A", "1", True),
        ("environment: {A: true}", "A", "true", True),
        ("environment: [A=x=y]", "A", "x=y", True),
        ("environment: [A]", "A", None, True),
        ("environment: {A: }", "A", None, True),
        ("environment: {A: '${B}'}", "A", None, True),
        ("environment: {A: '${B:-c}'}", "A", "c", True),
        ("env_file: there.env", "A", "file", True),
        ("env_file: [there.env]\n    environment: {A: own}", "A", "own", True),
        ("env_file: [{path: missing.env, required: false}]", "A", "sample", False),
        ("env_file: missing.env", "A", None, False),
    ],
)
def test_environments(text: str, name: str, value: str | None, closed: bool) -> None:
    files = {"there.env": "A=file\n", "missing.env.example": "A=sample\n"}
    found = service(f"    image: x\n    {text}", **files).environment
    given = found.get(name)
    assert found.closed is closed
    assert given is not None
    if closed:
        assert given.value == value


@pytest.mark.parametrize(
    ("test", "port", "path"),
    [
        ("[CMD, curl, -f, 'http://localhost:8000/up']", 8000, "/up"),
        ("curl -f http://localhost:8000/up || exit 1", 8000, "/up"),
        ("[CMD-SHELL, 'wget -q --spider http://127.0.0.1/']", 80, "/"),
        ("[CMD, pg_isready]", None, None),
        ("curl localhost:$$PORT/up", None, "/up"),
    ],
)
def test_health_checks(test: str, port: int | None, path: str | None) -> None:
    (probe,) = service(f"    image: x\n    healthcheck:\n      test: {test}").probes
    assert (probe.port, probe.path, probe.host) == (port, path, "")


@pytest.mark.parametrize("text", ["{disable: true}", "{test: [NONE]}"])
def test_health_checks_that_are_off(text: str) -> None:
    assert service(f"    image: x\n    healthcheck: {text}").probes == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("512m", 512 * 1024**2), ("1g", 1024**3), ("100", 100), ("0", None), ("x", None),
     ("1.5gb", int(1.5 * 1024**3)), ("64MiB", 64 * 1024**2)],
)  # fmt: skip
def test_sizes(text: str, expected: int | None) -> None:
    assert size(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "services: 1\n",
        "services:\n  web: []\n",
        "services:\n  web:\n    build: []\n    ports: {}\n    environment: 5\n    command: {}\n",
        "services:\n  web:\n    image: [x]\n    healthcheck: x\n    deploy: []\n    volumes: x\n",
        "x: &a\n  image: x\n  <<: *a\nservices:\n  web: *a\n",
        "services:\n  web:\n    image: x\n    ports: [null, {}, [], '::', 'a:b:c:d']\n",
    ],
)
def test_strange_files_get_an_answer(text: str) -> None:
    for project in projects({"compose.yaml": text}):
        for one in project.services.values():
            for name in ("ports", "mounts", "probes", "networks", "names", "replicas", "role"):
                assert getattr(one, name) is not None
            for name in ("command", "entrypoint", "memory", "cpu", "grace", "one_shot"):
                getattr(one, name)
