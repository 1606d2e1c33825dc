"""The proxy goes into the background, or does not start at all, and its container ends.

A container lives as long as its first process. nginx leaves that process unless it is told `daemon
off`, which the command of its image does; told twice, or with quotes inside, it refuses to start.

Fix: leave the command to the image, or `CMD ["nginx", "-g", "daemon off;"]`, and no `daemon` in the
configuration.

Sources: nginx, "Core functionality: daemon"; Docker Official Images, "nginx".

```dockerfile bad proxy/Dockerfile {3}
FROM nginx:1.29
COPY default.conf /etc/nginx/conf.d/default.conf
CMD ["nginx"]
```

```nginx bad proxy/default.conf
server { listen 80; root /srv; }
```

```dockerfile bad quoted/Dockerfile {2}
FROM nginx:1.29-alpine
CMD ["nginx", "-g", "'daemon off;'"]
```

```dockerfile bad service/Dockerfile {3}
FROM debian:13
RUN apt-get update && apt-get install -y nginx
CMD service nginx start
```

```nginx bad nginx.conf {1}
daemon off;
events {}
http { server { listen 80; } }
```

```yaml bad compose.yaml
services:
  proxy:
    build: ./proxy
  quoted:
    build: ./quoted
  service:
    build: ./service
  twice:
    image: nginx:1.29
    volumes: ["./nginx.conf:/etc/nginx/nginx.conf:ro"]
```

```dockerfile fixed quoted/Dockerfile
FROM nginx:1.29-alpine
CMD ["nginx", "-g", "daemon off;"]
```

```dockerfile good proxy/Dockerfile
FROM nginx:1.29
COPY default.conf /etc/nginx/conf.d/default.conf
```

```nginx good proxy/default.conf
server { listen 80; root /srv; }
```

```dockerfile good told/Dockerfile
FROM debian:13
RUN apt-get update && apt-get install -y nginx && echo "daemon off;" >> /etc/nginx/nginx.conf
CMD ["nginx"]
```

```dockerfile good file/Dockerfile
FROM nginx:1.29
COPY nginx.conf /etc/nginx/nginx.conf
CMD ["nginx"]
```

```nginx good file/nginx.conf
daemon off;
events {}
http { server { listen 80; } }
```

```dockerfile good both/Dockerfile
FROM debian:13
CMD service nginx start && tail -F /var/log/nginx/access.log
```

```dockerfile good shell/Dockerfile
FROM nginx:1.29
CMD nginx -g "daemon off;"
```

```nginx good host/nginx.conf
daemon on;
events {}
http { server { listen 80; } }
```

```yaml good compose.yaml
services:
  proxy:
    build: ./proxy
  told:
    build: ./told
  file:
    build: ./file
  both:
    build: ./both
  shell:
    build: ./shell
  mounted:
    image: nginx:1.29
    command: nginx
    volumes: ["${CONFIGURATION}:/etc/nginx/nginx.conf"]
```
"""

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.image import Image
from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.artifacts.products import base_name
from flask_preflight.facts import Entry
from flask_preflight.rule import Fix, Location, Message, Replacement, Result, Results, rule

LEFT = Message("{0} goes into the background, and its container ends", "left")
QUOTED = Message("nginx refuses {0}, because no shell takes the inner quotes away", "quoted")
TWICE = Message("the command says daemon off as well: nginx refuses to start", "twice")
SERVICES = ("nginx", "apache2", "httpd", "haproxy")


@rule("NGX701", "daemonized-in-container", "error", "container", sees="relation")
def check(entry: Entry) -> Results:
    # What supervisors start inside of a container is not its first process.
    if not isinstance(entry.part, (Service, Container, Image)):
        return
    started = entry.started
    written = [one for proxy in entry.proxies for one in proxy.given("daemon") if not one.around]
    if started is None:
        if entry.argv is None and _has_nginx(entry):
            yield from (Result(one.location, TWICE()) for one in written)
        return
    program, *words = started.argv
    name = program.rpartition("/")[2]
    if started.before or started.doubt:
        return
    if name == "service" and words[:1] and words[0] in SERVICES and words[1:] == ["start"]:
        yield Result(started.at(), LEFT(words[0]))
    elif name == "nginx":
        told = " ".join(words)
        if "'daemon" in told or '"daemon' in told:
            where = started.at(len(words))
            yield Result(where, QUOTED(words[-1]), fix=_fix(where, words[-1]))
        elif "daemon" in told:
            yield from (Result(one.location, TWICE()) for one in written)
        elif not {"-t", "-T", "-s", "-v", "-V", "-c"} & set(words) and not _is_told(entry):
            yield Result(started.at(), LEFT("nginx"))


def _fix(where: Location, word: str) -> Fix | None:
    """The same without the inner quotes, where the outer ones are all that is around them."""
    region = where.region
    width = region.end_column - region.start_column
    if region.end_line != region.start_line or width != len(word) + 2 or word[0] != word[-1]:
        return None
    edit = Replacement(where.path, region, f'"{word[1:-1]}"')
    return Fix("take the inner quotes away", (edit,), safe=True)


def _has_nginx(entry: Entry) -> bool:
    """Whether its command is that of an image of nginx, which says `daemon off`."""
    image = entry.image
    base = image.stage.external if image is not None else getattr(entry.part, "image", "")
    changed = image is not None and image.start
    return not changed and base_name(base or "") in ("nginx", "nginx-unprivileged")


def _is_told(entry: Entry) -> bool:
    """Whether a file says `daemon off`, or may do so."""
    if any(one.text == "off" for proxy in entry.proxies for one in proxy.given("daemon")):
        return True
    image, mounts = entry.image, [mount.path for mount in entry.mounts]
    if any(path.startswith("/etc/nginx") and "/conf.d" not in path for path in mounts):
        return not any(proxy.path.endswith("nginx.conf") for proxy in entry.proxies)
    if image is None:
        return base_name(getattr(entry.part, "image", "")) != "nginx"
    if any("daemon" in command.text for command in image.commands):
        return True
    known = image.copies_closed and image.maps("/etc/nginx/nginx.conf")
    return base_name(image.stage.external or "") != "nginx" and not known
