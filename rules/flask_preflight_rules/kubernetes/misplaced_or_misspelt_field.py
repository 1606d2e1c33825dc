"""A field stands where Kubernetes knows no such field, so it is dropped without a word.

Helm, Argo CD and `kubectl --validate=false` accept it. The container then runs as root, without
probes or without limits, though the file says otherwise.

Fix: move it to where it belongs, or write it as Kubernetes does.

Sources: Kubernetes, "API reference v1.33: PodSpec, Container, SecurityContext, Probe".

```yaml bad k8s/web.yaml {9,13,14,15,16}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      privileged: false
      containers:
        - name: web
          image: acme/shop:2
          runAsUser: 1000
          limits: {memory: 256Mi}
          livenessprobe: {httpGet: {path: /, port: 8000}}
          securityContext: {readOnlyRootFileSystem: true}
```

```yaml good k8s/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      securityContext: {runAsNonRoot: true}
      containers:
        - name: web
          image: acme/shop:2
          securityContext: {runAsUser: 1000, readOnlyRootFilesystem: true}
          resources: {limits: {memory: 256Mi}}
          livenessProbe: {httpGet: {path: /, port: 8000}}
          x-note: ours
```
"""

from collections.abc import Iterator
from typing import NamedTuple

from flask_preflight.artifacts.kubernetes import Workload
from flask_preflight.artifacts.yaml import Map
from flask_preflight.rule import Message, Result, Results, rule

CASE = Message("{0} is no field here and is dropped: Kubernetes writes {1}", "case")
PLACE = Message("{0} is no field of {1} and is dropped: it belongs to {2}", "place")
CONTAINER = (
    "name image command args workingDir ports envFrom env resources resizePolicy restartPolicy "
    "volumeMounts volumeDevices livenessProbe readinessProbe startupProbe lifecycle "
    "terminationMessagePath terminationMessagePolicy imagePullPolicy securityContext stdin "
    "stdinOnce tty restartPolicyRules"
).split()
POD = (
    "volumes initContainers containers ephemeralContainers restartPolicy "
    "terminationGracePeriodSeconds activeDeadlineSeconds dnsPolicy nodeSelector serviceAccountName "
    "serviceAccount automountServiceAccountToken nodeName hostNetwork hostPID hostIPC "
    "shareProcessNamespace securityContext imagePullSecrets hostname subdomain affinity "
    "schedulerName tolerations hostAliases priorityClassName priority dnsConfig readinessGates "
    "runtimeClassName enableServiceLinks preemptionPolicy overhead topologySpreadConstraints "
    "setHostnameAsFQDN os hostUsers schedulingGates resourceClaims resources hostnameOverride"
).split()
CONTAINER_SECURITY = (
    "capabilities privileged seLinuxOptions windowsOptions runAsUser runAsGroup runAsNonRoot "
    "readOnlyRootFilesystem allowPrivilegeEscalation procMount seccompProfile appArmorProfile"
).split()
POD_SECURITY = (
    "seLinuxOptions windowsOptions runAsUser runAsGroup runAsNonRoot supplementalGroups "
    "supplementalGroupsPolicy fsGroup sysctls fsGroupChangePolicy seccompProfile appArmorProfile "
    "seLinuxChangePolicy"
).split()
PROBE = (
    "exec httpGet tcpSocket grpc initialDelaySeconds timeoutSeconds periodSeconds successThreshold "
    "failureThreshold terminationGracePeriodSeconds"
).split()
RESOURCES = "limits requests claims".split()
SECURITY = (
    "runAsUser runAsGroup runAsNonRoot privileged capabilities readOnlyRootFilesystem "
    "allowPrivilegeEscalation"
).split()
OF_POD = "fsGroup volumes nodeSelector terminationGracePeriodSeconds serviceAccountName".split()
OF_CONTAINER = "livenessProbe readinessProbe image ports env".split()
ONLY_CONTAINER = "privileged allowPrivilegeEscalation capabilities readOnlyRootFilesystem".split()


class Place(NamedTuple):
    """A mapping, its title, the fields that it may have, and where misplaced ones belong."""

    spec: Map
    title: str
    fields: list[str]
    elsewhere: dict[str, str]


@rule(
    "K8S009",
    "misplaced-or-misspelt-field",
    "warning",
    "orchestration",
    "~kube-linter:schema-validation",
)
def check(workload: Workload) -> Results:
    if workload.is_knative:
        return
    for place in _places(workload):
        by_case = {field.lower(): field for field in place.fields}
        for key in place.spec:
            if key in place.fields:
                continue
            meant, owner = by_case.get(key.lower()), place.elsewhere.get(key)
            if meant is not None or owner is not None:
                said = CASE(key, meant) if meant else PLACE(key, place.title, owner)
                yield Result(place.spec.at(key), said, subject=workload.title)


def _places(workload: Workload) -> Iterator[Place]:
    spec = workload.spec
    context = dict.fromkeys(SECURITY, "the securityContext of a container")
    inside = dict.fromkeys(OF_CONTAINER, "a container")
    yield Place(spec, "a pod", POD, {**context, **inside})
    only = dict.fromkeys(ONLY_CONTAINER, "the securityContext of a container")
    yield Place(spec.map("securityContext"), "the securityContext of a pod", POD_SECURITY, only)
    for kind in ("initContainers", "containers"):
        for container in spec.maps(kind):
            yield from _of_container(container)


def _of_container(container: Map) -> Iterator[Place]:
    elsewhere = dict.fromkeys(SECURITY, "its securityContext")
    elsewhere |= dict.fromkeys(OF_POD, "the pod")
    elsewhere |= dict.fromkeys(("limits", "requests"), "its resources")
    elsewhere["replicas"] = "the workload"
    yield Place(container, "a container", CONTAINER, elsewhere)
    context = {"fsGroup": "the securityContext of the pod"}
    title = "the securityContext of a container"
    yield Place(container.map("securityContext"), title, CONTAINER_SECURITY, context)
    yield Place(container.map("resources"), "resources", RESOURCES, {})
    for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
        yield Place(container.map(probe), "a probe", PROBE, {})
