"""A ConfigMap holds a secret.

ConfigMaps are not encrypted, many may read them, and this one is in the repository.

Fix: a Secret that an operator fills (ExternalSecret, SealedSecret).

Sources: Kubernetes, "ConfigMaps"; CWE-312.

```yaml bad k8s/web.yaml {5,6}
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data:
  SECRET_KEY: @@SECRET:key@@
  DATABASE_URL: postgresql://shop:@@SECRET:password@@@db/shop
```

```yaml good k8s/web.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data:
  SECRET_KEY_FILE: /run/secrets/key
  DATABASE_URL: postgresql://db/shop
  PUBLIC_KEY: "abc"
  TOKEN_LIFETIME: "3600"
```
"""

from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.artifacts.secret import classify, secret_name, url_password
from flask_preflight.rule import Message, Result, Results, rule

HELD = Message("{0} holds the value of {1}, which many may read")


@rule(
    "K8S121",
    "secret-in-config-map",
    "error",
    "configuration",
    "CWE-312",
    "polaris:sensitiveConfigmapContent",
)
def check(manifest: Manifest) -> Results:
    if manifest.kind != "ConfigMap" or manifest.group:
        return
    for key in map(str, manifest.spec.map("data")):
        value = manifest.spec.text("data", key)
        password = url_password(value) if "\n" not in value else None
        kind = secret_name(key)
        verdict = "" if kind is None else classify(value, kind, key)
        if password is not None:
            verdict = classify(password, "pw", key)
        if verdict == "real":
            yield Result(manifest.at("data", key), HELD(manifest.title, key))
