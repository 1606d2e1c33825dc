"""envsubst fills a template of nginx without a list of names, so nginx's own variables vanish.

`$host`, `$remote_addr` and `$scheme` look like variables of the environment; without a list they
are replaced by nothing. `proxy_set_header Host ;` then stops nginx, or the header is empty.

Fix: name what is to be replaced, `envsubst '$BACKEND' < …`, or let the image do it: it fills
`/etc/nginx/templates/*.template` with the variables that exist.

Sources: GNU gettext, "Invoking the envsubst program"; nginx image, "Using environment variables in
nginx configuration".

```nginx bad nginx.conf.template
server {
  listen 80;
  location / {
    proxy_pass http://$BACKEND;
    proxy_set_header Host $host;
  }
}
```

```yaml bad compose.yaml {4}
services:
  proxy:
    image: nginx:1.29
    command: sh -c "envsubst < /etc/nginx/nginx.conf.template > /etc/nginx/x.conf && nginx"
    volumes: ["./nginx.conf.template:/etc/nginx/nginx.conf.template:ro"]
```

```nginx bad proxy/default.conf.tpl
server {
  listen 80;
  location / {
    proxy_pass http://$BACKEND;
    proxy_set_header X-Real-IP $remote_addr;
  }
}
```

```bash bad proxy/start.sh {2}
set -e
envsubst < /etc/nginx/default.conf.tpl > /etc/nginx/conf.d/default.conf
exec nginx -g "daemon off;"
```

```dockerfile bad proxy/Dockerfile
FROM nginx:1.29
COPY default.conf.tpl /etc/nginx/
COPY start.sh /
CMD ["sh", "/start.sh"]
```

```nginx good nginx.conf.template
server {
  listen 80;
  location / {
    proxy_pass http://$BACKEND;
    proxy_set_header Host $host;
  }
}
```

```yaml good compose.yaml
services:
  proxy:
    image: nginx:1.29
    command: sh -c "envsubst '$$BACKEND' < /etc/nginx/nginx.conf.template > /tmp/x && nginx"
    volumes: ["./nginx.conf.template:/etc/nginx/nginx.conf.template:ro"]
```

```nginx good proxy/default.conf.tpl
server {
  listen 80;
  location / {
    proxy_pass http://$BACKEND;
    proxy_set_header Host ${DOLLAR}host;
    proxy_set_header X-Real-IP $remote_addr;
  }
}
```

```bash good proxy/start.sh
export DOLLAR='$' remote_addr='$remote_addr'
envsubst < /etc/nginx/default.conf.tpl > /etc/nginx/conf.d/default.conf
exec nginx -g "daemon off;"
```

```dockerfile good proxy/Dockerfile
FROM nginx:1.29
COPY default.conf.tpl /etc/nginx/
COPY start.sh /
CMD ["sh", "/start.sh"]
```
"""

from collections.abc import Container, Iterator

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.facts import Deployment, Entry
from flask_preflight.lazy import expression
from flask_preflight.result import Location
from flask_preflight.rule import Message, Result, Results, rule

WIPED = Message("nginx's own {0} is replaced by nothing in {1}: envsubst is given no names")
_OWN = expression(r"\$(?:\{(\w+)\}|(\w+))")
_NAMES = frozenset(
    "host remote_addr scheme proxy_add_x_forwarded_for request_uri uri server_name args "
    "proxy_host request_method server_port".split()
)


@rule("NGX704", "substitution-wipes-variables", "error", "configuration", sees="relation")
def check(deployment: Deployment) -> Results:
    for entry in deployment.entries:
        if entry.role != "production" or entry.started is None:
            continue
        given = {one.name for one in (*entry.started.variables, *entry.environment.variables)}
        for name, where in _filled(entry):
            for proxy in deployment[Proxy]:
                wiped = _wiped(proxy, given) if proxy.path.rpartition("/")[2] == name else ""
                if wiped:
                    yield Result(where, WIPED(wiped, proxy.path))


def _filled(entry: Entry) -> Iterator[tuple[str, Location]]:
    """The names of the templates that are filled without a list before it starts, and where."""
    for ran in entry.started.before if entry.started is not None else ():
        if ran.argv == ("envsubst",) and ran.input:
            yield ran.input.rpartition("/")[2], ran.location


def _wiped(proxy: Proxy, given: Container[str]) -> str:
    """The first variable of nginx's own in it that nothing gives a value."""
    for setting in proxy.settings:
        for found in _OWN.finditer(setting.text):
            name = found[1] or found[2]
            if name not in given and (name in _NAMES or name.startswith(("http_", "upstream_"))):
                return f"${name}"
    return ""
