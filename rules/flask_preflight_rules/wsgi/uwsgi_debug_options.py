"""uWSGI runs with options that are made for finding faults.

With `catch-exceptions` clients see tracebacks; a tracebacker on the network tells everybody what
each thread does.

Fix: remove the option.

Sources: uWSGI, "Configuration Options: catch-exceptions"; uWSGI, "Python Tracebacker".

```procfile bad {1,2}
web: uwsgi --http-socket :8000 --catch-exceptions -w app:app
two: uwsgi --http-socket :8000 --py-tracebacker :9999 -w app:app
```

```procfile bad {1}
web: uwsgi --http-socket :8000 --honour-stdin -w app:app
```

```ini bad deploy/shop.service
[Service]
ExecStart=/srv/venv/bin/uwsgi --ini deploy/uwsgi.ini
```

```ini bad deploy/uwsgi.ini {5,6}
[uwsgi]
http-socket = :8000
wsgi-file = app.py
callable = app
catch-exceptions = true
honour-stdin = true
```

```ini fixed deploy/uwsgi.ini
[uwsgi]
http-socket = :8000
wsgi-file = app.py
callable = app
```

```procfile good
web: uwsgi --http-socket :8000 --py-tracebacker /tmp/trace -w app:app
```
"""

from flask_preflight.artifacts.wsgi import Server
from flask_preflight.rule import Message, Result, Results, rule

SHOWN = Message("clients see tracebacks of the application", "shown")
TOLD = Message("everybody who reaches {0} sees what each thread does", "told")
HELD = Message("uWSGI keeps its standard input, which only a debugger needs", "held")


@rule("WSG508", "uwsgi-debug-options", "error", "security", "CWE-209")
def check(server: Server) -> Results:
    if server.kind != "uwsgi":
        return
    if "catch-exceptions" in server.settings and server.flag("catch-exceptions"):
        fix = server.settings["catch-exceptions"].removed()
        yield Result(server.at("catch-exceptions"), SHOWN(), fix=fix)
    trace = server.settings.get("py-tracebacker")
    if trace is not None and ":" in str(trace.value) and not str(trace.value).startswith("127."):
        yield Result(trace.location, TOLD(trace.value), fix=trace.removed())
    if "honour-stdin" in server.settings and server.flag("honour-stdin"):
        fix = server.settings["honour-stdin"].removed()
        yield Result(server.at("honour-stdin"), HELD(), fix=fix, level="note")
