"""The parts of a container's specification: environment, mounts, probes, quantities."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Container, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from flask_preflight.artifacts import shell
from flask_preflight.artifacts.request import request_of
from flask_preflight.artifacts.yaml import Map
from flask_preflight.facts import Environment, Mount, Probe, Variable
from flask_preflight.lazy import expression
from flask_preflight.limits import MAX_EXPANSION
from flask_preflight.result import Location

if TYPE_CHECKING:
    from flask_preflight.artifacts.kubernetes import ManifestSet, Workload

ProbeKind = Literal["startup", "readiness", "liveness"]
MountKind = Literal["emptyDir", "memory", "pvc", "config", "secret", "hostPath", "named"]
_PROBES: tuple[ProbeKind, ...] = ("startup", "readiness", "liveness")
_REFERENCE = expression(r"\$\((\w[\w.-]*)\)")
_INJECTORS = frozenset(
    (
        "vault.hashicorp.com/agent-inject",
        "vault.security.banzaicloud.io/vault-addr",
        "secrets.doppler.com/reload",
        "instrumentation.opentelemetry.io/inject-python",
    )
)
_QUANTITY = expression(r"(\d+(?:\.\d*)?|\.\d+)([num]|k|[KMGTPE]i|[kMGTPE]|[eE][-+]?\d{1,3})?\Z")
_LONGEST = 40
_FACTORS = {
    "n": 1e-9,
    "u": 1e-6,
    "m": 1e-3,
    "k": 1e3,
    **{letter: 1000.0 ** (power + 2) for power, letter in enumerate("MGTPE")},
    **{f"{letter}i": 1024.0 ** (power + 1) for power, letter in enumerate("KMGTPE")},
}


def quantity(text: str) -> float | None:
    """A number as Kubernetes writes it, `250m`, `128Mi`; None for anything else."""
    found = _QUANTITY.match(text.strip()) if len(text) < _LONGEST else None
    if found is None:
        return None
    suffix = found[2] or ""
    if suffix[:1] in ("e", "E") and len(suffix) > 1 and suffix != "Ei":
        number = float(found[1] + suffix)
        return number if math.isfinite(number) else None
    return float(found[1]) * _FACTORS.get(suffix, 1.0)


def labels(found: Map) -> dict[str, str]:
    """Labels, annotations or a plain selector, as texts."""
    return {key: found.text(key) for key, value in found.items() if value is not None}


def selects(selector: Any, labels: Mapping[str, str]) -> bool:
    """Whether a label selector (`matchLabels`, `matchExpressions`) selects these labels.

    An empty selector selects everything, an absent one nothing.
    """
    if not isinstance(selector, Map):
        return False
    wanted = {key: selector.text("matchLabels", key) for key in selector.map("matchLabels")}
    if not wanted.items() <= labels.items():
        return False
    return all(_expressed(one, labels) for one in selector.maps("matchExpressions"))


def _expressed(expression: Map, labels: Mapping[str, str]) -> bool:
    value, operator = labels.get(expression.text("key")), expression.text("operator")
    if operator in ("Exists", "DoesNotExist"):
        return (value is not None) == (operator == "Exists")
    values = [str(item) for item in expression.items_of("values")]
    if operator == "NotIn":
        return value not in values
    return operator == "In" and value in values


def environment(spec: Map, workload: Workload) -> Environment:
    """What the kubelet gives to the container: `envFrom` in order, then `env`."""
    found, manifests = Environment(), workload.set
    for key, value in workload.template.map("metadata", "annotations").items():
        if key in _INJECTORS and value not in ("false", False, "disabled"):
            where = workload.template.at("metadata", "annotations", key)
            found.open(where, f"{key} adds to it")
    if workload.manifest.is_partial:
        found.open(workload.manifest.at(), "a patch that was not followed may add to it")
    for index, source in enumerate(spec.items_of("envFrom")):
        if isinstance(source, Map):
            _take_all(found, source, spec.value_at("envFrom", index), manifests)
    for item in spec.maps("env"):
        name = item.text("name")
        if name:
            found.variables.append(_variable(item, name, found, manifests))
    return found


def _take_all(found: Environment, source: Map, where: Location, manifests: ManifestSet) -> None:
    prefix = source.text("prefix")
    for key, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
        name = source.text(key, "name")
        if name:
            variables = list(_provided(kind, name, manifests))
            if None in variables or not variables:
                found.open(where, f"{kind} {name} is not among the manifests in full")
            for variable in filter(None, variables):
                found.variables.append(variable._replace(name=f"{prefix}{variable.name}"))


def _provided(kind: str, name: str, manifests: ManifestSet) -> Iterator[Variable | None]:
    """The keys of a ConfigMap or Secret, or of what makes the Secret; None if there may be more."""
    manifest = manifests.find(kind, name)
    if manifest is not None:
        for field in ("data", "stringData"):
            for key, value in manifest.spec.map(field).items():
                known = str(value) if kind == "ConfigMap" and value is not None else None
                yield Variable(key, known, manifest.spec.at(field, key), kind)
        if manifest.is_partial or "sops" in manifest.spec:
            yield None
        return
    maker = manifests.secret_makers.get(name) if kind == "Secret" else None
    if maker is not None:
        spec = maker.spec
        for item in spec.maps("spec", "data"):
            yield Variable(item.text("secretKey"), None, item.at("secretKey"), kind)
        for key in spec.map("spec", "encryptedData"):
            yield Variable(key, None, spec.at("spec", "encryptedData", key), kind)
        if "dataFrom" in spec.map("spec") or maker.is_partial:
            yield None


def _variable(item: Map, name: str, found: Environment, manifests: ManifestSet) -> Variable:
    where = item.value_at("value") if "value" in item else item.at("name")
    value = item.dig("value")
    if value is None and "valueFrom" in item:
        return Variable(name, _from_map(item, manifests), item.at("valueFrom"), "valueFrom")
    text = "" if value is None else item.text("value")
    return Variable(name, _expanded(text, found), where, "env")


def _expanded(text: str, found: Environment) -> str | None:
    """`$(NAME)` is replaced by what was given before; what was not stays as it is written."""
    for name in _REFERENCE.findall(text):
        given = found.get(name)
        if given is not None:
            if given.value is None:
                return None
            text = text.replace(f"$({name})", given.value)
            if len(text) > MAX_EXPANSION:
                return None
        elif not found.closed:
            return None
    return text


def _from_map(item: Map, manifests: ManifestSet) -> str | None:
    reference = item.map("valueFrom", "configMapKeyRef")
    manifest = manifests.find("ConfigMap", reference.text("name"))
    key = reference.text("key")
    if manifest is None or manifest.is_partial or manifest.spec.dig("data", key) is None:
        return None
    return manifest.spec.text("data", key)


def mounts(spec: Map, pod: Map, claims: Container[str]) -> Iterator[Mount]:
    """What is mounted, with the kind of volume behind it; `claims` are those each pod has alone.

    A mount is shared when other pods of the workload have the same files.
    """
    volumes = {volume.text("name"): volume for volume in pod.maps("volumes")}
    for item in spec.maps("volumeMounts"):
        name, path = item.text("name"), item.text("mountPath")
        volume = volumes.get(name)
        if not path or volume is None and name not in claims:
            continue
        own: tuple[MountKind, str, bool] = ("pvc", name, False)
        kind, source, shared = own if volume is None else _volume(volume)
        read_only = item.dig("readOnly") is True
        yield Mount(path, kind, source, item.value_at("mountPath"), shared, read_only)


_SECRET_DRIVERS = ("secrets-store.csi.k8s.io", "secrets-store.csi.x-k8s.io")


def _volume(volume: Map) -> tuple[MountKind, str, bool]:
    """Kind, source, and whether all pods have the same."""
    if "emptyDir" in volume:
        memory = volume.text("emptyDir", "medium") == "Memory"
        return ("memory" if memory else "emptyDir"), "", False
    if "ephemeral" in volume:
        return "emptyDir", "", False
    if "persistentVolumeClaim" in volume:
        return "pvc", volume.text("persistentVolumeClaim", "claimName"), True
    if "hostPath" in volume:
        return "hostPath", volume.text("hostPath", "path"), False
    if "configMap" in volume or "downwardAPI" in volume:
        return "config", volume.text("configMap", "name"), False
    if "secret" in volume or "projected" in volume:
        return "secret", volume.text("secret", "secretName"), False
    driver = volume.text("csi", "driver")
    if driver in _SECRET_DRIVERS or driver.startswith("csi.cert-manager"):
        return "secret", driver, False
    # What is left are file systems and disks of the network: csi, nfs, cephfs, azureFile and so on.
    return "named", driver or next((key for key in volume if key != "name"), ""), True


def probes(spec: Map, port: Callable[[str], int | None]) -> Iterator[Probe]:
    """The probes of a container, ports resolved to numbers, Kubernetes' defaults filled in."""
    for kind in _PROBES:
        found = spec.dig(f"{kind}Probe")
        if isinstance(found, Map) and found:
            yield _probe(kind, found, spec.at(f"{kind}Probe"), port)


