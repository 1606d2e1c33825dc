"""Gunicorn as it is configured: command line, environment, and its configuration file.

The file is Python; it is read, never run.
"""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

from flask_preflight.artifacts.setting import Option, Setting, Surroundings, cast, options
from flask_preflight.facts import Variable
from flask_preflight.result import Location, Region
from flask_preflight.run import Tree

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

_MAX_CONFIG = 256 * 1024
_MAX_DEPTH = 40

SETTINGS = frozenset(
    """access_log_format accesslog asgi_disconnect_grace_period asgi_lifespan asgi_loop backlog bind
    ca_certs capture_output casefold_http_method cert_reqs certfile chdir check_config child_exit
    ciphers config control_socket control_socket_disable control_socket_mode daemon
    default_proc_name dirty_apps dirty_graceful_timeout dirty_post_fork dirty_threads dirty_timeout
    dirty_worker_exit dirty_worker_init dirty_workers disable_redirect_access_to_syslog
    do_handshake_on_connect dogstatsd_tags enable_backlog_metric enable_stdio_inheritance errorlog
    forwarded_allow_ips forwarder_headers graceful_timeout group header_map http2_cleartext
    http2_initial_window_size http2_max_concurrent_streams http2_max_frame_size
    http2_max_header_list_size http_parser http_protocols initgroups keepalive keyfile
    limit_request_field_size limit_request_fields limit_request_line logconfig logconfig_dict
    logconfig_json logger_class loglevel max_requests max_requests_jitter nworkers_changed
    on_dirty_starting on_exit on_reload on_starting paste permit_obsolete_folding
    permit_unconventional_http_method permit_unconventional_http_version pidfile post_fork
    post_request post_worker_init pre_exec pre_fork pre_request preload_app print_config proc_name
    protocol proxy_allow_ips proxy_protocol pythonpath raw_env raw_paste_global_conf reload
    reload_engine reload_extra_files reuse_port root_path secure_scheme_headers sendfile spew
    ssl_context ssl_version statsd_host statsd_prefix strip_header_spaces suppress_ragged_eofs
    syslog syslog_addr syslog_facility syslog_prefix threads timeout tmp_upload_dir umask user
    uwsgi_allow_ips websocket_max_message_size when_ready worker_abort worker_class
    worker_connections worker_exit worker_int worker_tmp_dir workers wsgi_app""".split()
)
"""Every name that Gunicorn 27 reads from its configuration file."""

DEFAULTS: dict[str, Any] = {
    "bind": ["127.0.0.1:8000"],
    "workers": 1,
    "worker_class": "sync",
    "threads": 1,
    "timeout": 30,
    "graceful_timeout": 30,
    "keepalive": 2,
    "max_requests": 0,
    "max_requests_jitter": 0,
    "accesslog": "",
    "errorlog": "-",
    "loglevel": "info",
    "limit_request_line": 4094,
    "limit_request_fields": 100,
    "limit_request_field_size": 8190,
    "forwarded_allow_ips": "127.0.0.1,::1",
    "header_map": "drop",
    "forwarder_headers": "SCRIPT_NAME,PATH_INFO",
    "worker_tmp_dir": "",
    "worker_connections": 1000,
    "backlog": 2048,
    "chdir": "",
    "pythonpath": "",
    "logconfig": "",
    "logger_class": "gunicorn.glogging.Logger",
    "user": "",
    "group": "",
    "wsgi_app": "",
    "raw_env": [],
}
_FLAGS = frozenset(
    """reload preload_app daemon spew capture_output check_config print_config
    enable_stdio_inheritance permit_obsolete_folding strip_header_spaces reuse_port
    permit_unconventional_http_method permit_unconventional_http_version casefold_http_method
    proxy_protocol do_handshake_on_connect suppress_ragged_eofs initgroups syslog
    disable_redirect_access_to_syslog control_socket_disable""".split()
)
_NUMBERS = frozenset(
    """workers threads timeout graceful_timeout keepalive max_requests max_requests_jitter backlog
    limit_request_line limit_request_fields limit_request_field_size worker_connections""".split()
)
_LISTS = frozenset(("bind", "raw_env", "reload_extra_files"))
_OTHER_NAMES = {
    "--keep-alive": "keepalive",
    "--access-logfile": "accesslog",
    "--access-logformat": "access_log_format",
    "--error-logfile": "errorlog",
    "--log-file": "errorlog",
    "--log-level": "loglevel",
    "--log-config": "logconfig",
    "--log-config-json": "logconfig_json",
    "--log-syslog": "syslog",
    "--log-syslog-to": "syslog_addr",
    "--log-syslog-prefix": "syslog_prefix",
    "--log-syslog-facility": "syslog_facility",
    "--preload": "preload_app",
    "--no-sendfile": "sendfile",
    "--env": "raw_env",
    "--pid": "pidfile",
    "--name": "proc_name",
    "--limit-request-field_size": "limit_request_field_size",
    "--proxy-allow-from": "proxy_allow_ips",
    "--no-control-socket": "control_socket_disable",
    "--reload-extra-file": "reload_extra_files",
    "--statsd-host": "statsd_host",
    "--paste": "paste",
    "--paster": "paste",
    "--forwarded-allow-ips": "forwarded_allow_ips",
}
_HIDDEN = frozenset(("preload_app", "accesslog", "errorlog", "loglevel", "raw_env", "proc_name"))
_SHORT = dict(
    zip(
        "cbwktDepugmnR",
        "config bind workers worker_class timeout daemon raw_env pidfile user group umask "
        "proc_name enable_stdio_inheritance".split(),
        strict=True,
    )
)


