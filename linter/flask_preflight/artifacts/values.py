"""The values of Helm charts: passwords and keys that are written out in them.

Sources: Helm, "Values Files"; the values of Bitnami's charts, whose names others follow.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from flask_preflight.artifacts import secret
from flask_preflight.artifacts.yaml import Map, Seq, Tagged, documents
from flask_preflight.lazy import expression
from flask_preflight.result import Location
from flask_preflight.run import Notes

_OBJECT = expression(r"[a-z0-9]+(?:[-.][a-z0-9]+)+\Z")
"""The name of a Secret of the cluster, rather than a secret."""
_OF_REFERENCES = frozenset("name secretName remoteRef property existingSecret secretRef".split())


class Value(NamedTuple):
    """A password or key; `name` is the path to it, `postgresql.auth.password`."""

    name: str
    verdict: str
    location: Location


def values(path: str, text: str) -> tuple[Value, ...] | None:
    """What is written out in a file, each once; None if the file could not be parsed."""
    found, complete = documents(path, text, Notes())
    if not complete:
        return None
    walk = _Walk()
    return tuple(value for document in found for value in walk.below(document, ""))


class _Walk:
    def __init__(self) -> None:
        self.seen: set[int] = set()
        self.told: set[str] = set()

    def below(self, found: Any, path: str) -> Iterator[Value]:
        """What lies in a mapping or list; aliases are looked at once."""
        if not isinstance(found, (Map, Seq)) or id(found) in self.seen:
            return
        self.seen.add(id(found))
        if isinstance(found, Seq):
            for item in found:
                yield from self.below(item, path)
            return
        for name, at, value in _pairs(found):
            if isinstance(value, (Map, Seq)):
                # `secretKeys` says under which keys a Secret holds what.
                if secret.words(name)[-1:] != ["keys"]:
                    yield from self.below(value, f"{path}{name}.")
            elif not isinstance(value, Tagged):
                yield from self._of(found, name, at, path)

    def _of(self, spec: Map, name: str, at: str, path: str) -> Iterator[Value]:
        text = spec.text(at)
        known = frozenset(secret.names((key, spec.text(key)) for key in spec))
        verdict, in_address = secret.judge(name, text, known)
        # Addresses are judged wherever they stand, and one value under two names is one secret.
        if verdict is None or in_address or text in self.told or _refers(name, text, spec):
            return
        self.told.add(text)
        yield Value(f"{path}{name}", verdict, spec.value_at(at))


def _pairs(spec: Map) -> Iterator[tuple[str, str, Any]]:
    """Name, key and value; `{name: X, value: Y}` is how containers are given variables."""
    if isinstance(spec.dig("name"), str) and "value" in spec:
        yield spec.text("name"), "value", spec.dig("value")
        return
    for key, value in spec.items():
        yield key, key, value


def _refers(name: str, text: str, spec: Map) -> bool:
    """Whether it names a Secret, or a key of one, that the cluster has."""
    words = secret.words(name)
    if words[0] == "existing" or words[-1] == "key" and not _OF_REFERENCES.isdisjoint(spec):
        return True
    if words[-1] not in ("secret", "secrets", "credentials", "creds"):
        return False
    guessed = secret.signs(name) and secret.weak(text)
    return _OBJECT.match(text) is not None and not guessed and not secret.looks_random(text)
