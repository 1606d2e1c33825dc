"""Manifests: what is one, what is applied together, and what the cluster makes of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import pytest

from flask_preflight.artifacts import kubernetes
from flask_preflight.artifacts.kubernetes import (
    Container,
    Manifest,
    ManifestSet,
    Workload,
    ingress_backends,
    service_ports,
)
from flask_preflight.artifacts.kubernetes_forms import quantity, selects
from flask_preflight.artifacts.yaml import Map, documents
from flask_preflight.run import Notes
from harness import results_of, tree_of

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n"


def parts(files: Mapping[str, str] | str, kind: type) -> list[kubernetes.Parts]:
    tree = tree_of({"k8s.yaml": files} if isinstance(files, str) else files)
    found: Any = [part for part in kubernetes.assemble(tree) if type(part) is kind]
    broken = [str(note.message) for note in tree.notifications if note.id == "PRE010"]
    assert not broken, broken
    return list(found)


def sets(files: Mapping[str, str] | str) -> list[ManifestSet]:
    return [one for one in parts(files, ManifestSet) if isinstance(one, ManifestSet)]


def workloads(files: Mapping[str, str] | str) -> list[Workload]:
    return [one for one in parts(files, Workload) if isinstance(one, Workload)]


def container(text: str, rest: str = "") -> Container:
    """The first container of a pod, given as the lines of its mapping."""
    lines = text.replace("\n", "\n      ")
    (found, *_) = parts(f"{POD}    - name: web\n      {lines}\n{rest}", Container)
    assert isinstance(found, Container)
    return found


def deployment(name: str, pod: str = "containers: [{name: web}]", more: str = "") -> str:
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n{more}"
        f"  template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec: {{{pod}}}\n"
    )


def service(name: str, more: str = "") -> str:
    return (
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\n"
        f"spec: {{selector: {{app: {name}}}, ports: [{{port: 80}}]{more}}}\n"
    )


# What is a manifest


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (f"{'# licence' * 200}\n---\n{POD}    - name: web\n---\n", ["Pod"]),
        (
            "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, spec: {}}\n- 5\n",
            ["Pod"],
        ),
        (
            "apiVersion: v1\nkind: PodList\nitems: [{spec: {}}, {kind: Service}]\n",
            ["Pod", "Service"],
        ),
        ("apiVersion: v1\nkind: PodList\nitems: null\n", ["PodList"]),
        ("apiVersion: skaffold/v4beta11\nkind: Config\nmetadata: {name: x}\n", []),
        ("apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\n", []),
        ("apiVersion: cert-manager.io/v1\nkind: Certificate\n", ["Certificate"]),
        ("apiVersion: 5\nkind: {}\n", []),
        ("kind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2}\n", ["Deployment"]),
        ('{"apiVersion": "v1", "kind": "Pod", "spec": {}}', ["Pod"]),
        (
            "apiVersion: &a v1\nkind: List\nitems: &b\n- {apiVersion: *a, kind: Pod}\n- *b\n",
            ["Pod"],
        ),
        ("&l\napiVersion: v1\nkind: List\nitems: [*l, {kind: Pod, apiVersion: v1}]\n", ["Pod"]),
    ],
)
def test_objects(text: str, kinds: list[str]) -> None:
    found = [part.kind for part in parts(text, Manifest) if isinstance(part, Manifest)]
    assert found == kinds


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("chart/templates/web.yaml", "apiVersion: v1\nkind: Pod\n"),
        ("web.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  {{- include 'x' . }}\n"),
        ("web.yaml", "{{ if .Values.on }}\napiVersion: v1\nkind: Pod\n{{ end }}\n"),
        ("web.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .Release.Name }}-web}\n"),
        ("web.yaml", "apiVersion: v1\nkind: Pod\n{% if x %}\nspec: {}\n{% endif %}\n"),
        ("web.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Chart.Name }}\n"),
    ],
)
def test_templates_are_left_alone(path: str, text: str) -> None:
    tree = tree_of({"chart/Chart.yaml": "name: web\n", path: text, "other/k8s.yaml": POD})
    found = [part.path for part in kubernetes.assemble(tree) if isinstance(part, Manifest)]
    assert found == ["other/k8s.yaml"]
    assert [(note.id, note.level) for note in tree.notifications] == [("PRE011", "note")]


def test_texts_with_braces_are_manifests() -> None:
    text = (
        "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n"
        "  summary: Instance {{ $labels.instance }} is down\n"
        '  description: "{{ $value }}"\n'
        "  text: |\n    {{ range .Alerts }}\n    {{ .Name }}\n    {{ end }}\n"
    )
    assert [part.kind for part in parts(text, Manifest)] == ["PrometheusRule"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("apps/v1 Deployment", "spec template"),
        ("extensions/v1beta1 Deployment", "spec template"),
        ("v1 Deployment", "spec template"),
        ("apps/v1 StatefulSet", "spec template"),
        ("apps/v1 DaemonSet", "spec template"),
        ("batch/v1 Job", "spec template"),
        ("batch/v1 CronJob", "spec jobTemplate spec template"),
        ("keda.sh/v1alpha1 ScaledJob", "spec jobTargetRef template"),
        ("argoproj.io/v1alpha1 Rollout", "spec template"),
        ("apps.openshift.io/v1 DeploymentConfig", "spec template"),
        ("serving.knative.dev/v1 Service", "spec template"),
        ("v1 PodTemplate", "template"),
        ("v1 Pod", ""),
        ("example.org/v1 Deployment", None),
        ("v1 Service", None),
    ],
)
def test_workloads(head: str, name: str | None) -> None:
    version, kind = head.split()
    text = f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: x}}\n"
    keys = (name or "").split()
    text += "".join(f"{'  ' * depth}{key}:\n" for depth, key in enumerate(keys))
    text += "  " * len(keys) + "spec: {containers: [{name: web}]}\n"
    found = [one.containers[0].name for one in workloads(text)]
    assert found == ([] if name is None else ["web"])


@pytest.mark.parametrize(
    "value", ["null", "text", "5", "[]", "{}", "[null]", "[text]", "[[]]", "!x y"]
)
def test_wrong_types_are_absent(value: str) -> None:
    """No rule may raise, whatever stands where something else belongs."""
    keys = (
        "metadata spec labels annotations selector template containers initContainers name env "
        "envFrom ports resources securityContext volumeMounts volumes command args image replicas "
        "livenessProbe readinessProbe httpGet exec tls rules http paths backend type tolerations "
        "minReplicas scaleTargetRef data restartPolicy serviceAccountName valueFrom limits items"
    ).split()
    flat = "".join(f"{key}: {value}\n" for key in keys)
    inner = "".join(f"        {key}: {value}\n" for key in keys)
    texts = [f"apiVersion: v1\nkind: {kind}\n{flat}" for kind in ("Pod", "Ingress", "Service")]
    others = "Deployment CronJob HorizontalPodAutoscaler ConfigMap ExternalSecret".split()
    texts += [f"apiVersion: apps/v1\nkind: {kind}\n{flat}" for kind in others]
    texts.append(f"{POD}      - name: web\n{inner}")
    texts.append(deployment("web", ", ".join(f"{key}: {value}" for key in keys if key != "name")))
    texts.append(service("web"))
    files = {
        "k8s.yaml": "---\n".join(texts),
        "k/kustomization.yaml": flat + "images: [{name: x}]\n",
    }
    results_of(files)
    for one in parts(files, Container):
        assert isinstance(one, Container)
        assert [type(x) for x in (one.probes, one.mounts, one.ports)] == [list] * 3
        assert one.cpu is None or one.cpu >= 0
        assert one.environment.variables is not None
    for found in sets(files):
        assert isinstance(ingress_backends(found), list)
        assert all(list(service_ports(item)) is not None for item in found.services)


# Which are applied together


def names(files: Mapping[str, str]) -> dict[str, tuple[str, list[str]]]:
    return {one.name: (one.role, sorted(m.title for m in one.manifests)) for one in sets(files)}


def test_folders() -> None:
    files = {
        "k8s/web.yaml": deployment("web"),
        "k8s/more/deep/service.yaml": service("web"),
        "other/db.yaml": deployment("db"),
        "compose/docker-compose.yml": "services: {}\n",
    }
    assert names(files) == {
        "k8s": ("production", ["Deployment/web", "Service/web"]),
        "other": ("production", ["Deployment/db"]),
    }
    assert [one.served for one in workloads(files)] == [True, False]


def test_alternatives_do_not_mix() -> None:
    files = {
        "k8s/namespace.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n",
        "k8s/one/web.yaml": deployment("web"),
        "k8s/one/service.yaml": service("web"),
        "k8s/two/web.yaml": deployment("web"),
    }
    assert names(files) == {
        "k8s/one": ("production", ["Deployment/web", "Namespace/shop", "Service/web"]),
        "k8s/two": ("production", ["Deployment/web", "Namespace/shop"]),
    }
    assert {(one.path, one.served) for one in workloads(files)} == {
        ("k8s/one/web.yaml", True),
        ("k8s/two/web.yaml", False),
    }


def test_files_for_development_beside_others() -> None:
    files = {
        "k8s/web.yaml": deployment("web"),
        "k8s/web-dev.yaml": deployment("web"),
        "k8s/service.yaml": service("web"),
    }
    found = {one.path: (one.role, one.served) for one in workloads(files)}
    assert found == {
        "k8s/web.yaml": ("production", True),
        "k8s/web-dev.yaml": ("development", False),
    }


@pytest.mark.parametrize(
    ("path", "beside", "role"),
    [
        ("k8s/minikube/web.yaml", "k8s/cluster/web.yaml", "development"),
        ("minikube-ingress.yml", "ingress.yml", "development"),
        ("k8s/minikube/web.yaml", "k8s/minikube/db.yaml", "production"),
        ("k8s/kind/web.yaml", "k8s/kindly/web.yaml", "development"),
        ("k8s/local/web.yaml", "k8s/prod/web.yaml", "development"),
        ("k8s/staging/web.yaml", "k8s/prod/web.yaml", "production"),
        ("ci-cd/web.yaml", "k8s/web.yaml", "production"),
        ("examples/web.yaml", "k8s/web.yaml", "example"),
        ("tests/web.yaml", "k8s/web.yaml", "test"),
    ],
)
def test_roles(path: str, beside: str, role: str) -> None:
    files = {path: deployment("web"), beside: deployment("web")}
    assert {one.path: one.role for one in workloads(files)}[path] == role


def test_spare_patches_are_not_judged() -> None:
    files = {
        "base/kustomization.yaml": "resources: [web.yaml]\n",
        "base/web.yaml": deployment("web"),
        "base/web_image_patch.yaml": deployment("web"),
        "plain/patch.yaml": deployment("web"),
    }
    assert sorted(one.path for one in workloads(files)) == ["base/web.yaml", "plain/patch.yaml"]


def test_older_releases_are_left_alone() -> None:
    files = {
        "install/v0.9.0/web.yaml": deployment("web"),
        "install/v0.10.0-rc1/web.yaml": deployment("web"),
        "install/0.10.0/web.yaml": deployment("web"),
        "v1/web.yaml": deployment("web"),
    }
    assert {one.path for one in workloads(files)} == files.keys() - {"install/v0.9.0/web.yaml"}


def test_rendered_releases_stand_alone() -> None:
    files = {
        "out/web.yaml": f"---\n# Source: web/templates/deployment.yaml\n{deployment('web')}",
        "out/service.yaml": service("web"),
    }
    assert names(files) == {
        "out": ("production", ["Service/web"]),
        "out/web.yaml": ("production", ["Deployment/web"]),
    }


TEMPLATE = """{{- if .Values.web }}
kind: Deployment
spec:
  template:
    spec:
      containers:
        - securityContext:
            privileged: {{ .Values.privileged }}
{{- end }}
"""
RENDERED = """---
# Source: shop/charts/web/templates/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: web
          securityContext:
            privileged: true
