"""What migrations do: how their files are read, which of them are new, and for which database."""

from __future__ import annotations

import pytest

from flask_preflight.artifacts import migration_sql
from flask_preflight.artifacts.migration_operations import Operation
from flask_preflight.artifacts.migrations import History, Migration
from flask_preflight.config import Settings
from flask_preflight.result import Location
from flask_preflight.scan import scan
from harness import deployment_of, results_of, tree_of

ENV = "from alembic import context\n"
HEAD = "from alembic import op\nimport sqlalchemy as sa\n\n"


def files(**bodies: str) -> dict[str, str]:
    """A history: each revision follows the one before it."""
    found, down = {"migrations/env.py": ENV}, "None"
    for name, body in bodies.items():
        lines = "\n".join(f"    {line}" for line in body.split("\n"))
        text = f"{HEAD}revision = {name!r}\ndown_revision = {down}\n\n\ndef upgrade():\n{lines}\n"
        found[f"migrations/versions/{name}.py"] = text
        down = repr(name)
    return found


def steps(body: str) -> list[Operation]:
    return deployment_of(files(a=body))[Operation]


def told(one: Operation) -> tuple[str, str | None, str | None]:
    return one.name, one.table, one.subject


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("op.add_column('t', sa.Column('c', sa.Integer))", ("add_column", "t", "c")),
        ("op.drop_column(table_name='t', column_name='c')", ("drop_column", "t", "c")),
        ("op.drop_column(TABLE, 'c')", ("drop_column", None, "c")),
        ("T = 't'\nop.drop_column(T, 'c')", ("drop_column", "t", "c")),
        ("op.create_index(op.f('i'), 't', ['c'])", ("create_index", "t", "i")),
        ("op.drop_constraint('k', 't', type_='unique')", ("drop_constraint", "t", "k")),
        ("op.rename_table('t', 'u')", ("rename_table", "t", "u")),
        ("op.drop_table('t')", ("drop_table", "t", None)),
        ("op.get_bind().execute(sa.text('select 1'))", ("execute", None, "")),
        ("sa.Enum('a', name='E').create(op.get_bind())", ("create_type", "", "e")),
        (
            "with op.batch_alter_table('t', schema=None) as b:\n    b.drop_column('c')",
            ("drop_column", "t", "c"),
        ),
        ("for name in ('a', 'b'):\n    op.drop_column('t', name)", ("drop_column", "t", "b")),
        ("for name in NAMES:\n    op.drop_column('t', name)", ("drop_column", "t", None)),
    ],
)
def test_operations(body: str, expected: tuple[str, str | None, str | None]) -> None:
    assert expected in [told(one) for one in steps(body)]


