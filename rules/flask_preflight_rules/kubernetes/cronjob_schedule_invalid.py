"""The schedule of the job is none.

Kubernetes refuses it, so what it should do, a backup perhaps, never happens.

Fix: five fields, minute hour day month weekday: `"0 3 * * *"`.

Sources: Kubernetes, "CronJob: Schedule syntax".

```yaml bad k8s/web.yaml {5}
apiVersion: batch/v1
kind: CronJob
metadata: {name: clean}
spec:
  schedule: "0 25 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: clean, image: "example/web:1.0"}]
```

```yaml bad k8s/web.yaml {5}
apiVersion: batch/v1
kind: CronJob
metadata: {name: clean}
spec:
  schedule: "CRON_TZ=UTC 0 2 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: clean, image: "example/web:1.0"}]
```

```yaml good k8s/web.yaml
apiVersion: batch/v1
kind: CronJob
metadata: {name: clean}
spec:
  schedule: "*/5 1-3,5 * JAN-MAR MON"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: clean, image: "example/web:1.0"}]
```

```yaml good k8s/web.yaml
apiVersion: batch/v1
kind: CronJob
metadata: {name: clean}
spec:
  schedule: "@daily"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: clean, image: "example/web:1.0"}]
```
"""

import re

from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.rule import Message, Result, Results, rule

NONE = Message("{0} never runs: {1} is no schedule")
RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
DAYS = "SUN MON TUE WED THU FRI SAT".split()
NAMES: tuple[dict[str, int], ...] = (
    {},
    {},
    {},
    dict(zip(MONTHS, range(1, 13), strict=True)),
    dict(zip(DAYS, range(7), strict=True)),
)
WORDS = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")


@rule("K8S141", "cronjob-schedule-invalid", "error", "recovery")
def check(manifest: Manifest) -> Results:
    if manifest.kind != "CronJob":
        return
    text = manifest.spec.text("spec", "schedule")
    if text and not any(sign in text for sign in "${<") and not _is_schedule(text):
        yield Result(manifest.at("spec", "schedule"), NONE(manifest.title, text))


def _is_schedule(text: str) -> bool:
    fields = text.split()
    if text in WORDS or text.startswith("@every "):
        return True
    return len(fields) == 5 and all(map(_is_field, fields, RANGES, NAMES))


def _is_field(field: str, bounds: tuple[int, int], names: dict[str, int]) -> bool:
    for part in field.split(","):
        found = re.fullmatch(r"(?:[*?]|(\w{1,3})(?:-(\w{1,3}))?)(?:/(\d{1,3}))?", part)
        if found is None:
            return False
        for word in filter(None, (found[1], found[2])):
            number = int(word) if word.isdigit() else names.get(word.upper())
            if number is None or not bounds[0] <= number <= bounds[1]:
                return False
    return True
