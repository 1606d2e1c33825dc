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
    """A column as it is added, or as it was.

    `type` is the class of its type, `size` the number that it is given, `enum` the name of its type
    in the database, None if unknown. `server_default` is the expression as written, "" for none.
    `filled`: the database itself gives it a value (serial keys, Identity, Computed). `constrained`:
    it is unique or a foreign key.
    """

    name: str | None
    type: str
    enum: str | None
    native: bool
    nullable: bool
    server_default: str
    default: bool
    filled: bool
    size: int | None = None
    constrained: bool = False


class Step(NamedTuple):
    """What one statement, or one action of it, does; as in `migration_operations.Operation`.

    Besides Alembic's own names: `truncate`, `delete` and `update` (`where`: of some rows alone),
    `insert`, `create_type` and `add_value` (of the type `table`).
    """

    name: str
    table: str | None
    subject: str | None = ""
    given: tuple[tuple[str, Any], ...] = ()
    column: Column | None = None


_NAME = r"((?:[\w$.\x00-]|\"[^\"]*\"|`[^`]*`)+)"
_COMMENT = expression(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_QUOTED = expression(r"\$(\w*)\$.*?\$\1\$", re.DOTALL)
_DO = expression(r"(?i)\bdo\s+\$(\w*)\$(.*?)\$\1\$", re.DOTALL)
_CONTROL = expression(
    r"(?i)\A(?:(?:declare .*?)?begin (?!(?:transaction|work)\b)|if .*? then |else |loop "
    r"|exception when .*? then |end(?: if| loop)?\Z)+"
)
_NOISE = expression(r"(?i)\b(?:if (?:not )?exists|only) ")
_ALTER = expression(rf"(?i)alter table {_NAME} (.+)")
_CREATE = expression(
    rf"(?i)create (?:(?:global|local|temp|temporary|unlogged|foreign) )*table {_NAME}"
)
_DROP = expression(r"(?i)drop table (.+?)(?: (?:cascade|restrict))?\Z")
_TRUNCATE = expression(
    r"(?i)truncate (?:table )?(.+?)(?: (?:(?:restart|continue) identity|cascade|restrict))*\Z"
)
_WRITE = expression(rf"(?i)(?:(delete|insert) (?:from|into)|(update)) {_NAME}")
_WHERE = expression(r"(?i)\bwhere\b")
_INDEX = expression(rf"(?i)create (?:unique )?index (concurrently )?(?:(?!on ){_NAME} )?on {_NAME}")
_DROP_INDEX = expression(rf"(?i)drop index (concurrently )?{_NAME}")
_TYPE = expression(rf"(?i)create type {_NAME}")
_VALUE = expression(rf"(?i)alter type {_NAME} add value '([^']*)'")
_SET_NOT_NULL = expression(rf"(?i)alter (?:column )?{_NAME} set not null\Z")
_CONSTRAINT = expression(
    r"(?i)add (?:constraint (\S+) )?(foreign key|check|unique|primary key|exclude)\b(.*)"
)
_CONSTRAINTS = {
    "foreign key": "create_foreign_key",
    "check": "create_check_constraint",
    "unique": "create_unique_constraint",
    "primary key": "create_primary_key",
    "exclude": "create_exclude_constraint",
}
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
    """The statements of a text, without comments and the bodies of functions.

    What a `DO` block runs counts as if it stood alone.
    """
    text = _DO.sub(r"\2", _COMMENT.sub(" ", text[:200_000]))
    for one in _QUOTED.sub("$$", text).split(";"):
        said = _CONTROL.sub("", " ".join(one.split()))
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
    elif found := _WRITE.match(text):
        where = (("where", True),) if _WHERE.search(text) else ()
        yield Step((found[1] or found[2]).lower(), _name(found[3]), "", where)
    elif found := _INDEX.match(text):
        yield Step("create_index", _name(found[3]), _name(found[2] or ""), _concurrently(found))
    elif found := _DROP_INDEX.match(text):
        yield Step("drop_index", "", _name(found[2]), _concurrently(found))
    elif found := _TYPE.match(text):
        made = _name(found[1])
        yield Step("create_type", "", made and made.rpartition(".")[2].lower())
    elif found := _VALUE.match(text):
        yield Step("add_value", _name(found[1]), found[2])


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
    elif found := _SET_NOT_NULL.match(text):
        yield Step("alter_column", table, _name(found[1]), (("nullable", False),))
    elif found := _CONSTRAINT.match(text):
        rest = found[3].lower()
        flags = {
            "postgresql_not_valid": rest.endswith(" not valid"),
            "using_index": "using index" in rest,
        }
        name = _CONSTRAINTS[found[2].lower()]
        yield Step(name, table, _name(found[1] or ""), tuple(flags.items()))


def _column(name: str | None, text: str) -> Column:
    """A column with what stands behind its name; nothing is said of one that is not all known."""
    text = text[:_MAX_DEFINITION].lower()
    while (inner := _INNER.sub(" ", text)) != text:
        text = inner
    needed = HOLE not in text and re.search(r"\bnot null\b|\bprimary key\b", text) is not None
    default = re.search(r"\bdefault\b(?! null)(.*)", text)
    filled = re.search(r"\bgenerated\b|\bidentity\b|serial\b|auto_?increment", text) is not None
    given = default[1].strip() or "?" if default else ""
    return Column(name, "", "", True, not needed, given, False, filled)


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
