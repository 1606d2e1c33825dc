"""A file with a secret is in the repository.

`secrets:` keeps the value out of the environment, and the repository hands it to everybody.

Fix: delete the file from the repository, change the value, and create the file on the server.

Sources: Docker, "Manage secrets securely in Docker Compose"; CWE-312.

```yaml bad compose.yaml {7}
services:
  db:
    image: postgres:17
    secrets: [password]
secrets:
  password:
    file: db/password.txt
```

```text bad db/password.txt
@@SECRET:password@@
```

```yaml good compose.yaml
services:
  db:
    image: postgres:17
    secrets: [password]
secrets:
  password:
    file: db/password.txt
  other:
    environment: OTHER
  far:
    external: true
```
"""

from posixpath import join, normpath

from flask_preflight.artifacts.compose import Project
from flask_preflight.facts import Deployment
from flask_preflight.rule import Message, Result, Results, rule

COMMITTED = Message("the file of the secret {0} is in the repository, for everybody who reads it")


@rule("CMP044", "committed-secret-file", "error", "configuration", "CWE-312")
def check(deployment: Deployment) -> Results:
    known = {file.path: file for file in deployment.files}
    for project in deployment[Project]:
        secrets = project.spec.map("secrets") if project.role == "production" else {}
        for name in secrets:
            written = project.spec.text("secrets", name, "file")
            file = known.get(normpath(join(project.directory or ".", written))) if written else None
            if file is not None and file.tracked and file.size:
                where = project.spec.at("secrets", name, "file")
                yield Result(where, COMMITTED(name))
