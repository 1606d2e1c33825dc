"""The readiness checklist: which practices are in place, by what the repository itself shows.

One module for each section. A judgement here is about facts alone; what the results of rules and
their suppressions make of it is said when a report is written (`report.checklist`).
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from flask_preflight.facts import Deployment, Judged
from flask_preflight.link.checklist.ci_cd import tests
from flask_preflight.link.checklist.subject import NOT_APPLICABLE, Line, Subject
from flask_preflight.rule import SECTIONS
from flask_preflight.run import Tree


def lines() -> Iterator[Line]:
    """Every item, section by section."""
    for section in SECTIONS:
        module = import_module(f"{__name__}.{section.replace('-', '_')}")
        yield from module.LINES


def link(tree: Tree, deployment: Deployment) -> None:
    """Judge every item once."""
    subject = Subject(tree, deployment)
    deployment.tests = tests(tree) or subject.labelled("test")
    attested = tree.settings.get("evidence", {})
    for item, judge in lines():
        answer = NOT_APPLICABLE if subject.shape == "none" else judge(subject)
        if item.key in attested and answer.state in ("missing", "unknown"):
            answer = answer._replace(state="attested", reason=attested[item.key])
        deployment.items[item.key] = Judged(item, *answer)
