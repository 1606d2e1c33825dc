"""A token of GitHub, GitLab or Bitbucket is in the repository.

With it, whoever reads the repository can push code or read what its owner can read.

Fix: revoke the token, then make a new one and keep it in the secret store of the pipeline.

Sources: GitHub, "Keeping your API credentials secure"; CWE-798.

```python bad deploy.py {1}
TOKEN = "@@SECRET:github-pat@@"
```

```yaml bad notes.yaml {1}
clone: https://oauth2:@@SECRET:gitlab-pat@@@gitlab.com/shop/shop.git
```

```python good deploy.py
import os

TOKEN = os.environ["GITHUB_TOKEN"]
SAMPLE = "@@SECRET:github-sample@@"
PREFIX = "ghp_"
```
"""

from flask_preflight.artifacts.providers import CODE_HOSTS
from flask_preflight.artifacts.text import Text
from flask_preflight.rule import Level, Message, Result, Results, rule

TOKEN = Message("a token of {0} ({1}…) is in the repository, for everyone who can read it")


@rule(
    "SEC003",
    "code-host-token",
    "error",
    "security",
    "CWE-798",
    "gitleaks:github-pat",
    "gitleaks:gitlab-pat",
)
def check(text: Text) -> Results:
    for token in text.tokens:
        if token.name in CODE_HOSTS and text.tracked:
            level: Level | None = "warning" if text.position in ("test", "documentation") else None
            yield Result(token.location, TOKEN(token.name, token.verdict), level=level)
