"""Images: what a build of one stage of a Dockerfile in one context amounts to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from flask_preflight.artifacts import shell
from flask_preflight.artifacts.dockerfile import Dockerfile, Instruction, Stage
from flask_preflight.artifacts.dockerfile_copies import Copies, Layers
from flask_preflight.artifacts.request import request_of
from flask_preflight.artifacts.requirements import Requirement
from flask_preflight.facts import Build, Entry, Mount, Port, Probe, Variable, role_level
from flask_preflight.lazy import expression
from flask_preflight.result import Level, Location
from flask_preflight.rule import Rule
from flask_preflight.run import Role

SHELL = ("sh", "-c")
"""What runs a shell form where no SHELL is given."""
_DROPPING = frozenset("gosu su-exec setpriv runuser s6-setuidgid chroot setuser".split())
_MAX_PORTS = 64
_MAX_SCRIPTS = 12


class Image:
    """A stage with everything it inherits, built in one context ("" is the root).

    `context` is None where it is not known, `build` the first description of such a build, None
    where nothing in the repository builds it. `runs` are the entries that use it.
    """

    def __init__(
        self,
        dockerfile: Dockerfile,
        stage: Stage,
        context: str | None,
        build: Build | None,
        copies: Copies,
    ) -> None:
        self.dockerfile = dockerfile
        self.stage = stage
        self.context = context
        self.build = build
        self.builds: list[Build] = [build] if build is not None else []
        self.copies = copies
        self.layers: Layers = copies[stage]
        self.runs: list[Entry] = []
        self.cluster = False
        """The repository describes a cluster, whose probes take no notice of a HEALTHCHECK."""
        self.stages: tuple[Stage, ...] = ()
        """Those that it consists of, and those that it copies from."""
        self.packages: frozenset[str] | None = None
        """Normalised names of all Python packages in it; None where that is not known."""
        self.requirements: list[Requirement] = []
        """What the dependency files nearest to its context ask for, installed or not."""
        self._entrypoint, self._command = _starts(stage)

    @property
    def title(self) -> str:
        """How a message names it."""
        if self.stage is self.dockerfile.stages[-1]:
            return self.dockerfile.path
        return f"{self.dockerfile.path} (stage {self.stage.title})"

    @property
    def role(self) -> Role:
        """That of the Dockerfile; an image of a stage for development is for development."""
        if self.dockerfile.role == "production" and self.stage.development:
            return "production" if self.stage is self.dockerfile.effective else "development"
        return self.dockerfile.role

    def at(self, *keys: str | int) -> Location:
        """The place of the last instruction of this name, else the FROM of the stage."""
        for key in keys:
            found = self.stage.last(str(key))
            if found is not None:
                return found.location
        return self.stage.at()

    def level(self, rule: Rule) -> Level | None:
        return role_level(self.role, rule)

    @cached_property
    def whole_copies(self) -> tuple[Instruction, ...]:
        """The copies of the whole folder that it is built in."""
        return tuple(
            instruction
            for stage in self.stages
            for instruction in stage.instructions
            if instruction.name in ("COPY", "ADD")
            and instruction.flag("from") is None
            and any(word.value in (".", "./", "/", "*") for word in instruction.words[:-1])
        )

    # What it starts

    @property
    def start(self) -> tuple[Instruction, ...]:
        """The ENTRYPOINT and the CMD that count, as far as the Dockerfile gives them."""
        both = (self._entrypoint, self._command)
        if self.shell_entrypoint:
            both = (self._entrypoint, None)
        return tuple(one for one in both if one is not None)

    @property
    def shell_entrypoint(self) -> bool:
        """The ENTRYPOINT has shell form, so that a command is never passed on."""
        return self._entrypoint is not None and self._entrypoint.exec is None

    @cached_property
    def entrypoint(self) -> tuple[str, ...] | None:
        """Its words; () for none, None where only the base image knows."""
        if self._entrypoint is not None:
            return _words(self._entrypoint)[0]
        return self.stage.facts.entrypoint

    @cached_property
    def command(self) -> tuple[str, ...] | None:
        """The words of CMD; () for none, None where only the base image knows."""
        if self._command is not None:
            return _words(self._command)[0]
        return () if self._entrypoint is not None else self.stage.facts.command

    @cached_property
    def argv(self) -> tuple[str, ...] | None:
        """What a container runs when nothing else is said; None where that cannot be known."""
        if self.shell_entrypoint:
            return self.entrypoint
        if self.entrypoint is None:
            # Few images have an entry point that is more than a wrapper.
            return self.command if self._command is not None else None
        return None if self.command is None else self.entrypoint + self.command

    @cached_property
    def _places(self) -> tuple[Location, ...]:
        return tuple(place for one in self.start for place in _words(one)[1])

    def argv_at(self, index: int) -> Location:
        """The place of a word of `argv`."""
        places = self._places
        return places[index] if 0 <= index < len(places) else self.at("CMD", "ENTRYPOINT")

    def entrypoint_at(self, index: int) -> Location:
        """The place of a word of `entrypoint`."""
        places = _words(self._entrypoint)[1] if self._entrypoint is not None else ()
        return places[index] if 0 <= index < len(places) else self.at("ENTRYPOINT")

    # What it is

    @property
    def user(self) -> str | None:
        """The value of the last USER; empty where there is none, None where it is not known."""
        last = self.stage.last("USER")
        if last is None:
            return ""
        return last.words[0].value if last.words else None

    @property
    def stop_signal(self) -> str:
        """The value of the last STOPSIGNAL; empty where there is none."""
        last = self.stage.last("STOPSIGNAL")
        return last.value.strip() if last is not None else ""

    @property
    def drops_root(self) -> bool:
        """Whether its start changes the user, so that USER does not decide."""
        if self.stage.facts.drops:
            return True
        return any(
            command.program in _DROPPING or set(command.wrappers) & _DROPPING
            for command in (*self.start_commands, *self.scripts())
        )

    @cached_property
    def start_commands(self) -> list[shell.Command]:
        """The commands in ENTRYPOINT and CMD, those in `sh -c` too."""
        return [command for one in self.start for command in one.commands]

    def scripts(self) -> Iterator[shell.Command]:
        """The commands of the shell scripts of the repository that it starts with."""
        words = [word for command in self.start_commands for word in command.words[:3]]
        for word in words[:_MAX_SCRIPTS]:
            path = None if word.startswith("-") or "$" in word else self.maps(word)
            text = self.copies.tree.text(path) if path is not None else None
            if text and (text.startswith("#!") or str(path).endswith(".sh")):
                yield from shell.commands(text, shell.places(str(path), text))

    @property
    def runs_as_root(self) -> bool | None:
        """Whether its process certainly is root's; None where that is not known."""
        user = self.user
        if user and not is_root(user):
            return False
        if user is None or self.drops_root:
            return None
        return True if user else self.stage.facts.root

    @property
    def workdir(self) -> str:
        """The absolute working directory; that of an unknown base image counts as `/`."""
        return self.layers.workdir

    @cached_property
    def ports(self) -> list[Port]:
        """What EXPOSE names."""
        return list(_ports(self.stage))[:_MAX_PORTS]

    @cached_property
    def environment(self) -> list[Variable]:
        """What the known base image and ENV set, lowest precedence first."""
        names = sorted(self.stage.facts.environment or ())
        where = self.stage.root.at()
        inherited = [Variable(name, None, where, "base image") for name in names]
        own = [
            Variable(pair.name, pair.value, pair.location, "ENV")
            for instruction in self.stage.all("ENV")
            for pair in instruction.pairs
        ]
        return inherited + own

    def variable(self, name: str) -> Variable | None:
        """What its environment says of a name."""
        return next((one for one in reversed(self.environment) if one.name == name), None)

    @property
    def open_environment(self) -> Location | None:
        """The FROM of a base image that may set more variables; None where all are known."""
        return self.stage.root.at() if self.stage.facts.environment is None else None

    @cached_property
    def healthcheck(self) -> Probe | None:
        """What HEALTHCHECK asks for; None where there is none or it is switched off."""
        last = self.stage.last("HEALTHCHECK")
        return None if last is None or last.kind != "CMD" else _probe(last)

    @property
    def volumes(self) -> tuple[Mount, ...]:
        """What VOLUME names."""
        return tuple(
            Mount(word.value, "anonymous", "", word.location)
            for instruction in self.stage.all("VOLUME")
            for word in instruction.words
            if word.value
        )

    def maps(self, container_path: str) -> str | None:
        """The path in the repository of what stands there; None where that is not known."""
        path = container_path if container_path[:1] == "/" else f"{self.workdir}/{container_path}"
        return self.layers.maps(path)

    @property
    def copies_closed(self) -> bool:
        """Whether files of the application get into it by COPY and ADD only."""
        return self.layers.closed

    @cached_property
    def commands(self) -> list[shell.Command]:
        """The commands of every RUN in its chain."""
        return [command for run in self.stage.all("RUN") for command in run.commands]