"""


@pytest.mark.parametrize(
    ("chart", "expected"),
    [
        ({"deploy/Chart.yaml": "apiVersion: v2\nname: shop\n"}, [("web.yaml", 8)]),
        ({"deploy/Chart.yaml": "name: other\n"}, []),
        ({"deploy/Chart.yaml": "name: shop\n", "b/Chart.yaml": "name: shop\n"}, [("web.yaml", 8)]),
        ({}, []),
    ],
)
def test_results_name_the_template(chart: dict[str, str], expected: list[tuple[str, int]]) -> None:
    template = {"deploy/charts/web/templates/web.yaml": TEMPLATE}
    (found,) = results_of({"out/all.yaml": RENDERED, **template, **chart}, "K8S020")
    places = [
        (one.path.rpartition("/")[2], one.region.start_line) for one in found.related_locations
    ]
    assert found.location.path == "out/all.yaml"
    assert places == expected


@pytest.mark.parametrize(
    ("more", "closed"),
    [
        ({}, True),
        ({"Makefile": "deploy:\n\tkubectl apply -f k8s\n"}, True),
        ({"deploy.sh": "kubectl -n shop create secret generic web\n"}, False),
        ({"deploy.sh": "helm upgrade --install web chart\n"}, False),
        ({"chart/Chart.yaml": "name: web\n"}, False),
        ({"deploy/values-prod.yaml": "replicas: 2\n"}, False),
        ({"main.tf": 'resource "aws_s3_bucket" "b" {}\n'}, True),
        ({"main.tf": 'resource "kubernetes_secret" "b" {}\n'}, False),
        ({"release.yaml": "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"}, False),
        (
            {"app.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {}\n"},
            False,
        ),
        ({"lib/web.libsonnet": "{}\n"}, False),
        ({"k8s/part.yaml": "apiVersion: v1\nkind: {{ .Values.kind }}\n"}, False),
    ],
)
def test_closed(more: dict[str, str], closed: bool) -> None:
    found = [one for one in sets({"k8s/web.yaml": deployment("web"), **more}) if one.name == "k8s"]
    assert [one.closed for one in found] == [closed]


# Kustomize

BASE = {
    "base/kustomization.yaml": "resources: [web.yaml, service.yaml]\n",
    "base/web.yaml": deployment(
        "web",
        "containers: [{name: web, image: shop, env: [{name: A, value: '1'}, {name: B, value: '2'}],"
        " ports: [{containerPort: 80}], args: [x, y]}]",
        "  replicas: 1\n",
    ),
    "base/service.yaml": service("web"),
}


def patched(kustomization: str, **files: str) -> Workload:
    """The workload of the base as one overlay applies it."""
    made = {"prod/" + name.replace("_", "."): text for name, text in files.items()}
    made["prod/kustomization.yaml"] = "resources: [../base]\n" + kustomization
    (found,) = [one for one in workloads({**BASE, **made}) if not one.manifest.is_patch]
    return found


def test_a_base_is_judged_as_it_is_applied() -> None:
    files = {
        **BASE,
        "prod/kustomization.yaml": "resources: [../base]\n",
        "overlays/dev/kustomization.yaml": "bases: [../../base]\n",
    }
    assert names(files) == {
        "overlays/dev": ("development", ["Deployment/web", "Service/web"]),
        "prod": ("production", ["Deployment/web", "Service/web"]),
    }
    assert [(one.role, one.served) for one in workloads(files)] == [
        ("development", True),
        ("production", True),
    ]
    found = results_of(files, "K8S081")
    assert [(r.location.path, r.location.region.start_line, r.level) for r in found] == [
        ("base/web.yaml", 8, "warning")
    ]


def test_the_only_overlay_counts_whatever_its_name() -> None:
    files = {**BASE, "dev/kustomization.yaml": "resources: [../base]\n"}
    assert [one.role for one in workloads(files)] == ["production"]


STRATEGIC = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  template:
    spec:
      terminationGracePeriodSeconds: 5
      containers:
        - name: web
          args: [z]
          env:
            - {name: B, value: changed}
            - {name: A, $patch: delete}
            - {name: C, value: new}
          ports: [{containerPort: 81}]
        - name: side
          image: proxy
"""


