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
"""

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.facts import Deployment, Entry
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule

WIPED = Message("nginx's own {0} is replaced by nothing in {1}: envsubst is given no names")
_ALL = expression(r"\benvsubst\s*<\s*[\"']?([^\s\"'|;&>]+)")
_OWN = expression(
    r"\$\{?(?:host|remote_addr|scheme|proxy_add_x_forwarded_for|request_uri|uri|server_name"
    r"|http_\w+|args|proxy_host|upstream_\w+|request_method|server_port)\b"
)


@rule("NGX704", "substitution-wipes-variables", "error", "configuration", sees="relation")
def check(deployment: Deployment) -> Results:
    for entry in deployment.entries:
        if entry.role != "production":
            continue
        for name in _filled(entry):
            for proxy in deployment[Proxy]:
                if proxy.path.rpartition("/")[2] != name:
                    continue
                wiped = _wiped(proxy)
                if wiped:
                    where = entry.argv_location
                    yield Result(where, WIPED(wiped, proxy.path))


def _filled(entry: Entry) -> list[str]:
    """The names of the templates that its command fills without a list."""
    words = " ".join(entry.argv or ())[:20_000]
    return [found[1].rpartition("/")[2] for found in _ALL.finditer(words)]


def _wiped(proxy: Proxy) -> str:
    """The first variable of nginx's own in it."""
    for setting in proxy.settings:
        found = _OWN.search(setting.text)
        if found is not None:
            return found[0].replace("{", "")
    return ""
