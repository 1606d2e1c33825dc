"""Kubernetes objects as the cluster sees them: sets, workloads, containers, Services.

Sources: https://kubernetes.io/docs/reference/kubernetes-api/ and the Kustomize reference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

from flask_preflight.artifacts import kubernetes_forms as forms
from flask_preflight.artifacts.products import Use, product_of
from flask_preflight.artifacts.yaml import Map, Seq
from flask_preflight.facts import Entry, Environment, Mount, Port, Probe, Span, lower
from flask_preflight.result import Level, Location
from flask_preflight.rule import Rule
from flask_preflight.run import Role, Tree

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
    "Pod": (),
}
"""Where each kind of workload keeps its pod template."""
_BUILT_IN = frozenset(
    "apps batch policy autoscaling networking.k8s.io rbac.authorization.k8s.io storage.k8s.io "
    "extensions discovery.k8s.io argoproj.io apps.openshift.io serving.knative.dev".split()
)
_LONG = frozenset(
    "Deployment StatefulSet DaemonSet ReplicaSet ReplicationController DeploymentConfig "
    "Rollout".split()
)
_CUSTOM_PODS = frozenset(
    "Cluster Kafka Rollout postgresql PostgresCluster Redis RedisCluster".split()
)
_CONTAINER_ONLY = frozenset(
    "privileged allowPrivilegeEscalation capabilities readOnlyRootFilesystem procMount".split()
)


class Manifest:
    """One object. `spec` is the whole document; `is_patch` and `is_base` are Kustomize's words."""

    def __init__(self, document: Map, path: str, role: Role) -> None:
        self.spec = document
        self.path = path
        self.role: Role = role
        self.set: ManifestSet | None = None
        self.is_patch = False
        self.is_base = False
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
        if self.kind == "Service" and self.group == "serving.knative.dev":
            keys = ("spec", "template")
        elif keys is None or self.group and self.group not in _BUILT_IN:
            return None
        found = self.spec.dig(*keys) if keys else self.spec
        return found if isinstance(found, Map) else None

    @cached_property
    def is_core_service(self) -> bool:
        return self.kind == "Service" and self.group == ""

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
            whole = not (self.is_patch or self.is_base)
            return rule.level if rule.sees == "written" or whole else None
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


def service_ports(manifest: Manifest) -> Iterator[ServicePort]:
    """The TCP ports of a Service."""
    for port in manifest.spec.maps("spec", "ports"):
        if port.text("protocol") == "UDP":
            continue
        number, target = port.dig("port"), port.dig("targetPort")
        found = number if target is None else target
        if isinstance(found, str) and found.isdigit():
            found = int(found)
        if isinstance(found, (int, str)) and not isinstance(found, bool):
            where = port.value_at("targetPort") if target is not None else port.value_at("port")
            numbered = number if isinstance(number, int) else None
            yield ServicePort(port.text("name"), numbered, found, where)


class IngressBackend(NamedTuple):
    """One way from an Ingress to a Service."""

    ingress: Manifest
    service: str
    port: int | str | None
    tls: bool | None
    location: Location


def ingress_backends(manifests: ManifestSet) -> list[IngressBackend]:
    """Every backend of every Ingress of a set."""
    return [
        backend
        for manifest in manifests.manifests
        if manifest.kind == "Ingress"
        for backend in _backends(manifest)
    ]


def _backends(ingress: Manifest) -> Iterator[IngressBackend]:
    tls = True if ingress.spec.items_of("spec", "tls") else None
    found = [ingress.spec.map("spec", "defaultBackend"), ingress.spec.map("spec", "backend")]
    for one in ingress.spec.maps("spec", "rules"):
        found += (path.map("backend") for path in one.maps("http", "paths"))
    for backend in found:
        name = backend.text("service", "name") or backend.text("serviceName")
        if name:
            port = backend.dig("service", "port", "number") or backend.dig(
                "service", "port", "name"
            )
            where = backend.at("service") if "service" in backend else backend.at("serviceName")
            number = port if isinstance(port, (int, str)) else backend.dig("servicePort")
            yield IngressBackend(ingress, name, number, tls, where)


