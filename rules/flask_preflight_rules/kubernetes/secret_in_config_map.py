"""A ConfigMap holds a secret.

ConfigMaps are not encrypted, many may read them, and this one is in the repository.

Fix: a Secret that an operator fills (ExternalSecret, SealedSecret).

Sources: Kubernetes, "ConfigMaps"; CWE-312.

```yaml bad k8s/web.yaml {5,6,7,9}
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data:
  SECRET_KEY: @@SECRET:key@@
  DATABASE_URL: postgresql://shop:@@SECRET:password@@@db/shop
  JWT_SECRET: changeme
  POSTGRES_USER: wiki
  POSTGRES_PASSWORD: wiki
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
  API_TOKEN: <token>
```
"""

from flask_preflight.artifacts import secret
from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.rule import Level, Message, Result, Results, rule
from flask_preflight_rules.kubernetes._values import judge, names

HELD = Message("{0} holds the value of {1}, which many may read", "real")
WEAK = Message("{0} holds a value of {1} that anybody would guess", "weak")


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
    pairs = {str(key): manifest.spec.text("data", str(key)) for key in manifest.spec.map("data")}
    known = frozenset((manifest.name.lower(), *names(pairs.items())))
    for key, value in pairs.items():
        verdict = judge(key, value, known)[0] if "\n" not in value else None
        where = manifest.at("data", key)
        if verdict == "real":
            yield Result(where, HELD(manifest.title, key))
        elif verdict == "weak" and (manifest.role == "production" or secret.signs(key)):
            level: Level | None = None if secret.signs(key) else "warning"
            yield Result(where, WEAK(manifest.title, key), level=level)
