"""The application changes the database's tables when it starts.

Every worker and every replica does it at the same time, so some of them fail; and when a migration
fails, the application does not start at all.

Fix: run `flask db upgrade` once for each release, before the new version starts.

Sources: Flask-Migrate, "Command Reference"; The Twelve-Factor App, "Admin processes".

```python bad app.py {6}
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)
db.create_all()
```

```procfile bad Procfile
web: gunicorn -w 4 app:app
```

```python bad app.py {7}
from flask import Flask
from flask_migrate import upgrade


def create_app():
    app = Flask(__name__)
    upgrade()
    return app
```

```procfile bad Procfile
web: gunicorn -w 4 "app:create_app()"
```

```python good app.py
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)


@app.cli.command()
def create():
    db.create_all()


if app.debug:
    db.create_all()
if __name__ == "__main__":
    db.create_all()
    app.run()
```

```procfile good Procfile
web: gunicorn -w 4 app:app
```
"""

from flask_preflight.artifacts.application import Application
from flask_preflight.rule import Level, Message, Result, Results, rule

RACES = Message(
    "every process of {0} runs {1}() when it starts: they race, and one fault stops all"
)


@rule("FLK508", "schema-change-at-startup", "warning", "recovery")
def check(application: Application) -> Results:
    for change in application.schema_changes:
        guard = change.guard
        hook = guard.use == "hook"
        if guard.condition == "dev" or guard.use in ("cli", "task") or change.what == "drop_all":
            continue
        if not (application.starts(guard) or hook) or not application.served(change.path):
            continue
        drifts = change.what == "create_all" and application.requires("flask-migrate", "alembic")
        alone = application.multi is False and not drifts or "sqlite" in guard.tested
        level: Level = "note" if alone else "warning"
        yield Result(change.location, RACES(application.title, change.what), level=level)
