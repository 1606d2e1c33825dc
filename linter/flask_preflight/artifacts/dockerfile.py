"""Dockerfiles: their instructions and stages, with the value that every word comes to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from flask_preflight.artifacts import dockerfile_base, shell
from flask_preflight.artifacts.dockerfile_scan import (
    Fault,
    Flag,
    Heredoc,
    Logical,
    Scan,
    TooLarge,
    exec_form,
    flags_of,
    keyword_of,
    scan,
    shell_words,
)
from flask_preflight.artifacts.dockerfile_words import UNSET, Lookup, Pair, Word, expand, split
from flask_preflight.facts import role_level
from flask_preflight.lazy import expression
from flask_preflight.result import Level, Location
from flask_preflight.rule import Rule
from flask_preflight.run import Role, Tree

__all__ = ["UNSET", "Dockerfile", "Instruction", "Pair", "Stage", "Word", "assemble", "read"]

KEYWORDS = frozenset(
    "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL "
    "STOPSIGNAL USER VOLUME WORKDIR".split()
)
_AUTOMATIC = frozenset(
    "TARGETPLATFORM TARGETOS TARGETARCH TARGETVARIANT BUILDPLATFORM BUILDOS BUILDARCH BUILDVARIANT "
    "HTTP_PROXY http_proxy HTTPS_PROXY https_proxy FTP_PROXY ftp_proxy NO_PROXY no_proxy ALL_PROXY "
    "all_proxy SOURCE_DATE_EPOCH".split()
)
"""Arguments that BuildKit gives every build."""
_TEMPLATE = ("{{", "{%", "<%", "@@")
_EXEC = frozenset("CMD ENTRYPOINT RUN SHELL ADD COPY VOLUME".split())
_PAIRS = frozenset("ENV ARG LABEL".split())
_WHOLE = frozenset("USER WORKDIR STOPSIGNAL".split())
_LISTS = frozenset("FROM ADD COPY EXPOSE VOLUME".split())
_DEVELOPMENT = expression(
    r"(?:dev|develop|development|dev[-_]?envs?|devcontainer|local|debug|tests?|testing|ci|lint(?:er)?"
    r"|docs?|e2e|bench)(?:[-_].*)?\Z|.*[-_](?:dev|tests?|debug)\Z"
)
_PRODUCTION = expression(r"prod(?:uction)?|release|final|runtime|runner|app|web|server|deploy")
_MAX_FAULTS = 20
_MAX_STAGES = 500


class Instruction:
    """One instruction. `value` is its text after keyword and flags, continuations joined.

    `words` are those of the instructions that Docker splits into words, `pairs` the assignments of
    ENV, ARG and LABEL, `exec` the strings of an exec form (None for a shell form).
    """

    kind: str = ""
    """CMD or NONE of a HEALTHCHECK."""

    def __init__(self, dockerfile: Dockerfile, logical: Logical, name: str, offset: int) -> None:
        self.dockerfile = dockerfile
        self.name = name
        self.logical = logical
        flags, start = flags_of(logical.text, offset)
        self.flags: tuple[Flag, ...] = tuple(flags)
        self.heredocs: tuple[Heredoc, ...] = tuple(logical.heredocs)
        self.stage: Stage | None = None
        self.shell: tuple[str, ...] | None = None
        """The words of the SHELL in force; None for Docker's own."""
        self.words: tuple[Word, ...] = ()
        self.pairs: tuple[Pair, ...] = ()
        self.onbuild: Instruction | None = None
        if name == "HEALTHCHECK":
            self.kind, length = keyword_of(logical.text[start:])
            start += length
        self.start = start
        self.value = logical.text[start:].rstrip()
        found = exec_form(logical.text, start) if name in _EXEC or name == "HEALTHCHECK" else None
        self.exec = None if found is None else tuple(text for text, _, _ in found)
        self._exec_places = found or []

    @property
    def line(self) -> int:
        """The line (1-based) on which it begins."""
        return self.logical.start

    @property
    def location(self) -> Location:
        """Its first physical line, from the keyword on."""
        first = self.logical.parts[0]
        return self.logical.place(0, len(first.rstrip()) or len(first))

    def at(self, *keys: str | int) -> Location:
        """The place of the n-th word or string, of a flag or of a pair; else of the instruction."""
        for key in keys:
            if isinstance(key, int):
                return self._at_index(key)
            for flag in self.flags:
                if flag.name == key:
                    return self.place_of(flag)
            for pair in self.pairs:
                if pair.name == key:
                    return pair.location
        return self.location

    def _at_index(self, index: int) -> Location:
        if self.exec is not None and 0 <= index < len(self._exec_places):
            _, start, end = self._exec_places[index]
            return self.logical.place(start, end)
        return self.words[index].location if 0 <= index < len(self.words) else self.location

    def place_of(self, flag: Flag) -> Location:
        """The place of one of its flags."""
        return self.logical.place(flag.start, flag.end)

    def flag(self, name: str) -> str | None:
        """The value of the last flag of this name, without quotes; variables stay as written."""
        return next((flag.value for flag in reversed(self.flags) if flag.name == name), None)

    def place(self, start: int, end: int) -> Location:
        """The place of a part of `value`; the end is exclusive."""
        return self.logical.place(self.start + start, self.start + end)

    @property
    def posix(self) -> bool:
        """Whether a POSIX-like shell reads its shell form."""
        if self.dockerfile.scan.escape != "\\":
            return False
        return self.shell is None or _base(self.shell[0]) in shell.SHELLS

    @cached_property
    def commands(self) -> list[shell.Command]:
        """The simple commands of RUN, CMD, ENTRYPOINT and HEALTHCHECK; none in an unknown shell."""
        if self.exec is not None:
            return shell.of_words(self.exec, tuple(self.at(i) for i in range(len(self.exec))))
        if not self.posix:
            return []
        script = self.script
        if script is not None:
            return shell.commands(script.text, shell.places(self.path, script.text, script.line))
        return shell.commands(self.value, self.place)

    @property
    def script(self) -> Heredoc | None:
        """The here-document that a shell runs as its script; an empty one for other programs."""
        if self.name != "RUN" or len(self.heredocs) != 1:
            return None
        words = shell_words(self.value)
        heredoc = self.heredocs[0]
        others = [word for word in words if not re.match(r"\d*<<", word)]
        if not others:
            first = heredoc.text.partition("\n")[0]
            foreign = first.startswith("#!") and not re.match(r"#!.*\b(?:ba|da|a|z|k)?sh\b", first)
            return heredoc._replace(text="") if foreign else heredoc
        if _base(others[0]) in shell.SHELLS and all(w.startswith("-") for w in others[1:]):
            return heredoc
        return None

    @property
    def path(self) -> str:
        return self.dockerfile.path

    def level(self, rule: Rule) -> Level | None:
        """Production files; where the rule says so, files for development one level lower."""
        return role_level(self.dockerfile.role, rule)


