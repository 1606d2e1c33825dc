"""Servers of web applications as they are started, with everything that configures them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from flask_preflight.artifacts import gunicorn, uwsgi
from flask_preflight.artifacts.entrypoint import (
    At,
    Ran,
    Resolve,
    Started,
    joined,
    locate,
    program,
    unwrap,
)
from flask_preflight.artifacts.env import flask_debug
from flask_preflight.artifacts.process import Field, Process, processes
from flask_preflight.artifacts.setting import Setting, Spec, Surroundings, cast, options
from flask_preflight.artifacts.target import Target
from flask_preflight.facts import (
    Entry,
    EntryKind,
    Environment,
    Listen,
    Protocol,
    Span,
    Variable,
    lower,
)
from flask_preflight.result import Fix, Level, Location
from flask_preflight.rule import Rule
from flask_preflight.run import Tree

if TYPE_CHECKING:
    from flask_preflight.artifacts.application import Application

__all__ = [
    "Bind",
    "Field",
    "Process",
    "Ran",
    "Server",
    "Setting",
    "Started",
    "assemble",
    "entry_kind",
    "process_server",
    "server_of",
    "started_server",
    "supervised",
    "unwrap",
]

ServerKind = Literal["gunicorn", "uwsgi", "waitress", "other-server", "flask-run", "script"]


class Bind(NamedTuple):
    """An address that a server is told to listen on.

    `host` is None where it cannot be known, "" for a socket in the file system; `port` is None
    where it cannot be known or there is none.
    """

    host: str | None
    port: int | None
    protocol: Protocol
    location: Location
    default: bool = False

    @property
    def loopback(self) -> bool:
        """Whether only the same machine, or the same container, can connect."""
        host = (self.host or "").strip("[]").lower()
        return host in ("localhost", "::1") or host.startswith("127.")


class Server:
    """One server as one command starts it.

    `argv` is the command after all wrappers, `at(n)` the place of its n-th word, `at(name)` that of
    a setting. `target` is the application's text ("shop.web:create_app()"), empty where there is
    none or it is unknown. `script_path` is the Python file that is run. `doubt`: nothing in the
    repository decides whether this is what runs.

    `target_module` is the file that is imported; `missing_module` and `missing_file` (of uWSGI's
    `wsgi-file`) say that there is certainly none in the working directory. Linking fills `entry`,
    `application`, `run_calls` (calls of Flask's own server that a script reaches) and `packages`
    (normalised names of everything installed; None where that is unknown).
    """

    def __init__(self, kind: ServerKind, started: Started, around: Surroundings) -> None:
        self.kind: ServerKind = kind
        self.started = started
        self.argv = started.argv
        self.program = program(started.argv)
        self.around = around
        self.directory = started.directory
        self.target = ""
        self.target_setting: Setting | None = None
        self.config_path: str | None = None
        self.script_path: str | None = None
        self.module_name = ""
        self.raw_env: list[Variable] = []
        self.unknown_settings: tuple[tuple[str, Location], ...] = ()
        """What Gunicorn's configuration file binds in vain."""
        self.settings: dict[str, Setting] = {}
        self.open_because: Location | None = None
        self.binds: list[Bind] = []
        self.ports_known = False
        self.workers = Span(None, None)
        self.threads = Span(None, None)
        self.target_module: Target | None = None
        self.missing_module = False
        self.missing_file = False
        self.run_calls: list[Location] = []
        self.packages: frozenset[str] | None = None
        self.find_module: Callable[[str], str | None] = lambda name: None
        self._defaults: Callable[[str, Location], Setting | None] = lambda name, where: None
        self.entry: Entry | None = None
        self.application: Application | None = None

    @property
    def location(self) -> Location:
        """The place of the program's name."""
        return self.started.at(0)

    @property
    def doubt(self) -> bool:
        return self.started.doubt

    @property
    def exports(self) -> list[Variable]:
        """What scripts and wrappers set before they start it."""
        return list(self.started.variables)

    @property
    def listens(self) -> list[Listen]:
        """The addresses whose port is known."""
        return [
            Listen(bind.host or "", bind.port, bind.protocol, bind.location, bind.default)
            for bind in self.binds
            if bind.port is not None
        ]

    @property
    def module(self) -> str:
        """The dotted module of the target."""
        name = self.target.partition(":")[0].strip()
        # `FLASK_APP=hello.py` means the same as `hello`.
        return name.removesuffix(".py") if self.kind == "flask-run" else name

    @property
    def attribute(self) -> str:
        """The name in the module: "create_app" of "shop:create_app()"; empty if it is unknown."""
        name = self.target.partition(":")[2].strip()
        if not name and self.kind == "flask-run":
            bound = self.target_module.names if self.target_module is not None else ()
            return next((one for one in _LOOKED_FOR if one in bound), "")
        called = self.settings.get("callable") if self.kind == "uwsgi" and not name else None
        if called is not None:
            name = str(called.value) if called.known else ""
        elif not name:
            name = "application"
        return re.split(r"[(.\[]", name, maxsplit=1)[0].strip()

    def with_line(self, line: str) -> Fix | None:
        """Add a line to uWSGI's own section of its file; None where it has no file."""
        every = [
            one
            for setting in self.settings.values()
            for one in (setting.value if isinstance(setting.value, list) else [setting])
        ]
        given = [
            one.location
            for one in every
            if one.alone and one.known and one.location.path == self.config_path
        ]
        first = min(given, key=lambda where: where.region.start_line, default=None)
        return first.preceded(line) if first is not None and self.kind == "uwsgi" else None

    @property
    def calls(self) -> bool:
        """Whether the target is called to get the application."""
        return "(" in self.target.partition(":")[2] or self.flag("factory") is True

    @property
    def title(self) -> str:
        """The command in two or three words."""
        if self.program == "flask":
            return "flask run"
        if self.kind == "flask-run" and self.program != "werkzeug.serving":
            return "manage.py runserver" if "runserver" in self.argv else "manage.py run"
        if self.kind == "script" and self.target_setting is not None:
            name = str(self.target_setting.value)
            return f"python -m {name}" if self.module_name else f"python {name}"
        return self.program

    @property
    def debugger(self) -> bool:
        """Whether Flask's own server certainly shows its debugger."""
        if self.kind != "flask-run":
            return False
        if self.flag("debug") or self.flag("debugger"):
            return True
        given = self.around.get("FLASK_DEBUG")
        named = given is not None and given.value is not None and not given.default
        return named and not self.flag("no-debug") and flask_debug(str(given and given.value))

    @property
    def serial(self) -> bool:
        """Whether it certainly answers one request at a time, and no variable may change that."""
        if self.kind == "gunicorn":
            found = [self.setting(name) for name in ("workers", "worker_class", "threads")]
            values = [(s.value, s.known and not s.default) for s in found if s is not None]
            return values == [(1, True), ("sync", True), (1, True)]
        if self.kind == "waitress":
            threads = self.setting("threads")
            return threads is not None and threads.value == 1 and not threads.default
        if self.kind == "uwsgi" and self.open_because is None:
            for name in ("cheaper", "gevent", "async", "asyncio", "ugreen", "emperor", "mules"):
                if name in self.settings:
                    return False
            given = [self.settings.get(name) for name in ("processes", "threads")]
            return all(s is None or s.value in (0, 1) and not s.default for s in given)
        return False

    @property
    def in_dockerfile(self) -> bool:
        """Whether the command is written in a Dockerfile, whose own rules speak about it."""
        entry = self.entry
        if entry is None or entry.image is None:
            return False
        path: str = entry.image.dockerfile.path
        return self.location.path == path

    @property
    def neighbours(self) -> bool:
        """Whether something beside it may reach its loopback interface, or nobody can say."""
        proxies = (*_PROXIES, "supervisord", "s6-svscan", "cloud_sql_proxy", "ngrok", "cloudflared")
        if any(program(ran.argv) in proxies for ran in self.started.before):
            return True
        entry = self.entry
        if entry is None:
            return True
        part: Any = entry.part
        if entry.carrier == "kubernetes":
            containers = [one for one in part.workload.containers if not one.init]
            return len(containers) > 1 or part.workload.spec.get("hostNetwork") is True
        if entry.carrier in ("compose", "swarm"):
            shared = f"service:{part.name}"
            services = part.project.services.values()
            return bool(part.network_mode) or any(s.network_mode == shared for s in services)
        return entry.carrier == "host"

    @property
    def timeout(self) -> Setting | None:
        return self.setting("timeout")

    @property
    def worker_class(self) -> Setting | None:
        return self.setting("worker_class")

    @property
    def chdir(self) -> str:
        found = self.setting("chdir")
        return str(found.value) if found and found.known and found.value else ""

    @property
    def pythonpath(self) -> str:
        found = self.setting("pythonpath")
        return str(found.value) if found and found.known and isinstance(found.value, str) else ""

    @property
    def installed(self) -> frozenset[str] | None:
        """Normalised names of the packages beside it; None where that is not known."""
        image = self.entry.image if self.entry is not None else None
        if image is None:
            return self.packages
        if image.packages is None or self.packages is None:
            return None
        return image.packages | self.packages

    @property
    def in_container(self) -> bool:
        """Whether it runs in a container of its own, or on a platform that makes one."""
        return self.entry is None or self.entry.carrier != "host"

    @property
    def development(self) -> bool:
        """Whether it is a server that its makers wrote for development only."""
        return self.kind == "flask-run"

    def setting(self, name: str) -> Setting | None:
        """The effective setting; the server's default where nothing gives it.

        None where the server knows no such setting; `known` is false where more settings may come
        from somewhere that cannot be read.
        """
        found = self.settings.get(name)
        return found if found is not None else self._defaults(name, self.location)

    def flag(self, name: str) -> bool | None:
        """A setting that is on or off; None where that is unknown."""
        found = self.setting(name)
        if found is None:
            return False
        return bool(found.value) if found.known else None

    def at(self, *keys: str | int) -> Location:
        """The place of a word by its index, of a setting by its name, else of the program."""
        for key in keys[:1]:
            if isinstance(key, int):
                return self.started.at(key)
            found = self.settings.get(key)
            if found is not None:
                return found.location
            if key == "target" and self.target_setting is not None:
                return self.target_setting.location
        return self.location

    def level(self, rule: Rule) -> Level | None:
        """Production only; what may not be what runs counts one level less."""
        role = self.entry.role if self.entry is not None else "production"
        if role != "production" or self.started.development:
            return None
        return lower(rule.level) if self.doubt else rule.level


def assemble(tree: Tree) -> Iterable[Process]:
    """The process types that platforms and hosts start."""
    return processes(tree)


def process_server(process: Process, tree: Tree, environment: Environment) -> Server | None:
    """The server that a process type of a platform or a host starts."""
    return server_of(
        process.argv, process.word_at, environment, process.directory, lambda path: None, tree
    )


def server_of(
    argv: tuple[str, ...],
    argv_location: At,
    environment: Environment,
    directory: str,
    resolve: Resolve,
    tree: Tree,
) -> Server | None:
    """The server that a command starts, None if it starts none or that cannot be known.

    `argv_location` is one place for all words or a function from their index. `directory` is the
    working directory: absolute for one of a container, which `resolve` maps to the repository, else
    relative to the root.
    """
    started = unwrap(argv, argv_location, resolve, tree, environment, directory)
    return None if started is None else started_server(started, environment, resolve, tree)


def started_server(
    started: Started, environment: Environment, resolve: Resolve, tree: Tree
) -> Server | None:
    """As `server_of`, for a command that has been followed already."""

    def find(written: str) -> str | None:
        if written.startswith("./"):
            return _exactly(written, started.directory, resolve, tree)
        return locate(written, started.directory, resolve, tree, started.at(0).path)

    around = Surroundings(environment, started.variables, find)
    kind = _kind(started, find)
    if kind is None or kind == "flask-run" and _is_django(started, find, tree):
        return None
    server = Server(kind, started, around)
    modules = _Modules(server, resolve, tree)
    server.find_module = modules.find
    _READERS[kind](server, tree)
    _look_up(server, modules, tree)
    return server


def _is_django(started: Started, find: Callable[[str], str | None], tree: Tree) -> bool:
    """Whether the `manage.py` that is run is Django's, whose commands have the same names."""
    word = next((word for word in started.argv if program((word,)) == "manage.py"), None)
    path = find(word) if word is not None else None
    text = tree.text(path) if path is not None and tree.file(path) else None
    return text is not None and "django" in text.lower()


def _look_up(server: Server, modules: _Modules, tree: Tree) -> None:
    """Read the module that the target names."""
    path = server.find_module(server.module) if server.module else None
    if server.kind == "uwsgi" and server.script_path:
        path = server.script_path
    if path is None:
        plain = re.fullmatch(r"\w+(?:\.\w+)*", server.module) is not None
        server.missing_module = plain and modules.complete
        return
    text = tree.text(path) if tree.file(path) else None
    if text is not None:
        server.target_module = Target(path, text)


def _exactly(written: str, directory: str, resolve: Resolve, tree: Tree) -> str | None:
    """A file of the working directory itself."""
    path = joined(directory, written)
    mapped = resolve(path) if path.startswith("/") else path
    return mapped if mapped is not None and tree.file(mapped) else None


def supervised(
    started: Started, resolve: Resolve, tree: Tree, every: Iterable[Process]
) -> list[Process]:
    """The programs that `supervisord` starts, if that is what the command comes down to.

    They then run where it runs: in the container, if it was started in one.
    """
    if program(started.argv) != "supervisord":
        return []
    found, _, _ = options(started.argv, {"-c": ("c", True), "--configuration": ("c", True)})
    written = found[-1].text if found else "supervisord.conf"
    path = locate(written, started.directory, resolve, tree, started.at(0).path)
    if path is None:
        # Copied to /etc: the name is all that is left of it.
        path = locate(written.rpartition("/")[2], "", resolve, tree, started.at(0).path)
    return [one for one in every if one.format == "supervisor" and one.path == path]


class _Modules:
    """Finds Python modules as the server would import them."""

    def __init__(self, server: Server, resolve: Resolve, tree: Tree) -> None:
        self.server = server
        self.resolve = resolve
        self.tree = tree

    def find(self, name: str) -> str | None:
        """The file of a dotted module in the repository, None if there is none."""
        if not re.fullmatch(r"\w+(?:\.\w+)*", name):
            return None
        relative = name.replace(".", "/")
        directory = self.server.directory
        roots = [directory]
        for extra in (self.server.chdir, *re.split("[:,]", self.server.pythonpath)):
            if extra and "$" not in extra:
                roots.insert(0, joined(directory, extra))
        path = self.server.around.get("PYTHONPATH")
        roots += [joined(directory, p) for p in ((path and path.value) or "").split(":") if p]
        folder = self.server.location.path.rpartition("/")[0]
        roots += [folder, "", joined(folder, "src"), "src"]
        for root in dict.fromkeys(roots):
            for candidate in (f"{relative}.py", f"{relative}/__init__.py"):
                found = _exactly(candidate, root, self.resolve, self.tree)
                if found is not None:
                    return found
        return self._package(relative, roots)

    @property
    def complete(self) -> bool:
        """Whether the working directory is known to be a folder of the repository."""
        directory = self.server.directory
        mapped = self.resolve(directory) if directory.startswith("/") else directory
        moved = self.server.setting("chdir"), self.server.setting("pythonpath")
        still = all(found is None or found.known for found in moved)
        return still and mapped is not None and self.tree.is_folder(mapped)

    def _package(self, relative: str, roots: list[str]) -> str | None:
        """A namespace package: the folder itself."""
        for root in roots:
            path = joined(root, relative)
            mapped = self.resolve(path) if path.startswith("/") else path
            if mapped and self.tree.is_folder(mapped):
                return mapped
        return None


_LOOKED_FOR = ("app", "application", "create_app", "make_app")
"""The names that `flask` tries in a module; else it takes the only application there."""
_OTHERS = frozenset(
    "uvicorn hypercorn granian daphne mod_wsgi-express bjoern cheroot meinheld chaussette".split()
)


def _kind(started: Started, find: Callable[[str], str | None]) -> ServerKind | None:
    argv, name = started.argv, program(started.argv)
    if name == "gunicorn":
        return "gunicorn"
    if name in ("uwsgi", "uwsgi-core", "pyuwsgi"):
        return "uwsgi"
    if name == "waitress-serve":
        return "waitress"
    if name in _OTHERS:
        return "other-server"
    if name == "werkzeug.serving" or name == "flask" and _flask_runs(argv):
        return "flask-run"
    if name == "manage.py":
        return "flask-run" if _manages(argv[1:]) else None
    if re.fullmatch(r"(?:python|pypy)[\d.]*", name):
        script = _script_index(argv)
        if script is None:
            return None
        if program(argv[script:]) == "manage.py":
            return "flask-run" if _manages(argv[script + 1 :]) else None
        return "script"
    if name.endswith(".py") or "/" in argv[0] and (find(argv[0]) or "").endswith(".py"):
        return "script"
    return None


def _flask_runs(argv: tuple[str, ...]) -> bool:
    _, others, _ = options(argv, _FLASK)
    return bool(others) and argv[others[0]] == "run"


def _manages(words: tuple[str, ...]) -> bool:
    return next((word for word in words if not word.startswith("-")), "") in ("runserver", "run")


def _script_index(argv: tuple[str, ...]) -> int | None:
    """The word that names the script, or the `-m` before a module."""
    index = 1
    while index < len(argv) and argv[index].startswith("-"):
        if argv[index] == "-m":
            return index if index + 1 < len(argv) else None
        if argv[index] in ("-c", "-"):
            return None
        index += 2 if argv[index] in ("-W", "-X") else 1
    return index if index < len(argv) else None


def _aim(server: Server, target: Setting | None) -> None:
    server.target_setting = target
    if target is not None and target.known and isinstance(target.value, str):
        server.target = target.value.strip()


def _span(setting: Setting | None) -> Span:
    if setting is None or not setting.known or not isinstance(setting.value, int):
        return Span(None, None, setting.location if setting else None)
    return Span(setting.value, setting.value, setting.location)


def _gunicorn(server: Server, tree: Tree) -> None:
    read = gunicorn.configuration(
        server.argv, server.started.at, server.around, tree, server.find_module
    )
    server.settings = read.settings
    server.config_path, server.open_because = read.path, read.open_because
    server.raw_env = list(read.raw_env)
    server.unknown_settings = read.unknown
    server._defaults = read.get
    _aim(server, read.target)
    worker_class = server.setting("worker_class")
    server.workers = _span(server.setting("workers"))
    threads = server.setting("threads")
    threaded = worker_class is not None and worker_class.value in ("sync", "gthread")
    server.threads = _span(threads) if threaded else Span(None, None)
    bind = server.setting("bind")
    if bind is not None and bind.known:
        server.binds = [_address(text, "http", bind, 8000) for text in bind.value]
    elif bind is not None:
        server.binds = [_partial(bind)]
    server.ports_known = bool(server.binds) and all(b.host is not None for b in server.binds)
    server.ports_known = server.ports_known and all(
        b.port is not None or b.host == "" for b in server.binds
    )


def _partial(setting: Setting, protocol: Protocol = "http") -> Bind:
    """An address of which at most the host can be told."""
    host, colon, port = setting.text.rpartition(":")
    known = colon and "$" in port and not re.search(r"[$,]", host)
    return Bind(
        (host or "0.0.0.0") if known else None,
        None,
        protocol,
        setting.location,
        setting.default,
    )


def _address(
    text: str,
    protocol: Protocol,
    setting: Setting,
    port: int | None,
    everywhere: str = "0.0.0.0",
) -> Bind:
    """`host:port`, `:port`, `[::]:port`, `host`, `unix:path`."""
    text = text.strip()
    where, default = setting.location, setting.default
    if text.startswith(("unix:", "fd://", "/", "./")) or text.endswith((".sock", ".socket")):
        return Bind("", None, protocol, where, default)
    text = re.sub(r"\A(?:tcp|https?)://", "", text)
    address = re.fullmatch(r"(\[[^\]]*\]|[^:]*)(?::([^:]*))?", text)
    if address is None:
        return Bind(None, None, protocol, where, default)
    host, number = address[1], address[2]
    if number is None:
        if host.isdigit():
            return Bind(everywhere, _port(host), protocol, where, default)
        return Bind(host or everywhere, port, protocol, where, default)
    return Bind(host or everywhere, _port(number), protocol, where, default)


def _port(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) else None


def _uwsgi(server: Server, tree: Tree) -> None:
    read = uwsgi.configuration(server.argv, server.started.at, server.around, tree)
    server.settings = read.settings
    server.config_path, server.open_because = read.path, read.open_because
    server._defaults = read.get
    module, file = read.settings.get("module"), read.settings.get("wsgi-file")
    called = read.settings.get("callable")
    if module is not None and module.known:
        text = str(module.value)
        if ":" not in text and called is not None and called.known:
            text = f"{text}:{called.value}"
        _aim(server, module._replace(value=text))
    elif file is not None and file.known:
        server.script_path = server.around.find(str(file.value))
        relative = not str(file.value).startswith("/")
        server.missing_file = server.script_path is None and relative
        server.target_setting = file
    else:
        server.target_setting = module or file
    for item in read.all("env"):
        if item.known and "=" in str(item.value):
            name, _, value = str(item.value).partition("=")
            server.raw_env.append(Variable(name, value, item.location, "uwsgi"))
    protocols: tuple[tuple[str, Protocol], ...] = (
        ("http", "http"),
        ("http-socket", "http"),
        ("https", "http"),
        ("socket", _spoken(read.settings.get("protocol"))),
    )
    server.ports_known = read.open_because is None
    for name, protocol in protocols:
        for item in read.all(name):
            known = item.known and isinstance(item.value, (str, int))
            bind = (
                _address(str(item.value), protocol, item, None)
                if known
                else _partial(item, protocol)
            )
            server.binds.append(bind)
            server.ports_known = server.ports_known and bind.host is not None
    none = Setting("processes", 1, server.location, "default")
    opened = read.open_because is not None
    for name in ("processes", "threads"):
        found = read.settings.get(name)
        span = _span(found) if found else Span(None, None) if opened else _span(none)
        setattr(server, "workers" if name == "processes" else name, span)


def _spoken(protocol: Setting | None) -> Protocol:
    """What uWSGI's plain sockets speak."""
    if protocol is None:
        return "uwsgi"
    known: dict[str, Protocol] = {"uwsgi": "uwsgi", "http": "http", "https": "http"}
    return known.get(str(protocol.value), "tcp")


def _simple(
    server: Server, spec: Spec, defaults: dict[str, Any], numbers: Iterable[str] = ()
) -> list[int]:
    """Settings of a server that reads its command line only; the indexes of the other words."""
    found, others, unknown = options(server.argv, spec)
    for option in found:
        where = server.started.at(option.word)
        valued = any(entry == (option.name, True) for entry in spec.values())
        if valued:
            setting = server.around.setting(option.name, option.text, where, "cli")
        else:
            setting = Setting(option.name, True, where, "cli")
        if option.name in numbers:
            setting = cast(setting, int)
        before = server.settings.get(option.name)
        if option.name == "listen":
            earlier = before.value if before is not None else []
            setting = Setting("listen", [*earlier, setting], where, "cli")
        server.settings[option.name] = setting
    if any("$" in server.argv[index] for index in unknown):
        server.open_because = server.location
    for index in others:
        word = server.argv[index]
        if word.startswith("$") and not server.around.expand(word).known:
            server.open_because = server.started.at(index)

    def default(name: str, where: Location) -> Setting | None:
        if name not in defaults:
            return None
        if server.open_because is not None:
            return Setting(name, None, server.open_because, "cli", known=False)
        return Setting(name, defaults[name], where, "default")

    server._defaults = default
    return others


def _host_and_port(server: Server) -> None:
    """The one address of a server with `--host` and `--port`."""
    host, port = server.setting("host"), server.setting("port")
    if host is None or port is None:
        return
    where = host.location if host.source != "default" else port.location
    known = port.known and isinstance(port.value, int)
    server.binds.append(
        Bind(
            str(host.value) if host.known else None,
            port.value if known else None,
            "http",
            where,
            host.default or port.default,
        )
    )
    server.ports_known = host.known and known


_WAITRESS: Spec = {
    "--listen": ("listen", True),
    "--host": ("host", True),
    "--port": ("port", True),
    "--threads": ("threads", True),
    "--unix-socket": ("unix-socket", True),
    "--url-scheme": ("url-scheme", True),
    "--url-prefix": ("url-prefix", True),
    "--trusted-proxy": ("trusted-proxy", True),
    "--trusted-proxy-count": ("trusted-proxy-count", True),
    "--trusted-proxy-headers": ("trusted-proxy-headers", True),
    "--connection-limit": ("connection-limit", True),
    "--channel-timeout": ("channel-timeout", True),
    "--cleanup-interval": ("cleanup-interval", True),
    "--backlog": ("backlog", True),
    "--max-request-body-size": ("max-request-body-size", True),
    "--app": ("app", True),
    "--call": ("factory", False),
    "--expose-tracebacks": ("expose-tracebacks", False),
}


def _waitress(server: Server, tree: Tree) -> None:
    defaults = {"host": "0.0.0.0", "port": 8080, "threads": 4, "factory": False}
    others = _simple(server, _WAITRESS, defaults, ("port", "threads"))
    _positional(server, others, "app")
    server.workers = Span(1, 1, server.location)
    server.threads = _span(server.setting("threads"))
    listen = server.settings.get("listen")
    if listen is not None:
        for item in listen.value:
            for text in str(item.value or "").split():
                server.binds.append(_address(text, "http", item, 8080))
            if not item.known:
                server.binds.append(_partial(item))
        server.ports_known = all(bind.host is not None for bind in server.binds)
    elif "unix-socket" in server.settings:
        server.binds.append(Bind("", None, "http", server.at("unix-socket")))
        server.ports_known = True
    else:
        _host_and_port(server)


def _positional(server: Server, others: list[int], option: str) -> None:
    """The application is the first plain word, or the value of an option."""
    given = server.settings.get(option)
    if given is not None:
        _aim(server, given)
        return
    for index in others[:1]:
        where = server.started.at(index)
        _aim(server, server.around.setting(option, server.argv[index], where, "cli"))


_OTHER: Spec = {
    "--host": ("host", True),
    "--port": ("port", True),
    "-p": ("port", True),
    "-b": ("bind", True),
    "--bind": ("bind", True),
    "--workers": ("workers", True),
    "-w": ("workers", True),
    "--interface": ("interface", True),
    "--factory": ("factory", False),
    "--reload": ("reload", False),
    "--uds": ("uds", True),
    "--unix-socket": ("uds", True),
    "-u": ("uds", True),
    "--threads": ("threads", True),
    "--blocking-threads": ("threads", True),
    "--log-level": ("loglevel", True),
    "--log-config": ("logconfig", True),
    "--env-file": ("env-file", True),
    "--root-path": ("root-path", True),
    "--app-dir": ("pythonpath", True),
    "--timeout-keep-alive": ("keepalive", True),
    "--forwarded-allow-ips": ("forwarded_allow_ips", True),
    "--access-logfile": ("accesslog", True),
    "--error-logfile": ("errorlog", True),
    "-c": ("config", True),
    "--config": ("config", True),
    "-k": ("worker_class", True),
    "--worker-class": ("worker_class", True),
    "--ssl-keyfile": ("keyfile", True),
    "--ssl-certfile": ("certfile", True),
    "--limit-max-requests": ("max_requests", True),
}


def _other(server: Server, tree: Tree) -> None:
    spec = dict(_OTHER)
    if server.program == "granian":
        spec["-k"] = ("keepalive", True)
    defaults: dict[str, Any] = {"workers": 1, "factory": False, "reload": False}
    known = server.program in ("uvicorn", "granian", "daphne", "hypercorn")
    if known:
        defaults |= {"host": "127.0.0.1", "port": 8000}
    others = _simple(server, spec, defaults, ("port", "workers", "threads"))
    concurrency = server.around.variable("workers", "WEB_CONCURRENCY")
    if server.program == "uvicorn" and concurrency is not None:
        server.settings.setdefault("workers", cast(concurrency, int))
    _positional(server, others, "app")
    if "config" in server.settings:
        server.open_because = server.at("config")
    server.workers = _span(server.setting("workers"))
    bind = server.settings.get("bind")
    if bind is not None:
        server.binds.append(
            _address(str(bind.value), "http", bind, 8000) if bind.known else _partial(bind)
        )
        server.ports_known = server.binds[0].host is not None
    elif "uds" in server.settings:
        server.binds.append(Bind("", None, "http", server.at("uds")))
        server.ports_known = True
    elif known:
        _host_and_port(server)


_FLASK: Spec = {
    "--app": ("app", True),
    "-A": ("app", True),
    "--env-file": ("env-file", True),
    "-e": ("env-file", True),
    "--debug": ("debug", False),
    "--no-debug": ("no-debug", False),
    "--host": ("host", True),
    "-h": ("host", True),
    "--port": ("port", True),
    "-p": ("port", True),
    "--cert": ("certfile", True),
    "--key": ("keyfile", True),
    "--reload": ("reload", False),
    "--no-reload": ("no-reload", False),
    "--debugger": ("debugger", False),
    "--no-debugger": ("no-debugger", False),
    "--with-threads": ("threads", False),
    "--without-threads": ("without-threads", False),
    "--extra-files": ("extra-files", True),
    "--exclude-patterns": ("exclude-patterns", True),
}
_RUNSERVER: Spec = {
    **_FLASK,
    "-t": ("host", True),
    "-d": ("debugger", False),
    "-r": ("reload", False),
    "-D": ("no-debugger", False),
    "-R": ("no-reload", False),
}


def _flask_run(server: Server, tree: Tree) -> None:
    from_flask = server.program == "flask"
    spec = _FLASK if from_flask else _RUNSERVER
    defaults = {"host": "127.0.0.1", "port": 5000, "debug": False, "reload": False}
    others = _simple(server, spec, defaults, ("port",))
    if server.program == "werkzeug.serving":
        _positional(server, others, "app")
    elif from_flask:
        _aim(server, server.settings.get("app") or server.around.variable("app", "FLASK_APP"))
        for name, variable in (("host", "FLASK_RUN_HOST"), ("port", "FLASK_RUN_PORT")):
            given = server.around.variable(name, variable)
            if given is not None and name not in server.settings:
                server.settings[name] = cast(given, int) if name == "port" else given
        if server.target.endswith(".py") or "/" in server.target:
            server.script_path = server.around.find(server.target.partition(":")[0])
    else:
        index = next(i for i, word in enumerate(server.argv) if program((word,)) == "manage.py")
        server.script_path = server.around.find(server.argv[index])
    server.workers = Span(1, 1, server.location)
    _host_and_port(server)


def _script(server: Server, tree: Tree) -> None:
    is_python = re.fullmatch(r"(?:python|pypy)[\d.]*", server.program)
    index = _script_index(server.argv) if is_python else 0
    if index is None:
        return
    word = server.argv[index]
    if word == "-m":
        server.module_name = server.argv[index + 1]
        path = server.find_module(server.module_name)
        if path is not None and path.endswith("/__init__.py"):
            main = path.removesuffix("__init__.py") + "__main__.py"
            path = main if tree.file(main) else path
        server.script_path = path if path and path.endswith(".py") else None
        index += 1
    else:
        server.script_path = server.around.find(word)
        if server.script_path is None and "$" not in word:
            # `python folder` runs its `__main__`.
            server.script_path = server.around.find(word + "/__main__.py")
    server.target_setting = Setting("script", server.argv[index], server.started.at(index), "cli")
    server.workers = Span(1, 1, server.location)


_READERS: dict[ServerKind, Callable[[Server, Tree], None]] = {
    "gunicorn": _gunicorn,
    "uwsgi": _uwsgi,
    "waitress": _waitress,
    "other-server": _other,
    "flask-run": _flask_run,
    "script": _script,
}

_WORKERS = frozenset(
    "celery rq huey_consumer huey_consumer.py dramatiq arq saq taskiq procrastinate".split()
)
_DATASTORES = frozenset(
    "postgres mysqld mariadbd redis-server mongod rabbitmq-server memcached".split()
)
_PROXIES = frozenset("nginx caddy traefik haproxy httpd apache2 apachectl envoy".split())


def entry_kind(started: Started, server: Server | None) -> EntryKind:
    """What a process type is for, by what it runs."""
    argv, name = started.argv, program(started.argv)
    words = argv[1:8]
    if "db" in words and {"upgrade", "migrate"} & set(words):
        return "migrate"
    if name == "alembic" or "create_db" in words or "migrate" in words[:2]:
        return "migrate"
    if name == "celery":
        if "beat" in argv:
            return "beat"
        return "worker" if "worker" in argv or "multi" in argv else "other"
    if name in _WORKERS:
        return "scheduler" if "scheduler" in words else "worker"
    if "rq" in words or "run_worker" in words or "worker" in words[:2]:
        return "scheduler" if "scheduler" in words else "worker"
    if "scheduler" in words or name in ("rqscheduler", "cron", "crond"):
        return "scheduler"
    if name in _PROXIES:
        return "proxy"
    if name in _DATASTORES:
        return "datastore"
    if server is not None and (server.kind != "script" or server.script_path):
        return "server"
    if name == "flask" and len(argv) > 1:
        return "task"
    return "other"
