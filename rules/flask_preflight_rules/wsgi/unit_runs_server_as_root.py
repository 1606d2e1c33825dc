"""The unit starts the server as root.

Whoever gets into the application owns the machine.

Fix: `User=shop` in the unit, or `DynamicUser=yes`.

Sources: systemd.exec(5), "User="; Gunicorn, "Deploying Gunicorn: Systemd"; CWE-250.

```ini bad deploy/shop.service {2}
[Service]
ExecStart=/srv/venv/bin/gunicorn app:app
```

```ini bad deploy/shop.service {2}
[Service]
User=root
ExecStart=/srv/venv/bin/gunicorn app:app
```

```ini good deploy/shop.service
[Service]
User=shop
ExecStart=/srv/venv/bin/gunicorn app:app
```

```ini good deploy/shop.service
[Service]
DynamicUser=yes
ExecStart=/srv/venv/bin/gunicorn app:app
```

```ini good deploy/shop.service
[Service]
ExecStart=/srv/venv/bin/uwsgi --uid www-data --gid www-data --http-socket :8000 -w app:app
```

```ini good .config/systemd/user/shop.service
[Service]
ExecStart=/srv/venv/bin/gunicorn app:app
```
"""

from flask_preflight.artifacts.wsgi import Process, Server
from flask_preflight.rule import Message, Result, Results, rule

ROOT = Message("{0} runs {1} as root: whoever gets into the application owns the machine")
DROPS = ("user", "uid", "u")


@rule("WSG405", "unit-runs-server-as-root", "warning", "security", "CWE-250")
def check(server: Server) -> Results:
    unit = server.entry.part if server.entry is not None else None
    if not isinstance(unit, Process) or unit.format != "systemd" or "/user/" in unit.path:
        return
    user, dynamic = unit.fields.get("User"), unit.fields.get("DynamicUser")
    if dynamic is not None and dynamic.value.lower() in ("yes", "true", "1", "on"):
        return
    if user is not None and user.value not in ("root", "0", ""):
        return
    given = [server.settings.get(name) for name in DROPS]
    dropped = any(one is not None and one.value not in ("root", "0", 0) for one in given)
    if not dropped and (server.kind != "uwsgi" or server.open_because is None):
        where = user.location if user is not None else server.at()
        yield Result(where, ROOT(unit.name, server.program))
