"""Patterns of paths as in .gitignore, matched in time linear in pattern times path."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Part = TypeVar("Part")


class Pattern:
    """One pattern: without a slash it matches at any depth, and a folder means all below it."""

    def __init__(self, text: str) -> None:
        parts = text.strip("/").split("/")
        if "/" not in text.rstrip("/"):
            parts.insert(0, "**")
        self.parts: list[Name] = [part if _is_plain(part) else _tokens(part) for part in parts]
        self._below = [*self.parts, _ANY]

    def exactly(self, path: str) -> bool:
        """Whether this path itself is meant."""
        first, parts = self.parts[0], path.split("/")
        if isinstance(first, str) and first != _ANY and first != parts[0]:
            return False
        return _fits(self.parts, parts, _ANY, _fits_name)

    def matches(self, path: str) -> bool:
        """Whether the file of this path, or a folder that holds it, is meant."""
        parts = path.split("/")
        return _fits(self.parts, parts, _ANY, _fits_name) or _fits(
            self._below, parts, _ANY, _fits_name
        )


Name = str | list[str]
"""What one part of a path must be: text as it is, or tokens."""
_ANY = "**"
"""The part of a pattern that stands for any number of folders."""


def _is_plain(part: str) -> bool:
    return part == _ANY or not any(letter in part for letter in "*?[\\")


def _fits_name(pattern: Name, name: str) -> bool:
    if isinstance(pattern, str):
        return pattern == name
    return _fits(pattern, name, "*", _fits_letter)


def _fits_letter(pattern: str, letter: str) -> bool:
    if pattern == "?":
        return True
    if len(pattern) > 2 and pattern[0] == "[":
        return _in_class(pattern[1:-1], letter)
    return pattern[-1] == letter


def _in_class(members: str, letter: str) -> bool:
    negated = members[0] in "!^"
    members = members[negated:]
    found = False
    index = 0
    while index < len(members):
        if members[index + 1 : index + 2] == "-" and index + 2 < len(members):
            found |= members[index] <= letter <= members[index + 2]
            index += 3
        else:
            found |= members[index] == letter
            index += 1
    return found is not negated


def _tokens(pattern: str) -> list[str]:
    r"""Stars, question marks, classes `[a-z]`, and letters (`\*` is a letter)."""
    found = []
    index = 0
    while index < len(pattern):
        size = 1
        if pattern[index] == "\\" and index + 1 < len(pattern):
            size = 2
        elif pattern[index] == "[":
            close = pattern.find("]", index + 2)
            size = close - index + 1 if close > 0 else 1
        found.append(pattern[index : index + size])
        index += size
    return found


def _fits(
    pattern: Sequence[Part], items: Sequence[str], star: Part, fits: Callable[[Part, str], bool]
) -> bool:
    """Whether the items fit; `star` stands for any number of them. Goes back to one star only."""
    at = index = 0
    back = back_index = -1
    while index < len(items):
        if at < len(pattern) and pattern[at] == star:
            back, back_index = at, index
            at += 1
        elif at < len(pattern) and fits(pattern[at], items[index]):
            at += 1
            index += 1
        elif back >= 0:
            at = back + 1
            back_index += 1
            index = back_index
        else:
            return False
    return all(left == star for left in pattern[at:])
