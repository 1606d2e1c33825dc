"""A service account may do everything.

Whoever gets into one of its pods owns the cluster.

A role of one's own that allows every verb on every resource is the same.

Fix: a Role with the few verbs and resources that are needed.

Sources: Kubernetes, "Role Based Access Control Good Practices".

```yaml bad k8s/web.yaml {4}
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: web}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
  - {kind: ServiceAccount, name: web, namespace: shop}
```

```yaml bad k8s/web.yaml {8,14}
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: web}
rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
---
kind: ClusterRoleBinding
apiVersion: rbac.authorization.k8s.io/v1
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: web}
metadata: {name: web}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}]
---
kind: RoleBinding
apiVersion: rbac.authorization.k8s.io/v1
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
metadata: {name: web, namespace: shop}
subjects: [{kind: ServiceAccount, name: web}]
```

```yaml good k8s/web.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: web}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
  - {kind: ServiceAccount, name: web, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: admins}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
  - {kind: Group, name: "admins@example.org"}
```
"""

from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.artifacts.yaml import Map
from flask_preflight.rule import Level, Message, Result, Results, rule

EVERYTHING = Message("{0} may do everything in {1}, and so may whoever gets into its pods")
GROUPS = ("system:authenticated", "system:unauthenticated", "system:anonymous")
INFRASTRUCTURE = ("tiller", "argocd", "flux", "operator", "controller")
VERBS = frozenset("get list watch create update patch delete".split())


@rule(
    "K8S035",
    "cluster-admin-binding",
    "error",
    "security",
    "KSV-0111",
    "kube-linter:cluster-admin-role-binding",
    "polaris:clusterrolebindingClusterAdmin",
    "polaris:rolebindingClusterAdminClusterRole",
    "polaris:rolebindingClusterAdminRole",
)
def check(manifest: Manifest) -> Results:
    if manifest.kind not in ("ClusterRoleBinding", "RoleBinding"):
        return
    if not _allows_everything(manifest):
        return
    everywhere = manifest.kind == "ClusterRoleBinding"
    where = "the cluster" if everywhere else f"the namespace {manifest.namespace}".strip()
    for subject in manifest.spec.maps("subjects"):
        name = subject.text("name")
        if not _is_machine(subject) or subject.text("namespace") == "kube-system":
            continue
        known = any(word in name for word in INFRASTRUCTURE)
        level: Level | None = "warning" if known or not everywhere else None
        yield Result(manifest.at("roleRef"), EVERYTHING(name, where), level=level)


def _allows_everything(binding: Manifest) -> bool:
    """Whether it gives the role of administrators, or one that forbids nothing."""
    kind, name = (binding.spec.text("roleRef", key) for key in ("kind", "name"))
    if name == "cluster-admin":
        return True
    role = binding.set.find(kind, name) if binding.set is not None else None
    return role is not None and any(_is_everything(one) for one in role.spec.maps("rules"))


def _is_everything(allowed: Map) -> bool:
    groups, resources, verbs = map(allowed.items_of, ("apiGroups", "resources", "verbs"))
    return "*" in groups and "*" in resources and ("*" in verbs or VERBS.issubset(map(str, verbs)))


def _is_machine(subject: Map) -> bool:
    name = subject.text("name")
    everybody = name in GROUPS or name.startswith("system:serviceaccounts")
    return subject.text("kind") == "ServiceAccount" or everybody
