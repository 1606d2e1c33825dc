"""The fields of Kubernetes' own kinds, out of the table of `_schema`."""

from __future__ import annotations

from functools import cache

from flask_preflight_rules.kubernetes._schema import TABLE

Fields = dict[str, str]
"""The type of each field; "" for numbers, texts and free mappings."""


@cache
def _table() -> tuple[dict[tuple[str, str], str], dict[str, Fields]]:
    roots: dict[tuple[str, str], str] = {}
    types: dict[str, Fields] = {}
    for line in TABLE.strip().split("\n"):
        name, *words = line.split()
        if len(words) == 2 and words[1].startswith("="):
            roots[name, words[0]] = words[1][1:]
        else:
            parts = (word.partition("=") for word in words)
            types[name] = {field: inner for field, _, inner in parts}
    return roots, types


def type_of(api_version: str, kind: str) -> str:
    """The type of a kind; "" for what is not Kubernetes' own, or of another version."""
    return _table()[0].get((api_version, kind), "")


def fields(type: str) -> Fields:
    """The fields of a type."""
    return _table()[1].get(type, {})
