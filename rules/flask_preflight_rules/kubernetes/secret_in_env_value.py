"""A password or key is written into a manifest as the value of a variable.

Everybody who can read the repository or the Deployment has it: `kubectl get deployment -o yaml`
shows it to roles that may not read Secrets.

Fix: keep it in a Secret (or an external store) and use `valueFrom.secretKeyRef`; replace the value,
since it is in the history.

Sources: Kubernetes, "Distribute Credentials Securely Using Secrets"; CIS Kubernetes Benchmark
5.4.1; CWE-798.

```yaml bad {9,11}
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: web
      env:
        - name: SECRET_KEY
          value: @@SECRET:key@@
        - name: DATABASE_URL
          value: postgresql://shop:@@SECRET:password@@@db/shop
        - {name: MAIL_PASSWORD, valueFrom: {secretKeyRef: {name: mail, key: password}}}
```

```yaml bad {9}
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: web
      env:
        - name: SECRET_KEY
          value: dev
```

```yaml bad {9,11}
apiVersion: v1
kind: Pod
metadata: {name: db}
spec:
  containers:
    - name: db
      env:
        - name: MYSQL_PASSWORD
          value: wikiuser
        - {name: MYSQL_USER, value: wikiuser}
        - {name: FERNET_KEY, value: not-a-real-key}
```

```yaml bad patches/debug.yaml {9}
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: web
          env:
            - {name: API_TOKEN, value: @@SECRET:key@@}
```

```yaml good
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: web
      env:
        - {name: TOKEN_EXPIRY_SECONDS, value: "3600"}
        - {name: PRIV_KEY_PATH, value: /keys/private}
        - {name: SECRET_KEY, value: "$(FROM_ELSEWHERE)"}
        - {name: API_TOKEN, value: "<token>"}
        - {name: DATABASE_URL, value: "postgresql://shop@db/shop"}
        - {name: POSTGRES_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}
        - {name: ALLOW_EMPTY_PASSWORD, value: "yes"}
        - {name: PASSWORD, value: !vault "secret/data/web"}
        - {name: PUB_KEY_PATH, value: /keys/public}
        - {name: EMPTY_PASSWORD, value: ""}
        - {name: BROKER_URL, value: "amqp://$(RABBIT_USER):$(RABBIT_PASSWORD)@rabbit"}
        - name: NOTHING
---
kind: ConfigMap
apiVersion: v1
metadata: {name: other}
data: {PASSWORD: in-a-map}
```

```yaml good k8s/dev/db.yaml
apiVersion: v1
kind: Pod
metadata: {name: db}
spec:
  containers:
    - name: db
      env: [{name: POSTGRES_PASSWORD, value: postgres}]
```
"""

from flask_preflight.artifacts import providers, secret
from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.artifacts.yaml import Tagged
from flask_preflight.rule import Level, Message, Result, Results, rule

WRITTEN = Message("the value of {0} is in the manifest, for everyone who can read it", "real")
ADDRESS = Message("the address in {0} holds a password, for everyone who can read it", "address")
WEAK = Message("{0} has a value that anybody would guess", "weak")


@rule(
    "K8S120",
    "secret-in-env-value",
    "error",
    "configuration",
    "CWE-798",
    "kube-linter:env-var-secret",
    "polaris:sensitiveContainerEnvVar",
)
def check(container: Container) -> Results:
    production = container.role == "production"
    known = _names(container)
    for item in container.spec.maps("env"):
        name, value = item.text("name"), item.dig("value")
        # Tokens of services have rules of their own, wherever they are.
        if not isinstance(value, str) or isinstance(value, Tagged) or any(providers.tokens(value)):
            continue
        verdict, address = secret.judge(name, value, known)
        if verdict is None or not production and verdict == "weak" and not secret.signs(name):
            continue
        level: Level | None = None if production else "note"
        if verdict == "weak":
            said = WEAK(name)
            level = level or (None if secret.signs(name) else "warning")
        else:
            said = ADDRESS(name) if address else WRITTEN(name)
        where = item.value_at("value")
        yield Result(where, said, level=level, subject=container.workload.title)


def _names(container: Container) -> frozenset[str]:
    """What its passwords must not be."""
    pairs = ((item.text("name"), item.text("value")) for item in container.spec.maps("env"))
    own = (container.name.lower(), container.workload.name.lower())
    return frozenset((*own, *secret.names(pairs))) - {""}