def _spec() -> dict[str, tuple[str, bool]]:
    names = {f"--{name.replace('_', '-')}": name for name in SETTINGS - _HIDDEN}
    names |= _OTHER_NAMES
    names |= {f"-{letter}": name for letter, name in _SHORT.items()}
    names |= {"--check-config": "check_config", "--print-config": "print_config"}
    spec = {option: (name, name not in _FLAGS) for option, name in names.items()}
    return spec | {"--no-sendfile": ("sendfile", False)}


OPTIONS = _spec()


class Configuration(NamedTuple):
    """Gunicorn's effective settings; `open_because` is where more of them may hide.

    `target` is the text of the application with its place, `path` the configuration file.
    """

    settings: dict[str, Setting]
    target: Setting | None
    path: str | None
    open_because: Location | None
    raw_env: tuple[Variable, ...]
    unknown: tuple[tuple[str, Location], ...] = ()
    """What the configuration file binds, reads nowhere, and Gunicorn does not know."""

    def get(self, name: str, at: Location) -> Setting | None:
        """The effective setting; the default, placed at `at`, where nothing gives it."""
        found = self.settings.get(name)
        if found is not None:
            return found
        if self.open_because is not None:
            return Setting(name, None, self.open_because, "file", known=False)
        if name in _FLAGS:
            return Setting(name, False, at, "default")
        if name in DEFAULTS:
            return Setting(name, DEFAULTS[name], at, "default")
        return None


def configuration(
    argv: tuple[str, ...],
    at: Callable[[int], Location],
    around: Surroundings,
    tree: Tree,
    find_module: Callable[[str], str | None],
) -> Configuration:
    """Everything that decides how `gunicorn …` runs, in Gunicorn's own order of precedence."""
    found, others, unknown = options(argv, OPTIONS, abbreviated=True)
    line = _given(found, at, around, "cli")
    variable = around.get("GUNICORN_CMD_ARGS")
    extra: dict[str, Setting] = {}
    open_because = None
    if variable is not None:
        extra, open_because = _from_variable(variable, around)
    target, unsure = _target([(argv[index], at(index)) for index in others], around)
    if unsure is None:
        unsure = next((at(i) for i in unknown if "$" in argv[i]), None)
    file = _config_file(line.get("config") or extra.get("config"), around, tree, find_module)
    path, read, unread, unknown_names = file
    environment = {
        name: setting
        for name, setting in (
            ("workers", around.variable("workers", "WEB_CONCURRENCY")),
            ("bind", _port(around)),
            ("forwarded_allow_ips", around.variable("forwarded_allow_ips", "FORWARDED_ALLOW_IPS")),
        )
        if setting is not None
    }
    settings = environment | read | extra | line
    typed = {name: _typed(setting) for name, setting in settings.items()}
    if target is None and (wsgi_app := typed.get("wsgi_app")):
        target = wsgi_app
    raw = typed.get("raw_env")
    unsure = unsure or unread or open_because
    return Configuration(typed, target, path, unsure, _variables(raw), unknown_names)


