"""A job runs a script that it fetches at that moment.

Whoever controls the address, or the way to it, runs code with the token and the secrets of the job.

Fix: download to a file, compare its checksum, then run it; or use a package or a pinned action.

Sources: OpenSSF Scorecard, "Pinned-Dependencies"; CWE-494.

```yaml bad .github/workflows/ci.yml {7,8,9,10,11}
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: |
          curl -sSL https://install.example.org/install.sh | sudo bash -s -- --yes
          bash -c "$(curl -fsSL https://install.example.org/install.sh)"
          wget -qO- http://install.example.org/go | sh
          eval "$(curl -s https://install.example.org/env)"
          bash <(curl -s https://install.example.org/upload)
```

```yaml bad .gitlab-ci.yml
test:
  script: ./scripts/setup.sh
```

```sh bad scripts/setup.sh {2}
#!/bin/sh
curl -LsSf https://install.example.org/install.py | python3 -
```

```yaml good .github/workflows/ci.yml
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: |
          curl -sSLo install.sh https://install.example.org/install.sh
          echo "abc  install.sh" | sha256sum -c && sh install.sh
          curl -s https://api.example.org/version | jq -r .version
          curl -sSL https://install.example.org/x.tgz | tar xz
          curl -s http://localhost:5000/script | bash
          curl https://install.example.org/key.asc | sudo gpg --dearmor -o /usr/share/key.gpg
          curl -s https://example.org/x/0123456789abcdef0123456789abcdef01234567/install.sh | sh
          curl -s https://api.example.org/x | python3 -c "import sys; print(sys.stdin.read())"
          curl -s https://api.example.org/x | python3 -m json.tool
          url=$(curl -s https://api.example.org/latest)
```
"""

import re
from collections.abc import Iterator

from flask_preflight.artifacts.ci import Pipeline, Step
from flask_preflight.artifacts.shell import SHELLS, Command, origin
from flask_preflight.rule import Level, Location, Message, Result, Results, rule

RUNS = Message("the job runs whatever {0} serves at that moment")
FETCHERS = ("curl", "wget")
INTERPRETERS = SHELLS | {"perl", "ruby", "node", "iex"}
KNOWN = re.compile(r"\b[0-9a-f]{40}\b|://(?:localhost|127\.0\.0\.1|\[::1\])")
PROCESS = re.compile(r"\b(?:ba|z|k|da)?sh\s+<\(\s*((?:curl|wget)\s[^)]{1,500})\)")


@rule(
    "CIC030",
    "remote-script-execution",
    "warning",
    "security",
    "CWE-494",
    "poutine:unverified_script_exec",
    "semgrep:curl-eval",
)
def check(pipeline: Pipeline) -> Results:
    said = set()
    for step in pipeline.steps:
        for where, text in _fetching(step):
            if where in said or KNOWN.search(text):
                continue
            said.add(where)
            source = origin(text.split())
            level: Level | None = "error" if source.plain else None
            related = () if where.path == pipeline.path else (step.location.saying("run here"),)
            yield Result(where, RUNS(source.host), related, level=level)


def _fetching(step: Step) -> Iterator[tuple[Location, str]]:
    """The commands that fetch what another runs."""
    for commands in (step.commands, step.judged):
        for index, command in enumerate(commands):
            if command.program in FETCHERS and _is_run(commands, index):
                yield command.location, command.text
    for found in PROCESS.finditer(step.script):
        keys = ("run",) if step.spec.dig("run") else ()
        where = step.place(keys, found.start(), found.end()) if keys else step.location
        yield where, found[1]


def _is_run(commands: list[Command], index: int) -> bool:
    for following in commands[index + 1 :]:
        if following.operator != "|":
            break
        if following.program in INTERPRETERS or following.reads_script:
            return True
    outer = commands[index - 1] if commands[index].nested and index else None
    if outer is None or "$(" not in outer.text:
        return False
    return outer.program == "eval" or outer.program in SHELLS and outer.has("-c")
