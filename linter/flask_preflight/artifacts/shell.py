"""The commands of a shell text, one after the other, each word with its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from flask_preflight.artifacts import script
from flask_preflight.artifacts.script import LITERAL, Case, If, Node, Simple, Word
from flask_preflight.lazy import expression
from flask_preflight.result import Location, Region

Place = Callable[[int, int], Location]
"""Maps two offsets of a text, the end exclusive, to the place where that part is written."""

SHELLS = frozenset("sh bash ash dash zsh ksh".split())
_MAX_COMMANDS = 4_000
_MAX_DEPTH = 5
_WRAPPERS: dict[str, frozenset[str]] = {
    "sudo": frozenset("-u -g -h -p -C -r -t -U -T --user --group".split()),
    "doas": frozenset(("-u", "-C")),
    "env": frozenset(("-u", "-C", "--unset", "--chdir")),
    "exec": frozenset(("-a",)),
    "time": frozenset(("-f", "-o")),
    "nohup": frozenset(),
    "command": frozenset(),
    "builtin": frozenset(),
    "nice": frozenset(("-n", "--adjustment")),
    "ionice": frozenset(("-c", "-n", "-p")),
    "stdbuf": frozenset(("-i", "-o", "-e")),
    "setsid": frozenset(),
    "timeout": frozenset(("-k", "-s", "--kill-after", "--signal")),
    "!": frozenset(),
}
_ASSIGNMENT = expression(r"([A-Za-z_]\w*)=")


class Assignment(NamedTuple):
    """`NAME=value` before a command or as one; expansions in the value stay as written."""

    name: str
    value: str
    location: Location


class Origin(NamedTuple):
    """Where a command fetches from; `plain` without TLS."""

    host: str
    plain: bool


def origin(words: Iterable[str]) -> Origin:
    """The address among the words of a command."""
    url = next((word for word in words if "://" in word), "the address")
    host = url.partition("://")[2].partition("/")[0].rpartition("@")[2] or url
    return Origin(host, url.startswith("http://"))


class Command(NamedTuple):
    """A simple command without the wrappers before it.

    `words` are without quotes, and expansions in them stay as written; `dynamic` are the indexes of
    words that hold one. `operator` joins it to the command before: `&&`, `||`, `|`, `;` (a new line
    too), `&` or nothing. `piped_into` names the programs further on in its pipeline. `wrappers` are
    the programs that were skipped. `background`: the shell does not wait for it.
    """

    words: tuple[str, ...]
    locations: tuple[Location, ...]
    assignments: tuple[Assignment, ...]
    piped_into: tuple[str, ...]
    operator: str
    location: Location
    dynamic: frozenset[int] = frozenset()
    wrappers: tuple[str, ...] = ()
    background: bool = False
    nested: bool = False
    """It stands in a `$(…)` or in the text of a `sh -c`."""
    output: str = ""
    """The file that its standard output goes to."""
    document: str = ""
    """The here-document that it reads."""
    document_location: Location | None = None

    @property
    def reads_script(self) -> bool:
        """Whether it is a Python that runs what it reads."""
        python = self.program.startswith("python")
        return python and all(word in ("-", "-u") or word[:1] != "-" for word in self.words[1:2])

    @property
    def program(self) -> str:
        """The name of the program without its folder; "" where only variables are set."""
        return self.words[0].rpartition("/")[2] if self.words else ""

    @property
    def text(self) -> str:
        """The words with blanks between them, for patterns."""
        return " ".join(self.words)

    def has(self, *options: str) -> bool:
        """Whether one of these options is given: `-x` also in `-vx`, `--xyz` also as `--xyz=1`."""
        return any(_is_option(word, option) for word in self.words[1:] for option in options)

    def values(self, *options: str) -> list[tuple[str, Location]]:
        """What is given to these options, as `-x value`, `--xyz value` or `--xyz=value`."""
        found: list[tuple[str, Location]] = []
        for index, word in enumerate(self.words[1:], 1):
            name, equals, value = word.partition("=")
            if word in options:
                found += zip(self.words[index + 1 :][:1], self.locations[index + 1 :], strict=False)
            elif equals and name in options:
                found.append((value, self.locations[index]))
        return found

    def value(self, *options: str) -> str | None:
        """The last of `values`, which is the one that most programs take."""
        found = self.values(*options)
        return found[-1][0] if found else None


def _is_option(word: str, option: str) -> bool:
    if word == option or option.startswith("--") and word.startswith(option + "="):
        return True
    if len(option) != 2 or not 2 < len(word) <= 7 or word[0] != "-":
        return False
    return word[1:].isalpha() and option[1] in word[1:]


def commands(text: str, place: Place) -> list[Command]:
    """The simple commands of a shell text in the order in which they are written.

    Those of both branches of an `if`, of loops, functions, `$(…)`, `sh -c '…'` and `eval` count
    alike. Here-documents are data. Texts over the limit of `script` have none.
    """
    found: list[Command] = []
    _collect(text, place, found, 0)
    return found


def _collect(text: str, place: Place, found: list[Command], depth: int) -> None:
    simples = list(_simples(script.parse(text)))[:_MAX_COMMANDS]
    made = [_documented(_command(node, place, depth > 0), node, text, place) for node in simples]
    piped: tuple[str, ...] = ()
    for index in reversed(range(len(made))):
        following = simples[index + 1] if index + 1 < len(made) else None
        continues = simples[index].piped or following is not None and following.operator == "|&"
        piped = (made[index + 1].program, *piped) if continues and index + 1 < len(made) else ()
        made[index] = made[index]._replace(piped_into=piped[:20])
    for node, command in zip(simples, made, strict=True):
        if len(found) >= _MAX_COMMANDS:
            return
        found.append(command)
        if depth < _MAX_DEPTH:
            for inner, inner_place in _inner(node, command, text, place):
                _collect(inner, inner_place, found, depth + 1)


def _simples(nodes: Iterable[Node]) -> Iterator[Simple]:
    for node in nodes:
        if isinstance(node, Simple):
            yield node
        elif isinstance(node, If):
            for condition, body in node.branches:
                yield from _simples(condition)
                yield from _simples(body)
        elif isinstance(node, Case):
            for _, body in node.branches:
                yield from _simples(body)
        else:
            yield from _simples(node.body)


def _plain(text: str) -> str:
    return text.replace(LITERAL, "$")


def _command(node: Simple, place: Place, nested: bool) -> Command:
    words = [word for word in node.words if word.end]
    assignments = [
        Assignment(name, _plain(word.text), place(word.start - len(name) - 1, word.end))
        for name, word in node.assignments
    ]
    wrappers: list[str] = []
    start = 0
    while start < len(words):
        name = words[start].text.rpartition("/")[2]
        after = _after(words, start, name, assignments, place) if name in _WRAPPERS else None
        if after is None or after >= len(words):
            break
        wrappers.append(name)
        start = after
    kept = words[start:]
    places = tuple(place(word.start, word.end) for word in kept)
    first = places[0] if places else assignments[0].location if assignments else place(0, 0)
    return Command(
        words=tuple(_plain(word.text) for word in kept),
        locations=places,
        assignments=tuple(assignments),
        piped_into=(),
        operator={"\n": ";", "|&": "|"}.get(node.operator, node.operator),
        location=first,
        dynamic=frozenset(index for index, word in enumerate(kept) if "$" in word.text),
        wrappers=tuple(wrappers),
        background=node.background,
        nested=nested,
        output=_plain(node.output),
    )


def _documented(command: Command, node: Simple, text: str, place: Place) -> Command:
    if node.document is None or not command.words:
        return command
    start, end = node.document
    return command._replace(document=text[start:end], document_location=place(start, end))


def _after(
    words: list[Word], start: int, name: str, assignments: list[Assignment], place: Place
) -> int | None:
    """The index of the command behind a wrapper; the variables that it sets are kept."""
    valued = _WRAPPERS[name]
    index = start + 1
    while index < len(words) and words[index].text.startswith("-"):
        option = words[index].text
        if name == "command" and option in ("-v", "-V"):
            return None
        index += 2 if option in valued else 1
        if option == "--":
            break
    index += name == "timeout"
    if name in ("env", "sudo"):
        while index < len(words) and (given := _ASSIGNMENT.match(words[index].text)):
            word = words[index]
            where = place(word.start, word.end)
            assignments.append(Assignment(given[1], _plain(word.text[given.end() :]), where))
            index += 1
    return index


def _inner(node: Simple, command: Command, text: str, place: Place) -> Iterator[tuple[str, Place]]:
    """The shell texts inside the words of a command."""
    words = [*(word for _, word in node.assignments), *(word for word in node.words if word.end)]
    for word in words:
        yield from _substitutions(word, text, place)
    index = _script_index(command)
    if index is not None:
        word = words[len(words) - len(command.words) + index]
        yield _plain(word.text), _inside(word, text, place)


def _script_index(command: Command) -> int | None:
    """Which word of a command is itself a shell text."""
    name = command.program
    if name == "eval" and len(command.words) == 2:
        return 1
    if name not in SHELLS and name not in ("su", "runuser"):
        return None
    for index, word in enumerate(command.words[1:-1], 1):
        if re.fullmatch(r"-[a-z]*c", word):
            return index + 1
        if name in SHELLS and not word.startswith(("-", "+")):
            return None
    return None


def _substitutions(word: Word, text: str, place: Place) -> Iterator[tuple[str, Place]]:
    if "$(" not in word.text:
        return
    position = word.start
    for part in script.references(word.text):
        if isinstance(part, str) or not part.written.startswith("$("):
            continue
        if part.written.startswith("$(("):
            continue
        inner = part.written[2:].removesuffix(")")
        start = text.find(inner, position, word.end)
        if start >= 0:
            position = start + len(inner)
        yield inner, _shifted(place, start) if start >= 0 else _fixed(place(word.start, word.end))


def _inside(word: Word, text: str, place: Place) -> Place:
    """Places in a quoted word: exact where nothing in it is escaped."""
    value = _plain(word.text)
    start = word.start + (text[word.start : word.start + 1] in ("'", '"'))
    if text[start : start + len(value)] == value:
        return _shifted(place, start)
    return _fixed(place(word.start, word.end))


def _shifted(place: Place, by: int) -> Place:
    return lambda start, end: place(start + by, end + by)


def _fixed(where: Location) -> Place:
    return lambda start, end: where


def places(path: str, text: str, line: int = 1, column: int = 1) -> Place:
    """Places of a text that is written unchanged in a file, from this line and column on (1-based).

    Only the first line is shifted by the column.
    """
    starts = [0, *accumulate(len(row) + 1 for row in text.split("\n"))]

    def of(offset: int) -> tuple[int, int]:
        row = bisect_right(starts, offset) - 1
        return line + row, offset - starts[row] + (column if row == 0 else 1)

    def place(start: int, end: int) -> Location:
        first = of(start)
        last_line, last_column = of(max(end - 1, start))
        return Location(path, Region(*first, last_line, last_column + (end > start)))

    return place


def of_words(words: tuple[str, ...], locations: tuple[Location, ...]) -> list[Command]:
    """The commands of a list of words that no shell splits: itself, and those in a `sh -c`.

    Variables are not replaced there, so no word is dynamic.
    """
    starts, lengths = [0], [len(word) for word in words]
    for length in lengths:
        starts.append(starts[-1] + length + 1)
    found = tuple(
        Word(word.replace("$", LITERAL), start, start + max(len(word), 1))
        for word, start in zip(words, starts, strict=False)
    )

    def place(start: int, end: int) -> Location:
        return locations[min(bisect_right(starts, start) - 1, len(locations) - 1)]

    if not words or len(words) > _MAX_COMMANDS:
        return []
    command = _command(Simple(found, ()), place, False)
    index = _script_index(command)
    if index is None:
        return [command]
    nested: list[Command] = []
    _collect(command.words[index], within(command, index), nested, 1)
    return [command, *nested]


def within(command: Command, index: int) -> Place:
    """Places inside a word that is written as it is, in quotes or without."""
    text, where = command.words[index], command.locations[index]
    region = where.region
    quotes = region.end_column - region.start_column - len(text)
    if region.end_line != region.start_line or quotes not in (0, 2):
        return _fixed(where)
    return places(where.path, text, region.start_line, region.start_column + quotes // 2)
