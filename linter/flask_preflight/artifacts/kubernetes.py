"""Kubernetes objects as the cluster sees them: sets, workloads, containers, Services.

Sources: https://kubernetes.io/docs/reference/kubernetes-api/ and the Kustomize reference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from flask_preflight.artifacts import kubernetes_forms as forms
from flask_preflight.artifacts.kubernetes_routes import IngressBackend as IngressBackend
from flask_preflight.artifacts.kubernetes_routes import backends_of as backends_of
from flask_preflight.artifacts.kubernetes_routes import ingress_backends as ingress_backends
from flask_preflight.artifacts.products import Use, product_of
from flask_preflight.artifacts.yaml import Map, Seq
from flask_preflight.facts import Entry, Environment, Mount, Port, Probe, Span, lower
from flask_preflight.result import Level, Location
from flask_preflight.rule import Rule
from flask_preflight.run import Role, Tree

if TYPE_CHECKING:
    from flask_preflight.artifacts.application import Application
    from flask_preflight.artifacts.kubernetes_kustomize import Kustomization

TEMPLATES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            "Deployment",
            "StatefulSet",
            "DaemonSet",
            "ReplicaSet",
            "ReplicationController",
            "Job",
            "DeploymentConfig",
            "Rollout",
        ),
        ("spec", "template"),
    ),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "ScaledJob": ("spec", "jobTargetRef", "template"),
    "PodTemplate": ("template",),
    "Pod": (),
}
"""Where each kind of workload keeps its pod template."""
_BUILT_IN = frozenset(
    "apps batch policy autoscaling networking.k8s.io rbac.authorization.k8s.io storage.k8s.io "
    "extensions discovery.k8s.io argoproj.io apps.openshift.io serving.knative.dev keda.sh".split()
)
_LONG = frozenset(
    "Deployment StatefulSet DaemonSet ReplicaSet ReplicationController DeploymentConfig "
    "Rollout".split()
)
_CUSTOM_PODS = frozenset(
    "Cluster Kafka Rollout postgresql PostgresCluster Redis RedisCluster".split()
)
MAX_CONTAINERS = 100
"""How many containers of a pod are read; real pods have a handful."""
_MAX_SELECTED = 100
"""How many workloads of one label a Service is compared with; real ones select one or two."""
_CONTAINER_ONLY = frozenset(
    "privileged allowPrivilegeEscalation capabilities readOnlyRootFilesystem procMount".split()
)
_CONFINING = (
    "runAsNonRoot",
    "runAsUser",
    "allowPrivilegeEscalation",
    "capabilities",
    "readOnlyRootFilesystem",
    "seccompProfile",
)


class Manifest:
    """One object of one set. `spec` is the whole document, with the patches of the set applied.

    `is_patch`: it only says what to change in another object. `is_partial`: something changes it
    that could not be followed. `is_generated`: it is made by a kustomization.
    """

    def __init__(self, document: Map, path: str, role: Role) -> None:
        self.spec = document
        self.path = path
        self.role: Role = role
        self.set: ManifestSet | None = None
        self.is_patch = False
        self.is_partial = False
        self.is_generated = False
        self.kind = document.text("kind")
        self.api_version = document.text("apiVersion")

    @property
    def name(self) -> str:
        return self.spec.text("metadata", "name")

    @property
    def namespace(self) -> str:
        return self.spec.text("metadata", "namespace")

    @property
    def title(self) -> str:
        return f"{self.kind}/{self.name}" if self.name else self.kind

    @property
    def group(self) -> str:
        group, slash, _ = self.api_version.partition("/")
        return group if slash else ""

    @property
    def annotations(self) -> Map:
        return self.spec.map("metadata", "annotations")

    @property
    def template(self) -> Map | None:
        """The pod template; None for what starts no pods."""
        keys = TEMPLATES.get(self.kind)
        if self.kind in ("Service", "Configuration") and self.group == "serving.knative.dev":
            keys = ("spec", "template")
        elif keys is None or self.group and self.group not in _BUILT_IN:
            return None
        found = self.spec.dig(*keys) if keys else self.spec
        return found if isinstance(found, Map) else None

    @cached_property
    def is_core_service(self) -> bool:
        return self.kind == "Service" and self.group == ""

    @cached_property
    def service_ports(self) -> tuple[ServicePort, ...]:
        """The TCP ports, if this is a Service."""
        ports = (port for port in self.spec.maps("spec", "ports") if port.text("protocol") != "UDP")
        return tuple(filter(None, map(_port, ports)))

    @property
    def is_whole(self) -> bool:
        """Whether it is seen as it is applied, so that what is missing here is missing there."""
        return not (self.is_patch or self.is_partial)

    def may_share_namespace(self, other: Manifest) -> bool:
        """Whether both may be in one namespace: what names none is put somewhere by the tools."""
        return not self.namespace or not other.namespace or self.namespace == other.namespace

    @property
    def is_selected_anywhere(self) -> bool:
        """Whether some pod template of the repository has the labels that this Service selects."""
        return self.set is not None and any(one.selected(self) for one in self.set.all_sets)

    def is_newer_than_cluster(self, release: str) -> bool:
        """Whether the clusters are said to be older than this release of Kubernetes."""
        cluster = self.set.cluster if self.set is not None else ""
        return bool(cluster) and _numbers(cluster) < _numbers(release)

    def at(self, *keys: str | int) -> Location:
        """The place of the deepest of these keys, else of the kind."""
        return self.spec.at(*keys) if keys else self.spec.at("kind")

    def level(self, rule: Rule) -> Level | None:
        """What is written counts everywhere; what is missing only where everything is in sight."""
        if self.role == "production":
            return rule.level if rule.sees == "written" or self.is_whole else None
        if rule.sees != "written" or self.role == "template":
            return None
        if self.role == "development":
            return lower(rule.level)
        return lower(rule.level) if rule.level == "error" else None


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.lstrip("v").split(".")[:2] if part.isdigit())


class ServicePort(NamedTuple):
    """A port of a Service; `target` is a number or the name of a container's port."""

    name: str
    number: int | None
    target: int | str
    location: Location