def _base(program: str) -> str:
    return program.rpartition("/")[2].removesuffix(".exe")


class Stage:
    """A FROM and what follows it.

    `image` is the reference behind FROM with its variables replaced, as written where one is not
    known (`known` tells). `base` is the earlier stage that it goes on from. `shipped` and `feeds`
    are filled by linking: it is part of an image, or such an image copies from it.
    """

    def __init__(self, dockerfile: Dockerfile, number: int, start: Instruction) -> None:
        self.dockerfile = dockerfile
        self.number = number
        self.start = start
        self.instructions: list[Instruction] = []
        words = start.words
        value = words[0].value if words else ""
        self.known = bool(value) and value is not None
        self.image = value or (words[0].written if words else "")
        self.name = words[2].written.lower() if len(words) == 3 else ""
        self.base: Stage | None = None
        self.shipped = False
        self.feeds = False
        self.environment: dict[str, Pair] = {}
        """What ENV of the chain sets, by name."""
        self.arguments: dict[str, str | None] = {}

    @property
    def title(self) -> str:
        """How a message names it."""
        return self.name or self.image

    @property
    def chain(self) -> list[Stage]:
        """The stages that its image consists of, oldest first."""
        found = [self]
        while found[-1].base is not None:
            found.append(found[-1].base)
        return found[::-1]

    @property
    def root(self) -> Stage:
        """The stage of the chain whose FROM names an image from outside."""
        return self.chain[0]

    @property
    def external(self) -> str | None:
        """The reference of the external image under the chain; None where it is not known."""
        return self.root.image if self.root.known else None

    @property
    def facts(self) -> dockerfile_base.Base:
        """What is known of that image."""
        external = self.external
        return dockerfile_base.base(external) if external else dockerfile_base.Base()

    @property
    def development(self) -> bool:
        """Whether its name says that it is for development or tests."""
        return bool(_DEVELOPMENT.match(self.name))

    @property
    def serious(self) -> bool:
        """Whether its name says that it is the one to ship."""
        return bool(_PRODUCTION.match(self.name))

    def all(self, *names: str) -> Iterator[Instruction]:
        """The instructions of these names in the whole chain, in their order."""
        for stage in self.chain:
            yield from (one for one in stage.instructions if one.name in names)

    def last(self, name: str) -> Instruction | None:
        """The last instruction of this name in the chain."""
        for stage in reversed(self.chain):
            for instruction in reversed(stage.instructions):
                if instruction.name == name:
                    return instruction
        return None

    @cached_property
    def used_in_run(self) -> frozenset[str]:
        """The variables that a RUN of the chain takes from the build.

        Those that the RUN sets itself, or gets from a secret mount, are not among them.
        """
        found: set[str] = set()
        for run in self.all("RUN"):
            mounts = " ".join(flag.value for flag in run.flags if flag.name == "mount")
            own = set(re.findall(r"env=(\w+)", mounts))
            own.update(one.name for command in run.commands for one in command.assignments)
            text = "\n".join((run.value, *(heredoc.text for heredoc in run.heredocs)))
            found.update(set(re.findall(r"\$\{?(\w+)", text)) - own)
        return frozenset(found)

    def at(self, *keys: str | int) -> Location:
        """The place of the image's name behind FROM."""
        return self.start.at(0)

    def level(self, rule: Rule) -> Level | None:
        """Stages that an image consists of or copies from; all where the rule wants all."""
        if not (self.shipped or self.feeds or rule.development):
            return None
        return role_level(self.dockerfile.role, rule)


