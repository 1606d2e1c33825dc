"""A service account may do everything in the cluster.

Whoever gets into one of its pods owns the cluster.

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

EVERYTHING = Message("{0} may do everything in the cluster, and so may whoever gets into its pods")
GROUPS = ("system:authenticated", "system:unauthenticated", "system:anonymous")
INFRASTRUCTURE = ("tiller", "argocd", "flux", "operator")


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
    if manifest.spec.text("roleRef", "name") != "cluster-admin":
        return
    for subject in manifest.spec.maps("subjects"):
        name = subject.text("name")
        if not _is_machine(subject) or subject.text("namespace") == "kube-system":
            continue
        known = any(word in name for word in INFRASTRUCTURE)
        level: Level | None = "warning" if known else None
        yield Result(manifest.at("roleRef"), EVERYTHING(name), level=level)


def _is_machine(subject: Map) -> bool:
    name = subject.text("name")
    everybody = name in GROUPS or name.startswith("system:serviceaccounts")
    return subject.text("kind") == "ServiceAccount" or everybody