def _probe(
    kind: ProbeKind, found: Map, where: Location, port: Callable[[str], int | None]
) -> Probe:
    handler = next((h for h in ("httpGet", "tcpSocket", "grpc", "exec") if h in found), "")
    body = found.map(handler) if handler else Map()

    def at(*keys: str | int) -> Location:
        for part in (body, found):
            if keys and keys[0] in part:
                return part.value_at(*keys)
        return where

    about = Probe(
        kind,
        where,
        port=_number(body.dig("port"), port),
        timeout=_count(found.dig("timeoutSeconds"), 1),
        period=_count(found.dig("periodSeconds"), 10),
        failures=_count(found.dig("failureThreshold"), 3),
        at=at,
    )
    if handler == "httpGet":
        path = body.text("path") or "/"
        about.path = None if re.search(r"[${]", path) else path
        about.scheme = (body.text("scheme") or "http").lower()
        about.host = body.text("host")
        about.headers = {h.text("name").lower(): h.text("value") for h in body.maps("httpHeaders")}
    elif handler == "exec":
        return _by_command(about, kind, body, where)
    return about


def _by_command(about: Probe, kind: ProbeKind, body: Map, where: Location) -> Probe:
    words = tuple(map(str, body.items_of("command")))
    places = tuple(body.value_at("command", index) for index in range(len(words)))
    request = request_of(shell.of_words(words, places)) if words else None
    if request is None:
        return about
    return Probe(
        kind,
        request.location,
        method=request.method,
        path=request.path,
        port=request.port,
        scheme=request.scheme,
        host=request.foreign,
        headers=request.headers,
        timeout=about.timeout,
        period=about.period,
        failures=about.failures,
    )


def _number(value: Any, port: Callable[[str], int | None]) -> int | None:
    if isinstance(value, str):
        return int(value[:9]) if value.isascii() and value.isdigit() else port(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _count(value: Any, default: int) -> int | None:
    """A number of seconds or times; what is not given is what Kubernetes takes."""
    if value is None:
        return default
    return value if isinstance(value, int) and not isinstance(value, bool) else None
