"""What is said of an image depends on its role and on what those that run it replace."""

from __future__ import annotations

import pytest

from harness import results_of

ROOT = "FROM python:3.13-slim\nCMD gunicorn -b :8000 app:app\n"
POD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      containers: [{{name: web, image: acme/shop, {0}}}]
"""
BUILD = {"build.sh": "docker build -t acme/shop ."}


def levels(rule: str, files: dict[str, str], dockerfile: str = ROOT) -> list[str | None]:
    found = results_of({"Dockerfile": dockerfile, "requirements.txt": "flask==3\n", **files}, rule)
    return [result.level for result in found]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, "warning"),
        ({"compose.yaml": "services:\n  web:\n    build: .\n"}, "warning"),
        ({"compose.yaml": 'services:\n  web:\n    build: .\n    user: "1000:1000"\n'}, "note"),
        ({"compose.yaml": "services:\n  web:\n    build: .\n    user: root\n"}, "warning"),
        (
            {
                "compose.yaml": (
                    "services:\n  web:\n    build: .\n    user: '1000'\n  job:\n    build: .\n"
                )
            },
            "warning",
        ),
        ({"compose.dev.yaml": "services:\n  web:\n    build: .\n    user: '1000'\n"}, "warning"),
        ({**BUILD, "k8s.yaml": POD.format("securityContext: {runAsUser: 1000}")}, "note"),
        ({**BUILD, "k8s.yaml": POD.format("securityContext: {runAsUser: 0}")}, "warning"),
        ({**BUILD, "k8s.yaml": POD.format("ports: []")}, "warning"),
    ],
)
def test_who_sets_the_user(files: dict[str, str], expected: str) -> None:
    assert levels("DKR101", files) == [expected]


def test_a_written_root_is_milder_where_a_user_is_set() -> None:
    text = "FROM python:3.13-slim\nUSER root\n"
    assert levels("DKR102", {}, text) == ["error"]
    compose = 'services:\n  web:\n    build: .\n    user: "1000"\n'
    assert levels("DKR102", {"compose.yaml": compose}, text) == ["note"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, "warning"),
        ({"compose.yaml": "services:\n  web:\n    build: .\n"}, "warning"),
        ({"compose.yaml": "services:\n  web:\n    build: .\n    command: [a]\n"}, "note"),
        ({"compose.dev.yaml": "services:\n  web:\n    build: .\n    command: [a]\n"}, "warning"),
        ({**BUILD, "k8s.yaml": POD.format("args: [a]")}, "note"),
    ],
)
def test_who_replaces_the_command(files: dict[str, str], expected: str) -> None:
    assert levels("DKR405", files) == [expected]


def test_who_replaces_a_variable() -> None:
    text = "FROM python:3.13-slim\nENV FLASK_DEBUG=1\n"
    assert levels("DKR403", {}, text) == ["error"]
    compose = "services:\n  web:\n    build: .\n    environment: {FLASK_DEBUG: '0'}\n"
    assert levels("DKR403", {"compose.yaml": compose}, text) == []


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, ["note"]),
        ({"compose.yaml": "services:\n  web:\n    build: .\n"}, []),
        ({"compose.dev.yaml": "services:\n  web:\n    build: .\n"}, ["note"]),
        ({**BUILD, "k8s.yaml": POD.format("ports: []")}, []),
        ({"fly.toml": "[build]\ndockerfile = 'Dockerfile'\n"}, []),
    ],
)
def test_who_asks_whether_it_lives(files: dict[str, str], expected: list[str]) -> None:
    assert levels("DKR412", files) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("ENV SECRET_KEY=esly", ["error"]),
        ("ENV SECRET_KEY=change-me", ["error"]),
        ("ENV DB_PASSWORD=postgres", ["warning"]),
        ("ENV DB_PASSWORD=kd83jfnw92", ["error"]),
        ("ENV DATABASE_URL=postgresql://shop:shop1234x@db/shop", ["error"]),
        ("ENV DATABASE_URL=postgresql://postgres:postgres@db/shop", ["warning"]),
        ("ARG DB_PASSWORD=kd83jfnw92", ["error"]),
        ("ARG DB_PASSWORD=postgres", []),
        ("ARG DB_PASSWORD=postgres\nRUN flask seed $DB_PASSWORD", ["warning"]),
        ("ARG T_TOKEN\nENV T_TOKEN=${T_TOKEN}", ["error"]),
        ("ENV OTHER=x T_TOKEN=${OTHER}", []),
    ],
)
def test_secrets(lines: str, expected: list[str]) -> None:
    assert levels("DKR301", {}, f"FROM python:3.13-slim\n{lines}\n") == expected


def test_images_for_development_are_left_alone() -> None:
    text = "FROM python:3.13-slim AS base\nFROM base AS dev\nCMD flask run\nFROM base\nUSER 1\n"
    compose = "services:\n  web:\n    build: {context: ., target: dev}\n"
    for rule in ("DKR101", "DKR401", "DKR405", "DKR412"):
        assert levels(rule, {"compose.dev.yaml": compose}, text) == []
