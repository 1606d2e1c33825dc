"""Two services are to talk to each other and share no network.

The name of the other resolves to nothing, and every connection fails.

Fix: put both on one network.

Sources: Docker, "Networking in Compose".

```yaml bad compose.yaml {4}
services:
  web:
    build: .
    networks: [front]
    environment:
      DATABASE_URL: postgresql://shop:${PASSWORD}@db/shop
  db:
    image: postgres:17
    networks: [back]
networks:
  front:
  back:
```

```yaml good compose.yaml
services:
  web:
    build: .
    networks: [front, back]
    environment:
      DATABASE_URL: postgresql://shop:${PASSWORD}@db/shop
  db:
    image: postgres:17
    networks: [back]
networks:
  front:
  back:
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.deployment._backends import backends

APART = Message("{0} cannot reach {1}: they share no network")


@rule("DEP031", "no-common-network", "error", "orchestration", sees="relation", development=True)
def check(entry: Entry) -> Results:
    part = entry.part
    if not isinstance(part, Service) or part.network_mode:
        return
    for one in backends(entry):
        target = part.project.services.get(one.host)
        if target is None or target is part or target.network_mode:
            continue
        if part.networks.isdisjoint(target.networks):
            related = (target.at("networks").saying(f"the networks of {target.name}"),)
            yield Result(part.at("networks"), APART(entry.title, target.name), related)
            return