@pytest.mark.parametrize("how", ["path", "old", "inline", "old inline"])
def test_strategic_merge(how: str) -> None:
    lines = STRATEGIC.replace("\n", "\n      ")
    kustomization, first = {
        "path": ("patches: [{path: patch.yaml}]\n", 0),
        "old": ("patchesStrategicMerge: [patch.yaml]\n", 0),
        "inline": (f"patches:\n  - patch: |-\n      {lines}", 3),
        "old inline": (f"patchesStrategicMerge:\n  - |\n      {lines}", 3),
    }[how]
    files = {} if first else {"patch_yaml": STRATEGIC}
    found = patched(kustomization, **files)
    web, side = found.containers
    assert (web.name, web.image, web.args) == ("web", "shop", ("z",))
    assert (side.name, side.image) == ("side", "proxy")
    assert [port.number for port in web.ports] == [80, 81]
    given = {v.name: (v.value, v.location.path) for v in web.environment.variables}
    path = "prod/kustomization.yaml" if first else "prod/patch.yaml"
    assert given == {"B": ("changed", path), "C": ("new", path)}
    assert found.replicas[:2] == (3, 3)
    assert (web.grace, web.environment.closed, found.is_whole) == (5, True, True)
    place = side.at("image")
    assert (place.path, place.region.start_line) == (path, 18 + first)
    assert place.region.start_column == (11 if not first else 17)
    assert web.at("image").path == "base/web.yaml"
    assert web.at("resources").path == "base/web.yaml"


def test_other_overlays_keep_what_the_base_says() -> None:
    files = {
        **BASE,
        "one/kustomization.yaml": "resources: [../base]\npatches: [{path: patch.yaml}]\n",
        "one/patch.yaml": STRATEGIC,
        "two/kustomization.yaml": "resources: [../base]\n",
    }
    assert [len(one.containers) for one in workloads(files)] == [2, 1]


JSON = """\
- {op: test, path: /spec/replicas, value: 1}
- {op: replace, path: /spec/replicas, value: 4}
- {op: add, path: /spec/template/spec/containers/0/env/-, value: {name: C, value: c}}
- {op: add, path: /spec/template/spec/containers/0/env/0, value: {name: 0, value: z}}
- {op: remove, path: /spec/template/spec/containers/0/ports}
- {op: replace, path: /spec/template/spec/containers/0/args/1, value: w}
- {op: add, path: /metadata/annotations, value: {}}
- {op: add, path: /metadata/annotations/a~1b~0, value: c}
"""


