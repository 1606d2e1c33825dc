"""Variables in Compose files, as its specification says."""

from __future__ import annotations

import pytest

from flask_preflight.artifacts.interpolation import interpolate

GIVEN = {"SET": "x", "EMPTY": ""}


@pytest.mark.parametrize(
    ("text", "expected", "missing", "default"),
    [
        ("plain", "plain", (), False),
        ("$SET", "x", (), False),
        ("${SET}/y", "x/y", (), False),
        ("$$SET", "$SET", (), False),
        ("${UNSET}", None, ("UNSET",), False),
        ("a${UNSET}b", None, ("UNSET",), False),
        ("${UNSET:-d}", "d", (), True),
        ("${UNSET-d}", "d", (), True),
        ("${EMPTY:-d}", "d", (), True),
        ("${EMPTY-d}", "", (), False),
        ("${SET:-d}", "x", (), False),
        ("${UNSET:?must}", None, ("UNSET",), False),
        ("${SET:?must}", "x", (), False),
        ("${SET:+y}", "y", (), False),
        ("${UNSET:+y}", "", (), True),
        ("${EMPTY:+y}", "", (), True),
        ("${EMPTY+y}", "y", (), False),
        ("${UNSET:-${SET}}", "x", (), True),
        ("${UNSET:-${OTHER:-d}}", "d", (), True),
        ("${UNSET:-127.0.0.1:8000}:${PORT:-8000}", "127.0.0.1:8000:8000", (), True),
        ("100$", "100$", (), False),
        ("${", "${", (), False),
        ("$1", "$1", (), False),
    ],
)
def test_interpolation(
    text: str, expected: str | None, missing: tuple[str, ...], default: bool
) -> None:
    assert interpolate(text, GIVEN.get) == (expected, missing, default)


@pytest.mark.parametrize("text", ["${A:-" * 5_000, "$" * 100_000, "${A}" * 20_000, "${A:-x" * 9])
def test_hostile_text_ends(text: str) -> None:
    assert interpolate(text, lambda name: None) is not None