def service_ports(manifest: Manifest) -> tuple[ServicePort, ...]:
    """The TCP ports of a Service."""
    return manifest.service_ports


def _port(port: Map) -> ServicePort | None:
    number, target = port.dig("port"), port.dig("targetPort")
    found = number if target is None else target
    if isinstance(found, str) and found.isascii() and found.isdigit():
        found = int(found[:9])
    if not isinstance(found, (int, str)) or isinstance(found, bool):
        return None
    where = port.value_at("targetPort") if target is not None else port.value_at("port")
    numbered = number if isinstance(number, int) else None
    return ServicePort(port.text("name"), numbered, found, where)


class ManifestSet:
    """Objects that are applied together. `closed`: nothing else can be among them."""

    def __init__(self, name: str, role: Role, manifests: Iterable[Manifest]) -> None:
        self.name = name
        self.role: Role = role
        self.manifests = tuple(manifests)
        self.workloads: list[Workload] = []
        self.patches: list[Workload] = []
        """What patches that stand alone say of workloads; nothing starts these."""
        self.closed = False
        self.has_unread = False
        """Some file beside it is a template or could not be parsed."""
        self.all_sets: list[ManifestSet] = [self]
        """Every set of the repository: what excuses may be in any of them."""
        self.cluster = ""
        """The release of the clusters, if the configuration names it."""

    @cached_property
    def creates_pods(self) -> bool:
        """Whether something in it makes pods whose labels are not written here."""
        custom = (one.kind in _CUSTOM_PODS and one.template is None for one in self.manifests)
        return self.has_unread or any(custom)

    @cached_property
    def default_requests(self) -> frozenset[str]:
        """The resources that containers are given where they ask for none."""
        return self.default_limits | frozenset(self._defaults("defaultRequest"))

    @cached_property
    def default_limits(self) -> frozenset[str]:
        """The resources that containers are limited in where they do not say so."""
        return frozenset(self._defaults("default"))

    def _defaults(self, field: str) -> Iterator[str]:
        for manifest in self.manifests:
            if manifest.kind == "LimitRange":
                for limit in manifest.spec.maps("spec", "limits"):
                    if limit.text("type") == "Container":
                        yield from limit.map(field)

    @property
    def location(self) -> Location:
        return self.manifests[0].at()

    @cached_property
    def services(self) -> list[Manifest]:
        return [manifest for manifest in self.manifests if manifest.is_core_service]

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], Manifest]:
        return {(one.kind, one.name): one for one in self.manifests}

    def find(self, kind: str, name: str) -> Manifest | None:
        """The object of this kind and name."""
        return self._by_name.get((kind, name))

    @cached_property
    def secret_makers(self) -> dict[str, Manifest]:
        """External and sealed secrets by the name of the Secret that is made of them."""
        kinds = ("ExternalSecret", "SealedSecret")
        return {
            one.spec.text("spec", "target", "name") or one.name: one
            for one in self.manifests
            if one.kind in kinds
        }

    @cached_property
    def by_label(self) -> dict[tuple[str, str], list[Workload]]:
        """The workloads by each of their pods' labels."""
        found: dict[tuple[str, str], list[Workload]] = {}
        for workload in self.workloads:
            for pair in workload.labels.items():
                found.setdefault(pair, []).append(workload)
        return found

    def selected(self, service: Manifest) -> list[Workload]:
        """The workloads to whose pods a Service sends requests."""
        selector = forms.labels(service.spec.map("spec", "selector"))
        if not selector or service.spec.text("spec", "type") == "ExternalName":
            return []
        rarest = min((self.by_label.get(pair, []) for pair in selector.items()), key=len)
        return [
            workload
            for workload in rarest[:_MAX_SELECTED]
            if selector.items() <= workload.labels.items()
            and service.may_share_namespace(workload.manifest)
        ]


