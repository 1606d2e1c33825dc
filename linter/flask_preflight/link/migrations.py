"""The histories of migrations, out of what their files bind and do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from flask_preflight.artifacts.migration_operations import (
    Downgrade,
    ModelUse,
    Operation,
    UrlSetting,
)
from flask_preflight.artifacts.migrations import (
    Edit,
    History,
    Made,
    Migration,
    OwnUrl,
    Revision,
)
from flask_preflight.artifacts.requirements import Requirement
from flask_preflight.artifacts.source import Class, Constant, Guard, ModuleFact, SchemaChange, Value
from flask_preflight.facts import Deployment
from flask_preflight.lazy import expression
from flask_preflight.link.evidence import stops_first
from flask_preflight.result import Location, Region
from flask_preflight.run import File, Tree

if TYPE_CHECKING:
    from flask_preflight.changes import Change, Hunk

_FIELDS = frozenset("revision down_revision depends_on branch_labels".split())
_ELSEWHERE = expression(r"^[ \t]*(?:version_locations|recursive_version_locations)[ \t]*=", re.M)
_DOWNGRADES = expression(r"\b(?:db|alembic)[\"',\s]+downgrade\b")
_HEADS = expression(r"\bupgrade[\"',\s]+heads\b")
_OPERATIONS = frozenset(("script", "ci", "dockerfile", "compose", "kubernetes", "wsgi"))


def link(tree: Tree, deployment: Deployment) -> None:
    """Put the revisions of each directory that has an `env.py` beside `versions` together."""
    files: dict[str, dict[str, File]] = {}
    paths = {file.path for file in tree.files}
    for file in tree.of("migration"):
        folder, _, name = file.path.rpartition("/")
        directory = folder.rpartition("/")[0]
        if not name.startswith(("__init__", ".#")) and f"{directory}/env.py" in paths:
            files.setdefault(directory, {})[file.path] = file
    if not files:
        return
    bound = _bound(deployment, {path for found in files.values() for path in found})
    broken = {one.path for one in deployment[ModuleFact] if not one.is_whole}
    read = {one.path for one in deployment[ModuleFact]}
    heads = _names_heads(tree)
    back = _takes_back(tree)
    for directory, found in sorted(files.items()):
        made = [_revision(path, bound.get(path, {})) for path in found]
        revisions = [one for one in made if one is not None]
        history = History(directory, next(iter(found.values())).role, revisions)
        unread = broken.intersection(found) or not read.issuperset(found)
        history.is_open = bool(unread) or len(revisions) < len(found) or _more(tree, directory)
        history.names_heads = heads
        history.takes_back = back
        _settings(tree, deployment, history)
        env = history.at().path
        history.urls = [one for one in deployment[UrlSetting] if one.path == env]
        history.creates_all = [
            one.location
            for one in deployment[SchemaChange]
            if one.path == env and one.what == "create_all" and _runs(one.guard)
        ]
        deployment.add(history)
        _migrations(tree, deployment, history)
        history.mapped = _mapped(tree, deployment, history)
        history.edited = list(_edits(tree, history))
        old = len(history.by_id) - len(history.new)
        if old:
            tree.unresolved(history.at(), f"{old} older migrations of {directory} are not judged")
    _locks(deployment)
    since = tree.settings.get("migrations.since", "")
    if since and not any(since in one.by_id for one in deployment[History]):
        first = deployment[History][0]
        reason = f"migrations.since names {since}, which no revision is called"
        tree.unresolved(first.at(), reason)


def _runs(guard: Guard) -> bool:
    """Whether an upgrade comes by: scripts for offline use and tests do not count."""
    return guard.counts and not guard.branch and "offline" not in guard.function


def _settings(tree: Tree, deployment: Deployment, history: History) -> None:
    history.products = _products(tree, deployment, history.directory)
    text = tree.text(f"{history.directory}/env.py") or ""
    history.autocommits = _AUTOCOMMIT.search(text) is not None
    history.each_commits = _EACH.search(text) is not None
    history.long_ids = "version_table_impl" in text or "version_num" in text
    history.limits_waiting = "lock_timeout" in text or _limits_waiting(tree, deployment)
    required = {one.name for one in deployment[Requirement] if not one.for_development}
    history.holds_transaction = bool(required & _PSYCOPG_3) and not required & _PSYCOPG_2
    libraries = [r for r in deployment[Requirement] if r.name == "sqlalchemy" and r.version]
    history.refuses_texts = bool(libraries) and all(r.version[:2] == "2." for r in libraries)
    history.application_reads_url = any(
        given.value.kind == "env" and not given.value.text
        for application in deployment.applications
        for given in application.production("SQLALCHEMY_DATABASE_URI")
    )
    if _FROM_INI.search(text) and not _SETS_URL.search(text):
        history.own_url = _own_url(tree, history.directory)
    history.small = tuple(tree.settings.get("migrations.small-tables", ()))
    entries = [one for one in deployment.entries if one.application is not None]
    served = [one for one in entries if one.kind == "server" and one.role == "production"]
    # Only one machine holds a SQLite file, so that no two versions of the code meet on it.
    history.stops_first = history.products == {"sqlite"} or (
        bool(served) and all(map(stops_first, served))
    )


def _migrations(tree: Tree, deployment: Deployment, history: History) -> None:
    """What each revision does, and what those before it have made."""
    done: dict[str, list[Operation]] = {}
    for one in deployment[Operation]:
        done.setdefault(one.path, []).append(one)
    uses: dict[str, list[ModelUse]] = {}
    for use in deployment[ModelUse]:
        if _is_own(tree, use.target):
            uses.setdefault(use.path, []).append(use)
    back = {one.path: one for one in deployment[Downgrade]}
    if not history.is_open:
        history.new, history.is_told = _new(tree, history)
    new = history.new
    made = {one.id: _types(done.get(one.location.path, ())) for one in history.by_id.values()}
    for revision in history.by_id.values():
        path = revision.location.path
        ours, mine = tuple(done.get(path, ())), tuple(uses.get(path, ()))
        if not ours and not mine:
            continue
        migration = Migration(history, revision, ours, mine, revision.id in new)
        before = [one.id for one in history.before(revision)] if _asks(ours, migration) else []
        migration.earlier = tuple(
            tuple(done.get(history.by_id[id].location.path, ())) for id in before if id in new
        )
        migration.downgrade = back.get(path)
        types = [made[id] for id in before]
        known = None if any(one is None for one in types) else types
        migration.known_types = (
            frozenset().union(*(one or () for one in types)) if known is not None else None
        )
        history.migrations.append(migration)
        deployment.add(migration)


def _new(tree: Tree, history: History) -> tuple[frozenset[str], bool]:
    """The revisions that may not have run yet, and whether anybody says so.

    Those that a diff adds; else those among the files asked about, unless so many others follow
    that they are history; else those since the one that the project names; else the newest.
    """
    ids = {one.location.path: one.id for one in history.by_id.values()}
    changed: Mapping[str, Change] | None = tree.settings.get("changed")
    if changed is not None:
        return frozenset(
            ids[path] for path in ids if path in changed and changed[path].is_new
        ), True
    only: tuple[str, ...] = tree.settings.get("only", ())
    named = frozenset(ids[path] for path in only if path in ids)
    if named:
        return named & _latest(history), True
    start = history.by_id.get(tree.settings.get("migrations.since", ""))
    if start is not None:
        old = {start.id, *(one.id for one in history.before(start))}
        return frozenset(history.by_id.keys() - old), True
    return frozenset(one.id for one in history.heads), False


def _edits(tree: Tree, history: History) -> Iterator[Edit]:
    """What a diff does to revisions that were there before it."""
    changed: Mapping[str, Change] = tree.settings.get("changed") or {}
    for path, change in changed.items():
        if not path.startswith(f"{history.directory}/versions/") or change.is_new:
            continue
        if change.is_deleted:
            text = "\n".join(line for hunk in change.hunks for line in hunk.removed)
            found = _ID.search(text)
            if found is not None and found[1] not in history.by_id:
                yield Edit(found[1], True, Location(path))
            continue
        text = tree.text(path) or ""
        first, last = _upgrade(text)
        for hunk in change.hunks:
            if first <= hunk.end and hunk.start <= last and _means_another(hunk):
                end = len(text.split("\n")[hunk.start - 1]) + 1
                region = Region(hunk.start, 1, hunk.start, end)
                yield Edit(path.rpartition("/")[2], False, Location(path, region))
                break


_ID = expression(r"^revision\b[^=\n]*=\s*[\"']([^\"'\n]+)", re.M)
_UPGRADE = expression(r"^def upgrade\b.*?(?=^\S|\Z)", re.M | re.S)
_NO_CODE = expression(r"#.*|[\s\"',]")


def _upgrade(text: str) -> tuple[int, int]:
    """The lines of `upgrade`; none where there is no such function."""
    found = _UPGRADE.search(text)
    if found is None:
        return (1, 0)
    first = text.count("\n", 0, found.start()) + 1
    return first, first + found[0].rstrip().count("\n")


def _means_another(hunk: Hunk) -> bool:
    """Whether more than comments, quotes and the layout of the lines changes."""
    before, after = (_NO_CODE.sub("", "\n".join(s)) for s in (hunk.removed, hunk.added))
    return before != after


_RECENT = 10
"""Hardly any application adds more revisions between two deployments (measured over 13)."""


def _latest(history: History) -> frozenset[str]:
    """The revisions that fewer than `_RECENT` others lie between and a newest one."""
    found = frozenset(one.id for one in history.heads)
    edge = found
    for _ in range(_RECENT - 1):
        known = (history.by_id[id] for id in edge if id in history.by_id)
        edge = frozenset(name for one in known for name in one.down) - found
        found |= edge
    return found


def _types(operations: Iterable[Operation]) -> frozenset[str] | None:
    """The types that a revision creates; None where it may create any."""
    types: set[str] = set()
    unknown = False
    for one in operations:
        if one.direction != "upgrade":
            continue
        types.update(one.types)
        if one.name == "create_type":
            unknown |= one.subject is None
            types.add(one.subject or "")
        elif one.name == "add_column" and one.column is not None:
            # Its own revision is told that nothing creates the type.
            types.add(one.column.enum or "")
        unknown |= one.name == "execute" and not one.sql
    return None if unknown else frozenset(types)


def _asks(operations: tuple[Operation, ...], migration: Migration) -> bool:
    """Whether what came before makes a difference to a rule."""
    return migration.is_new or any(one.column is not None and one.column.enum for one in operations)


def _is_own(tree: Tree, target: str) -> bool:
    """Whether a dotted name is of a module of the repository."""
    parts = target.split(".")
    for depth in range(len(parts), 0, -1):
        path = "/".join(parts[:depth])
        if tree.file(f"{path}.py") or tree.file(f"{path}/__init__.py"):
            return True
    return any(tree.file(f"{top}/{parts[0]}/__init__.py") for top in ("src", "web", "app"))


def _products(tree: Tree, deployment: Deployment, directory: str) -> frozenset[str]:
    """The databases that the application runs on, from the first source that tells."""
    urls = [_scheme(text) for text in _urls(tree, deployment, directory)]
    servers = {one for one in urls if one and one != "sqlite"}
    if servers:
        return frozenset(servers)
    images = {
        product
        for entry in deployment.entries
        if entry.kind == "datastore" and entry.role != "test"
        for word, product in _IMAGES.items()
        if word in (getattr(entry.part, "image", "") or "").lower()
    }
    if images:
        return frozenset(images)
    drivers = {
        product
        for one in deployment[Requirement]
        if not one.for_development
        for product, names in _DRIVERS.items()
        if one.name in names
    }
    if drivers:
        return frozenset(drivers)
    return frozenset(("sqlite",)) if "sqlite" in urls else frozenset()


def _urls(tree: Tree, deployment: Deployment, directory: str) -> Iterator[str]:
    for application in deployment.applications:
        for given in application.production("SQLALCHEMY_DATABASE_URI"):
            yield given.value.text
        for value in application.databases:
            yield value.text
    for entry in deployment.entries:
        if entry.role == "production":
            for variable in entry.environment.variables:
                if variable.name in ("DATABASE_URL", "SQLALCHEMY_DATABASE_URI", "DATABASE_URI"):
                    yield variable.value or variable.partial or ""
    for folder in dict.fromkeys((directory, directory.rpartition("/")[0], "")):
        found = _INI_URL.search(tree.text(f"{folder}/alembic.ini".lstrip("/")) or "")
        if found is not None:
            yield found[1]


def _scheme(url: str) -> str:
    found = _SCHEME.match(url)
    return _ALIASES.get(found[1], found[1]) if found is not None else ""


def _own_url(tree: Tree, directory: str) -> OwnUrl | None:
    for folder in dict.fromkeys((directory, directory.rpartition("/")[0], "")):
        path = f"{folder}/alembic.ini".lstrip("/")
        for number, line in enumerate((tree.text(path) or "").split("\n"), 1):
            found = re.match(r"sqlalchemy\.url\s*=\s*(\w[\w+]*)://", line)
            if found is not None and "%(" not in line:
                region = Region(number, 1, number, len(line.rstrip()) + 1)
                return OwnUrl(found[1] == "driver", Location(path, region))
    return None


_FROM_INI = expression(r"\bengine_from_config\(|get_main_option\(\s*[\"']sqlalchemy\.url")
_SETS_URL = expression(
    r"set_main_option|set_section_option|\battributes\b|create_engine|current_app|get_engine"
    r"|\[[\"']sqlalchemy\.url[\"']\]\s*=|\benviron\b|\bgetenv\b|x_argument"
)


def _limits_waiting(tree: Tree, deployment: Deployment) -> bool:
    """Whether what connects to the database says how long to wait for a lock."""
    given = (
        one.value or one.partial or ""
        for entry in deployment.entries
        for one in entry.environment.variables
    )
    engines = {
        one.location.path
        for application in deployment.applications
        for one in application.settings.get("SQLALCHEMY_ENGINE_OPTIONS", ())
    }
    texts = (tree.text(path) or "" for path in sorted(engines))
    return any("lock_timeout" in text for text in (*given, *texts))


_EACH = expression(r"transaction_per_migration\s*=\s*True")
_AUTOCOMMIT = expression(r"AUTOCOMMIT|transactional_ddl\s*=\s*False")
_INI_URL = expression(r"^sqlalchemy\.url\s*=\s*((?!driver:)\w\S*)", re.MULTILINE)
_SCHEME = expression(r"(postgres(?:ql)?|mysql|mariadb|sqlite|mssql|oracle)(?:\+\w+)?:")
_ALIASES = {"postgres": "postgresql", "mariadb": "mysql"}
_IMAGES = {
    "postgres": "postgresql",
    "postgis": "postgresql",
    "timescale": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
}
_PSYCOPG_2 = frozenset("psycopg2 psycopg2-binary psycopg2cffi".split())
_PSYCOPG_3 = frozenset(("psycopg", "psycopg-binary"))
_DRIVERS = {
    "postgresql": frozenset(
        "psycopg psycopg2 psycopg2-binary psycopg2cffi asyncpg pg8000 psycopg-binary".split()
    ),
    "mysql": frozenset(
        "mysqlclient pymysql mysql-connector-python mariadb asyncmy aiomysql".split()
    ),
    "mssql": frozenset(("pyodbc", "pymssql")),
    "oracle": frozenset(("oracledb", "cx-oracle")),
}


def _bound(deployment: Deployment, paths: set[str]) -> dict[str, dict[str, Constant]]:
    found: dict[str, dict[str, Constant]] = {}
    for one in deployment[Constant]:
        if one.name in _FIELDS and one.path in paths and not one.guard.scope:
            found.setdefault(one.path, {})[one.name] = one
    return found


def _revision(path: str, bound: dict[str, Constant]) -> Revision | None:
    """The revision of a file; None where a value is worked out when it is imported."""
    texts = {name: _texts(one.value) for name, one in bound.items()}
    if None in texts.values():
        return None
    own = texts.get("revision") or ()
    where = bound["revision"].location if "revision" in bound else Location(path)
    down = bound["down_revision"].location if "down_revision" in bound else where
    return Revision(
        own[0] if own else "",
        texts.get("down_revision") or (),
        texts.get("depends_on") or (),
        texts.get("branch_labels") or (),
        where,
        down,
    )


def _texts(value: Value) -> tuple[str, ...] | None:
    """The names in a value: a text, several of them or None."""
    found = value.literal
    if value.kind not in ("literal", "list"):
        return None
    if found is None:
        return ()
    items = found if isinstance(found, (list, tuple)) else (found,)
    plain = [one.literal if isinstance(one, Value) else one for one in items]
    return tuple(plain) if all(isinstance(one, str) for one in plain) else None


def _more(tree: Tree, directory: str) -> bool:
    """Whether the settings of Alembic name other places of revisions."""
    parts = directory.split("/")
    folders = ["/".join(parts[:depth]) for depth in range(len(parts) + 1)]
    texts = (tree.text(f"{one}/alembic.ini".lstrip("/")) for one in folders)
    return any(_ELSEWHERE.search(text) for text in texts if text)


def _locks(deployment: Deployment) -> None:
    """Tell those who run an application what its newest migration locks."""
    for entry in deployment.entries:
        if entry.application is None:
            continue
        own = entry.application.unit
        for history in deployment[History]:
            heads = {one.id for one in history.heads}
            newest = [one for one in history.migrations if one.revision.id in heads]
            if history.at().path in own and "postgresql" in history.products:
                tables = (one.locked(done) for one in newest for done in one.does("upgrade"))
                entry.locks = tuple(dict.fromkeys(filter(None, tables)))


def _mapped(tree: Tree, deployment: Deployment, history: History) -> frozenset[Made]:
    """What the models still have of the tables that new revisions take something away from."""
    env = history.at().path
    unit = next((one.unit for one in deployment.applications if env in one.unit), None)
    changed = {
        one.table
        for migration in history.migrations
        for one in (migration.does("upgrade") if migration.is_new else ())
        if one.name in _TAKES_AWAY
    }
    found: set[Made] = set()
    for model in deployment[Class] if unit and changed else ():
        values = {value.name: value.value for value in model.values}
        table = values["__tablename__"].literal if "__tablename__" in values else None
        # Revisions declare the tables of their own time.
        own = model.path in (unit or ()) and "/versions/" not in model.path
        if own and isinstance(table, str) and table in changed:
            text = (tree.text(model.path) or "").split("\n")
            names = (name for name, value in values.items() if _is_column(value, text))
            found.update((Made(table), *(Made(table, name) for name in names)))
    return frozenset(found)


_TAKES_AWAY = frozenset("drop_column drop_table alter_column rename_table".split())
_OTHER_NAME = expression(r"\w+\(\s*(?:[\"'\n]|name\b|\*|\Z)")


def _is_column(value: Value, lines: list[str]) -> bool:
    """Whether it is a column that is called like its attribute."""
    where = value.location.region
    if value.kind != "call" or where is None:
        return False
    if value.reference.rpartition(".")[2] not in ("Column", "mapped_column"):
        return False
    return _OTHER_NAME.search(lines[where.start_line - 1], where.start_column - 1) is None


def _takes_back(tree: Tree) -> Location | None:
    """Where something runs `downgrade`."""
    for one in tree.files:
        if not _OPERATIONS.intersection(one.kinds) or one.role == "test":
            continue
        for number, line in enumerate((tree.text(one.path) or "").split("\n"), 1):
            if _DOWNGRADES.search(line):
                return Location(one.path, Region(number, 1, number, len(line.rstrip()) + 1))
    return None


def _names_heads(tree: Tree) -> bool:
    texts = (tree.text(one.path) for one in tree.files if _OPERATIONS.intersection(one.kinds))
    return any(_HEADS.search(text) for text in texts if text)
