"""What the names of a Python file stand for: imports, applications, blueprints and helpers."""

from __future__ import annotations

import re
from typing import Any

from flask_preflight.artifacts import source as facts
from flask_preflight.artifacts.python_nodes import Source, children
from flask_preflight.artifacts.python_values import Evaluator
from flask_preflight.lazy import expression

APPLICATIONS = frozenset(
    "flask.Flask Flask apiflask.APIFlask flask_openapi3.OpenAPI connexion.FlaskApp connexion.App "
    "flask.app.Flask flask_api.FlaskAPI dash.Dash".split()
)
_BLUEPRINTS = frozenset(
    "flask.Blueprint Blueprint apiflask.APIBlueprint flask_openapi3.APIBlueprint "
    "flask_smorest.Blueprint".split()
)
_OBJECTS = frozenset("app application flask_app self.app".split())
_ENVIRONMENT = frozenset(("os.environ", "os.environ.get", "os.getenv"))
_ENV_CLASSES = ("environs.Env", "environ.Env", "decouple.AutoConfig", "decouple.Config")
_MAX_HELPER = 3_000
_READS_FIRST = (
    r"(?:environ(?:\.(?:get|pop))?|getenv)\s*(?:\(|(?P<key>\[))\s*"
    r"(?:f[\"'](?P<f>\w*)\{FIRST\}[\"']|(?:[\"'](?P<plus>\w*)[\"']\s*\+\s*)?FIRST\b)"
)
_ASKS = expression(r"strtobool|\bin\s*[(\[{]|==\s*[\"'](?:1|[Tt]rue|yes|on)[\"']")


