"""Fixes are applied whole or not at all, and files keep their bytes but for them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from flask_preflight.cli import flask_command
from flask_preflight.fix import mend
from flask_preflight.result import Fix, Location, Message, Region, Replacement, Result

SAID = Message("said")
TEXT = "one\ntwo\nthree"


def result(*edits: tuple[str, Region, str], safe: bool = True) -> Result:
    replacements = tuple(Replacement(*edit) for edit in edits)
    return Result(Location("a"), SAID(), fix=Fix("mend", replacements, safe))


def texts(*results: Result, text: str = TEXT, unsafe: bool = False) -> dict[str, str]:
    return mend(results, {"a": text, "b": text}.get, unsafe=unsafe).texts


@pytest.mark.parametrize(
    ("region", "content", "expected"),
    [
        (Region(2, 1, 2, 4), "TWO", "one\nTWO\nthree"),
        (Region(2, 1, 3, 1), "", "one\nthree"),
        (Region(3, 6, 3, 6), "!", "one\ntwo\nthree!"),
        (Region(3, 1, 4, 1), "", "one\ntwo\n"),
        (Region(1, 1), "zero\n", "zero\none\ntwo\nthree"),
        (Region(1, 4, 2, 1), " ", "one two\nthree"),
    ],
)
def test_one(region: Region, content: str, expected: str) -> None:
    assert texts(result(("a", region, content))) == {"a": expected}


@pytest.mark.parametrize(
    "region", [Region(9, 1, 9, 2), Region(1, 9, 1, 10), Region(0, 1), Region(2, 3, 2, 1)]
)
def test_outside_of_the_text(region: Region) -> None:
    assert texts(result(("a", region, "x"))) == {}


def test_what_overlaps_waits() -> None:
    first = result(("a", Region(1, 1, 2, 2), "x"))
    second = result(("a", Region(2, 1, 2, 4), "y"))
    third = result(("a", Region(3, 1, 3, 6), "z"))
    assert texts(first, second, third) == {"a": "xwo\nz"}


def test_the_same_fix_twice_is_one() -> None:
    one = result(("a", Region(1, 1, 1, 4), "x"))
    found = mend([one, one], {"a": TEXT}.get)
    assert found.texts == {"a": "x\ntwo\nthree"}
    assert len(found.taken) == 2


def test_unsafe_ones_and_those_of_two_files_only_when_asked_for() -> None:
    unsafe = result(("a", Region(1, 1, 1, 4), "x"), safe=False)
    both = result(("a", Region(2, 1, 2, 4), "y"), ("b", Region(1, 1, 1, 4), "y"))
    assert texts(unsafe, both) == {}
    assert texts(unsafe, both, unsafe=True) == {"a": "x\ny\nthree", "b": "y\ntwo\nthree"}


def test_whole_or_not_at_all() -> None:
    half = result(("a", Region(1, 1, 1, 4), "x"), ("a", Region(9, 1, 9, 2), "y"))
    assert texts(half) == {}


def test_line_ends_of_the_file() -> None:
    added = result(("a", Region(1, 1), "zero\n"))
    assert texts(added, text="one\r\ntwo\r\n") == {"a": "zero\r\none\r\ntwo\r\n"}


MANIFEST = (
    b"\xef\xbb\xbfapiVersion: policy/v1beta1\r\nkind: PodDisruptionBudget\r\n"
    b"metadata: {name: web}\r\n"
    b"spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}\r\n"
)


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "pdb.yaml"
    path.write_bytes(MANIFEST)
    path.chmod(0o640)
    (tmp_path / "flask-preflight.toml").touch()
    return path


def test_fix_keeps_every_other_byte(manifest: Path) -> None:
    found = CliRunner().invoke(flask_command, ["check", "--fix", str(manifest.parent)])
    assert found.exit_code == 0, found.output
    assert manifest.read_bytes() == MANIFEST.replace(b"v1beta1", b"v1")
    assert manifest.stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir(manifest.parent)) == ["flask-preflight.toml", "pdb.yaml"]
    assert "1 fixed in 1 file\n" in found.stderr


def test_diff_changes_nothing(manifest: Path) -> None:
    found = CliRunner().invoke(flask_command, ["check", "--diff", str(manifest.parent)])
    assert found.exit_code == 1
    assert b"-apiVersion: policy/v1beta1\r\n+apiVersion: policy/v1\r\n" in found.stdout_bytes
    assert manifest.read_bytes() == MANIFEST
    manifest.write_bytes(MANIFEST.replace(b"v1beta1", b"v1"))
    assert CliRunner().invoke(flask_command, ["check", "--diff", str(manifest.parent)]).stdout == ""


def test_a_fix_that_breaks_the_file_is_not_taken(
    manifest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flask_preflight_rules.kubernetes import removed_api_version

    edit = (Replacement("pdb.yaml", Region(1, 1, 1, 2), "{"),)
    monkeypatch.setattr(removed_api_version, "_fix", lambda *_: Fix("break", edit, safe=True))
    found = CliRunner().invoke(flask_command, ["check", "--fix", str(manifest.parent)])
    assert manifest.read_bytes() == MANIFEST
    assert "K8S001" in found.stdout