class Workload:
    """What starts pods. `spec` is the pod's, `labels` those of its pods."""

    def __init__(self, manifest: Manifest, template: Map, manifests: ManifestSet) -> None:
        self.manifest = manifest
        self.template = template
        self.set = manifests
        self.path = manifest.path
        self.kind = manifest.kind
        self.name = manifest.name
        self.spec = template.map("spec")
        self.labels = forms.labels(template.map("metadata", "labels"))
        self.services: list[Manifest] = []
        self.replicas = Span(None, None)
        self.scaler: Manifest | None = None
        self.containers = list(islice(self._containers(), MAX_CONTAINERS))

    def _containers(self) -> Iterator[Container]:
        seen: set[int] = set()
        for key in ("initContainers", "containers"):
            for item in self.spec.maps(key):
                if id(item) not in seen:
                    seen.add(id(item))
                    sidecar = key == "initContainers" and item.text("restartPolicy") == "Always"
                    yield Container(item, self, init=key == "initContainers" and not sidecar)

    @property
    def role(self) -> Role:
        return self.manifest.role

    @property
    def title(self) -> str:
        return self.manifest.title

    @cached_property
    def main(self) -> list[Container]:
        """The containers that run as long as the pod does."""
        return [container for container in self.containers if not container.init]

    @property
    def long_running(self) -> bool:
        if self.kind == "Pod":
            return self.spec.text("restartPolicy") in ("", "Always")
        return self.kind in _LONG or self.is_knative

    @property
    def is_knative(self) -> bool:
        return self.manifest.group == "serving.knative.dev"

    @property
    def is_whole(self) -> bool:
        """Whether it is seen as it is applied, so that what is missing here is missing there."""
        return self.role == "production" and self.manifest.is_whole

    @property
    def served(self) -> bool:
        """Whether a Service sends requests to it."""
        return self.long_running and (bool(self.services) or self.is_knative)

    def at(self, *keys: str | int) -> Location:
        """The place of the deepest of these keys in the pod's spec, else of the object."""
        return self.spec.at(*keys) if keys and keys[0] in self.spec else self.manifest.at()

    def level(self, rule: Rule) -> Level | None:
        return self.manifest.level(rule)


