"""What a migration does: its operations in their order, with everything they are given.

Source: https://alembic.sqlalchemy.org/en/latest/ops.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from flask_preflight.artifacts.migration_sql import Column, Step, statements, steps
from flask_preflight.artifacts.python_nodes import Source, arguments, children, string
from flask_preflight.artifacts.source import HOLE
from flask_preflight.lazy import expression
from flask_preflight.result import Location

Direction = Literal["upgrade", "downgrade"]
_MAX_OPERATIONS = 2_000
_MAX_LOOPED = 50
_MAX_DEPTH = 2
"""So many functions of the same file are followed, one in the other."""
_DIALECT = expression(r"\bdialect\b|\bengine\.(?:name|url)\b|\bget_impl\b|\bdialect_name\b")
_PRODUCTS = expression(r"[\"'](postgres(?:ql)?|mysql|mariadb|sqlite|mssql|oracle)")
_FIRST_IS_TABLE = frozenset(
    "add_column drop_column alter_column drop_table rename_table create_table bulk_insert "
    "create_table_comment".split()
)
_SECOND_IS_TABLE = frozenset(
    "create_index create_unique_constraint create_foreign_key create_check_constraint "
    "create_exclude_constraint create_primary_key drop_constraint drop_index".split()
)
_QUESTIONS = frozenset("get_bind get_context f inline_literal".split())
_TAKES = frozenset(("execute", "scalar", "scalars"))
_EXECUTES = frozenset("execute exec_driver_sql scalar scalars".split())
_SESSIONS = expression(r"(?:^|\.)(?:db\.session|session|Session)\Z|\.query\Z")
_TYPES = frozenset("Enum ENUM".split())


class Plain(NamedTuple):
    """A text that is executed as it is; `wrapper` is what the file calls SQLAlchemy's `text`."""

    text: str
    wrapper: str
    location: Location


class Operation(NamedTuple):
    """One step. `table` and `subject` are None where they cannot be told, "" where there is none.

    `subject` is the column, index or constraint; `given` are the literal keyword arguments;
    `column` is one that is added or changed, `was` what it was before; `sql` the statements of an
    `execute`, with `HOLE`s: what they do follows as operations of their own. `plain` is the text of
    one that goes to a connection as it is. `types` are those that a new table brings with it,
    `columns` those that a key is for. `unnamed`: the name is written as None. `dialects` are the
    products it is for, None for all. `guarded`: some other condition decides whether it runs.
    """

    path: str
    direction: Direction
    name: str
    table: str | None
    subject: str | None
    location: Location
    given: tuple[tuple[str, Any], ...] = ()
    column: Column | None = None
    was: Column | None = None
    sql: tuple[str, ...] = ()
    plain: Plain | None = None
    types: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    batch: bool = False
    autocommit: bool = False
    unnamed: bool = False
    dialects: frozenset[str] | None = None
    guarded: bool = False

    def value(self, name: str) -> Any:
        """The literal given for a keyword; None where there is none."""
        return dict(self.given).get(name)

    def has(self, name: str) -> bool:
        return any(key == name for key, _ in self.given)

    def runs_on(self, product: str) -> bool:
        return self.dialects is None or product in self.dialects


class ModelUse(NamedTuple):
    """A migration works with a class, or the session, of the application: `name` from `target`."""

    path: str
    target: str
    name: str
    session: bool
    location: Location


class UrlSetting(NamedTuple):
    """`env.py` hands the address of the database to Alembic's configuration.

    `text` is the argument as written; `escaped`: percent signs in it are doubled, or it is written
    out; `simple`: a method can be called on it as it stands.
    """

    path: str
    text: str
    escaped: bool
    simple: bool
    location: Location


class Downgrade(NamedTuple):
    """Whether a migration can be taken back: `empty` where `downgrade` does nothing at all."""

    path: str
    empty: bool
    location: Location


class _Context(NamedTuple):
    direction: Direction
    batches: dict[str, str | None]
    autocommit: bool = False
    dialects: frozenset[str] | None = None
    guarded: bool = False
    depth: int = 0


def operations(source: Source, root: Any) -> Iterator[Operation | ModelUse | Downgrade]:
    """Everything that `upgrade` and `downgrade` of a file do."""
    yield from _Reader(source, root).all()


