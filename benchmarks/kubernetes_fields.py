"""Write the table of Kubernetes' fields from a published schema.

    python benchmarks/kubernetes_fields.py SWAGGER RELEASE

`SWAGGER` is `api/openapi-spec/swagger.json` of Kubernetes or the copy that its Python client keeps
(`kubernetes/swagger.json.unprocessed`), `RELEASE` the release that it is of: 1.36. Writes
`artifacts/kubernetes_fields.py` of the linter.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "linter/flask_preflight/artifacts/kubernetes_fields.py"
KINDS = frozenset(
    "Deployment StatefulSet DaemonSet ReplicaSet ReplicationController Job CronJob Pod Service "
    "Ingress HorizontalPodAutoscaler PodDisruptionBudget NetworkPolicy ConfigMap Secret "
    "PersistentVolumeClaim ServiceAccount Role ClusterRole RoleBinding ClusterRoleBinding".split()
)
HEAD = '''# ruff: noqa: E501
"""The fields that Kubernetes knows, by the type that has them.

Made by `benchmarks/kubernetes_fields.py` from the OpenAPI schema of Kubernetes {release}
(https://github.com/kubernetes/kubernetes/tree/release-{release}/api/openapi-spec), {month}.
Do not edit it.
"""

ROOTS = """
{roots}
"""
"""The type of each kind of object."""
TYPES = """
{types}
"""
"""Each type with its fields, and the types of those that have fields themselves."""
'''

Definitions = dict[str, dict[str, Any]]


def roots(definitions: Definitions) -> dict[str, str]:
    """The types of the kinds that matter here, by interface and kind."""
    found = {}
    for name, definition in definitions.items():
        for kind in definition.get("x-kubernetes-group-version-kind", ()):
            if kind["kind"] in KINDS and name.endswith(f".{kind['kind']}"):
                version = "/".join(filter(None, (kind["group"], kind["version"])))
                found[f"{version} {kind['kind']}"] = name
    return found


def fields(definitions: Definitions, name: str) -> dict[str, str]:
    """The fields of a type, with the type of each that has fields of its own."""
    found = {}
    for field, about in sorted(definitions[name].get("properties", {}).items()):
        reference = about.get("$ref") or about.get("items", {}).get("$ref") or ""
        kept = reference.rpartition("/")[2]
        inside = kept in definitions and definitions[kept].get("properties")
        # Nobody writes what the cluster says about an object.
        found[field] = kept if inside and field not in ("status", "managedFields") else ""
    return found


def closure(definitions: Definitions, names: list[str]) -> dict[str, dict[str, str]]:
    """Those types and all that they hold."""
    found: dict[str, dict[str, str]] = {}
    while names:
        name = names.pop()
        if name not in found:
            found[name] = fields(definitions, name)
            names += filter(None, found[name].values())
    return found


def short(name: str, names: list[str]) -> str:
    """The last part of a name, with the version where several types have it."""
    version, _, last = name.rpartition(".")
    return last if names.count(last) == 1 else f"{last}/{version.rpartition('.')[2]}"


def main(swagger: str, release: str) -> None:
    definitions: Definitions = json.loads(Path(swagger).read_text())["definitions"]
    objects = roots(definitions)
    found = closure(definitions, list(objects.values()))
    lasts = [name.rpartition(".")[2] for name in found]
    names = {name: short(name, lasts) for name in found}
    types = [
        " ".join((names[name], *(f"{f}:{names[t]}" if t else f for f, t in own.items())))
        for name, own in found.items()
    ]
    kinds = [f"{kind} {names[name]}" for kind, name in objects.items()]
    text = HEAD.format(
        release=release,
        month=f"{date.today():%B %Y}",
        roots="\n".join(sorted(kinds)),
        types="\n".join(sorted(types)),
    )
    TARGET.write_text(text)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit((__doc__ or "").strip())
    main(*sys.argv[1:])
