"""What the comparisons with the Kubernetes linters have in common.

A peer's check is compared with the rules of ours that name it in `known_as` (`~`: merely related),
on the peer's own test manifests, each a repository of its own.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from memory import known_as, results_of


class Case(NamedTuple):
    """A manifest of the peer and what its check says of it.

    `kinds` are those of the objects that fail, where the peer's test names them; else only whether
    any fails counts. `title` names the case in the table of reasons.
    """

    check: str
    title: str
    text: str
    fails: bool
    kinds: tuple[str, ...] | None = None


def rules_by_check(peer: str) -> dict[str, list[str]]:
    """Our Kubernetes rules by the peer's check that they are known as."""
    found: dict[str, list[str]] = {}
    for prefix in (f"{peer}:", f"~{peer}:"):
        for check, rules in known_as(prefix).items():
            kept = [rule for rule in rules if rule.startswith("K8S")]
            if kept:
                found.setdefault(check, []).extend(kept)
    return found


def compare(peer: str, cases: Iterable[Case], reasons: Mapping[str, str]) -> int:
    """Print what is the same and what is not, and why; 1 if something differs without a reason.

    `reasons` are by the title of a case, or by a check for all of its cases.
    """
    rules = rules_by_check(peer)
    seen: Counter[str] = Counter()
    tested: set[str] = set()
    for case in cases:
        if case.check not in rules:
            continue
        tested.add(case.check)
        codes = ", ".join(rules[case.check])
        ours = failing(case.text, rules[case.check])
        verdict, said = "same", ""
        if not _agree(case, ours):
            reason = reasons.get(case.title) or reasons.get(case.check, "")
            verdict = "different" if reason else "UNEXPLAINED"
            said = f": {_shown(case)} there, {', '.join(ours) or 'none'} here. {reason}"
        seen[verdict] += 1
        print(f"{verdict:11} {case.check} ({codes}) {case.title}{said}")
    for check in sorted(rules.keys() - tested):
        print(f"{'not tested':11} {check}: no manifest of the peer names it")
    print(", ".join(f"{count} {verdict}" for verdict, count in sorted(seen.items())))
    return 1 if seen["UNEXPLAINED"] else 0


def failing(text: str, codes: list[str]) -> list[str]:
    """The kinds of the objects in which our rules report something, once for each result."""
    results = results_of({"k8s.yaml": text}, codes)
    lines = [one.location.region.start_line for one in results if one.rule_id in codes]
    return [kind for n in lines for first, end, kind in _objects(text) if first <= n < end]


def _objects(text: str) -> Iterator[tuple[int, int, str]]:
    """First line, line after the last, and kind of each object."""
    first = 1
    for part in re.split(r"^---", text + "\n", flags=re.MULTILINE):
        end = first + part.count("\n")
        kind = re.search(r"^[\"']?kind[\"']?: *[\"']?(\w+)", part, re.MULTILINE)
        yield first, end, kind[1] if kind else "?"
        first = end


def _agree(case: Case, ours: list[str]) -> bool:
    if case.kinds is None:
        return bool(ours) == case.fails
    return Counter(case.kinds) == Counter(ours)


def _shown(case: Case) -> str:
    if case.kinds is None:
        return "fails" if case.fails else "passes"
    return ", ".join(case.kinds) or "none"


def checkout(doc: str) -> Path:
    """The checkout named on the command line."""
    if len(sys.argv) != 2:
        raise SystemExit(doc.strip())
    return Path(sys.argv[1])
