"""`check --fix` and `--diff`: what the fixes make of the files, pass after pass."""

from __future__ import annotations

import codecs
import os
from itertools import pairwise
from typing import NamedTuple

from flask_preflight.artifacts.secret import mask
from flask_preflight.commands.output import say, write_bytes
from flask_preflight.commands.project import Project
from flask_preflight.config import ConfigError
from flask_preflight.fix import mend
from flask_preflight.report.escape import terminal
from flask_preflight.result import Result
from flask_preflight.run import Report, Tree
from flask_preflight.scan import scan

MAX_PASSES = 10
"""One fix may make way for another; more passes than these are a circle."""


class Mending(NamedTuple):
    """The analysis of what is left; `before` and `after` are the texts that change, by path."""

    report: Report
    before: dict[str, str]
    after: dict[str, str]
    fixed: int


def mended(tree: Tree, project: Project, *, unsafe: bool) -> Mending:
    """Apply fixes in memory until none is left, and take none that breaks a file."""
    report = scan(tree, project.settings)
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    refused: set[str] = set()
    count = 0
    for _ in range(MAX_PASSES):
        results = [one for one in report.results if not _paths(one).intersection(refused)]
        found = mend(results, tree.text, unsafe=unsafe)
        if not found.texts:
            break
        changed = project.tree()
        changed.replace(after | found.texts)
        judged = scan(changed, project.settings)
        broken = _unparsed(judged) - _unparsed(report)
        if broken:
            refused |= broken.intersection(found.texts) or set(found.texts)
            continue
        for path in found.texts:
            before.setdefault(path, tree.text(path) or "")
        after |= found.texts
        count += len(found.taken)
        tree, report = changed, judged
    return Mending(report, before, after, count)


def _paths(result: Result) -> set[str]:
    return {edit.path for edit in result.fix.replacements} if result.fix else set()


def _unparsed(report: Report) -> set[str]:
    """The files of which something could not be read."""
    return {
        note.location.path
        for note in report.notifications
        if note.id in ("PRE010", "PRE030") and note.location is not None
    }


def write(mending: Mending, root: str) -> list[str]:
    """Write every changed file in one step each; the faults, each of which was said."""
    faults = []
    for path, text in mending.after.items():
        place = os.path.join(root, path)
        try:
            write_bytes(place, _encoded(place, mending.before[path], text))
        except (OSError, ConfigError) as fault:
            reason = getattr(fault, "strerror", None) or str(fault)
            faults.append(f"{path} was not mended: {reason}")
            say(f"flask-preflight: {terminal(faults[-1])}")
    return faults


def _encoded(place: str, before: str, after: str) -> bytes:
    """The new bytes; raises ConfigError where the file is not what was read."""
    with open(place, "rb") as stream:
        data = stream.read()
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    if data != mark + before.encode("utf-8", "surrogatepass"):
        raise ConfigError("it is not UTF-8, or has changed meanwhile")
    return mark + after.encode("utf-8", "surrogatepass")


def difference(mending: Mending, lead: str) -> str:
    """All changes as a unified diff; secrets on the lines around them are masked."""
    from difflib import unified_diff

    lines: list[str] = []
    for path, after in mending.after.items():
        name = lead + path
        found = list(unified_diff(_lines(mending.before[path]), _lines(after), name, name))
        lines += found[:2]
        for above, line in pairwise(found[1:]):
            lines.append(line[:1] + mask(line[1:], above[1:]))
    return "".join(
        line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    """Lines end at line feeds only: form feeds and their like stand inside of lines."""
    parts = text.split("\n")
    return [part + "\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
