"""A private key is in the repository.

Everyone who can read the repository, a fork or a backup of it can decrypt with it, sign with it, or
pretend to be the server; git keeps it after the file is deleted.

Fix: make a new key, revoke the old one, and keep the new one where the application is deployed.

Sources: CWE-321; CWE-798; GitHub, "Removing sensitive data from a repository".

```text bad deploy/tls.key {1}
@@SECRET:private-key@@
```

```text bad deploy/sealed.key {1}
@@SECRET:encrypted-key@@
```

```yaml bad k8s/keys.yaml {5}
apiVersion: v1
kind: Secret
metadata: {name: keys}
data:
  private.key: @@SECRET:encoded-key@@
```

```text good deploy/public.pem
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEq8G2nZ0m0f1o5r5c0yQ0m3m7s0V8
-----END PUBLIC KEY-----
```

```python good app.py
def is_key(text):
    return "BEGIN PRIVATE" + " KEY" in text
```
"""

from flask_preflight.artifacts.text import Text
from flask_preflight.rule import Level, Message, Result, Results, rule

KEY = Message("a private key is in the repository, for everyone who can read it", "key")
SEALED = Message("a private key is in the repository; only its passphrase protects it", "sealed")
LEVELS: dict[str, Level] = {
    "test": "note",
    "example": "warning",
    "development": "warning",
    "template": "warning",
    "documentation": "warning",
}


@rule(
    "SEC001",
    "private-key-committed",
    "error",
    "security",
    "CWE-321",
    "CWE-798",
    "gitleaks:private-key",
    "CKV_SECRET_13",
)
def check(text: Text) -> Results:
    if not text.tracked:
        return
    for key in text.private_keys:
        level = LEVELS.get(text.position)
        if key.verdict == "encrypted":
            yield Result(key.location, SEALED(), level=level or "warning")
        else:
            yield Result(key.location, KEY(), level=level)
