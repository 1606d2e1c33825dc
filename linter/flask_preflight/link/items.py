"""The readiness checklist: which practices are in place, by what the repository itself shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from flask_preflight.artifacts.ci import Pipeline
from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.image import Image
from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.artifacts.requirements import DependencyFile, normalised
from flask_preflight.artifacts.wsgi import Server
from flask_preflight.facts import Deployment, Entry, Item, Judged, State
from flask_preflight.lazy import expression
from flask_preflight.link import evidence
from flask_preflight.result import Location
from flask_preflight.run import Tree

Shape = Literal["none", "platform", "cluster", "single host", "host", "image only", "source only"]
WSGI_PACKAGES = frozenset(
    "gunicorn uwsgi pyuwsgi uwsgi-binary waitress mod-wsgi hypercorn uvicorn granian bjoern "
    "cheroot meinheld gevent eventlet".split()
)


WSGI_KINDS = ("gunicorn", "uwsgi", "waitress", "other-server")


class Answer(NamedTuple):
    """The state of an item, what proves it, and why."""

    state: State
    proof: tuple[Location, ...] = ()
    reason: str = ""


NOT_APPLICABLE = Answer("not-applicable")


def unknown(reason: str) -> Answer:
    return Answer("unknown", (), reason)


def present(proof: Iterable[Location]) -> Answer:
    return Answer("present", tuple(proof)[:5])


class Subject:
    """What is judged: the applications of the repository and how they are deployed."""

    def __init__(self, tree: Tree, deployment: Deployment) -> None:
        self.tree = tree
        self.deployment = deployment
        self.applications = [a for a in deployment.applications if a.role == "production"]
        self.worlds = [world for world in deployment.worlds if world.role == "production"]
        self.entries = [entry for world in self.worlds for entry in world.entries]
        self.served = [e for e in self.entries if e.kind == "server" and e.application is not None]
        self.images = [image for image in deployment[Image] if image.role == "production"]
        self.pipelines = deployment[Pipeline]
        self.shape = self._shape()
        self.opened = next((Location(file.path) for file in tree.of("iac")), None)

    def _shape(self) -> Shape:
        if not self.applications:
            return "none"
        kinds = {world.kind for world in self.worlds if world.kind != "image"}
        if kinds & {"kubernetes", "swarm"}:
            return "cluster"
        for kind, shape in _SHAPES.items():
            if kind in kinds:
                return shape
        if self.images:
            return "image only"
        return "none" if self._is_library() else "source only"

    def _is_library(self) -> bool:
        """Whether others install what is here, and nothing is deployed from here."""
        names = {one.project for one in self.deployment[DependencyFile] if one.is_published}
        folders = {
            normalised(part) for one in self.applications for part in one.path.split("/")[:-1]
        }
        return bool(names & folders)

    @property
    def in_containers(self) -> bool:
        return self.shape in ("cluster", "single host", "image only")

    @property
    def manifests(self) -> list[Manifest]:
        return [m for m in self.deployment[Manifest] if m.role == "production"]

    def labelled(self, *labels: str) -> list[Location]:
        """Where a pipeline has a step of one of these labels."""
        return [
            where
            for pipeline in self.pipelines
            for label in labels
            for where in pipeline.labelled(label)
        ]

    @property
    def opaque(self) -> bool:
        """Whether a pipeline may do things that cannot be read."""
        return any(pipeline.opaque for pipeline in self.pipelines)

    def running(self, names: Iterable[str]) -> list[Location]:
        """Services and containers that run an image of one of these names."""
        wanted = frozenset(names)
        return [
            entry.location
            for entry in self.entries
            if evidence.image_name(getattr(entry.part, "image", "") or "") in wanted
        ]


_SHAPES: dict[str, Shape] = {"platform": "platform", "compose": "single host", "host": "host"}


def link(tree: Tree, deployment: Deployment) -> None:
    """Judge every item once."""
    subject = Subject(tree, deployment)
    for item, judge in ITEMS:
        answer = NOT_APPLICABLE if subject.shape == "none" else judge(subject)
        deployment.items[item.key] = Judged(item, *answer)


def _wsgi_server(subject: Subject) -> Answer:
    servers = [entry.server for entry in subject.served if entry.server is not None]
    if servers:
        development = [s for s in servers if s.development or s.kind == "script"]
        if development:
            return Answer(
                "missing", tuple(s.location for s in development)[:5], "development server"
            )
        return present(server.location for server in servers)
    asked = evidence.packages(subject.deployment, WSGI_PACKAGES)
    if asked:
        return Answer("unknown", tuple(asked)[:5], "a server is installed, nothing here starts it")
    followed = [one for one in subject.deployment[Server] if one.kind in WSGI_KINDS]
    if followed or any("uwsgi" in one.path.rpartition("/")[2] for one in subject.tree.of("wsgi")):
        return unknown("what the server serves could not be followed")
    if subject.shape in ("source only", "host"):
        return Answer("missing", (), "nothing in this repository starts a production server")
    return unknown("what serves the application could not be followed")


def _container_image(subject: Subject) -> Answer:
    if subject.images:
        return present(image.at() for image in subject.images)
    if subject.shape == "platform":
        return NOT_APPLICABLE
    return Answer("missing", (), "no Dockerfile")


def _orchestrator(subject: Subject) -> Answer:
    found = [w.location for w in subject.worlds if w.kind in ("kubernetes", "swarm", "platform")]
    if found:
        return present(found)
    if subject.shape in ("image only", "source only") or subject.opened:
        return unknown("deployed from elsewhere")
    return Answer("missing", (), "runs on one host")


def _production_description(subject: Subject) -> Answer:
    found = [world.location for world in subject.worlds if world.kind != "image"]
    if found:
        return present(found)
    described = {world.kind for world in subject.deployment.worlds} - {"image"}
    elsewhere = subject.opaque or subject.labelled("push_image", "deploy")
    if described and not elsewhere:
        return Answer("missing", (), "only a development deployment is described")
    return unknown("deployed from elsewhere")


def _checked(entry: Entry) -> bool:
    return any(probe.kind in ("readiness", "healthcheck", "platform") for probe in entry.probes)


def _health_checks(subject: Subject) -> Answer:
    served = [entry for entry in subject.served if entry.carrier not in ("host", "image")]
    if not served:
        return unknown("no deployment of the application is described")
    without = [entry for entry in served if not _checked(entry)]
    if not without:
        return present(probe.location for entry in served for probe in entry.probes)
    if all(entry.carrier == "platform" for entry in without):
        return Answer("weak", (), "the platform only looks whether the port is open")
    return Answer("missing", tuple(entry.location for entry in without)[:5], "no health check")


def _resource_limits(subject: Subject) -> Answer:
    served = [e for e in subject.served if e.carrier in ("compose", "swarm", "kubernetes")]
    if not served:
        return unknown("set where it is deployed")
    without = [entry.location for entry in served if entry.memory is None]
    if without:
        return Answer("missing", tuple(without)[:5], "no limit of memory")
    return present(entry.location for entry in served)


def _autoscaling(subject: Subject) -> Answer:
    if subject.shape != "cluster":
        return NOT_APPLICABLE if subject.shape in ("single host", "host") else unknown("")
    scalers = [
        m for m in subject.manifests if m.kind in ("HorizontalPodAutoscaler", "ScaledObject")
    ]
    if scalers:
        return present(manifest.at() for manifest in scalers)
    if subject.opened:
        return unknown("may be set by the infrastructure code")
    return Answer("missing", (), "the number of replicas is fixed")


def _continuous_integration(subject: Subject) -> Answer:
    found = [pipeline.at() for pipeline in subject.pipelines]
    return present(found) if found else Answer("missing", (), "no pipeline")


def _tests_in_ci(subject: Subject) -> Answer:
    found = subject.labelled("test")
    if found:
        return present(found)
    if subject.pipelines and subject.opaque:
        return unknown("a pipeline runs something that cannot be read")
    if subject.pipelines:
        return Answer("missing", (), "no pipeline runs tests")
    return Answer("missing", (), "there is no pipeline")


_TEST_CONFIGURATION = expression(
    r"(?:^|/)(?:pytest\.ini|tox\.ini|noxfile\.py|\.coveragerc|cypress\.(?:json|config\.\w+)"
    r"|playwright\.config\.\w+|conftest\.py|robot\.toml|k6[^/]*\.js)\Z"
)


def _tests(subject: Subject) -> Answer:
    found = [
        Location(file.path)
        for file in subject.tree.files
        if _TEST_CONFIGURATION.search(file.path)
        or file.role == "test"
        and not file.path.startswith((".github/", ".ci/", ".gitlab/"))
    ]
    found = found or subject.labelled("test")
    return present(found) if found else Answer("missing", (), "there are no tests")


def _build_in_ci(subject: Subject) -> Answer:
    if not subject.images:
        return NOT_APPLICABLE
    found = subject.labelled("build_image")
    if found:
        return present(found)
    if not subject.pipelines or not subject.opaque:
        return Answer("missing", (), "no pipeline builds the image")
    return unknown("a pipeline runs something that cannot be read")


def _deployment(subject: Subject) -> Answer:
    found = subject.labelled("deploy")
    if found:
        return present(found)
    if subject.shape in ("image only", "platform", "source only") or subject.opaque:
        return unknown("deployed from elsewhere")
    return Answer("missing", (), "no pipeline deploys")


def _documented(subject: Subject) -> Answer:
    names = {read.name for application in subject.applications for read in application.reads}
    if len(names) < 4:
        return NOT_APPLICABLE
    files = [f for f in subject.tree.of("env") if f.role == "template"]
    if files:
        return present(Location(file.path) for file in files)
    for file, text in evidence.documents(subject.tree):
        if sum(name in text for name in names) * 2 >= len(names):
            return present([Location(file.path)])
    return Answer("missing", (), f"{len(names)} variables are read")


def _error_tracking(subject: Subject) -> Answer:
    found = evidence.packages(subject.deployment, evidence.ERROR_PACKAGES)
    return present(found) if found else Answer("missing", (), "nothing reports exceptions")


def _log_aggregation(subject: Subject) -> Answer:
    found = [
        *subject.running(evidence.LOG_IMAGES),
        *evidence.packages(subject.deployment, evidence.LOG_PACKAGES),
        *_drivers(subject, evidence.LOG_DRIVERS),
    ]
    if found:
        return present(found)
    if subject.shape in ("single host", "host") and not subject.opened:
        return Answer("missing", (), "logs stay on the machine")
    if subject.shape == "platform":
        return Answer("weak", (), "the platform keeps the stream for a while")
    return unknown("collected where it is deployed")


def _drivers(subject: Subject, names: frozenset[str]) -> list[Location]:
    return [
        part.at("logging", "driver")
        for part in (entry.part for entry in subject.entries)
        if isinstance(part, Service) and part.spec.text("logging", "driver") in names
    ]


def _kinds(subject: Subject, kinds: frozenset[str]) -> list[Location]:
    return [manifest.at() for manifest in subject.manifests if manifest.kind in kinds]


def _monitoring(subject: Subject) -> Answer:
    collected = [
        *_kinds(subject, evidence.METRIC_KINDS),
        *subject.running(evidence.METRIC_IMAGES),
        *(m.at() for m in subject.manifests if "prometheus.io/scrape" in m.annotations),
    ]
    exported = evidence.packages(subject.deployment, evidence.METRIC_PACKAGES)
    if collected and exported:
        return present([*exported, *collected])
    if collected or exported:
        return Answer("weak", (*exported, *collected)[:5], "exported or collected, not both")
    if subject.opened or subject.shape in ("platform", "image only", "source only"):
        return unknown("measured where it is deployed")
    return Answer("missing", (), "nothing measures it")


def _alerting(subject: Subject) -> Answer:
    found = [
        *_kinds(subject, evidence.ALERT_KINDS),
        *subject.running(evidence.ALERT_IMAGES),
    ]
    if found:
        return present(found)
    measured = [
        *_kinds(subject, evidence.METRIC_KINDS),
        *subject.running(evidence.METRIC_IMAGES),
    ]
    if subject.opened or not measured:
        return unknown("nobody here is told when it fails")
    return Answer("missing", tuple(measured)[:5], "it is measured, nobody is told")


def _https(subject: Subject) -> Answer:
    edges = [entry for entry in subject.served if entry.edge is not None]
    if any(entry.edge == "https" for entry in edges):
        return present(h.location for e in edges for h in e.fronts if h.tls or e.edge == "https")
    if edges and all(entry.edge == "http" for entry in edges):
        return Answer("missing", tuple(e.location for e in edges)[:5], "offered in clear text")
    return unknown("ends where it is deployed")


def _hardening(subject: Subject) -> Answer:
    if not subject.in_containers:
        return NOT_APPLICABLE
    images = [entry.image for entry in subject.served if entry.image is not None]
    if not images:
        return unknown("the image is not built here")
    root = [image for image in images if image.runs_as_root is not False]
    if not root:
        return present(image.at() for image in images)
    if any(image.runs_as_root for image in root):
        return Answer("missing", tuple(image.at() for image in root)[:5], "runs as root")
    return unknown("the user of the image is not known")


def _load_balancing(subject: Subject) -> Answer:
    hops = [hop for entry in subject.served for hop in entry.fronts]
    if hops:
        return present(hop.location for hop in hops)
    if subject.shape == "platform" or any(w.kind == "swarm" for w in subject.worlds):
        return present(world.location for world in subject.worlds)
    return unknown("nothing here stands before the server")


def _horizontal_scaling(subject: Subject) -> Answer:
    if not subject.served:
        return unknown("no deployment of the application is described")
    several = [e for e in subject.served if (e.replicas.low or 0) >= 2]
    if several:
        return present(e.replicas.location or e.location for e in several)
    if subject.shape in ("single host", "cluster", "host"):
        return Answer("weak", tuple(e.location for e in subject.served)[:5], "one replica")
    return unknown("scaled where it is deployed")


def _persistent(subject: Subject) -> list[Location]:
    """Data of production that somebody must copy: databases with a volume, files of SQLite."""
    found = [
        mount.location
        for entry in subject.entries
        if entry.kind == "datastore"
        for mount in entry.mounts
        if mount.kind in ("bind", "named", "pvc", "hostPath")
    ]
    found += (d.location for e in subject.entries for d in e.data_files if d.mount is not None)
    return found


def _data_backup(subject: Subject) -> Answer:
    data = _persistent(subject)
    if not data:
        if subject.shape in ("cluster", "single host") and not subject.opened:
            return NOT_APPLICABLE
        return unknown("the data is kept elsewhere")
    found = [
        *(e.location for e in subject.entries if _copies(e)),
        *_kinds(subject, evidence.BACKUP_KINDS),
        *evidence.mentions(evidence.operations(subject.tree), evidence.BACKUP_TEXT),
        *evidence.mentions(evidence.documents(subject.tree), evidence.BACKUP_TEXT),
    ]
    if found:
        return present(found)
    if subject.opened:
        return unknown("may be set by the infrastructure code")
    return Answer("missing", tuple(data)[:5], "nothing copies it")


def _copies(entry: Entry) -> bool:
    image = evidence.image_name(getattr(entry.part, "image", "") or "")
    if evidence.BACKUP_IMAGES.search(image) or evidence.BACKUP_IMAGES.search(entry.name):
        return True
    said = list(entry.argv or ())
    if isinstance(entry.part, Service):
        labels = entry.part.spec.map("labels")
        said += [str(one) for one in (*entry.part.spec.items_of("labels"), *labels.values())]
    return evidence.BACKUP_TEXT.search(" ".join(said)[:20_000]) is not None


def _restore(subject: Subject) -> Answer:
    if _data_backup(subject).state != "present":
        return NOT_APPLICABLE
    found = [
        *evidence.mentions(evidence.operations(subject.tree), evidence.RESTORE_TEXT),
        *evidence.restore_steps(subject.tree),
    ]
    return present(found) if found else Answer("missing", (), "no way back is written down")


def _recovery_plan(subject: Subject) -> Answer:
    if not _persistent(subject):
        return NOT_APPLICABLE
    found = list(evidence.plans(subject.tree))
    return present(found) if found else Answer("missing", (), "no plan")


Judge = Callable[[Subject], Answer]
ITEMS: tuple[tuple[Item, Judge], ...] = (
    (Item("wsgi-server", "WSGI server", "wsgi", 10), _wsgi_server),
    (Item("container-image", "container image", "container", 4), _container_image),
    (Item("orchestrator", "orchestrator", "orchestration", 4), _orchestrator),
    (
        Item("production-description", "description of production", "orchestration", 10),
        _production_description,
    ),
    (Item("health-checks", "health checks", "orchestration", 10), _health_checks),
    (Item("resource-limits", "resource limits", "orchestration", 4), _resource_limits),
    (Item("autoscaling", "autoscaling", "orchestration", 1), _autoscaling),
    (
        Item("continuous-integration", "continuous integration", "ci-cd", 10),
        _continuous_integration,
    ),
    (Item("tests", "tests", "ci-cd", 10), _tests),
    (Item("tests-in-ci", "tests in CI", "ci-cd", 10), _tests_in_ci),
    (Item("build-in-ci", "image build in CI", "ci-cd", 4), _build_in_ci),
    (Item("continuous-deployment", "continuous deployment", "ci-cd", 4), _deployment),
    (Item("documented-configuration", "documented variables", "configuration", 1), _documented),
    (Item("error-tracking", "error tracking", "observability", 4), _error_tracking),
    (Item("log-aggregation", "log aggregation", "observability", 4), _log_aggregation),
    (Item("monitoring", "monitoring", "observability", 4), _monitoring),
    (Item("alerting", "alerting", "observability", 4), _alerting),
    (Item("https", "HTTPS", "security", 10), _https),
    (Item("container-hardening", "user without rights", "security", 10), _hardening),
    (Item("load-balancing", "load balancing", "scaling", 4), _load_balancing),
    (Item("horizontal-scaling", "several replicas", "scaling", 10), _horizontal_scaling),
    (Item("data-backup", "data backup", "recovery", 10), _data_backup),
    (Item("restore", "restore procedure", "recovery", 4), _restore),
    (Item("recovery-plan", "recovery plan", "recovery", 4), _recovery_plan),
)
