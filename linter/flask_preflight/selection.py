"""Which rules are meant by a code, a prefix, a name or a section."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from importlib import import_module

from flask_preflight.about import OWN
from flask_preflight.lazy import expression
from flask_preflight.rule import RULES, SECTIONS, Rule, load

GROUPS = {
    "FLK": "flask",
    "WSG": "wsgi",
    "DKR": "docker",
    "CMP": "compose",
    "K8S": "kubernetes",
    "CIC": "ci",
    "SEC": "secrets",
    "ENV": "env",
    "NGX": "proxy",
    "MIG": "migrations",
    "DEP": "deployment",
    "OPS": "practice",
}
"""The folder of rules for each group of codes."""

_PREFIX = expression(r"[A-Z][A-Z0-9]{0,2}\d{0,3}")


class UnknownRule(ValueError):
    """No rule is called so; `nearest` is what may have been meant, or empty."""

    def __init__(self, selector: str, nearest: str) -> None:
        super().__init__(f"no rule is called {selector}" + instead(nearest))
        self.nearest = nearest


def instead(nearest: str) -> str:
    """The end of a sentence that refuses a word."""
    return f"; did you mean {nearest}?" if nearest else ""


def nearest(word: str, words: Iterable[str]) -> str:
    """The most similar of the words, or an empty string."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, sorted(words), 1, 0.6)), "")


def known_rules() -> dict[str, Rule]:
    """Every rule that is loaded, by its id."""
    return {rule.id: rule for rules in RULES.values() for rule in rules}


def every_rule() -> dict[str, Rule]:
    """Every rule there is, by its id, in the order of the ids."""
    for package in GROUPS.values():
        load(package)
    rules = known_rules()
    return {id: rules[id] for id in sorted(rules)}


def find(word: str) -> Rule | None:
    """The rule with this code or name; imports only the group that it must be in."""
    if word[:3] in GROUPS and _PREFIX.fullmatch(word):
        load(GROUPS[word[:3]])
        return known_rules().get(word)
    stem = word.replace("-", "_")
    if re.fullmatch(r"[a-z][a-z0-9_]*", stem) and not stem.startswith("_"):
        for package in GROUPS.values():
            if os.path.exists(os.path.join(_folder(package), stem + ".py")):
                load(package)
    return next((rule for rule in known_rules().values() if word in (rule.id, rule.name)), None)


def _folder(package: str) -> str:
    return str(import_module("flask_preflight_rules").__path__[0]) + os.sep + package


def exists(selector: str) -> bool:
    """Whether the selector can mean a rule of this version."""
    own = (word for own in OWN.values() for word in (own.id, own.name))
    if selector in ("ALL", "DEFAULT", "PRE", *GROUPS, *own) or find(selector):
        return True
    kind, _, section = selector.partition(":")
    if kind == "section":
        return section in SECTIONS
    return bool(_PREFIX.fullmatch(selector)) and (
        any(group.startswith(selector) for group in GROUPS)
        or any(id.startswith(selector) for id in (*known_rules(), *OWN))
    )


def check(selector: str) -> None:
    """Raise UnknownRule if the selector can mean nothing."""
    if exists(selector):
        return
    words = {word for rule in every_rule().values() for word in (rule.id, rule.name)}
    words |= {own.name for own in OWN.values()} | {f"section:{section}" for section in SECTIONS}
    raise UnknownRule(selector, nearest(selector, words))


def closeness(selector: str, id: str, name: str, section: str, enabled: bool) -> int:
    """How exactly a selector means this rule: 0 not at all, 1 all of them, … 99 by its name."""
    if selector in (id, name):
        return 99
    if selector == "ALL" or selector == "DEFAULT" and enabled:
        return 1
    if selector == f"section:{section}":
        return 2
    if id.startswith(selector) and _PREFIX.fullmatch(selector):
        return 2 + len(selector)
    return 0


def best(selectors: Iterable[str], rule: Rule) -> int:
    """The closest of the selectors."""
    facts = (rule.id, rule.name, rule.section, rule.enabled)
    return max((closeness(selector, *facts) for selector in selectors), default=0)


def may_mean(selectors: Iterable[str], package: str) -> bool:
    """Whether a rule of this folder could be among the selected ones."""
    group = next((group for group, folder in GROUPS.items() if folder == package), "")
    for selector in selectors:
        if not _PREFIX.fullmatch(selector) or selector in ("ALL", "DEFAULT"):
            return True
        if selector.startswith(group) or group.startswith(selector):
            return True
    return False
