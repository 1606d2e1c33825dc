"""The project that a command is about: its root, its settings and its files."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from flask_preflight import config
from flask_preflight.config import ConfigError, Configuration, Settings
from flask_preflight.run import Tree
from flask_preflight.selection import instead, nearest

if TYPE_CHECKING:
    from flask_preflight.changes import Change

VERBS = ("check", "report", "map", "rule", "config")


class Project(NamedTuple):
    """A project as it was asked for. `given` are files named on the command line."""

    root: str
    settings: Settings
    given: tuple[str, ...]

    def tree(self) -> Tree:
        """The files, by the settings."""
        from flask_preflight.discover import Options, discover

        values = self.settings.values
        options: dict[str, Any] = {
            "extend_exclude": values["extend-exclude"],
            "include": values["include"],
            "respect_gitignore": values["respect-gitignore"],
            "force_exclude": values["force-exclude"],
            "roles": values["roles"],
            "environments": values["environments"],
            "given": self.given,
            "settings": self.settings.model,
        }
        if values["exclude"] is not None:
            options["exclude"] = values["exclude"]
        return discover(self.root, Options(**options))


def project(asked: Mapping[str, Any], environment: Mapping[str, str]) -> Project:
    """The project of the given paths; raises ConfigError."""
    named = (*asked.get("paths", ()), *asked.get("only", ()))
    for path in named:
        _must_exist(path)
    root = _root(named)
    inside = tuple(_below(root, path) for path in named)
    given = tuple(
        path for path in inside if path != "." and os.path.isfile(os.path.join(root, path))
    )
    only = () if "." in inside else inside
    configuration = _configuration(root, asked, environment)
    settings = Settings(
        root,
        configuration=configuration,
        given=_given(asked, environment),
        only=only,
        changed=_changed(root, asked.get("changed")),
        jobs=asked.get("jobs", 0),
    )
    return Project(root, settings, given)


def _changed(root: str, written: str | None) -> Mapping[str, Change] | None:
    """What the diff in a file, or on standard input, changes below the root."""
    if not written:
        return None
    from flask_preflight import changes
    from flask_preflight.discover import below_git

    try:
        with open(written, "rb") if written != "-" else sys.stdin.buffer as file:
            text = file.read().decode(errors="replace")
        found = changes.read(text, below_git(root))
    except OSError as fault:
        raise ConfigError(f"--changed: {written}: {fault.strerror}") from None
    except changes.DiffError as fault:
        raise ConfigError(f"--changed: {written}: {fault}") from None
    if text.strip() and not found and not re.search(r"^(?:diff |--- )", text, re.MULTILINE):
        raise ConfigError(f"--changed: {written} is no unified diff, as `git diff` writes it")
    return found


def _must_exist(path: str) -> None:
    if os.path.lexists(path):
        if not (os.path.isdir(path) or os.path.isfile(path)):
            raise ConfigError(f"{path} is neither a folder nor a file")
        return
    folder = os.path.dirname(path)
    try:
        there = [os.path.join(folder, entry) for entry in os.listdir(folder or ".")]
    except OSError:
        there = []
    words = there if folder else [*there, *VERBS]
    close = nearest(path, words)
    raise ConfigError(f"{path} does not exist" + instead(close))


def _root(paths: tuple[str, ...]) -> str:
    from flask_preflight.discover import project_root

    if len(paths) < 2:
        return project_root(paths[0] if paths else ".")
    common = os.path.commonpath([os.path.realpath(path) for path in paths])
    first = project_root(paths[0])
    whole = os.path.realpath(first)
    if common == whole or common.startswith(whole.rstrip(os.sep) + os.sep):
        return first
    return project_root(common)


def _below(root: str, path: str) -> str:
    """The path relative to the root, with slashes."""
    relative = os.path.relpath(os.path.realpath(path), os.path.realpath(root))
    if relative.split(os.sep)[0] == os.pardir:
        raise ConfigError(f"{path} is not in the project {root}")
    return relative.replace(os.sep, "/")


def _configuration(
    root: str, asked: Mapping[str, Any], environment: Mapping[str, str]
) -> Configuration | None:
    files = [word for word in asked.get("config", ()) if not _is_value(word)]
    if not files and environment.get("config"):
        files = [environment["config"]]
    if len(files) > 1:
        raise ConfigError("--config names more than one file")
    if files:
        return config.load(files[0])
    return None if asked.get("isolated") else config.find(root)


def _is_value(word: str) -> bool:
    return "=" in word and not os.path.exists(word)


def _given(asked: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """What the command line and the environment set, by the keys of the configuration."""
    given: dict[str, Any] = {}
    if environment.get("select") and not asked.get("select"):
        words = environment["select"].split(",")
        given["select"] = config.FORMS["selectors"]("FLASK_PREFLIGHT_SELECT", words)
    for word in asked.get("config", ()):
        if _is_value(word):
            given |= config.checked(config.toml(word, "--config"), "--config")
    for key in ("select", "extend-select", "ignore", "exclude", "extend-exclude"):
        chosen = asked.get(key.replace("-", "_"))
        if chosen:
            form = "list" if key.endswith("exclude") else "selectors"
            given[key] = config.FORMS[form](f"--{key}", chosen)
    for key in ("fail-on", "min-level"):
        word = asked.get(key.replace("-", "_"))
        if word:
            given[key] = config.FORMS[config.KEYS[key].form](f"--{key}", word)
    if asked.get("severity"):
        given["severity"] = _severity(asked["severity"])
    if asked.get("no_respect_gitignore"):
        given["respect-gitignore"] = False
    if asked.get("force_exclude"):
        given["force-exclude"] = True
    return given


def _severity(words: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for word in words:
        selector, equals, level = word.partition("=")
        if not equals:
            raise ConfigError(f"--severity {word} is not RULE=LEVEL")
        pairs[selector] = level
    return dict(config.FORMS["levels"]("--severity", pairs))


def recognised(tree: Tree) -> bool:
    """Whether any file is of a kind that rules look at."""
    from flask_preflight.classify import KINDS

    return any(
        KINDS[kind].scope != "evidence" and kind != "text"
        for file in tree.files
        for kind in file.kinds
    )


def must_not_be_empty(tree: Tree, root: str, allowed: bool) -> None:
    """Raise ConfigError if there is nothing to check, unless that is allowed."""
    if not allowed and not recognised(tree):
        raise ConfigError(f"no file of any supported kind below {root}")


def files(tree: Tree) -> list[str]:
    """A line for every file that is read: path, kinds, role."""
    return [f"{file.path}: {', '.join(file.kinds)} ({file.role})" for file in tree.files]
