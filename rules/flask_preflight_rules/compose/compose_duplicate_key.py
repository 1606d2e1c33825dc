"""A mapping holds the same key twice.

Compose refuses the whole file, so nothing starts. Older tools took the second value and said
nothing: whoever reads the first one is misled.

Fix: delete one of the two.

Sources: YAML 1.2.2, section 3.2.1.1, "Mapping"; the Compose file reference.

```yaml bad compose.yaml {5,9,14}
services:
  web:
    build: .
    restart: unless-stopped
    restart: always
    environment:
      LOG_LEVEL: info
      WORKERS: "4"
      "LOG_LEVEL": debug
  db:
    image: postgres:17
volumes:
  data:
volumes:
  other:
```

```yaml good compose.yaml
x-common: &common
  restart: unless-stopped
  environment: &environment
    LOG_LEVEL: info
services:
  web:
    <<: *common
    build: .
    restart: always
    environment:
      <<: *environment
      LOG_LEVEL: debug
  worker:
    <<: *common
    build: .
    environment:
      LOG_LEVEL: info
```
"""

from flask_preflight.artifacts.compose import Project
from flask_preflight.rule import Message, Result, Results, rule

TWICE = Message("{0} stands here a second time: Compose refuses the file")


@rule("CMP002", "compose-duplicate-key", "error", "orchestration", development=True)
def check(project: Project) -> Results:
    for key, location in project.repeated:
        yield Result(location, TWICE(key))