@pytest.mark.parametrize(
    "entry",
    [
        "patches: [{path: patch.yaml, target: {kind: Deployment}}]\n",
        "patches: [{path: patch.yaml, target: {name: w.*}}]\n",
        "patches: [{path: patch.yaml, target: {name: (api|web), kind: Deploy.*t}}]\n",
        "patchesJson6902: [{path: patch.yaml, target: {kind: Deployment, name: web}}]\n",
        "patches: [{path: patch.yaml, target: {labelSelector: 'tier!=x', name: nothing}},"
        " {path: patch.yaml, target: {name: web, kind: Deployment, version: v1}}]\n",
    ],
)
def test_json_patches(entry: str) -> None:
    found = patched(entry, patch_yaml=JSON)
    (web,) = found.containers
    assert found.replicas[:2] == (4, 4)
    assert found.replicas.location.path == "prod/patch.yaml"  # type: ignore[union-attr]
    assert [variable.name for variable in web.environment.variables] == ["0", "A", "B", "C"]
    assert (web.ports, web.args) == ([], ("x", "w"))
    assert web.word_at("args", 1).region[:2] == (6, 71)
    assert found.manifest.annotations == {"a/b~": "c"}
    assert found.is_whole


@pytest.mark.parametrize(
    ("kustomization", "patch"),
    [
        ("patches: [{path: patch.yaml, target: {name: w\\w+}}]\n", STRATEGIC),
        ("patches: [{path: patch.yaml, target: {labelSelector: tier in (a)}}]\n", STRATEGIC),
        ("patches: [{path: patch.yaml, target: {annotationSelector: a=b}}]\n", STRATEGIC),
        ("patches: [{path: patch.yaml, target: {name: web}}]\n", "- {op: move, path: /a}\n"),
        (
            "patches: [{path: patch.yaml, target: {name: web}}]\n",
            "- {op: add, path: /spec/template/spec/containers/9/image, value: x}\n",
        ),
        ("transformers: [labels.yaml]\n", ""),
        ("replacements: [{source: {kind: ConfigMap}, targets: []}]\n", ""),
    ],
)
def test_what_is_not_followed_makes_unknown(kustomization: str, patch: str) -> None:
    found = patched(kustomization, patch_yaml=patch)
    assert not found.is_whole
    assert not found.containers[0].environment.closed
    files = {
        **BASE,
        "prod/kustomization.yaml": "resources: [../base]\n" + kustomization,
        "prod/patch.yaml": patch,
    }
    assert results_of(files, "K8S022", "K8S060", "K8S080", "K8S081") == []


def test_patches_of_others_change_nothing() -> None:
    entry = "patches: [{path: patch.yaml, target: {name: .*b, kind: Job}}, {path: other.yaml}]\n"
    found = patched(
        entry, patch_yaml=STRATEGIC, other_yaml=STRATEGIC.replace("name: web}", "name: api}")
    )
    assert (len(found.containers), found.is_whole) == (1, True)


@pytest.mark.parametrize(
    ("labels", "served"),
    [
        ("commonLabels: {env: prod}\n", True),
        ("labels: [{pairs: {env: prod}, includeSelectors: true}]\n", True),
        ("labels: [{pairs: {env: prod}, includeTemplates: true}]\n", True),
        ("labels: [{pairs: {env: prod}}]\n", False),
        ("", False),
    ],
)
def test_common_labels(labels: str, served: bool) -> None:
    files = {
        "k/kustomization.yaml": "resources: [web.yaml, service.yaml]\n" + labels,
        "k/web.yaml": deployment("web"),
        "k/service.yaml": service("web").replace("{app: web}", "{app: web, env: prod}"),
    }
    assert [one.served for one in workloads(files)] == [served]
    assert [r.rule_id for r in results_of(files, "K8S100")] == ([] if served else ["K8S100"])


def test_patches_know_longer_names() -> None:
    files = {
        **BASE,
        "named/kustomization.yaml": "namePrefix: shop-\nnameSuffix: -v1\nresources: [../base]\n",
        "prod/kustomization.yaml": "resources: [../named]\npatches: [{path: patch.yaml}]\n",
        "prod/patch.yaml": STRATEGIC.replace("{name: web}", "{name: shop-web-v1}", 1),
    }
    assert [len(one.containers) for one in workloads(files)] == [2]


def test_objects_may_be_deleted() -> None:
    gone = "$patch: delete\nkind: Deployment\nmetadata: {name: web}\n"
    files = {
        **BASE,
        "prod/kustomization.yaml": "resources: [../base]\npatches: [{path: gone.yaml}]\n",
        "prod/gone.yaml": gone,
    }
    assert names(files) == {"prod": ("production", ["Service/web"])}


def test_components_change_what_includes_them() -> None:
    files = {
        **BASE,
        "parts/kustomization.yaml": (
            "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\n"
            "resources: [job.yaml]\ncomponents: [more]\n"
            "patches: [{path: patch.yaml, target: {kind: Deployment}}]\n"
        ),
        "parts/patch.yaml": STRATEGIC,
        "parts/job.yaml": "apiVersion: batch/v1\nkind: Job\nmetadata: {name: job}\n",
        "parts/more/kustomization.yaml": "kind: Component\nreplicas: [{name: web, count: 7}]\n",
        "prod/kustomization.yaml": "resources: [../base]\ncomponents: [../parts]\n",
    }
    assert names(files) == {"prod": ("production", ["Deployment/web", "Job/job", "Service/web"])}
    (web,) = [one for one in workloads(files) if one.kind == "Deployment"]
    assert [container.name for container in web.containers] == ["web", "side"]
    assert web.replicas[:2] == (3, 3)


def test_images_and_replicas() -> None:
    found = patched(
        "replicas: [{name: web, count: 5}]\n"
        "images:\n  - {name: other, newTag: x}\n"
        "  - name: shop\n    newName: registry.example:5000/acme/shop\n    newTag: 1.10\n"
    )
    (web,) = found.containers
    assert web.image == "registry.example:5000/acme/shop:1.10"
    assert web.at("image").region.start_line == 7
    assert found.replicas[:2] == (5, 5)