def url_settings(source: Source, root: Any) -> Iterator[UrlSetting]:
    """Where a file sets `sqlalchemy.url`."""
    for node in root.find_all(kind="call"):
        name = node.field("function").text().rpartition(".")[2]
        given = dict(arguments(node))
        key, value = {
            "set_main_option": (given.get("0"), given.get("1")),
            "set_section_option": (given.get("1"), given.get("2")),
        }.get(name, (None, None))
        if value is not None and string(key) == "sqlalchemy.url":
            if "offline" in source.guard(node).function:
                # What only writes statements to a file is run by nobody's deployment.
                continue
            text = value.text()
            simple = value.kind() in ("call", "subscript", "attribute", "identifier")
            where = source.place(value)
            escaped = string(value) is not None or _is_escaped(text, source.text)
            yield UrlSetting(source.path, text, escaped, simple, where)


def _is_escaped(text: str, whole: str) -> bool:
    """Whether the expression, or the name or function in it, doubles percent signs."""
    if "%%" in text:
        return True
    for name in re.findall(r"[A-Za-z_]\w*", text):
        bound = re.search(
            rf"^[ \t]*{name}\b[^\n=]*=(?:[^\n]*[\\(,][ \t]*\n)*[^\n]*%%", whole, re.MULTILINE
        )
        made = re.search(rf"^def {name}\(.*?(?=^\S|\Z)", whole, re.MULTILINE | re.DOTALL)
        if bound is not None or made is not None and "%%" in made[0]:
            return True
    return False


