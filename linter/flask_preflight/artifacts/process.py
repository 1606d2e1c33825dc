"""Process types that a platform or a host starts: Procfile, systemd, supervisor and manifests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal, NamedTuple

from flask_preflight.artifacts import env, script, toml
from flask_preflight.artifacts.yaml import Map, documents
from flask_preflight.facts import Span, Variable, plain_level
from flask_preflight.result import Level, Location, Region
from flask_preflight.rule import Rule
from flask_preflight.run import File, Role, Tree

Format = Literal[
    "procfile",
    "systemd",
    "supervisor",
    "appengine",
    "fly",
    "render",
    "heroku",
    "railway",
    "nixpacks",
    "apprunner",
]


_EXACT = 8_192
"""In longer commands no word gets a place of its own."""
_VARIABLES = 500


class Field(NamedTuple):
    """A setting of a unit or program, with the place of its line."""

    value: str
    location: Location


class Process:
    """A process type written outside of containers.

    `argv` is the command as the carrier gives it to the system: `("sh", "-c", text)` where a shell
    reads it; `places` has a location for each word. `directory` is the working directory relative
    to the root as far as it can be told, `fields` the other settings of a unit or program by name,
    `port` the number a platform sends requests to.
    """

    def __init__(
        self,
        carrier: Literal["platform", "host"],
        format: Format,
        file: File,
        name: str,
        argv: tuple[str, ...],
        places: tuple[Location, ...],
        location: Location,
    ) -> None:
        self.carrier: Literal["platform", "host"] = carrier
        self.format: Format = format
        self.path = file.path
        self.role: Role = file.role
        self.name = name
        self.argv = argv
        self.places = places
        self.location = location
        self.directory = file.path.rpartition("/")[0]
        self.variables: list[Variable] = []
        self.open_because: Location | None = location if carrier == "platform" else None
        self.replicas = Span(None, None) if carrier == "platform" else Span(1, 1, location)
        self.fields: dict[str, Field] = {}
        self.port: int | None = None

    @property
    def ends(self) -> bool:
        """Whether it is a job that is done when its command is (`Type=oneshot`)."""
        kind = self.fields.get("Type")
        return self.format == "systemd" and kind is not None and kind.value == "oneshot"

    @property
    def commands(self) -> tuple[tuple[str, ...], ...]:
        """The simple commands of the command line, in their order."""
        if self.argv[:2] != ("sh", "-c"):
            return (self.argv,)
        return tuple(
            tuple(word.text for word in node.words)
            for node in script.parse(self.argv[2])
            if isinstance(node, script.Simple)
        )

    def word_at(self, index: int) -> Location:
        """The place of a word of `argv`."""
        return self.places[index] if 0 <= index < len(self.places) else self.location

    def at(self, *keys: str | int) -> Location:
        """The place of the field or variable of this name, else of the process."""
        for key in keys[:1]:
            if key in self.fields:
                return self.fields[str(key)].location
            for variable in reversed(self.variables):
                if variable.name == key:
                    return variable.location
        return self.location

    def level(self, rule: Rule) -> Level | None:
        return plain_level(self.role, rule)


def processes(tree: Tree) -> Iterator[Process]:
    """Every process type of the repository that such a file starts."""
    for file in tree.of("wsgi"):
        reader = _reader(file.path.rpartition("/")[2].lower())
        if reader is None:
            continue
        text = tree.text(file.path)
        if text is not None:
            yield from reader(file, text, tree)


def _reader(name: str) -> Any:
    if name == "procfile" or name.startswith("procfile."):
        return _procfile
    if name.endswith(".service"):
        return _systemd
    exact = {
        "app.yaml": _appengine,
        "app.yml": _appengine,
        "render.yaml": _render,
        "render.yml": _render,
        "heroku.yml": _heroku,
        "railway.json": _railway,
        "railway.toml": _toml_start,
        "nixpacks.toml": _toml_start,
        "apprunner.yaml": _apprunner,
        "apprunner.yml": _apprunner,
    }
    if name in exact:
        return exact[name]
    if name.startswith("fly") and name.endswith(".toml"):
        return _fly
    if name.endswith((".py", ".json", ".yaml", ".yml", ".xml", ".toml")):
        return None
    return _supervisor


def _shell(
    carrier: Literal["platform", "host"],
    format: Format,
    file: File,
    name: str,
    text: str,
    where: Location,
) -> Process:
    """A command that a shell reads, `where` being the place of exactly its text."""
    return Process(carrier, format, file, name, ("sh", "-c", text), (where,) * 3, where)


def _procfile(file: File, text: str, tree: Tree) -> Iterator[Process]:
    for number, row in enumerate(text.split("\n"), 1):
        head = re.match(r"([A-Za-z0-9_-]{1,100})[ \t]*:[ \t]*(?=[^ \t\r])", row)
        if head is None or row.startswith("#"):
            continue
        command = row[head.end() :].rstrip()
        start = head.end() + 1
        where = Location(file.path, Region(number, start, number, start + len(command)))
        yield _shell("platform", "procfile", file, head[1], command, where)


class _Line(NamedTuple):
    """An assignment of an INI-like file; the value keeps its continuation lines."""

    section: str
    name: str
    value: str
    number: int
    column: int


def _lines(text: str, *, indented: bool) -> Iterator[_Line]:
    """The assignments of a unit (`\\` continues) or of an INI file (indented lines continue)."""
    section = ""
    rows = text.split("\n")
    index = 0
    while index < len(rows):
        row, number = rows[index], index + 1
        index += 1
        stripped = row.strip()
        if not stripped or stripped[0] in "#;":
            continue
        if stripped.startswith("["):
            section = stripped.rstrip("]").lstrip("[").strip()
            continue
        name, given, value = row.partition("=")
        if not given:
            continue
        parts = [value.rstrip("\r")]
        while index < len(rows):
            following = rows[index]
            if indented and following[:1] in (" ", "\t") and following.strip():
                if following.strip()[0] in "#;":
                    break
            elif indented or not parts[-1].endswith("\\"):
                break
            parts.append(following.rstrip("\r"))
            index += 1
        column = len(name) + 2
        yield _Line(section, name.strip(), "\n".join(parts), number, column)


def _place(file: File, line: _Line, start: int, end: int) -> Location:
    """The place of a stretch of a value, by offsets into it."""
    before = line.value[:start].split("\n")
    until = line.value[:end].split("\n")
    first = line.column if len(before) == 1 else 1
    last = line.column if len(until) == 1 else 1
    return Location(
        file.path,
        Region(
            line.number + len(before) - 1,
            len(before[-1]) + first,
            line.number + len(until) - 1,
            len(until[-1]) + last,
        ),
    )


def _whole(file: File, line: _Line) -> Location:
    rows = line.value.rstrip().count("\n")
    end = len(line.value.rstrip()) - (line.value.rstrip().rfind("\n") + 1)
    return Location(
        file.path,
        Region(line.number, 1, line.number + rows, end + (line.column if not rows else 1)),
    )


def _words(file: File, line: _Line, skip: int = 0) -> tuple[list[str], list[Location]]:
    # Indented lines continue a value in supervisor's INI; to a splitter they are just spaces.
    found = script.words(line.value.replace("\\\n", " \n").replace("\n", " ")[skip:])
    texts = [word.text.replace(script.LITERAL, "$") for word in found]
    if len(line.value) > _EXACT:
        return texts, [_whole(file, line)] * len(texts)
    return texts, [_place(file, line, word.start + skip, word.end + skip) for word in found]


def _systemd(file: File, text: str, tree: Tree) -> Iterator[Process]:
    lines = [line for line in _lines(text, indented=False) if line.section == "Service"]
    starts = [line for line in lines if line.name == "ExecStart" and line.value.strip()]
    if not starts:
        return
    line = starts[-1]
    prefix = re.match(r"\s*[@\-:+!|]*", line.value)
    words, places = _words(file, line, prefix.end() if prefix else 0)
    if not words:
        return
    name = file.path.rpartition("/")[2].removesuffix(".service")
    made = Process("host", "systemd", file, name, tuple(words), tuple(places), _whole(file, line))
    for other in lines:
        if other.name == "Environment":
            texts, where = _words(file, other)
            made.variables += _assigned(zip(texts, where, strict=True), "systemd")
        elif other.name == "EnvironmentFile":
            _environment_file(made, file, other, tree)
        else:
            made.fields[other.name] = Field(other.value.strip(), _whole(file, other))
    _directory(made, "WorkingDirectory", tree)
    yield made


def _assigned(pairs: Iterable[tuple[str, Location]], source: str) -> Iterator[Variable]:
    for text, where in pairs:
        name, given, value = text.partition("=")
        if given and re.fullmatch(r"[A-Za-z_]\w*", name):
            known = None if "%" in value.replace("%%", "") else value.replace("%%", "%")
            yield Variable(name, known, where, source)


def _environment_file(made: Process, file: File, line: _Line, tree: Tree) -> None:
    written = line.value.strip()
    path = in_repository(written.lstrip("-"), file.path, tree)
    text = tree.text(path) if path else None
    if path is None or text is None:
        if made.open_because is None:
            made.open_because = _whole(file, line)
        return
    made.variables += env.parse(path, text)


def in_repository(written: str, beside: str, tree: Tree) -> str | None:
    """The file of the repository that a path on a host most likely means."""
    from flask_preflight.artifacts.entrypoint import locate

    return locate(written, "", lambda path: None, tree, beside)


def _directory(made: Process, field: str, tree: Tree) -> None:
    """A host's directory as a folder of the repository: the longest tail that exists in it."""
    if field not in made.fields:
        made.directory = ""
        return
    parts = made.fields[field].value.strip("/").split("/")
    tails = ("/".join(parts[start:]) for start in range(len(parts)))
    made.directory = next((tail for tail in tails if tail and tree.is_folder(tail)), "")


