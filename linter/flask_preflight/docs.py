"""The grammar of a rule's docstring: its sentences, its examples, and the catalogue made of them.

`python -m flask_preflight.docs` rewrites `rules/README.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from flask_preflight.rule import RULES, Rule

Verdict = Literal["bad", "good", "fixed"]
DEFAULT_NAMES = {
    "python": "app.py",
    "dockerfile": "Dockerfile",
    "yaml": "k8s.yaml",
    "nginx": "nginx.conf",
    "ini": "uwsgi.ini",
    "procfile": "Procfile",
    "env": ".env",
    "text": "requirements.txt",
    "sh": "entrypoint.sh",
    "toml": "pyproject.toml",
}
_FENCE = re.compile(
    r"^```(?P<lang>\w+) (?P<verdict>bad|good|fixed)(?: (?P<path>[^\s{]+))?"
    r"(?: \{(?P<lines>[\d,]+)\})?$"
)


class Example(NamedTuple):
    """One fence: a whole file, and the lines (1-based) on which the rule reports."""

    verdict: Verdict
    language: str
    path: str
    text: str
    lines: tuple[int, ...]


class Doc(NamedTuple):
    """A rule's docstring, taken apart."""

    summary: str
    description: str
    fix: str
    intended: str
    sources: str
    examples: tuple[Example, ...]

    def repositories(self) -> list[tuple[Example, ...]]:
        """Consecutive examples of one verdict with different names are one repository.

        A `fixed` example stands alone, after the bad one that it mends.
        """
        groups: list[list[Example]] = []
        for example in self.examples:
            last = groups[-1] if groups else []
            if (
                last
                and last[0].verdict == example.verdict != "fixed"
                and example.path not in {other.path for other in last}
            ):
                last.append(example)
            else:
                groups.append([example])
        return [tuple(group) for group in groups]


def parse(text: str) -> Doc:
    """Take a docstring apart; raises ValueError with the line that does not fit the grammar."""
    prose: list[str] = []
    examples: list[Example] = []
    lines = iter(text.strip("\n").split("\n"))
    for line in lines:
        if not line.startswith("```"):
            prose.append(line)
            continue
        head = _FENCE.match(line)
        if head is None:
            raise ValueError(f"not an example: {line}")
        body = []
        for inner in lines:
            if inner == "```":
                break
            body.append(inner)
        else:
            raise ValueError(f"not closed: {line}")
        examples.append(_example(head, body))
    return _doc("\n".join(prose), tuple(examples))


def _example(head: re.Match[str], body: list[str]) -> Example:
    language, verdict = head["lang"], head["verdict"]
    if language not in DEFAULT_NAMES and not head["path"]:
        raise ValueError(f"an example in {language} needs a file name")
    path = head["path"] or DEFAULT_NAMES[language]
    lines = tuple(map(int, head["lines"].split(","))) if head["lines"] else ()
    text = "\n".join(body) + "\n"
    return Example(verdict, language, path, text, lines)  # type: ignore[arg-type]


def _doc(prose: str, examples: tuple[Example, ...]) -> Doc:
    paragraphs = [p.strip("\n") for p in re.split(r"\n\s*\n", prose.strip()) if p.strip()]
    labelled = {"Fix:": "", "Intended:": "", "Sources:": ""}
    plain = []
    for paragraph in paragraphs[1:]:
        label = paragraph.split(maxsplit=1)[0]
        if label in labelled:
            labelled[label] = paragraph[len(label) :].strip()
        else:
            plain.append(paragraph)
    return Doc(
        paragraphs[0] if paragraphs else "",
        "\n\n".join(plain),
        labelled["Fix:"],
        labelled["Intended:"],
        labelled["Sources:"],
        examples,
    )


def unfold(text: str) -> str:
    """The paragraphs of a docstring, each on one line."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def all_rules(packages: Iterable[str] = ()) -> list[Rule]:
    """Every loaded rule once, in the order of the ids."""
    unique = {rule.id: rule for rules in RULES.values() for rule in rules}
    return [unique[id] for id in sorted(unique)]
