"""`flask-preflight rule`: what a rule means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_preflight import docs, selection
from flask_preflight.about import OWN, Own
from flask_preflight.commands.output import write_out
from flask_preflight.config import ConfigError
from flask_preflight.rule import SECTIONS, Rule
from flask_preflight.selection import instead, nearest

FORMATS = ("text", "markdown", "json")


def explain(asked: Mapping[str, Any]) -> int:
    """Print one rule, or all of them."""
    format = asked["format"]
    if format not in FORMATS:
        raise ConfigError(f"--format cannot be {format}" + instead(nearest(format, FORMATS)))
    if asked["word"] in OWN or asked["word"] in {own.name for own in OWN.values()}:
        own = next(own for own in OWN.values() if asked["word"] in (own.id, own.name))
        write_out(_own(own, format))
    elif asked["word"]:
        write_out(_one(_found(asked["word"]), format))
    else:
        write_out(_many(_chosen(asked), format))
    return 0


def _found(word: str) -> Rule:
    rule = selection.find(word)
    if rule is not None:
        return rule
    rules = selection.every_rule().values()
    peers = [rule for rule in rules if word in (name.removeprefix("~") for name in rule.known_as)]
    if len(peers) == 1:
        return peers[0]
    if peers:
        ids = ", ".join(rule.id for rule in peers)
        raise ConfigError(f"{word} is known here as several rules: {ids}")
    words = [name for rule in rules for name in (rule.id, rule.name, *rule.known_as)]
    raise ConfigError(f"no rule is called {word}" + instead(nearest(word, words)))


def _chosen(asked: Mapping[str, Any]) -> list[Rule]:
    section = asked["section"]
    if section and section not in SECTIONS:
        raise ConfigError(f"there is no section {section}" + instead(nearest(section, SECTIONS)))
    if not section and not asked["every"]:
        raise ConfigError("name a rule by its code or name, or give --all or --section NAME")
    rules = selection.every_rule().values()
    return [rule for rule in rules if section in (None, rule.section)]


def _one(rule: Rule, format: str) -> str:
    doc = docs.parse(rule.doc)
    if format == "json":
        return _json(data(rule))
    if format == "markdown":
        return docs.markdown_help(rule, doc) + "\n"
    when = "" if rule.enabled else ", only when selected"
    head = f"{rule.id} {rule.name} ({rule.level}, {rule.section}{when})"
    parts = [head, docs.plain_help(rule, doc)]
    parts += [f"{group[0].verdict}:\n{_indented(group)}" for group in doc.repositories()[:2]]
    if doc.sources:
        parts.append(f"Sources: {docs.unfold(doc.sources)}")
    return "\n\n".join(parts) + "\n"


def _indented(group: tuple[docs.Example, ...]) -> str:
    lines = []
    for example in group:
        lines.append(f"  {example.path}")
        for number, line in enumerate(docs.shown(example.text).rstrip("\n").split("\n"), 1):
            mark = ">" if number in example.lines else " "
            lines.append(f"  {mark} {number:>3} | {line}".rstrip())
    return "\n".join(lines)


def _many(rules: list[Rule], format: str) -> str:
    if format == "json":
        return _json([data(rule) for rule in rules])
    lines = []
    for rule in rules:
        summary = docs.parse(rule.doc).summary
        if format == "markdown":
            lines.append(f"- **{rule.id}** `{rule.name}` ({rule.level}): {summary}")
        else:
            mark = "" if rule.enabled else " (off)"
            lines.append(f"{rule.id} {rule.name} {rule.level} {rule.section}{mark}: {summary}")
    return "\n".join(lines) + "\n" if lines else ""


def _own(own: Own, format: str) -> str:
    if format == "json":
        return _json(
            {
                "code": own.id,
                "name": own.name,
                "level": own.level,
                "section": None,
                "enabled": True,
                "known_as": [],
                "messages": {},
                "options": {},
            }
        )
    head = f"{own.id} {own.name} ({own.level})"
    head = f"# {head}" if format == "markdown" else head
    return f"{head}\n\n{own.summary}\n\n{own.description}\n\nFix: {own.fix}\n"


def data(rule: Rule) -> dict[str, Any]:
    """A rule as programs get it."""
    return {
        "code": rule.id,
        "name": rule.name,
        "level": rule.level,
        "section": rule.section,
        "enabled": rule.enabled,
        "known_as": list(rule.known_as),
        "messages": {message.key: message.text for message in rule.messages},
        "options": {name.replace("_", "-"): value for name, value in rule.options.items()},
    }


def _json(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, indent=2, default=list) + "\n"