class _Reader:
    def __init__(self, source: Source, root: Any) -> None:
        self.source = source
        self.functions: dict[str, Any] = {}
        self.bound: dict[str, Any] = {}
        """What single names of the module are bound to."""
        self.left = _MAX_OPERATIONS
        self.ops = {local for local, name in source.imports.items() if name == "alembic.op"}
        for node in children(root):
            if node.kind() == "function_definition":
                self.functions[node.field("name").text()] = node
            elif node.kind() == "expression_statement":
                self._bind(node)

    def all(self) -> Iterator[Operation | ModelUse | Downgrade]:
        if "upgrade" in self.functions:
            yield self._downgrade()
        directions: tuple[Direction, ...] = ("upgrade", "downgrade")
        for direction in directions:
            for name, node in self.functions.items():
                if name == direction or name.startswith(f"{direction}_"):
                    # Where `env.py` hands the operations over: `upgrade(op, tables, tester)`.
                    if re.match(r"\(\s*op\b", node.field("parameters").text()):
                        self.ops.add("op")
                    context = _Context(direction, {})
                    yield from self._function(node, context)
                    if direction == "upgrade":
                        yield from self._uses(node)

    def _downgrade(self) -> Downgrade:
        node = self.functions.get("downgrade")
        place = self.source.place((node or self.functions["upgrade"]).field("name"))
        body = children(node.field("body")) if node is not None else []
        does = [one for one in body if one.kind() not in ("pass_statement", "comment")]
        said = [one for one in does if one.text().strip() not in ("...", "return", "return None")]
        text = [one for one in said if children(one) and children(one)[0].kind() == "string"]
        return Downgrade(self.source.path, len(said) == len(text), place)

    def _bind(self, statement: Any) -> None:
        for node in children(statement):
            if node.kind() == "assignment" and node.field("right") is not None:
                name = node.field("left").text()
                # What is bound twice is not known.
                self.bound[name] = None if name in self.bound else node.field("right")

    def _arguments(self, helper: Any, call: Any) -> dict[str, Any]:
        """What the parameters of a function of the file are bound to by a call."""
        names = [one.text().partition(":")[0] for one in children(helper.field("parameters"))]
        given = dict(arguments(call))
        found = {}
        for position, name in enumerate(name.partition("=")[0].strip() for name in names):
            value = given.get(name, given.get(str(position)))
            if value is not None and value.kind() == "identifier":
                value = self.bound.get(value.text())
            found[name] = value
        return found

    def _function(
        self, node: Any, context: _Context, given: Mapping[str, Any] = {}
    ) -> Iterator[Operation]:
        before = dict(self.bound)
        self.bound.update(given)
        yield from self._block(node.field("body"), context)
        self.bound = before

    def _block(self, block: Any, context: _Context) -> Iterator[Operation]:
        for node in children(block) if block is not None else ():
            if self.left <= 0:
                return
            yield from self._statement(node, context)

    def _statement(self, node: Any, context: _Context) -> Iterator[Operation]:
        kind = node.kind()
        if kind == "expression_statement":
            self._bind(node)
            for call in _calls(node):
                yield from self._call(call, context)
        elif kind == "with_statement":
            yield from self._with(node, context)
        elif kind == "if_statement":
            yield from self._if(node, context)
        elif kind in ("try_statement", "while_statement"):
            yield from self._within(node, context._replace(guarded=True))
        elif kind == "for_statement":
            yield from self._for(node, context)

    def _for(self, node: Any, context: _Context) -> Iterator[Operation]:
        """A loop over a list that is written out is followed for each of its values."""
        name, values = node.field("left"), node.field("right")
        if values.kind() == "identifier":
            values = self.bound.get(values.text())
        known = values is not None and values.kind() in ("list", "tuple")
        items = children(values) if known and name.kind() == "identifier" else []
        if not 0 < len(items) <= _MAX_LOOPED:
            # On an empty database there may be nothing to go through.
            yield from self._within(node, context._replace(guarded=True))
            return
        for one in items:
            self.bound[name.text()] = one
            yield from self._within(node, context)
        self.bound[name.text()] = None

    def _within(self, node: Any, context: _Context) -> Iterator[Operation]:
        """Every block of a statement."""
        for one in node.named_children():
            if one.kind() == "block":
                yield from self._block(one, context)
            elif one.kind() in ("except_clause", "finally_clause", "else_clause"):
                yield from self._within(one, context)

    def _if(self, node: Any, context: _Context) -> Iterator[Operation]:
        condition = node.field("condition").text()
        inside, outside = self._branches(condition, context)
        yield from self._block(node.field("consequence"), inside)
        for one in node.named_children():
            if one.kind() == "elif_clause":
                inside, outside = self._branches(one.field("condition").text(), outside)
                yield from self._block(one.field("consequence"), inside)
            elif one.kind() == "else_clause":
                yield from self._within(one, outside)

    def _branches(self, condition: str, context: _Context) -> tuple[_Context, _Context]:
        """The contexts where a condition holds and where it does not."""
        found = _PRODUCTS.findall(condition)
        if not found or not (_DIALECT.search(condition) or "==" in condition or "!=" in condition):
            other = context._replace(guarded=True)
            return other, other
        named = frozenset(_product(one) for one in found)
        rest = _ALL - named
        if "!=" in condition or " not in " in condition:
            named, rest = rest, named
        return context._replace(dialects=named), context._replace(dialects=rest)

    def _with(self, node: Any, context: _Context) -> Iterator[Operation]:
        batches = dict(context.batches)
        autocommit = context.autocommit
        for item in _items(node):
            call, alias = item
            name = self.source.dotted(call.field("function")) if call is not None else ""
            if name.endswith("autocommit_block"):
                autocommit = True
            elif name.endswith("batch_alter_table") and alias:
                table = dict(arguments(call)).get("0") or dict(arguments(call)).get("table_name")
                batches[alias] = self._text(table)
        inside = context._replace(batches=batches, autocommit=autocommit)
        yield from self._block(node.field("body"), inside)

    def _call(self, node: Any, context: _Context) -> Iterator[Operation]:
        function = node.field("function")
        if function.kind() == "identifier" and function.text() in self.functions:
            if context.depth < _MAX_DEPTH:
                helper = self.functions[function.text()]
                given = self._arguments(helper, node)
                deeper = context._replace(depth=context.depth + 1)
                yield from self._function(helper, deeper, given)
            return
        if function.kind() != "attribute":
            return
        owner, name = function.field("object").text(), function.field("attribute").text()
        if name in _EXECUTES:
            yield from self._execute(node, context)
        elif name not in _QUESTIONS and (owner in self.ops or owner in context.batches):
            yield self._operation(node, owner, name, context)
        elif name == "create" and self._is_type(owner):
            yield self._made(node, "create_type", "", self._enum_of(owner), context)

    def _made(
        self, node: Any, name: str, table: str | None, subject: str | None, context: _Context
    ) -> Operation:
        self.left -= 1
        where = self.source.place(node)
        return Operation(self.source.path, context.direction, name, table, subject, where)._replace(
            autocommit=context.autocommit, dialects=context.dialects, guarded=context.guarded
        )

    def _operation(self, node: Any, owner: str, name: str, context: _Context) -> Operation:
        given = dict(arguments(node))
        batch = owner in context.batches
        table, first = self._table(given, name, context.batches[owner] if batch else None, batch)
        made = self._made(node, name, table, None, context)
        subject = given.get("column_name") or given.get(first)
        if name in _SECOND_IS_TABLE:
            subject = given.get("0") or _first(given, "constraint_name", "index_name", "name")
        column = self._column(given.get(first)) if name == "add_column" else None
        literals = tuple((key, _literal(value)) for key, value in given.items() if key != "*")
        retyped = given.get("type_")
        if name == "alter_column" and retyped is not None:
            column = self._column_of("", retyped, {})
            if column.enum == self._enum(given.get("existing_type")):
                column = None
        existing = given.get("existing_type")
        created = self._created(given) if name == "create_table" else ()
        return made._replace(
            subject=column.name if name == "add_column" and column else self._text(subject),
            given=literals,
            column=column,
            was=self._column_of("", existing, {}) if existing is not None else None,
            types=created,
            columns=self._local(given) if name == "create_foreign_key" else (),
            batch=batch,
            unnamed=subject is not None and subject.text() == "None",
        )

    def _table(
        self, given: dict[str, Any], name: str, table: str | None, batch: bool
    ) -> tuple[str | None, str]:
        """The table of an operation, and where its column stands."""
        if batch:
            return table, "0"
        named = given.get("table_name")
        if name in _SECOND_IS_TABLE:
            return self._text(named or given.get("1") or given.get("source_table")), "0"
        if name in _FIRST_IS_TABLE:
            named = named or given.get("0") or given.get("old_table_name")
            return self._text(named), "1"
        return "", "0"

    def _local(self, given: dict[str, Any]) -> tuple[str, ...]:
        """The columns of a foreign key's own table."""
        found = given.get("local_cols") or given.get("3")
        items = children(found) if found is not None and found.kind() in ("list", "tuple") else []
        return tuple(self._text(one) or HOLE for one in items)

    def _created(self, given: dict[str, Any]) -> tuple[str, ...]:
        """The names of the types that a new table brings with it."""
        names = []
        for key, value in given.items():
            if key.isdigit() and value.kind() == "call":
                column = self._column(value)
                if column is not None and column.enum:
                    names.append(column.enum)
        return tuple(names)

    def _execute(self, node: Any, context: _Context) -> Iterator[Operation]:
        """The call itself, and what its statements do."""
        first = dict(arguments(node)).get("0") or dict(arguments(node)).get("sqltext")
        said = tuple(statements(self._text(first) or ""))
        plain = self._plain(node.field("function"), first)
        core = self._core(first) if first is not None and not said else None
        if core is None:
            yield self._made(node, "execute", None, "", context)._replace(sql=said, plain=plain)
        for one in (step for statement in said for step in steps(statement)):
            made = self._made(node, one.name, one.table, one.subject, context)
            yield made._replace(given=one.given, column=one.column)
        if core is not None:
            made = self._made(node, core.name, core.table, "", context)
            yield made._replace(given=core.given)

    def _plain(self, function: Any, first: Any) -> Plain | None:
        """The text that a connection is given, unless a driver takes it."""
        if first is None or first.kind() not in ("string", "concatenated_string"):
            return None
        owner = function.field("object")
        owner = self.bound.get(owner.text(), owner) if owner.kind() == "identifier" else owner
        if owner is None or owner.kind() != "call":
            return None
        given_by = self.source.dotted(owner.field("function"))
        if given_by != "alembic.op.get_bind" or function.field("attribute").text() not in _TAKES:
            return None
        names = {target: local for local, target in self.source.imports.items()}
        module = names.get("sqlalchemy")
        wrapper = names.get("sqlalchemy.text") or (f"{module}.text" if module else "")
        return Plain(first.text(), wrapper, self.source.place(first))

    def _core(self, node: Any) -> Step | None:
        """`users.update().values(…)` and `sa.update(users)`, as SQLAlchemy's core builds them."""
        where = False
        while node.kind() == "identifier" and self.bound.get(node.text()) is not None:
            node = self.bound[node.text()]
        while node.kind() == "call":
            function = node.field("function")
            last = function.field("attribute") if function.kind() == "attribute" else function
            name = last.text()
            if name in ("update", "delete", "insert"):
                of = dict(arguments(node)).get("0")
                if of is None and function.kind() == "attribute":
                    of = function.field("object")
                return Step(name, self._named(of), "", (("where", True),) if where else ())
            if function.kind() != "attribute":
                return None
            where = where or name in ("where", "filter", "filter_by")
            node = function.field("object")
        return None

    def _named(self, node: Any) -> str | None:
        """The name of a table that the file declares."""
        if node is not None and node.kind() == "identifier":
            node = self.bound.get(node.text())
        if node is None or node.kind() != "call":
            return None
        called = self.source.dotted(node.field("function")).rpartition(".")[2]
        return self._text(dict(arguments(node)).get("0")) if called.lower() == "table" else None

    # Values

    def _text(self, node: Any, depth: int = 0) -> str | None:
        """The text of an expression; `HOLE` for what is not known, None where nothing is."""
        if node is None or depth > 6:
            return None
        kind = node.kind()
        if kind in ("string", "concatenated_string"):
            return self._string(node, depth)
        if kind == "parenthesized_expression":
            inner = children(node)
            return self._text(inner[0], depth + 1) if len(inner) == 1 else None
        if kind == "identifier":
            return self._text(self.bound.get(node.text()), depth + 1)
        if kind == "binary_operator":
            left = self._text(node.field("left"), depth + 1)
            right = self._text(node.field("right"), depth + 1)
            return None if left is None and right is None else (left or HOLE) + (right or HOLE)
        if kind == "call":
            name = self.source.dotted(node.field("function"))
            if name.rpartition(".")[2] in ("f", "text", "dedent", "DDL", "strip"):
                first = dict(arguments(node)).get("0")
                if first is None and node.field("function").kind() == "attribute":
                    first = node.field("function").field("object")
                return self._text(first, depth + 1)
        return None

    def _string(self, node: Any, depth: int) -> str | None:
        plain = string(node)
        if plain is not None:
            return plain
        # An f-string: only names that stand alone in the braces are known.
        parts = []
        for one in [node, *node.named_children()]:
            if one.kind() == "string" and (one is not node or node.kind() == "string"):
                for inner in one.named_children():
                    if inner.kind() == "string_content":
                        parts.append(inner.text())
                    elif inner.kind() == "interpolation":
                        names = [c for c in children(inner) if c.kind() == "identifier"]
                        alone = names[0] if len(children(inner)) == len(names) == 1 else None
                        parts.append(self._text(alone, depth + 1) or HOLE)
        return "".join(parts) if parts else None

    def _column(self, node: Any) -> Column | None:
        """`sa.Column(name, type, …)`; None for anything else."""
        if node is None or node.kind() != "call":
            return None
        if not self.source.dotted(node.field("function")).endswith("Column"):
            return None
        given = dict(arguments(node))
        name = self._text(given.get("0") or given.get("name"))
        return self._column_of(name, given.get("1") or given.get("type_"), given)

    def _column_of(self, name: str | None, kind: Any, given: dict[str, Any]) -> Column:
        called, options = self._type(kind)
        others = [one.text() for key, one in given.items() if key.isdigit()]
        key = _is_true(given.get("primary_key"))
        nullable = given["nullable"].text() != "False" if "nullable" in given else not key
        computed = any(re.search(r"\b(?:Identity|Computed|Sequence)\(", one) for one in others)
        serial = key and called in ("Integer", "BigInteger", "SmallInteger", "BIGINT", "INTEGER")
        default = given["server_default"].text() if "server_default" in given else "None"
        size = options.get("0") or options.get("length")
        native = options.get("native_enum")
        return Column(
            name,
            called,
            self._enum(kind) if called in _TYPES else "",
            native is None or native.text() != "False",
            nullable,
            "" if default == "None" else default,
            "default" in given,
            computed or serial,
            int(size.text()[:9]) if size is not None and size.text().isdigit() else None,
            any("ForeignKey(" in one for one in others) or _is_true(given.get("unique")),
        )

    def _type(self, node: Any) -> tuple[str, dict[str, Any]]:
        """The class of a type, and what it is given."""
        if node is not None and node.kind() == "identifier":
            node = self.bound.get(node.text(), node)
        if node is None:
            return "", {}
        if node.kind() == "call":
            name = self.source.dotted(node.field("function"))
            return name.rpartition(".")[2], dict(arguments(node))
        return self.source.dotted(node).rpartition(".")[2], {}

    def _is_type(self, owner: str) -> bool:
        node = self.bound.get(owner)
        return owner.partition("(")[0].rpartition(".")[2] in _TYPES or (
            node is not None and self._type(node)[0] in _TYPES
        )

    def _enum_of(self, owner: str) -> str | None:
        node = self.bound.get(owner)
        if node is not None:
            return self._enum(node)
        found = re.search(r"\bname\s*=\s*[\"']([\w.]+)[\"']", owner)
        return found[1].lower() if found else None

    def _enum(self, node: Any) -> str | None:
        """The name of an Enum in the database: as given, else that of its class in lower case."""
        if node is not None and node.kind() == "identifier":
            node = self.bound.get(node.text())
        if node is None or node.kind() != "call":
            return None
        given = dict(arguments(node))
        if "name" in given:
            name = self._text(given["name"])
            return name.lower() if name and HOLE not in name else None
        first = given.get("0")
        if first is not None and first.kind() in ("identifier", "attribute"):
            return str(first.text()).rpartition(".")[2].lower()
        return None

    # Models

    def _uses(self, node: Any) -> Iterator[ModelUse]:
        """Where the function works with a name of another module as with a mapped class."""
        text = node.text()
        for local, target in self.source.imports.items():
            if target.split(".")[0] in _LIBRARIES or local in self.ops:
                continue
            if f"{local}." not in text and f"({local}" not in text:
                continue
            found = re.search(_USE.format(re.escape(local)), text)
            if found is None:
                continue
            session = found["session"] is not None
            if not session and not local[:1].isupper():
                continue
            group = found.lastgroup or "name"
            start = node.replace("").start_pos + found.start(group)
            where = self.source.at(start, start + len(local))
            yield ModelUse(self.source.path, target, local, session, where)
            return


