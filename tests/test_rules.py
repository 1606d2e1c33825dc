"""Every rule keeps the form, and does on its own examples exactly what it says."""

from __future__ import annotations

import re
from collections import Counter

import pytest

import harness
import secrets_recipe
from flask_preflight import docs, fix
from flask_preflight.rule import SECTIONS, Rule

harness.load_all()
RULES = docs.all_rules()
PREFIXES = {
    "flask": "FLK",
    "wsgi": "WSG",
    "docker": "DKR",
    "compose": "CMP",
    "kubernetes": "K8S",
    "ci": "CIC",
    "secrets": "SEC",
    "env": "ENV",
    "proxy": "NGX",
    "migrations": "MIG",
    "deployment": "DEP",
    "practice": "OPS",
}
FLASK = {"requirements.txt": "Flask==3.1.1\n"}
EXAMPLES = [
    pytest.param(rule, group, id=f"{rule.name}-{group[0].verdict}-{number}")
    for rule in RULES
    for number, group in enumerate(docs.parse(rule.doc).repositories())
    if group[0].verdict != "fixed"
]
by_rule = pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])


def files_of(group: tuple[docs.Example, ...]) -> dict[str, str]:
    files = {example.path: secrets_recipe.expand(example.text) for example in group}
    named = any(re.search("requirements|pyproject|lock", path) for path in files)
    return files if named else files | FLASK


@pytest.mark.parametrize(("rule", "group"), EXAMPLES)
def test_example(rule: Rule, group: tuple[docs.Example, ...]) -> None:
    results = harness.results_of(files_of(group), rule.id)
    found = Counter((r.location.path, r.location.region.start_line) for r in results)
    expected = Counter((example.path, line) for example in group for line in example.lines)
    assert found == expected, [(r.location, str(r.message)) for r in results]
    if group[0].verdict == "bad":
        assert results, "a bad example without a line"


FIXED = [
    pytest.param(rule, groups[number - 1], group[0], id=f"{rule.name}-{number}")
    for rule in RULES
    for groups in [docs.parse(rule.doc).repositories()]
    for number, group in enumerate(groups)
    if group[0].verdict == "fixed"
]


@pytest.mark.parametrize(("rule", "bad", "fixed"), FIXED)
def test_fixed(rule: Rule, bad: tuple[docs.Example, ...], fixed: docs.Example) -> None:
    """The safe fixes make the bad example the fixed one, in which nothing is left to mend."""
    files = files_of(bad)
    assert fixed.path in files
    for _ in range(3):
        mended = fix.mend(harness.results_of(files, rule.id), files.get)
        files |= mended.texts
    assert files[fixed.path] == secrets_recipe.expand(fixed.text)
    assert not mended.texts


@by_rule
def test_form(rule: Rule) -> None:
    package, stem = rule.module.split(".")[1:]
    doc = docs.parse(rule.doc)
    assert stem == rule.name.replace("-", "_")
    assert re.fullmatch(PREFIXES[package] + r"\d{3}", rule.id)
    assert re.fullmatch(r"[a-z][a-z0-9]+(-[a-z][a-z0-9]+)*", rule.name)
    assert rule.section in SECTIONS
    assert re.fullmatch(r"[^\n]{1,99}\.", doc.summary), doc.summary
    assert doc.description
    assert doc.fix.endswith(".")
    assert not rule.enabled or doc.sources or doc.intended
    assert {"bad", "good"} <= {example.verdict for example in doc.examples}


@by_rule
def test_messages_are_said(rule: Rule) -> None:
    """Each sentence occurs in a bad example, and none is built from a bare string."""
    said = set()
    for group in docs.parse(rule.doc).repositories():
        if group[0].verdict == "bad":
            said |= {r.message.message for r in harness.results_of(files_of(group), rule.id)}
    assert said == set(rule.messages)
    for message in rule.messages:
        assert not message.text.endswith("."), message.text
        assert len(message.text) <= 110, message.text
        assert re.sub(r"\{\d\}", "", message.text).count("{") == 0, message.text
    assert len({message.key for message in rule.messages}) == len(rule.messages)


@pytest.mark.parametrize("attribute", ["id", "name"])
def test_unique(attribute: str) -> None:
    seen = Counter(getattr(rule, attribute) for rule in RULES)
    assert [key for key, count in seen.items() if count > 1] == []