def test_functions_of_the_file_are_followed() -> None:
    text = files(a="helper()")
    text["migrations/versions/a.py"] += "\n\ndef helper():\n    op.drop_table('t')\n    helper()\n"
    assert [told(one) for one in deployment_of(text)[Operation]][:1] == [("drop_table", "t", None)]


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("'DROP TABLE a; -- all of it\\nDROP TABLE b'", ("DROP TABLE a", "DROP TABLE b")),
        ("sa.text('UPDATE t SET a = 1')", ("UPDATE t SET a = 1",)),
        ("f'DROP TABLE {name}'", ("DROP TABLE \x00",)),
        ("'CREATE FUNCTION f() AS $$ DELETE FROM t; $$'", ("CREATE FUNCTION f() AS $$",)),
        ("'DO $$ BEGIN CREATE TYPE a AS ENUM (); END $$;'", ("CREATE TYPE a AS ENUM ()",)),
        (
            "'DO $x$ BEGIN IF NOT EXISTS (SELECT 1) THEN DROP TABLE a; END IF; END $x$'",
            ("DROP TABLE a",),
        ),
        ("QUERY", ()),
    ],
)
def test_statements(text: str, statements: tuple[str, ...]) -> None:
    one = steps(f"op.execute({text})")[0]
    assert one.sql == statements


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DROP TABLE IF EXISTS a, public.b CASCADE", [("drop_table", "a"), ("drop_table", "b")]),
        ("DROP TABLE IF EXISTS \x00", [("drop_table", None)]),
        ("DROP TABLE old_\x00", [("drop_table", None)]),
        ("TRUNCATE TABLE ONLY a RESTART IDENTITY CASCADE", [("truncate", "a")]),
        ("TRUNCATE a, b", [("truncate", "a"), ("truncate", "b")]),
        ("DELETE FROM a", [("delete", "a")]),
        ("DELETE FROM a WHERE b", [("delete", "a")]),
        ("UPDATE ONLY a SET b = 1", [("update", "a")]),
        ("INSERT INTO a (b) VALUES (1)", [("insert", "a")]),
        ("ALTER TYPE a ADD VALUE IF NOT EXISTS 'b' AFTER 'c'", [("add_value", "a", "b")]),
        ("CREATE UNLOGGED TABLE IF NOT EXISTS a (b int)", [("create_table", "a")]),
        ("CREATE TABLESPACE a LOCATION 'b'", []),
        ('ALTER TABLE ONLY "A" ADD "b" int', [("add_column", "A", "b")]),
        ("alter table a drop b, drop c", [("drop_column", "a", "b"), ("drop_column", "a", "c")]),
        ("ALTER TABLE a ADD CONSTRAINT b CHECK (c)", [("create_check_constraint", "a", "b")]),
        ("ALTER TABLE a ADD PRIMARY KEY (b)", [("create_primary_key", "a")]),
        ("ALTER TABLE a ALTER b SET NOT NULL", [("alter_column", "a", "b")]),
        ("ALTER TABLE a ADD INDEX b (c)", []),
        ("ALTER TABLE a DROP CONSTRAINT IF EXISTS b", []),
        ("ALTER TABLE a ALTER COLUMN b DROP NOT NULL", []),
        ("ALTER TABLE a RENAME TO b", [("rename_table", "a", "b")]),
        ("ALTER TABLE a RENAME b TO c", [("alter_column", "a", "b")]),
        ("ALTER TABLE a RENAME COLUMN b TO c", [("alter_column", "a", "b")]),
        ("ALTER TABLE a RENAME CONSTRAINT b TO c", []),
        ("ALTER TABLE a_id_seq RENAME TO b_id_seq", []),
        ("ALTER TABLE a ADD b numeric(3, 2) DEFAULT 0", [("add_column", "a", "b")]),
        ("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a ON b (c)", [("create_index", "b", "a")]),
        ("CREATE INDEX ON b (c)", [("create_index", "b", "")]),
        ("DROP INDEX CONCURRENTLY a", [("drop_index", "", "a")]),
        ("CREATE TYPE shop.State AS ENUM ('a')", [("create_type", "", "state")]),
        ("SELECT 1", []),
    ],
)  # fmt: skip
def test_what_statements_do(text: str, expected: list[tuple[str | None, ...]]) -> None:
    found = [(one.name, one.table, one.subject) for one in migration_sql.steps(text)]
    assert found == [(*one, "")[:3] for one in expected]


@pytest.mark.parametrize(
    ("text", "nullable", "default", "filled"),
    [
        ("int", True, False, False),
        ("int NOT NULL", False, False, False),
        ("int NOT NULL DEFAULT 0", False, True, False),
        ("int NOT NULL DEFAULT NULL", False, False, False),
        ("serial PRIMARY KEY", False, False, True),
        ("int CHECK (b IS NOT NULL OR (c))", True, False, False),
        ("text DEFAULT 'not null'", True, True, False),
        ("\x00 NOT NULL", True, False, False),
    ],
)
def test_columns_of_statements(text: str, nullable: bool, default: bool, filled: bool) -> None:
    (one,) = migration_sql.steps(f"ALTER TABLE a ADD COLUMN b {text}")
    assert one.column is not None
    told = (one.column.nullable, bool(one.column.server_default), one.column.filled)
    assert told == (nullable, default, filled)


def test_functions_are_given_what_they_are_called_with() -> None:
    body = "T = 't'\nhelper(T, size='c')"
    text = files(a=body)
    text["migrations/versions/a.py"] += (
        "\n\ndef helper(table, size: str = 'd'):\n"
        "    op.execute(f'CREATE TABLE {table} (a int)')\n    op.drop_column(table, size)\n"
    )
    done = [told(one) for one in deployment_of(text)[Operation] if one.name != "execute"]
    assert done == [("create_table", "t", ""), ("drop_column", "t", "c")]