def _supervisor(file: File, text: str, tree: Tree) -> Iterator[Process]:
    programs: dict[str, list[_Line]] = {}
    shared: list[_Line] = []
    for line in _lines(text, indented=True):
        kind, _, name = line.section.partition(":")
        if kind in ("program", "fcgi-program") and name:
            programs.setdefault(name.strip(), []).append(line)
        elif kind == "supervisord" and line.name == "environment":
            shared.append(line)
    for name, lines in programs.items():
        command = next((line for line in reversed(lines) if line.name == "command"), None)
        if command is None:
            continue
        words, places = _words(file, command)
        if not words:
            continue
        argv = tuple(re.sub(r"%\(ENV_(\w+)\)s", r"$\1", w).replace("%%", "%") for w in words)
        made = Process("host", "supervisor", file, name, argv, tuple(places), _whole(file, command))
        for line in (*shared, *lines):
            made.fields[line.name] = Field(_uncommented(line.value), _whole(file, line))
            if line.name == "environment":
                made.variables += _supervised(file, line)
        _directory(made, "directory", tree)
        number = made.fields.get("numprocs", Field("1", made.location)).value
        if number.isdigit() and len(number) < 6:
            made.replicas = Span(int(number), int(number), made.at("numprocs"))
        else:
            made.replicas = Span(None, None, made.at("numprocs"))
        yield made


