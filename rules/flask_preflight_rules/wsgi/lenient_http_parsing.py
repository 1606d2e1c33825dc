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
            yield Result(server.at(name), ACCEPTS(name))
    mapped = server.settings.get("header_map")
    if mapped is not None and mapped.value == "dangerous":
        yield Result(mapped.location, ACCEPTS("header_map"))