@pytest.mark.parametrize(
    ("reference", "entry", "result"),
    [
        ("shop:1@sha256:ab", "newTag: '2'", "shop:2"),
        ("shop:1@sha256:ab", "digest: sha256:cd", "shop:1@sha256:cd"),
        ("a/shop:1", "newTag: '2'", "a/shop:1"),
        ("shop", "newName: acme/shop", "acme/shop"),
        ("shop:3", "newName: acme/shop", "acme/shop:3"),
    ],
)
def test_image_names(reference: str, entry: str, result: str) -> None:
    files = {
        "k/kustomization.yaml": f"resources: [web.yaml]\nimages: [{{name: shop, {entry}}}]\n",
        "k/web.yaml": deployment("web", f"containers: [{{name: web, image: '{reference}'}}]"),
    }
    assert [one.containers[0].image for one in workloads(files)] == [result]


def test_generators_provide() -> None:
    files = {
        "k/kustomization.yaml": (
            "resources: [web.yaml]\nconfigMapGenerator:\n"
            "  - name: settings\n    literals: [A=1, 'B=x=y', broken]\n    envs: [some.env]\n"
            "    files: [app.conf, other=app.conf]\n"
            "secretGenerator:\n  - {name: keys, literals: [KEY=x], envs: [missing.env]}\n"
        ),
        "k/some.env": "# c\nC=3\nD\n",
        "k/app.conf": "x\n",
        "k/web.yaml": deployment(
            "web",
            "containers: [{name: web, envFrom: [{configMapRef: {name: settings}}]},"
            " {name: side, envFrom: [{prefix: P_, secretRef: {name: keys}}]}]",
        ),
    }
    (web, side) = workloads(files)[0].containers
    given = {one.name: one.value for one in web.environment.variables}
    assert given == {
        "A": "1", "B": "x=y", "C": "3", "D": None, "app.conf": None, "other": None,
    }  # fmt: skip
    place = web.environment.get("C")
    assert place is not None
    assert (place.location.path, place.location.region.start_line) == ("k/some.env", 2)
    assert web.environment.closed
    assert [(one.name, one.value) for one in side.environment.variables] == [("P_KEY", None)]
    assert not side.environment.closed


@pytest.mark.parametrize(
    "kustomization",
    [
        "resources: [web.yaml, https://example.org/base]\n",
        "resources: [web.yaml, github.com/acme/base?ref=v1]\n",
        "resources: [web.yaml, ../missing]\n",
        "resources: [web.yaml, ../../../outside]\n",
        "resources: [web.yaml]\nhelmCharts: [{name: redis}]\n",
    ],
)
def test_open_kustomizations(kustomization: str) -> None:
    (found,) = sets({"k/kustomization.yaml": kustomization, "k/web.yaml": deployment("web")})
    assert (found.closed, len(found.workloads), found.workloads[0].is_whole) == (False, 1, True)


def test_patches_that_stand_alone_are_no_world() -> None:
    files = {
        "patches/kustomization.yaml": (
            "resources: [https://example.org/base]\npatches: [{path: root.yaml}]\n"
        ),
        "patches/root.yaml": (
            "apiVersion: apps/v1\n"
            "kind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: "
            "[{name: web, securityContext: {privileged: true}}]}}}\n"
        ),
    }
    assert sets(files) == []
    assert [r.rule_id for r in results_of(files, "K8S020", "K8S081", "K8S022")] == ["K8S020"]


def test_kustomizations_that_include_each_other() -> None:
    files = {
        "a/kustomization.yaml": "resources: [../b, web.yaml]\n",
        "b/kustomization.yaml": "resources: [../a]\ncomponents: [.]\n",
        "c/kustomization.yaml": "resources: [../a, ../c]\n",
        "a/web.yaml": deployment("web"),
        "d/kustomization.yaml": "resources: [../a]\n",
    }
    assert names(files) == {"d": ("production", ["Deployment/web"])}


def test_kustomizations_that_multiply_are_refused() -> None:
    files = {"0/kustomization.yaml": "resources: [web.yaml]\n", "0/web.yaml": deployment("web")}
    for index in range(1, 19):
        text = f"resources: [../{index - 1}, ../{index - 1}, ../{index - 1}, ../{index - 1}]\n"
        files[f"{index}/kustomization.yaml"] = text
    tree = tree_of(files)
    start = time.process_time()
    assert len(list(kubernetes.assemble(tree))) < 200_000
    assert time.process_time() - start < 5
    assert "PRE011" in {note.id for note in tree.notifications}


def test_bombs_in_patches() -> None:
    bomb = "a0: &a0 {x: 1}\n" + "".join(
        f"a{i + 1}: &a{i + 1} {{{', '.join(f'{key}: *a{i}' for key in 'bcdefghi')}}}\n"
        for i in range(40)
    )
    files = {
        "k/kustomization.yaml": "resources: [web.yaml]\npatches: [{path: p.yaml}]\n",
        "k/web.yaml": deployment("web") + bomb,
        "k/p.yaml": "kind: Deployment\nmetadata: {name: web}\n" + bomb,
    }
    start = time.process_time()
    assert len(workloads(files)) == 1
    assert time.process_time() - start < 2


# Workloads and containers


@pytest.mark.parametrize(
    ("pod", "own", "field", "value", "line"),
    [
        ("{}", "{}", "runAsUser", None, 7),
        ("{runAsUser: 5}", "{}", "runAsUser", 5, 4),
        ("{runAsUser: 5}", "{runAsUser: 0}", "runAsUser", 0, 7),
        ("{runAsUser: 5}", "{runAsUser: null}", "runAsUser", 5, 4),
        ("{runAsNonRoot: true}", "{runAsUser: 1}", "runAsNonRoot", True, 4),
        ("{runAsNonRoot: 'true'}", "{}", "runAsNonRoot", "true", 4),
        ("{privileged: true}", "{}", "privileged", None, 7),
        ("{readOnlyRootFilesystem: true}", "{}", "readOnlyRootFilesystem", None, 7),
        ("{}", "{privileged: true}", "allowPrivilegeEscalation", True, 7),
        ("{}", "{capabilities: {add: [sys_admin]}}", "allowPrivilegeEscalation", True, 7),
        ("[]", "text", "runAsUser", None, 7),
    ],
)
def test_effective(pod: str, own: str, field: str, value: object, line: int) -> None:
    text = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n"
        f"spec: {{securityContext: {pod}, containers: [\n{{\nname: web,\n"
        f"securityContext: {own}}}]}}\n"
    )
    (found,) = parts(text, Container)
    assert isinstance(found, Container)
    assert found.effective(field) == value
    assert found.effective_at(field).region.start_line == line