def _uncommented(value: str) -> str:
    return re.split(r"\s;", value, maxsplit=1)[0].strip()


def _supervised(file: File, line: _Line) -> Iterator[Variable]:
    """`A="x",B=y`."""
    pattern = re.compile(r'(?<!\w)([A-Za-z_]\w*)[ \t]*=[ \t]*(?:"([^"]*)"|\'([^\']*)\'|([^,\s]*))')
    for found in pattern.finditer(line.value[:_EXACT]):
        value = next((group for group in found.groups()[1:] if group is not None), "")
        value = value.replace("%%", "\0")
        known = None if "%(" in value else value.replace("\0", "%")
        where = _place(file, line, found.start(), found.end())
        yield Variable(found[1], known, where, "supervisor")


def _maps(file: File, text: str, tree: Tree) -> list[Map]:
    found, _ = documents(file.path, text, tree)
    return [document for document in found if isinstance(document, Map)]


def _command(
    format: Format, file: File, name: str, document: Map, *keys: str | int
) -> Iterator[Process]:
    """The process whose command is the text, or the list of words, below these keys."""
    value = document.dig(*keys)
    where = document.value_at(*keys)
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        places = tuple(document.value_at(*keys, index) for index in range(len(value)))
        yield Process("platform", format, file, name, tuple(value), places, where)
    elif isinstance(value, str) and value.strip():
        yield _shell("platform", format, file, name, value, where)


def _pairs(document: Map, source: str, *keys: str | int) -> Iterator[Variable]:
    """Variables in a mapping."""
    found = document.dig(*keys)
    if isinstance(found, Map):
        for name in found:
            text = found.text(name)
            yield Variable(name, text or None, document.value_at(*keys, name), source)


