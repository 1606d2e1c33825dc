"""Small whole repositories: clean ones have no result, stories say exactly what they should.

`pytest tests/test_fixtures.py --update` writes `expected.txt` anew.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from flask_preflight.cli import flask_command

FIXTURES = Path(__file__).parent.parent / "fixtures"
NAMES = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())
CLEAN = [name for name in NAMES if name.endswith("-clean")]
STORIES = [name for name in NAMES if not name.endswith("-clean")]


def said(place: Path) -> str:
    """The concise output, with paths relative to the fixture."""
    result = CliRunner().invoke(flask_command, ["--format", "concise", "--exit-zero", str(place)])
    assert result.exit_code == 0, result.output
    lines = [line for line in result.stdout.split("\n") if line]
    return "".join(line.replace(f"{place}/", "") + "\n" for line in sorted(lines))


def test_there_are_enough() -> None:
    assert len(CLEAN) >= 5
    assert len(STORIES) >= 8


@pytest.mark.parametrize("name", CLEAN)
def test_clean(name: str) -> None:
    assert said(FIXTURES / name) == ""


@pytest.mark.parametrize("name", STORIES)
def test_story(name: str, request: pytest.FixtureRequest) -> None:
    expected = FIXTURES / name / "expected.txt"
    found = said(FIXTURES / name)
    if request.config.getoption("--update"):
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_the_same_elsewhere(name: str, tmp_path: Path) -> None:
    copy = tmp_path / "tests" / "examples" / name
    shutil.copytree(FIXTURES / name, copy)
    assert said(copy) == said(FIXTURES / name)


@pytest.mark.parametrize("name", CLEAN)
def test_clean_ones_are_linked(name: str) -> None:
    """A clean result is worth something only where everything was understood."""
    result = CliRunner().invoke(flask_command, ["map", str(FIXTURES / name)])
    assert result.exit_code == 0, result.output
    assert "all routes known" in result.stdout
    assert "could not be" not in result.stdout
