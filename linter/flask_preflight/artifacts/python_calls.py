"""The calls of a Python file: what it configures, registers, starts, reads and opens."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from flask_preflight.artifacts import source as facts
from flask_preflight.artifacts.python import Call, Module, Named
from flask_preflight.artifacts.python_names import Names, is_flask
from flask_preflight.artifacts.python_nodes import arguments, children, string
from flask_preflight.artifacts.secret import secret_name
from flask_preflight.artifacts.source import HOLE, Value
from flask_preflight.lazy import expression

_APP_NAMES = frozenset("app application flask_app server web webapp self.app self._app".split())
_RUNS = frozenset(("run", "run_server"))
_DEVELOPMENT = frozenset(
    "werkzeug.serving.run_simple werkzeug.serving.make_server wsgiref.simple_server.make_server "
    "run_simple".split()
)
_SERVES = _DEVELOPMENT | {"waitress.serve"}
_DECORATORS = frozenset("route get post put delete patch".split())
_READS = frozenset("get pop getenv setdefault config env".split())
HOOKS = frozenset("before_request before_app_request errorhandler app_errorhandler".split())
_ROUTING = (
    _DECORATORS
    | HOOKS
    | frozenset("add_url_rule add_resource add_namespace init_app".split())
    | frozenset(("register_blueprint", "register_api"))
)
CONFIG = expression(r"(?:^|\.)config\Z")
_LOADERS = frozenset(
    "from_object from_pyfile from_file from_json from_envvar from_prefixed_env from_mapping".split()
)
_SCHEMA = expression(
    r"(?:^|\.)(?:create|drop)_all\Z|(?:^|\.)(?:flask_migrate|command)\.upgrade\Z|^upgrade\Z"
)
_OPENERS = frozenset(
    "sqlalchemy.create_engine create_engine sqlite3.connect sqlalchemy.engine_from_config".split()
)
_WHOLE = expression(
    r"(?:^|\.)(?:load_dotenv|from_prefixed_env|dotenv_values|Dynaconf|FlaskDynaconf)\Z"
)
_GETS = expression(r"(?:^|\.)os\.(?:environ\.(?:get|pop)|getenv)\Z")
FORWARDED = ("x-forwarded", "x-real")
_HINTS = {
    word: expression(word + r"\w{0,60}\s{0,9}=(?!=)")
    for word in "pass pw secret token key cred pepper salt cookie".split()
}
_BOUND = expression(
    r"\A\s*(?:\w+\s*=\s*)*(?P<name>[\w.]+)\s*(?::[^=\n]{0,60})?=\s*(?P<wrapped>[\w.]+\(\s*)?\Z"
)
"""A line that binds what follows to a name, perhaps in another call."""
_NEEDS_METHOD = expression(r"\s*\.\s*(?:split|lower|upper|strip|startswith)\b")
_NEEDS_CALL = expression(r"(?<![\w.])(?:int|float|open|(?:pathlib\.)?Path|json\.loads)\(\s*\Z")
_CLASS_FOLLOWS = expression(r"\s*\n(?:\s*(?:@|#)[^\n]*\n)*\s*class\b")
_FUNCTION_FOLLOWS = expression(
    r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*(?P<indent>[ \t]*)(?:async[ \t]+)?def\b"
)
_COMMENT = expression(r"(?m)#[^\n]*")
_WAITS = expression(
    r"\b(?:(?P<database>\w*session\.(?:execute|scalars?)\(|(?:engine|psycopg2?)\.connect\()"
    r"|(?P<cache>\w*redis\w*\.(?:ping|get|info)\()"
    r"|(?P<service>(?:requests|httpx)\.(?:get|head|post|request)\())"
)
"""Calls after which a view stands still until somebody else answers."""
_NEXT_DECORATOR = expression(
    r"(?:[ \t]*(?:#[^\n]*)?\r?\n)+[ \t]*@(?P<name>[\w.]+)(?P<arguments>\([^()\n]*\))?"
    r"(?=[ \t\r]*(?:#|\n))"
)
_MAX_LOOPED = 200
_NEVER_APPS = frozenset("asyncio subprocess uvicorn anyio trio typer invoke sh".split())
_SESSIONS = frozenset("login_user flash session_transaction LoginManager Session OAuth".split())
_MENTIONED = _SESSIONS | frozenset(
    "load_dotenv from_prefixed_env dotenv_values Dynaconf FlaskDynaconf create_all upgrade url_for "
    "get_remote_address authorize_redirect import_module setattr drop_all".split()
)
EXTENSIONS = frozenset(
    "ProxyFix Talisman SSLify Limiter SQLAlchemy Migrate CSRFProtect CsrfProtect LoginManager "
    "SocketIO Cache DispatcherMiddleware HealthCheck PrometheusMetrics Session exempt protect "
    "CORS cross_origin FileField MultipleFileField BackgroundScheduler GeventScheduler APScheduler "
    "start signal add_signal_handler FileHandler RotatingFileHandler TimedRotatingFileHandler "
    "WatchedFileHandler StreamHandler basicConfig generate_latest make_wsgi_app "
    "GunicornPrometheusMetrics GunicornInternalPrometheusMetrics UWsgiPrometheusMetrics "
    "MultiProcessCollector".split()
)
_SERVING = _RUNS | frozenset(name.rpartition(".")[2] for name in _SERVES)
_TELLING = (
    _MENTIONED
    | EXTENSIONS
    | frozenset(name.rpartition(".")[2] for name in _OPENERS)
    | frozenset(("get", "getlist", "init_app"))
)


class Calls:
    """Turns calls into facts, and remembers literals that are named like secrets."""

    def __init__(self, module: Module, names: Names) -> None:
        self.module = module
        self.names = names
        self.source = names.source
        self.evaluator = names.evaluator
        self.found = module.collected
        self.read_into: dict[int, str] = {}
        """What the variable of a fact, by its index, is read into."""
        self.hinted = sorted(_hints(self.source.text))
        """Where arguments may stand that are named like secrets."""

    def _add(self, fact: object) -> None:
        self.found.append(fact)

    def take(self, node: Any) -> None:
        name = self.source.dotted(node.field("function"))
        if not name:
            return
        last = name.rpartition(".")[2]
        call = Call(name, node, self.evaluator)
        if is_flask(name):
            self._bare(node, name, call)
        self.module.calls_by_name.setdefault(last, []).append(call)
        if self.hinted:
            self._secret_arguments(node, name)
        if last in _READS or self.evaluator.env_objects or last in self.evaluator.helpers:
            self._env_call(node, name, call)
        if "env" in last.lower() and last not in EXTENSIONS and call.argument("0") is not None:
            self._asked(node, name, call)
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
        before, _ = self.source.near(node)
        found = _BOUND.search(before.rpartition("\n")[2])
        if found is not None and not found["wrapped"]:
            return
        bound, where = found["name"] if found is not None else "", call.location
        self._add(facts.AppObject(self.module.path, bound, name, call.arguments, call.guard, where))

    def _secret_arguments(self, node: Any, called: str) -> None:
        """Literals that are given for secrets."""
        span = node.replace("")
        first = bisect_right(self.hinted, span.start_pos)
        if first == len(self.hinted) or self.hinted[first] >= span.end_pos:
            return
        for name, value in arguments(node):
            if is_secret(name):
                found = self.evaluator.value(value)
                guard = self.source.guard(node)
                self.name_literal(name, found, "argument", guard, found.location, called)

    def _env_call(self, node: Any, name: str, call: Call) -> None:
        helped = name in self.evaluator.helpers
        if not helped and not _GETS.search(name) and not self.evaluator.is_reader(name):
            return
        value = read = self.evaluator.value(node)
        guard, where = call.guard, call.location
        if value.kind != "env" or not value.names:
            self._computed(node, name, guard, where)
            return
        # With several names the last one decides, and is a read of its own.
        alone = len(value.names) == 1
        strict = alone and value.required or self._is_used_strictly(node, value)
        strict = strict and not guard.caught and value.names[0] not in guard.tested
        target = self._assigned_to(node)
        if target:
            self.read_into[len(self.found)] = target
        self._add(facts.EnvRead(self.module.path, value.names[0], read, strict, guard, where))

    def _asked(self, node: Any, name: str, call: Call) -> None:
        """Remember a call that another module may turn into a read of the environment."""
        found = self.evaluator.value(node)
        if found.kind == "call" and name in self.source.imports.values():
            self._add(facts.HelpedRead(self.module.path, found, call.guard, call.location))

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
        before, after = self.source.near(node)
        if _NEEDS_METHOD.match(after):
            return True
        return _NEEDS_CALL.search(before) is not None and re.match(r"\s*[,)]", after) is not None

    def _config_call(self, node: Any, name: str, last: str, call: Call) -> None:
        owner = name.rpartition(".")[0]
        if not CONFIG.search(owner):
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
                self.set(app, key, value, guard, where, True)
        elif last in _LOADERS:
            values = dict(call.arguments)
            first = values.get("0") or next(iter(values.values()), Value("unknown", where))
            if last == "from_object" and first.kind == "literal" and isinstance(first.literal, str):
                self._import(first.literal, where)
            argument = next((one for _, one in arguments(node)), None)
            optional = argument is not None and self._is_override(argument, guard)
            self._add(facts.Loaded(self.module.path, app, last, first, guard, where, optional))

    def _import(self, target: str, where: Any) -> None:
        """A module, or a name in one, that a text imports."""
        head, _, last = target.rpartition(".")
        self._add(facts.Import(self.module.path, target, "", where))
        if head:
            self._add(facts.Import(self.module.path, head, last, where))

    def _mapping(self, node: Any, app: str, guard: facts.Guard) -> None:
        for key, value in arguments(node):
            if key == "**" or key.isdigit():
                pairs = list(_pairs(value))
                if not pairs and self._take_named(value, app, guard):
                    continue
                for name, inner in pairs:
                    found = self.evaluator.value(inner)
                    self.set(app, name, found, guard, self.source.place(inner))
                    self.name_literal(name, found, "key", guard, self.source.place(inner))
                if not pairs:
                    given = self.evaluator.value(value)
                    where = self.source.place(value)
                    self._add(facts.Loaded(self.module.path, app, "mapping", given, guard, where))
            else:
                self.set(app, key, self.evaluator.value(value), guard, self.source.place(value))

    def _take_named(self, node: Any, app: str, guard: facts.Guard) -> bool:
        """Settings from a dictionary that a name of the file stands for, or that tests may give."""
        inner = children(node)[0] if node.kind() == "dictionary_splat" else node
        given = self.evaluator.value(inner)
        if given.kind != "mapping":
            return self._is_override(inner, guard)
        for key, value in given.literal:
            self.set(app, key, value, guard, value.location)
        return True

    def _is_override(self, node: Any, guard: facts.Guard) -> bool:
        """Whether it is a parameter of the function that nobody has to give."""
        if node.kind() != "identifier" or guard.where != "function":
            return False
        return (guard.function.rpartition(".")[2], node.text()) in self.names.overrides

    def _server_call(self, name: str, last: str, call: Call) -> None:
        owner = name.rpartition(".")[0]
        if last in _RUNS and owner:
            sure = (
                owner in self.names.apps or owner in self.names.socketio or self.names.is_app(owner)
            )
            named = owner in _APP_NAMES or owner.endswith(("_app", ".app"))
            keywords = {key for key, _ in call.arguments}
            told = {"host", "port", "threaded", "use_reloader", "debug", "ssl_context"} & keywords
            guessed = named and told and self.names.knows_flask()
            if sure or guessed or self._may_be_app(owner):
                self._add(self._run_call(owner, last, call, sure or bool(guessed)))
        elif name in _SERVES:
            self._add(self._run_call(owner, last, call, True))

    def _may_be_app(self, owner: str) -> bool:
        """Whether another module may say that this is an application."""
        if owner.partition(".")[0] in _NEVER_APPS:
            return False
        name = owner.removesuffix("()")
        return name in self.names.bound or owner in self.source.imports.values() or "app" in name

    def _run_call(self, owner: str, last: str, call: Call, sure: bool) -> facts.RunCall:
        positions = {"0": "host", "1": "port", "2": "debug"} if last == "run" else {}
        if owner in self.names.socketio:
            positions = {"1": "host", "2": "port"}
        elif call.name in _DEVELOPMENT:
            positions = {"0": "host", "1": "port", "2": "app"}
        given = tuple((positions.get(key, key), value) for key, value in call.arguments)
        return facts.RunCall(self.module.path, owner, last, given, call.guard, call.location, sure)

    def _route_call(self, node: Any, name: str, last: str, call: Call) -> None:
        owner = name.rpartition(".")[0]
        guard, where = call.guard, call.location
        if self.source.near(node)[0].rstrip(" ").endswith("@"):
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
        elif last in HOOKS and "errorhandler" not in last:
            self._add(facts.Handler(self.module.path, last, where))
        elif last == "init_app" and owner in self.names.apis and call.argument("0", "app"):
            app = self.source.dotted(next(one for _, one in arguments(node)))
            self._add(facts.Registration(self.module.path, app, owner, None, guard, where))

    def _decorator(self, node: Any, owner: str, last: str, guard: facts.Guard, where: Any) -> None:
        if last not in _DECORATORS or not owner or not self._can_route(owner, last):
            return
        given = dict(arguments(node))
        rules = [v for k, v in given.items() if k.isdigit()] or [given.get("rule")]
        methods, loose = given.get("methods"), _loose(given)
        # The methods of a class are the names of its functions.
        after = self.source.near(node, 1_000)[1]
        view = "*" if _CLASS_FOLLOWS.match(after) else ""
        function = self._function(after)
        for rule in rules:
            fixed = None if last == "route" else (last.upper(),)
            text = self._rule(rule)
            self._route(owner, text, methods, view, guard, where, fixed, loose, function)

    def _function(self, text: str) -> facts.ViewFunction | None:
        """The view that stands, after further decorators, at the start of a text."""
        found = []
        position = 0
        while (match := _NEXT_DECORATOR.match(text, position)) is not None:
            head, dot, rest = match["name"].partition(".")
            target = self.source.imports.get(head, head)
            found.append(target + dot + rest + (match["arguments"] or ""))
            position = match.end()
        function = _FUNCTION_FOLLOWS.match(text, position)
        if function is None:
            return None
        rest = _COMMENT.sub("", text[function.end() :])
        body = re.split(rf"\n(?=[ \t]{{0,{len(function['indent'])}}}[^\s)\]}}])", rest, maxsplit=1)[
            0
        ]
        waits = None if "try:" in body or "suppress(" in body else _WAITS.search(body)
        return facts.ViewFunction(tuple(found), (waits.lastgroup or "") if waits else "")

    def _rule(self, node: Any) -> str | None:
        """The text of a rule, constants of the file filled in."""
        found = string(node)
        return found if found is not None else self.evaluator.text(node)

    def _can_route(self, owner: str, last: str) -> bool:
        """Whether decorating with it can add a route: `@pytest.fixture.get` cannot."""
        known = (
            owner in self.names.apps or owner in self.names.blueprints or owner in self.names.apis
        )
        if known or owner in self.names.parameters or last == "route":
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
        function: facts.ViewFunction | None = None,
    ) -> None:
        found = fixed
        if methods is not None:
            value = self.evaluator.value(methods).literal
            words = value if isinstance(value, tuple) else ()
            found = tuple(str(word).upper() for word in words) or ("*",)
        elif fixed is None and view == "*":
            found = ("*",)
        path = self.module.path
        self._add(facts.Decorated(path, owner, rule, found, view, guard, where, loose, function))

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
        around = self.source.blocks.around(node.replace("").start_pos)
        above = next((one for kind, one in around if kind == "for_statement"), None)
        if above is None or name is None:
            return None
        left, right = above.field("left"), above.field("right")
        if left is None or right is None or left.text() != name.text():
            return None
        if right.kind() not in ("list", "tuple"):
            return None
        items = children(right)
        found = [self.source.dotted(one) for one in items[:_MAX_LOOPED]]
        return found if all(found) and len(found) == len(items) else None

    def _other_call(self, node: Any, name: str, last: str, call: Call) -> None:
        if last in ("get", "getlist"):
            self._header(name, last, call)
        elif last in _MENTIONED or name in _OPENERS:
            self._mentioned(name, last, call)
        if last == "init_app" or last in EXTENSIONS or name.startswith("flask_"):
            target = self._assigned_to(node)
            alone = not target and self._is_statement(node)
            fact = facts.ExtensionCall(
                self.module.path, name, target, call.arguments, call.guard, call.location, alone
            )
            self._add(fact)

    def _header(self, name: str, last: str, call: Call) -> None:
        if name.endswith(f"headers.{last}"):
            first = call.argument("0")
            if first is not None and first.text.lower().startswith(FORWARDED):
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
        return name.endswith(
            ("create_all", "drop_all", "flask_migrate.upgrade", "alembic.command.upgrade")
        )

    def _is_statement(self, node: Any) -> bool:
        before, after = self.source.near(node)
        line = before.rpartition("\n")[2]
        return not line.strip() and re.match(r"[ \t]*(?:#.*)?(?:\r?\n|\Z)", after) is not None

    def _assigned_to(self, node: Any) -> str:
        """The name that the result of a call is bound to."""
        found = _BOUND.search(self.source.near(node)[0].rpartition("\n")[2])
        return found["name"] if found is not None and not found["wrapped"] else ""

    def set(
        self,
        owner: str,
        key: str,
        value: Value,
        guard: facts.Guard,
        where: Any,
        unset: bool = False,
    ) -> None:
        self._add(facts.Setting(self.module.path, owner, key, value, guard, where, unset))

    def name_literal(
        self, name: str, value: Value, how: str, guard: facts.Guard, where: Any, call: str = ""
    ) -> None:
        if value.is_text and is_secret(name):
            self.module.literals.append(Named(name, value, how, guard, where, call))


def _hints(text: str) -> Iterator[int]:
    """Where names that are like those of secrets stand before an equals sign."""
    lower = text.lower()
    # A few letters become two in lower case; then only lower case is looked for.
    searched = lower if len(lower) == len(text) else text
    for word, pattern in _HINTS.items():
        if word in searched:
            yield from (found.start() for found in pattern.finditer(searched))


@lru_cache(4096)
def is_secret(name: str) -> bool:
    return secret_name(name) is not None


def _loose(given: dict[str, Any]) -> bool:
    """Whether a rule says that a slash at its end does not matter."""
    value = given.get("strict_slashes")
    return value is not None and value.kind() == "false"


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
