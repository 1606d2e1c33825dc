"""Nothing starts the server again when it ends.

After a crash, or when the kernel kills it for its memory, the application stays down until somebody
looks.

Fix: `Restart=on-failure` in the unit; `autorestart=true` for supervisor.

Sources: systemd.service(5), "Restart="; Supervisor, "Configuration File: autorestart".

```ini bad deploy/shop.service {2}
[Service]
ExecStart=/srv/venv/bin/gunicorn app:app
```

```ini fixed deploy/shop.service
[Service]
Restart=on-failure
ExecStart=/srv/venv/bin/gunicorn app:app
```

```ini bad deploy/shop.service {2}
[Service]
Restart=no
ExecStart=/srv/venv/bin/gunicorn app:app
```

```ini fixed deploy/shop.service
[Service]
Restart=on-failure
ExecStart=/srv/venv/bin/gunicorn app:app
```

```ini bad supervisord.conf {3}
[program:shop]
command=gunicorn app:app
autorestart=false
```

```ini good deploy/shop.service
[Service]
Restart=on-failure
ExecStart=/srv/venv/bin/gunicorn app:app
```

```ini good deploy/report.service
[Service]
Type=oneshot
ExecStart=/usr/bin/python3 report.py
```

```python good deploy/report.py
print("done")
```

```ini good supervisord.conf
[program:shop]
command=gunicorn app:app
```
"""

from flask_preflight.artifacts.wsgi import Process, Server
from flask_preflight.rule import Message, Result, Results, rule

DOWN = Message("nothing starts {0} again when it ends, so it stays down until somebody looks")


@rule("WSG406", "service-not-restarted", "warning", "recovery")
def check(server: Server) -> Results:
    unit = server.entry.part if server.entry is not None else None
    if not isinstance(unit, Process):
        return
    if unit.format == "systemd":
        given = unit.fields.get("Restart")
        if given is None or given.value.lower() in ("no", ""):
            where = given.location if given is not None else server.at()
            line = "Restart=on-failure"
            fix = where.rewritten(line) if given is not None else unit.location.preceded(line)
            yield Result(where, DOWN(unit.name), fix=fix)
    elif unit.format == "supervisor":
        given = unit.fields.get("autorestart")
        if given is not None and given.value.lower() in ("false", "no", "off", "0"):
            yield Result(given.location, DOWN(unit.name))
