"""Merging of Compose files and services, as the specification and its implementation do it."""

from __future__ import annotations

import pytest

from flask_preflight.artifacts.compose_merge import merge, merge_services, settled
from flask_preflight.artifacts.yaml import Map, documents
from flask_preflight.run import Notes


def parsed(text: str, path: str = "compose.yaml") -> Map:
    found = documents(path, text, Notes())[0][0]
    assert isinstance(found, Map)
    return found


@pytest.mark.parametrize(
    ("base", "top", "expected"),
    [
        ("image: a", "image: b", {"image": "b"}),
        ("image: a", "image:", {"image": "a"}),
        ("command: x", "command: [y, z]", {"command": ["y", "z"]}),
        ("entrypoint: [a, b]", "entrypoint: []", {"entrypoint": []}),
        ("environment: {A: 1}", "environment: [B=2]", {"environment": {"A": 1, "B": "2"}}),
        ("environment: [A=1]", "environment: [A]", {"environment": {"A": None}}),
        ("environment: [A=1]", "environment: {A: }", {"environment": {"A": None}}),
        ("labels: [a=1]", "labels: {a: 2}", {"labels": {"a": 2}}),
        ("build: ./web", "build: {target: x}", {"build": {"context": "./web", "target": "x"}}),
        ("build: {context: a, target: x}", "build: b", {"build": {"context": "b", "target": "x"}}),
        (
            "build: {context: ., args: [A=1]}",
            "build: {args: {B: 2}}",
            {"build": {"context": ".", "args": {"A": "1", "B": 2}}},
        ),
        ("ports: ['80:80']", "ports: ['80:80']", {"ports": ["80:80"]}),
        ("ports: ['80:80']", "ports: ['80:80/tcp']", {"ports": ["80:80/tcp"]}),
        ("ports: ['80:80']", "ports: ['127.0.0.1:80:80']", {"ports": ["80:80", "127.0.0.1:80:80"]}),
        (
            "ports: ['80:81']",
            "ports: [{target: 81, published: 80}]",
            {"ports": [{"target": 81, "published": 80}]},
        ),
        ("volumes: ['one:/x']", "volumes: ['two:/x/']", {"volumes": ["two:/x/"]}),
        (
            "volumes: ['one:/x', 'two:/y']",
            "volumes: [{type: tmpfs, target: /x}]",
            {"volumes": ["two:/y", {"type": "tmpfs", "target": "/x"}]},
        ),
        (
            "secrets: [a]",
            "secrets: [{source: a, mode: 1}]",
            {"secrets": [{"source": "a", "mode": 1}]},
        ),
        ("cap_add: [A, B]", "cap_add: [B, C]", {"cap_add": ["A", "B", "C"]}),
        ("dns: a", "dns: [b]", {"dns": ["a", "b"]}),
        ("env_file: a.env", "env_file: b.env", {"env_file": ["a.env", "b.env"]}),
        ("tmpfs: /a", "tmpfs: /b", {"tmpfs": ["/a", "/b"]}),
        (
            "depends_on: [db]",
            "depends_on: {db: {condition: service_healthy}, cache: }",
            {"depends_on": {"db": {"condition": "service_healthy"}, "cache": None}},
        ),
        ("networks: [a]", "networks: [b]", {"networks": {"a": None, "b": None}}),
        (
            "networks: {a: {aliases: [x]}}",
            "networks: [a]",
            {"networks": {"a": {"aliases": ["x"]}}},
        ),
        (
            "healthcheck: {test: [CMD, a], interval: 1s}",
            "healthcheck: {test: [CMD, b]}",
            {"healthcheck": {"test": ["CMD", "b"], "interval": "1s"}},
        ),
        (
            "logging: {driver: json-file, options: {max-size: 1m}}",
            "logging: {driver: local}",
            {"logging": {"driver": "local"}},
        ),
        (
            "logging: {driver: json-file, options: {a: 1}}",
            "logging: {options: {b: 2}}",
            {"logging": {"driver": "json-file", "options": {"a": 1, "b": 2}}},
        ),
        ("deploy: {replicas: 1}", "deploy: {mode: x}", {"deploy": {"replicas": 1, "mode": "x"}}),
        ("ports: ['80:80']", "ports: !reset null", {}),
        ("restart: always\nimage: x", "restart: !reset null", {"image": "x"}),
        ("environment: {A: 1, B: 2}", "environment: {A: !reset null}", {"environment": {"B": 2}}),
        ("environment: {A: 1}", "environment: !override {B: 2}", {"environment": {"B": 2}}),
        ("volumes: ['one:/x']", "volumes: !override ['two:/y']", {"volumes": ["two:/y"]}),
        ("x-a: {b: 1}", "x-a: {c: 2}", {"x-a": {"b": 1, "c": 2}}),
    ],
)
def test_services(base: str, top: str, expected: dict[str, object]) -> None:
    assert merge_services(parsed(base), parsed(top)) == expected


