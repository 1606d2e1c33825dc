"""Which file of the repository stands at which path of a container."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import normpath
from typing import NamedTuple

from flask_preflight.artifacts.dockerfile import Dockerfile, Instruction, Stage
from flask_preflight.artifacts.dockerfile_ignore import Ignore
from flask_preflight.globs import Pattern
from flask_preflight.lazy import expression
from flask_preflight.run import Tree

_MAX_STEPS = 5_000
_MAX_GLOBS = 100
_OPENING = frozenset(
    "git wget curl unzip tar cp mv ln rsync svn hg aws gsutil gcloud az s3cmd cookiecutter make "
    "django-admin tee install sh bash ash dash".split()
)
"""Programs that may put files of an application somewhere else."""
_WRITTEN = expression(r">>?\s*\S+\.(?:py|cfg|ini|conf|toml)\b")
_FOLDERS = (
    "/ /bin /boot /dev /etc /home /lib /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr "
    "/usr/bin /usr/lib /usr/local /usr/local/bin /usr/local/lib /usr/sbin /usr/share /usr/src /var "
    "/var/lib /var/log /var/run /var/tmp"
).split()


def absolute(path: str) -> str:
    """A path from the root of the file system, without dots and doubled slashes."""
    return "/" + normpath("/" + path).lstrip("/")


class Copied(NamedTuple):
    """What one source of a COPY puts into the container.

    `path` is absolute there. `source` is a path of the repository, or of `origin` where that is a
    stage; None where the content is not from a known file. `folder`: the content of a folder is
    copied, and `path` is where it goes.
    """

    path: str
    source: str | None
    folder: bool
    origin: Stage | None
    instruction: Instruction


class Copies:
    """The copies of every stage of one Dockerfile, built in one context ("" is the root)."""

    def __init__(self, tree: Tree, dockerfile: Dockerfile, context: str | None) -> None:
        self.tree = tree
        self.dockerfile = dockerfile
        self.context = context
        self.ignore = _ignore(tree, dockerfile, context)
        self.globs = 0
        self._stages: dict[Stage, Layers] = {}
        for stage in dockerfile.stages:
            self._stages[stage] = Layers(self, stage)

    def __getitem__(self, stage: Stage) -> Layers:
        return self._stages[stage]

    def repository_path(self, relative: str) -> str:
        """The path in the repository of a path in the context."""
        return f"{self.context}/{relative}".strip("/") if relative else self.context or ""

    def excluded(self, path: str) -> bool:
        """Whether the ignore file keeps a path of the repository out of the build."""
        folder = f"{self.context}/" if self.context else ""
        return self.ignore.excluded(path.removeprefix(folder))


def _ignore(tree: Tree, dockerfile: Dockerfile, context: str | None) -> Ignore:
    folder = f"{context}/" if context else ""
    names = [f"{dockerfile.path}.dockerignore"]
    if context is not None:
        names += [f"{folder}.dockerignore", f"{folder}.containerignore"]
    for name in names:
        if tree.file(name):
            return Ignore(name, tree.text(name) or "")
    return Ignore("", "")


class Layers:
    """What one stage copies, with the working directory at its end.

    `closed`: nothing in the stage may put files of the application there in another way.
    """

    def __init__(self, copies: Copies, stage: Stage) -> None:
        self.copies = copies
        self.stage = stage
        base = copies[stage.base] if stage.base is not None else None
        self.base = base
        self.workdir: str = base.workdir if base else "/"
        self.folders: set[str] = set(base.folders if base else _FOLDERS)
        self.closed: bool = base.closed if base else stage.facts.environment is not None
        self.copied: list[Copied] = []
        for instruction in stage.instructions:
            self._take(instruction)

    def maps(self, path: str) -> str | None:
        """The path in the repository of what is at this absolute path."""
        return self._find(absolute(path), [_MAX_STEPS])

    def _find(self, path: str, steps: list[int]) -> str | None:
        layers: Layers | None = self
        while layers is not None:
            for copied in reversed(layers.copied):
                steps[0] -= 1
                if steps[0] < 0:
                    return None
                inside = _inside(copied, path)
                if inside is None:
                    continue
                if copied.source is None:
                    if copied.folder:
                        continue
                    return None
                found = layers._source(copied, inside, steps)
                if found is not None:
                    return found
            layers = layers.base
        return None

    def _source(self, copied: Copied, inside: str, steps: list[int]) -> str | None:
        target = f"{copied.source}/{inside}".rstrip("/") if inside else str(copied.source)
        if copied.origin is not None:
            return self.copies[copied.origin]._find(absolute(target), steps)
        target = target.strip("/")
        tree = self.copies.tree
        if not (tree.file(target) or tree.is_folder(target)) or self.copies.excluded(target):
            return None
        return target

    def _take(self, instruction: Instruction) -> None:
        name = instruction.name
        if name == "WORKDIR":
            value = instruction.words[0].value if instruction.words else None
            if value is None:
                self.closed = False
            else:
                self.workdir = absolute(f"{self.workdir}/{value}" if value[:1] != "/" else value)
                self._made(self.workdir)
        elif name in ("COPY", "ADD"):
            self._copy(instruction)
        elif name == "RUN":
            self._run(instruction)

    def _made(self, path: str) -> None:
        while path not in self.folders:
            self.folders.add(path)
            path = path.rpartition("/")[0] or "/"

    def _run(self, instruction: Instruction) -> None:
        commands = instruction.commands
        foreign = bool(instruction.heredocs) and instruction.script is None
        if not commands or foreign or _WRITTEN.search(instruction.value):
            self.closed = False
        for command in commands:
            if command.program == "mkdir":
                for word in command.words[1:]:
                    if not word.startswith("-") and "$" not in word:
                        self._made(absolute(word if word[:1] == "/" else f"{self.workdir}/{word}"))
            elif command.program in _OPENING or _installs_project(command.words):
                self.closed = False
            elif command.program.endswith(".sh") or command.words[:1] == (".",):
                self.closed = False

    def _copy(self, instruction: Instruction) -> None:
        words = instruction.words
        if len(words) < 2 or any(word.value is None for word in words):
            self.closed = False
            return
        *sources, target = [str(word.value) for word in words]
        origin: Stage | None = None
        named = instruction.flag("from")
        if named is not None:
            origin = self.copies.dockerfile.stage(named)
            if origin is None or origin.number >= self.stage.number:
                self._foreign(sources, target, instruction)
                return
            self.closed = self.closed and self.copies[origin].closed
        path = absolute(target if target[:1] == "/" else f"{self.workdir}/{target}")
        into = target.endswith(("/", "/.")) or target == "." or path in self.folders
        for source in sources:
            self._one(source, path, into or len(sources) > 1, origin, instruction)

    def _foreign(self, sources: list[str], target: str, instruction: Instruction) -> None:
        """From an image of somebody else: programs mostly, but `/` may hold anything."""
        path = absolute(target if target[:1] == "/" else f"{self.workdir}/{target}")
        for source in sources:
            name = source.rstrip("/").rpartition("/")[2]
            self.copied.append(Copied(f"{path}/{name}", None, True, None, instruction))
            if path == "/" or path == self.workdir:
                self.closed = False

    def _one(
        self, source: str, path: str, into: bool, origin: Stage | None, instruction: Instruction
    ) -> None:
        name = source.rstrip("/").rpartition("/")[2]
        if source.startswith("<<"):
            name = re.sub(r"^<<-?|['\"]", "", source)
            where = f"{path}/{name}" if into else path
            self.copied.append(Copied(absolute(where), None, False, None, instruction))
            self.closed = False
        elif re.match(r"https?://|git@|git://", source):
            self.closed = False
        elif origin is not None:
            self._from_stage(source, path, into, origin, instruction)
        else:
            for relative in self._expanded(source):
                self._from_context(relative, path, into, instruction)

    def _from_stage(
        self, source: str, path: str, into: bool, origin: Stage, instruction: Instruction
    ) -> None:
        inner = absolute(source)
        if re.search(r"[*?\[]", inner):
            self.closed = False
            return
        mapped = self.copies[origin].maps(inner)
        is_file = mapped is not None and self.copies.tree.file(mapped) is not None
        is_folder = not is_file and (
            inner in self.copies[origin].folders or mapped is not None or not into
        )
        name = inner.rpartition("/")[2]
        where = absolute(f"{path}/{name}") if into and not is_folder else path
        if is_folder:
            self._made(path)
        self.copied.append(Copied(where, inner, is_folder, origin, instruction))

    def _from_context(self, relative: str, path: str, into: bool, instruction: Instruction) -> None:
        tree, target = self.copies.tree, self.copies.repository_path(relative)
        if self.copies.context is None:
            self.closed = False
            return
        if instruction.flag("parents") is not None and relative:
            folder = relative.rpartition("/")[0]
            path = absolute(f"{path}/{folder}")
        if tree.is_folder(target) or not target:
            self._made(path)
            self.copied.append(Copied(path, target, True, None, instruction))
        elif tree.file(target):
            name = relative.rpartition("/")[2]
            where = absolute(f"{path}/{name}") if into else path
            self._made(where.rpartition("/")[0] or "/")
            self.copied.append(Copied(where, target, False, None, instruction))
        else:
            self.closed = False

    def _expanded(self, source: str) -> Iterator[str]:
        """The paths in the context that a source means."""
        relative = absolute(source).strip("/")
        if not re.search(r"[*?\[]", relative):
            yield relative
            return
        self.copies.globs += 1
        if self.copies.globs > _MAX_GLOBS or relative.count("*") > 16:
            self.closed = False
            return
        pattern, depth = Pattern("/" + relative), relative.count("/") + 1
        folder = f"{self.copies.context}/" if self.copies.context else ""
        seen = set()
        for file in self.copies.tree.files:
            if file.path.startswith(folder):
                head = "/".join(file.path[len(folder) :].split("/")[:depth])
                if head not in seen:
                    seen.add(head)
                    if head.count("/") + 1 == depth and pattern.matches(head):
                        yield head


def _inside(copied: Copied, path: str) -> str | None:
    """The path below what was copied, "" for itself; None where it is elsewhere."""
    if path == copied.path:
        return ""
    if copied.folder and (copied.path == "/" or path.startswith(copied.path + "/")):
        return path[len(copied.path) :].lstrip("/")
    return None


def _installs_project(words: tuple[str, ...]) -> bool:
    """Whether a command installs the project itself as a package."""
    if words[:1] and words[0].rpartition("/")[2].startswith("python") and words[1:2] == ("-m",):
        words = words[2:]
    program = words[0].rpartition("/")[2] if words else ""
    if program in ("poetry", "pdm", "hatch"):
        return "install" in words[:3] and not {"--no-root", "--no-self"} & set(words)
    if program == "uv" and "sync" in words[:3]:
        return "--no-install-project" not in words
    if words[1:2] == ("setup.py",):
        return True
    if "install" not in words[:4] or not (program.startswith("pip") or program == "uv"):
        return False
    return any(word == "." or word.startswith((".[", "./", "-e", "--editable")) for word in words)