_LIBRARIES = frozenset("alembic sqlalchemy sqlmodel geoalchemy2 sqlalchemy_utils flask".split())
_USE = (
    r"(?<![\w.])(?P<session>{0}\.session\.(?:query|execute|add|add_all|commit|bulk_\w+)\()"
    r"|\b(?:query|select|update|insert|delete)\((?P<name>{0})[,).]"
    r"|(?<![\w.])(?P<class>{0})\.query\b"
)
_ALL = frozenset("postgresql mysql sqlite mssql oracle".split())


def _product(word: str) -> str:
    return {"postgres": "postgresql", "mariadb": "mysql"}.get(word, word)


def _first(given: dict[str, Any], *names: str) -> Any:
    return next((given[name] for name in names if name in given), None)


def _is_true(node: Any) -> bool:
    return node is not None and node.text() == "True"


_WORDS = {"True": True, "False": False, "None": None}


def _literal(node: Any) -> Any:
    """A word, a number or a text; `HOLE` for all else."""
    text = node.text()
    if text in _WORDS:
        return _WORDS[text]
    if text.isdigit():
        return int(text[:18])
    found = string(node) if text[:1] in "'\"" else None
    return HOLE if found is None else found


def _calls(node: Any) -> Iterator[Any]:
    """The calls of a statement, outermost first; the inside of a call is not looked at."""
    waiting = children(node)
    while waiting:
        one = waiting.pop(0)
        if one.kind() == "call":
            inner = one.field("function")
            while inner.kind() == "attribute" and inner.field("object").kind() == "call":
                # `op.get_bind().execute(…)` and `bind.execute(…).fetchall()`
                if inner.field("attribute").text() in (*_EXECUTES, "create"):
                    break
                one = inner.field("object")
                inner = one.field("function")
            yield one
        elif one.kind() in ("assignment", "await", "tuple", "expression_list", "for_in_clause"):
            waiting += children(one)


def _items(node: Any) -> Iterator[tuple[Any, str]]:
    """The calls of a `with` statement with the names that they are bound to."""
    for clause in node.named_children():
        if clause.kind() != "with_clause":
            continue
        for item in children(clause):
            value = item.field("value") if item.kind() == "with_item" else item
            alias = ""
            if value is not None and value.kind() == "as_pattern":
                inner = children(value)
                alias = inner[1].text() if len(inner) > 1 else ""
                value = inner[0]
            if value is not None and value.kind() == "call":
                yield value, alias