def test_containers() -> None:
    text = deployment(
        "web",
        "initContainers: [{name: a}, {name: b, restartPolicy: Always}], "
        "containers: [{name: c, image: 'postgres:17'}, {image: 'acme/nginx'}, 5, null]",
    )
    (found,) = workloads(text)
    assert [(one.name, one.init) for one in found.containers] == [
        ("a", True), ("b", False), ("c", False), ("", False),
    ]  # fmt: skip
    assert [one.name for one in found.main] == ["b", "c", ""]
    assert [one.kind for one in found.main] == ["", "datastore", "proxy"]


def test_commands() -> None:
    found = container("command: [sh, -c]\nargs:\n  - exec gunicorn -w 2 app\n  - 8000")
    assert found.command == ("sh", "-c")
    assert found.args == ("exec gunicorn -w 2 app", "8000")
    assert found.word_at("args", 0).region[:2] == (9, 11)
    assert found.word_at("command", 1).region[:2] == (7, 21)
    assert (container("args: []").args, container("command: null").command) == (None, None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1.0), ("250m", 0.25), ("0.5", 0.5), (".5", 0.5), ("128Mi", 128 * 2**20),
        ("1Gi", 2**30), ("1G", 1e9), ("1k", 1e3), ("2e3", 2000.0), ("1E", 1e18), ("1Ei", 2.0**60),
        ("512MB", None), ("500 Mi", None), ("", None), ("x", None), ("-1", None), ("1e999", None),
        ("9" * 400, None), ("100u", 1e-4), ("10n", 1e-8),
    ],
)  # fmt: skip
def test_quantities(text: str, value: float | None) -> None:
    found = quantity(text)
    assert found == (None if value is None else pytest.approx(value))


def test_limits() -> None:
    found = container("resources: {limits: {cpu: 500m, memory: 64Mi}}")
    assert (found.cpu, found.memory, found.grace) == (0.5, 64 * 2**20, None)
    assert (container("resources: {limits: {memory: x}}").memory) is None


def test_probes() -> None:
    found = container(
        "ports: [{name: http, containerPort: 8000}]\n"
        "readinessProbe:\n  httpGet: {path: /ready?x=1, port: http, scheme: HTTPS,\n"
        "    httpHeaders: [{name: Host, value: shop}]}\n  periodSeconds: 5\n"
        "livenessProbe: {tcpSocket: {port: '9000'}, timeoutSeconds: 2}\n"
        "startupProbe: {exec: {command: [curl, -f, 'http://localhost:8000/up']}}"
    )
    startup, ready, live = found.probes
    assert (ready.kind, ready.path, ready.port, ready.scheme) == (
        "readiness", "/ready?x=1", 8000, "https",
    )  # fmt: skip
    assert (ready.period, ready.timeout, ready.failures) == (5, 1, 3)
    assert ready.headers == {"host": "shop"}
    assert ready.at("path").region[:2] == (9, 25)
    assert ready.at("port").region[:2] == (9, 43)
    assert ready.at("periodSeconds").region[:2] == (11, 24)
    assert ready.at("host").region[:2] == ready.location.region[:2] == (8, 7)
    assert (live.path, live.port, live.timeout) == (None, 9000, 2)
    assert (startup.path, startup.port, startup.host) == ("/up", 8000, "")


@pytest.mark.parametrize(
    ("probe", "path", "port"),
    [
        ("{httpGet: {port: 80}}", "/", 80),
        ("{httpGet: {path: '$(HEALTH)', port: x}}", None, None),
        ("{httpGet: {port: '${PORT}'}}", "/", None),
        ("{grpc: {port: 50051}}", None, 50051),
        ("{exec: {command: [cat, /tmp/ok]}}", None, None),
        ("{httpGet: {path: up, port: true}}", "up", None),
        ("{}", None, None),
    ],
)
def test_probes_of_other_forms(probe: str, path: str | None, port: int | None) -> None:
    found = container(f"livenessProbe: {probe}").probes
    assert [(one.path, one.port) for one in found] == ([] if probe == "{}" else [(path, port)])


@pytest.mark.parametrize(
    ("volume", "kind", "source", "shared"),
    [
        ("emptyDir: {}", "emptyDir", "", False),
        ("emptyDir: {medium: Memory}", "memory", "", False),
        ("ephemeral: {volumeClaimTemplate: {}}", "emptyDir", "", False),
        ("persistentVolumeClaim: {claimName: files}", "pvc", "files", True),
        ("hostPath: {path: /data}", "hostPath", "/data", False),
        ("configMap: {name: conf}", "config", "conf", False),
        ("secret: {secretName: key}", "secret", "key", False),
        ("projected: {sources: []}", "secret", "", False),
        ("csi: {driver: secrets-store.csi.k8s.io}", "secret", "secrets-store.csi.k8s.io", False),
        ("csi: {driver: efs.csi.aws.com}", "named", "efs.csi.aws.com", True),
        ("nfs: {server: x, path: /}", "named", "nfs", True),
    ],
)
def test_mounts(volume: str, kind: str, source: str, shared: bool) -> None:
    found = container(
        "volumeMounts: [{name: v, mountPath: /data, readOnly: true}, {name: w, mountPath: /x}]",
        f"  volumes: [{{name: v, {volume}}}]\n",
    ).mounts
    assert [(one.path, one.kind, one.source, one.shared, one.read_only) for one in found] == [
        ("/data", kind, source, shared, True)
    ]


def test_claims_of_each_pod() -> None:
    text = (
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec:\n"
        "  volumeClaimTemplates: [{metadata: {name: data}}]\n"
        "  template: {spec: {containers: [{name: db,\n"
        "    volumeMounts: [{name: data, mountPath: /d}]}]}}\n"
    )
    (mount,) = workloads(text)[0].containers[0].mounts
    assert (mount.kind, mount.source, mount.shared) == ("pvc", "data", False)


MAPS = """\
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {A: one, B: "2", C: null}
---
apiVersion: v1
kind: Secret
metadata: {name: keys}
data: {KEY: eA==}
stringData: {TOKEN: x}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: outer}
spec: {target: {name: outside}, data: [{secretKey: GIVEN}]}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: all}
spec: {dataFrom: [{extract: {key: x}}]}
---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: sealed}
spec: {encryptedData: {SEALED: x}}
"""


