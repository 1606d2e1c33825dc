"""Gunicorn accepts requests that proxies read in another way.

Where the two disagree about where a request ends, an attacker hides one request in another and
passes the proxy's checks, or poisons its cache.

Fix: delete the setting.

Sources: Gunicorn, "Settings: permit_obsolete_folding, header_map"; Gunicorn, "Changelog: 22.0.0";
CWE-444.

```procfile bad {1,2}
web: gunicorn --permit-obsolete-folding app:app
api: gunicorn --header-map dangerous app:app
```

```ini bad deploy/shop.service
[Service]
ExecStart=/srv/venv/bin/gunicorn -c deploy/gunicorn.conf.py app:app
```

```python bad deploy/gunicorn.conf.py {1,2}
strip_header_spaces = True
header_map = "dangerous"
workers = 3
```

```python fixed deploy/gunicorn.conf.py
workers = 3
```

```procfile good
web: gunicorn --header-map refuse app:app
api: gunicorn app:app
```
"""

from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Message, Result, Results, rule

ACCEPTS = Message("Gunicorn reads requests more loosely than proxies ({0}): one may hide another")
SWITCHES = (
    "permit_obsolete_folding",
    "strip_header_spaces",
    "permit_unconventional_http_method",
    "permit_unconventional_http_version",
    "casefold_http_method",
)


@rule("WSG304", "lenient-http-parsing", "warning", "security", "CWE-444")
def check(server: Server) -> Results:
    if server.kind != "gunicorn":
        return
    for name in SWITCHES:
        if name in server.settings and server.flag(name):
            fix = server.settings[name].removed()
            yield Result(server.at(name), ACCEPTS(name), fix=fix)
    mapped = server.settings.get("header_map")
    if mapped is not None and mapped.value == "dangerous":
        yield Result(mapped.location, ACCEPTS("header_map"), fix=mapped.removed())
