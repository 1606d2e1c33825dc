"""Which Python packages the RUN instructions of an image install."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from posixpath import normpath

from flask_preflight.artifacts.dockerfile import Stage
from flask_preflight.artifacts.dockerfile_copies import Copies
from flask_preflight.artifacts.requirements import DependencyFile, Requirement, normalised
from flask_preflight.artifacts.shell import Command
from flask_preflight.facts import Deployment

_LOCKS = {
    "uv": ("uv.lock", "pyproject.toml"),
    "poetry": ("poetry.lock", "pyproject.toml"),
    "pdm": ("pdm.lock", "pyproject.toml"),
    "pipenv": ("Pipfile.lock", "Pipfile"),
}
_VALUED = frozenset(
    "-c --constraint -i --index-url --extra-index-url -f --find-links --trusted-host -t --target "
    "--prefix --root --python -p --timeout --retries --cache-dir --platform --no-binary "
    "--only-binary --progress-bar --upgrade-strategy --config-settings --extra --group".split()
)
_CONDA = frozenset("conda mamba micromamba".split())
_MAX_FILES = 100


class _Unknown(Exception):
    pass


class Packages:
    """The dependency files of a repository by path."""

    def __init__(self, deployment: Deployment) -> None:
        self.about = {one.path: one for one in deployment[DependencyFile]}
        self.names: dict[str, set[str]] = {}
        for requirement in deployment[Requirement]:
            if not requirement.for_development:
                self.names.setdefault(requirement.path, set()).update(requirement.names)

    def installed(self, stages: Iterable[Stage], copies: Copies) -> frozenset[str] | None:
        """Normalised names of what these stages install; None where not all of it is known."""
        found: set[str] = set()
        seen = False
        try:
            for stage in stages:
                for instruction in stage.instructions:
                    for command in instruction.commands if instruction.name == "RUN" else ():
                        names = self._command(command, stage, copies)
                        seen = seen or names is not None
                        found.update(names or ())
        except _Unknown:
            return None
        return frozenset(found) if seen else None

    def _command(self, command: Command, stage: Stage, copies: Copies) -> set[str] | None:
        """What one command installs; None for a command that installs nothing from PyPI."""
        words = command.words
        if re.fullmatch(r"python[\d.]*", command.program) and words[1:2] == ("-m",):
            words = words[2:]
        program = words[0].rpartition("/")[2] if words else ""
        if re.fullmatch(r"pip[\d.]*", program) and "install" in words[1:4]:
            return self._pip(words[words.index("install") + 1 :], stage, copies)
        if program == "uv" and words[1:3] == ("pip", "install"):
            return self._pip(words[3:], stage, copies)
        if program in _LOCKS and {"install", "sync"} & set(words[1:4]):
            return self._files(_LOCKS[program], stage, copies)
        if program in ("conda", "mamba", "micromamba") and {"install", "env", "create"} & set(
            words
        ):
            raise _Unknown
        return None

    def _pip(self, words: tuple[str, ...], stage: Stage, copies: Copies) -> set[str]:
        found: set[str] = set()
        index = 0
        while index < len(words):
            word = words[index]
            index += 1
            given = re.match(r"(?:-r|--requirements?=?)(.*)", word)
            if word in ("-r", "--requirement", "--requirements"):
                path = words[index] if index < len(words) else ""
                found |= self._files((path,), stage, copies)
                index += 1
            elif given and not word.startswith(("--require-hashes", "--retries")):
                found |= self._files((given[1],), stage, copies)
            elif word in ("-e", "--editable"):
                found |= self._files(("pyproject.toml", "setup.py", "setup.cfg"), stage, copies)
                index += 1
            elif word.startswith("-"):
                index += word in _VALUED
            elif word.startswith((".", "/")) and not word.endswith((".whl", ".gz")):
                found |= self._files(("pyproject.toml", "setup.cfg"), stage, copies)
            else:
                found |= _written(word)
        return found

    def _files(self, paths: tuple[str, ...], stage: Stage, copies: Copies) -> set[str]:
        """The names in the first of these files that is known."""
        layers = copies[stage]
        for written in paths:
            if not written or "$" in written or "*" in written:
                continue
            inside = written if written[:1] == "/" else f"{layers.workdir}/{written}"
            beside = normpath("/" + written).strip("/")
            mapped = layers.maps(inside)
            for path in (mapped, copies.repository_path(beside)):
                if path is not None and path in self.about:
                    return set(self._all(path))
        raise _Unknown

    def _all(self, path: str) -> Iterator[str]:
        waiting, seen = [path], {path}
        while waiting:
            current = waiting.pop()
            about = self.about.get(current)
            if about is None or about.open or len(seen) > _MAX_FILES:
                raise _Unknown
            yield from self.names.get(current, ())
            waiting += [one for one in about.includes if one not in seen]
            seen.update(about.includes)


def _written(word: str) -> set[str]:
    found = re.match(r"([A-Za-z0-9][\w.-]*)(?:\[([^\]]*)\])?", word)
    if found is None or "$" in word or "://" in word or word.endswith((".whl", ".gz")):
        raise _Unknown
    name = normalised(found[1])
    extras = [normalised(extra.strip()) for extra in (found[2] or "").split(",") if extra.strip()]
    return {name, *extras, *(f"{name}-{extra}" for extra in extras)}
