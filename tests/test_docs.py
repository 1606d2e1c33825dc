"""The catalogue of the rules is what the rules say."""

from __future__ import annotations

import re
from pathlib import Path

import harness
from flask_preflight import docs
from flask_preflight.about import OWN

CATALOGUE = Path(__file__).parent.parent / "rules" / "README.md"


def test_catalogue_is_current() -> None:
    harness.load_all()
    assert CATALOGUE.read_text(encoding="utf-8") == docs.catalogue(), (
        "run python -m flask_preflight.docs"
    )


def test_every_rule_has_its_anchor() -> None:
    text = docs.catalogue()
    anchors = re.findall(r'^<a id="(\w+)"></a>$', text, re.MULTILINE)
    assert sorted(anchors) == sorted(id.lower() for id in (*OWN, *(r.id for r in docs.all_rules())))


def test_introduction_shows_a_rule_that_is_one() -> None:
    (source,) = re.findall(r"^````python\n(.*?)^````", docs.INTRODUCTION, re.M | re.S)
    docstring = source.split('"""')[1]
    doc = docs.parse(docstring)
    assert doc.summary.endswith(".")
    assert {example.verdict for example in doc.examples} == {"bad", "good"}
    compile(source, "runs_shell.py", "exec")
