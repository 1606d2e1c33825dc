"""One pass over the syntax tree of a Python file, which fills its module and collects the facts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from flask_preflight.artifacts import source as facts
from flask_preflight.artifacts.python import Call, Module, Named
from flask_preflight.artifacts.python_nodes import (
    Source,
    arguments,
    children,
    module_name,
    string,
)
from flask_preflight.artifacts.python_values import Evaluator
from flask_preflight.artifacts.secret import secret_name
from flask_preflight.artifacts.source import HOLE, Value
from flask_preflight.lazy import expression

ALWAYS: tuple[dict[str, Any], ...] = tuple(
    {"kind": kind}
    for kind in (
        "import_statement",
        "import_from_statement",
        "assignment",
        "call",
        "class_definition",
        "function_definition",
        "ERROR",
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
        (".scheme", "session."),
        expression(r"request\.scheme|(?<![\w.])session\."),
        {"kind": "attribute"},
    ),
    (
        ("environ",),
        expression(r"\benviron(?![\w\[]|\.(?:get|pop|setdefault|update)\b)"),
        {"kind": "attribute"},
    ),
    (
        ("raise", "exit", "abort"),
        expression(r"environ|getenv|env[.(]|config\("),
        {"kind": "if_statement"},
    ),
)
"""What one pass looks for; some only in files with such a word and expression, to save time."""
APPLICATIONS = frozenset(
    "flask.Flask Flask apiflask.APIFlask flask_openapi3.OpenAPI connexion.FlaskApp connexion.App "
    "flask.app.Flask flask_api.FlaskAPI".split()
)
_APP_NAMES = frozenset("app application flask_app server web webapp self.app self._app".split())
_RUNS = frozenset(("run", "run_server"))
_SERVES = frozenset(("waitress.serve", "werkzeug.serving.run_simple", "run_simple"))
_BLUEPRINTS = frozenset(
    "flask.Blueprint Blueprint apiflask.APIBlueprint flask_openapi3.APIBlueprint "
    "flask_smorest.Blueprint".split()
)
_DECORATORS = frozenset("route get post put delete patch".split())
_READS = frozenset("get pop getenv setdefault config env".split())
_HOOKS = frozenset("before_request before_app_request errorhandler app_errorhandler".split())
_ROUTING = (
    _DECORATORS
    | _HOOKS
    | frozenset("add_url_rule add_resource register_blueprint add_namespace register_api".split())
)
_CONFIG = expression(r"(?:^|\.)config\Z")
_LOADERS = frozenset(
    "from_object from_pyfile from_file from_json from_envvar from_prefixed_env from_mapping".split()
)
_SCHEMA = expression(
    r"(?:^|\.)create_all\Z|(?:^|\.)(?:flask_migrate|command)\.upgrade\Z|^upgrade\Z"
)
_OPENERS = frozenset(
    "sqlalchemy.create_engine create_engine sqlite3.connect sqlalchemy.engine_from_config".split()
)
_WHOLE = expression(
    r"(?:^|\.)(?:load_dotenv|from_prefixed_env|dotenv_values|Dynaconf|FlaskDynaconf)\Z"
)
_CLIENT = expression(
    r"(?:^|\.)request\.(?:remote_addr|access_route|url_root|host_url|base_url|scheme|is_secure)\Z"
)
_ENVIRON = expression(r"(?:^|\.)os\.environ\Z")
_ENVIRONMENT = frozenset(("os.environ", "os.environ.get", "os.getenv"))
_ENV_CLASSES = ("environs.Env", "environ.Env", "decouple.AutoConfig", "decouple.Config")
_MAX_HELPER = 3_000
_READS_FIRST = (
    r"(?:environ(?:\.(?:get|pop))?|getenv)\s*(?:\(|(?P<key>\[))\s*"
    r"(?:f[\"'](?P<f>\w*)\{FIRST\}[\"']|(?:[\"'](?P<plus>\w*)[\"']\s*\+\s*)?FIRST\b)"
)
_ASKS = expression(r"strtobool|\bin\s*[(\[{]|==\s*[\"'](?:1|[Tt]rue|yes|on)[\"']")
_GETS = expression(r"(?:^|\.)os\.(?:environ\.(?:get|pop)|getenv)\Z")
_FORWARDED = ("x-forwarded", "x-real")
_ATTRIBUTES = {
    "secret_key": "SECRET_KEY",
    "debug": "DEBUG",
    "testing": "TESTING",
    "session_cookie_secure": "SESSION_COOKIE_SECURE",
    "session_cookie_httponly": "SESSION_COOKIE_HTTPONLY",
    "permanent_session_lifetime": "PERMANENT_SESSION_LIFETIME",
}
_HINTS = {
    word: expression(word + r"\w{0,60}\s{0,9}=(?!=)")
    for word in "pass pw secret token key cred pepper salt cookie".split()
}
_NEVER_APPS = frozenset("asyncio subprocess uvicorn anyio trio typer invoke sh".split())
_WRAPPING = frozenset("argument_list call keyword_argument parenthesized_expression".split())
_KEPT = ("literal", "env", "random", "mapping")
_TOLD = ("wsgi_app", "strict_slashes")
_PLAIN = frozenset(("none", "true", "false", "integer", "list", "dictionary", "tuple"))
_SESSIONS = frozenset("login_user flash session_transaction LoginManager Session OAuth".split())


def _hints(text: str) -> Iterator[int]:
    """Where names that are like those of secrets stand before an equals sign."""
    lower = text.lower()
    # A few letters become two in lower case; then only lower case is looked for.
    searched = lower if len(lower) == len(text) else text
    for word, pattern in _HINTS.items():
        if word in searched:
            yield from (found.start() for found in pattern.finditer(searched))


@lru_cache(4096)
def _secret(name: str) -> bool:
    return secret_name(name) is not None


def collect(module: Module, root: Any, text: str) -> None:
    """Fill the module and its facts from the tree."""
    _Collector(module, root, text).run()


class _Collector:
    def __init__(self, module: Module, root: Any, text: str) -> None:
        self.module = module
        self.root = root
        self.source = Source(module.path, text)
        self.evaluator = Evaluator(self.source)
        self.found = module.collected
        self.apps: set[str] = set()
        self.socketio: set[str] = set()
        self.blueprints: set[str] = set()
        self.apis: set[str] = set()
        self.parameters: set[str] = set()
        self.overrides: set[tuple[str, str]] = set()
        """Parameters (with their function) that are None when nobody gives them."""
        self.bound: set[str] = set()
        """Names of the results of calls."""
        self.compared: set[str] = set()
        self.demanded: set[tuple[str, str]] = set()
        """Names (with the function they are in) without which the code raises."""
        self.read_into: dict[int, str] = {}
        """What the variable of a fact, by its index, is read into."""
        self.hinted = sorted(_hints(text))
        """Where arguments may stand that are named like secrets."""
        self.begins: list[int] = []
        self.ends: list[int] = []

    def run(self) -> None:
        text = self.source.text.lower()
        wanted = list(ALWAYS)
        for words, pattern, rule in SOMETIMES:
            near = rule not in wanted and any(word in text for word in words)
            if near and pattern.search(self.source.text):
                wanted.append(rule)
        nodes = [(node.kind(), node) for node in self.root.find_all(any=wanted)]
        for kind, node in nodes:
            if kind in ("import_statement", "import_from_statement"):
                self._import(kind, node)
            elif kind == "function_definition":
                self._span(node)
        for kind, node in nodes:
            if kind == "assignment":
                self._bind(node)
            elif kind == "function_definition":
                self._parameters(node)
        for kind, node in nodes:
            handler = getattr(self, f"_on_{kind.lower()}", None)
            if handler is not None:
                handler(node)
        if self.demanded:
            self._demand()
        self.module.imports = dict(self.source.imports)
        self.module.compared = frozenset(self.compared)
        flask = any(
            name.split(".")[0] == "flask" or name.startswith("flask_") for name in self._targets()
        )
        whole = self.module.is_whole
        name = module_name(self.module.path)
        self.found.append(facts.ModuleFact(self.module.path, name, flask, whole))

    def _demand(self) -> None:
        """What is read into a name and then asked for by a check that raises is required."""
        for index, fact in enumerate(self.found):
            if isinstance(fact, facts.EnvRead) and index in self.read_into:
                asked = (fact.guard.function, self.read_into[index]) in self.demanded
                if asked and fact.value.has_default and not fact.value.literal:
                    self.found[index] = fact._replace(strict=fact.guard.condition != "dev")
            elif isinstance(fact, facts.Constant) and ("", fact.name) in self.demanded:
                self.found[index] = fact._replace(value=_required(fact.value))

    def _span(self, node: Any) -> None:
        """Remember where the outermost functions are."""
        span = node.replace("")
        if not self.ends or span.start_pos >= self.ends[-1]:
            self.begins.append(span.start_pos)
            self.ends.append(span.end_pos)

    def _in_function(self, node: Any) -> bool:
        index = bisect_right(self.begins, offset := node.replace("").start_pos) - 1
        return index >= 0 and offset < self.ends[index]

    def _targets(self) -> Iterator[str]:
        yield from self.source.imports.values()
        yield from (one.target for one in self.found if isinstance(one, facts.Import))

    def _add(self, fact: object) -> None:
        self.found.append(fact)

    # Imports

    def _import(self, kind: str, node: Any) -> None:
        where = self.source.place(node)
        if kind == "import_statement":
            for one in children(node):
                name = one.field("name") if one.kind() == "aliased_import" else one
                alias = one.field("alias") if one.kind() == "aliased_import" else None
                target = name.text()
                local = alias.text() if alias is not None else target.split(".")[0]
                self.source.imports[local] = target if alias is not None else local
                self._add(facts.Import(self.module.path, target, "", where))
            return
        found = node.field("module_name")
        base = self._absolute(found.text()) if found is not None else ""
        names = [one for one in children(node) if one != found]
        for one in names:
            if one.kind() == "wildcard_import":
                self._add(facts.Import(self.module.path, base, "*", where, True))
                continue
            name = one.field("name") if one.kind() == "aliased_import" else one
            alias = one.field("alias") if one.kind() == "aliased_import" else name
            self.source.imports[alias.text()] = f"{base}.{name.text()}".lstrip(".")
            self._add(facts.Import(self.module.path, base, name.text(), where))

    def _absolute(self, text: str) -> str:
        dots = len(text) - len(text.lstrip("."))
        if not dots:
            return text
        parts = self.source.package.split(".") if self.source.package else []
        if dots - 1:
            parts = parts[: -(dots - 1)] if dots - 1 <= len(parts) else []
        return ".".join([*parts, *filter(None, [text.lstrip(".")])])

    # Names

    def _bind(self, node: Any) -> None:
        """What local names stand for: applications, blueprints and literals bound once."""
        left, right = node.field("left"), node.field("right")
        if left is None or right is None:
            return
        name = left.text()
        if right.kind() == "call":
            self.bound.add(name)
        if right.kind() in ("attribute", "identifier"):
            self._alias(name, self.source.dotted(right))
        elif right.kind() == "call":
            called = self.source.dotted(right.field("function"))
            if _is_flask(called) or name in _OBJECTS and _is_class(called):
                self.apps.add(name)
            elif called in _BLUEPRINTS or called.endswith(".Blueprint"):
                self.blueprints.add(name)
            elif called.endswith("SocketIO"):
                self.socketio.add(name)
            elif called.endswith((".Api", "Api", "Namespace", "RestX")):
                self.apis.add(name)
            elif called.endswith(_ENV_CLASSES):
                self.evaluator.env_objects.add(name)
                self.evaluator.env_objects.add(f"{called}()")

    def _alias(self, name: str, dotted: str) -> None:
        """Another name for the environment, the configuration or a method of the application."""
        owner, _, last = dotted.rpartition(".")
        known = dotted in _ENVIRONMENT or last in ("config", "run") and self._is_app(owner)
        if known and name.isidentifier():
            self.source.imports.setdefault(name, dotted)

    def _parameters(self, node: Any) -> None:
        found = node.field("parameters")
        text = found.text() if found is not None else ""
        self._reads_for_callers(node, text)
        if "=" in text:
            name = node.field("name").text()
            for one in re.finditer(r"(\w+)\s*(?::[^,=]{0,80})?=\s*None\b", text):
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
            self.module.path,
            name.text(),
            first[1],
            read["f"] or read["plus"] or "",
            second.text() if second is not None else "",
            self.evaluator.value(written) if written is not None else None,
            boolean,
            cast[1] if cast else "",
            needs,
        )
        self._add(reader)

    def _is_app(self, owner: str) -> bool:
        if owner in self.apps or owner in self.parameters or owner.endswith("current_app"):
            return True
        return owner in ("app", "application", "flask_app", "self.app") and self._knows_flask()

    def _knows_flask(self) -> bool:
        return any(name.startswith("flask") for name in self.source.imports.values())

    # Statements

    def _on_error(self, node: Any) -> None:
        self.module.is_whole = False

    def _on_assignment(self, node: Any) -> None:
        left, right = node.field("left"), node.field("right")
        if left is None or right is None or right.kind() == "assignment":
            return
        kind = left.kind()
        if kind == "identifier":
            self._constant(left, right, node)
        elif kind == "attribute":
            self._attribute_set(left, right, node)
        elif kind == "subscript":
            self._item_set(left, right, node)
        chained = node.parent()
        if chained is not None and chained.kind() == "assignment":
            outer = chained.field("left")
            if outer is not None and outer.kind() == "identifier":
                self._constant(outer, right, chained)

    def _constant(self, left: Any, right: Any, node: Any) -> None:
        name = left.text()
        made = right.kind() == "call" and self._makes(name)
        if not made and self._in_function(node) and not _secret(name):
            return
        guard = self.source.guard(node)
        value, where = self.evaluator.value(right), self.source.place(left)
        if guard.where != "function":
            self._add(facts.Constant(self.module.path, name, value, guard, where))
            if not guard.scope:
                once = name not in self.evaluator.names and guard.condition == ""
                keep = once and value.kind in _KEPT
                self.evaluator.names[name] = value if keep else None
        self._name_literal(name, value, "assignment", guard, where)
        if made:
            self._made(name, right, guard)

    def _makes(self, name: str) -> bool:
        return name in self.apps or name in self.blueprints or name in self.apis

    def _made(self, name: str, call: Any, guard: facts.Guard) -> None:
        called = self.source.dotted(call.field("function"))
        where = self.source.place(call)
        if name in self.apps and _is_class(called):
            values = self.evaluator.arguments(call)
            self._add(facts.AppObject(self.module.path, name, called, values, guard, where))
        elif name in self.blueprints:
            given = dict(arguments(call))
            prefix = string(given.get("url_prefix")) if "url_prefix" in given else ""
            text = HOLE if prefix is None else prefix
            self._add(facts.BlueprintObject(self.module.path, name, text, where, guard))
        elif name in self.apis and called.endswith(("Namespace", "Api")):
            given = dict(arguments(call))
            path = string(given.get("path") or given.get("prefix"))
            if called.endswith("Namespace") and path is None:
                path = "/" + (string(given.get("0")) or HOLE)
            self._add(facts.BlueprintObject(self.module.path, name, path or "", where, guard))
            owner = given.get("app") or (given.get("0") if called.endswith("Api") else None)
            if owner is not None:
                dotted = self.source.dotted(owner) or HOLE
                self._add(facts.Registration(self.module.path, dotted, name, None, guard, where))

    def _attribute_set(self, left: Any, right: Any, node: Any) -> None:
        name = left.field("attribute").text()
        if right.kind() == "call" and self._makes(left.text()):
            self._made(left.text(), right, self.source.guard(node))
        known = name in _ATTRIBUTES or name in _TOLD or name.isupper()
        if not known and not _secret(name):
            return
        owner, where = self.source.dotted(left.field("object")), self.source.place(left)
        if name == "strict_slashes":
            if owner.endswith(".url_map") and right.kind() == "false":
                self._add(facts.LooseSlashes(self.module.path, owner.rpartition(".")[0], where))
            return
        value, guard = self.evaluator.value(right), self.source.guard(node)
        if name in _ATTRIBUTES and self._is_app(owner):
            self._setting(owner, _ATTRIBUTES[name], value, guard, where)
        elif _CONFIG.search(owner) and name.isupper():
            self._setting(owner.rpartition(".")[0], name, value, guard, where)
        elif name == "wsgi_app":
            self._add(facts.Handler(self.module.path, "wsgi_app", where))
            if value.kind == "call" and value.reference.rpartition(".")[2] not in _KNOWN:
                made = value.reference
                self._add(facts.ExtensionCall(self.module.path, made, owner, (), guard, where))
        self._name_literal(name, value, "assignment", guard, where)

    def _item_set(self, left: Any, right: Any, node: Any) -> None:
        key = string(left.field("subscript"))
        if key is None:
            return
        owner = self.source.dotted(left.field("value"))
        configures = _CONFIG.search(owner) is not None
        if not configures and not _secret(key):
            return
        value, guard = self.evaluator.value(right), self.source.guard(node)
        where = self.source.place(left)
        if configures:
            self._setting(owner.rpartition(".")[0] or owner, key, value, guard, where)
        self._name_literal(key, value, "assignment", guard, where)

    def _setting(
        self,
        owner: str,
        key: str,
        value: Value,
        guard: facts.Guard,
        where: Any,
        unset: bool = False,
    ) -> None:
        self._add(facts.Setting(self.module.path, owner, key, value, guard, where, unset))

    def _name_literal(
        self, name: str, value: Value, how: str, guard: facts.Guard, where: Any, call: str = ""
    ) -> None:
        if value.is_text and _secret(name):
            self.module.literals.append(Named(name, value, how, guard, where, call))

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
        found = facts.Class(
            self.module.path, name.text(), tuple(parents), tuple(values), tuple(methods), where
        )
        self._add(found)

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
            self._name_literal(key, value, "default", guard, value.location, name.text())

    def _may_make(self, name: str) -> bool:
        """Whether a function may be what makes the application."""
        return bool(self.apps) or re.search(r"app|create|make|build|factory|init", name) is not None

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
        if not re.search(r"\b(?:raise|sys\.exit|exit|abort)\b", body.text()):
            return
        text = condition.text()
        self.compared.update(re.findall(r"[\"']([^\"'\n]{1,200})[\"']", text))
        self.compared.update(re.findall(r"\b([A-Z][A-Z0-9_]{2,60})\b", text))
        if " and " not in text:
            function = self.source.guard(node).function
            for found in re.finditer(r"\bnot\s+([\w.]+)(?![\w.(])|\b([\w.]+)\s+is\s+None\b", text):
                self.demanded.add((function, found[1] or found[2]))

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
            if key.lower().startswith(_FORWARDED):
                self._add(facts.ForwardedHeader(self.module.path, self.source.place(node)))

    def _environ_item(self, node: Any, key: str | None) -> None:
        where, parent = self.source.place(node), node.parent()
        kind = parent.kind() if parent is not None else ""
        if kind == "delete_statement" or kind == "assignment" and parent.field("left") == node:
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
            self._add(
                facts.ClientFact(
                    self.module.path, dotted.rpartition("request.")[2], self.source.place(node)
                )
            )
        elif dotted.startswith("flask.session."):
            self._add(facts.SessionUse(self.module.path, "session", self.source.place(node)))
        elif _ENVIRON.search(dotted):
            self._environ_whole(node)

    def _environ_whole(self, node: Any) -> None:
        """`os.environ` itself handed on: `dict(os.environ)`, `**os.environ`, a loop over it."""
        parent = node.parent()
        kind = parent.kind() if parent is not None else ""
        if kind in ("subscript", "comparison_operator"):
            return
        if kind == "attribute":
            name = parent.field("attribute").text()
            if name not in ("items", "copy", "keys", "values"):
                return
        if kind == "assignment" and parent.field("right") == node:
            return
        self._add(
            facts.Wholesale(self.module.path, "the whole environment", self.source.place(node))
        )

    # Calls

    def _on_call(self, node: Any) -> None:
        name = self.source.dotted(node.field("function"))
        if not name:
            return
        last = name.rpartition(".")[2]
        call = Call(name, node, self.evaluator)
        if _is_flask(name):
            self._bare(node, name, call)
        self.module.calls_by_name.setdefault(last, []).append(call)
        if self.hinted:
            self._secret_arguments(node, name)
        if last in _READS or self.evaluator.env_objects or last in self.evaluator.helpers:
            self._env_call(node, name, call)
        if "config" in name:
            self._config_call(node, name, last, call)
        if last in _SERVING:
            self._server_call(name, last, call)
        if last in _ROUTING:
            self._route_call(node, name, last, call)
        if last in _TELLING or name.startswith("flask_"):
            self._other_call(node, name, last, call)

    def _bare(self, node: Any, name: str, call: Call) -> None:
        """An application that is made without being bound to a name: returned, or wrapped."""
        above, steps = node.parent(), 0
        while above is not None and above.kind() in _WRAPPING and steps < 6:
            above, steps = above.parent(), steps + 1
        bound = above is not None and above.kind() == "assignment"
        if bound and steps == 0:
            return
        left = above.field("left") if bound and above is not None else None
        text = left.text() if left is not None else ""
        where = call.location
        self._add(facts.AppObject(self.module.path, text, name, call.arguments, call.guard, where))

    def _secret_arguments(self, node: Any, called: str) -> None:
        """Literals that are given for secrets."""
        span = node.replace("")
        first = bisect_right(self.hinted, span.start_pos)
        if first == len(self.hinted) or self.hinted[first] >= span.end_pos:
            return
        for name, value in arguments(node):
            if _secret(name):
                found = self.evaluator.value(value)
                guard = self.source.guard(node)
                self._name_literal(name, found, "argument", guard, found.location, called)

    def _env_call(self, node: Any, name: str, call: Call) -> None:
        helped = name in self.evaluator.helpers
        if not helped and not _GETS.search(name) and not self.evaluator.is_reader(name):
            return
        value = read = self.evaluator.value(node)
        guard, where = call.guard, call.location
        if value.kind != "env" or not value.names:
            self._computed(node, name, guard, where)
            return
        strict = value.required or self._is_used_strictly(node, value)
        strict = strict and not guard.caught and value.names[0] not in guard.tested
        target = self._assigned_to(node)
        if target:
            self.read_into[len(self.found)] = target
        self._add(facts.EnvRead(self.module.path, value.names[0], read, strict, guard, where))

    def _computed(self, node: Any, name: str, guard: facts.Guard, where: Any) -> None:
        """A variable whose name is not written here, unless a caller of the function says it."""
        first = dict(arguments(node)).get("0")
        reader = self.evaluator.helpers.get(guard.function.rpartition(".")[2])
        mine = reader is not None and first is not None and reader.parameter in first.text()
        if first is not None and _GETS.search(name) and not mine:
            self._add(facts.Wholesale(self.module.path, "a computed name", where))

    def _is_used_strictly(self, node: Any, value: Value) -> bool:
        """Whether None in its place fails: `int(os.environ.get("PORT"))`, `open(…)`."""
        if value.literal is not None or not value.has_default:
            return False
        parent = node.parent()
        if parent is None:
            return False
        if parent.kind() == "argument_list":
            outer = parent.parent()
            called = self.source.dotted(outer.field("function")) if outer is not None else ""
            return called in ("int", "float", "open", "Path", "pathlib.Path", "json.loads")
        if parent.kind() == "attribute":
            return parent.field("attribute").text() in (
                "split",
                "lower",
                "upper",
                "strip",
                "startswith",
            )
        return False

    def _config_call(self, node: Any, name: str, last: str, call: Call) -> None:
        owner = name.rpartition(".")[0]
        if not _CONFIG.search(owner):
            return
        guard, where = call.guard, call.location
        app = owner.rpartition(".")[0] or owner
        if last in ("update", "from_mapping"):
            self._mapping(node, app, guard)
        elif last == "setdefault":
            given = dict(arguments(node))
            key = string(given.get("0"))
            if key and "1" in given:
                value = self.evaluator.value(given["1"])
                self._setting(app, key, value, guard, where, True)
        elif last in _LOADERS:
            values = dict(call.arguments)
            first = values.get("0") or next(iter(values.values()), Value("unknown", where))
            self._add(facts.Loaded(self.module.path, app, last, first, guard, where))

    def _mapping(self, node: Any, app: str, guard: facts.Guard) -> None:
        for key, value in arguments(node):
            if key == "**" or key.isdigit():
                pairs = list(_pairs(value))
                if not pairs and self._take_named(value, app, guard):
                    continue
                for name, inner in pairs:
                    found = self.evaluator.value(inner)
                    self._setting(app, name, found, guard, self.source.place(inner))
                    self._name_literal(name, found, "key", guard, self.source.place(inner))
                if not pairs:
                    given = self.evaluator.value(value)
                    where = self.source.place(value)
                    self._add(facts.Loaded(self.module.path, app, "mapping", given, guard, where))
            else:
                self._setting(
                    app, key, self.evaluator.value(value), guard, self.source.place(value)
                )

    def _take_named(self, node: Any, app: str, guard: facts.Guard) -> bool:
        """Settings from a dictionary that a name of the file stands for, or that tests may give."""
        inner = children(node)[0] if node.kind() == "dictionary_splat" else node
        given = self.evaluator.value(inner)
        where = self.source.place(inner)
        if given.kind == "literal" and isinstance(given.literal, dict):
            for key, value in given.literal.items():
                found = Value("literal", given.location, value)
                self._setting(app, str(key), found, guard, where)
        elif given.kind == "mapping":
            for key, value in given.literal:
                self._setting(app, key, value, guard, value.location)
        else:
            return self._is_override(inner, guard)
        return True

    def _is_override(self, node: Any, guard: facts.Guard) -> bool:
        """Whether it is a parameter of the function that nobody has to give."""
        if node.kind() != "identifier" or guard.where != "function":
            return False
        return (guard.function.rpartition(".")[2], node.text()) in self.overrides

    def _server_call(self, name: str, last: str, call: Call) -> None:
        owner = name.rpartition(".")[0]
        if last in _RUNS and owner:
            sure = owner in self.apps or owner in self.socketio or self._is_app(owner)
            named = owner in _APP_NAMES or owner.endswith(("_app", ".app"))
            keywords = {key for key, _ in call.arguments}
            told = {"host", "port", "threaded", "use_reloader", "debug", "ssl_context"} & keywords
            guessed = named and told and self._knows_flask()
            if sure or guessed or self._may_be_app(owner):
                self._add(self._run_call(owner, last, call, sure or bool(guessed)))
        elif name in _SERVES:
            self._add(self._run_call(owner, last, call, True))

    def _may_be_app(self, owner: str) -> bool:
        """Whether another module may say that this is an application."""
        if owner.partition(".")[0] in _NEVER_APPS:
            return False
        name = owner.removesuffix("()")
        return name in self.bound or owner in self.source.imports.values() or "app" in name

    def _run_call(self, owner: str, last: str, call: Call, sure: bool) -> facts.RunCall:
        positions = {"0": "host", "1": "port", "2": "debug"} if last == "run" else {}
        if owner in self.socketio:
            positions = {"1": "host", "2": "port"}
        given = tuple((positions.get(key, key), value) for key, value in call.arguments)
        return facts.RunCall(self.module.path, owner, last, given, call.guard, call.location, sure)

    def _route_call(self, node: Any, name: str, last: str, call: Call) -> None:
        owner = name.rpartition(".")[0]
        parent = node.parent()
        guard, where = call.guard, call.location
        if parent is not None and parent.kind() == "decorator":
            self._decorator(node, owner, last, guard, where)
        elif last == "add_url_rule" and owner:
            given = dict(arguments(node))
            rule = self._rule(given.get("0") or given.get("rule"))
            view = self.source.dotted(given.get("2") or given.get("view_func"))
            loose = _loose(given)
            self._route(owner, rule, given.get("methods"), view, guard, where, None, loose)
        elif last == "add_resource" and owner:
            given = dict(arguments(node))
            for key, value in given.items():
                if key.isdigit() and key != "0":
                    self._route(owner, self._rule(value), None, "*", guard, where)
        elif last in ("register_blueprint", "add_namespace", "register_api") and owner:
            self._register(node, owner, guard, where)

    def _decorator(self, node: Any, owner: str, last: str, guard: facts.Guard, where: Any) -> None:
        if last in _DECORATORS and owner:
            if not self._can_route(owner, last):
                return
            given = dict(arguments(node))
            rules = [v for k, v in given.items() if k.isdigit()] or [given.get("rule")]
            methods, loose = given.get("methods"), _loose(given)
            for rule in rules:
                fixed = None if last == "route" else (last.upper(),)
                self._route(owner, self._rule(rule), methods, "", guard, where, fixed, loose)
        elif last in _HOOKS:
            self._add(facts.Handler(self.module.path, last, where))

    def _rule(self, node: Any) -> str | None:
        """The text of a rule, constants of the file filled in."""
        found = string(node)
        return found if found is not None else self.evaluator.text(node)

    def _can_route(self, owner: str, last: str) -> bool:
        """Whether decorating with it can add a route: `@pytest.fixture.get` cannot."""
        known = owner in self.apps or owner in self.blueprints or owner in self.apis
        if known or owner in self.parameters or last == "route":
            return True
        return owner in self.source.imports.values() or owner in ("app", "bp", "api", "blueprint")

    def _route(
        self,
        owner: str,
        rule: str | None,
        methods: Any,
        view: str,
        guard: facts.Guard,
        where: Any,
        fixed: tuple[str, ...] | None = None,
        loose: bool = False,
    ) -> None:
        found = fixed
        if methods is not None:
            value = self.evaluator.value(methods).literal
            words = value if isinstance(value, tuple) else ()
            found = tuple(str(word).upper() for word in words) or ("*",)
        elif fixed is None and view == "*":
            found = ("*",)
        self._add(facts.Decorated(self.module.path, owner, rule, found, view, guard, where, loose))

    def _register(self, node: Any, owner: str, guard: facts.Guard, where: Any) -> None:
        given = dict(arguments(node))
        first = given.get("0") or given.get("blueprint") or given.get("ns")
        blueprint = self.source.dotted(first)
        node_of_prefix = given.get("url_prefix") or given.get("path")
        prefix = None
        if node_of_prefix is not None:
            value = self.evaluator.value(node_of_prefix)
            known = value.kind == "literal" and isinstance(value.literal, (str, type(None)))
            prefix = value.literal if known else HOLE
        looped = self._looped(node, first) if guard.loop else None
        if looped:
            for one in looped:
                self._add(facts.Registration(self.module.path, owner, one, prefix, guard, where))
            return
        if not blueprint or guard.loop:
            self._add(facts.Dynamic(self.module.path, "blueprints in a loop", guard, where))
        if blueprint:
            self._add(facts.Registration(self.module.path, owner, blueprint, prefix, guard, where))

    def _looped(self, node: Any, name: Any) -> list[str] | None:
        """The names that a loop over a list that is written out gives to its variable."""
        above, steps = node, 0
        while above is not None and above.kind() != "for_statement" and steps < 10:
            above, steps = above.parent(), steps + 1
        if above is None or above.kind() != "for_statement" or name is None:
            return None
        left, right = above.field("left"), above.field("right")
        if left is None or right is None or left.text() != name.text():
            return None
        if right.kind() not in ("list", "tuple"):
            return None
        found = [self.source.dotted(one) for one in children(right)]
        return found if all(found) else None

    def _other_call(self, node: Any, name: str, last: str, call: Call) -> None:
        if last in ("get", "getlist"):
            self._header(name, last, call)
        elif last in _MENTIONED or name in _OPENERS:
            self._mentioned(name, last, call)
        if last == "init_app" or last in _KNOWN or name.startswith("flask_"):
            target = self._assigned_to(node)
            fact = facts.ExtensionCall(
                self.module.path, name, target, call.arguments, call.guard, call.location
            )
            self._add(fact)

    def _header(self, name: str, last: str, call: Call) -> None:
        if name.endswith(f"headers.{last}"):
            first = call.argument("0")
            if first is not None and first.text.lower().startswith(_FORWARDED):
                self._add(facts.ForwardedHeader(self.module.path, call.location))

    def _mentioned(self, name: str, last: str, call: Call) -> None:
        """Calls that leave a fact of their own."""
        path, guard, where = self.module.path, call.guard, call.location
        if _WHOLE.search(name):
            self._add(facts.Wholesale(path, last, where))
        elif _SCHEMA.search(name) and self._changes_schema(name):
            self._add(facts.SchemaChange(path, last, guard, where))
        elif name in _OPENERS:
            first = call.argument("0", "url")
            if first is not None:
                self._add(facts.DatabaseUse(path, first, guard, where))
        elif last == "url_for":
            external = call.argument("_external")
            named = call.argument("_scheme") is not None
            if external is not None and external.literal is True and not named:
                self._add(facts.ClientFact(path, "url_for(_external=True)", where))
        elif last in ("get_remote_address", "authorize_redirect"):
            self._add(facts.ClientFact(path, f"{last}()", where))
        elif last in _SESSIONS and (last == "login_user" or "flask" in name):
            self._add(facts.SessionUse(path, last, where))
        elif last == "import_module":
            self._imported(call)
        elif last == "setattr" and guard.loop:
            unknown = Value("unknown", where)
            self._add(facts.Loaded(path, "", "setattr", unknown, guard, where))

    def _imported(self, call: Call) -> None:
        first = call.argument("0", "name")
        known = first is not None and first.kind == "literal" and isinstance(first.literal, str)
        if first is not None and known and HOLE not in str(first.literal):
            target = str(first.literal)
            self._add(facts.Import(self.module.path, target, "", call.location))
        else:
            what = "modules imported by a computed name"
            self._add(facts.Dynamic(self.module.path, what, call.guard, call.location))

    def _changes_schema(self, name: str) -> bool:
        """`upgrade` alone is a common name: it counts where it was imported for migrations."""
        return name.endswith(("create_all", "flask_migrate.upgrade", "alembic.command.upgrade"))

    def _assigned_to(self, node: Any) -> str:
        parent = node.parent()
        left = (
            parent.field("left") if parent is not None and parent.kind() == "assignment" else None
        )
        return left.text() if left is not None else ""


_MENTIONED = _SESSIONS | frozenset(
    "load_dotenv from_prefixed_env dotenv_values Dynaconf FlaskDynaconf create_all upgrade url_for "
    "get_remote_address authorize_redirect import_module setattr".split()
)
_KNOWN = frozenset(
    "ProxyFix Talisman SSLify Limiter SQLAlchemy Migrate CSRFProtect CsrfProtect LoginManager "
    "SocketIO Cache DispatcherMiddleware HealthCheck PrometheusMetrics Session exempt "
    "protect".split()
)


_SERVING = _RUNS | frozenset(name.rpartition(".")[2] for name in _SERVES)
_TELLING = (
    _MENTIONED
    | _KNOWN
    | frozenset(name.rpartition(".")[2] for name in _OPENERS)
    | frozenset(("get", "getlist", "init_app"))
)
_OBJECTS = frozenset("app application flask_app self.app".split())


def _required(value: Value) -> Value:
    """A variable that may be missing, when a check afterwards refuses that."""
    missing = value.kind == "env" and value.has_default and value.literal in (None, "")
    return value._replace(has_default=False, literal=None) if missing else value


def _is_flask(called: str) -> bool:
    return called in APPLICATIONS or called.endswith(".Flask")


def _loose(given: dict[str, Any]) -> bool:
    """Whether a rule says that a slash at its end does not matter."""
    value = given.get("strict_slashes")
    return value is not None and value.kind() == "false"


def _is_class(called: str) -> bool:
    """Whether a name is that of a class, by its spelling."""
    return called.rpartition(".")[2][:1].isupper()


def _pairs(node: Any) -> Iterator[tuple[str, Any]]:
    """The items of a dictionary that is written out, or of `dict(NAME=value)`."""
    if node.kind() == "dictionary_splat":
        inner = children(node)
        node = inner[0] if inner else node
    if node.kind() == "dictionary":
        for one in children(node):
            key = string(one.field("key")) if one.kind() == "pair" else None
            if key is not None:
                yield key, one.field("value")
    elif node.kind() == "call" and node.field("function").text() == "dict":
        yield from ((key, value) for key, value in arguments(node) if not key.isdigit())


def _flat(block: Any) -> Iterator[Any]:
    """The statements of a class body, those in its branches too."""
    waiting = list(reversed(children(block)))
    while waiting:
        one = waiting.pop()
        if one.kind() in ("if_statement", "else_clause", "elif_clause", "try_statement", "block"):
            waiting += reversed([c for c in children(one) if c.kind() != "comparison_operator"])
        else:
            yield one
