"""Fields that Kubernetes does not know, and what was meant by them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.artifacts.yaml import Map

_RENAMED = {
    ("IngressBackend", "serviceName"): "service.name",
    ("IngressBackend", "servicePort"): "service.port",
    ("IngressSpec", "backend"): "defaultBackend",
    ("HorizontalPodAutoscalerSpec/v2", "targetCPUUtilizationPercentage"): "metrics",
    ("ResourceMetricSource", "targetAverageUtilization"): "target.averageUtilization",
    ("ResourceMetricSource", "targetAverageValue"): "target.averageValue",
}
"""Fields of versions that are gone. Source: the deprecation guide of Kubernetes."""
_TITLES = {
    "PodSpec": "the pod",
    "Container": "the container",
    "SecurityContext": "the securityContext of a container",
    "PodSecurityContext": "the securityContext of a pod",
    "Probe": "the probe",
    "ResourceRequirements": "resources",
    **dict.fromkeys(("DeploymentSpec", "StatefulSetSpec", "ReplicaSetSpec"), "the workload"),
}
_SHORTEST = 6
"""Names with fewer letters are too much like others to be misspelt."""


class Stray(NamedTuple):
    """A key of `spec` that its type does not have: `meant`, or it belongs to `home`."""

    spec: Map
    key: str
    title: str
    meant: str
    home: str


def strays(manifest: Manifest) -> Iterator[Stray]:
    """The fields that are dropped, as far as it can be told what they should be."""
    root, spec = _roots().get(f"{manifest.api_version} {manifest.kind}"), manifest.spec
    if root is None and manifest.template is not None and manifest.group != "serving.knative.dev":
        root, spec = "PodTemplateSpec", manifest.template
    if root is not None:
        yield from _Walk().below(spec, (root,))


class _Walk:
    def __init__(self) -> None:
        self.seen: set[int] = set()

    def below(self, spec: Map, types: tuple[str, ...]) -> Iterator[Stray]:
        """`types` are those of `spec` and of all that it lies in, its own last."""
        if id(spec) in self.seen:
            return
        self.seen.add(id(spec))
        known = _types().get(types[-1], {})
        for key, value in spec.items():
            if key not in known:
                stray = _stray(spec, key, types)
                if stray is not None:
                    yield stray
            elif known[key]:
                for item in value if isinstance(value, list) else (value,):
                    if isinstance(item, Map):
                        yield from self.below(item, (*types, known[key]))


def _stray(spec: Map, key: str, types: tuple[str, ...]) -> Stray | None:
    own = types[-1]
    title = _TITLES.get(own, own.partition("/")[0])
    meant = _RENAMED.get((own, key)) or _spelt(key, _types()[own])
    home = "" if meant else _home(key, types)
    return Stray(spec, key, title, meant, home) if meant or home else None


def _spelt(key: str, fields: Iterable[str]) -> str:
    """The field that is written so but for its case or one letter."""
    lowered = key.lower()
    for field in fields:
        if field.lower() == lowered:
            return field
    if len(key) < _SHORTEST:
        return ""
    return next((field for field in fields if _differs_by_one(lowered, field.lower())), "")


def _differs_by_one(one: str, other: str) -> bool:
    """Whether one letter is missing, too many, wrong, or in the wrong place."""
    shorter, longer = sorted((one, other), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    start = 0
    while start < len(shorter) and shorter[start] == longer[start]:
        start += 1
    rest, long_rest = shorter[start:], longer[start:]
    if len(shorter) < len(longer):
        return rest == long_rest[1:]
    swapped = rest[:2] == long_rest[:2][::-1] and rest[2:] == long_rest[2:]
    return rest[1:] == long_rest[1:] or swapped


def _home(key: str, types: tuple[str, ...]) -> str:
    """What has such a field: what it lies in, what lies in it, or what has the same name."""
    known = _types()
    for above in reversed(types[:-1]):
        if key in known[above]:
            return _TITLES.get(above, above.partition("/")[0])
    inside = [
        f"its {field}" for field, kind in known[types[-1]].items() if key in known.get(kind, ())
    ]
    deeper = [
        f"its {field}.{inner}"
        for field, kind in known[types[-1]].items()
        for inner, below in known.get(kind, {}).items()
        if key in known.get(below, ())
    ]
    for found in (inside, deeper):
        usual = [one for one in found if "nitContainers" not in one and "ephemeral" not in one]
        if usual:
            return usual[0] if len(usual) == 1 else ""
    return next((_TITLES[twin] for twin in _twins(types[-1]) if key in known[twin]), "")


def _twins(type: str) -> list[str]:
    pair = ["SecurityContext", "PodSecurityContext"]
    return [one for one in pair if one != type] if type in pair else []


@cache
def _roots() -> dict[str, str]:
    from flask_preflight.artifacts.kubernetes_fields import ROOTS

    lines = (line.rpartition(" ") for line in ROOTS.strip().split("\n"))
    return {kind: type for kind, _, type in lines}


@cache
def _types() -> dict[str, dict[str, str]]:
    from flask_preflight.artifacts.kubernetes_fields import TYPES

    found = {}
    for line in TYPES.strip().split("\n"):
        name, *fields = line.split(" ")
        parts = (field.partition(":") for field in fields)
        found[name] = {field: type for field, _, type in parts}
    return found