class ManifestSet:
    """Objects that are applied together. `closed`: nothing else can be among them."""

    def __init__(self, name: str, role: Role, manifests: Iterable[Manifest]) -> None:
        self.name = name
        self.role: Role = role
        self.manifests = tuple(manifests)
        self.workloads: list[Workload] = []
        self.closed = False
        self.all_sets: list[ManifestSet] = [self]
        """Every set of the repository: what excuses may be in any of them."""
        self.cluster = ""
        """The release of the clusters, if the configuration names it."""

    @property
    def creates_pods(self) -> bool:
        """Whether something in it makes pods whose labels are not written here."""
        return any(one.kind in _CUSTOM_PODS and one.template is None for one in self.manifests)

    def has(self, kind: str) -> bool:
        return any(manifest.kind == kind for manifest in self.manifests)

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
    def by_label(self) -> dict[tuple[str, str], list[Workload]]:
        """The workloads by each of their pods' labels."""
        found: dict[tuple[str, str], list[Workload]] = {}
        for workload in self.workloads:
            for pair in workload.labels.items():
                found.setdefault(pair, []).append(workload)
        return found

    def selected(self, service: Manifest) -> list[Workload]:
        """The workloads to whose pods a Service sends requests."""
        selector = {str(k): str(v) for k, v in service.spec.map("spec", "selector").items()}
        if not selector or service.spec.text("spec", "type") == "ExternalName":
            return []
        first = next(iter(selector.items()))
        return [w for w in self.by_label.get(first, ()) if selector.items() <= w.labels.items()]


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
        self.labels = {str(k): str(v) for k, v in template.map("metadata", "labels").items()}
        self.services: list[Manifest] = []
        self.replicas = Span(None, None)
        self.is_patched = False
        """A patch changes it in a way that was not followed."""
        self.containers = list(self._containers())

    def _containers(self) -> Iterator[Container]:
        for key in ("initContainers", "containers"):
            found = self.spec.dig(key)
            for item in found if isinstance(found, Seq) else ():
                if isinstance(item, Map):
                    sidecar = key == "initContainers" and item.text("restartPolicy") == "Always"
                    yield Container(item, self, init=key == "initContainers" and not sidecar)

    @property
    def role(self) -> Role:
        return self.manifest.role

    @property
    def title(self) -> str:
        return self.manifest.title

    @property
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
        manifest = self.manifest
        unseen = manifest.is_patch or manifest.is_base or self.is_patched
        return manifest.role == "production" and not unseen

    @property
    def served(self) -> bool:
        """Whether a Service sends requests to it."""
        return self.long_running and (bool(self.services) or self.is_knative)

    def at(self, *keys: str | int) -> Location:
        """The place of the deepest of these keys in the pod's spec, else of the object."""
        return self.spec.at(*keys) if keys and keys[0] in self.spec else self.manifest.at()

    def level(self, rule: Rule) -> Level | None:
        level = self.manifest.level(rule)
        return None if self.is_patched and rule.sees == "absent" else level


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
        return tuple(map(str, found)) if isinstance(found, Seq) and found else None

    def word_at(self, key: str, index: int) -> Location:
        """The place of a word of `command` or `args`."""
        return self.spec.value_at(key, index)

    @cached_property
    def environment(self) -> Environment:
        return forms.environment(self.spec, self.workload.set)

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
    def mounts(self) -> list[Mount]:
        return list(forms.mounts(self.spec, self.workload.spec))

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

    def effective(self, field: str) -> Any:
        """A field of the security context: the container's own, else the pod's; None if neither."""
        own = self.spec.dig("securityContext", field)
        if own is not None or field in _CONTAINER_ONLY:
            return own
        return self.workload.spec.dig("securityContext", field)

    def effective_at(self, field: str) -> Location:
        """Where `effective` is written, else the nearest place where it would be."""
        if self.spec.dig("securityContext", field) is None:
            if self.workload.spec.dig("securityContext", field) is not None:
                return self.workload.spec.at("securityContext", field)
            if "securityContext" not in self.spec:
                return self.at()
        return self.spec.at("securityContext", field)

    def at(self, *keys: str | int) -> Location:
        """The place of the deepest of these keys, else of the container."""
        return self.spec.at(*keys)

    def level(self, rule: Rule) -> Level | None:
        return self.workload.level(rule)


Parts = ManifestSet | Manifest | Workload | Container


def assemble(tree: Tree) -> Iterable[Parts]:
    """Every set with its objects; a container is given once for each set that it is in."""
    from flask_preflight.artifacts.kubernetes_sets import sets

    seen: set[int] = set()
    for manifests in sets(tree):
        yield manifests
        for manifest in manifests.manifests:
            if id(manifest) not in seen:
                seen.add(id(manifest))
                yield manifest
        for workload in manifests.workloads:
            yield workload
            yield from workload.containers