@pytest.mark.parametrize(
    ("text", "values", "closed"),
    [
        ("[{name: A, value: x}, {name: A, value: y}]", "A=x A=y", True),
        ("[{name: A, value: 5}, {name: B}, {value: z}]", "A=5 B=", True),
        ("[{name: A, value: x}, {name: B, value: $(A)/$(A)}]", "A=x B=x/x", True),
        ("[{name: B, value: $(MISSING)}]", "B=$(MISSING)", True),
        ("[{name: A, valueFrom: {configMapKeyRef: {name: settings, key: A}}}]", "A=one", True),
        ("[{name: A, valueFrom: {configMapKeyRef: {name: settings, key: Z}}}]", "A", True),
        ("[{name: A, valueFrom: {secretKeyRef: {name: keys, key: KEY}}}]", "A", True),
        ("[{name: A, valueFrom: {fieldRef: {fieldPath: x}}}]", "A", True),
        ("[{configMapRef: {name: settings}}]", "A=one B=2 C", True),
        ("[{prefix: X_, secretRef: {name: keys}}]", "X_KEY X_TOKEN", True),
        ("[{configMapRef: {name: other}}]", "", False),
        ("[{secretRef: {name: other}}]", "", False),
        ("[{secretRef: {name: outside}}]", "GIVEN", True),
        ("[{secretRef: {name: all}}]", "", False),
        ("[{secretRef: {name: sealed}}]", "SEALED", True),
    ],
)
def test_environment(text: str, values: str, closed: bool) -> None:
    key = "envFrom" if "Ref: {name" in text and "valueFrom" not in text else "env"
    found = container(f"{key}: {text}", MAPS).environment
    shown = (
        one.name if one.value is None else f"{one.name}={one.value}" for one in found.variables
    )
    assert " ".join(shown) == values
    assert found.closed == closed


def test_injected_environment_is_open() -> None:
    text = deployment("web").replace(
        "metadata: {labels",
        "metadata: {annotations: {vault.hashicorp.com/agent-inject: 'true'}, labels",
    )
    (found,) = workloads(text)
    assert not found.containers[0].environment.closed


# Services, scalers, routes


@pytest.mark.parametrize(
    ("selector", "selected"),
    [
        ("{app: web}", True),
        ("{app: web, n: '1'}", True),
        ("{app: web, n: 1}", True),
        ("{app: other}", False),
        ("{}", False),
        ("null", False),
        ("{app: web}, type: ExternalName", False),
    ],
)
def test_services_select(selector: str, selected: bool) -> None:
    text = deployment("web").replace("{app: web}", '{app: web, n: "1"}')
    text += f"---\napiVersion: v1\nkind: Service\nspec: {{selector: {selector}}}\n"
    assert [one.served for one in workloads(text)] == [selected]


def test_namespaces() -> None:
    text = deployment("web").replace("{name: web}", "{name: web, namespace: a}", 1)
    for namespace, served in (("a", True), ("b", False), ("null", True)):
        other = service("web").replace("{name: web}", f"{{name: web, namespace: {namespace}}}")
        assert [one.served for one in workloads(f"{text}---\n{other}")] == [served]


@pytest.mark.parametrize(
    ("selector", "selected"),
    [
        ("{}", True),
        ("null", False),
        ("{matchLabels: {app: web}}", True),
        ("{matchLabels: {app: x}}", False),
        ("{matchExpressions: [{key: app, operator: In, values: [a, web]}]}", True),
        ("{matchExpressions: [{key: app, operator: NotIn, values: [web]}]}", False),
        ("{matchExpressions: [{key: app, operator: Exists}]}", True),
        ("{matchExpressions: [{key: app, operator: DoesNotExist}]}", False),
        ("{matchExpressions: [{key: x, operator: NotIn, values: [web]}]}", True),
        ("{matchExpressions: [{key: app, operator: Other}]}", False),
        ("{matchLabels: {app: web}, matchExpressions: [{key: x, operator: Exists}]}", False),
    ],
)
def test_label_selectors(selector: str, selected: bool) -> None:
    (found,), _ = documents("a.yaml", f"s: {selector}", Notes())
    assert selects(found["s"], {"app": "web"}) == selected


@pytest.mark.parametrize(
    ("scaler", "replicas"),
    [
        ("", (1, 1)),
        ("HorizontalPodAutoscaler Deployment minReplicas: 2, maxReplicas: 5", (2, 5)),
        ("HorizontalPodAutoscaler Deployment maxReplicas: 5", (1, 5)),
        ("HorizontalPodAutoscaler StatefulSet maxReplicas: 5", (1, 1)),
        ("ScaledObject Deployment maxReplicaCount: 4", (0, 4)),
        ("ScaledObject null paused: false", (0, 100)),
    ],
)
def test_scalers(scaler: str, replicas: tuple[int, int]) -> None:
    text = deployment("web")
    if scaler:
        kind, target, bounds = scaler.split(" ", 2)
        reference = f"scaleTargetRef: {{kind: {target}, name: web}}"
        text += f"---\napiVersion: x/v1\nkind: {kind}\nspec: {{{reference}, {bounds}}}\n"
    (found,) = workloads(text)
    assert found.replicas[:2] == replicas
    apart = text.partition("---\n")[2] or service("x")
    (found,) = workloads({"a/k8s.yaml": deployment("web"), "b/k8s.yaml": apart})
    assert found.replicas[:2] == ((None, None) if replicas != (1, 1) else (1, 1))


@pytest.mark.parametrize(
    ("kind", "more", "replicas"),
    [
        ("Deployment", "", (1, 1)),
        ("Deployment", "  replicas: 3\n", (3, 3)),
        ("Deployment", "  replicas: '3'\n", (None, None)),
        ("Deployment", "  replicas: ${COUNT}\n", (None, None)),
        ("DaemonSet", "", (None, None)),
    ],
)
def test_replicas(kind: str, more: str, replicas: tuple[int | None, int | None]) -> None:
    (found,) = workloads(deployment("web", more=more).replace("Deployment", kind))
    assert found.replicas[:2] == replicas


