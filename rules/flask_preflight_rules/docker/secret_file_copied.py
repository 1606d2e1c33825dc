"""A file with secrets is copied into the image.

Everybody who can pull the image reads it, and it stays in the layer when a later instruction
deletes it.

Fix: mount it when the container runs; what the build needs, `RUN --mount=type=secret`.

Sources: Docker, "Build secrets"; CWE-538.

```dockerfile bad {2,3,4,5}
FROM python:3.13-slim
COPY .env /app/.env
COPY deploy/id_rsa /root/.ssh/id_rsa
ADD credentials.json app.py /app/
COPY private.pem /app/
```

```dockerfile good
FROM python:3.13-slim AS build
FROM python:3.13-slim
COPY .env.example server.crt vendor.pem key.pub environment.py /app/
COPY --from=build /app/.env /app/.env
COPY .npmrc /root/.npmrc
```
"""

from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.lazy import expression
from flask_preflight.rule import Level, Message, Result, Results, rule
from flask_preflight_rules.docker._commands import is_shipped

INSIDE = Message("{0} goes into the image, where everybody who can pull it reads it")
SECRET = expression(
    r"(?:.*/)?(?:\.env(?:\.(?!example|sample|template|dist|defaults?|test|ci\Z)[\w.-]+)?"
    r"|id_(?:rsa|dsa|ecdsa|ed25519)|(?=.*(?:key|priv|secret))(?!.*(?:cert|chain|pub))[\w.-]*\.pem|[\w.-]*\.key"
    r"|[\w.-]*\.(?:p12|pfx|jks|keystore|kdbx|ovpn)|credentials(?:\.json)?|client_secret[\w.-]*\.json"
    r"|service-account[\w.-]*\.json|gcp-key[\w.-]*\.json|\.htpasswd|\.pgpass|\.my\.cnf"
    r"|\.git-credentials|\.dockercfg|\.aws|\.ssh|\.gnupg|kubeconfig|[\w.-]*\.tfstate)/?\Z"
)


@rule("DKR302", "secret-file-copied", "error", "configuration", "CWE-538", development=True)
def check(instruction: Instruction) -> Results:
    if instruction.name not in ("COPY", "ADD") or instruction.flag("from") is not None:
        return
    for word in instruction.words[:-1]:
        if word.value and SECRET.match(word.value):
            level: Level | None = None if is_shipped(instruction) else "warning"
            yield Result(word.location, INSIDE(word.value), level=level)
