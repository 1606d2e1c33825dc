"""Environment files as dotenv and Compose read them."""

from __future__ import annotations

import pytest

import harness
from flask_preflight.artifacts.env import EnvFile, assemble, flask_debug, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A=1\n", [("A", "1")]),
        ("A=1", [("A", "1")]),
        ("export A=1", [("A", "1")]),
        ("  A = 1  \n", [("A", "1")]),
        ("A: 1\n", [("A", "1")]),
        ("A=\nB=2", [("A", ""), ("B", "2")]),
        ("A\nB=2", [("A", None), ("B", "2")]),
        ("A=a b # remark", [("A", "a b")]),
        ("A=a#b", [("A", "a#b")]),
        ("A= # remark", [("A", "")]),
        ("A='a # b' # remark", [("A", "a # b")]),
        ('A="a \\"b\\" \\n c"', [("A", 'a "b" \n c')]),
        ("A='a\\nb'", [("A", "a\\nb")]),
        ('A="one\ntwo"\nB=2', [("A", "one\ntwo"), ("B", "2")]),
        ("A=it's\nB='x'", [("A", "it's"), ("B", "x")]),
        ("A='it\nB='x'", [("A", "'it"), ("B", "x")]),
        ("A=1\r\nB=2\r\n", [("A", "1"), ("B", "2")]),
        ("A\r\nB=2\r\n", [("A", None), ("B", "2")]),
        ("# A=1\n\n;B=2\nnot an assignment\nC=3", [("C", "3")]),
        ("A=x\nB=${A}y", [("A", "x"), ("B", "xy")]),
        ("B=${A}y", [("B", None)]),
        ("B='${A}'", [("B", "${A}")]),
        ("B=pa$$word", [("B", "pa$$word")]),
        ("A=1\nA=2", [("A", "1"), ("A", "2")]),
        ("A.B-c=1", [("A.B-c", "1")]),
        ("A=\u2028b\x0cc\nB=2", [("A", "\u2028b\x0cc"), ("B", "2")]),
        ("URL=http://x", [("URL", "http://x")]),
        ("", []),
    ],
)
def test_values(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(v.name, v.value) for v in parse(".env", text)] == expected


def test_defaults_are_marked() -> None:
    (variable,) = parse(".env", "A=http://${HOST:-localhost}/x")
    assert (variable.value, variable.default) == ("http://localhost/x", True)


def test_places() -> None:
    one, two, three = parse("x.env", '# c\n export A=1 # d\nB="1\n2"\r\nC=3')
    assert one.location.region == (2, 9, 2, 12)
    assert two.location.region == (3, 1, 4, 3)
    assert three.location.region == (5, 1, 5, 4)


@pytest.mark.parametrize(
    "text",
    [
        'A="' * 300_000,
        "A='\n" * 200_000,
        "A=" + "${" * 400_000,
        "A=" + "x" * 50_000 + "\n" + "B=${A}\n" * 100_000,
        "=" * 1_000_000,
        " " * 1_000_000,
        "A=1 " + "#" * 500_000 + " #" * 200_000,
        'A="' + '\\"' * 300_000,
        'A="\\"\n' * 100_000,
    ],
)
def test_hostile_input_ends(text: str) -> None:
    parse(".env", text)


@pytest.mark.parametrize(
    ("value", "on"),
    [("1", True), ("off", True), ("disabled", True), (" 0", True), ("", False), ("False", False)],
)
def test_debug_as_flask_reads_it(value: str, on: bool) -> None:
    assert flask_debug(value) is on


def test_files() -> None:
    tree = harness.tree_of(
        {
            ".env": "A=1\nA=2\n",
            ".flaskenv": "FLASK_DEBUG=1\n",
            ".env.example": "A=\n",
            "deploy/prod.env": "B=ENC[AES256_GCM,data:x]\n",
            "env.py": "A=1\n",
        }
    )
    files = {file.path: file for file in assemble(tree) if isinstance(file, EnvFile)}
    assert {path: file.role for path, file in files.items()} == {
        ".env": "production",
        ".flaskenv": "development",
        ".env.example": "template",
        "deploy/prod.env": "production",
    }
    assert files["deploy/prod.env"].encrypted
    assert files[".env"].at("A").region.start_line == 2
    assert files[".env"].at("Z").region == (1, 1, 0, 0)
