"""One pass over the syntax tree of a Python file, which fills its module and collects the facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from flask_preflight.artifacts import source as facts
from flask_preflight.artifacts.python import Assigned, Module
from flask_preflight.artifacts.python_calls import (
    CONFIG,
    EXTENSIONS,
    FORWARDED,
    HOOKS,
    Calls,
    is_secret,
)
from flask_preflight.artifacts.python_guards import BLOCKS
from flask_preflight.artifacts.python_names import Names, is_class
from flask_preflight.artifacts.python_nodes import (
    Source,
    arguments,
    children,
    module_name,
    string,
)
from flask_preflight.artifacts.python_state import enqueues, global_writes, log_uses
from flask_preflight.artifacts.python_values import Evaluator
from flask_preflight.artifacts.source import HOLE, Value
from flask_preflight.lazy import expression

ALWAYS: tuple[dict[str, Any], ...] = tuple(
    {"kind": kind}
    for kind in (
        "import_statement",
        "import_from_statement",
        "assignment",
        "augmented_assignment",
        "call",
        "ERROR",
        *BLOCKS,
    )
)
SOMETIMES: tuple[tuple[tuple[str, ...], re.Pattern[str], dict[str, Any]], ...] = (
    (
        ("session", "environ", "headers"),
        expression(r"(?:session|environ|headers)\s*\["),
        {"kind": "subscript"},
    ),
    (
        (".remote_addr", ".access_route", ".url_root", ".host_url", ".base_url", "is_secure"),
        expression("request"),
        {"kind": "attribute"},
    ),
    (
        (".files", ".stream"),
        expression(r"request\.(?:files|stream)\b"),
        {"kind": "attribute"},
    ),
    (
        ("global ",),
        expression(r"(?m)^\s+global\s"),
        {"kind": "global_statement"},
    ),
    (
        (".scheme", "session."),
        expression(r"request\.scheme|(?<![\w.])session\."),
        {"kind": "attribute"},
    ),
    (
        ("environ",),
        expression(r"\benviron(?![\w\[]|\.(?:get|pop|setdefault|update)\b)"),
        {"kind": "attribute"},
    ),
)
"""What one pass looks for; some only in files with such a word and expression, to save time."""
_CLIENT = expression(
    r"(?:^|\.)request\.(?:remote_addr|access_route|url_root|host_url|base_url|scheme|is_secure)\Z"
)
_LOGS = expression(r"(?i)\blog(?:ger|ging)?\.\w+\((?:[^()\n]|\([^()\n]*\))*\Z")
"""The start of a call that only writes what it is given into the log."""
_EXEMPTS = expression(r"\blimit\w*\.exempt\b|\brequest_filter\b|\blimit\([^()\n]*\)\s*\(")
"""Views, blueprints or requests that Flask-Limiter's default limits do not count."""
_ENVIRON = expression(r"(?:^|\.)os\.environ\Z")
_ATTRIBUTES = {
    "secret_key": "SECRET_KEY",
    "debug": "DEBUG",
    "testing": "TESTING",
    "session_cookie_secure": "SESSION_COOKIE_SECURE",
    "session_cookie_httponly": "SESSION_COOKIE_HTTPONLY",
    "permanent_session_lifetime": "PERMANENT_SESSION_LIFETIME",
}
_READS = expression(r"environ|getenv|env[.(]|config\(")
_RAISES = expression(r"\b(?:raise|sys\.exit|exit|abort)\b")
_MAX_SETTINGS = 20_000
_MAX_CHECK = 500
"""Longer conditions, or what comes later in a block, say nothing."""
_MAX_CHAINED = 5
_MAX_HANDLER = 5_000
_MAKERS = expression(r"app|create|make|build|factory|init")
_KEPT = ("literal", "env", "random", "mapping")
_TOLD = ("wsgi_app", "strict_slashes", "session_interface")
_PLAIN = frozenset(("none", "true", "false", "integer", "list", "dictionary", "tuple"))


def collect(module: Module, root: Any, text: str) -> None:
    """Fill the module and its facts from the tree."""
    _Collector(module, root, text).run()


def _home(guard: facts.Guard) -> str:
    """The class and the function that code is in."""
    return f"{guard.scope}:{guard.function}"