class Dockerfile:
    """One file. `arguments` are the values of the ARG before the first FROM, None if unknown."""

    def __init__(self, path: str, role: Role, found: Scan) -> None:
        self.path = path
        self.role: Role = role
        self.scan = found
        self.instructions: list[Instruction] = []
        self.stages: list[Stage] = []
        self.arguments: dict[str, str | None] = {}
        self.contexts: set[str] = set()
        """Names that its builds give to further contexts, which FROM and COPY may use as images."""

    @property
    def custom(self) -> bool:
        """Whether another front end reads it, which may know other instructions."""
        syntax = self.scan.directives.get("syntax", "docker/dockerfile")
        return not dockerfile_base.reference(syntax).repository.startswith("docker/dockerfile")

    def stage(self, name: str) -> Stage | None:
        """The stage of this name (in any case) or number."""
        lowered = name.lower()
        for stage in reversed(self.stages):
            if stage.name == lowered or not stage.name and str(stage.number) == name:
                return stage
        return next((one for one in self.stages if str(one.number) == name), None)

    @property
    def effective(self) -> Stage | None:
        """The stage that a build ships when nothing names one."""
        if not self.stages:
            return None
        last = self.stages[-1]
        if not last.development:
            return last
        serious = [one for one in self.stages if one.serious and not one.development]
        return serious[-1] if serious else last.base or last

    def at(self, *keys: str | int) -> Location:
        return self.instructions[0].location if self.instructions else Location(self.path)

    def level(self, rule: Rule) -> Level | None:
        return role_level(self.role, rule)


def assemble(tree: Tree) -> Iterable[Dockerfile | Stage | Instruction]:
    """Every Dockerfile with its stages and instructions."""
    for file in tree.of("dockerfile"):
        if not file.path.lower().endswith("ignore"):
            dockerfile = read(tree, file.path)
            if dockerfile is not None:
                yield from parts(dockerfile)


def parts(dockerfile: Dockerfile) -> Iterator[Dockerfile | Stage | Instruction]:
    """The file, its stages and its instructions."""
    yield dockerfile
    yield from dockerfile.stages
    yield from dockerfile.instructions


