"""The files of a project: what is found below its root, what is left out, and how it is read."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from flask_preflight import classify, git
from flask_preflight.config import ConfigError
from flask_preflight.decode import decode
from flask_preflight.ignore import IgnoreFile
from flask_preflight.limits import (
    MAX_FILE_BYTES,
    MAX_FILES,
    MAX_PATH_BYTES,
    MAX_PATH_DEPTH,
    MAX_TEXT_BYTES,
)
from flask_preflight.run import File, Notes, Role, Tree

HEAD = 4096
EXCLUDE = (
    ".git",
    ".hg",
    ".svn",
    "node_modules",
    "__pycache__",
    ".tox",
    ".nox",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    "site-packages",
    "*.egg-info",
    "vendor",
)
"""Folders that hold other people's code or caches. A folder with a `pyvenv.cfg` is left out too."""
CONFIGURATIONS = (".flask-preflight.toml", "flask-preflight.toml")
_IGNORE_FILES = (".gitignore", ".ignore")


class Options(NamedTuple):
    """What of a project is read. `exclude`, `include` and the keys of `roles` are patterns as in
    .gitignore, relative to the root; `given` are paths named on the command line."""

    exclude: tuple[str, ...] = EXCLUDE
    extend_exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    respect_gitignore: bool = True
    given: tuple[str, ...] = ()
    force_exclude: bool = False
    roles: Mapping[str, str] = {}
    environments: Mapping[str, tuple[str, ...]] = {}
    settings: Mapping[str, Any] = {}


def discover(root: str, options: Options) -> Tree:
    """Every file that is read, in the order of their bytes.

    Raises ConfigError if there are more than `MAX_FILES`.
    """
    notes = Notes()
    walk = _Walk(root, options, notes)
    found = walk.files()
    tree = Tree(tuple(found), _Reader(root), options.settings)
    tree.notifications += notes.notifications
    return tree


def project_root(path: str) -> str:
    """The folder a path is judged in.

    The nearest one with a configuration, this one or above; for a file without one the work tree
    of git that holds it, else its folder.
    """
    folder = path if os.path.isdir(path) else os.path.dirname(path) or "."
    start = os.path.realpath(folder)
    current = start
    while True:
        if _configured(current):
            return folder if current == start else current
        above = os.path.dirname(current)
        if above == current:
            break
        current = above
    return folder if os.path.isdir(path) else git.root_of(start) or folder


def _configured(folder: str) -> bool:
    if any(os.path.isfile(os.path.join(folder, name)) for name in CONFIGURATIONS):
        return True
    data = git.read(os.path.join(folder, "pyproject.toml")) or b""
    return b"[tool.flask-preflight" in data or b"tool.flask-preflight" in data


def git_root(path: str) -> str | None:
    """The work tree of git that holds this folder."""
    return git.root_of(path)


def below_git(root: str) -> str:
    """From the work tree that holds this folder down to it, "shop/"; "" if there is none."""
    top = git_root(root)
    inside = os.path.relpath(os.path.realpath(root), os.path.realpath(top)) if top else "."
    return "" if inside == "." else inside.replace(os.sep, "/") + "/"


def provenance(root: str) -> tuple[str, str, str] | None:
    """Repository, revision and branch of the work tree that holds this folder."""
    top = git.root_of(root)
    return git.provenance(top) if top else None


class _Found(NamedTuple):
    """A file of the tree before it is classified."""

    path: str
    size: int