def is_root(user: str) -> bool:
    """Whether the user part of USER is root's name or number."""
    name = user.partition(":")[0].strip()
    return name == "root" or name.isascii() and name.isdigit() and not int(name[:20])


def _starts(stage: Stage) -> tuple[Instruction | None, Instruction | None]:
    """The ENTRYPOINT and the CMD in force; an ENTRYPOINT drops the CMD of earlier stages."""
    entrypoint: Instruction | None = None
    command: Instruction | None = None
    for one in stage.chain:
        own = False
        for instruction in one.instructions:
            if instruction.name == "CMD":
                command, own = instruction, True
            elif instruction.name == "ENTRYPOINT":
                entrypoint = instruction
                command = command if own else None
    return entrypoint, command


def _words(instruction: Instruction) -> tuple[tuple[str, ...], tuple[Location, ...]]:
    if instruction.exec is not None:
        places = tuple(instruction.at(index) for index in range(len(instruction.exec)))
        return instruction.exec, places
    if not instruction.value:
        return (), ()
    words = (*(instruction.shell or SHELL), instruction.value)
    return words, (instruction.place(0, len(instruction.value)),) * len(words)


def _ports(stage: Stage) -> Iterator[Port]:
    for instruction in stage.all("EXPOSE"):
        for word in instruction.words:
            for written in (word.value or "").split():
                found = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?(?:/(?:tcp|TCP))?", written)
                if found:
                    last = min(int(found[2] or found[1]), int(found[1]) + _MAX_PORTS)
                    for number in range(int(found[1]), last + 1):
                        yield Port(number, "", word.location)


def _probe(instruction: Instruction) -> Probe:
    request = request_of(instruction.commands)
    retries = instruction.flag("retries") or ""
    about = Probe(
        "healthcheck",
        request.location if request is not None else instruction.location,
        timeout=seconds(instruction.flag("timeout")),
        period=seconds(instruction.flag("interval")),
        failures=int(retries) if retries.isdigit() and len(retries) < 6 else None,
        at=instruction.at,
    )
    if request is not None:
        about.method, about.scheme, about.host = request.method, request.scheme, request.foreign
        about.path, about.port, about.headers = request.path, request.port, dict(request.headers)
    return about


_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
_DURATION = expression(r"(\d{1,12}(?:\.\d{0,12})?)(h|ms|m|s|us|µs|ns)")


def seconds(text: str | None) -> float | None:
    """A duration as Docker writes it, `1m30s`; None for anything else."""
    if not text or _DURATION.sub("", text):
        return None
    return sum(float(number) * _UNITS[unit] for number, unit in _DURATION.findall(text))
