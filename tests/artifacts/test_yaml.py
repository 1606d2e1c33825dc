"""YAML: places, scalar types, merges, and what people and attackers write."""

from __future__ import annotations

import time
from typing import Any

import pytest
import yaml as pyyaml

from flask_preflight import limits
from flask_preflight.artifacts import yaml_loader
from flask_preflight.artifacts.yaml import Map, Seq, Tagged, documents, overlay, yaml11
from flask_preflight.run import Notes


def load(text: str) -> Any:
    """The only document of a text that can be read."""
    notes = Notes()
    found, complete = documents("a.yaml", text, notes)
    assert complete
    assert not notes.notifications, notes.notifications
    return found[0] if len(found) == 1 else found


def fault(text: str) -> tuple[list[Any], str, str, int, int]:
    """The documents that were kept, and the one note: id, text, line, column."""
    notes = Notes()
    found, complete = documents("a.yaml", text, notes)
    assert not complete
    (note,) = notes.notifications
    assert note.location is not None
    region = note.location.region
    return found, note.id, str(note.message), region.start_line, region.start_column


@pytest.fixture(params=["C", "Python"], autouse=True)
def base(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every test runs on libyaml and on the parser in Python, which some systems only have."""
    if request.param == "Python":
        for name in ("_Loader", "_Redefining"):
            methods = dict(vars(getattr(yaml_loader, name)))
            methods = {key: value for key, value in methods.items() if key not in _OWN}
            made = type(name, (pyyaml.SafeLoader,), methods)
            monkeypatch.setattr(yaml_loader, name, made)
    return str(request.param)


_OWN = ("__dict__", "__weakref__", "__init__")


# Scalars


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("Null", None),
        ("NULL", None),
        ("nUll", "nUll"),
        ("true", True),
        ("True", True),
        ("TRUE", True),
        ("false", False),
        ("tRue", "tRue"),
        ("yes", "yes"),
        ("No", "No"),
        ("on", "on"),
        ("OFF", "OFF"),
        ("y", "y"),
        ("0", 0),
        ("12", 12),
        ("-3", -3),
        ("+3", 3),
        ("0644", "0644"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("0b1", "0b1"),
        ("1_000", "1_000"),
        ("22:22", "22:22"),
        ("1:30", "1:30"),
        ("8080:80", "8080:80"),
        ("1.5", 1.5),
        ("3.10", 3.1),
        (".5", 0.5),
        ("1.", 1.0),
        ("1e3", 1000.0),
        (".inf", ".inf"),
        ("1.2.3", "1.2.3"),
        ("2020-01-01", "2020-01-01"),
        ("=", "="),
        ('"12"', "12"),
        ("'true'", "true"),
        ("|\n  12\n", "12\n"),
        (">-\n  a\n  b\n", "a b"),
        ("!!str 12", "12"),
        ("!!int 12", "12"),
        ("!!timestamp foo", "foo"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_scalars(text: str, value: object) -> None:
    found = load(f"a: {text}")["a"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "value"),
    [("y", True), ("No", False), ("off", False), ("0644", 420), ("web", None), ("1_000", None)],
)
def test_what_older_readers_make_of_text(text: str, value: object) -> None:
    assert yaml11(text) == value


def test_text_is_as_it_was_written() -> None:
    found = load("{a: 3.10, b: 0644, c: null, d: [1e3], e: {f: yes}, on: x, NO: off, 1: one}")
    assert (found.text("a"), found.text("b"), found.text("c")) == ("3.10", "0644", "")
    assert (found.text("d", 0), found.text("d"), found.text("e", "f")) == ("1e3", "", "yes")
    assert [*found][5:] == ["on", "NO", "1"]
    assert (found.text(1), found.dig(1)) == ("one", "one")


# Keys, tags, aliases


def test_repeated_keys_are_kept_as_places() -> None:
    found = load("a: 1\nb: 2\na: 3\n<<: {a: 4}\n")
    assert dict(found) == {"a": 3, "b": 2}
    assert [(key, node.start_line) for key, node in found.duplicates] == [("a", 3)]


def test_merge_keys() -> None:
    found = load(
        "one: &one {a: 1, b: 1}\ntwo: &two {b: 2, c: 2}\n"
        "both: {<<: [*one, *two], c: 3}\nquoted: {'<<': *one}\nnumber: {<<: 5, a: 1}\n"
    )
    assert dict(found["both"]) == {"c": 3, "a": 1, "b": 1}
    assert found.at("both", "a").region.start_line == 1
    assert found.at("both", "c").region.start_line == 3
    assert dict(found["quoted"]) == {"<<": {"a": 1, "b": 1}}
    assert dict(found["number"]) == {"a": 1}


def test_keys_that_are_no_text_are_left_out() -> None:
    assert load("? [a]\n: 1\nb: 2\n") == {"b": 2}
    assert load("a: {{ foo }}") == {"a": {}}


def test_tags_build_nothing() -> None:
    found = load("a: !Ref web\nb: !vault |\n  x\nc: !reset null\nd: !Sub [x]\ne: !!python/none x\n")
    assert [type(found[key]) for key in "abc"] == [Tagged] * 3
    assert [found["a"] == "web", found["a"] != "web"] == [False, True]
    assert (found["a"].tag, found.text("a")) == ("!Ref", "web")
    assert (found["d"], found.written("d").tag) == (["x"], "!Sub")
    assert found["e"] == "x"


def test_an_alias_is_the_same_object_at_the_anchor() -> None:
    found = load("a: &x {b: 1}\nc: *x\n")
    assert found["a"] is found["c"]
    assert found.value_at("c").region.start_line == 1


def test_an_anchor_may_be_defined_again() -> None:
    found = load("a: &x 1\nb: *x\nc: &x {d: [2, e]}\nf: *x\ng: &y\n  - h\n")
    assert found == {"a": 1, "b": 1, "c": {"d": [2, "e"]}, "f": {"d": [2, "e"]}, "g": ["h"]}
    assert found.at("c", "d", 1).region[:2] == (3, 15)
    assert [dict(one) for one in load("a: &x 1\nb: &x 2\n---\nc: 3\n")] == [
        {"a": 1, "b": 2},
        {"c": 3},
    ]


def test_a_cycle_is_a_cycle() -> None:
    found = load("&a [*a, 1]")
    assert found[0] is found
    found = load("&a {b: *a}")
    assert found["b"] is found


# Places


def test_places_count_code_points_and_real_lines() -> None:
    found = load("# 🐍\r\na:\r\n  '🐍': {ü: x, b: y}\r\n  c: z\r\n")
    assert found.at("a", "🐍", "b").region == (3, 15, 3, 16)
    assert found.value_at("a", "🐍", "b").region == (3, 18, 3, 19)
    assert found.at("a", "c").region == (4, 3, 4, 4)


def test_other_breaks_are_none() -> None:
    found = load("a: 'x\u2028y'\nb: 'x\u0085y'\nc: 1\n")
    assert found.at("c").region.start_line == 3


def test_where_blocks_end() -> None:
    text = (
        "a:\n  b: 1\n\n# about c\nc:\n  - x\n  - |\n    text\n\n   # less\n# after\nd: >-\n"
        "    # text\n    fold\n\n\ne: {f: 1}  # end\ng:\n# nothing\nh: &i\n  j: k\nl: *i\n"
    )
    found = load(text)
    ends = {key: found.value_at(key).region[2:] for key in found}
    assert ends == {
        "a": (2, 7),
        "c": (8, 9),
        "d": (14, 9),
        "e": (17, 10),
        "g": (18, 3),
        "h": (21, 7),
        "l": (21, 7),
    }
    assert found.dig("d") == "# text fold"
    assert found.value_at("c", 1).region == (7, 5, 8, 9)


def test_lines_of_a_literal_follow_its_start() -> None:
    text = "a:\n  b: |2-  # chomped\n\n     one\n    two\n\n  c: 1\n"
    found = load(text)
    node = found["a"].written("b")
    assert node.style == "|"
    lines = found["a"]["b"].split("\n")
    source = text.split("\n")
    assert [source[node.start_line + i].strip() for i in range(len(lines))] == [
        line.strip() for line in lines
    ]


def test_the_deepest_that_exists() -> None:
    found = load("a:\n  - name: web\n    env: null\n")
    assert found.at().region.start_line == 1
    assert found.at("x", "y").region[:2] == (1, 1)
    assert found.at("a", 0).region[:2] == (2, 5)
    assert found.at("a", 0, "env", "b", 3).region[:2] == (3, 5)
    assert found.at("a", 7, "env").region[:2] == (1, 1)
    assert found.dig("a", 0, "name", "x", 1) is None
    assert found.dig("a", "0") is None
    assert found.map("a").at("x").region[:2] == (1, 1)
    assert [*found.maps("a")] == [{"name": "web", "env": None}]
    assert found.items_of("a", 0) == []


def test_overlay_remembers_files() -> None:
    notes = Notes()
    (base,), _ = documents("base.yaml", "a: {b: 1, c: 2}\nd: [1]\n", notes)
    (top,), _ = documents("top.yaml", "\na: {c: 3}\nd: [2]\n", notes)
    merged = overlay(base, top)
    assert merged == {"a": {"b": 1, "c": 3}, "d": [2]}
    assert merged.at("a", "b").path == "base.yaml"
    assert merged.at("a", "c").path == merged.at("d").path == "top.yaml"
    assert base == {"a": {"b": 1, "c": 2}, "d": [1]}


# What cannot be read


def test_documents_before_a_fault_are_kept() -> None:
    found, *note = fault("a: 1\n---\n\n---\nb: 2\n---\nc: [\n")
    assert found == [{"a": 1}, {"b": 2}]
    assert (note[0], note[2] in (7, 8)) == ("PRE010", True)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a:\n\tb: 1\n", 2),
        ("a: @x\n", 1),
        ("a: `x`\n", 1),
        ("a: %x\n", 1),
        ("b: 1\ncmd: echo a: b\n", 2),
        ("b: 1\nschedule: */5 * * * *\n", 2),
        ("a: *unknown\n", 1),
        ("a: 'x\n", 2),
        ("a: [1\nb: 2\n", 2),
        ("%YAML 2.0\n---\na: 1\n", 1),
        ("a: 1\nb: \x07\n", 1),
        ("a: \x00\n", 1),
        ("a: \ud800\n", 1),
        (f"{'k' * 2000}: 1\n", 1),
        ("x: 1\n<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> other\n", 2),
    ],
)
def test_faults_have_their_line(text: str, line: int) -> None:
    _, code, message, at_line, column = fault(text)
    assert (code, at_line) == ("PRE010", line)
    assert column >= 1
    assert message.startswith("not parsed: ")
    assert "HEAD" not in text or "merge conflict" in message


@pytest.mark.parametrize(
    "text",
    ["{% set a = 1 %}\nb: 1\n", "a: 1\n  {%- if b %}\nc: [\n", "{{- if .Values.a }}\na: 1\n"],
)
def test_templates_are_left_alone(text: str) -> None:
    _, code, message, *_ = fault(text)
    assert (code, message) == ("PRE011", "not analysed: template, not rendered")


@pytest.mark.parametrize("text", ["a:\t1", "%YAML 1.2\n---\na: 1\n", "---\n---\na: 1\n...\n"])
def test_odd_but_right(text: str, base: str) -> None:
    if "\t" in text and base == "Python":
        pytest.skip("the parser in Python refuses this tab")
    assert load(text) == {"a": 1}


def test_json() -> None:
    notes = Notes()
    text = '{"a": "x\\/\\u0041",\n "b": ["\\ud83d\\uDE00", 1.0E+2, true], "c": null}'
    (found,), complete = documents("a.json", text, notes)
    assert complete
    assert found == {"a": "x/A", "b": ["\ufffd\ufffd", 100.0, True], "c": None}
    assert found.at("b", 1).region[:2] == (2, 24)


def test_nothing() -> None:
    assert load("") == load("# only\n") == load("---\n") == []


# Hostile input

DEEP = 120_000
HOSTILE = {
    "flow": "[" * DEEP,
    "block": "- " * DEEP,
    "maps": "{a: " * DEEP,
    "lines": "".join(f"{' ' * i}a:\n" for i in range(1_200)),
    "alias bomb": "a0: &a0 [x]\n"
    + "".join(f"a{i + 1}: &a{i + 1} [{','.join([f'*a{i}'] * 9)}]\n" for i in range(30)),
    "merge bomb": "a0: &a0 {x: 1}\n"
    + "".join(f"a{i + 1}: &a{i + 1} {{<<: [*a{i}, *a{i}]}}\n" for i in range(40)),
    "chain": "a0: &a0 [x]\n" + "".join(f"a{i + 1}: &a{i + 1} [*a{i}]\n" for i in range(20_000)),
    "anchors": "".join(f"- &a {i}\n" for i in range(60_000)),
    "directives": "%TAG !a! tag:x,2000:\n" * 40_000,
    "documents": "--- 1\n" * 100_000,
    "quotes": "a: '" + "''" * 400_000,
    "scalars": "- x\n" * 260_000,
    "comments": "a: |\n  x\n" + "# x\n" * 250_000,
    "spaces": "a:" + " " * 1_000_000 + "1",
    "one line": "a: " + "x" * 1_000_000,
    "questions": "? " * DEEP,
    "colons": ":\n" * 300_000,
    "percents": "%a\n\n" * 99 + "---\n" + "%\n\n" * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_gets_an_answer(name: str, base: str) -> None:
    text = HOSTILE[name][: 1024 * 1024]
    if base == "Python":
        text = text[: 64 * 1024]
    notes = Notes()
    start = time.process_time()
    found, complete = documents("a.yaml", text, notes)
    assert time.process_time() - start < 4
    assert complete == (not notes.notifications)
    assert isinstance(found, list)


@pytest.mark.parametrize("opening", ["[", "- ", "{a: "])
def test_depth(opening: str) -> None:
    assert "deeper" in fault(opening * 101)[2]
    notes = Notes()
    documents("a.yaml", opening * 99 + "x", notes)
    assert not any("deeper" in str(note.message) for note in notes.notifications)


def test_aliases_count_as_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_loader, "MAX_YAML_NODES", 50)
    notes = Notes()
    found, complete = documents("a.yaml", "a: &a {b: 1}\nc: [" + "*a," * 60 + "]", notes)
    assert (found, complete) == ([], False)
    assert [(note.id, note.level) for note in notes.notifications] == [("PRE011", "warning")]


def test_limits_are_said() -> None:
    notes = Notes()
    many = "--- 1\n" * (limits.MAX_YAML_DOCUMENTS + 1)
    assert documents("a.yaml", many, notes) == ([], False)
    assert [note.id for note in notes.notifications] == ["PRE011"]


def test_shared_values_are_built_once() -> None:
    found = load(HOSTILE["alias bomb"])
    assert (type(found), type(found["a30"])) == (Map, Seq)
    assert len({id(item) for item in found["a30"]}) == 1
