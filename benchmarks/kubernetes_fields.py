"""Writes the table of Kubernetes' fields from the models of its official Python client.

    pip install kubernetes
    python benchmarks/kubernetes_fields.py > rules/flask_preflight_rules/kubernetes/_schema.py

The client is generated from the OpenAPI document of a release of Kubernetes. One line for each
kind, `apps/v1 Deployment =Deployment`, and one for each type that it leads to: its name, then its
fields, each with the type that it holds (`template=PodTemplateSpec`) where that has fields too.
"""

import typing
from typing import Any

import kubernetes
from kubernetes import client

ROOTS = {
    "v1": "ConfigMap LimitRange Namespace PersistentVolume PersistentVolumeClaim Pod "
    "ReplicationController ResourceQuota Secret Service ServiceAccount",
    "apps/v1": "DaemonSet Deployment ReplicaSet StatefulSet",
    "autoscaling/v1": "HorizontalPodAutoscaler",
    "autoscaling/v2": "HorizontalPodAutoscaler",
    "batch/v1": "CronJob Job",
    "networking.k8s.io/v1": "Ingress IngressClass NetworkPolicy",
    "policy/v1": "PodDisruptionBudget",
    "rbac.authorization.k8s.io/v1": "ClusterRole ClusterRoleBinding Role RoleBinding",
    "scheduling.k8s.io/v1": "PriorityClass",
    "storage.k8s.io/v1": "StorageClass",
}


def model(annotation: Any) -> Any:
    """The class of a field that has fields itself; None for numbers, texts and free mappings."""
    if typing.get_origin(annotation) in (dict, typing.Dict):  # noqa: UP006
        return None
    for inner in typing.get_args(annotation):
        if (found := model(inner)) is not None:
            return found
    return annotation if hasattr(annotation, "model_fields") else None


def main() -> None:
    print('"""The fields of Kubernetes, made by `benchmarks/kubernetes_fields.py`: do not edit.')
    print()
    release = kubernetes.__version__
    print(f"Source: the models of https://github.com/kubernetes-client/python {release}.")
    print('"""\n\n# ruff: noqa: E501\nTABLE = """')
    waiting, seen = [], {}
    for version, kinds in ROOTS.items():
        for kind in kinds.split():
            prefix = "V2" if version.endswith("v2") else "V1"
            root = getattr(client, f"{prefix}{kind}")
            print(version, kind, f"={root.__name__}")
            waiting.append(root)
    while waiting:
        one = waiting.pop()
        if one.__name__ in seen:
            continue
        words = []
        for name, field in sorted(one.model_fields.items()):
            inner = model(field.annotation)
            alias = field.serialization_alias or field.alias or name
            words.append(f"{alias}={inner.__name__}" if inner is not None else alias)
            if inner is not None:
                waiting.append(inner)
        seen[one.__name__] = words
    for name in sorted(seen):
        print(name, *seen[name])
    print('"""')


if __name__ == "__main__":
    main()
