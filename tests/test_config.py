"""The configuration: where it lies, what it may say, and what is refused in which words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import line_rules
from flask_preflight import config, selection
from flask_preflight.config import ConfigError, Configuration, Settings, checked
from flask_preflight.result import Location, Result
from flask_preflight.rule import Rule


@pytest.fixture(autouse=True)
def _rules() -> Iterator[None]:
    with line_rules.installed():
        yield


def settings(table: dict[str, Any], **given: Any) -> Settings:
    values = checked(table, "x.toml")
    words = {key.replace("_", "-"): value for key, value in given.items()}
    return Settings(configuration=Configuration("x.toml", "", values), given=words)


def rule_of(id: str) -> Rule:
    found = selection.find(id)
    assert found is not None
    return found


def test_order_of_files(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.flask-preflight]\nfail-on = "note"\n')
    assert config.find(str(tmp_path)) == ("pyproject.toml", *_rest(tmp_path, "note"))
    (tmp_path / "flask-preflight.toml").write_text('fail-on = "warning"\n')
    assert config.find(str(tmp_path)) is not None
    (tmp_path / ".flask-preflight.toml").write_text('fail-on = "error"\n')
    found = config.find(str(tmp_path))
    assert found is not None
    assert (found.path, found.values) == (".flask-preflight.toml", {"fail-on": "error"})


def _rest(folder: Path, level: str) -> tuple[str, dict[str, str]]:
    return (folder / "pyproject.toml").read_text(), {"fail-on": level}


@pytest.mark.parametrize(
    "text",
    ["", "[project]\nname = 'x'\n", "nonsense = = [", "[tool]\nx = 1\n", "\x00\x01", "[tool"],
)
def test_projects_without_configuration(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    assert config.find(str(tmp_path)) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[tool.flask-preflight", "is not TOML"),
        ("[tool]\nflask-preflight = 3\n", "must be a table"),
        ("[tool.flask-preflight]\nfail-onn = 'note'\n", "fail-onn; did you mean fail-on?"),
        ("[tool.flask-preflight]\nci.actions-turst = []\n", "did you mean ci.actions-trust?"),
        ("[tool.flask-preflight]\nci = 3\n", "ci must be a table, not a number"),
        ("[tool.flask-preflight]\nfail-on = 3\n", "must be a string, not a number"),
        ("[tool.flask-preflight]\nfail-on = 'eror'\n", "did you mean error?"),
        ("[tool.flask-preflight]\nselect = 'SEC'\n", "a list of strings, not a string"),
        ("[tool.flask-preflight]\nselect = [1]\n", "must be a string, not a number"),
        ("[tool.flask-preflight]\nselect = ['line-has-flow']\n", "did you mean line-has-flaw?"),
        ("[tool.flask-preflight]\nselect = ['section:securty']\n", "section:security?"),
        ("[tool.flask-preflight]\nforce-exclude = 1\n", "true or false, not a number"),
        ("[tool.flask-preflight]\nrequire-reasons = 1979-05-27\n", "not a date or a time"),
        ("[tool.flask-preflight]\nseverity.SEC990 = 'bad'\n", "there are error, warning, note"),
        ("[tool.flask-preflight]\noptions.SEC990.wrod = 'x'\n", "did you mean word?"),
        ("[tool.flask-preflight]\noptions.SEC990.word = 3\n", "must be a string, not a number"),
        ("[tool.flask-preflight]\noptions.SEC990.limit = true\n", "a number, not true or false"),
        ("[tool.flask-preflight]\noptions.SEC.limit = 1\n", "SEC is not a single rule"),
        ("[tool.flask-preflight]\nplugins = ['x']\n", "would name code to run"),
        ("[tool.flask-preflight]\nenvironments.prod = ['x']\n", "there are production"),
        ("[tool.flask-preflight]\nx = " + "[" * 50_000, "is n"),
    ],
)
def test_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        config.find(str(tmp_path))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_files_that_cannot_be_configuration(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "outside.toml").write_text("fail-on = 'note'\n")
    (root / "flask-preflight.toml").symlink_to(tmp_path / "outside.toml")
    with pytest.raises(ConfigError, match="leads out of the project"):
        config.find(str(root))
    (root / ".flask-preflight.toml").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match="not UTF-8"):
        config.find(str(root))
    (root / ".flask-preflight.toml").write_bytes(b"#" * 1_048_577)
    with pytest.raises(ConfigError, match="larger than"):
        config.find(str(root))
    (root / ".flask-preflight.toml").unlink()
    os.mkfifo(root / ".flask-preflight.toml")
    with pytest.raises(ConfigError, match="not a file"):
        config.find(str(root))


@pytest.mark.parametrize(
    ("select", "ignore", "expected"),
    [
        (["DEFAULT"], [], {"SEC990", "SEC992"}),
        (["ALL"], [], {"SEC990", "SEC991", "SEC992"}),
        (["SEC99"], [], {"SEC990", "SEC991", "SEC992"}),
        (["SEC991"], [], {"SEC991"}),
        (["line-is-bare"], [], {"SEC991"}),
        (["section:security"], [], {"SEC990"}),
        (["SEC99"], ["SEC990"], {"SEC991", "SEC992"}),
        (["SEC990"], ["SEC99"], {"SEC990"}),
        (["SEC990"], ["SEC990"], set()),
        (["SEC990"], ["line-has-flaw"], set()),
        (["DEFAULT"], ["ALL"], set()),
        (["DEFAULT", "SEC991"], ["section:scaling"], {"SEC990", "SEC991", "SEC992"}),
    ],
)
def test_selection(select: list[str], ignore: list[str], expected: set[str]) -> None:
    chosen = settings({"select": select, "ignore": ignore})
    ids = ("SEC990", "SEC991", "SEC992")
    assert {id for id in ids if chosen.selected(rule_of(id))} == expected


def test_packages_that_need_not_be_imported() -> None:
    chosen = settings({"select": ["SEC990", "K8S"]})
    assert [chosen.may_select(p) for p in ("secrets", "kubernetes", "docker")] == [
        True,
        True,
        False,
    ]
    assert settings({"extend-select": ["SEC990"]}).may_select("docker")


def test_command_line_replaces_and_extends() -> None:
    table = {"select": ["SEC"], "extend-select": ["K8S"], "severity": {"SEC990": "note"}}
    chosen = settings(table, select=("CIC",), severity={"SEC991": "error"})
    assert chosen.values["select"] == ("CIC",)
    assert chosen.values["extend-select"] == ()
    assert chosen.values["severity"] == {"SEC990": "note", "SEC991": "error"}
    assert chosen.origins["select"] == "command line"
    added = settings(table, extend_select=("CIC",))
    assert added.values["extend-select"] == ("K8S", "CIC")


def test_levels() -> None:
    table = {"severity": {"SEC": "note", "SEC990": "warning", "section:recovery": "error"}}
    chosen = settings(table)
    for id, level in (("SEC990", "warning"), ("SEC991", "note"), ("SEC992", "note")):
        result = Result(Location("a"), line_rules.BARE(), level="error", rule_id=id)
        assert chosen.leveled(result).level == level
    failed = Result(Location("a"), line_rules.BARE(), level="error", rule_id="PRE030")
    assert settings({"severity": {"ALL": "note"}}).leveled(failed).level == "error"


@pytest.mark.parametrize(
    ("fail_on", "level", "expected"),
    [
        ("error", "error", True),
        ("error", "warning", False),
        ("warning", "warning", True),
        ("note", "note", True),
        ("never", "error", False),
    ],
)
def test_threshold(fail_on: str, level: Any, expected: bool) -> None:
    result = Result(Location("a"), line_rules.BARE(), level=level)
    assert settings({"fail-on": fail_on}).fails(result) is expected


def test_only_some_files() -> None:
    chosen = Settings(only=("src", "a.py"))
    text = line_rules.BARE()
    assert chosen.shows(Result(Location("src/x.py"), text))
    assert chosen.shows(Result(Location("b.py"), text, (Location("a.py"),)))
    assert not chosen.shows(Result(Location("src2/x.py"), text))
    assert not chosen.fails(Result(Location("b.py"), text, level="error"))


def test_options() -> None:
    chosen = settings({"options": {"line-has-flaw": {"word": "bug"}, "SEC990": {"limit": 3}}})
    assert chosen.options(rule_of("SEC990")) == {"word": "bug", "limit": 3}
    assert chosen.options(rule_of("SEC991")) == {}


def test_settings_of_models() -> None:
    table = {"kubernetes-version": "1.31", "ci": {"actions-trust": ["acme"]}}
    assert settings(table).model == {"kubernetes-version": "1.31", "ci.actions-trust": ("acme",)}
