"""The address of the database goes into Alembic's configuration with its percent signs.

A password with a reserved character is written `%40` in an address. The configuration takes the
sign for one of its own and ends with "invalid interpolation syntax", before any migration has run.

Fix: `.replace("%", "%%")`.

Sources: Alembic, "Config.set_main_option"; Flask-Migrate, issue 59.

```python bad migrations/versions/a.py
revision = "a1"
down_revision = None
```

```python bad migrations/env.py {6}
from alembic import context
from flask import current_app

config = context.config
config.set_main_option(
    "sqlalchemy.url", current_app.config.get("SQLALCHEMY_DATABASE_URI")
)
```

```python fixed migrations/env.py
from alembic import context
from flask import current_app

config = context.config
config.set_main_option(
    "sqlalchemy.url", current_app.config.get("SQLALCHEMY_DATABASE_URI").replace("%", "%%")
)
```

```python good migrations/env.py
from alembic import context
from shop import engine

config = context.config


def address():
    return engine.url.render_as_string(hide_password=False).replace("%", "%%")


url = str(engine.url).replace("%", "%%")
config.set_main_option("sqlalchemy.url", address())
config.set_section_option("alembic", "sqlalchemy.url", url)
config.set_main_option("sqlalchemy.url", "postgresql://localhost/shop")
config.set_main_option("script_location", "migrations")
```

```python good migrations/versions/a.py
revision = "a1"
down_revision = None
```
"""

from flask_preflight.artifacts.migration_operations import UrlSetting
from flask_preflight.artifacts.migrations import History
from flask_preflight.result import Region
from flask_preflight.rule import Fix, Message, Replacement, Result, Results, rule

BARE = Message("an address with a percent sign, as in a password, stops every migration")
ESCAPE = '.replace("%", "%%")'


@rule("MIG010", "url-percent-not-escaped", "warning", "configuration")
def check(history: History) -> Results:
    if history.products == {"sqlite"}:
        return
    for setting in history.urls:
        if not setting.escaped:
            yield Result(setting.location, BARE(), fix=_fix(setting))


def _fix(setting: UrlSetting) -> Fix | None:
    """Escape what is surely a text: addresses of SQLAlchemy's own type have no `replace`."""
    if not setting.simple or ".url" in setting.text or "URL" in setting.text.partition("(")[0]:
        return None
    end = setting.location.region
    where = Region(end.end_line, end.end_column, end.end_line, end.end_column)
    return Fix("double the percent signs", (Replacement(setting.path, where, ESCAPE),), safe=True)
