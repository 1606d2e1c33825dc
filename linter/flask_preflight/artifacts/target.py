"""The module that a server imports: which names it binds, and which of them are functions."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, NamedTuple

from flask_preflight.result import Location, Region

if TYPE_CHECKING:
    import ast

_MAX_MODULE = 1024 * 1024
_MAX_DEPTH = 60


class Signature(NamedTuple):
    """A plain function: how many arguments it needs, whether it takes any number more."""

    location: Location
    required: int
    variadic: bool


class Target:
    """What importing a module leaves in it, as far as its text tells.

    `open`: it may hold more names (a star import, `globals()`, `__getattr__`, a syntax error).
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.names: set[str] = set()
        self.functions: dict[str, Signature] = {}
        self.applications: set[str] = set()
        self.open = False
        self._read(text)

    def _read(self, text: str) -> None:
        import ast

        if len(text) > _MAX_MODULE:
            self.open = True
            return
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                module = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            self.open = True
            return
        self._body(module.body, 0)
        if any(name in text for name in ("globals()", "setattr(", "sys.modules", "vars()")):
            self.open = True
        self.open = self.open or "__getattr__" in self.names

    def _body(self, body: list[ast.stmt], depth: int) -> None:
        import ast

        if depth > _MAX_DEPTH:
            self.open = True
            return
        for statement in body:
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self._function(statement)
            elif isinstance(statement, ast.ClassDef):
                self._bind(statement.name)
            elif isinstance(statement, (ast.Import, ast.ImportFrom)):
                for alias in statement.names:
                    self.open = self.open or alias.name == "*"
                    self._bind(alias.asname or alias.name.partition(".")[0])
            elif isinstance(statement, ast.Assign):
                for target in statement.targets:
                    self._target(target)
                    if isinstance(target, ast.Name) and _is_flask(statement.value):
                        self.applications.add(target.id)
            elif isinstance(statement, (ast.AnnAssign, ast.AugAssign, ast.For, ast.AsyncFor)):
                self._target(statement.target)
            elif isinstance(statement, (ast.With, ast.AsyncWith)):
                for item in statement.items:
                    if item.optional_vars is not None:
                        self._target(item.optional_vars)
            else:
                self._walrus(statement)
            for inner in _bodies(statement):
                self._body(inner, depth + 1)

    def _function(self, statement: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        import ast

        name = statement.name
        self._bind(name)
        for node in ast.walk(statement):
            if isinstance(node, ast.Global):
                self.names.update(node.names)
        if statement.decorator_list or isinstance(statement, ast.AsyncFunctionDef):
            return
        arguments = statement.args
        positional = [*arguments.posonlyargs, *arguments.args]
        line = statement.lineno
        self.functions[name] = Signature(
            Location(self.path, Region(line, statement.col_offset + 1)),
            len(positional) - len(arguments.defaults),
            arguments.vararg is not None,
        )

    def _target(self, node: ast.expr) -> None:
        import ast

        for inner in ast.walk(node):
            if isinstance(inner, ast.Name):
                self._bind(inner.id)

    def _walrus(self, statement: ast.stmt) -> None:
        import ast

        if isinstance(statement, ast.Expr):
            for node in ast.walk(statement):
                if isinstance(node, ast.NamedExpr):
                    self._bind(node.target.id)

    def _bind(self, name: str) -> None:
        self.names.add(name)
        # Whatever it was before, it is now something else.
        self.functions.pop(name, None)
        self.applications.discard(name)


def _bodies(statement: ast.stmt) -> list[list[ast.stmt]]:
    """The statements inside of one that run when the module is imported."""
    import ast

    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return []
    bodies = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
    bodies += [handler.body for handler in getattr(statement, "handlers", [])]
    bodies += [case.body for case in getattr(statement, "cases", [])]
    return [body for body in bodies if isinstance(body, list)]


def _is_flask(node: ast.expr) -> bool:
    import ast

    if not isinstance(node, ast.Call):
        return False
    function = node.func
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    return name == "Flask"
