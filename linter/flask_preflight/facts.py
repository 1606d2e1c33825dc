"""What the whole repository amounts to: worlds, entries and links, and what is judged of them.

The classes here are filled by `flask_preflight.link`, in one order, before any rule sees them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from flask_preflight.result import LEVELS, Level, Location, Result
from flask_preflight.rule import Rule, Section
from flask_preflight.run import Role

if TYPE_CHECKING:
    from flask_preflight.artifacts.application import Application
    from flask_preflight.artifacts.entrypoint import Started
    from flask_preflight.artifacts.image import Image
    from flask_preflight.artifacts.proxy import Proxy
    from flask_preflight.artifacts.wsgi import Server

Part = TypeVar("Part")
State = Literal[
    "present",
    "weak",
    "missing",
    "accepted",
    "attested",
    "unknown",
    "not-applicable",
    "not-checked",
]
Protocol = Literal["http", "uwsgi", "fastcgi", "tcp"]
"""What is spoken at an address; "tcp": something else, or something unknown."""
Edge = Literal["https", "http", "both", "none"]
Carrier = Literal["compose", "swarm", "kubernetes", "platform", "host", "image"]
EntryKind = Literal[
    "server", "worker", "beat", "scheduler", "migrate", "task", "proxy", "datastore", "other"
]


def lower(level: Level, steps: int = 1) -> Level:
    """The level so many steps below, and never below note."""
    return LEVELS[max(LEVELS.index(level) - steps, 0)]


def plain_level(role: Role, rule: Rule) -> Level | None:
    """The role table of parts that have none of their own: production only."""
    return rule.level if role == "production" else None


def role_level(role: Role, rule: Rule) -> Level | None:
    """As it is in production; what counts for developers too is milder in their files."""
    if role == "development" and rule.development:
        return lower(rule.level)
    return plain_level(role, rule)


def written_level(role: Role, rule: Rule) -> Level | None:
    """As it is in production; whatever is written, one step lower in files of developers."""
    if role == "development" and rule.sees == "written":
        return lower(rule.level)
    return plain_level(role, rule)


class Unseen(NamedTuple):
    """More parts of this kind may exist than could be read, and where that was noticed."""

    kind: type
    location: Location
    reason: str = ""


class Variable(NamedTuple):
    """One way in which an environment variable gets its value.

    `value` None means that it is present and cannot be known; `partial` is what can be told of it
    then, with variables as written. `default` says that it is written as a fallback (`${NAME:-x}`),
    which the surroundings may replace.
    """

    name: str
    value: str | None
    location: Location
    source: str = ""
    default: bool = False
    partial: str = ""


class Environment:
    """All provisions of every variable, lowest precedence first, and whether that is everything."""

    def __init__(
        self, variables: Iterable[Variable] = (), open_because: Location | None = None
    ) -> None:
        self.variables = list(variables)
        self.open_because = open_because
        self.reason = ""
        self.ambient: Callable[[str], bool] = lambda name: False
        """Whether a variable of this name exists without being written anywhere."""

    @property
    def closed(self) -> bool:
        """Every source was read: a name that is not here is not provided."""
        return self.open_because is None

    def get(self, name: str) -> Variable | None:
        """The provision that counts."""
        return next((v for v in reversed(self.variables) if v.name == name), None)

    def __contains__(self, name: str) -> bool:
        return any(variable.name == name for variable in self.variables)

    def provides(self, name: str) -> bool | None:
        """Whether the variable is there; None where something unreadable may provide it."""
        if name in self or self.ambient(name):
            return True
        return False if self.closed else None

    def open(self, where: Location, reason: str) -> None:
        """Something that cannot be read may provide more; the first reason is kept."""
        if self.open_because is None:
            self.open_because, self.reason = where, reason


class Span(NamedTuple):
    """A number that lies between two bounds; None where a bound cannot be known."""

    low: int | None
    high: int | None
    location: Location | None = None

    @property
    def multi(self) -> bool | None:
        """Whether it is certainly more than one; None when nobody can say."""
        if self.low is not None and self.low > 1:
            return True
        return None if self.high is None or self.high > 1 else False


class Listen(NamedTuple):
    """An address that a process listens on. `default` as in `Variable`."""

    host: str
    port: int
    protocol: Protocol
    location: Location
    default: bool = False


class Port(NamedTuple):
    """A port that an artifact declares: EXPOSE, `expose`, `ports`, containerPort."""

    number: int
    name: str
    location: Location
    published: str = ""


class Mount(NamedTuple):
    """What is mounted at an absolute path of the container."""

    path: str
    kind: Literal[
        "bind",
        "named",
        "anonymous",
        "tmpfs",
        "emptyDir",
        "memory",
        "pvc",
        "config",
        "secret",
        "hostPath",
        "image-volume",
    ]
    source: str
    location: Location
    shared: bool = False
    read_only: bool = False


class DataFile(NamedTuple):
    """A database file of an entry, and the lasting mount that it is on; None: in the container."""

    path: str
    location: Location
    mount: Mount | None


class Probe:
    """A request (or command) that decides whether a container lives or gets traffic.

    `path` is None where it asks for none (tcp, an unknown command). `period`, `timeout` in seconds.
    """

    def __init__(
        self,
        kind: Literal[
            "startup", "readiness", "liveness", "healthcheck", "balancer", "platform", "verify"
        ],
        location: Location,
        *,
        method: str = "GET",
        path: str | None = None,
        port: int | None = None,
        scheme: str = "http",
        host: str = "",
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        period: float | None = None,
        failures: int | None = None,
        at: Callable[..., Location] | None = None,
    ) -> None:
        self.kind = kind
        self.location = location
        self.method, self.path, self.port = method, path, port
        self.scheme, self.host, self.headers = scheme, host, dict(headers or {})
        self.timeout, self.period, self.failures = timeout, period, failures
        self._at = at

    @property
    def title(self) -> str:
        """How a message names it."""
        return "health check" if self.kind == "healthcheck" else f"{self.kind} probe"

    def at(self, *keys: str | int) -> Location:
        """The place of the deepest of these keys, else of the probe."""
        return self._at(*keys) if self._at else self.location


class Build(NamedTuple):
    """A description of how an image is built, wherever it is written.

    `dockerfile` is its path and `context` its folder, both relative to the root ("" is the root
    itself); None where they are elsewhere or cannot be known. `target` is the name of a stage or
    empty, None where it cannot be known. `names` are the references that the image gets; `pushed`
    says whether this description also pushes it. `role` is that of the artifact it is written in.
    """

    carrier: Literal["compose", "ci", "script", "skaffold", "bake", "platform"]
    dockerfile: str | None
    context: str | None
    target: str | None
    names: tuple[str, ...]
    arguments: Mapping[str, str | None]
    location: Location
    role: Role
    pushed: bool = False


class Hop(NamedTuple):
    """One thing between the client and the entry."""

    kind: Literal["service", "ingress", "proxy", "platform"]
    name: str
    location: Location
    port: int | None = None
    """The port of the entry that it sends to; None when that is unknown."""
    tls: bool | None = None
    headers: frozenset[str] | None = None
    """Names of the forwarded headers it sets, lower case; None when that is unknown."""
    scheme: str = ""
    """How a proxy speaks to the entry, "http" or "uwsgi" mostly."""
    through: str = ""
    """The service that an Ingress sends to."""


class World:
    """One deployment of the system: the things in it exist at the same time."""

    def __init__(
        self, kind: Carrier, name: str, role: Role, location: Location, part: object = None
    ) -> None:
        self.kind = kind
        self.part = part
        """The project or set of manifests that describes it, if one does."""
        self.name = name
        self.role = role
        self.location = location
        self.entries: list[Entry] = []
        self.closed = False
        self.names: dict[str, Entry | None] = {}
        """Host names that resolve inside it, and what answers there if that is known."""

    def at(self, *keys: str | int) -> Location:
        return self.location

    def level(self, rule: Rule) -> Level | None:
        return role_level(self.role, rule)


class Entry:
    """A process type of one world, wherever it is written.

    `carrier` says in what; `part` is that service, container, image or process. A field that could
    not be known is None or empty; `ports_known` and `environment.closed` tell absence from
    ignorance.
    """

    def __init__(
        self, carrier: Carrier, name: str, world: World, part: Any, location: Location
    ) -> None:
        self.carrier: Carrier = carrier
        self.name = name
        self.world = world
        self.part = part
        self.location = location
        self.kind: EntryKind = "other"
        self.argv: tuple[str, ...] | None = None
        self.argv_location: Location = location
        self.word_places: tuple[Location, ...] = ()
        self.image: Image | None = None
        self.image_reference = ""
        """The name of the image as written; empty where it is built in place."""
        self.image_location: Location | None = None
        self.started: Started | None = None
        self.server: Server | None = None
        self.application: Application | None = None
        self.environment = Environment()
        self.replicas = Span(None, None)
        self.workers = Span(None, None)
        self.threads = Span(None, None)
        self.listens: list[Listen] = []
        self.ports_known = False
        self.declared: list[Port] = []
        self.published: list[Port] = []
        """Ports of the machine that lead to it, for other machines too."""
        self.siblings: list[Entry] = []
        """The other containers of the same pod."""
        self.mounts: list[Mount] = []
        self.data_files: list[DataFile] = []
        self.read_only: bool | None = None
        self.grace: float | None = None
        self.cpu: float | None = None
        self.memory: int | None = None
        self.probes: list[Probe] = []
        self.fronts: list[Hop] = []
        self.proxies: list[Proxy] = []
        """The configuration files of a proxy that its container reads."""
        self.edge: Edge | None = None
        self.locks: tuple[str, ...] = ()
        """The tables that the newest migration of its application locks."""
        self.evidence: tuple[Location, ...] = ()
        """The places that link it to its server and application, nearest first."""

    @property
    def role(self) -> Role:
        return self.world.role

    @property
    def title(self) -> str:
        """How a message names it."""
        return self.name or self.location.path

    @property
    def requests(self) -> list[tuple[Probe, str]]:
        """The probes that certainly ask its own server for a path, with that path."""
        ports = {one.port for one in self.listens if one.protocol == "http"}
        asked = (probe for probe in self.probes if not probe.host and probe.port in ports)
        return [(probe, probe.path) for probe in asked if probe.path is not None]

    def serves(self, port: int) -> bool | None:
        """Whether a process of the container listens on the port; None when nobody can say."""
        if any(listen.port == port for listen in self.listens):
            return True
        return False if self.ports_known else None

    def pod_serves(self, port: int) -> bool | None:
        """As `serves`, for the whole pod: a kubelet asks the address that its containers share."""
        answers = [entry.serves(port) for entry in (self, *self.siblings)]
        if True in answers:
            return True
        return None if None in answers else False

    @property
    def multi(self) -> bool | None:
        """Whether certainly several processes run it; None when that cannot be known."""
        each = (self.replicas.multi, self.workers.multi)
        if True in each:
            return True
        return None if None in each else False

    @property
    def stop_signal(self) -> str:
        """The signal that stops it, by itself or by its image; empty: SIGTERM, the default."""
        own: str = getattr(self.part, "stop_signal", "")
        return own or (self.image.stop_signal if self.image is not None else "")

    def at(self, *keys: str | int) -> Location:
        """The place of the deepest of these keys in its part, else of the entry."""
        found: Location = self.part.at(*keys) if hasattr(self.part, "at") else self.location
        return found

    def level(self, rule: Rule) -> Level | None:
        return role_level(self.role, rule)


class Item(NamedTuple):
    """One line of the readiness checklist.

    `rules` are the ids that judge its quality; `would_count` says what would be evidence for it.
    `weight`: 10 without it the service fails or leaks, 4 expected in production, 1 good practice.
    """

    key: str
    title: str
    section: Section
    weight: int
    rules: tuple[str, ...]
    would_count: str


class Attestation(NamedTuple):
    """What a project says of an item that its files cannot show.

    Dates are ISO 8601; `expires` is empty where it was never reviewed.
    """

    statement: str
    owner: str = ""
    reviewed: str = ""
    expires: str = ""


class Judged(NamedTuple):
    """An item with its state, what proves it, and the reason in one sentence."""

    item: Item
    state: State
    proof: tuple[Location, ...] = ()
    reason: str = ""


class Deployment:
    """Every part and fact of the repository by type, and everything that was linked."""

    def __init__(self, files: tuple[Any, ...] = ()) -> None:
        self._parts: dict[type, list[Any]] = {}
        self.files = files
        self.worlds: list[World] = []
        self.entries: list[Entry] = []
        self.applications: list[Application] = []
        self.items: dict[str, Judged] = {}
        self.tests: list[Location] = []
        """Tests and their configuration."""
        self.uses_flask: Callable[[str], bool] = lambda path: True
        """Whether the unit of this file uses Flask; set when applications are linked."""

    def concerns(self, result: Result) -> bool:
        """Whether a result about one Python file counts: its unit uses Flask."""
        return self.uses_flask(result.location.path)

    def __getitem__(self, kind: type[Part]) -> list[Part]:
        """All parts of exactly this type, in the order of their files."""
        return self._parts.get(kind, [])

    def __iter__(self) -> Any:
        """Every type of part that occurs."""
        return iter(list(self._parts))

    def add(self, part: object) -> None:
        self._parts.setdefault(type(part), []).append(part)

    def item(self, key: str) -> Judged:
        """The judgement of one line of the checklist."""
        return self.items[key]

    def at(self, *keys: str | int) -> Location:
        """Where something is placed that nothing in the repository is nearer to."""
        for application in self.applications:
            return application.at()
        return Location(self.files[0].path if self.files else "")

    def level(self, rule: Rule) -> Level | None:
        return rule.level