class _Collector:
    def __init__(self, module: Module, root: Any, text: str) -> None:
        self.module = module
        self.root = root
        self.source = Source(module.path, text)
        self.evaluator = Evaluator(self.source)
        self.found = module.collected
        self.names = Names(self.source, self.evaluator, self.found)
        self.calls = Calls(module, self.names)
        self.compared: set[str] = set()
        self.demanded: set[tuple[str, str]] = set()
        """Names (with the class and function they are in) without which the code raises."""
        self.globals: list[tuple[str, facts.Guard, Any]] = []
        """Names that a function says it binds in the module."""
        self.checks = False
        """Whether conditions may say that a variable is required."""

    def run(self) -> None:
        nodes = [(node.kind(), node) for node in self.root.find_all(any=self._wanted())]
        blocks = frozenset(BLOCKS)
        for kind, node in nodes:
            if kind in blocks:
                self.source.blocks.add(kind, node)
            elif kind in ("import_statement", "import_from_statement"):
                self.names.take_import(kind, node)
        for kind, node in nodes:
            if kind == "assignment":
                self.names.bind(node)
            elif kind == "function_definition":
                self.names.take_parameters(node)
        handlers = self._handlers()
        for kind, node in nodes:
            handler = handlers.get(kind)
            if handler is not None:
                handler(node)
        self._finish()

    def _wanted(self) -> list[dict[str, Any]]:
        text, wanted = self.source.text.lower(), list(ALWAYS)
        for words, pattern, rule in SOMETIMES:
            near = rule not in wanted and any(word in text for word in words)
            if near and pattern.search(self.source.text):
                wanted.append(rule)
        raises = any(word in text for word in ("raise", "exit", "abort"))
        self.checks = raises and _READS.search(self.source.text) is not None
        return wanted

    def _handlers(self) -> dict[str, Callable[[Any], None]]:
        found: dict[str, Callable[[Any], None]] = {
            "assignment": self._on_assignment,
            "augmented_assignment": self._on_augmented_assignment,
            "attribute": self._on_attribute,
            "call": self.calls.take,
            "class_definition": self._on_class_definition,
            "decorated_definition": self._on_decorated_definition,
            "function_definition": self._on_function_definition,
            "global_statement": self._on_global_statement,
            "subscript": self._on_subscript,
            "ERROR": self._on_error,
        }
        if self.checks:
            found["if_statement"] = self._on_if_statement
        return found

    def _finish(self) -> None:
        if self.demanded:
            self._demand()
        self.found += global_writes(self.module, self.globals)
        self.found += log_uses(self.module)
        self.found += enqueues(self.module)
        if self.module.is_migration and "def upgrade" in self.source.text:
            from flask_preflight.artifacts.migration_operations import operations

            self.found += operations(self.source, self.root)
        if "sqlalchemy.url" in self.source.text and "_option(" in self.source.text:
            from flask_preflight.artifacts.migration_operations import url_settings

            self.found += url_settings(self.source, self.root)
        if "imit" in self.source.text and _EXEMPTS.search(self.source.text):
            self.found.append(facts.LimitExemption(self.module.path))
        self.module.imports = dict(self.source.imports)
        self.module.compared = frozenset(self.compared)
        flask = any(
            name.split(".")[0] == "flask" or name.startswith("flask_") for name in self._targets()
        )
        name, whole = module_name(self.module.path), self.module.is_whole
        self.found.append(facts.ModuleFact(self.module.path, name, flask, whole))

    def _demand(self) -> None:
        """What is read into a name and then asked for by a check that raises is required."""
        for index, fact in enumerate(self.found):
            if isinstance(fact, facts.EnvRead) and index in self.calls.read_into:
                asked = (_home(fact.guard), self.calls.read_into[index]) in self.demanded
                if asked and fact.value.has_default and not fact.value.literal:
                    self.found[index] = fact._replace(strict=fact.guard.condition != "dev")
            elif (
                isinstance(fact, facts.Constant) and (_home(fact.guard), fact.name) in self.demanded
            ):
                self.found[index] = fact._replace(value=_required(fact.value))

    def _targets(self) -> Iterator[str]:
        yield from self.source.imports.values()
        yield from (one.target for one in self.found if isinstance(one, facts.Import))

    def _add(self, fact: object) -> None:
        self.found.append(fact)

    def _on_error(self, node: Any) -> None:
        self.module.is_whole = False

    def _on_assignment(self, node: Any) -> None:
        left, right = node.field("left"), node.field("right")
        steps = 0
        while right is not None and right.kind() == "assignment" and steps < _MAX_CHAINED:
            # `one = other = value`: the inner assignment is handled on its own.
            right, steps = right.field("right"), steps + 1
        if left is None or right is None:
            return
        kind = left.kind()
        if kind == "identifier":
            self._constant(left, right, node)
        elif kind == "attribute":
            self._attribute_set(left, right, node)
        elif kind == "subscript":
            self._item_set(left, right, node)

    def _on_augmented_assignment(self, node: Any) -> None:
        left, right = node.field("left"), node.field("right")
        if left is not None and right is not None and left.kind() == "subscript":
            self._filled(left, right)

    def _filled(self, left: Any, right: Any) -> None:
        owner = left.field("value")
        if owner is not None and owner.kind() == "identifier":
            self.module.filled.append(Assigned(owner, right, self.evaluator))

    def _on_global_statement(self, node: Any) -> None:
        guard, where = self.source.guard(node), self.source.place(node)
        self.globals += [(one.text(), guard, where) for one in children(node)]

    def _constant(self, left: Any, right: Any, node: Any) -> None:
        name = left.text()
        made = right.kind() == "call" and self._makes(name)
        if not made and self.source.in_function(node) and not is_secret(name):
            return
        guard = self.source.guard(node)
        value, where = self.evaluator.value(right), self.source.place(left)
        if guard.where != "function":
            self._add(facts.Constant(self.module.path, name, value, guard, where))
            if not guard.scope:
                once = name not in self.evaluator.names and guard.condition == ""
                keep = once and value.kind in _KEPT
                self.evaluator.names[name] = value if keep else None
        self.calls.name_literal(name, value, "assignment", guard, where)
        if made:
            self._made(name, right, guard)

    def _makes(self, name: str) -> bool:
        return name in self.names.apps or name in self.names.blueprints or name in self.names.apis

    def _made(self, name: str, call: Any, guard: facts.Guard) -> None:
        called = self.source.dotted(call.field("function"))
        where = self.source.place(call)
        if name in self.names.apps and is_class(called):
            values = self.evaluator.arguments(call)
            self._add(facts.AppObject(self.module.path, name, called, values, guard, where))
        elif name in self.names.blueprints:
            given = dict(arguments(call))
            prefix = self.evaluator.text(given["url_prefix"]) if "url_prefix" in given else ""
            text = HOLE if prefix is None else prefix
            self._add(facts.BlueprintObject(self.module.path, name, text, where, guard))
        elif name in self.names.apis and called.endswith(("Namespace", "Api", ".namespace")):
            self._api(name, called, dict(arguments(call)), guard, where)

    def _api(
        self, name: str, called: str, given: dict[str, Any], guard: facts.Guard, where: Any
    ) -> None:
        """An `Api` of Flask-RESTful or Flask-RESTX, or a namespace of one."""
        is_api = called.endswith("Api")
        path = self.evaluator.text(given.get("path") or given.get("prefix"))
        if not is_api and path is None:
            path = "/" + (self.evaluator.text(given.get("0")) or HOLE)
        self._add(facts.BlueprintObject(self.module.path, name, path or "", where, guard))
        owner = given.get("app") or (given.get("0") if is_api else None)
        dotted = self.source.dotted(owner) or HOLE if owner is not None else ""
        if called.endswith(".namespace"):
            dotted = called.removesuffix(".namespace")
        if dotted:
            self._add(facts.Registration(self.module.path, dotted, name, None, guard, where))
        if is_api and called.startswith(("flask_restx.", "flask_restplus.")):
            self._documents(name, given, guard, where)

    def _documents(self, name: str, given: dict[str, Any], guard: facts.Guard, where: Any) -> None:
        """The pages that Flask-RESTX serves about the routes of an `Api`."""
        doc = given.get("doc")
        shown = "/" if doc is None else self.evaluator.text(doc) or ""
        for rule in ("/swagger.json", shown):
            if rule:
                view = facts.Decorated(self.module.path, name, rule, ("GET",), "", guard, where)
                self._add(view)

    def _attribute_set(self, left: Any, right: Any, node: Any) -> None:
        name = left.field("attribute").text()
        assigned = Assigned(left, right, self.evaluator)
        self.module.assigned_by_name.setdefault(name, []).append(assigned)
        if right.kind() == "call" and self._makes(left.text()):
            self._made(left.text(), right, self.source.guard(node))
        known = name in _ATTRIBUTES or name in _TOLD or name.isupper()
        if not known and not is_secret(name):
            return
        owner, where = self.source.dotted(left.field("object")), self.source.place(left)
        if name == "strict_slashes":
            if owner.endswith(".url_map") and right.kind() == "false":
                self._add(facts.LooseSlashes(self.module.path, owner.rpartition(".")[0], where))
            return
        value, guard = self.evaluator.value(right), self.source.guard(node)
        if name == "session_interface":
            self._add(facts.SessionUse(self.module.path, name, where))
        if name in _ATTRIBUTES and self.names.is_app(owner):
            self.calls.set(owner, _ATTRIBUTES[name], value, guard, where)
        elif CONFIG.search(owner) and name.isupper():
            self.calls.set(owner.rpartition(".")[0], name, value, guard, where)
        elif name == "wsgi_app":
            self._add(facts.Handler(self.module.path, "wsgi_app", where))
            if value.kind == "call" and value.reference.rpartition(".")[2] not in EXTENSIONS:
                made = value.reference
                self._add(facts.ExtensionCall(self.module.path, made, owner, (), guard, where))
        self.calls.name_literal(name, value, "assignment", guard, where)

    def _item_set(self, left: Any, right: Any, node: Any) -> None:
        self._filled(left, right)
        key = string(left.field("subscript"))
        if key is None:
            return
        owner = self.source.dotted(left.field("value"))
        configures = CONFIG.search(owner) is not None
        if not configures and not is_secret(key):
            return
        value, guard = self.evaluator.value(right), self.source.guard(node)
        where = self.source.place(left)
        if configures:
            self.calls.set(owner.rpartition(".")[0] or owner, key, value, guard, where)
        self.calls.name_literal(key, value, "assignment", guard, where)

    def _on_class_definition(self, node: Any) -> None:
        name, block, bases = node.field("name"), node.field("body"), node.field("superclasses")
        if name is None or block is None:
            return
        parents = [self.source.dotted(one) for one in children(bases)] if bases is not None else []
        values: list[facts.Constant] = []
        methods: list[str] = []
        for statement in _flat(block):
            inner = children(statement)[:1] if statement.kind() == "expression_statement" else []
            if inner and inner[0].kind() == "assignment":
                values += self._class_value(inner[0])
            elif statement.kind() in ("function_definition", "decorated_definition"):
                function = statement.field("definition") or statement
                named = function.field("name")
                methods += [named.text()] if named is not None else []
        where = self.source.place(name)
        if any(value.name == "session_interface" for value in values):
            self._add(facts.SessionUse(self.module.path, "session_interface", where))
        if any(one.endswith("BaseSettings") for one in parents):
            values = list(self._fields(block))
        found = facts.Class(
            self.module.path, name.text(), tuple(parents), tuple(values), tuple(methods), where
        )
        self._add(found)

    def _fields(self, block: Any) -> Iterator[facts.Constant]:
        """The fields of a class of pydantic's settings, each of which reads a variable."""
        text = self.source.slice(block, _MAX_SETTINGS)
        prefix = re.search(r"env_prefix\s*=\s*[\"'](\w*)[\"']", text)
        if "env_file" in text:
            what, where = "a file of variables", self.source.place(block)
            self._add(facts.Wholesale(self.module.path, what, where))
        for statement in _flat(block):
            inner = children(statement)[:1] if statement.kind() == "expression_statement" else []
            one = inner[0] if inner and inner[0].kind() == "assignment" else None
            if one is not None and one.field("type") is not None:
                yield from self._field(one, prefix[1] if prefix else "")

    def _field(self, node: Any, prefix: str) -> Iterator[facts.Constant]:
        left, right, kind = node.field("left"), node.field("right"), node.field("type")
        if left.kind() != "identifier":
            return
        where, guard, typed = self.source.place(left), self.source.guard(node), kind.text()
        boolean, names = typed.startswith("bool"), ((prefix + left.text()).upper(),)
        value = Value("env", where, names=names, boolean=boolean, cast=typed)
        given = self.evaluator.value(right) if right is not None else None
        if given is not None and given.kind != "call":
            known = given.literal if given.kind == "literal" else HOLE
            value = value._replace(has_default=True, literal=known, fallback=given.location)
        elif given is not None:
            # `Field(…)` may say anything.
            value = value._replace(has_default=True, literal=HOLE)
        self._add(facts.EnvRead(self.module.path, names[0], value, given is None, guard, where))
        yield facts.Constant(self.module.path, left.text(), value, guard, where)

    def _class_value(self, node: Any) -> Iterator[facts.Constant]:
        left, right = node.field("left"), node.field("right")
        if left is not None and right is not None and left.kind() == "identifier":
            where = self.source.place(left)
            guard = self.source.guard(node)
            value = self.evaluator.value(right)
            yield facts.Constant(self.module.path, left.text(), value, guard, where)

    def _on_function_definition(self, node: Any) -> None:
        name, body = node.field("name"), node.field("body")
        if name is None or body is None:
            return
        makes = self._may_make(name.text())
        returns = tuple(self._returns(body)) if makes else ()
        defaults = self._defaults(node)
        if not returns and not defaults and not makes:
            return
        guard = self.source.guard(node)
        qualified = ".".join(filter(None, [guard.scope, guard.function, name.text()]))
        where = self.source.place(name)
        names = tuple(self._parameter_names(node)) if makes or defaults else ()
        self._add(facts.Function(self.module.path, qualified, returns, defaults, where, names))
        for key, value in defaults:
            self.calls.name_literal(key, value, "default", guard, value.location, name.text())

    def _on_decorated_definition(self, node: Any) -> None:
        """Functions that may answer in place of a view."""
        text = None
        for one in node.named_children():
            if one.kind() != "decorator":
                continue
            inner = children(one)
            name = self.source.dotted(inner[0]) if inner else ""
            last = name.removesuffix("()").rpartition(".")[2]
            if last in ("after_request", "after_app_request"):
                self._add(facts.LogUse(self.module.path, "request", self.source.place(inner[0])))
            if last in HOOKS:
                text = text or self.source.slice(node.field("definition") or node, _MAX_HANDLER)
                if _answers(last, self.source.slice(one, _MAX_CHECK), text):
                    where = self.source.place(inner[0])
                    self._add(facts.Handler(self.module.path, last, where))

    def _may_make(self, name: str) -> bool:
        """Whether a function may be what makes the application."""
        return (
            bool(self.names.apps)
            or re.search(r"app|create|make|build|factory|init", name) is not None
        )

    def _returns(self, body: Any) -> Iterator[str]:
        for one in body.find_all(kind="return_statement"):
            inner = children(one)
            dotted = self.source.dotted(inner[0]) if inner else ""
            if dotted:
                yield dotted

    def _parameter_names(self, node: Any) -> Iterator[str]:
        found = node.field("parameters")
        for one in children(found) if found is not None else ():
            name = re.match(r"\w+", one.text())
            if name is not None and one.kind() != "keyword_separator":
                yield name[0]

    def _defaults(self, node: Any) -> tuple[tuple[str, Value], ...]:
        parameters = node.field("parameters")
        found = []
        for one in children(parameters) if parameters is not None else ():
            name, value = one.field("name"), one.field("value")
            if name is not None and value is not None and value.kind() not in _PLAIN:
                found.append((name.text(), self.evaluator.value(value)))
        return tuple(found)

    def _on_if_statement(self, node: Any) -> None:
        """Texts that a condition compares before it raises or exits."""
        body, condition = node.field("consequence"), node.field("condition")
        if body is None or condition is None:
            return
        if not _RAISES.search(self.source.slice(body, _MAX_CHECK)):
            return
        text = self.source.slice(condition, _MAX_CHECK)
        self.compared.update(re.findall(r"[\"']([^\"'\n]{1,200})[\"']", text))
        self.compared.update(re.findall(r"\b([A-Z][A-Z0-9_]{2,60})\b", text))
        if " and " not in text:
            home = _home(self.source.guard(node))
            for one in re.finditer(r"\bnot\s+([\w.]+)(?![\w.(])|\b([\w.]+)\s+is\s+None\b", text):
                self.demanded.add((home, one[1] or one[2]))

    def _on_subscript(self, node: Any) -> None:
        value = node.field("value")
        if value is None:
            return
        dotted = self.source.dotted(value)
        last = dotted.rpartition(".")[2]
        if last == "environ" and _ENVIRON.search(dotted):
            self._environ_item(node, self.evaluator.text(node.field("subscript")))
        elif last == "session" and "flask" in dotted:
            self._add(facts.SessionUse(self.module.path, "session", self.source.place(node)))
        elif last == "headers":
            key = string(node.field("subscript")) or ""
            if key.lower().startswith(FORWARDED):
                self._add(facts.ForwardedHeader(self.module.path, self.source.place(node)))

    def _environ_item(self, node: Any, key: str | None) -> None:
        where = self.source.place(node)
        before, after = self.source.near(node)
        if re.search(r"\bdel\s+\Z", before) or re.match(r"\s*=(?!=)", after):
            return
        if key is None:
            self._add(facts.Wholesale(self.module.path, "a computed name", where))
            return
        value = Value("env", where, names=(key,))
        guard = self.source.guard(node)
        strict = not guard.caught and key not in guard.tested
        self._add(facts.EnvRead(self.module.path, key, value, strict, guard, where))

    def _on_attribute(self, node: Any) -> None:
        dotted = self.source.dotted(node)
        if _CLIENT.search(dotted):
            self._client_fact(node, dotted.rpartition("request.")[2])
        elif dotted in ("flask.request.files", "flask.request.stream"):
            what = dotted.removeprefix("flask.")
            self._add(facts.UploadUse(self.module.path, what, self.source.place(node)))
        elif dotted.startswith("flask.session."):
            self._add(facts.SessionUse(self.module.path, "session", self.source.place(node)))
        elif _ENVIRON.search(dotted):
            self._environ_whole(node)

    def _client_fact(self, node: Any, what: str) -> None:
        where = self.source.place(node)
        before, _ = self.source.near(node)
        if what == "access_route":
            self._add(facts.ForwardedHeader(self.module.path, where))
        elif what == "remote_addr" or not _LOGS.search(before):
            self._add(facts.ClientFact(self.module.path, what, where))

    def _environ_whole(self, node: Any) -> None:
        """`os.environ` itself handed on: `dict(os.environ)`, `**os.environ`, a loop over it."""
        before, after = self.source.near(node)
        if re.match(r"\s*(?:\[|\.(?!(?:items|copy|keys|values)\b))", after):
            return
        if re.search(r"\bin\s+\Z", before) and not re.search(r"\bfor\b[^\n]*\Z", before):
            return
        if re.search(r"(?<![=<>!])=\s*\Z", before) and re.match(r"\s*(?:$|#)", after, re.M):
            return
        self._add(
            facts.Wholesale(self.module.path, "the whole environment", self.source.place(node))
        )


