"""What may import what: the lower a module, the less it knows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import flask_preflight
import flask_preflight_rules

LINTER = Path(flask_preflight.__path__[0])
RULES = Path(flask_preflight_rules.__path__[0])
PARSERS = frozenset("yaml tomli tomllib ast_grep_py dockerfile_parse configparser".split())
SLOW = frozenset("pathlib logging subprocess".split())
DANGEROUS = frozenset(
    "os io subprocess socket shutil pathlib http urllib.request pickle marshal importlib".split()
)
BY_LAYER = {
    0: "lazy result limits globs",
    1: "rule facts run docs about chart",
    4: "link discover decode git ignore classify config suppress comments selection pool fix scan "
    "attest",
    6: "cli commands __main__",
}
LAYER = {name: layer for layer, names in BY_LAYER.items() for name in names.split()}
ALLOWED = {
    0: {0},
    1: {0, 1},
    2: {0, 1, 2},
    3: {0, 1, 2, 3},
    4: {0, 1, 2, 4},
    5: {0, 1, 5},
    6: {0, 1, 2, 3, 4, 5, 6},
}
EXCEPTIONS = frozenset(
    (
        ("report.source", "artifacts.secret"),
        ("report.sarif", "artifacts.secret"),
    )
)
"""Every line that is shown passes the mask for secrets."""


def layer(module: str) -> int:
    """The layer of a module, named below its package."""
    head = module.partition(".")[0]
    if module.startswith("flask_preflight_rules"):
        return 3
    return {"artifacts": 2, "report": 5}.get(head, LAYER.get(head, 0))


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(LINTER.rglob("*.py")):
        parts = path.relative_to(LINTER).with_suffix("").parts
        yield ".".join(part for part in parts if part != "__init__"), path
    for path in sorted(RULES.rglob("*.py")):
        name = ".".join(path.relative_to(RULES).with_suffix("").parts)
        yield f"flask_preflight_rules.{name}", path


def imports(tree: ast.AST, *, top: bool = False) -> Iterator[str]:
    """The modules that are imported, those for type checking left out."""
    checking = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for child in node.body
        for inner in ast.walk(child)
    }
    inside = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in checking or top and id(node) in inside:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative import"
            yield str(node.module)
            if node.module in ("flask_preflight", "flask_preflight.artifacts"):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


NAMES = frozenset(name for name, _ in modules())
MODULES = [pytest.param(name, path, id=name or "__init__") for name, path in modules()]


@pytest.mark.parametrize(("name", "path"), MODULES)
def test_layers(name: str, path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for imported in imports(tree):
        package, _, rest = imported.partition(".")
        if package == "flask_preflight_rules":
            assert layer(name) == 3, f"{name} imports {imported}"
            assert path.parent.name == imported.split(".")[1], "rules of another group"
            assert imported.rpartition(".")[2].startswith("_"), "another rule"
        elif package == "flask_preflight" and rest in NAMES:
            known = (name, rest) in EXCEPTIONS
            assert known or layer(rest) in ALLOWED[layer(name)], f"{name} imports {imported}"


@pytest.mark.parametrize(("name", "path"), MODULES)
def test_foreign_modules(name: str, path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    first = {imported.partition(".")[0] for imported in imports(tree, top=True)}
    every = {imported.partition(".")[0] for imported in imports(tree)}
    if name != "artifacts.yaml_loader":
        assert not first & PARSERS, "a parser is imported before it is needed"
    assert not every & SLOW
    assert not every & {"socket", "http", "requests", "marshal", "shelve"}
    if layer(name) == 3:
        assert not every & (PARSERS | DANGEROUS)
        called = {
            node.func.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not called & {"open", "exec", "eval", "compile", "__import__", "print"}


@pytest.mark.parametrize(("name", "path"), MODULES)
def test_forbidden_words(name: str, path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    code = source.replace(ast.get_docstring(ast.parse(source), clean=False) or "\0", "")
    assert "yaml." + "load(" not in code
    assert "importlib." + "metadata" not in source
    assert ".splitlines(" not in source, "counts other line ends than the consumers of files"