def read(tree: Tree, path: str) -> Dockerfile | None:
    """Read one Dockerfile; None where it cannot be read, which is noted then."""
    file, text = tree.file(path), tree.text(path)
    if file is None or text is None:
        return None
    try:
        found = scan(path, text)
        if sum(logical.text[:5].upper() == "FROM " for logical in found.instructions) > _MAX_STAGES:
            raise TooLarge(f"more than {_MAX_STAGES} stages")
    except TooLarge as reason:
        tree.unread(path, str(reason))
        return None
    if any(logical.text.startswith(_TEMPLATE) for logical in found.instructions):
        tree.skipped(path, "a template of a Dockerfile")
        return None
    dockerfile = Dockerfile(path, _role(file.path, file.role), found)
    reader = _Reader(dockerfile)
    reader.run()
    for fault in (*found.faults, *reader.faults)[:_MAX_FAULTS]:
        tree.unparsed(path, fault.reason, fault.line, fault.column)
    return dockerfile


def _tokens(found: Scan) -> dict[int, tuple[str, str]]:
    """Keyword and value of the instruction on each line, by dockerfile-parse.

    It is given every instruction on one line and nothing else, because it would take the lines of
    here-documents for instructions, end a continuation at a blank line, and see one in `\\\\`.
    """
    from io import BytesIO

    from dockerfile_parse import DockerfileParser

    rows = ["#"] * max((one.end for one in found.instructions), default=0)
    for logical in found.instructions:
        # A letter of the private use area keeps a final escape from joining the next line.
        rows[logical.start - 1] = logical.text + "\ue000"
    data = "\n".join(rows).encode("utf-8", "replace")
    parser = DockerfileParser(fileobj=BytesIO(data), env_replace=False)
    return {
        one["startline"] + 1: (
            one["instruction"].removesuffix("\ue000"),
            one["value"].removesuffix("\ue000"),
        )
        for one in parser.structure
        if one["instruction"] != "COMMENT"
    }


