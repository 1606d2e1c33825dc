"""A file with a secret is in the repository.

`secrets:` keeps the value out of the environment, and the repository hands it to everybody.

Fix: delete the file from the repository, change the value, and create the file on the server.

Sources: Docker, "Manage secrets securely in Docker Compose"; CWE-312.

```yaml bad compose.yaml {7,10}
services:
  db:
    image: postgres:17
    secrets: [password]
secrets:
  password:
    file: db/password.txt
configs:
  api_token:
    file: ./api.token
```

```text bad db/password.txt
@@SECRET:password@@
```

```text bad api.token
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
  elsewhere:
    file: ${SECRETS_DIR}/key
configs:
  site:
    file: ./site.conf
```

```text good site.conf
@@SECRET:password@@
```

```yaml good compose.yaml
services:
  db:
    image: postgres:17
    secrets: [password, sealed, empty]
secrets:
  password:
    file: db/password.txt
  sealed:
    file: db/sealed.txt
  empty:
    file: db/empty.txt
```

```text good db/password.txt
<put the password here>
```

```text good db/sealed.txt
$ANSIBLE_VAULT;1.1;AES256
6162636465666768
```

```text good db/empty.txt
```

```yaml good compose.test.yaml
services:
  db:
    image: postgres:17
    secrets: [password]
secrets:
  password:
    file: db/password.txt
```

```text good db/password.txt
@@SECRET:password@@
```
"""

from flask_preflight.artifacts.compose import Project
from flask_preflight.rule import Message, Result, Results, rule

COMMITTED = Message("the file of the secret {0} is in the repository, for everybody who reads it")


@rule("CMP044", "committed-secret-file", "error", "configuration", "CWE-312")
def check(project: Project) -> Results:
    for secret in project.secret_files:
        if secret.is_real and secret.file.tracked:
            yield Result(secret.location, COMMITTED(secret.name))
