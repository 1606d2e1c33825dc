"""SQL statements of migrations, said in the words of Alembic's operations.

Source: https://www.postgresql.org/docs/current/sql-commands.html; MySQL and SQLite write what is
read here in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from flask_preflight.artifacts.source import HOLE
from flask_preflight.lazy import expression


class Column(NamedTuple):
    """A column as it is added. `enum` is the name of its type in the database, None if unknown."""

    name: str | None
    type: str
    enum: str | None
    native: bool
    nullable: bool
    server_default: bool
    default: bool
    filled: bool
    """The database itself gives it a value: serial keys, Identity, Computed."""


class Step(NamedTuple):
    """What one statement, or one action of it, does; as in `migration_operations.Operation`.

    Besides Alembic's own names: `truncate` and `delete` (of all rows), `create_type`.
    """

    name: str
    table: str | None
    subject: str | None = ""
    given: tuple[tuple[str, Any], ...] = ()
    column: Column | None = None


_NAME = r"((?:[\w$.\x00-]|\"[^\"]*\"|`[^`]*`)+)"
_COMMENT = expression(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_QUOTED = expression(r"\$(\w*)\$.*?\$\1\$", re.DOTALL)
_NOISE = expression(r"(?i)\b(?:if (?:not )?exists|only) ")
_ALTER = expression(rf"(?i)alter table {_NAME} (.+)")
_CREATE = expression(
    rf"(?i)create (?:(?:global|local|temp|temporary|unlogged|foreign) )*table {_NAME}"
)
_DROP = expression(r"(?i)drop table (.+?)(?: (?:cascade|restrict))?\Z")
_TRUNCATE = expression(
    r"(?i)truncate (?:table )?(.+?)(?: (?:(?:restart|continue) identity|cascade|restrict))*\Z"
)
_DELETE = expression(rf"(?i)delete from {_NAME}\Z")
_INDEX = expression(rf"(?i)create (?:unique )?index (concurrently )?(?:(?!on ){_NAME} )?on {_NAME}")
_DROP_INDEX = expression(rf"(?i)drop index (concurrently )?{_NAME}")
_TYPE = expression(rf"(?i)create type {_NAME}")
_NO_COLUMN = (
    r"(?!(?:column|constraint|primary|unique|foreign|check|index|key|exclude|fulltext|spatial"
    r"|partition|not|default|expression|identity|to|as)\b)"
)
_ADD = expression(rf"(?i)add (?:column |{_NO_COLUMN}){_NAME}(.*)")
_REMOVE = expression(rf"(?i)drop (?:column |{_NO_COLUMN}){_NAME}")
_RENAME = expression(rf"(?i)rename (?:to|as) {_NAME}")
_RENAME_COLUMN = expression(rf"(?i)rename (?:column |{_NO_COLUMN}){_NAME} to {_NAME}")
_NO_TABLE = expression(r"(?i)_(?:seq|pkey|idx)\Z")
"""PostgreSQL renames sequences and indexes with ALTER TABLE as well."""
_MAX_DEFINITION = 2_000
_INNER = expression(r"\([^()]*\)|'[^']*'")


def statements(text: str) -> Iterator[str]:
    """The statements of a text, without comments and the bodies of functions."""
    text = _QUOTED.sub("$$", _COMMENT.sub(" ", text[:200_000]))
    for one in text.split(";"):
        said = " ".join(one.split())
        if said:
            yield said


def steps(statement: str) -> Iterator[Step]:
    """What a statement of `statements` does to tables, indexes and types; nothing if unknown."""
    text = _NOISE.sub("", statement)
    if found := _ALTER.match(text):
        for action in _list(found[2]):
            yield from _action(_name(found[1]), action)
    elif found := _CREATE.match(text):
        yield Step("create_table", _name(found[1]))
    elif found := _DROP.match(text) or _TRUNCATE.match(text):
        name = "drop_table" if text[:1] in "dD" else "truncate"
        yield from (Step(name, _name(one)) for one in _list(found[1]))
    elif found := _DELETE.match(text):
        yield Step("delete", _name(found[1]))
    elif found := _INDEX.match(text):
        yield Step("create_index", _name(found[3]), _name(found[2] or ""), _concurrently(found))
    elif found := _DROP_INDEX.match(text):
        yield Step("drop_index", "", _name(found[2]), _concurrently(found))
    elif found := _TYPE.match(text):
        made = _name(found[1])
        yield Step("create_type", "", made and made.rpartition(".")[2].lower())


def _action(table: str | None, text: str) -> Iterator[Step]:
    """One action of ALTER TABLE."""
    if found := _ADD.match(text):
        name = _name(found[1])
        yield Step("add_column", table, name, (), _column(name, found[2]))
    elif found := _REMOVE.match(text):
        yield Step("drop_column", table, _name(found[1]))
    elif found := _RENAME.match(text):
        if table and not _NO_TABLE.search(table):
            yield Step("rename_table", table, _name(found[1]))
    elif found := _RENAME_COLUMN.match(text):
        given = (("new_column_name", _name(found[2])),)
        yield Step("alter_column", table, _name(found[1]), given)


def _column(name: str | None, text: str) -> Column:
    """A column with what stands behind its name; nothing is said of one that is not all known."""
    text = text[:_MAX_DEFINITION].lower()
    while (inner := _INNER.sub(" ", text)) != text:
        text = inner
    needed = HOLE not in text and re.search(r"\bnot null\b|\bprimary key\b", text) is not None
    default = re.search(r"\bdefault\b(?! null)", text) is not None
    filled = re.search(r"\bgenerated\b|\bidentity\b|serial\b|auto_?increment", text) is not None
    return Column(name, "", "", True, not needed, default, False, filled)


def _concurrently(found: re.Match[str]) -> tuple[tuple[str, Any], ...]:
    return (("postgresql_concurrently", True),) if found[1] else ()


def _name(text: str) -> str | None:
    """A name without quotes and the schema that all have; None where a part is not known."""
    name = re.sub(r"[\"`]", "", text.strip()).removeprefix("public.")
    return None if HOLE in name or " " in name else name


def _list(text: str) -> Iterator[str]:
    """The parts between the commas that stand in no brackets or quotes."""
    depth, quote, start = 0, "", 0
    for position, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign in "()":
            depth += 1 if sign == "(" else -1
        elif sign == "," and depth == 0:
            yield text[start:position].strip()
            start = position + 1
    yield text[start:].strip()