def test_operations_that_are_handed_over_are_read() -> None:
    text = files(a="op.drop_table('t')")
    name = "migrations/versions/a.py"
    text[name] = text[name].replace("upgrade()", "upgrade(op, tables)").replace(HEAD, "")
    assert [told(one) for one in deployment_of(text)[Operation]] == [("drop_table", "t", None)]


def test_surroundings() -> None:
    body = """\
with op.get_context().autocommit_block():
    op.execute('VACUUM')
if op.get_bind().dialect.name == 'postgresql':
    op.drop_table('a')
else:
    op.drop_table('b')
if not exists('c'):
    op.drop_table('c')
try:
    op.drop_table('d')
except Exception:
    pass"""
    vacuum, a, b, c, d = (one for one in steps(body) if one.name in ("execute", "drop_table"))
    assert vacuum.autocommit
    assert a.dialects == frozenset(("postgresql",))
    assert b.dialects is not None
    assert "postgresql" not in b.dialects
    assert (c.guarded, d.guarded, a.guarded) == (True, True, False)


def migration_of(text: dict[str, str], id: str) -> Migration:
    return next(m for m in deployment_of(text)[Migration] if m.revision.id == id)


ADDS = "op.add_column('t', sa.Column('c', sa.Integer, nullable=False))"


def test_only_the_newest_are_judged_and_one_step_lower() -> None:
    text = files(a=ADDS, b=ADDS)
    (result,) = results_of(text, "MIG020")
    assert (result.location.path, result.level) == ("migrations/versions/b.py", "warning")
    assert "migrations.since" in result.subject


def test_since_says_which_are_new() -> None:
    settings = Settings(jobs=1, select=("MIG020",), given={"migrations.since": "a"})
    text = files(a=ADDS, b=ADDS, c=ADDS)
    found = scan(tree_of(text, **settings.model), settings).results
    assert [(r.location.path[-4:], r.level, r.subject) for r in found] == [
        ("b.py", "error", ""),
        ("c.py", "error", ""),
    ]


def test_since_that_no_revision_has_is_said() -> None:
    settings = Settings(jobs=1, select=("MIG020",), given={"migrations.since": "gone"})
    report = scan(tree_of(files(a=ADDS, b=ADDS), **settings.model), settings)
    assert [result.level for result in report.results] == ["warning"]
    (note,) = [one for one in report.notifications if "gone" in str(one.message)]
    assert note.location == Location("migrations/env.py")


@pytest.mark.parametrize(
    ("more", "products"),
    [
        ({}, set()),
        ({"requirements.txt": "flask\npsycopg2-binary\n"}, {"postgresql"}),
        ({"requirements.txt": "flask\npsycopg2\nmysqlclient\n"}, {"postgresql", "mysql"}),
        ({"requirements-dev.txt": "psycopg2\n"}, set()),
        ({"alembic.ini": "[alembic]\nsqlalchemy.url = mariadb://db/x\n"}, {"mysql"}),
        ({"alembic.ini": "[alembic]\nsqlalchemy.url = driver://user:pass@host/x\n"}, set()),
        ({"compose.yaml": "services:\n  db: {image: 'postgis/postgis:17'}\n"}, {"postgresql"}),
    ],
)
def test_products(more: dict[str, str], products: set[str]) -> None:
    (history,) = deployment_of(files(a=ADDS) | more)[History]
    assert history.products == products


def test_types_of_ancestors_are_known() -> None:
    made = "op.create_table('t', sa.Column('c', sa.Enum('a', name='E')))"
    added = "op.add_column('u', sa.Column('c', sa.Enum('a', name='E')))"
    driver = {"requirements.txt": "psycopg\n"}
    assert not results_of(files(a=made, b="pass", c=added) | driver, "MIG023")
    assert len(results_of(files(a="pass", c=added) | driver, "MIG023")) == 1
    # What cannot be read may have made it.
    assert not results_of(files(a="op.execute(text_of('a'))", c=added) | driver, "MIG023")


def test_classes_of_others_are_no_models() -> None:
    text = files(a="conn = op.get_bind()\nconn.execute(select(Thing))")
    text["migrations/versions/a.py"] = (
        "from library.models import Thing\n" + text["migrations/versions/a.py"]
    )
    assert not results_of(text, "MIG051")
    assert results_of(text | {"library/models.py": "class Thing: pass\n"}, "MIG051")
