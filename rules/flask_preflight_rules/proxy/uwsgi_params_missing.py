"""A proxy hands requests to uWSGI without saying what they are.

uWSGI takes the method, the path and the query from parameters that nginx only sends when it is told
to. Without them every request is answered with an error. A `uwsgi_param` in an inner block drops an
include of an outer one.

Fix: `include uwsgi_params;` beside `uwsgi_pass`.

Sources: uWSGI, "Nginx support"; nginx, "Module ngx_http_uwsgi_module: uwsgi_param".

```nginx bad nginx.conf {4,13}
server {
  listen 80;
  server_name a.example.org;
  location / { uwsgi_pass web:3031; }
}
server {
  listen 80;
  server_name b.example.org;
  include uwsgi_params;
  location / {
    uwsgi_param HTTP_X_SHOP yes;
    uwsgi_read_timeout 60s;
    uwsgi_pass web:3031;
  }
}
```

```nginx fixed nginx.conf
server {
  listen 80;
  server_name a.example.org;
  location / { include uwsgi_params; uwsgi_pass web:3031; }
}
server {
  listen 80;
  server_name b.example.org;
  include uwsgi_params;
  location / {
    include uwsgi_params;
    uwsgi_param HTTP_X_SHOP yes;
    uwsgi_read_timeout 60s;
    uwsgi_pass web:3031;
  }
}
```

```nginx good nginx.conf
server {
  listen 80;
  server_name a.example.org;
  location / { include /etc/nginx/uwsgi_params; uwsgi_pass web:3031; }
}
server {
  listen 80;
  server_name b.example.org;
  include uwsgi_params;
  location / { uwsgi_pass web:3031; }
  location /own {
    uwsgi_param QUERY_STRING $query_string;
    uwsgi_param REQUEST_METHOD $request_method;
    uwsgi_pass web:3031;
  }
  location /perl { uwsgi_modifier1 5; uwsgi_pass web:3032; }
  location /elsewhere { include snippets/uwsgi.conf; uwsgi_pass web:3031; }
}
```
"""

from itertools import groupby

from flask_preflight.artifacts.proxy import Proxy, ProxySetting
from flask_preflight.rule import Message, Result, Results, rule

MUTE = Message("uWSGI gets neither method nor path, so it answers every request with an error")
NEEDED = frozenset(("REQUEST_METHOD", "QUERY_STRING", "PATH_INFO", "REQUEST_URI"))


@rule("NGX110", "uwsgi-params-missing", "error", "wsgi", sees="absent")
def check(proxy: Proxy) -> Results:
    if any(any(one.given("uwsgi_param", "include")) for one in proxy.beside):
        return
    for setting in proxy.given("uwsgi_pass"):
        modified = any(proxy.around(setting, "uwsgi_modifier1", "uwsgi_modifier2"))
        if not modified and _says_nothing(proxy, setting):
            given = list(proxy.around(setting, "uwsgi_param"))
            fix = (given or [setting])[0].preceded_by("include uwsgi_params;")
            yield Result(setting.location, MUTE(), fix=fix)


def _says_nothing(proxy: Proxy, setting: ProxySetting) -> bool:
    """Whether the innermost block that gives any parameter gives none that uWSGI needs."""
    given = sorted(
        proxy.around(setting, "uwsgi_param", "include"), key=lambda one: -len(one.blocks)
    )
    for _, level in groupby(given, key=lambda one: len(one.blocks)):
        ours = list(level)
        if any(one.name == "include" and not one.text.endswith("mime.types") for one in ours):
            return False
        params = {one.words[0] for one in ours if one.name == "uwsgi_param" and one.words}
        if params:
            return not params & NEEDED
    return True