def _given(
    found: list[Option],
    at: Callable[[int], Location],
    around: Surroundings,
    source: Any,
) -> dict[str, Setting]:
    """Options as settings: the last one counts, lists accumulate."""
    settings: dict[str, Setting] = {}
    for option in found:
        where = at(option.word)
        if option.name in _FLAGS:
            setting = Setting(option.name, True, where, source)
        elif option.name == "sendfile" and not option.text:
            setting = Setting(option.name, False, where, source)
        else:
            setting = around.setting(option.name, option.text, where, source)
        before = settings.get(option.name)
        if option.name in _LISTS:
            value = [setting.value] if setting.known else None
            known = setting.known and (before is None or before.known)
            if known and before is not None:
                value = [*before.value, *(value or [])]
                where = before.location
            text = f"{before.text},{setting.text}" if before is not None else setting.text
            setting = setting._replace(
                value=value if known else None, known=known, location=where, text=text
            )
        settings[option.name] = setting
    return settings


def _from_variable(
    variable: Variable, around: Surroundings
) -> tuple[dict[str, Setting], Location | None]:
    """Options in GUNICORN_CMD_ARGS; all of them stand at the variable."""
    from flask_preflight.artifacts.script import words

    if variable.value is None:
        return {}, variable.location
    argv = ("gunicorn", *(word.text for word in words(variable.value)))
    found, _, _ = options(argv, OPTIONS, abbreviated=True)
    return _given(found, lambda index: variable.location, around, "environment"), None


def _target(
    others: list[tuple[str, Location]], around: Surroundings
) -> tuple[Setting | None, Location | None]:
    """The application among the plain words, and a word that may stand for more options."""
    unsure = None
    plain: list[Setting] = []
    for text, where in others:
        setting = around.setting("wsgi_app", text, where, "cli")
        if setting.known:
            if setting.value:
                plain.append(setting)
        elif text.startswith("$") and ":" not in text:
            unsure = where
        else:
            plain.append(setting)
    if plain:
        return plain[0], unsure
    return (Setting("wsgi_app", None, unsure, "cli", False), unsure) if unsure else (None, None)


def _port(around: Surroundings) -> Setting | None:
    port = around.variable("bind", "PORT")
    if port is None:
        return None
    if not port.known:
        return port._replace(text="0.0.0.0:$")
    return port._replace(value=[f"0.0.0.0:{port.value}"])


def _typed(setting: Setting) -> Setting:
    if setting.name in _FLAGS:
        return cast(setting, bool)
    if setting.name in _NUMBERS:
        return cast(setting, int)
    value = setting.value
    if setting.name in _LISTS and setting.known:
        items = value if isinstance(value, (list, tuple)) else [value]
        if setting.name == "bind":
            # One text may name several addresses.
            items = [part.strip() for item in items for part in str(item).split(",")]
        return setting._replace(value=[str(item) for item in items if item not in (None, "")])
    if setting.known and value is None and setting.name in DEFAULTS:
        return setting._replace(value=DEFAULTS[setting.name])
    return setting


def _variables(raw: Setting | None) -> tuple[Variable, ...]:
    if raw is None or not raw.known or not isinstance(raw.value, list):
        return ()
    pairs = (str(item).partition("=") for item in raw.value)
    return tuple(Variable(name, value, raw.location, "gunicorn") for name, _, value in pairs)