def test_files() -> None:
    base = "services:\n  web: {image: a, ports: ['1:1']}\n  db: {image: d}\nvolumes: {v: }\n"
    top = "services:\n  web: {ports: ['2:2']}\n  new: {image: n}\nvolumes: {w: {external: true}}\n"
    merged = merge(parsed(base, "base.yaml"), parsed(top, "top.yaml"))
    assert merged["services"] == {
        "web": {"image": "a", "ports": ["1:1", "2:2"]},
        "db": {"image": "d"},
        "new": {"image": "n"},
    }
    assert merged["volumes"] == {"v": None, "w": {"external": True}}


def test_a_service_may_be_called_like_a_key() -> None:
    text = "services:\n  command: {image: a, environment: {build: x}}\n"
    merged = merge(parsed(text), parsed(text.replace("x", "y")))
    assert merged["services"] == {"command": {"image": "a", "environment": {"build": "y"}}}


def test_places_of_merged_values() -> None:
    base = "services:\n  web:\n    image: a\n    environment:\n      - A=1\n    ports: ['1:1']\n"
    top = "services:\n  web:\n    environment: {B: 2}\n    ports: ['2:2']\n"
    web = merge(parsed(base, "b.yaml"), parsed(top, "t.yaml")).map("services", "web")
    places = {
        ("image",): ("b.yaml", 3),
        ("environment", "A"): ("b.yaml", 5),
        ("environment", "B"): ("t.yaml", 3),
        ("ports", 0): ("b.yaml", 6),
        ("ports", 1): ("t.yaml", 4),
    }
    for keys, expected in places.items():
        where = web.at(*keys)
        assert (where.path, where.region.start_line) == expected, keys


def test_resets_without_a_base() -> None:
    text = "services:\n  web: {image: a, ports: !reset null, deploy: {replicas: !reset null}}\n"
    found = settled(parsed(text))
    assert found["services"] == {"web": {"image": "a", "deploy": {}}}


def test_what_needs_no_change_stays_the_same_object() -> None:
    spec = parsed("a: &x {b: 1}\nc: *x\nd: &y [*y]\n")
    assert settled(spec) is spec


@pytest.mark.parametrize(
    ("base", "top"),
    [
        ("build: 1", "build: {context: .}"),
        ("environment: x", "environment: [A=1]"),
        ("ports: x", "ports: ['80:80']"),
        ("networks: x", "networks: {a: }"),
        ("depends_on: 1", "depends_on: [a]"),
        ("healthcheck: x", "healthcheck: {test: x}"),
        ("logging: []", "logging: {driver: x}"),
        ("services: []", "services: {a: }"),
        ("volumes: [null, 1, [], {}]", "volumes: [null, {}]"),
        ("ports: [null, 1, [], {}]", "ports: [null, {}]"),
        ("build: {args: x}", "build: {args: [A]}"),
    ],
)
def test_strange_shapes_get_an_answer(base: str, top: str) -> None:
    assert merge_services(parsed(base), parsed(top))
    assert merge(parsed(base), parsed(top))