class Container:
    """One container of a workload; `entry` is filled by the links."""

    def __init__(self, spec: Map, workload: Workload, *, init: bool) -> None:
        self.spec = spec
        self.workload = workload
        self.init = init
        self.path = workload.path
        self.entry: Entry | None = None

    @property
    def name(self) -> str:
        return self.spec.text("name")

    @property
    def role(self) -> Role:
        return self.workload.role

    @property
    def application(self) -> Application | None:
        """The Flask application that it runs, if the links found one."""
        return self.entry.application if self.entry is not None else None

    @property
    def image(self) -> str:
        return self.spec.text("image")

    @property
    def product(self) -> str:
        found = product_of(self.image)
        return found.name if found else ""

    @property
    def kind(self) -> Use:
        found = product_of(self.image)
        return found.use if found else ""

    @property
    def command(self) -> tuple[str, ...] | None:
        return self._words("command")

    @property
    def args(self) -> tuple[str, ...] | None:
        return self._words("args")

    @property
    def working_dir(self) -> str:
        return self.spec.text("workingDir")

    def _words(self, key: str) -> tuple[str, ...] | None:
        found = self.spec.dig(key)
        if not isinstance(found, Seq) or not found:
            return None
        return tuple(self.spec.text(key, index) for index in range(len(found)))

    def word_at(self, key: str, index: int) -> Location:
        """The place of a word of `command` or `args`."""
        return self.spec.value_at(key, index)

    @cached_property
    def environment(self) -> Environment:
        return forms.environment(self.spec, self.workload)

    @cached_property
    def ports(self) -> list[Port]:
        return [
            Port(number, port.text("name"), port.value_at("containerPort"), port.text("hostPort"))
            for port in self.spec.maps("ports")
            if isinstance(number := port.dig("containerPort"), int)
        ]

    def port(self, name: str) -> int | None:
        """The number of a named port."""
        return next((port.number for port in self.ports if port.name == name), None)

    @cached_property
    def targets(self) -> frozenset[int | str]:
        """The numbers and names of its ports, as Services and probes use them."""
        named = (port.name for port in self.ports if port.name)
        return frozenset((*(port.number for port in self.ports), *named))

    @cached_property
    def mounts(self) -> list[Mount]:
        claims = self.workload.manifest.spec.maps("spec", "volumeClaimTemplates")
        own = {claim.text("metadata", "name") for claim in claims}
        return list(forms.mounts(self.spec, self.workload.spec, own))

    @cached_property
    def probes(self) -> list[Probe]:
        return list(forms.probes(self.spec, self.port))

    @property
    def grace(self) -> float | None:
        found = self.workload.spec.dig("terminationGracePeriodSeconds")
        return float(found) if isinstance(found, int) else None

    @property
    def cpu(self) -> float | None:
        return forms.quantity(self.spec.text("resources", "limits", "cpu"))

    @property
    def memory(self) -> int | None:
        """The limit in bytes."""
        found = forms.quantity(self.spec.text("resources", "limits", "memory"))
        return int(found) if found else None

    @property
    def read_only(self) -> bool:
        return self.effective("readOnlyRootFilesystem") is True

    @property
    def is_unconfined(self) -> bool:
        """Whether neither it nor its pod says anything about the rights of its processes."""
        return all(self.effective(field) is None for field in _CONFINING)

    def effective(self, field: str) -> Any:
        """A field of the security context: the container's own, else the pod's; None if neither."""
        own = self.spec.dig("securityContext", field)
        if field == "allowPrivilegeEscalation" and self._is_almighty:
            return True
        if own is not None or field in _CONTAINER_ONLY:
            return own
        return self.workload.spec.dig("securityContext", field)

    @property
    def _is_almighty(self) -> bool:
        added = map(str, self.spec.items_of("securityContext", "capabilities", "add"))
        return self.spec.dig("securityContext", "privileged") is True or any(
            name.upper() in ("SYS_ADMIN", "CAP_SYS_ADMIN") for name in added
        )

    def effective_at(self, field: str) -> Location:
        """Where `effective` is written, else the nearest place where it would be."""
        if self.spec.dig("securityContext", field) is None:
            pod = self.workload.spec
            if field not in _CONTAINER_ONLY and pod.dig("securityContext", field) is not None:
                return pod.at("securityContext", field)
            if "securityContext" not in self.spec:
                return self.at()
        return self.spec.at("securityContext", field)

    def at(self, *keys: str | int) -> Location:
        """The place of the deepest of these keys, else of the container."""
        return self.spec.at(*keys)

    def level(self, rule: Rule) -> Level | None:
        return self.workload.level(rule)


Parts = ManifestSet | Manifest | Workload | Container


def assemble(tree: Tree) -> Iterable[Parts | Kustomization]:
    """Every set with its objects; what several sets apply is a part of each of them."""
    from flask_preflight.artifacts.kubernetes_sets import sets

    found, kustomizations = sets(tree)
    yield from kustomizations
    for manifests in found:
        if not manifests.patches:
            yield manifests
        yield from manifests.manifests
        for workload in (*manifests.workloads, *manifests.patches):
            yield workload
            yield from workload.containers