class _Reader:
    """Makes the instructions and stages of one file, from the first to the last."""

    def __init__(self, dockerfile: Dockerfile) -> None:
        self.dockerfile = dockerfile
        self.faults: list[Fault] = []
        self.shells: dict[Stage, tuple[str, ...] | None] = {}

    def run(self) -> None:
        dockerfile = self.dockerfile
        tokens = _tokens(dockerfile.scan)
        for logical in dockerfile.scan.instructions:
            name, offset = keyword_of(logical.text)
            keyword, value = tokens.get(logical.start, ("", ""))
            if keyword == name:
                offset = len(logical.text.rstrip()) - len(value.rstrip())
            instruction = Instruction(dockerfile, logical, name, offset)
            dockerfile.instructions.append(instruction)
            self._place(instruction)
        if dockerfile.instructions and not dockerfile.stages:
            self._fault(dockerfile.instructions[-1], "no FROM, so there is nothing to build")

    def _fault(self, instruction: Instruction, reason: str) -> None:
        if not self.dockerfile.custom:
            self.faults.append(Fault(reason, *instruction.logical.position(0)))

    def _place(self, instruction: Instruction) -> None:
        dockerfile = self.dockerfile
        if instruction.name not in KEYWORDS:
            self._fault(instruction, f"no instruction is called {instruction.name[:40]}")
        elif instruction.name == "FROM":
            self._start(instruction)
        elif dockerfile.stages:
            stage = dockerfile.stages[-1]
            stage.instructions.append(instruction)
            instruction.stage = stage
            self._fill(instruction, stage)
        elif instruction.name == "ARG":
            self._pairs(instruction, self._global)
            for pair in instruction.pairs:
                dockerfile.arguments[pair.name] = pair.value
        else:
            self._fault(instruction, f"{instruction.name} stands before the first FROM")

    def _start(self, instruction: Instruction) -> None:
        dockerfile = self.dockerfile
        instruction.words = self._words(instruction, self._global)
        count = len(instruction.words)
        if count not in (1, 3) or count == 3 and instruction.words[1].written.lower() != "as":
            self._fault(instruction, "FROM takes an image, or an image AS a name")
        stage = Stage(dockerfile, len(dockerfile.stages), instruction)
        if stage.known:
            named = [one for one in dockerfile.stages if one.name == stage.image.lower()]
            stage.base = named[-1] if named else None
        if stage.base is not None:
            stage.environment = dict(stage.base.environment)
            stage.arguments = dict(stage.base.arguments)
        self.shells[stage] = self.shells[stage.base] if stage.base else None
        dockerfile.stages.append(stage)
        instruction.stage = stage

    def _global(self, name: str) -> str | None:
        """The value of a variable in FROM and in the arguments before it."""
        if name in self.dockerfile.arguments:
            return self.dockerfile.arguments[name]
        return None if name in _AUTOMATIC else UNSET

    def _lookup(self, stage: Stage) -> Lookup:
        known = stage.facts.environment

        def value(name: str) -> str | None:
            if name in stage.environment:
                return stage.environment[name].value
            if name in stage.arguments:
                return stage.arguments[name]
            if name in _AUTOMATIC:
                return None
            if name in self.dockerfile.arguments:
                return UNSET
            return None if known is None or name in known else UNSET

        return value

    def _fill(self, instruction: Instruction, stage: Stage) -> None:
        name, lookup = instruction.name, self._lookup(stage)
        instruction.shell = self.shells[stage]
        if name in _PAIRS:
            self._pairs(instruction, lookup)
            if name == "ENV":
                stage.environment.update((pair.name, pair) for pair in instruction.pairs)
            elif name == "ARG":
                stage.arguments.update(self._argument(pair) for pair in instruction.pairs)
        elif name in _LISTS or name in _WHOLE:
            instruction.words = self._words(instruction, lookup)
        elif name == "SHELL":
            self.shells[stage] = instruction.exec or self.shells[stage]
        elif name == "ONBUILD":
            keyword, length = keyword_of(instruction.value)
            offset = instruction.start + length
            instruction.onbuild = Instruction(self.dockerfile, instruction.logical, keyword, offset)
            instruction.onbuild.shell = instruction.shell

    def _argument(self, pair: Pair) -> tuple[str, str | None]:
        if pair.written is None:
            return pair.name, self.dockerfile.arguments.get(pair.name)
        return pair.name, pair.value

    def _words(self, instruction: Instruction, lookup: Lookup) -> tuple[Word, ...]:
        escape = self.dockerfile.scan.escape
        text, found = instruction.value, []
        if instruction.exec is not None:
            for index, written in enumerate(instruction.exec):
                value = expand(written, lookup, escape)
                found.append(Word(written, value, instruction.at(index), 0, 0))
            return tuple(found)
        spans = split(text, escape) if instruction.name in _LISTS else [(0, len(text))]
        for start, end in spans:
            written = text[start:end]
            where = instruction.place(start, end)
            found.append(Word(written, expand(written, lookup, escape), where, start, end))
        return tuple(word for word in found if word.written)

    def _pairs(self, instruction: Instruction, lookup: Lookup) -> None:
        text, escape = instruction.value, self.dockerfile.scan.escape
        spans = split(text, escape)
        if not spans:
            return
        first = text[slice(*spans[0])]
        if instruction.name != "ARG" and "=" not in first:
            start = spans[1][0] if len(spans) > 1 else len(text)
            instruction.pairs = (self._pair(instruction, spans[0], start, len(text), lookup),)
            if len(spans) == 1:
                self._fault(instruction, f"{instruction.name} {first[:40]} has no value")
            return
        found = []
        for start, end in spans:
            name, equals, _ = text[start:end].partition("=")
            if not equals and instruction.name != "ARG":
                self._fault(instruction, f"{instruction.name}: {name[:40]} has no value")
                continue
            value = start + len(name) + 1 if equals else -1
            found.append(self._pair(instruction, (start, end), value, end, lookup))
        instruction.pairs = tuple(found)

    def _pair(
        self,
        instruction: Instruction,
        span: tuple[int, int],
        start: int,
        end: int,
        lookup: Lookup,
    ) -> Pair:
        """The pair whose value stands between these offsets; `start` -1 for none."""
        text = instruction.value
        name = text[slice(*span)].partition("=")[0].strip("\"'")
        where = instruction.place(span[0], end)
        if start < 0:
            return Pair(name, None, None, where, where)
        written = text[start:end]
        value = expand(written, lookup, self.dockerfile.scan.escape)
        return Pair(name, written, value, where, instruction.place(start, end))


_TEST_FOLDERS = expression(r"(?:^|/)(?:\.circleci|\.gitlab|\.devcontainer)/")
_OTHER_NAMES = expression(r"(?:^|[._-])(?:lint|docs|e2e)(?:[._-]|\Z)")


def _role(path: str, role: Role) -> Role:
    """Some words say more in the name of a Dockerfile than elsewhere."""
    name = path.lower().rpartition("/")[2]
    if role == "production" and (_TEST_FOLDERS.search(path) or _OTHER_NAMES.search(name)):
        return "test"
    return role
