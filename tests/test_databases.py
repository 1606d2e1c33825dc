"""What Alembic, PostgreSQL and SQLite do with the migrations that the rules report; run by hand.

`pip install alembic psycopg2-binary "psycopg[binary]" pytest` in an environment of its own and
PostgreSQL's server (Debian: `postgresql`), then
`python -m pytest -m slow --noconftest -o addopts= tests/test_databases.py`.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

pytestmark = pytest.mark.slow
sqlalchemy = pytest.importorskip("sqlalchemy")
pytest.importorskip("alembic")
ENVIRONMENT = """
import os
from alembic import context
from sqlalchemy import create_engine

context.config.set_main_option("sqlalchemy.url", os.environ["URL"])
with create_engine(context.config.get_main_option("sqlalchemy.url")).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
REVISION = """
from alembic import op
import sqlalchemy as sa

revision = "{0}"
down_revision = {1!r}


def upgrade():
    {2}


def downgrade():
    pass
"""
USERS = """op.create_table(
        "users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("age", sa.Integer))"""
ROW = f'{USERS}\n    op.execute("INSERT INTO users (id) VALUES (1)")'
REQUIRED = 'op.add_column("users", sa.Column("name", sa.Text, nullable=False{0}))'
BATCH = 'with op.batch_alter_table("users") as batch:\n        batch.'
INDEX = 'op.create_index("by_age", "users", ["age"], postgresql_concurrently=True)'
STATE = 'sa.Enum("new", "old", name="state")'
ADDED = f'op.add_column("users", sa.Column("state", {STATE}))'
REQUIRE = 'op.alter_column("users", "age", nullable=False)'
TYPE = "op.execute(\"CREATE TYPE state AS ENUM ('a')\")"
VALUE = "op.execute(\"ALTER TYPE state ADD VALUE 'b'\")"
USES = "op.execute(\"SELECT 'b'::state\")"
WORDS = 'op.create_table("words", sa.Column("size", sa.Text))'
RETYPE = 'op.alter_column("words", "size", existing_type=sa.Text(), type_=sa.Integer(){0})'
NAMELESS = (
    'with op.batch_alter_table("users") as batch:\n        batch.create_unique_constraint({0})'
)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server of its own on a loopback port, without its database."""
    found = shutil.which("pg_ctl") or next(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), None)
    if found is None:
        pytest.skip("PostgreSQL is not installed")
    tools = Path(found).resolve().parent
    user = "postgres" if os.getuid() == 0 else None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        if user:
            shutil.chown(folder, user)
        data = Path(folder, "data")

        def run(*words: object) -> None:
            command = [str(word) for word in words]
            subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)

        run(tools / "initdb", "-D", data, "-U", "shop", "-A", "trust")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -F"
        run(tools / "pg_ctl", "-D", data, "-w", "-o", options, "-l", Path(folder, "log"), "start")
        try:
            yield f"postgresql+psycopg2://shop@127.0.0.1:{port}"
        finally:
            run(tools / "pg_ctl", "-D", data, "-m", "immediate", "stop")


@pytest.fixture
def postgresql(server: str) -> str:
    """The address of a new, empty database."""
    name = f"shop_{uuid4().hex}"
    engine = sqlalchemy.create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"{server}/{name}"


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/shop.db"


def upgraded(folder: Path, url: str, *steps: str, after: tuple[str | None, ...] = ()) -> str:
    """What `alembic upgrade head` says at its end; "" where it succeeds."""
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True, exist_ok=True)
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = migrations\n")
    (folder / "migrations" / "env.py").write_text(ENVIRONMENT)
    parents = after or (None, *(f"r{number}" for number in range(len(steps) - 1)))
    for number, (step, parent) in enumerate(zip(steps, parents, strict=True)):
        (versions / f"r{number}.py").write_text(REVISION.format(f"r{number}", parent, step))
    ran = subprocess.run(
        [sys.executable, "-m", "alembic", "upgrade", "head"],
        cwd=folder,
        env={**os.environ, "URL": url, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    return ran.stdout + ran.stderr if ran.returncode else ""


@pytest.mark.parametrize(
    ("code", "steps", "fault"),
    [
        ("MIG020", (ROW, REQUIRED.format("")), "contains null values"),
        ("MIG020", (ROW, REQUIRED.format(', default="x"')), "contains null values"),
        ("MIG020", (ROW, REQUIRED.format(', server_default="x"')), ""),
        ("MIG020", (USERS, REQUIRED.format("")), ""),
        ("MIG022", (USERS, INDEX), "cannot run inside a transaction block"),
        ("MIG022", (f"with op.get_context().autocommit_block():\n        {INDEX}",), "not exist"),
        ("MIG022", (USERS, f"with op.get_context().autocommit_block():\n        {INDEX}"), ""),
        ("MIG023", (USERS, ADDED), 'type "state" does not exist'),
        ("MIG023", (USERS, f"{STATE}.create(op.get_bind())\n    {ADDED}"), ""),
        ("MIG023", (USERS, f'op.create_table("a", sa.Column("b", {STATE}))', ADDED), ""),
        ("MIG025", (USERS, 'op.drop_constraint(None, "users", type_="unique")'), "has no name"),
        ("MIG021", (ROW, REQUIRE), "contains null values"),
        ("MIG021", (ROW, f'op.execute("UPDATE users SET age = 1")\n    {REQUIRE}'), ""),
        ("MIG024", (TYPE, VALUE, USES), "unsafe use of new value"),
        ("MIG024", (TYPE, f"{VALUE}\n    {USES}"), "unsafe use of new value"),
        ("MIG024", (TYPE, f"with op.get_context().autocommit_block():\n        {VALUE}", USES), ""),
        ("MIG027", (WORDS, RETYPE.format("")), "cannot be cast automatically"),
        ("MIG027", (WORDS, RETYPE.format(', postgresql_using="size::integer"')), ""),
        ("MIG028", (USERS, 'op.get_bind().execute("SELECT 1")'), "Not an executable object"),
        ("MIG028", (USERS, 'op.execute("SELECT 1")'), ""),
    ],
)
def test_postgresql(
    code: str, steps: tuple[str, ...], fault: str, postgresql: str, tmp_path: Path
) -> None:
    said = upgraded(tmp_path, postgresql, *steps)
    assert bool(said) == bool(fault), said
    assert fault in said


@pytest.mark.parametrize(
    ("code", "steps", "fault"),
    [
        ("MIG020", (ROW, REQUIRED.format("")), "Cannot add a NOT NULL column"),
        (
            "MIG020",
            (ROW, BATCH + 'add_column(sa.Column("name", sa.Text, nullable=False))'),
            "Cannot add a NOT NULL column",
        ),
        ("MIG020", (ROW, REQUIRED.format(', server_default="x"')), ""),
        (
            "MIG025",
            (USERS, BATCH + 'create_unique_constraint(None, ["age"])'),
            "Constraint must have a name",
        ),
        ("MIG025", (USERS, BATCH + 'create_unique_constraint("one_age", ["age"])'), ""),
        ("MIG026", (USERS, 'op.alter_column("users", "age", type_=sa.Text)'), "syntax error"),
        (
            "MIG026",
            (USERS, 'op.create_unique_constraint("one_age", "users", ["age"])'),
            "No support for ALTER of constraints",
        ),
        (
            "MIG026",
            (USERS, 'op.add_column("users", sa.Column("b", sa.Integer, unique=True))'),
            "No support for ALTER of constraints",
        ),
        ("MIG026", (USERS, BATCH + 'alter_column("age", type_=sa.Text)'), ""),
        ("MIG026", (USERS, 'op.alter_column("users", "age", new_column_name="b")'), ""),
    ],
)
def test_sqlite(code: str, steps: tuple[str, ...], fault: str, sqlite: str, tmp_path: Path) -> None:
    said = upgraded(tmp_path, sqlite, *steps)
    assert bool(said) == bool(fault), said
    assert fault in said


@pytest.mark.parametrize(("driver", "works"), [("psycopg2", True), ("psycopg", False)])
def test_commit_ends_no_transaction_of_psycopg_3(
    driver: str, works: bool, postgresql: str, tmp_path: Path
) -> None:
    """MIG022."""
    pytest.importorskip(driver)
    build = f'op.execute("COMMIT")\n    {INDEX}'
    said = upgraded(tmp_path, postgresql.replace("psycopg2", driver), USERS, build)
    assert ("cannot run inside a transaction block" in said) is not works, said


def test_a_long_id_cannot_be_written_down(postgresql: str, tmp_path: Path) -> None:
    """MIG003."""
    (tmp_path / "migrations" / "versions").mkdir(parents=True)
    long = REVISION.format("a" * 33, "r0", "pass")
    (tmp_path / "migrations" / "versions" / "long.py").write_text(long)
    assert "value too long for type character varying(32)" in upgraded(tmp_path, postgresql, USERS)


def test_tables_that_exist_already_stop_the_migration(sqlite: str, tmp_path: Path) -> None:
    """MIG015 and MIG050: whatever created them before."""
    with connected(sqlite) as before:
        execute(before, "CREATE TABLE users (id int)")
    assert "already exists" in upgraded(tmp_path, sqlite, USERS)


def test_what_was_committed_stays_when_the_rest_fails(postgresql: str, tmp_path: Path) -> None:
    """MIG052: the second attempt stops at what the first one left."""
    body = 'op.execute("COMMIT")\n    op.execute("SELECT gone")'
    assert 'column "gone" does not exist' in upgraded(tmp_path, postgresql, f"{USERS}\n    {body}")
    said = upgraded(tmp_path, postgresql, f"{USERS}\n    {body}")
    assert 'relation "users" already exists' in said


@pytest.mark.parametrize(
    ("code", "change", "writes", "reads"),
    [
        ("MIG041", "ADD CHECK (age > 0)", False, False),
        ("MIG041", "ADD CONSTRAINT c CHECK (age > 0) NOT VALID", False, False),
        ("MIG041", "ADD FOREIGN KEY (age) REFERENCES ages (id)", False, True),
        ("MIG041", "ADD UNIQUE (age)", False, False),
        ("MIG042", "ALTER COLUMN age TYPE bigint", False, False),
    ],
)
def test_who_waits_for_an_alteration(
    code: str, change: str, writes: bool, reads: bool, postgresql: str
) -> None:
    """While its transaction is open; how long that is depends on whether rows are read."""
    with connected(postgresql) as alters, connected(postgresql) as serves:
        execute(serves, "CREATE TABLE users (id int, age int)")
        execute(serves, "CREATE TABLE ages (id int PRIMARY KEY)")
        execute(serves, "SET lock_timeout = '200ms'")
        for statement in ("BEGIN", f"ALTER TABLE users {change}"):
            execute(alters, statement)
        assert waited_for(serves, "INSERT INTO users VALUES (1, NULL)") is writes
        assert waited_for(serves, "SELECT age FROM users") is reads


@pytest.mark.parametrize(
    ("change", "rewritten"),
    [
        ("ALTER TABLE users ALTER COLUMN age TYPE bigint", True),
        ("ALTER TABLE users ALTER COLUMN name TYPE varchar(50)", True),
        ("ALTER TABLE users ALTER COLUMN name TYPE varchar(200)", False),
        ("ALTER TABLE users ALTER COLUMN name TYPE text", False),
        ("ALTER TABLE users ADD COLUMN key uuid DEFAULT gen_random_uuid()", True),
        ("ALTER TABLE users ADD COLUMN made timestamp DEFAULT now()", False),
        ("ALTER TABLE users ALTER COLUMN text TYPE json USING text::json", True),
    ],
)
def test_which_changes_write_the_table_anew(change: str, rewritten: bool, postgresql: str) -> None:
    """MIG042: the file of a table that is rewritten is another one."""
    where = sqlalchemy.text("SELECT pg_relation_filenode('users')")
    with connected(postgresql) as one:
        execute(one, "CREATE TABLE users (id int, age int, name varchar(100), text text)")
        execute(one, "INSERT INTO users VALUES (1, 1, 'a', '1')")
        before = one.execute(where).scalar()
        execute(one, change)
        assert (one.execute(where).scalar() != before) is rewritten


def test_an_update_behind_an_alteration_stops_readers(postgresql: str) -> None:
    """MIG043."""
    with connected(postgresql) as writes, connected(postgresql) as serves:
        execute(serves, "CREATE TABLE users (id int, age int)")
        execute(serves, "SET lock_timeout = '200ms'")
        for statement in ("BEGIN", "UPDATE users SET age = 1"):
            execute(writes, statement)
        assert waited_for(serves, "SELECT age FROM users")
        for statement in ("COMMIT", "BEGIN", "ALTER TABLE users ADD COLUMN b int"):
            execute(writes, statement)
        execute(writes, "UPDATE users SET b = 1")
        assert not waited_for(serves, "SELECT age FROM users")


def test_everybody_waits_behind_one_that_waits(postgresql: str) -> None:
    """MIG012: with `lock_timeout` the alteration gives up and readers go on."""
    with connected(postgresql) as idle, connected(postgresql) as alters:
        execute(idle, "CREATE TABLE users (id int)")
        execute(idle, "BEGIN")
        execute(idle, "SELECT id FROM users")
        with ThreadPoolExecutor(1) as pool, connected(postgresql) as serves:
            waiting = pool.submit(execute, alters, "ALTER TABLE users ADD COLUMN b int")
            execute(serves, "SET lock_timeout = '500ms'")
            while not waiting.running():
                pass
            assert not all(waited_for(serves, "SELECT id FROM users") for _ in range(20))
            execute(idle, "COMMIT")
            waiting.result(timeout=20)
        execute(idle, "BEGIN")
        execute(idle, "SELECT id FROM users")
        execute(alters, "SET lock_timeout = '200ms'")
        assert not waited_for(alters, "ALTER TABLE users ADD COLUMN c int")
        assert waited_for(alters, "SELECT id FROM users")


def test_several_heads_stop_every_upgrade(sqlite: str, tmp_path: Path) -> None:
    """MIG001."""
    said = upgraded(tmp_path, sqlite, USERS, "pass", "pass", after=(None, "r0", "r0"))
    assert "Multiple head revisions are present" in said


def test_a_missing_revision_stops_every_upgrade(sqlite: str, tmp_path: Path) -> None:
    """MIG002."""
    assert "KeyError: 'gone'" in upgraded(tmp_path, sqlite, USERS, after=("gone",))


def test_a_percent_sign_in_the_address_is_an_interpolation(tmp_path: Path) -> None:
    """MIG010."""
    said = upgraded(tmp_path, "postgresql://shop:a%40b@db/shop", USERS)
    assert "invalid interpolation syntax" in said


def test_models_are_newer_than_the_migration_that_reads_them(sqlite: str, tmp_path: Path) -> None:
    """MIG051: a column that a later migration adds is selected before it exists."""
    (tmp_path / "models.py").write_text(
        "from sqlalchemy import Integer\n"
        "from sqlalchemy.orm import DeclarativeBase, mapped_column\n\n\n"
        "class Base(DeclarativeBase):\n    pass\n\n\n"
        'class User(Base):\n    __tablename__ = "users"\n'
        "    id = mapped_column(Integer, primary_key=True)\n    later = mapped_column(Integer)\n"
    )
    reads = "import models\n    op.get_bind().execute(sa.select(models.User)).all()"
    adds = 'op.add_column("users", sa.Column("later", sa.Integer))'
    assert "no such column: users.later" in upgraded(tmp_path, sqlite, USERS, reads, adds)


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("MIG030", "ALTER TABLE users DROP COLUMN age"),
        ("MIG031", "ALTER TABLE users RENAME COLUMN age TO years"),
        ("MIG031", "ALTER TABLE users RENAME TO people"),
    ],
)
def test_code_of_the_release_before_fails_at_once(code: str, change: str, postgresql: str) -> None:
    with connected(postgresql) as old, connected(postgresql) as new:
        execute(new, "CREATE TABLE users (id int, age int)")
        execute(old, "SELECT id, age FROM users")
        execute(new, change)
        with pytest.raises(sqlalchemy.exc.ProgrammingError, match="does not exist"):
            execute(old, "SELECT id, age FROM users")


@pytest.mark.parametrize(
    ("before", "reads"),
    [
        ("SELECT 1", True),
        ("ALTER TABLE users ADD COLUMN b int", False),
        ("DROP INDEX old", False),
    ],
)
def test_an_index_makes_writers_wait(before: str, reads: bool, postgresql: str) -> None:
    """MIG040: readers too, once the same transaction has altered the table."""
    with connected(postgresql) as builds, connected(postgresql) as serves:
        execute(serves, "CREATE TABLE users (id int, age int)")
        execute(serves, "CREATE INDEX old ON users (id)")
        execute(serves, "SET lock_timeout = '200ms'")
        for statement in ("BEGIN", before, "CREATE INDEX by_age ON users (age)"):
            execute(builds, statement)
        assert not waited_for(serves, "INSERT INTO users VALUES (1, 1)")
        assert waited_for(serves, "SELECT age FROM users") is reads


def test_a_concurrent_index_lets_writers_through(postgresql: str) -> None:
    """MIG040: the build waits for a transaction that is open, and nobody waits for the build."""
    build = "CREATE INDEX CONCURRENTLY by_age ON users (age)"
    with connected(postgresql) as holds, connected(postgresql) as builds:
        execute(holds, "CREATE TABLE users (id int, age int)")
        execute(holds, "BEGIN")
        execute(holds, "INSERT INTO users VALUES (1, 1)")
        with ThreadPoolExecutor(1) as pool, connected(postgresql) as serves:
            running = pool.submit(execute, builds, build)
            execute(serves, "SET lock_timeout = '2s'")
            assert waited_for(serves, "INSERT INTO users VALUES (2, 2)")
            assert not running.done()
            execute(holds, "COMMIT")
            running.result(timeout=20)


def connected(url: str) -> Any:
    """A connection that begins no transaction by itself."""
    engine = sqlalchemy.create_engine(
        url, isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.pool.NullPool
    )
    return engine.connect()


def execute(connection: Any, statement: str) -> None:
    connection.execute(sqlalchemy.text(statement))


def waited_for(connection: Any, statement: str) -> bool:
    """Whether the statement gets its lock before `lock_timeout`."""
    try:
        execute(connection, statement)
    except sqlalchemy.exc.OperationalError as fault:
        if "lock timeout" not in str(fault):
            raise
        return False
    return True
