"""The address of a webhook with its secret path is in the repository.

Whoever reads it posts into the channel under the name of the service: false alarms, and links that
look like the team's own.

Fix: make a new address, and read it from an environment variable.

Sources: Slack, "Sending messages using incoming webhooks"; CWE-798.

```python bad app.py {1}
ALERTS = "https://hooks.slack.com/@@SECRET:slack-path@@"
```

```python good app.py
import os

ALERTS = os.environ["ALERTS_WEBHOOK"]
SAMPLE = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"
```
"""

from flask_preflight.artifacts.text import Text
from flask_preflight.rule import Level, Message, Result, Results, rule

ADDRESS = Message("an address to post into {0} is in the repository, for everyone who can read it")


@rule(
    "SEC005",
    "webhook-url",
    "warning",
    "security",
    "CWE-798",
    "gitleaks:slack-webhook-url",
    "gitleaks:microsoft-teams-webhook",
)
def check(text: Text) -> Results:
    for hook in text.webhooks if text.tracked else ():
        level: Level | None = "note" if text.position in ("test", "documentation") else None
        yield Result(hook.location, ADDRESS(hook.name), level=level)
