"""The fields of Kubernetes' own kinds, out of `fields.txt`.

Its first line says which release; `benchmarks/kubernetes_fields.py` writes it anew.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

Fields = dict[str, str]
"""The type of each field; "" for numbers, texts and free mappings."""


@cache
def _table() -> tuple[dict[tuple[str, str], str], dict[str, Fields]]:
    roots: dict[tuple[str, str], str] = {}
    types: dict[str, Fields] = {}
    text = Path(__file__).with_name("fields.txt").read_text(encoding="utf-8")
    for line in text.splitlines()[1:]:
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
