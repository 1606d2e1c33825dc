"""A ConfigMap holds a secret.

ConfigMaps are not encrypted, many may read them, and this one is in the repository.

Fix: a Secret that an operator fills (ExternalSecret, SealedSecret).

Sources: Kubernetes, "ConfigMaps"; CWE-312.

```yaml bad k8s/web.yaml {5}
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data:
  SECRET_KEY: @@SECRET:key@@
  DATABASE_URL: postgresql://shop:@@SECRET:password@@@db/shop
```

```yaml bad k8s/web.yaml {6}
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data:
  POSTGRES_USER: wiki
  POSTGRES_PASSWORD: wiki
  JWT_SECRET: changeme
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
  DEMO_PASSWORD: @@SECRET:password@@
```

```yaml good generated/kustomization.yaml
configMapGenerator: [{name: web, envs: [web.env]}]
```

```text good generated/web.env
SECRET_KEY=@@SECRET:key@@
```
"""

from collections.abc import Iterator

from flask_preflight.artifacts import secret
from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.artifacts.kubernetes_kustomize import NAMES
from flask_preflight.rule import Level, Message, Result, Results, rule, several

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
    real, weak = (list(_found(manifest, verdict)) for verdict in ("real", "weak"))
    if real:
        # Whoever takes these out of it takes the weak ones as well.
        first, *others = (manifest.at("data", key) for key in (*real, *weak))
        yield Result(first, HELD(manifest.title, several(real)), tuple(others))
    elif weak:
        first, *others = (manifest.at("data", key) for key in weak)
        level: Level | None = None if any(map(secret.signs, weak)) else "warning"
        yield Result(first, WEAK(manifest.title, several(weak)), tuple(others), level=level)


def _found(manifest: Manifest, verdict: str) -> Iterator[str]:
    """The keys whose values are so; guessable ones count where they serve, and where they sign."""
    pairs = {str(key): manifest.spec.text("data", str(key)) for key in manifest.spec.map("data")}
    known = frozenset((manifest.name.lower(), *secret.names(pairs.items())))
    for key, value in pairs.items():
        counts = verdict == "real" or manifest.role == "production" or secret.signs(key)
        if _is_of_env_file(manifest, key):
            continue
        if counts and "\n" not in value and secret.judge(key, value, known)[0] == verdict:
            yield key


def _is_of_env_file(manifest: Manifest, key: str) -> bool:
    """Whether a kustomization takes it from a file of variables, which has rules of its own."""
    name = manifest.at("data", key).path.rpartition("/")[2]
    return manifest.is_generated and name not in NAMES