class Names:
    """The objects that local names are bound to; told about imports first, then about the rest."""

    def __init__(self, source: Source, evaluator: Evaluator, found: list[object]) -> None:
        self.source = source
        self.evaluator = evaluator
        self.found = found
        self.path = source.path
        self.apps: set[str] = set()
        self.socketio: set[str] = set()
        self.blueprints: set[str] = set()
        self.apis: set[str] = set()
        self.parameters: set[str] = set()
        """Parameters of functions that are applications by their name or type."""
        self.overrides: set[tuple[str, str]] = set()
        """Parameters (with their function) that are None when nobody gives them."""
        self.bound: set[str] = set()
        """Names of the results of calls."""

    def take_import(self, kind: str, node: Any) -> None:
        where = self.source.place(node)
        caught = self.source.is_caught(node)
        if kind == "import_statement":
            for one in children(node):
                name = one.field("name") if one.kind() == "aliased_import" else one
                alias = one.field("alias") if one.kind() == "aliased_import" else None
                target = name.text()
                local = alias.text() if alias is not None else target.split(".")[0]
                self.source.imports[local] = target if alias is not None else local
                self.found.append(facts.Import(self.path, target, "", where, False, caught))
            return
        found = node.field("module_name")
        base = self._absolute(found.text()) if found is not None else ""
        names = [one for one in children(node) if one != found]
        for one in names:
            if one.kind() == "wildcard_import":
                self.found.append(facts.Import(self.path, base, "*", where, True, caught))
                continue
            name = one.field("name") if one.kind() == "aliased_import" else one
            alias = one.field("alias") if one.kind() == "aliased_import" else name
            self.source.imports[alias.text()] = f"{base}.{name.text()}".lstrip(".")
            alone = len(names) == 1 and one.kind() != "aliased_import"
            fact = facts.Import(self.path, base, name.text(), where, False, caught, alone)
            self.found.append(fact)

    def _absolute(self, text: str) -> str:
        dots = len(text) - len(text.lstrip("."))
        if not dots:
            return text
        parts = self.source.package.split(".") if self.source.package else []
        if dots - 1:
            parts = parts[: -(dots - 1)] if dots - 1 <= len(parts) else []
        return ".".join([*parts, *filter(None, [text.lstrip(".")])])

    def bind(self, node: Any) -> None:
        """What local names stand for: applications, blueprints and literals bound once."""
        left, right = node.field("left"), node.field("right")
        if left is None or right is None:
            return
        name = left.text()
        if right.kind() == "call":
            self.bound.add(name)
        if left.kind() == "identifier":
            self.evaluator.bind(name, node, right)
        if right.kind() in ("attribute", "identifier"):
            self._alias(name, self.source.dotted(right))
        elif right.kind() == "call":
            called = self.source.dotted(right.field("function"))
            if is_flask(called) or name in _OBJECTS and is_class(called):
                self.apps.add(name)
            elif called in _BLUEPRINTS or called.endswith(".Blueprint"):
                self.blueprints.add(name)
            elif called.endswith("SocketIO"):
                self.socketio.add(name)
            elif called.endswith((".Api", "Api", "Namespace", "RestX")) or (
                called.endswith(".namespace") and called.removesuffix(".namespace") in self.apis
            ):
                self.apis.add(name)
            elif called.endswith(_ENV_CLASSES):
                self.evaluator.env_objects.add(name)
                self.evaluator.env_objects.add(f"{called}()")

    def _alias(self, name: str, dotted: str) -> None:
        """Another name for the environment, the configuration or a method of the application."""
        owner, _, last = dotted.rpartition(".")
        known = dotted in _ENVIRONMENT or last in ("config", "run") and self.is_app(owner)
        if known and name.isidentifier():
            self.source.imports.setdefault(name, dotted)

    def take_parameters(self, node: Any) -> None:
        found = node.field("parameters")
        text = found.text() if found is not None else ""
        self._reads_for_callers(node, text)
        if "=" in text:
            name = node.field("name").text()
            for one in re.finditer(r"\b(\w{1,100})\s{0,9}(?::[^,=]{0,80})?=\s{0,9}None\b", text):
                self.overrides.add((name, one[1]))
        if "app" not in text and "Flask" not in text:
            return
        for one in children(found):
            text = one.text()
            name = re.match(r"\w+", text)
            if name and (
                re.search(r":\s*Flask\b", text) or name[0] in ("app", "application", "flask_app")
            ):
                self.parameters.add(name[0])

    def _reads_for_callers(self, node: Any, parameters: str) -> None:
        """Remember a function that reads the variable which its first parameter names."""
        span, name = node.replace(""), node.field("name")
        text = self.source.text[span.start_pos : span.end_pos]
        first = re.match(r"\(\s*(?:self\s*,\s*)?(\w+)", parameters)
        if first is None or name is None or len(text) > _MAX_HELPER or "env" not in text:
            return
        read = re.search(_READS_FIRST.replace("FIRST", first[1]), text)
        if read is None:
            return
        body = text[len(parameters) :]
        given = children(node.field("parameters"))
        second = given[1].field("name") if len(given) > 1 else None
        written = given[1].field("value") if second is not None else None
        boolean = "bool" in name.text() or _ASKS.search(body) is not None
        cast = re.search(r"return\s+(int|float)\(", body)
        needs = read["key"] is not None and "except" not in body or "raise" in body
        self.evaluator.helpers[name.text()] = reader = facts.Reader(
            self.path,
            name.text(),
            first[1],
            read["f"] or read["plus"] or "",
            second.text() if second is not None else "",
            self.evaluator.value(written) if written is not None else None,
            boolean,
            cast[1] if cast else "",
            needs,
        )
        self.found.append(reader)

    def is_app(self, owner: str) -> bool:
        if owner in self.apps or owner in self.parameters or owner.endswith("current_app"):
            return True
        return owner in ("app", "application", "flask_app", "self.app") and self.knows_flask()

    def knows_flask(self) -> bool:
        return any(name.startswith("flask") for name in self.source.imports.values())


def is_flask(called: str) -> bool:
    return called in APPLICATIONS or called.endswith(".Flask")


def is_class(called: str) -> bool:
    """Whether a name is that of a class, by its spelling."""
    return called.rpartition(".")[2][:1].isupper()