class _Walk:
    """Goes through the folders from the top, so that an ignored one is never entered."""

    def __init__(self, root: str, options: Options, notes: Notes) -> None:
        self.root = root
        self.real = os.path.realpath(root)
        self.options = options
        self.notes = notes
        self.seen = 0
        self.excludes = IgnoreFile("", (*options.exclude, *options.extend_exclude))
        self.includes = IgnoreFile("", options.include)
        self.tracked = self._tracked() if options.respect_gitignore else None
        self.tracked_folders = _folders(self.tracked or ())
        self.links: list[str] = []
        self.ignored: set[str] = set()
        """Files that are read although git ignores them."""

    def files(self) -> list[File]:
        found = list(self._below())
        have = {one.path for one in found}
        given = {} if self.options.force_exclude else dict(self._given(have))
        found += given.values()
        found.sort(key=lambda one: os.fsencode(one.path))
        aliases = self._aliases({one.path for one in found})
        classified = (self._classified(one, aliases.get(one.path, ())) for one in found)
        return [file for file in classified if file is not None]

    def _given(self, have: set[str]) -> Iterator[tuple[str, _Found]]:
        for path in self.options.given:
            if path in have:
                continue
            place = os.path.join(self.root, path)
            inside = os.path.realpath(place).startswith(self.real + os.sep)
            if inside and os.path.isfile(place) and not os.path.islink(place):
                yield path, _Found(path, os.lstat(place).st_size)

    def _tracked(self) -> frozenset[str] | None:
        """What git tracks, relative to the root; None if that cannot be told."""
        top = git.root_of(self.root)
        if top is None:
            return None
        try:
            names = git.tracked(top)
        except git.Damaged:
            self.notes.skipped(".git/index", "the index of git is damaged; all files are read")
            return None
        below = os.path.relpath(self.real, top).replace(os.sep, "/")
        if names is None or below == ".":
            return names
        prefix = below + "/"
        return frozenset(name[len(prefix) :] for name in names if name.startswith(prefix))

    def _below(self) -> Iterator[_Found]:
        """All files, folder by folder; iterative, since trees may be deep."""
        waiting: list[tuple[str, tuple[IgnoreFile, ...], bool]] = [("", self._outer(), False)]
        while waiting:
            folder, ignores, ignored = waiting.pop()
            entries = self._listed(folder)
            if any(entry.name == "pyvenv.cfg" for entry in entries) and folder:
                continue
            ignores = self._with_own(folder, entries, ignores)
            for entry in entries:
                path = folder + entry.name
                kind = self._kind(entry)
                if kind == "folder":
                    inside = self._enters(path, ignores, ignored)
                    if inside is not None and self._is_short(path):
                        waiting.append((path + "/", ignores, inside))
                elif kind == "link":
                    self.links.append(path)
                elif kind == "file":
                    if self._reads(path, ignores, ignored):
                        yield _Found(path, _size(entry))
                elif kind == "other" and self._reads(path, ignores, ignored):
                    self._mention(path, "it is no regular file")

    def _outer(self) -> tuple[IgnoreFile, ...]:
        if not self.options.respect_gitignore:
            return ()
        data = git.read(os.path.join(self.root, ".git", "info", "exclude"))
        return () if data is None else (IgnoreFile("", _lines(data)),)

    def _listed(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(os.path.join(self.root, folder)) as entries:
                found = sorted(entries, key=lambda entry: os.fsencode(entry.name))
        except OSError as fault:
            self.notes.unread(folder.rstrip("/") or ".", _reason(fault))
            return []
        self.seen += len(found)
        if self.seen > MAX_FILES:
            said = f"there are more than {MAX_FILES:,} files below {self.root}"
            raise ConfigError(f"{said}; leave some out with --extend-exclude")
        return found

    def _with_own(
        self, folder: str, entries: list[os.DirEntry[str]], ignores: tuple[IgnoreFile, ...]
    ) -> tuple[IgnoreFile, ...]:
        if not self.options.respect_gitignore:
            return ignores
        names = {entry.name for entry in entries}
        for name in _IGNORE_FILES:
            data = git.read(os.path.join(self.root, folder, name)) if name in names else None
            if data is not None:
                own = IgnoreFile(folder, _lines(data))
                if own.dropped:
                    said = (
                        f"patterns over a limit are not used, such as that of line {own.dropped[0]}"
                    )
                    self.notes.skipped(folder + name, said)
                ignores = (*ignores, own)
        return ignores

    def _kind(self, entry: os.DirEntry[str]) -> str:
        try:
            if entry.is_symlink():
                return "link"
            if entry.is_dir(follow_symlinks=False):
                return "folder"
            return "file" if entry.is_file(follow_symlinks=False) else "other"
        except OSError:
            return "other"

    def _is_short(self, path: str) -> bool:
        if path.count("/") < MAX_PATH_DEPTH and len(os.fsencode(path)) < MAX_PATH_BYTES:
            return True
        self.notes.skipped(path, "the folder is nested too deeply")
        return False

    def _enters(self, path: str, ignores: tuple[IgnoreFile, ...], ignored: bool) -> bool | None:
        """Whether what is in the folder counts as ignored; None if it is not entered."""
        excluded = bool(self.excludes.decides(path, folder=True))
        if excluded and not self.options.include:
            return None
        ignored = ignored or excluded or bool(_decided(ignores, path, folder=True))
        if ignored and not self.options.include and path not in self.tracked_folders:
            return None
        return ignored

    def _reads(self, path: str, ignores: tuple[IgnoreFile, ...], ignored: bool) -> bool:
        if self.includes.decides(path, folder=False):
            if ignored or _decided(ignores, path, folder=False):
                self.ignored.add(path)
            return True
        if self._excluded(path):
            return False
        if self.tracked is not None and path in self.tracked:
            return True
        return not ignored and not _decided(ignores, path, folder=False)

    def _excluded(self, path: str) -> bool:
        """Whether the configuration leaves out the file or a folder that holds it."""
        if self.excludes.decides(path, folder=False):
            return True
        index = path.find("/")
        while index > 0:
            if self.excludes.decides(path[:index], folder=True):
                return True
            index = path.find("/", index + 1)
        return False

    def _aliases(self, files: set[str]) -> dict[str, tuple[str, ...]]:
        """Links by the file inside the root that they lead to."""
        found: dict[str, list[str]] = {}
        for link in self.links:
            try:
                target = os.path.realpath(os.path.join(self.root, link), strict=True)
            except (OSError, ValueError):
                self._mention(link, "the link leads nowhere")
                continue
            if not target.startswith(self.real + os.sep):
                self._mention(link, "the link leads out of the project")
                continue
            path = os.path.relpath(target, self.real).replace(os.sep, "/")
            if path in files:
                found.setdefault(path, []).append(link)
        return {path: tuple(sorted(links)) for path, links in found.items()}

    def _mention(self, path: str, reason: str) -> None:
        """Say that a file is left alone, if its name is of a kind that is read."""
        if set(classify.kinds(path, lambda: "")) - {"text", "doc"}:
            self.notes.skipped(path, reason)

    def _classified(self, one: _Found, aliases: tuple[str, ...]) -> File | None:
        kinds = self._kinds(one.path)
        for alias in aliases:
            kinds = tuple(dict.fromkeys((*kinds, *classify.kinds(alias, lambda: ""))))
        if not kinds:
            return None
        # What git neither tracks nor ignores is about to be committed.
        kept = one.path not in self.ignored and one.path not in self.options.given
        tracked = self.tracked is None or one.path in self.tracked or kept
        return File(one.path, one.size, kinds, self._role(one.path), tracked, aliases)

    def _kinds(self, path: str) -> tuple[str, ...]:
        for pattern, kind in self.options.roles.items():
            if IgnoreFile("", (pattern,)).decides(path, folder=False):
                return () if kind == "ignore" else (kind, "text")
        return classify.kinds(path, lambda: self._head(path))

    def _role(self, path: str) -> Role:
        for environment in ("production", "development"):
            patterns = self.options.environments.get(environment, ())
            if patterns and IgnoreFile("", patterns).decides(path, folder=False):
                return "production" if environment == "production" else "development"
        return classify.role(path)

    def _head(self, path: str) -> str:
        try:
            data = _opened(os.path.join(self.root, path), HEAD)
        except (OSError, _NotRegular):
            return ""
        return "" if b"\0" in data else data.decode("utf-8", "replace")


def _folders(paths: Any) -> frozenset[str]:
    """Every folder above these paths."""
    found = set()
    for path in paths:
        index = path.rfind("/")
        while index > 0 and path[:index] not in found:
            found.add(path[:index])
            index = path.rfind("/", 0, index)
    return frozenset(found)


def _decided(ignores: tuple[IgnoreFile, ...], path: str, *, folder: bool) -> bool | None:
    """What the nearest ignore file says that says anything."""
    for ignore in reversed(ignores):
        decided = ignore.decides(path, folder=folder)
        if decided is not None:
            return decided
    return None


def _lines(data: bytes) -> list[str]:
    return os.fsdecode(data).removeprefix("\ufeff").split("\n")


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:
        return 0


def _reason(fault: OSError) -> str:
    known = {errno.EACCES: "permission denied", errno.ENOENT: "it vanished while it was read"}
    return known.get(fault.errno or 0, f"it could not be read ({fault.strerror})")


class _NotRegular(Exception):
    """A pipe, a socket, a device or a link."""


def _opened(path: str, limit: int) -> bytes:
    """The first bytes of a regular file, without waiting and without following a link."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0))
    except OSError as fault:
        if fault.errno == errno.ELOOP:
            raise _NotRegular from fault
        raise
    with open(descriptor, "rb", buffering=0) as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise _NotRegular
        parts = []
        while limit > 0:
            part = stream.read(limit)
            if not part:
                break
            parts.append(part)
            limit -= len(part)
    return b"".join(parts)


class _Reader:
    """Reads a file of the tree once; what is wrong with it goes to the notes."""

    def __init__(self, root: str) -> None:
        self.root = root

    def __call__(self, file: File, notes: Notes) -> str | None:
        parsed = set(file.kinds) - {"text", "doc"}
        limit = MAX_FILE_BYTES if parsed else MAX_TEXT_BYTES
        say = notes.unread if parsed else notes.skipped
        try:
            data = _opened(os.path.join(self.root, file.path), limit + 1)
        except _NotRegular:
            say(file.path, "it is no regular file any more")
            return None
        except OSError as fault:
            say(file.path, _reason(fault))
            return None
        if len(data) > limit:
            say(file.path, f"it is larger than {limit // (1024 * 1024)} MiB")
            return None
        return self._decoded(data, file, notes, bool(parsed))

    def _decoded(self, data: bytes, file: File, notes: Notes, parsed: bool) -> str | None:
        found = decode(data, file.kinds)
        if found.note:
            notes.skipped(file.path, found.note)
        if found.text is None:
            if not parsed:
                return None
            if found.unread:
                notes.unread(file.path, found.fault)
            else:
                notes.unparsed(file.path, found.fault, found.line)
        return found.text
