"""What stands before an application: labels that tell Traefik where to send requests."""

from __future__ import annotations

import pytest

from flask_preflight.facts import Entry
from harness import deployment_of, results_of

APP = {
    "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
    "Dockerfile": (
        'FROM python:3.13-slim\nCOPY . .\nCMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]\n'
    ),
}
LABELS = """services:
  web:
    build: .
    labels:
      - traefik.enable=true
      - traefik.http.routers.web.rule=Host(`shop.example.org`)
      - traefik.http.routers.web.tls.certresolver=le
      - traefik.http.services.web.loadbalancer.server.port=8000
  traefik:
    image: traefik:3
    ports: ["443:443"]
"""


def web(compose: str) -> Entry:
    entries = deployment_of({**APP, "compose.yaml": compose}).entries
    return next(entry for entry in entries if entry.title == "web")


def test_labels_of_traefik() -> None:
    found = web(LABELS)
    assert [(hop.name, hop.port, hop.tls) for hop in found.fronts] == [("traefik", 8000, True)]
    assert found.edge == "https"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("traefik.enable=true", "traefik.enable=false", []),
        ("      - traefik.http.routers.web.tls.certresolver=le\n", "", [("traefik", 8000, None)]),
        (
            "loadbalancer.server.port=8000",
            "loadbalancer.passhostheader=1",
            [("traefik", None, True)],
        ),
        ("    labels:\n", "    expose: [8000]\n    labels:\n", [("traefik", 8000, True)]),
    ],
)
def test_other_labels(old: str, new: str, expected: list[tuple[str, int | None, bool]]) -> None:
    found = web(LABELS.replace(old, new))
    assert [(hop.name, hop.port, hop.tls) for hop in found.fronts] == expected


def test_labels_that_name_a_port_that_nobody_listens_on() -> None:
    files = {**APP, "compose.yaml": LABELS}
    assert not results_of(files, "DEP022")
    wrong = {**files, "compose.yaml": LABELS.replace("port=8000", "port=5000")}
    (result,) = results_of(wrong, "DEP022")
    assert result.location.path == "compose.yaml"


def test_an_application_does_not_read_the_files_of_proxies() -> None:
    files = {
        **APP,
        "nginx.conf": "server { listen 80; location / { proxy_pass http://web:8000; } }\n",
    }
    compose = "services:\n  web:\n    build: .\n"
    found = deployment_of({**files, "compose.yaml": compose}).entries
    assert [entry.title for entry in found if entry.proxies] == []
