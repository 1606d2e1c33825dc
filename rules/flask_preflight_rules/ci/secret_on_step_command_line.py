"""A password is given on the command line of a login.

Every process of the machine can read it there while the command runs, and shells with tracing on
write it into the log.

Fix: `echo "$TOKEN" | docker login -u user --password-stdin registry`.

Sources: Docker, "docker login: provide a password using STDIN"; CWE-214.

```yaml bad .github/workflows/ci.yml {7,8,9}
on: push
jobs:
  push:
    runs-on: ubuntu-latest
    steps:
      - run: |
          docker login -u me -p ${{ secrets.TOKEN }}
          helm registry login -u me --password="$TOKEN" registry.example.org
          sshpass -p "$PASSWORD" ssh web.example.org uptime
```

```yaml bad .gitlab-ci.yml {2}
push:
  script: docker login -u "$CI_REGISTRY_USER" -p "$CI_REGISTRY_PASSWORD" $CI_REGISTRY
```

```yaml good .github/workflows/ci.yml
on: push
jobs:
  push:
    runs-on: ubuntu-latest
    steps:
      - run: |
          echo "$TOKEN" | docker login -u me --password-stdin
          docker run -p 8080:8080 example/web
          sshpass -e ssh web.example.org uptime
          sshpass -f key.txt ssh web.example.org uptime
          podman login localhost:8443 -u init -p something
```
"""

from flask_preflight.artifacts.ci import Step
from flask_preflight.artifacts.shell import Command
from flask_preflight.rule import Message, Result, Results, rule

READABLE = Message("{0} shows its password to every process of the machine")
CLIENTS = ("docker", "podman", "nerdctl", "crane", "skopeo", "oras", "buildah", "helm")


@rule("CIC022", "secret-on-step-command-line", "warning", "security", "CWE-214")
def check(step: Step) -> Results:
    for command in step.commands:
        name = _login(command)
        found = command.values("-p", "--password") if name else []
        if found:
            yield Result(found[0][1], READABLE(name))


def _login(command: Command) -> str:
    if command.program == "sshpass":
        return "sshpass"
    words = [word for word in command.words[1:] if not word.startswith("-")][:3]
    if "localhost" in command.text or "127.0.0.1" in command.text:
        return ""
    if command.program in CLIENTS and "login" in words:
        return f"{command.program} login"
    return ""
