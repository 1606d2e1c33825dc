"""A Secret with its values is in the repository.

Base64 hides nothing: everybody who reads the repository has them, for as long as its history lives.

Fix: change the values, and let an operator make the Secret (ExternalSecret, SealedSecret, SOPS).

Sources: Kubernetes, "Good practices for Kubernetes Secrets"; CWE-312.

```yaml bad k8s/web.yaml {4}
apiVersion: v1
kind: Secret
metadata: {name: web}
stringData:
  SECRET_KEY: @@SECRET:key@@
```

```yaml good k8s/web.yaml
apiVersion: v1
kind: Secret
metadata: {name: web}
stringData:
  SECRET_KEY: ${SECRET_KEY}
  PASSWORD: "changeme"
---
apiVersion: v1
kind: Secret
metadata: {name: sealed}
stringData:
  SECRET_KEY: ENC[AES256_GCM,data:abc]
```

```yaml good generated/kustomization.yaml
secretGenerator: [{name: web, literals: ["password=@@SECRET:password@@"]}]
```
"""

from base64 import b64decode

from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.artifacts.secret import classify, secret_name, url_password
from flask_preflight.rule import Message, Result, Results, rule, several

COMMITTED = Message("{0} is in the repository with the value of {1}")


@rule("K8S122", "secret-manifest-committed", "error", "configuration", "CWE-312")
def check(manifest: Manifest) -> Results:
    if manifest.kind != "Secret" or manifest.group or manifest.spec.dig("sops") is not None:
        return
    if manifest.is_generated:
        # Other rules speak of what it is made of: literals, and files of variables.
        return
    for field in ("stringData", "data"):
        found = [
            str(key)
            for key in manifest.spec.map(field)
            if _is_real(manifest.spec.text(field, str(key)), str(key), field == "data")
        ]
        if found:
            yield Result(manifest.at(field), COMMITTED(manifest.title, several(found, 2)))
            return


def _is_real(value: str, key: str, encoded: bool) -> bool:
    if not value or value.startswith("ENC[") or any(sign in value for sign in ("${", "{{", "<")):
        return False
    if encoded:
        try:
            value = b64decode(value, validate=True).decode("utf-8")
        except (ValueError, UnicodeDecodeError):
            return False
    password = url_password(value)
    if password is not None:
        return classify(password, "pw", key) == "real"
    kind = secret_name(key)
    # Another rule speaks of private keys, wherever they are.
    known = kind is None or "PRIVATE KEY-----" in value
    return not known and classify(value, kind or "key", key) == "real"
