"""Settings of a server: their values, what wrote them and where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, NamedTuple

from flask_preflight.artifacts import script
from flask_preflight.facts import Environment, Variable
from flask_preflight.result import Fix, Location

Source = Literal["cli", "file", "environment", "default"]


class Setting(NamedTuple):
    """The value of one setting with the place of the word that gives it.

    `known` is false where the value cannot be told; `value` is None then. `default`: it is written
    as a fallback (`${X:-d}`, `os.getenv("X", d)`) that a variable may replace. `cpus`: it is
    computed from the number of processors. `text` is what can be told of an unknown value, with
    `$` where something is open. `alone`: it is in a file, and nothing else on its lines.
    """

    name: str
    value: Any
    location: Location
    source: Source
    known: bool = True
    default: bool = False
    cpus: bool = False
    text: str = ""
    alone: bool = False

    def removed(self) -> Fix | None:
        """Delete it from its file; None where other words stand around it."""
        return self.location.emptied(self.name) if self.alone else None

    def rewritten(self, text: str) -> Fix | None:
        """Write another line of its file instead; None where other words stand around it."""
        return self.location.rewritten(text) if self.alone else None


class Option(NamedTuple):
    """An option of a command line: its setting, the text after it, the number of its word."""

    name: str
    text: str
    word: int


Spec = Mapping[str, tuple[str, bool]]
"""By option: the name of the setting, and whether a value follows."""


def options(
    argv: tuple[str, ...], spec: Spec, *, abbreviated: bool = False
) -> tuple[list[Option], list[int], list[int]]:
    """The options of a command line, the indexes of other words, and those of unknown options.

    `abbreviated`: long options may be cut as argparse allows it.
    """
    found: list[Option] = []
    others: list[int] = []
    unknown: list[int] = []
    index = 1
    while index < len(argv):
        word = argv[index]
        if not word.startswith("-") or word == "-":
            others.append(index)
            index += 1
            continue
        if word == "--":
            others += range(index + 1, len(argv))
            break
        name, given, text = word.partition("=") if word.startswith("--") else (word, "", "")
        entry = spec.get(name) or (_abbreviation(name, spec) if abbreviated else None)
        if entry is None and not word.startswith("--"):
            index += _cluster(argv, index, spec, found, unknown)
            continue
        if entry is None:
            unknown.append(index)
            index += 1
            continue
        setting, valued = entry
        if not valued:
            found.append(Option(setting, text, index))
        elif given:
            found.append(Option(setting, text, index))
        elif index + 1 < len(argv):
            index += 1
            found.append(Option(setting, argv[index], index))
        index += 1
    return found, others, unknown


def _abbreviation(name: str, spec: Spec) -> tuple[str, bool] | None:
    if not name.startswith("--") or len(name) < 4:
        return None
    fitting = {spec[option] for option in spec if option.startswith(name)}
    return fitting.pop() if len(fitting) == 1 else None


def _cluster(
    argv: tuple[str, ...], index: int, spec: Spec, found: list[Option], unknown: list[int]
) -> int:
    """Short options in one word: `-w4`, `-Db:80`; how many words they take."""
    word = argv[index]
    for position in range(1, len(word)):
        entry = spec.get("-" + word[position])
        if entry is None:
            unknown.append(index)
            return 1
        setting, valued = entry
        if not valued:
            found.append(Option(setting, "", index))
            continue
        rest = word[position + 1 :]
        if rest:
            found.append(Option(setting, rest.removeprefix("="), index))
            return 1
        if index + 1 < len(argv):
            found.append(Option(setting, argv[index + 1], index + 1))
        return 2
    return 1


class Surroundings:
    """What a server finds when it starts: variables, and the files that its paths mean."""

    def __init__(
        self,
        environment: Environment,
        exports: Iterable[Variable],
        find: Callable[[str], str | None],
    ) -> None:
        self.environment = environment
        self.exports = tuple(exports)
        self.find = find

    def get(self, name: str) -> Variable | None:
        """The variable as the server sees it; scripts that start it come last."""
        found = next((v for v in reversed(self.exports) if v.name == name), None)
        return found or self.environment.get(name)

    @property
    def closed(self) -> bool:
        return self.environment.closed

    def expand(self, text: str) -> script.Expanded:
        """A word of a command line with its variables filled in."""
        if "$" not in text:
            return script.Expanded(text, True, False)
        weak = False

        def value(name: str) -> str | None:
            nonlocal weak
            found = self.get(name)
            weak = weak or bool(found and found.default)
            return found.value if found else None

        expanded = script.expand(text, value)
        if "$(" in expanded.text:
            return expanded._replace(known=False)
        return expanded._replace(default=weak or expanded.default)

    def setting(self, name: str, text: str, where: Location, source: Source) -> Setting:
        """A setting whose value is a word of a command line or a variable."""
        expanded = self.expand(text)
        if not expanded.known:
            cpus = "nproc" in text or "cpu" in text
            return Setting(name, None, where, source, False, expanded.default, cpus, expanded.text)
        return Setting(name, expanded.text, where, source, True, expanded.default)

    def variable(self, name: str, variable: str) -> Setting | None:
        """A setting that an environment variable gives."""
        found = self.get(variable)
        if found is None:
            return None
        known = found.value is not None
        where = found.location
        return Setting(name, found.value, where, "environment", known, found.default)


def cast(setting: Setting, kind: type) -> Setting:
    """The setting with its text as a number or a truth value; unknown if it is none."""
    value = setting.value
    if not setting.known or value is None:
        return setting
    if kind is bool:
        if isinstance(value, str):
            lowered = value.strip().lower()
            return setting._replace(value=lowered in ("", "true", "1", "yes", "on"))
        return setting._replace(value=bool(value))
    if kind is int and not isinstance(value, int):
        text = str(value).strip()
        if not text.lstrip("-").isdigit() or len(text) > 12 or not text.isascii():
            return setting._replace(value=None, known=False)
        return setting._replace(value=int(text))
    return setting
