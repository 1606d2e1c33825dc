"""What git knows, read from the bytes of its files; git itself is never started."""

from __future__ import annotations

import os
import re
import stat
from typing import NamedTuple

from flask_preflight.lazy import expression
from flask_preflight.limits import MAX_INDEX_BYTES

_SMALL = 1024 * 1024
_HEX = expression(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_REF = expression(r"refs/[A-Za-z0-9][\w./+@-]*\Z")


class Damaged(Exception):
    """The index is not what git writes."""


def read(path: str, limit: int = _SMALL) -> bytes | None:
    """A regular file of at most so many bytes; None for everything else. Links are not followed."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
    except OSError:
        return None
    with open(descriptor, "rb") as stream:
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return None
            data = stream.read(limit + 1)
        except OSError:
            return None
    return data if len(data) <= limit else None


def root_of(path: str) -> str | None:
    """The nearest folder, this one or above, that is a work tree of git."""
    folder = os.path.realpath(path)
    while True:
        if os.path.lexists(os.path.join(folder, ".git")):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def directory(root: str) -> str | None:
    """The folder with git's own files, if it lies inside the work tree."""
    path = os.path.join(root, ".git")
    if os.path.isdir(path) and not os.path.islink(path):
        return path
    return None


def tracked(root: str) -> frozenset[str] | None:
    """The paths in the index, relative to the work tree; None if there is none that can be read.

    Raises Damaged. Layout: git's Documentation/gitformat-index.
    """
    folder = directory(root)
    data = read(os.path.join(folder, "index"), MAX_INDEX_BYTES) if folder else None
    return None if data is None else frozenset(entries(data))


def entries(data: bytes) -> list[str]:
    """The paths of a git index of version 2, 3 or 4; raises Damaged."""
    if len(data) < 32 or data[:4] != b"DIRC":
        raise Damaged
    version = int.from_bytes(data[4:8], "big")
    count = int.from_bytes(data[8:12], "big")
    if version not in (2, 3, 4) or count * 62 > len(data):
        raise Damaged
    found: list[str] = []
    position, previous = 12, b""
    for _ in range(count):
        start = position
        if start + 62 > len(data):
            raise Damaged
        flags = int.from_bytes(data[start + 60 : start + 62], "big")
        position += 64 if flags & 0x4000 else 62
        if version == 4:
            cut, position = _offset(data, position)
            if cut > len(previous):
                raise Damaged
        else:
            cut = len(previous)
        end = data.find(b"\0", position)
        if end < 0:
            raise Damaged
        previous = previous[: len(previous) - cut] + data[position:end]
        position = end + 1 if version == 4 else start + ((end - start) // 8 + 1) * 8
        found.append(_checked(previous))
    return found


def _offset(data: bytes, position: int) -> tuple[int, int]:
    """A number of variable width, as in pack files."""
    value = -1
    while position < len(data):
        byte = data[position]
        position += 1
        value = ((value + 1) << 7) | (byte & 0x7F)
        if not byte & 0x80:
            return value, position
        if value > MAX_INDEX_BYTES:
            break
    raise Damaged


def _checked(path: bytes) -> str:
    parts = path.split(b"/")
    if not path or b".." in parts or b"" in parts:
        raise Damaged
    return os.fsdecode(path)


class Provenance(NamedTuple):
    """Where a checkout comes from; every text may be empty. No credentials are in it."""

    repository: str
    revision: str
    branch: str


def provenance(root: str) -> Provenance | None:
    """The address, commit and branch of a work tree; None without any of them."""
    folder = directory(root)
    if folder is None:
        return None
    head = _line(os.path.join(folder, "HEAD"))
    revision, branch = head, ""
    if head.startswith("ref: "):
        name = head[5:]
        safe = _REF.match(name) is not None and ".." not in name
        branch = name.removeprefix("refs/heads/") if safe else ""
        revision = _revision(folder, name) if safe else ""
    revision = revision if _HEX.match(revision) else ""
    found = Provenance(_address(folder), revision, branch)
    return found if any(found) else None


def _line(path: str) -> str:
    data = read(path) or b""
    return data.partition(b"\n")[0].decode("utf-8", "replace").strip()


def _revision(folder: str, name: str) -> str:
    loose = _line(os.path.join(folder, *name.split("/")))
    if loose:
        return loose
    packed = (read(os.path.join(folder, "packed-refs")) or b"").decode("utf-8", "replace")
    for line in packed.split("\n"):
        value, _, ref = line.partition(" ")
        if ref.strip() == name:
            return value
    return ""


def _address(folder: str) -> str:
    """The address of `origin` with scheme, host and path only."""
    text = (read(os.path.join(folder, "config")) or b"").decode("utf-8", "replace")
    section = url = ""
    for line in text.split("\n"):
        line = line.strip()
        if line.startswith("["):
            section = line
        elif section == '[remote "origin"]' and line.partition("=")[0].strip() == "url":
            url = line.partition("=")[2].strip()
    found = re.fullmatch(r"(?:git@|ssh://(?:[^@/]*@)?)([\w.-]+)(?::\d+)?[:/]([\w./~+-]+)", url)
    if found is None:
        found = re.fullmatch(r"https?://(?:[^@/]*@)?([\w.-]+(?::\d+)?)/([\w./~+-]+)[^\s]*", url)
    if found is None:
        return ""
    host, path = found.groups()
    return f"https://{host}/{path.removesuffix('.git')}"
