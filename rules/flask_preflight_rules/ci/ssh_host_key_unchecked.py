"""A deployment connects to a host without checking that it is that host.

Whoever can redirect the connection, by DNS or on the way, gets the files and the commands, and with
password logins the password.

Fix: keep the lines of `ssh-keyscan`, compared once, in a variable and write them to `known_hosts`.

Sources: OpenSSH, ssh_config(5), "StrictHostKeyChecking"; GitLab, "Verify SSH host keys"; CWE-322.

```yaml bad .github/workflows/deploy.yml {7,9}
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: |
          ssh -o StrictHostKeyChecking=no web@web.example.org ./restart
      - run: ansible-playbook deploy.yml
        env: {ANSIBLE_HOST_KEY_CHECKING: "False"}
```

```yaml bad .gitlab-ci.yml {3,9,10}
deploy:
  script:
    - echo "StrictHostKeyChecking no" >> ~/.ssh/config
    - scp dist.tgz web@web.example.org:/srv
other:
  variables:
    HOST: web.example.org
  script:
    - rsync -e "ssh -o UserKnownHostsFile=/dev/null" dist/ web@web.example.org:/srv
    - ssh-keyscan "$HOST" >> ~/.ssh/known_hosts
    - ssh web@$HOST ./restart
```

```yaml good .github/workflows/deploy.yml
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: |
          echo "$KNOWN_HOSTS" > ~/.ssh/known_hosts
          ssh -o StrictHostKeyChecking=yes web@web.example.org ./restart
          ssh-keyscan github.com gitlab.com >> ~/.ssh/known_hosts
          git clone git@github.com:example/web.git
        env: {ANSIBLE_HOST_KEY_CHECKING: "True"}
  local:
    runs-on: ubuntu-latest
    steps:
      - run: ssh -o StrictHostKeyChecking=no root@localhost
      - run: ssh -o StrictHostKeyChecking=no 127.0.0.1 true
      - run: echo "StrictHostKeyChecking no"
```
"""

import re
from collections.abc import Iterator

from flask_preflight.artifacts.ci import Job, Pipeline
from flask_preflight.artifacts.shell import Command
from flask_preflight.rule import Level, Location, Message, Result, Results, rule

UNCHECKED = Message("{0} accepts whatever host answers, with what is sent to it")
FIRST = Message("{0} trusts whatever host answers at that moment", "first")
OFF = re.compile(
    r"StrictHostKeyChecking[= ]\s*(?:no|off|accept-new)\b|UserKnownHostsFile[= ]\s*/dev/null"
    r"|host_key_checking\s*=\s*false",
    re.I,
)
CLIENTS = frozenset("ssh scp sftp rsync ansible ansible-playbook autossh fab".split())
HERE = re.compile(r"(?:@|\s)(?:localhost|127\.0\.0\.1|\[?::1\]?)(?:[:\s]|\Z)")
CODE_HOSTS = re.compile(r"\b(?:github\.com|gitlab\.com|bitbucket\.org|ssh\.dev\.azure\.com)\b")


@rule("CIC032", "ssh-host-key-unchecked", "warning", "security", "CWE-322", "CWE-295")
def check(pipeline: Pipeline) -> Results:
    said_of_all: set[Location] = set()
    for job in pipeline.jobs.values():
        if not any(_connects(command) for step in job.steps for command in step.commands):
            continue
        for where, said in _unchecked(job):
            if where in said_of_all:
                continue
            said_of_all.add(where)
            milder: Level | None = "note" if said.lower().endswith("accept-new") else None
            yield Result(where, UNCHECKED(said), level=milder)
        for step in job.steps:
            for command in step.commands:
                if command.program == "ssh-keyscan" and not CODE_HOSTS.search(command.text):
                    yield Result(command.location, FIRST("ssh-keyscan"), level="note")


def _connects(command: Command) -> bool:
    return command.program in CLIENTS and not HERE.search(command.text)


def _unchecked(job: Job) -> Iterator[tuple[Location, str]]:
    for step in job.steps:
        for command in step.commands:
            found = OFF.search(command.text)
            written = command.output and command.program in ("echo", "printf")
            if found and (written or _connects(command)):
                yield command.location, found[0]
    for one in job.pipeline.given:
        off = one.value.lower() in ("false", "0", "no")
        if one.name == "ANSIBLE_HOST_KEY_CHECKING" and off and one.job in (job, None):
            yield one.location, one.name