def test_ports_of_services() -> None:
    text = (
        "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  ports:\n"
        "    - {port: 80}\n    - {name: a, port: 81, targetPort: http}\n"
        "    - {port: 82, targetPort: '8000'}\n    - {port: 53, protocol: UDP}\n    - {port: x}\n"
        "    - {targetPort: true}\n"
    )
    (found,) = sets(text)[0].services
    ports = list(service_ports(found))
    assert [(p.name, p.number, p.target, p.location.region.start_line) for p in ports] == [
        ("", 80, 80, 6), ("a", 81, "http", 7), ("", 82, 8000, 8), ("", None, "x", 10),
    ]  # fmt: skip


ROUTES = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: new}
spec:
  defaultBackend: {service: {name: a, port: {number: 80}}}
  tls: [{secretName: x}]
  rules:
    - http: {paths: [{backend: {service: {name: b, port: {name: http}}}}, {backend: {}}]}
---
apiVersion: extensions/v1beta1
kind: Ingress
metadata: {name: old}
spec: {backend: {serviceName: c, servicePort: "8080"}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: alb, annotations: {alb.ingress.kubernetes.io/certificate-arn: x}}
spec: {rules: [{http: {paths: [{backend: {service: {name: r, port: {name: use-annotation}}}}]}},
  {http: {paths: [{backend: {service: {name: d, port: {number: 1}}}}]}}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge}
spec: {listeners: [{name: tls, protocol: HTTPS}, {name: clear, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: route}
spec:
  parentRefs: [{name: edge, sectionName: tls}]
  rules: [{backendRefs: [{name: e, port: 80}, {kind: Bucket, name: x}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: both}
spec: {parentRefs: [{name: edge}], rules: [{backendRefs: [{name: f, port: 80}]}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: mesh}
spec: {http: [{route: [{destination: {host: g.shop.svc.cluster.local, port: {number: 5}}}]}]}
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: traefik}
spec: {entryPoints: [websecure], routes: [{services: [{name: h, port: http}]}]}
---
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: shift}
spec: {to: {kind: Service, name: i}}
"""


def test_ways_in() -> None:
    (found,) = sets(ROUTES)
    backends = ingress_backends(found)
    assert [(one.ingress.name, one.service, one.port, one.tls) for one in backends] == [
        ("new", "a", 80, True),
        ("new", "b", "http", True),
        ("old", "c", 8080, None),
        ("alb", "d", 1, True),
        ("route", "e", 80, True),
        ("both", "f", 80, None),
        ("mesh", "g", 5, None),
        ("traefik", "h", "http", True),
        ("shift", "i", None, False),
    ]
    assert [one.location.region.start_line for one in backends[:3]] == [5, 8, 13]


# Size


def test_many_documents_take_linear_time() -> None:
    def seconds(count: int) -> float:
        text = "---\n".join(deployment(f"w{i}") + "---\n" + service(f"w{i}") for i in range(count))
        files = {f"k8s/{i}/all.yaml": text.replace("name: w", f"name: v{i}-") for i in range(4)}
        start = time.process_time()
        list(kubernetes.assemble(tree_of(files)))
        return time.process_time() - start

    seconds(20)
    assert seconds(400) < 12 * seconds(100) + 0.2


def test_services_of_everything_take_bounded_time() -> None:
    pods = "---\n".join(deployment(f"w{i}").replace(f"app: w{i}", "app: w") for i in range(700))
    services = "---\n".join(service("w").replace("name: w", f"name: s{i}") for i in range(700))
    start = time.process_time()
    results_of({"k8s.yaml": f"{pods}---\n{services}"}, "K8S060", "K8S100", "K8S101")
    assert time.process_time() - start < 12


def test_containers_by_alias_are_one() -> None:
    text = deployment("web", "containers: [&c {name: web}" + ", *c" * 50_000 + "]")
    (found,) = workloads(text)
    assert len(found.containers) == 1


def test_pods_of_too_many_containers_are_said() -> None:
    items = ", ".join(f"{{name: c{i}}}" for i in range(kubernetes.MAX_CONTAINERS + 5))
    tree = tree_of({"k8s.yaml": deployment("web", f"containers: [{items}]")})
    found = [part for part in kubernetes.assemble(tree) if isinstance(part, Container)]
    assert len(found) == kubernetes.MAX_CONTAINERS
    assert [note.id for note in tree.notifications] == ["PRE011"]


def test_each_file_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from flask_preflight.artifacts import kubernetes_sets

    parsed: list[str] = []
    read = documents

    def counted(path: str, text: str, notes: Notes) -> tuple[list[object], bool]:
        parsed.append(path)
        return read(path, text, notes)

    monkeypatch.setattr(kubernetes_sets, "documents", counted)
    files = {**BASE, "a/kustomization.yaml": "resources: [../base]\npatches: [{path: p.yaml}]\n"}
    files |= {"a/p.yaml": STRATEGIC, "b/kustomization.yaml": files["a/kustomization.yaml"]}
    files["b/p.yaml"] = STRATEGIC
    list(kubernetes.assemble(tree_of(files)))
    assert sorted(parsed) == sorted(files)
    assert isinstance(Map(), dict)


def test_bodies_of_definitions_are_not_read() -> None:
    """They are the longest manifests of all, and what follows them keeps its lines."""
    definition = (
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
        "metadata: {name: shops}\nspec:\n  names:\n# note\n    kind: Shop\nstatus: {stored: 1}\n"
    )
    found = parts({"k8s/a.yaml": f"{definition}---\n{POD}    - image: a\n"}, Manifest)
    crd, pod = sorted((one for one in found if isinstance(one, Manifest)), key=lambda one: one.kind)
    assert (crd.kind, list(crd.spec)) == (
        "CustomResourceDefinition",
        ["apiVersion", "kind", "metadata", "status"],
    )
    assert pod.at("kind").region.start_line == 11


def test_patches_that_are_left_out_are_not_applied() -> None:
    old = "apiVersion: apps/v1beta1\nkind: Deployment\nmetadata: {name: web}\n"
    files = {"k8s/kustomization.yaml": "resources: []\n", "k8s/web_patch.yaml": old}
    assert not results_of(files, "K8S001")
    assert results_of({**files, "k8s/web.yaml": old}, "K8S001")
    assert results_of({"k8s/web_patch.yaml": old}, "K8S001")


def test_generated_values_are_texts() -> None:
    generator = "configMapGenerator:\n  - {name: web, envs: [params.env]}\n"
    files = {"k8s/kustomization.yaml": generator, "k8s/params.env": "DEBUG=false\nPORT=80\n"}
    assert not results_of(files, "K8S004")