def _named(document: Map, source: str, *keys: str | int) -> Iterator[Variable]:
    """Variables in a list of mappings with `key` or `name`, and `value`."""
    for index, item in enumerate(document.items_of(*keys)):
        if isinstance(item, Map):
            name = item.text("key") or item.text("name")
            value = item.text("value") if "value" in item else None
            if name:
                yield Variable(name, value, document.value_at(*keys, index), source)


def _appengine(file: File, text: str, tree: Tree) -> Iterator[Process]:
    for document in _maps(file, text, tree):
        if not isinstance(document.get("runtime"), str):
            continue
        for made in _command(
            "appengine", file, document.text("service") or "default", document, "entrypoint"
        ):
            made.variables += _pairs(document, "app.yaml", "env_variables")
            yield made


def _render(file: File, text: str, tree: Tree) -> Iterator[Process]:
    for document in _maps(file, text, tree):
        for index, service in enumerate(document.items_of("services")):
            if not isinstance(service, Map):
                continue
            name = service.text("name") or service.text("type")
            key = "startCommand" if "startCommand" in service else "dockerCommand"
            for made in _command("render", file, name, document, "services", index, key):
                made.variables += _named(document, "render.yaml", "services", index, "envVars")
                folder = service.text("rootDir").strip("./")
                made.directory = "/".join(filter(None, (made.directory, folder)))
                yield made


def _heroku(file: File, text: str, tree: Tree) -> Iterator[Process]:
    for document in _maps(file, text, tree):
        for name in document.map("run"):
            value = document.dig("run", name)
            keys = ("run", name, "command") if isinstance(value, Map) else ("run", name)
            yield from _command("heroku", file, name, document, *keys)


def _railway(file: File, text: str, tree: Tree) -> Iterator[Process]:
    for document in _maps(file, text, tree):
        yield from _command("railway", file, "web", document, "deploy", "startCommand")


def _apprunner(file: File, text: str, tree: Tree) -> Iterator[Process]:
    for document in _maps(file, text, tree):
        for made in _command("apprunner", file, "web", document, "run", "command"):
            made.variables += _named(document, "apprunner.yaml", "run", "env")
            port = document.text("run", "network", "port")
            made.port = int(port) if port.isdigit() and len(port) < 6 else None
            yield made


def _in_toml(file: File, text: str, key: str, value: str) -> Location:
    """The place of `key = "value"`; of the value alone if it is written as it is."""
    for number, row in enumerate(text.split("\n"), 1):
        if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", row):
            start = row.find(value) if value else -1
            if start >= 0:
                region = Region(number, start + 1, number, start + 1 + len(value))
                return Location(file.path, region)
            return Location(file.path, Region(number, 1, number, len(row.rstrip()) + 1))
    return Location(file.path)


def _toml_start(file: File, text: str, tree: Tree) -> Iterator[Process]:
    """`[deploy] startCommand` of Railway, `[start] cmd` of Nixpacks."""
    content = toml.load(file.path, text, tree) or {}
    railway = file.path.endswith("railway.toml")
    table = content.get("deploy" if railway else "start")
    key = "startCommand" if railway else "cmd"
    command = table.get(key) if isinstance(table, dict) else None
    if isinstance(command, str) and command.strip():
        where = _in_toml(file, text, key, command)
        format: Format = "railway" if railway else "nixpacks"
        made = _shell("platform", format, file, "web", command, where)
        made.variables += _toml_variables(file, text, content.get("variables"))
        yield made


def _toml_variables(file: File, text: str, table: Any) -> Iterator[Variable]:
    pairs = list(table.items()) if isinstance(table, dict) else []
    for name, value in pairs[:_VARIABLES]:
        where = _in_toml(file, text, name, "")
        yield Variable(name, str(value), where, file.path.rpartition("/")[2])


def _fly(file: File, text: str, tree: Tree) -> Iterator[Process]:
    content = toml.load(file.path, text, tree) or {}
    several = content.get("processes")
    service = content.get("http_service")
    port = service.get("internal_port") if isinstance(service, dict) else None
    for name, command in (several if isinstance(several, dict) else {}).items():
        if not isinstance(command, str) or not command.strip():
            continue
        where = _in_toml(file, text, name, command)
        made = _shell("platform", "fly", file, name, command, where)
        made.variables += _toml_variables(file, text, content.get("env"))
        made.port = port if isinstance(port, int) else None
        yield made
