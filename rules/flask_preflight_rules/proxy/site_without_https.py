"""nginx offers the application in clear text only.

Passwords and session cookies can be read and changed by anybody between the client and the server.

Fix: listen on 443 with `ssl` and a certificate, and answer on port 80 with a redirect to it.

Intended: when a load balancer in front of nginx ends TLS; say so where you ignore the rule.

Sources: nginx, "Configuring HTTPS servers"; CWE-319.

```nginx bad deploy/nginx.conf {2}
server {
    listen 80;
    server_name shop.example.org;
    location / {
        proxy_pass http://127.0.0.1:8000;
    }
}
```

```nginx good deploy/nginx.conf
server {
    listen 80;
    server_name shop.example.org;
    return 301 https://$host$request_uri;
}
server {
    listen 443 ssl;
    server_name shop.example.org;
    ssl_certificate /etc/ssl/shop.pem;
    location / { proxy_pass http://127.0.0.1:8000; }
}
server {
    listen 127.0.0.1:8080;
    location /status { stub_status; }
}
```

```nginx good docker/nginx.conf
server {
    listen 80;
    server_name localhost;
    location / { proxy_pass http://web:8000; }
}
```

```nginx good edge/nginx.conf
server {
    listen 80;
    server_name shop.example.org;
    real_ip_header X-Forwarded-For;
    location / {
        proxy_set_header X-Forwarded-Proto $http_x_forwarded_proto;
        proxy_pass http://127.0.0.1:8000;
    }
}
```
"""

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.rule import Message, Result, Results, rule

CLEAR = Message("{0} is offered in clear text only, so sessions can be read on the way")


@rule("NGX001", "site-without-https", "warning", "security", "CWE-319", sees="absent")
def check(proxy: Proxy) -> Results:
    if any(site.tls is not False for site in proxy.sites) or proxy.is_open:
        return
    for site in proxy.sites:
        names = [name for name in site.names if _is_public(name)]
        if names and site.routes and not site.redirects_to_https and not site.behind_another:
            where = site.listens[0].location if site.listens else site.location
            yield Result(where, CLEAR(names[0]))


def _is_public(name: str) -> bool:
    inside = (".local", ".internal", ".localhost", ".test", ".lan")
    return "." in name and not name.endswith(inside) and not name.replace(".", "").isdigit()