def _config_file(
    written: Setting | None,
    around: Surroundings,
    tree: Tree,
    find_module: Callable[[str], str | None],
) -> tuple[str | None, dict[str, Setting], Location | None, tuple[tuple[str, Location], ...]]:
    """The configuration file with its settings, why it may hold more, and what nobody knows."""
    if written is None:
        path = around.find("./gunicorn.conf.py")
        # A file elsewhere in the repository is not the one in the working directory.
    elif not written.known or not isinstance(written.value, str):
        return None, {}, written.location, ()
    elif written.value.startswith("python:"):
        path = find_module(written.value.removeprefix("python:"))
    else:
        path = around.find(written.value.removeprefix("file:"))
    text = tree.text(path) if path else None
    if path is None or text is None:
        return None, {}, written.location if written else None, ()
    read = ConfigFile(path, text, around)
    return path, read.settings, read.open_because, read.unknown


class _Value(NamedTuple):
    """What an expression gives; see `Setting` for the flags."""

    value: Any = None
    known: bool = False
    default: bool = False
    cpus: bool = False
    absent: bool = False
    text: str = ""


_UNKNOWN = _Value()


class ConfigFile:
    """A configuration file in Python: the settings it gives, by name.

    `names` are all names that it binds, with their places; `open_because` is where it takes
    settings from elsewhere.
    """

    def __init__(self, path: str, text: str, around: Surroundings) -> None:
        self.path = path
        self.around = around
        self.values: dict[str, _Value] = {}
        self.names: dict[str, Location] = {}
        self.assigned: dict[str, Location] = {}
        self.used: frozenset[str] = frozenset()
        self.open_because: Location | None = None
        self._rows = text.split("\n")
        self._read(text)

    @property
    def settings(self) -> dict[str, Setting]:
        """The names that Gunicorn reads, with their values as far as they can be known."""
        return {
            name: Setting(
                name,
                value.value if value.known else None,
                self.names[name],
                "file",
                value.known,
                value.default,
                value.cpus,
                value.text,
                self._is_alone(self.names[name]),
            )
            for name, value in self.values.items()
            if name in SETTINGS
        }

    @property
    def unknown(self) -> tuple[tuple[str, Location], ...]:
        """Names that are bound, read nowhere, and no settings."""
        return tuple(
            (name, where)
            for name, where in self.assigned.items()
            if name not in SETTINGS and name not in self.used and name.islower() and name[0] != "_"
        )

    def _is_alone(self, where: Location) -> bool:
        """Whether a statement is at the top of the file, with at most a comment behind it."""
        region = where.region
        if region.start_column > 1 or not region.end_line:
            return False
        behind = self._rows[region.end_line - 1][region.end_column - 1 :].strip()
        return not behind or behind.startswith("#")

    def _read(self, text: str) -> None:
        import ast

        if len(text) > _MAX_CONFIG:
            self.open_because = Location(self.path)
            return
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                module = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            # Whoever reads Python files says that it cannot be parsed.
            self.open_because = Location(self.path)
            return
        self.used = frozenset(
            node.id
            for node in ast.walk(module)
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store)
        )
        self._statements(module.body, True, 0)

    def _place(self, node: Any) -> Location:
        """A node's place; `ast` counts bytes."""
        line, end_line = node.lineno, node.end_lineno or node.lineno
        return Location(
            self.path,
            Region(
                line,
                self._column(line, node.col_offset),
                end_line,
                self._column(end_line, node.end_col_offset or 0),
            ),
        )

    def _column(self, line: int, offset: int) -> int:
        row = self._rows[line - 1] if line <= len(self._rows) else ""
        if row.isascii():
            return offset + 1
        return len(row.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "ignore")) + 1

    def _statements(self, body: list[ast.stmt], certain: bool, depth: int) -> None:
        import ast

        if depth > _MAX_DEPTH:
            self.open_because = Location(self.path)
            return
        for statement in body:
            if isinstance(statement, ast.Assign):
                for target in statement.targets:
                    self._assign(target, statement.value, certain)
            elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
                self._assign(statement.target, statement.value, certain)
            elif isinstance(statement, ast.AugAssign):
                self._bind(statement.target, _UNKNOWN, certain)
            elif isinstance(statement, ast.If):
                self._if(statement, certain, depth)
            elif isinstance(statement, ast.Try):
                self._statements(statement.body, certain, depth + 1)
                for handler in statement.handlers:
                    self._statements(handler.body, False, depth + 1)
                self._statements(statement.orelse, certain, depth + 1)
                self._statements(statement.finalbody, certain, depth + 1)
            elif isinstance(statement, (ast.For, ast.While)):
                self._statements(statement.body, False, depth + 1)
            elif isinstance(statement, ast.With):
                self._statements(statement.body, certain, depth + 1)
            elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                self.names[statement.name] = self._place(statement)
                self.values[statement.name] = _UNKNOWN
            elif isinstance(statement, (ast.Import, ast.ImportFrom)):
                self._import(statement)
            elif isinstance(statement, ast.Expr):
                self._expression(statement)

    def _if(self, statement: ast.If, certain: bool, depth: int) -> None:
        test = self._value(statement.test, 0)
        if test.known and not test.default:
            taken = statement.body if test.value else statement.orelse
            self._statements(taken, certain, depth + 1)
            return
        if test.known:
            # A variable may choose the other branch, so its names are not certain.
            taken = statement.body if test.value else statement.orelse
            other = statement.orelse if test.value else statement.body
            before = dict(self.values)
            self._statements(other, False, depth + 1)
            touched = {n for n, value in self.values.items() if before.get(n) is not value}
            self.values = before
            self._statements(taken, certain, depth + 1)
            for name in touched:
                value = self.values.get(name)
                self.values[name] = value._replace(default=True) if value else _UNKNOWN
            return
        self._statements(statement.body, False, depth + 1)
        self._statements(statement.orelse, False, depth + 1)

    def _import(self, statement: Any) -> None:
        for alias in statement.names:
            if alias.name == "*":
                self.open_because = self.open_because or self._place(statement)
                continue
            name = alias.asname or alias.name.partition(".")[0]
            self.names[name] = self._place(statement)
            self.values[name] = _UNKNOWN

    def _expression(self, statement: ast.Expr) -> None:
        import ast

        for node in ast.walk(statement):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("globals", "locals", "vars", "exec", "execfile")
            ):
                self.open_because = self.open_because or self._place(statement)

    def _assign(self, target: ast.expr, value: ast.expr, certain: bool) -> None:
        import ast

        if isinstance(target, (ast.Tuple, ast.List)):
            values = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
            for index, part in enumerate(target.elts):
                found = self._value(values[index], 0) if index < len(values) else _UNKNOWN
                self._bind(part, found, certain)
            return
        self._bind(target, self._value(value, 0), certain, value)

    def _bind(
        self, target: ast.expr, value: _Value, certain: bool, written: ast.expr | None = None
    ) -> None:
        import ast

        if not isinstance(target, ast.Name):
            return
        where = self._place(target)
        if written is not None:
            end = self._place(written).region
            where = where._replace(
                region=where.region._replace(end_line=end.end_line, end_column=end.end_column)
            )
        self.names[target.id] = where
        self.assigned.setdefault(target.id, where)
        self.values[target.id] = value if certain else _Value(cpus=value.cpus, text=value.text)

    def _value(self, node: ast.expr, depth: int) -> _Value:
        """What an expression gives, as far as it can be told without running it."""
        import ast

        if depth > _MAX_DEPTH:
            return _UNKNOWN
        deeper = depth + 1
        if isinstance(node, ast.Constant):
            return _Value(node.value, True)
        if isinstance(node, ast.Name):
            return self.values.get(node.id, _UNKNOWN)
        if isinstance(node, (ast.List, ast.Tuple)):
            return self._combined([self._value(e, deeper) for e in node.elts], list)
        if isinstance(node, ast.JoinedStr):
            parts = [self._part(part, deeper) for part in node.values]
            whole = self._combined(parts, lambda texts: "".join(map(str, texts)))
            texts = [str(part.value)[:1000] if part.known else "$" for part in parts]
            return whole if whole.known else whole._replace(text="".join(texts))
        if isinstance(node, ast.BinOp):
            return self._arithmetic(node, deeper)
        if isinstance(node, ast.UnaryOp):
            inner = self._value(node.operand, deeper)
            if isinstance(node.op, ast.Not) and inner.known:
                return inner._replace(value=not inner.value)
            if isinstance(node.op, ast.USub) and isinstance(inner.value, (int, float)):
                return inner._replace(value=-inner.value)
            return _Value(cpus=inner.cpus)
        if isinstance(node, ast.BoolOp):
            return self._either(node, deeper)
        if isinstance(node, ast.IfExp):
            return self._choice(node, deeper)
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            return self._comparison(node, deeper)
        if isinstance(node, ast.Subscript):
            name = self._spelled(node.value)
            if name.endswith("environ") and isinstance(node.slice, ast.Constant):
                return self._variable(str(node.slice.value), None)
            return _UNKNOWN
        if isinstance(node, ast.Call):
            return self._call(node, deeper)
        return _UNKNOWN

    def _part(self, node: ast.expr, depth: int) -> _Value:
        import ast

        if isinstance(node, ast.FormattedValue):
            return self._value(node.value, depth) if node.format_spec is None else _UNKNOWN
        return self._value(node, depth)

    def _combined(self, parts: list[_Value], make: Any) -> _Value:
        cpus = any(part.cpus for part in parts)
        if not all(part.known for part in parts):
            return _Value(cpus=cpus)
        default = any(part.default for part in parts)
        return _Value(make([part.value for part in parts]), True, default, cpus)

    def _arithmetic(self, node: ast.BinOp, depth: int) -> _Value:
        import ast
        import operator

        left, right = self._value(node.left, depth), self._value(node.right, depth)
        cpus = left.cpus or right.cpus
        one, two = left.value, right.value
        if not (left.known and right.known):
            return _Value(cpus=cpus)
        default = left.default or right.default
        if isinstance(node.op, ast.Add) and isinstance(one, str) and isinstance(two, str):
            return _Value((one + two)[:4096], True, default, cpus)
        if isinstance(node.op, ast.Mod) and isinstance(one, str):
            return self._formatted(one, two, default)
        numbers = isinstance(one, (int, float)) and isinstance(two, (int, float))
        function = {
            ast.Add: operator.add,
            ast.Sub: operator.sub,
            ast.Mult: operator.mul,
            ast.Div: operator.truediv,
            ast.FloorDiv: operator.floordiv,
        }.get(type(node.op))
        if not numbers or function is None or abs(one) > 10**9 or abs(two) > 10**9:
            return _Value(cpus=cpus)
        try:
            return _Value(function(one, two), True, default, cpus)
        except ZeroDivisionError:
            return _UNKNOWN

    def _formatted(self, text: str, value: Any, default: bool) -> _Value:
        parts = re.split(r"%[sd]", text)
        values = value if isinstance(value, list) else [value]
        if "%" in "".join(parts) or len(parts) != len(values) + 1:
            return _UNKNOWN
        pairs = zip(parts, [*map(str, values), ""], strict=True)
        return _Value("".join(map("".join, pairs))[:4096], True, default)

    def _either(self, node: ast.BoolOp, depth: int) -> _Value:
        import ast

        stops_at = isinstance(node.op, ast.Or)
        default = False
        value = _UNKNOWN
        for operand in node.values:
            value = self._value(operand, depth)
            if not value.known:
                return _Value(cpus=value.cpus)
            if bool(value.value) is stops_at:
                break
            default = default or value.default
        return value._replace(default=value.default or default, absent=False)

    def _choice(self, node: ast.IfExp, depth: int) -> _Value:
        test = self._value(node.test, depth)
        body, other = self._value(node.body, depth), self._value(node.orelse, depth)
        if not test.known:
            return _Value(cpus=body.cpus or other.cpus)
        chosen = body if test.value else other
        return chosen._replace(default=chosen.default or test.default)

    def _comparison(self, node: ast.Compare, depth: int) -> _Value:
        import ast

        left, right = self._value(node.left, depth), self._value(node.comparators[0], depth)
        if not (left.known and right.known):
            return _UNKNOWN
        operation = node.ops[0]
        default = left.default or right.default
        one, two = left.value, right.value
        if isinstance(operation, (ast.Eq, ast.Is)):
            return _Value(one == two, True, default)
        if isinstance(operation, (ast.NotEq, ast.IsNot)):
            return _Value(one != two, True, default)
        if isinstance(operation, (ast.In, ast.NotIn)) and isinstance(two, (list, str)):
            if isinstance(two, str) and not isinstance(one, str):
                return _UNKNOWN
            return _Value((one in two) is isinstance(operation, ast.In), True, default)
        return _UNKNOWN

    def _spelled(self, node: ast.expr) -> str:
        """`os.environ.get` as text; "" if it is no dotted name."""
        import ast

        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return "." + ".".join(reversed(parts)) if parts else ""
        return ".".join([node.id, *reversed(parts)])

    def _call(self, node: ast.Call, depth: int) -> _Value:
        import ast

        name = self._spelled(node.func)
        last = name.rpartition(".")[2]
        arguments = [self._value(argument, depth) for argument in node.args[:10]]
        named = {
            keyword.arg: self._value(keyword.value, depth)
            for keyword in node.keywords[:10]
            if keyword.arg
        }
        if last in ("cpu_count", "process_cpu_count"):
            return _Value(cpus=True)
        if (
            last == "getenv"
            or name.endswith("environ.get")
            or name in ("env", "env.str", "env.int")
        ):
            fallback = arguments[1] if len(arguments) > 1 else named.get("default")
            first = arguments[0].value if arguments and arguments[0].known else None
            fallback = fallback or _Value(None, True, absent=True)
            found = self._variable(first, fallback) if isinstance(first, str) else _UNKNOWN
            return self._cast("int", found) if last == "int" else found
        if len(arguments) == 1 and not named:
            if last in ("int", "float", "str", "bool"):
                return self._cast(last, arguments[0])
            if "bool" in last.lower():
                return self._cast("strtobool", arguments[0])
        if last in ("max", "min") and arguments and not named:
            return self._extreme(last, arguments)
        if isinstance(node.func, ast.Attribute) and last in ("strip", "lower", "upper"):
            inner = self._value(node.func.value, depth)
            if inner.known and isinstance(inner.value, str) and not arguments:
                return inner._replace(value=getattr(inner.value, last)())
        if last == "format" and isinstance(node.func, ast.Attribute) and not named:
            return self._format(self._value(node.func.value, depth), arguments)
        cpus = any(value.cpus for value in (*arguments, *named.values()))
        return _Value(cpus=cpus)

    def _format(self, template: _Value, arguments: list[_Value]) -> _Value:
        if not template.known or not isinstance(template.value, str):
            return _UNKNOWN
        text = re.sub(r"\{\d?\}", "%s", template.value.replace("%", "%%"))
        if "%%" in text or "{" in text:
            return _UNKNOWN
        combined = self._combined(arguments, list)
        return (
            self._formatted(text, combined.value, combined.default) if combined.known else combined
        )

    def _extreme(self, name: str, arguments: list[_Value]) -> _Value:
        combined = self._combined(arguments, list)
        if not combined.known or not all(isinstance(v, (int, float)) for v in combined.value):
            return _Value(cpus=combined.cpus)
        return combined._replace(
            value=max(combined.value) if name == "max" else min(combined.value)
        )

    def _cast(self, kind: str, value: _Value) -> _Value:
        if not value.known:
            return value
        raw = value.value
        if kind == "str":
            return value._replace(value=str(raw))
        if kind == "bool":
            return value._replace(value=bool(raw))
        if kind == "strtobool":
            lowered = str(raw).strip().lower()
            return value._replace(value=lowered in ("y", "yes", "t", "true", "on", "1"))
        try:
            number = float(raw) if kind == "float" else int(str(raw)[:20])
        except (TypeError, ValueError, OverflowError):
            return _UNKNOWN
        return value._replace(value=number, absent=False)

    def _variable(self, name: str, fallback: _Value | None) -> _Value:
        """`os.environ.get(name, fallback)`; None as fallback stands for `os.environ[name]`."""
        found = self.around.get(name)
        if found is not None:
            known = found.value is not None
            return _Value(found.value, known, found.default)
        if fallback is None:
            return _UNKNOWN
        if not fallback.known:
            return _Value(cpus=fallback.cpus)
        return fallback._replace(default=not self.around.closed)
