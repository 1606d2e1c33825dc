"""Fingerprints: how a result is recognised again after its line has moved."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

from flask_preflight.report.source import Source
from flask_preflight.result import Result
from flask_preflight.run import Report

_WINDOW = 100
_BASE = 37
_MODULUS = 2**64


def line_hashes(text: str) -> list[str]:
    """GitHub's `primaryLocationLineHash` of every line of a file.

    A polynomial over the 100 UTF-16 units from the start of the line on, blanks left out, and how
    often that value has occurred so far.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace(" ", "").replace("\t", "")
    data = text.encode("utf-16-le", "surrogatepass")
    units = [*memoryview(data).cast("H")] if data else []
    starts = [0, *(index + 1 for index, unit in enumerate(units) if unit == 10)]
    units += [65_535] + [0] * _WINDOW
    prefix = [0]
    for unit in units:
        prefix.append((prefix[-1] * _BASE + unit) % _MODULUS)
    power = pow(_BASE, _WINDOW, _MODULUS)
    seen: Counter[int] = Counter()
    hashes = []
    for start in starts:
        value = (prefix[start + _WINDOW] - power * prefix[start]) % _MODULUS
        seen[value] += 1
        hashes.append(f"{value:x}:{seen[value]}")
    return hashes


class Fingerprints:
    """The fingerprints of one report; equal results are numbered."""

    def __init__(self, report: Report, source: Source) -> None:
        self._report = report
        self._source = source
        self._hashes: dict[str, list[str]] = {}
        self._seen: Counter[tuple[str, ...]] = Counter()

    def line(self, result: Result) -> str | None:
        """GitHub's hash; None where the line holds a secret, since a hash can be guessed."""
        path = result.location.path
        if path not in self._hashes:
            text = self._report.texts(path) if path else None
            self._hashes[path] = line_hashes(text) if text is not None else []
        number = self._source.exact(result.location).start_line
        hashes = self._hashes[path]
        if not 1 <= number <= len(hashes) or self._source.is_secret(result.location):
            return None
        return hashes[number - 1]

    def finding(self, result: Result) -> str:
        """Ours: rule, path and what it is about, without line numbers. Call once per result."""
        anchor = result.location.logical
        if not anchor:
            line = self._source.line(result.location) or ""
            anchor = "" if self._source.is_secret(result.location) else " ".join(line.split())
        key = (result.rule_id, result.location.path, anchor, *result.message.arguments)
        self._seen[key] += 1
        text = "\0".join((*key, str(self._seen[key])))
        return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]
