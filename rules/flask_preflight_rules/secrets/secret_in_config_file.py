"""A password or key is written in a configuration file of the repository.

Everyone who can read the repository, a fork or the image has it.

Fix: let the file name a variable or a file outside of the repository, and replace the value.

Sources: CWE-798; CWE-260.

```ini bad settings.ini {2,3}
[mail]
password = @@SECRET:password@@
api_key = changeme
```

```yaml bad config/settings.yml {2}
mail:
  password: "@@SECRET:password@@"
```

```yaml bad charts/shop/values.yaml {2,6,9}
shop:
  secretKey: changeme
postgresql:
  auth:
    username: shop
    password: @@SECRET:password@@
    postgresPassword: @@SECRET:password@@
env:
  - {name: API_TOKEN, value: @@SECRET:key@@}
```

```yaml good charts/shop/values.yaml
# apiVersion and kind are words that values may hold
postgresql:
  auth:
    password: "" # required
    existingSecret: shop-postgresql-secret
    secretKeys: {adminPasswordKey: postgres-password, password: password}
tlsSecret: shop-tls-secret
external: {secretName: shop, secretKey: password}
adminPassword: <password>
redis: {password: "{{ .Values.global.redisPassword }}"}
env:
  - {name: API_TOKEN, valueFrom: {secretKeyRef: {name: shop, key: token}}}
```

```yaml good charts/shop/ci/postgres-values.yaml
postgresql: {auth: {password: @@SECRET:password@@}}
```

```yaml good charts/shop/values-dev.yaml
postgresql: {auth: {password: @@SECRET:password@@}}
```

```ini good settings.ini
[mail]
password = ${MAIL_PASSWORD}
password_file = /run/secrets/mail
token_url = https://login.example.org/token
; password = @@SECRET:password@@
```

```yaml good config/settings.example.yml
mail:
  password: "@@SECRET:password@@"
```

```json good openapi.json
{"openapi": "3.1.0", "password": "string"}
```
"""

from flask_preflight.artifacts import secret
from flask_preflight.artifacts.text import Text
from flask_preflight.rule import Level, Message, Result, Results, rule

WRITTEN = Message("the value of {0} is in the repository, for everyone who can read it", "real")
WEAK = Message("{0} has a value that anybody would guess", "weak")


@rule("SEC013", "secret-in-config-file", "error", "configuration", "CWE-798", "CKV_SECRET_6")
def check(text: Text) -> Results:
    if text.position != "production" or not text.tracked:
        return
    for setting in text.settings:
        if setting.verdict == "real":
            yield Result(setting.location, WRITTEN(setting.name))
        else:
            level: Level | None = None if secret.signs(setting.name) else "warning"
            yield Result(setting.location, WEAK(setting.name), level=level)
