"""An address names a host that does not exist there.

The name resolves to nothing: the database, the cache or the broker cannot be reached.

Fix: write the name of the service.

Sources: Docker, "Networking in Compose".

```yaml bad compose.yaml {5}
services:
  web:
    build: .
    environment:
      DATABASE_URL: postgresql://shop:${PASSWORD}@database/shop
  db:
    image: postgres:17
```

```yaml good compose.yaml
services:
  web:
    build: .
    environment:
      DATABASE_URL: postgresql://shop:${PASSWORD}@db/shop
      CACHE_URL: redis://cache.example.org:6379/0
      BROKER_URL: redis://broker/0
    extra_hosts: ["broker:10.0.0.3"]
  db:
    image: postgres:17
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.facts import Entry
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.deployment._backends import backends

NOBODY = Message("{0} is to find its {1} at {2}, and no service has that name")
LOCAL = ("localhost", "127.0.0.1", "host.docker.internal", "gateway.docker.internal")


@rule(
    "DEP028",
    "unknown-backend-host",
    "error",
    "configuration",
    sees="relation",
    development=True,
)
def check(entry: Entry) -> Results:
    part = entry.part
    if not isinstance(part, Service) or part.network_mode or not part.project.closed:
        return
    given = str([*part.spec.items_of("extra_hosts"), *part.spec.map("extra_hosts")])
    external = any(part.project.spec.dig("networks", name, "external") for name in part.networks)
    for one in backends(entry):
        bare = "." not in one.host and one.host not in LOCAL and not one.host.startswith("[")
        own = one.variable.location.path in part.project.paths
        if (
            bare
            and own
            and one.host not in part.project.host_names
            and one.host not in given
            and not external
        ):
            yield Result(one.variable.location, NOBODY(entry.title, one.scheme, one.host))
