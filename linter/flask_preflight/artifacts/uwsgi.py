"""uWSGI as it is configured: command line, environment, and INI files in its own grammar."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from flask_preflight import limits
from flask_preflight.artifacts.setting import Setting, Surroundings
from flask_preflight.lazy import expression
from flask_preflight.result import Location, Region
from flask_preflight.run import Tree

_ALIASES = {
    "workers": "processes",
    "wsgi": "module",
    "p": "processes",
    "s": "socket",
    "M": "master",
    "w": "module",
    "d": "daemonize",
    "t": "harakiri",
    "H": "virtualenv",
    "home": "virtualenv",
    "venv": "virtualenv",
    "wsgi-file": "wsgi-file",
    "file": "wsgi-file",
    "uwsgi-socket": "socket",
    "socket-protocol": "protocol",
    "pp": "pythonpath",
    "python-path": "pythonpath",
    "python-autoreload": "py-autoreload",
    "py-auto-reload": "py-autoreload",
    "stats-server": "stats",
    "b": "buffer-size",
    "R": "max-requests",
    "L": "disable-logging",
    "T": "enable-threads",
}
_SHORT_WITH_VALUE = frozenset("pswdtHbRzxciRjyogGu")
_FLAGS = frozenset(
    """master die-on-term need-app vacuum strict enable-threads single-interpreter lazy-apps lazy
    disable-logging catch-exceptions manage-script-name exit-on-reload thunder-lock no-default-app
    log-master cheap auto-procname honour-stdin ignore-sigpipe ignore-write-errors
    disable-write-exception log-4xx log-5xx no-site py-call-uwsgi-fork-hooks""".split()
)
_TRUE = frozenset(("", "true", "yes", "on", "1"))
_LISTS = frozenset(
    "socket http http-socket https env mount ini include pythonpath plugins plugin".split()
)
_UNKNOWN_VALUE = expression(r"%\(|%[a-zA-Z]|\$\(|@\(")


class Configuration(NamedTuple):
    """Effective settings by the long names of the options; lists of values where they accumulate.

    `open_because`: more settings may come from somewhere that cannot be read.
    """

    settings: dict[str, Setting]
    path: str | None
    open_because: Location | None

    def get(self, name: str, at: Location) -> Setting | None:
        """The effective setting; false or None, placed at `at`, where nothing gives it."""
        found = self.settings.get(_ALIASES.get(name, name))
        if found is not None:
            return found
        if self.open_because is not None:
            return Setting(name, None, self.open_because, "file", known=False)
        return Setting(name, False if name in _FLAGS else None, at, "default")

    def all(self, name: str) -> list[Setting]:
        """Each value of a setting that may be given several times."""
        found = self.settings.get(name)
        if found is None or not isinstance(found.value, list):
            return [found] if found is not None else []
        return list(found.value)


class Entry(NamedTuple):
    """A line of an INI file. `maybe`: under a condition such as `if-env`."""

    name: str
    value: str
    location: Location
    maybe: bool


def entries(path: str, text: str, section: str = "uwsgi") -> Iterator[Entry]:
    """The settings of one section in their order; anything that is none is left out."""
    inside = False
    depth = 0
    for number, row in enumerate(text.split("\n"), 1):
        row = row.rstrip("\r")
        stripped = row.strip()
        if not stripped or stripped[0] in "#;":
            continue
        if stripped.startswith("["):
            inside = stripped.rstrip() == f"[{section}]"
            depth = 0
            continue
        if not inside:
            continue
        name, given, value = stripped.partition("=")
        name, value = name.strip(), value.strip() if given else ""
        if name.startswith("if-"):
            depth += 1
            continue
        if name in ("endif", "end-if"):
            depth = max(depth - 1, 0)
            continue
        start = len(row) - len(row.lstrip()) + 1
        region = Region(number, start, number, len(row.rstrip()) + 1)
        yield Entry(name, value, Location(path, region), depth > 0)


def configuration(
    argv: tuple[str, ...],
    at: Callable[[int], Location],
    around: Surroundings,
    tree: Tree,
) -> Configuration:
    """Everything that decides how `uwsgi …` runs; later values win, lists accumulate."""
    reading = _Reading(around, tree)
    reading.variables()
    reading.command(argv, at)
    if len(argv) == 1 and not reading.settings:
        # It does nothing without a configuration, so somebody gives it one when it starts.
        reading.open_because = reading.open_because or at(0)
    return Configuration(reading.settings, reading.path, reading.open_because)


def file_configuration(path: str, text: str, around: Surroundings, tree: Tree) -> Configuration:
    """The settings of an INI file alone."""
    reading = _Reading(around, tree)
    reading.file(path, "uwsgi", Location(path))
    return Configuration(reading.settings, reading.path, reading.open_because)


class _Reading:
    def __init__(self, around: Surroundings, tree: Tree) -> None:
        self.around = around
        self.tree = tree
        self.settings: dict[str, Setting] = {}
        self.path: str | None = None
        self.open_because: Location | None = None
        self.seen: set[str] = set()

    def give(self, name: str, text: str, where: Location, source: Any, maybe: bool = False) -> None:
        name = _ALIASES.get(name, name)
        if name in ("ini", "include", "inherit"):
            file, _, section = text.partition(":")
            self.file_named(file, section or "uwsgi", where)
            return
        if name in ("yaml", "yml", "json", "xml", "emperor", "config"):
            self.open_because = self.open_because or where
            return
        setting = self._setting(name, text, where, source, maybe)._replace(alone=source == "file")
        if name in _LISTS:
            before = self.settings.get(name)
            earlier = before.value if before is not None else []
            self.settings[name] = Setting(name, [*earlier, setting], where, source)
            return
        self.settings[name] = setting

    def _setting(self, name: str, text: str, where: Location, source: Any, maybe: bool) -> Setting:
        if maybe or _UNKNOWN_VALUE.search(text):
            cpus = "%k" in text
            known = self._variable(text)
            if maybe or known is None:
                return Setting(name, None, where, source, known=False, cpus=cpus)
            text = known
        setting = self.around.setting(name, text, where, source)
        if not setting.known:
            return setting
        if name in _FLAGS:
            return setting._replace(value=str(setting.value).lower() in _TRUE)
        value = str(setting.value)
        if re.fullmatch(r"\d{1,9}", value) and name not in _LISTS:
            return setting._replace(value=int(value))
        return setting

    def _variable(self, text: str) -> str | None:
        """A text whose only placeholders are `$(NAME)`, filled in."""
        unknown = False

        def value(match: re.Match[str]) -> str:
            nonlocal unknown
            found = self.around.get(match[1])
            unknown = unknown or found is None or found.value is None
            return found.value or "" if found else ""

        filled = re.sub(r"\$\(([A-Za-z_]\w*)\)", value, text)
        return None if unknown or _UNKNOWN_VALUE.search(filled) else filled

    def file_named(self, written: str, section: str, where: Location) -> None:
        expanded = self.around.expand(written)
        path = self.around.find(expanded.text) if expanded.known else None
        if path is None or len(self.seen) > limits.MAX_INCLUDES:
            self.open_because = self.open_because or where
            return
        self.file(path, section, where)

    def file(self, path: str, section: str, where: Location) -> None:
        text = self.tree.text(path)
        if text is None or path + ":" + section in self.seen:
            self.open_because = self.open_because or where
            return
        self.seen.add(path + ":" + section)
        self.path = self.path or path
        if not path.endswith((".ini", ".conf", ".cfg")) and f"[{section}]" not in text:
            self.open_because = self.open_because or where
            return
        for entry in entries(path, text, section):
            self.give(entry.name, entry.value, entry.location, "file", entry.maybe)

    def variables(self) -> None:
        for variable in (*self.around.environment.variables, *self.around.exports):
            if variable.name.startswith("UWSGI_"):
                name = variable.name[6:].lower().replace("_", "-")
                if variable.value is not None:
                    self.give(name, variable.value, variable.location, "environment")

    def command(self, argv: tuple[str, ...], at: Callable[[int], Location]) -> None:
        index = 1
        while index < len(argv):
            word, where = argv[index], at(index)
            index += 1
            if word.startswith("--"):
                name, given, value = word[2:].partition("=")
                if not given and name not in _FLAGS and index < len(argv):
                    follows = argv[index]
                    if not follows.startswith("-") or name in _LISTS:
                        value, where = follows, at(index)
                        index += 1
                self.give(name, value, where, "cli")
            elif word.startswith("-") and len(word) > 1:
                letter, value = word[1], word[2:]
                if letter in _SHORT_WITH_VALUE and not value and index < len(argv):
                    value, where = argv[index], at(index)
                    index += 1
                self.give(letter, value, where, "cli")
            elif re.search(r"\.ini(?::\w+)?\Z|\.conf\Z", word):
                self.give("ini", word, where, "cli")
            elif re.search(r"\.(?:ya?ml|json|xml)\Z", word):
                self.open_because = self.open_because or where
            elif re.search(r"\.(?:py|wsgi)\Z", word):
                self.give("wsgi-file", word, where, "cli")
            elif word.startswith(":") or re.fullmatch(r"[\w.\[\]:-]*:\d+", word):
                self.give("socket", word, where, "cli")
            elif "$" in word:
                self.open_because = self.open_because or where
