"""Histories of migrations: the revisions of Alembic, how they follow each other, what they do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple

from flask_preflight.artifacts.migration_operations import (
    Direction,
    Downgrade,
    ModelUse,
    Operation,
    UrlSetting,
)
from flask_preflight.facts import lower, plain_level
from flask_preflight.result import Level, Location
from flask_preflight.rule import Rule
from flask_preflight.run import Role

STRONG = frozenset(
    "add_column alter_column drop_column drop_table rename_table truncate create_index "
    "create_foreign_key create_check_constraint create_unique_constraint create_primary_key "
    "create_exclude_constraint drop_constraint".split()
)
"""Operations for which PostgreSQL stops at least those who write to the table."""
NEWEST = "judged because it is the newest, use --changed or migrations.since"


class Revision(NamedTuple):
    """One file of `versions`. `id` is empty where the file binds no `revision`.

    `down` are the revisions that it follows, `depends` others that must have run, `labels` the
    names of its branch.
    """

    id: str
    down: tuple[str, ...]
    depends: tuple[str, ...]
    labels: tuple[str, ...]
    location: Location
    down_location: Location


class Made(NamedTuple):
    """A table, or a column of it, that a migration makes or a model has."""

    table: str
    column: str = ""

    def __str__(self) -> str:
        return f"{self.table}.{self.column}" if self.column else self.table


class Edit(NamedTuple):
    """A revision that a diff changes; `is_deleted` where its file is gone."""

    name: str
    is_deleted: bool
    location: Location


class OwnUrl(NamedTuple):
    """An address in `alembic.ini`; `template` where it is the one that `alembic init` writes."""

    template: bool
    location: Location


class History:
    """The revisions of one directory of migrations.

    `is_open`: there are or may be revisions that were not read, so that nothing is said about how
    they follow each other. `names_heads`: something runs `upgrade heads`, which takes several.
    `products` are the databases that it is for: "postgresql", "mysql", "sqlite"; empty if unknown.
    `new` are the ids of those that may not have run yet; `is_told`: somebody says so, else they are
    only the newest. `small` are tables that may be locked.

    Source: https://alembic.sqlalchemy.org/en/latest/branches.html
    """

    def __init__(self, directory: str, role: Role, revisions: Iterable[Revision]) -> None:
        self.directory = directory
        self.role: Role = role
        self.revisions = tuple(sorted(revisions, key=lambda one: one.location.path))
        self.is_open = False
        self.names_heads = False
        self.by_id = {one.id: one for one in reversed(self.revisions) if one.id}
        self.products: frozenset[str] = frozenset()
        self.new: frozenset[str] = frozenset()
        self.is_told = False
        self.small: tuple[str, ...] = ()
        self.autocommits = False
        """Whether `env.py` runs them outside of a transaction."""
        self.holds_transaction = False
        """Whether the driver keeps its transaction whatever a statement says: psycopg 3 does."""
        self.migrations: list[Migration] = []
        """Those that do anything, in no order."""
        self.refuses_texts = False
        """Whether SQLAlchemy 2, which executes no plain text, is certainly installed."""
        self.own_url: OwnUrl | None = None
        """The address in `alembic.ini`, where `env.py` takes it from there alone."""
        self.application_reads_url = False
        """Whether the application takes its address from the environment."""
        self.creates_all: list[Location] = []
        """Where `env.py` creates the tables of all models."""
        self.urls: list[UrlSetting] = []
        """Where `env.py` sets the address of the database."""
        self.stops_first = False
        """Whether the application is stopped while they run."""
        self.each_commits = False
        """Whether every migration has a transaction of its own."""
        self.limits_waiting = False
        """Whether something says how long to wait for a lock."""
        self.long_ids = False
        """Whether the column for the id of the revision was made wider."""
        self.mapped: frozenset[Made] = frozenset()
        """What the models have today of the tables that new revisions take something away from."""
        self.edited: list[Edit] = []
        """What a diff changes in revisions that are already there."""
        self.takes_back: Location | None = None
        """What runs `downgrade`."""

    @property
    def heads(self) -> tuple[Revision, ...]:
        """Those that no other follows; what they depend on makes no difference."""
        followed = {name for one in self.revisions for name in one.down}
        return tuple(one for one in self.by_id.values() if one.id not in followed)

    def before(self, revision: Revision) -> Iterator[Revision]:
        """All that it follows, the nearest first."""
        seen, waiting = {revision.id}, [revision]
        while waiting:
            current, waiting = waiting, []
            for name in (name for one in current for name in one.down):
                found = self.by_id.get(name)
                if found is not None and name not in seen:
                    seen.add(name)
                    waiting.append(found)
                    yield found

    def at(self, *keys: str | int) -> Location:
        return Location(f"{self.directory}/env.py")

    def level(self, rule: Rule) -> Level | None:
        return plain_level(self.role, rule)


def made_by(one: Operation) -> Iterator[Made]:
    """What an operation leaves under a new name."""
    name = one.subject if one.name == "rename_table" else one.table
    if one.name in ("create_table", "rename_table") and name:
        yield Made(name)
    elif one.name == "add_column" and one.table and one.subject:
        yield Made(one.table, one.subject)
    elif one.name == "alter_column" and one.table and one.value("new_column_name"):
        yield Made(one.table, one.value("new_column_name"))


class Migration:
    """One revision with what it does. `earlier` is what new revisions before it do, nearest first.

    A migration that has run is history: nobody edits it. `is_new` says whether this one may not
    have run yet.
    """

    def __init__(
        self,
        history: History,
        revision: Revision,
        operations: tuple[Operation, ...],
        uses: tuple[ModelUse, ...],
        is_new: bool,
    ) -> None:
        self.history = history
        self.revision = revision
        self.operations = operations
        self.uses = uses
        self.is_new = is_new
        self.earlier: tuple[tuple[Operation, ...], ...] = ()
        self.downgrade: Downgrade | None = None
        self.known_types: frozenset[str] | None = frozenset()
        """Types that its ancestors create; None where they may create any."""

    @property
    def why(self) -> str:
        """What a lowered result is about: nobody said which revisions are new."""
        return "" if self.history.is_told else NEWEST

    def strength(self, level: Level) -> Level:
        """The level of a result about a new revision: lower where it is only known as newest."""
        return level if self.history.is_told else lower(level)

    def does(self, direction: Direction) -> Iterator[Operation]:
        """The operations of one direction, in their order."""
        return (one for one in self.operations if one.direction == direction)

    def existing(self, operation: Operation) -> bool:
        """Whether the table, and a column that it changes, are such as the database had before."""
        table = operation.table
        if not table or "\x00" in table:
            return False
        wanted = {Made(table)}
        if operation.name in ("drop_column", "alter_column"):
            wanted.add(Made(table, operation.subject or ""))
        here = {made for one in self.before(operation) for made in made_by(one)}
        return not wanted & (here | self._made_before)

    @cached_property
    def _made_before(self) -> frozenset[Made]:
        """What other new revisions before it make."""
        done = (one for each in self.earlier for one in each if one.direction == "upgrade")
        return frozenset(made for one in done for made in made_by(one))

    def is_small(self, table: str) -> bool:
        """Whether the project says that a table may be locked."""
        return any(fnmatchcase(table, pattern) for pattern in self.history.small)

    def still_mapped(self, gone: Made) -> bool:
        """Whether the models of today have what this revision takes away, and nobody adds again."""
        if gone not in self.history.mapped:
            return False
        others = (one for one in self.history.migrations if one.is_new and one is not self)
        done = (one for other in others for one in other.does("upgrade"))
        return not any(made == gone for one in done for made in made_by(one))

    def locked(self, operation: Operation) -> str:
        """The table that PostgreSQL locks against readers, or writers, for an operation.

        Empty if there is none, if the database did not have it before, or if it is small.
        """
        if operation.name == "create_index" and operation.value("postgresql_concurrently") is True:
            return ""
        table = operation.table or ""
        strong = operation.name in STRONG and operation.runs_on("postgresql")
        return table if strong and self.existing(operation) and not self.is_small(table) else ""

    def before(self, operation: Operation) -> Iterator[Operation]:
        """What the same direction does before an operation."""
        return takewhile(lambda one: one is not operation, self.does(operation.direction))

    def needs(self, product: str) -> bool | None:
        """Whether it is for this product alone; None where it is for others as well."""
        if product not in self.history.products:
            return False
        return True if len(self.history.products) == 1 else None

    def at(self, *keys: str | int) -> Location:
        return self.revision.location

    def level(self, rule: Rule) -> Level | None:
        return self.history.level(rule)
