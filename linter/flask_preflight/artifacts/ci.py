"""Pipelines of continuous integration, whatever system runs them.

Sources: GitHub, "Workflow syntax"; GitLab, "CI/CD YAML syntax reference".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Literal, NamedTuple

from flask_preflight.artifacts import ci_labels
from flask_preflight.artifacts.ci_labels import Label
from flask_preflight.artifacts.secret import secret_name
from flask_preflight.artifacts.shell import Command
from flask_preflight.artifacts.yaml import Key, Map
from flask_preflight.facts import Build
from flask_preflight.lazy import expression
from flask_preflight.limits import MAX_INCLUDE_DEPTH
from flask_preflight.result import Level, Location
from flask_preflight.rule import Rule
from flask_preflight.run import File, Tree

_FENCED = expression(r"\$\{\{((?:[^'}$]|'[^']*'|\}(?!\})|\$(?!\{\{))*)\}\}")
_SECRET = expression(r"\bsecrets\.(\w+)")
_MATRIX_VALUE = expression(r"\$\{\{\s*matrix\.([\w-]+)\s*\}\}\Z")
_VARIABLE = expression(r"\$\{?([A-Za-z_]\w*)")
Provider = Literal["github", "gitlab", "other"]
Event = Literal["push", "pull_request", "privileged", "tag", "schedule", "manual", "call", "other"]


class UsedImage(NamedTuple):
    """An image that a job runs in, or next to it as a service."""

    reference: str
    location: Location
    service: bool


class Given(NamedTuple):
    """A named value that is written in a pipeline; `job` None where all jobs get it.

    `way` says how it is given: to the environment of commands, to an action, to a service next to
    the job, as the credentials of a registry, or by the words of a command.
    """

    name: str
    value: str
    location: Location
    way: Literal["env", "input", "service", "credentials", "script"]
    job: Job | None


class Expression(NamedTuple):
    """A `${{ … }}` of GitHub: what stands in it, where, and the keys of the value that holds it."""

    text: str
    location: Location
    keys: tuple[Key, ...]


class Step:
    """One step. `uses` is an action as written, `script` the text that a shell runs.

    `commands` are written in it, `judged` are those that are run in the end, where targets and
    scripts were followed. `is_opaque`: it calls something that cannot be read.
    """

    def __init__(self, job: Job, spec: Map, name: str = "") -> None:
        self.job = job
        self.spec = spec
        self.name = name
        self.uses = ""
        self.script = ""
        self.script_key: tuple[str | int, ...] = ("run",)
        self.commands: list[Command] = []
        self.judged: list[Command] = []
        self.is_opaque = False
        self.called: Pipeline | None = None
        """The action of this repository that it runs."""
        self.remote: list[Command] = []
        """Commands that another machine gets to run over SSH."""
        self.condition = spec.text("if") if job.spec is not spec else ""
        self.location = spec.at()

    @property
    def later(self) -> list[Step]:
        """The steps of its job that come after it."""
        steps = self.job.steps
        return steps[steps.index(self) + 1 :]

    @cached_property
    def secret_variables(self) -> frozenset[str]:
        """The variables that hold a secret of the pipeline, by their names or the secret's.

        Those of GitHub are what is written; GitLab gives every variable to every job.
        """
        if self.job.pipeline.provider != "github":
            names = _VARIABLE.findall(self.script)
            return frozenset(name for name in names if secret_name(name))
        found: set[str] = set()
        for spec in (self.job.pipeline.spec, self.job.spec, self.spec):
            for name, value in spec.map("env").items():
                secrets = _SECRET.findall(str(value))
                found.discard(name)
                if any(secret_name(name) or secret_name(secret) for secret in secrets):
                    found.add(name)
        return frozenset(found)

    @property
    def action(self) -> str:
        """The name of the action without its version, in lower case."""
        return self.uses.partition("@")[0].lower()

    @cached_property
    def labels(self) -> frozenset[Label]:
        """What it does, as far as its commands and its action tell."""
        found = set(ci_labels.of_action(self.uses)) if self.uses else set()
        for command in self.judged:
            found |= ci_labels.of_command(command.text)
        for command in self.remote:
            found |= ci_labels.of_remote(command.text)
        if "build_image" in found and self.uses and self.pushes:
            found.add("push_image")
        return frozenset(found)

    @property
    def pushes(self) -> bool:
        """Whether a build action pushes what it builds."""
        outputs = self.spec.text("with", "outputs") or ""
        if "push=true" in outputs or "type=registry" in outputs:
            return True
        push = self.spec.dig("with", "push")
        return push is not None and push is not False and str(push).lower() not in ("false", "")

    def at(self, *keys: str | int) -> Location:
        return self.spec.at(*keys) if keys else self.location

    def place(self, keys: tuple[str, ...], start: int, end: int) -> Location:
        """The place of a part of a text, by its offsets."""
        from flask_preflight.artifacts.ci_reader import place_of

        return place_of(self.spec, keys, str(self.spec.dig(*keys)))(start, end)

    def level(self, rule: Rule) -> Level | None:
        return rule.level


class Job:
    """One job with its steps; `permissions` None where neither it nor the pipeline says any."""

    def __init__(self, pipeline: Pipeline, id: str, spec: Map) -> None:
        self.pipeline = pipeline
        self.id = id
        self.spec = spec
        self.steps: list[Step] = []
        self.location = pipeline.spec.at("jobs", id)
        self.condition = spec.text("if")
        self.calls = ""
        """A reusable workflow that it runs."""
        self.needs: tuple[str, ...] = tuple(_needed(spec.dig("needs")))
        """The jobs that must have passed before, as they are written."""
        self.stage = spec.text("stage") or "test"
        self.called: Pipeline | None = None
        """The workflow of this repository that it runs."""

    @cached_property
    def upstream(self) -> tuple[Job, ...]:
        """The jobs that it waits for, and those that they wait for."""
        found: dict[str, Job] = {}
        waiting = list(self.needs)
        if self.pipeline.provider == "gitlab" and "needs" not in self.spec:
            waiting += [job.id for job in self.pipeline.before(self.stage)]
        while waiting:
            name = waiting.pop()
            job = self.pipeline.jobs.get(name)
            if job is not None and name not in found:
                found[name] = job
                waiting += job.needs
                if self.pipeline.provider == "gitlab" and "needs" not in job.spec:
                    waiting += [one.id for one in self.pipeline.before(job.stage)]
        return tuple(found.values())

    def conditions(self, step: Step | None = None) -> str:
        """Everything that must hold before it runs, or before this step of it does."""
        found = [self.condition, *(job.condition for job in self.upstream)]
        return "\n".join(filter(None, [*found, step.condition if step else ""]))

    @property
    def runners(self) -> dict[str, Location]:
        """The labels that its runner may have to have, and where they are written."""
        keys: tuple[Key, ...] = ("runs-on",)
        if isinstance(self.spec.dig("runs-on"), Map):
            keys = ("runs-on", "labels")
        found: dict[str, Location] = {}
        for label, where in _each(self.spec, keys):
            axis = _MATRIX_VALUE.match(label)
            found |= dict(self.axis(axis[1])) if axis else {label: where}
        return found

    def axis(self, name: str) -> list[tuple[str, Location]]:
        """The values that a name takes in its matrix, in lists too; nothing that is computed."""
        matrix: tuple[Key, ...] = ("strategy", "matrix")
        found = list(_each(self.spec, (*matrix, name)))
        for index in range(len(self.spec.items_of(*matrix, "include"))):
            found += _each(self.spec, (*matrix, "include", index, name))
        return found

    @property
    def permissions(self) -> object:
        """What the token of the job may do, as it is written."""
        own = self.spec.dig("permissions")
        return own if "permissions" in self.spec else self.pipeline.spec.dig("permissions") or own

    @property
    def has_permissions(self) -> bool:
        return "permissions" in self.spec or "permissions" in self.pipeline.spec

    @cached_property
    def labels(self) -> frozenset[Label]:
        return frozenset(label for step in self.steps for label in step.labels)

    def does(self, depth: int = 0) -> frozenset[Label]:
        """Its labels, with those of the workflow and the actions of this repository it runs."""
        found = set(self.labels)
        inner = [self.called, *(step.called for step in self.steps)]
        for pipeline in inner if depth < MAX_INCLUDE_DEPTH else ():
            for job in pipeline.jobs.values() if pipeline is not None else ():
                found |= job.does(depth + 1)
        return frozenset(found)

    @property
    def opaque(self) -> bool:
        """Whether it may do things that cannot be read."""
        return bool(self.calls) or any(step.is_opaque for step in self.steps)

    @property
    def writes(self) -> bool:
        """Whether it certainly holds rights or secrets beyond reading the code."""
        found = self.permissions
        if isinstance(found, Map) and any(str(value) == "write" for value in found.values()):
            return True
        if found == "write-all" or "environment" in self.spec:
            return True
        return "secrets." in self.text or bool(
            self.labels & {"deploy", "push_image", "publish_package"}
        )

    @cached_property
    def text(self) -> str:
        """Everything written in it, to look for names of secrets."""
        return _flat(self.spec, 0)

    def at(self, *keys: str | int) -> Location:
        return self.spec.at(*keys) if keys else self.location

    def level(self, rule: Rule) -> Level | None:
        return rule.level


_SECTIONS: tuple[tuple[str, Literal["env", "input"]], ...] = (
    ("env", "env"),
    ("variables", "env"),
    ("with", "input"),
)


def _given(spec: Map, job: Job | None) -> Iterator[Given]:
    for section, way in _SECTIONS:
        given = spec.map(section)
        for name in given:
            keys = (name, "value") if isinstance(given[name], Map) else (name,)
            yield Given(name, given.text(*keys), given.value_at(*keys), way, job)
    services = spec.map("services")
    for at in (spec.map("container"), *(services.map(name) for name in services)):
        for name in at.map("env") if at in services.values() else ():
            yield Given(name, at.text("env", name), at.value_at("env", name), "service", job)
        if at.text("credentials", "password"):
            where = at.value_at("credentials", "password")
            yield Given("password", at.text("credentials", "password"), where, "credentials", job)


def given_by(command: Command, job: Job) -> Iterator[Given]:
    """Variables that a command sets or hands on: `X=1`, `export X=1`, `-e X=1`."""
    for one in command.assignments:
        yield Given(one.name, one.value, one.location, "script", job)
    values = command.values("-e", "--env", "--set", "--from-literal", "--set-string")
    if command.program in ("export", "declare", "readonly"):
        values += zip(command.words[1:], command.locations[1:], strict=True)
    for text, where in values:
        name, equals, value = text.partition("=")
        if equals:
            yield Given(name, value, where, "script", job)


def _expressions(spec: Map) -> Iterator[Expression]:
    from flask_preflight.artifacts.ci_reader import place_of

    waiting: list[tuple[tuple[Key, ...], object]] = [((), spec)]
    seen: set[int] = set()
    while waiting:
        keys, value = waiting.pop()
        if isinstance(value, (Map, list)) and id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, Map):
            waiting += [((*keys, key), inner) for key, inner in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [((*keys, index), value[index]) for index in reversed(range(len(value)))]
        elif isinstance(value, str) and "${{" in value:
            place = place_of(spec, keys, value)
            for found in _FENCED.finditer(value):
                yield Expression(found[1].strip(), place(found.start(), found.end()), keys)


def _images(spec: Map) -> Iterator[UsedImage]:
    """The images of a job, or of the top of a pipeline of GitLab."""
    services = spec.dig("services")
    keys: list[tuple[Key, ...]] = [("container",), ("image",)]
    if isinstance(services, Map):
        keys += [("services", name) for name in services]
    elif isinstance(services, list):
        keys += [("services", index) for index in range(len(services))]
    for key in keys:
        for inner in ((), ("image",), ("name",)):
            value = spec.dig(*key, *inner)
            if isinstance(value, str) and value:
                where = spec.value_at(*key, *inner)
                yield UsedImage(str(value), where, key[0] == "services")


def _each(spec: Map, keys: tuple[Key, ...], depth: int = 0) -> Iterator[tuple[str, Location]]:
    """The scalar below these keys, or those in the list there."""
    value = spec.dig(*keys)
    if isinstance(value, list) and depth < 3:
        for index in range(len(value)):
            yield from _each(spec, (*keys, index), depth + 1)
    elif value is not None and not isinstance(value, (Map, list)):
        node = spec.written(*keys)
        text = str(value) if isinstance(value, str) or node is None else node.text
        yield text, spec.value_at(*keys)


def _needed(value: object) -> list[str]:
    """The jobs of the same pipeline that must exist, from a name, a list or mappings of GitLab."""
    items = value if isinstance(value, list) else [value]
    found = [item for item in items if isinstance(item, (str, int))]
    elsewhere = ("project", "pipeline", "optional")
    for item in items:
        if isinstance(item, Map) and not any(item.dig(key) for key in elsewhere):
            found += [item.text("job")] if item.text("job") else []
    return [str(item) for item in found]


def _flat(value: object, depth: int) -> str:
    if depth > 20:
        return ""
    if isinstance(value, Map):
        return "\n".join(_flat(one, depth + 1) for one in value.values())
    if isinstance(value, list):
        return "\n".join(_flat(one, depth + 1) for one in value)
    return str(value)


class Pipeline:
    """One pipeline file. `events` start it; `is_read` is false for systems that are only known."""

    def __init__(self, provider: Provider, path: str, spec: Map) -> None:
        self.provider: Provider = provider
        self.path = path
        self.spec = spec
        self.name = spec.text("name") if isinstance(spec.dig("name"), str) else ""
        self.jobs: dict[str, Job] = {}
        self.events: frozenset[Event] = frozenset()
        self.triggers: frozenset[str] = frozenset()
        """The names of the events as the system calls them."""
        self.is_action = False
        self.is_read = True
        self.stages: tuple[str, ...] = (".pre", "build", "test", "deploy", ".post")
        self.callers: list[Job] = []
        """The jobs of other workflows of this repository that run it."""
        self.is_open = False
        """Whether more jobs come from files that cannot be read."""
        self.builds: list[Build] = []

    @property
    def steps(self) -> list[Step]:
        return [step for job in self.jobs.values() for step in job.steps]

    def before(self, stage: str) -> list[Job]:
        """The jobs of earlier stages."""
        if stage not in self.stages:
            return []
        earlier = self.stages[: self.stages.index(stage)]
        return [job for job in self.jobs.values() if job.stage in earlier]

    @property
    def opaque(self) -> bool:
        """Whether it may do things that cannot be read."""
        if not self.is_read or self.is_open:
            return True
        called = any(job.calls for job in self.jobs.values())
        return called or any(step.is_opaque for step in self.steps)

    @property
    def images(self) -> list[UsedImage]:
        """Every image that its jobs run in or next to, in the order of the file."""
        found = [*_images(self.spec), *_images(self.spec.map("default"))]
        for job in self.jobs.values():
            found += _images(job.spec)
        for step in self.steps:
            if step.uses.startswith("docker://"):
                name = step.uses.removeprefix("docker://")
                found.append(UsedImage(name, step.location, False))
        return list({(one.reference, one.location): one for one in found}.values())

    @cached_property
    def given(self) -> list[Given]:
        """Every named value, in no particular order."""
        found = list(_given(self.spec, None))
        for job in self.jobs.values():
            found += _given(job.spec, job)
            for step in job.steps:
                if step.spec is not job.spec:
                    found += _given(step.spec, job)
                for command in step.commands:
                    found += given_by(command, job)
        return list({(one.name, one.location): one for one in found}.values())

    @cached_property
    def expressions(self) -> list[Expression]:
        """Every expression in its values, in the order of the file."""
        return list(_expressions(self.spec)) if self.provider == "github" else []

    @property
    def first(self) -> Location:
        """Its first line that is no comment."""
        for key in self.spec:
            return self.spec.at(key)
        return Location(self.path)

    def labelled(self, label: str) -> list[Location]:
        """The places of the steps that do this."""
        return [step.location for step in self.steps if label in step.labels]

    def at(self, *keys: str | int) -> Location:
        return self.spec.at(*keys) if keys else Location(self.path)

    def level(self, rule: Rule) -> Level | None:
        """Pipelines have no role by their path."""
        return rule.level


class Pipelines:
    """All pipelines of the repository together; there is one of it, if there is any pipeline."""

    def __init__(self, pipelines: Iterable[Pipeline], tests: Iterable[str]) -> None:
        self.all = tuple(pipelines)
        self.tests = tuple(tests)
        """Files with tests."""

    @property
    def workflows(self) -> list[Pipeline]:
        return [one for one in self.all if not one.is_action]

    def at(self, *keys: str | int) -> Location:
        return self.workflows[0].at()

    def level(self, rule: Rule) -> Level | None:
        return rule.level if self.workflows else None


Parts = Pipelines | Pipeline | Job | Step


def assemble(tree: Tree) -> Iterable[Parts]:
    """Every pipeline with its jobs and steps, and all of them together."""
    from flask_preflight.artifacts.ci_reader import pipelines

    found = list(pipelines(tree))
    _connect(found)
    for pipeline in found:
        yield pipeline
        for job in pipeline.jobs.values():
            yield job
            yield from job.steps
    yield Pipelines(found, [file.path for file in tree.of("python") if _is_test(file)])


def _connect(pipelines: list[Pipeline]) -> None:
    """Jobs and steps with the workflows and actions of the repository that they run."""
    known = {one.path: one for one in pipelines}
    for pipeline in pipelines:
        for job in pipeline.jobs.values():
            job.called = known.get(job.spec.text("uses").removeprefix("./"))
            if job.called is not None:
                job.called.callers.append(job)
            for step in job.steps:
                folder = step.uses.removeprefix("./").rstrip("/") if step.uses[:2] == "./" else None
                for name in ("action.yml", "action.yaml") if folder is not None else ():
                    step.called = step.called or known.get(f"{folder}/{name}" if folder else name)


def _is_test(file: File) -> bool:
    name = file.path.rpartition("/")[2]
    return file.role == "test" and (
        name.startswith("test") or name.endswith(("_test.py", "tests.py"))
    )
