"""Applies the fixes of results to the texts of files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from flask_preflight.result import Fix, Replacement, Result


class Mended(NamedTuple):
    """The new texts of the files that change, by path, and the results whose fixes were taken."""

    texts: dict[str, str]
    taken: tuple[Result, ...]


class _Edit(NamedTuple):
    """A replacement by offsets: `start` to `end` is deleted."""

    start: int
    end: int
    content: str


def mend(
    results: Iterable[Result],
    text_of: Callable[[str], str | None],
    *,
    unsafe: bool = False,
) -> Mended:
    """Take every fix that does not touch what an earlier one changes, whole or not at all.

    Unsafe ones, and those that change several files at once, only if `unsafe`.
    """
    edits: dict[str, list[_Edit]] = {}
    taken: list[Result] = []
    seen: set[Fix] = set()
    for result in results:
        fix = result.fix
        if fix is None or not (unsafe or fix.safe and len(_paths(fix)) == 1):
            continue
        if fix not in seen:
            found = _edits(fix, text_of)
            if found is None or any(_clashes(edits, path, edit) for path, edit in found):
                continue
            for path, edit in found:
                edits.setdefault(path, []).append(edit)
            seen.add(fix)
        taken.append(result)
    texts = {path: _applied(text_of(path) or "", found) for path, found in sorted(edits.items())}
    return Mended(texts, tuple(taken))


def _paths(fix: Fix) -> set[str]:
    return {replacement.path for replacement in fix.replacements}


def _edits(fix: Fix, text_of: Callable[[str], str | None]) -> list[tuple[str, _Edit]] | None:
    found = []
    for replacement in fix.replacements:
        text = text_of(replacement.path)
        edit = None if text is None else _edit(text, replacement)
        if edit is None:
            return None
        found.append((replacement.path, edit))
    return found


def _edit(text: str, replacement: Replacement) -> _Edit | None:
    """The offsets of a replacement; None where its region is not in the text."""
    starts = [0, *(index + 1 for index, letter in enumerate(text) if letter == "\n")]
    region = replacement.deleted_region
    start = _offset(text, starts, region.start_line, region.start_column)
    end = start
    if region.end_line:
        end = _offset(text, starts, region.end_line, region.end_column)
    if start is None or end is None or end < start:
        return None
    content = replacement.inserted_content
    if "\r\n" in text:
        content = content.replace("\r\n", "\n").replace("\n", "\r\n")
    return _Edit(start, end, content)


def _offset(text: str, starts: list[int], line: int, column: int) -> int | None:
    if not 1 <= line <= len(starts):
        return len(text) if line == len(starts) + 1 and column == 1 else None
    offset = starts[line - 1] + column - 1
    last = starts[line] - 1 if line < len(starts) else len(text)
    return offset if column >= 1 and offset <= last else None


def _clashes(edits: dict[str, list[_Edit]], path: str, edit: _Edit) -> bool:
    """Whether it overlaps another edit or inserts at the same place."""
    return any(
        edit.start < other.end and other.start < edit.end or edit.start == other.start
        for other in edits.get(path, ())
    )


def _applied(text: str, edits: list[_Edit]) -> str:
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.content + text[edit.end :]
    return text
