"""Histories of migrations: the revisions of Alembic and how they follow each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flask_preflight.facts import plain_level
from flask_preflight.result import Level, Location
from flask_preflight.rule import Rule
from flask_preflight.run import Role


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


class History:
    """The revisions of one directory of migrations.

    `is_open`: there are or may be revisions that were not read, so that nothing is said about how
    they follow each other. `names_heads`: something runs `upgrade heads`, which takes several.

    Source: https://alembic.sqlalchemy.org/en/latest/branches.html
    """

    def __init__(self, directory: str, role: Role, revisions: Iterable[Revision]) -> None:
        self.directory = directory
        self.role: Role = role
        self.revisions = tuple(sorted(revisions, key=lambda one: one.location.path))
        self.is_open = False
        self.names_heads = False
        self.by_id = {one.id: one for one in reversed(self.revisions) if one.id}

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
