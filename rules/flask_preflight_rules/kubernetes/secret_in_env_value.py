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
```
"""

from flask_preflight.artifacts import secret
from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.rule import Level, Message, Result, Results, rule

WRITTEN = Message("the value of {0} is in the manifest, for everyone who can read it", "real")
WEAK = Message("{0} has a value that anybody would guess", "weak")


@rule("K8S120", "secret-in-env-value", "error", "configuration", "CWE-798")
def check(container: Container) -> Results:
    for item in container.spec.maps("env"):
        name, value = item.text("name"), item.dig("value")
        if not isinstance(value, str):
            continue
        password = secret.url_password(value)
        kind = secret.secret_name(name)
        if password is not None:
            verdict = secret.classify(password, "pw", name)
        elif kind:
            verdict = secret.classify(value, kind, name)
        else:
            continue
        title = container.workload.title
        if verdict == "real":
            yield Result(item.value_at("value"), WRITTEN(name), subject=title)
        elif verdict == "weak":
            level: Level | None = None if secret.signs(name) else "warning"
            yield Result(item.value_at("value"), WEAK(name), level=level, subject=title)