def _answers(hook: str, decorator: str, text: str) -> bool:
    """Whether a function answers requests for paths without a route, rather than refuse them."""
    if hook.startswith("before_"):
        return re.search(r"\breturn\s+(?!None\b)[^\s#]", text) is not None
    kind = re.search(r"\(\s*(?:\w+\.)*(\w+)", decorator)
    if kind is not None and kind[1] not in ("404", "NotFound", "HTTPException", "Exception"):
        return False
    statuses = re.findall(r",\s*(\d{3})\b", text)
    refuses = bool(statuses) and all(status >= "400" for status in statuses)
    return not refuses and re.search(r"\.code\b|status_code\s*=\s*[45]", text) is None


def _required(value: Value) -> Value:
    """A variable that may be missing, when a check afterwards refuses that."""
    missing = value.kind == "env" and value.has_default and value.literal in (None, "")
    return value._replace(has_default=False, literal=None) if missing else value


def _flat(block: Any) -> Iterator[Any]:
    """The statements of a class body, those in its branches too."""
    waiting = list(reversed(children(block)))
    while waiting:
        one = waiting.pop()
        if one.kind() in ("if_statement", "else_clause", "elif_clause", "try_statement", "block"):
            waiting += reversed([c for c in children(one) if c.kind() != "comparison_operator"])
        else:
            yield one
