"""Versions of Kubernetes' interfaces that no longer exist.

Source: https://kubernetes.io/docs/reference/using-api/deprecation-guide/, read in November 2026.
"""

from __future__ import annotations

from typing import NamedTuple


class Removal(NamedTuple):
    """The release that no longer serves it, and what to write instead."""

    release: str
    instead: str


NEWEST = "1.34"
"""The newest release that the table knows of."""
_APPS = ("Deployment", "DaemonSet", "StatefulSet", "ReplicaSet")
_ROWS: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("1.16", "extensions/v1beta1", _APPS, "apps/v1"),
    ("1.16", "apps/v1beta1", _APPS, "apps/v1"),
    ("1.16", "apps/v1beta2", _APPS, "apps/v1"),
    ("1.16", "extensions/v1beta1", ("NetworkPolicy",), "networking.k8s.io/v1"),
    ("1.16", "extensions/v1beta1", ("PodSecurityPolicy",), "Pod Security Admission"),
    ("1.22", "extensions/v1beta1", ("Ingress",), "networking.k8s.io/v1"),
    ("1.22", "networking.k8s.io/v1beta1", ("Ingress", "IngressClass"), "networking.k8s.io/v1"),
    (
        "1.22",
        "rbac.authorization.k8s.io/v1beta1",
        ("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"),
        "rbac.authorization.k8s.io/v1",
    ),
    (
        "1.22",
        "rbac.authorization.k8s.io/v1alpha1",
        ("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"),
        "rbac.authorization.k8s.io/v1",
    ),
    (
        "1.22",
        "admissionregistration.k8s.io/v1beta1",
        ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"),
        "admissionregistration.k8s.io/v1",
    ),
    (
        "1.22",
        "apiextensions.k8s.io/v1beta1",
        ("CustomResourceDefinition",),
        "apiextensions.k8s.io/v1",
    ),
    ("1.22", "apiregistration.k8s.io/v1beta1", ("APIService",), "apiregistration.k8s.io/v1"),
    ("1.22", "coordination.k8s.io/v1beta1", ("Lease",), "coordination.k8s.io/v1"),
    ("1.22", "scheduling.k8s.io/v1beta1", ("PriorityClass",), "scheduling.k8s.io/v1"),
    (
        "1.22",
        "certificates.k8s.io/v1beta1",
        ("CertificateSigningRequest",),
        "certificates.k8s.io/v1",
    ),
    (
        "1.22",
        "storage.k8s.io/v1beta1",
        ("CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"),
        "storage.k8s.io/v1",
    ),
    ("1.25", "batch/v1beta1", ("CronJob",), "batch/v1"),
    ("1.25", "discovery.k8s.io/v1beta1", ("EndpointSlice",), "discovery.k8s.io/v1"),
    ("1.25", "events.k8s.io/v1beta1", ("Event",), "events.k8s.io/v1"),
    ("1.25", "autoscaling/v2beta1", ("HorizontalPodAutoscaler",), "autoscaling/v2"),
    ("1.25", "policy/v1beta1", ("PodDisruptionBudget",), "policy/v1"),
    ("1.25", "policy/v1beta1", ("PodSecurityPolicy",), "Pod Security Admission"),
    ("1.25", "node.k8s.io/v1beta1", ("RuntimeClass",), "node.k8s.io/v1"),
    ("1.26", "autoscaling/v2beta2", ("HorizontalPodAutoscaler",), "autoscaling/v2"),
    ("1.27", "storage.k8s.io/v1beta1", ("CSIStorageCapacity",), "storage.k8s.io/v1"),
    *(
        (
            release,
            f"flowcontrol.apiserver.k8s.io/{version}",
            ("FlowSchema", "PriorityLevelConfiguration"),
            "flowcontrol.apiserver.k8s.io/v1",
        )
        for release, version in (("1.26", "v1beta1"), ("1.29", "v1beta2"), ("1.32", "v1beta3"))
    ),
)
REMOVED: dict[tuple[str, str], Removal] = {
    (version, kind): Removal(release, instead)
    for release, version, kinds, instead in _ROWS
    for kind in kinds
}


_RENAMED = frozenset(
    (
        "apps/v1beta2",
        "batch/v1beta1",
        "policy/v1beta1",
        "rbac.authorization.k8s.io/v1beta1",
        "scheduling.k8s.io/v1beta1",
        "coordination.k8s.io/v1beta1",
        "node.k8s.io/v1beta1",
    )
)
_WITH_SELECTOR = ("apps/v1beta2", "policy/v1beta1")


def removal(api_version: str, kind: str) -> Removal | None:
    """When this kind stopped being served in this version; None if it still is."""
    return REMOVED.get((api_version, kind))


def only_renamed(api_version: str, *, has_selector: bool) -> bool:
    """Whether the successor has the same fields, so that the version is all there is to change.

    Some versions took an absent selector for something else.
    """
    return api_version in _RENAMED and (has_selector or api_version not in _WITH_SELECTOR)
