"""A secret is written into the image by ENV or ARG.

Everybody who can pull the image, or see its history, reads the value; it stays in the registry and
in every cache when the line is long gone. A value that is written in the Dockerfile is also known
to everybody who can read the repository, and runs in production whenever nobody replaces it.

Fix: give the value to the container when it starts, and to a build step by a secret mount,
`RUN --mount=type=secret,id=token,env=TOKEN …`.

Intended: a placeholder that one step of the build needs belongs in front of that command only,
`RUN SECRET_KEY=unused flask assets build`.

Sources: Docker, "Build secrets" and "Dockerfile reference: ARG"; CIS Docker Benchmark 4.10;
CWE-798; CWE-522.

```dockerfile bad {2,3,4}
FROM python:3.13-slim
ENV SECRET_KEY=esly
ENV MONGO_PASSWORD="edcoach#2023"
ENV DATABASE_URL=postgresql://shop:n0tAw0rd!x@db/shop
```

```dockerfile bad {3,5}
FROM python:3.13-slim
ENV FLASK_APP=shop \\
    JWT_SECRET=Zx81mQp04kLw9 \\
    PORT=8000 \\
    DB_PASSWORD=postgres
```

```dockerfile bad {3}
FROM python:3.13-slim
ARG API_KEY
ENV API_KEY=$API_KEY
```

```dockerfile bad {2}
FROM python:3.13-slim
ARG PIP_TOKEN
RUN pip install --index-url https://$PIP_TOKEN@pypi.example.com/simple shop
```

```dockerfile bad {2}
FROM python:3.13-slim AS build
ARG STRIPE_SECRET=wq8hZ21mLd0sT7b
FROM python:3.13-slim
```

```dockerfile bad Dockerfile.dev {2}
FROM python:3.13-slim
ENV SECRET_KEY=kd83jfnw92ma
```

```dockerfile good
FROM python:3.13-slim
ENV DBPASSWORD= API_KEY=""
ENV TOKEN_EXPIRATION=3600 PASSWORD_MIN_LENGTH=8
ENV API_KEY_FILE=/run/secrets/api_key SECRET_KEY_PATH=/run/secrets/key
ENV GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568
ENV DATABASE_URL=postgresql://db/shop REDIS_URL=redis://:${REDIS_PASSWORD}@redis
ARG UNUSED_TOKEN
ARG PIP_TOKEN
RUN --mount=type=secret,id=token,env=PIP_TOKEN pip install --index-url https://$PIP_TOKEN@x/y z
RUN SECRET_KEY=dummy flask digest compile
```

```dockerfile good
FROM python:3.13-slim AS build
ENV SECRET_KEY=unused
ARG ADMIN_PASSWORD=admin
FROM python:3.13-slim
```

```dockerfile good Dockerfile.dev
FROM python:3.13-slim
ENV POSTGRES_PASSWORD=postgres
```

```dockerfile good tests/Dockerfile
FROM python:3.13-slim
ENV SECRET_KEY=kd83jfnw92ma
```
"""

import re
from typing import Literal

from flask_preflight.artifacts import providers, secret
from flask_preflight.artifacts.dockerfile import Instruction, Pair, Stage
from flask_preflight.rule import Level, Message, Result, Results, rule

WRITTEN = Message("{0} is readable by everybody who can pull the image or read this file")
WEAK = Message("{0} has a value that anybody guesses, in every image", "weak")
ADDRESS = Message("{0} is an address with a password, readable in the image", "address")
KEPT = Message("{0} keeps the value of a build argument in the image", "argument")
HISTORY = Message("{0} is used by a RUN: its value stays in the history of the image", "history")


@rule(
    "DKR301",
    "secret-in-env-or-arg",
    "error",
    "configuration",
    "CWE-798",
    "CWE-522",
    "CIS-DI-0010",
    "DL3064",
    "DS-0031",
    "buildkit:SecretsUsedInArgOrEnv",
    "semgrep:secret-in-build-arg",
    development=True,
)
def check(instruction: Instruction) -> Results:
    if instruction.name not in ("ENV", "ARG"):
        return
    for pair in instruction.pairs:
        if not any(providers.tokens(pair.value or "")):
            yield from _judged(instruction, pair)


def _judged(instruction: Instruction, pair: Pair) -> Results:
    stage = instruction.stage
    development = instruction.dockerfile.role != "production" or bool(stage and stage.development)
    strong: Level | None = "note" if development else "error"
    weak: Level | None = None if development or not (stage and stage.shipped) else "warning"
    address = secret.url_password(pair.value or "")
    if address is not None:
        level = weak if secret.weak(address) else strong
        if level and "$" not in address:
            yield Result(pair.location, ADDRESS(pair.name), level=level)
        return
    kind = secret.secret_name(pair.name)
    if kind is None:
        return
    if _from_argument(instruction, pair, stage):
        yield Result(pair.location, KEPT(pair.name), level=strong)
        return
    verdict = _verdict(pair, kind)
    if verdict == "real":
        yield Result(pair.location, WRITTEN(pair.name), level=strong)
    elif instruction.name == "ENV" and verdict == "weak" and weak:
        signs = secret.signs(pair.name)
        yield Result(pair.location, WEAK(pair.name), level="error" if signs else weak)
    elif instruction.name == "ARG" and verdict and weak and _in_run(pair, stage):
        yield Result(pair.location, HISTORY(pair.name), level=weak)


def _from_argument(instruction: Instruction, pair: Pair, stage: Stage | None) -> bool:
    """Whether an ENV takes its value from an argument that the builder gives."""
    if instruction.name != "ENV" or stage is None:
        return False
    names = re.findall(r"\$\{?(\w+)", pair.written or "")
    return any(name in stage.arguments for name in names)


def _verdict(pair: Pair, kind: secret.Kind) -> Literal["real", "weak", "open"] | None:
    """`open`: an argument whose value only the builder knows; None for no secret at all."""
    if pair.written is None:
        return "open"
    if pair.value is None or "$" in pair.written:
        return None
    found = secret.classify(pair.value, kind, pair.name)
    if found == "real":
        return "real"
    # What is in ENV runs as it stands, so a placeholder is as good as a weak key.
    return "weak" if found in ("weak", "placeholder") or _key_of_words(found, pair) else None


def _key_of_words(verdict: str, pair: Pair) -> bool:
    return verdict == "identifier" and secret.signs(pair.name)


def _in_run(pair: Pair, stage: Stage | None) -> bool:
    return stage is not None and pair.name in stage.used_in_run
