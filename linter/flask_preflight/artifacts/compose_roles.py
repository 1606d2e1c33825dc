"""What a Compose file is for: production, development or tests, and whether it is for Swarm."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

from flask_preflight.artifacts.build_files import joined
from flask_preflight.artifacts.compose_forms import for_developers, ports
from flask_preflight.artifacts.yaml import Map
from flask_preflight.lazy import expression
from flask_preflight.run import File, Role

Kind = Literal["compose", "swarm"]
Text = Callable[[str], "str | None"]

_SUFFIX = expression(r"\.ya?ml\Z")
_PRODUCTION = expression(r"(?:^|[._-])(?:prod|production|live|deploy|release|server)(?:[._-]|\Z)")
_PRODUCTION_FOLDER = expression(r"(?:^|[/._-])prod(?:uction)?(?:[/._-])")
_SWARM_NAME = expression(r"(?:^|[._-])(?:docker)?(?:stack|swarm)(?:[._-]|\Z)")
_SWARM_KEYS = ("mode", "placement", "update_config", "rollback_config", "endpoint_mode")
_TEST_NAME = expression(r"(?:^|[._-])(?:ci|e2e|cypress|integration|selenium)(?:[._-]|\Z)")
_DEV_TARGETS = frozenset(("dev", "devel", "development", "debug"))
_DEV_COMMAND = expression(
    r"\bflask\b.*\brun\b|--reload\b|--debug\b|\brunserver\b|\bnodemon\b|\bdev_server\b"
    r"|\b(?:npm|pnpm|yarn) (?:run )?dev\b|\byarn start\b|\bdebugpy\b|manage\.py run\b"
)
_DEV_IMAGES = expression(
    r"(?:^|/)(?:maildev|mailhog|mailpit|localstack|dynamodb-local|local-kms"
    r"|(?![\w-]*backup)[\w-]+-local|[\w-]*saml-idp)(?::|\Z)"
)
_TEST_COMMAND = expression(r"\b(?:pytest|make test|tox)\b")
_SENTENCE = expression(r"(?<=[.;!?])\s+|\n\s*\n")
_FOR_DEVELOPMENT = expression(r"\b(?:local )?development\b|\blocal(?:ly)? (?:dev|use)", re.I)
_NOT_PRODUCTION = expression(
    r"\bnot\b[^.]{0,40}\b(?:in|for|meant for|suitable for|intended for|to be used in) production",
    re.I,
)
_ABOUT_OTHERS = expression(r"\b(?:overrid\w+|instead|production|prod)\b|\.ya?ml\b", re.I)


def stem(path: str) -> str:
    """The name of a file in lower case, without folder and suffix."""
    return _SUFFIX.sub("", path.rpartition("/")[2].lower())


def for_production(path: str) -> bool:
    """Whether its name says that a file is for production."""
    return _PRODUCTION.search(stem(path)) is not None


def for_swarm(path: str) -> bool:
    """Whether its name says that a file is for Swarm."""
    return _SWARM_NAME.search(stem(path)) is not None


def kind_of(path: str, spec: Map) -> Kind:
    """Swarm by the name, or by settings that only Swarm heeds."""
    if for_swarm(path):
        return "swarm"
    for service in spec.map("services").values():
        if isinstance(service, Map) and any(key in service.map("deploy") for key in _SWARM_KEYS):
            return "swarm"
    return "compose"


def role_of(file: File, text: str, spec: Map, read: Text) -> tuple[Role, str]:
    """The role by the path, else by what is in the file, with the reason.

    `read` gives the text of a path of the repository: a Dockerfile tells what a service starts.
    """
    if file.role != "production":
        return file.role, "its path says so"
    name = stem(file.path)
    if _TEST_NAME.search(name):
        return "test", "its name says so"
    if _PRODUCTION.search(name) or _SWARM_NAME.search(name):
        return "production", "its name says so"
    if _PRODUCTION_FOLDER.search(file.path.lower()):
        return "production", "its folder says so"
    if says_development(text, file.path.rpartition("/")[2]):
        return "development", "its first comment says so"
    weak: set[str] = set()
    for title, service in spec.map("services").items():
        if isinstance(service, Map) and not for_developers(service):
            start = _start(service, file.path, read)
            reason = _strong(title, service)
            if not reason and _FLASK_RUN.search(start):
                reason = f"the image of service {title} starts a development server"
            if reason:
                return "development", reason
            weak |= _weak(service, start)
    if len(weak) >= 2:
        return "development", f"it has {' and '.join(sorted(weak))}"
    return "production", ""


def says_development(text: str, name: str) -> bool:
    """Whether the comment at the top says what the file is for, and not what others are for."""
    rows = [row.lstrip() for row in text.split("\n", 15)[:15]]
    comment = "\n".join(row.lstrip("# ")[:500] for row in rows if row.startswith("#"))
    for sentence in _SENTENCE.split(comment.replace("*", "").replace(name, "")):
        if _NOT_PRODUCTION.search(sentence):
            return True
        if _FOR_DEVELOPMENT.search(sentence) and not _ABOUT_OTHERS.search(sentence):
            return True
    return False


def _strong(name: str, service: Map) -> str:
    if service.text("build", "target").lower() in _DEV_TARGETS:
        return f"service {name} is built for development"
    command = " ".join(_flat(service.dig("command")) + _flat(service.dig("entrypoint")))
    if _DEV_COMMAND.search(command[:10_000]):
        return f"service {name} starts a development server"
    if _TEST_COMMAND.search(command[:10_000]) or name in ("test", "tests"):
        return f"service {name} runs tests"
    if _DEV_IMAGES.search(service.text("image").lower()[:500]):
        return f"service {name} replaces a real one for developers"
    if any(port.number in (5678, 9229) for port in ports(service)):
        return f"service {name} publishes the port of a debugger"
    return ""


_START = expression(r"^[ \t]*(?:CMD|ENTRYPOINT)\b[^\n]{0,500}", re.I | re.M)
_STAGE = expression(r"^[ \t]*FROM\b[^\n]{0,500}", re.I | re.M)
_FLASK_RUN = expression(r"\bflask\b[\[\]\"', \w=.:/-]{0,200}\brun\b")
_SCRIPT = expression(r"\bpython[\d.]*\b[\]\"', CMD\[-]{1,30}[\w./-]{1,200}\.py\b")


def _start(service: Map, path: str, read: Text) -> str:
    """What the image of a service starts, as its Dockerfile writes it."""
    if service.dig("build") is None or service.dig("command") is not None:
        return ""
    context = service.text("build", "context") or service.text("build")
    folder = joined(path.rpartition("/")[0], context or ".")
    written = service.text("build", "dockerfile") or "Dockerfile"
    place = None if folder is None else joined(folder, written)
    text = (place and read(place)) or ""
    return _start_of(text, service.text("build", "target").lower())


def _start_of(dockerfile: str, target: str) -> str:
    """What a stage starts, the last one if none is named; empty where it inherits its command."""
    stages = list(_STAGE.finditer(dockerfile))
    for index in reversed(range(len(stages))):
        words = stages[index][0].lower().split()
        if not target or words[-2:] == ["as", target]:
            end = stages[index + 1].start() if stages[index + 1 :] else len(dockerfile)
            starts = _START.findall(dockerfile, stages[index].end(), end)
            return " ".join(starts[-2:])
    return ""


def _flat(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value[:200]]
    return [str(value)] if value is not None else []


def _folder(path: str) -> str:
    return path.removeprefix(".").strip("/")


def _weak(service: Map, start: str) -> set[str]:
    """The habits of development that a service shows."""
    context = service.text("build", "context") or service.text("build")
    mounted = any(
        _folder(str(item).partition(":")[0]) in (_folder(context), "")
        for item in service.items_of("volumes")
        if context and str(item).count(":") == 1 and str(item)[:1] == "."
    )
    variables = service.map("environment")
    words = [f"{name}={variables.text(name)}" for name in ("FLASK_DEBUG", "FLASK_ENV")]
    words += _flat(service.dig("environment"))
    debug = any(re.match(r"FLASK_DEBUG=(?:1|true)|FLASK_ENV=development", w, re.I) for w in words)
    start = start or " ".join(_flat(service.dig("command")))[:1_000]
    shown = {
        "a script started by Python": _SCRIPT.search(start) is not None,
        "its source mounted": mounted,
        "the debugger on": debug,
        "a terminal": service.dig("stdin_open") is True and service.dig("tty") is True,
        "an environment file for development": any(
            ".dev" in one for one in _flat(service.dig("env_file"))
        ),
    }
    return {habit for habit, is_shown in shown.items() if is_shown}
