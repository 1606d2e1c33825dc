"""A file with passwords or keys for an environment is part of the repository.

Everyone who can read the repository, a fork, a backup or an image built from it has these values,
and git keeps them after the file is deleted. Whoever knows Flask's secret key signs in as any user.

Fix: replace every value in it, remove the file from git, list it in `.gitignore` and commit a
`.env.example` with empty values instead.

Sources: The Twelve-Factor App, "Config"; CWE-312; CWE-540.

```env bad {2}
FLASK_APP=shop
SECRET_KEY=9f2c81d47ab04e6f8c3ad5517be0f2aa
MAIL_SERVER=smtp.example.org
```

```env bad deploy/production.env {1}
DATABASE_URL=postgresql://shop:kV9xw2mQ7tLz@db.internal/shop
```

```env good .env
FLASK_APP=shop
PORT=8000
PUBLIC_URL=https://shop.example.org
```

```env good .env.example
SECRET_KEY=change-me
DATABASE_URL=postgresql://user:password@localhost/shop
```

```env good deploy/production.env
SECRET_KEY=${SECRET_KEY}
DATABASE_PASSWORD=
MAIL_PASSWORD=<from the vault>
API_TOKEN=ENC[AES256_GCM,data:Zm9v,iv:YmFy,tag:YmF6,type:str]
SECRET_KEY_FILE=/run/secrets/key
```
"""

from flask_preflight.artifacts.env import EnvFile
from flask_preflight.artifacts.secret import classify, secret_name, url_password
from flask_preflight.facts import Variable
from flask_preflight.rule import Message, Result, Results, rule, several

COMMITTED = Message("{0} is in the repository with a value for {1}, known to everyone who reads it")


def secrecy(variable: Variable) -> str:
    """The class of a variable's value; empty if it is no secret."""
    if not variable.value:
        return ""
    password = url_password(variable.value)
    if password is not None:
        return classify(password, "pw", variable.name)
    kind = secret_name(variable.name)
    return classify(variable.value, kind, variable.name) if kind else ""


@rule("ENV102", "env-file-with-secrets-committed", "error", "configuration", "CWE-312", "CWE-540")
def check(file: EnvFile) -> Results:
    if not file.tracked or file.encrypted:
        return
    classes = {v.name: (secrecy(v), v) for v in file.variables}
    plain = {variable.value for kind, variable in classes.values() if not kind}
    wanted = ("real",) if file.role == "development" else ("real", "weak")
    # A password that is also the name of the user or the database is a weak one.
    judged = [(kind and ("weak" if v.value in plain else kind), v) for kind, v in classes.values()]
    found = [(kind, v) for kind, v in judged if kind in wanted]
    if not found:
        return
    first = found[0][1]
    names = several((variable.name for _, variable in found), 1)
    only_weak = file.role == "production" and all(kind == "weak" for kind, _ in found)
    yield Result(
        first.location,
        COMMITTED(file.path, names),
        tuple(v.location.saying(v.name) for _, v in found[1:10]),
        level="warning" if only_weak else None,
    )
