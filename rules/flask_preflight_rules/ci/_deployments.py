"""The jobs that deploy: where to, what starts them, and what must have passed before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from flask_preflight.artifacts.ci import Job, Pipeline, Pipelines, Step
from flask_preflight.lazy import expression
from flask_preflight.rule import Location

_THROWN_AWAY = expression(
    r"(?i)\b(?:kind create|kind load|minikube|k3d|k3s|microk8s|helm/kind-action|ephemeral"
    r"|dry-run|localstack)\b"
)
_NO_DEPLOYMENT = expression(
    r"(?i)(?:^|[\W_])(?:docs?|pages|gh-pages|storybook|playwright-report|coverage|website|blog)"
    r"(?:[\W_]|\Z)"
)
_PREVIEW = expression(r"(?i)(?:^|[\W_])(?:review|preview|pr|ephemeral)(?:[\W_]|\Z)")
_PRODUCTION = expression(r"(?i)(?:^|[\W_])(?:prod|production|live)(?:[\W_]|\Z)")
_BEFORE_PRODUCTION = expression(
    r"(?i)(?:^|[\W_])(?:staging|stage|stg|dev|develop|development|tests?|testing|qa|uat|sandbox"
    r"|demo|integration|canary)(?:[\W_]|\Z)"
)
_NOT_PULLED = expression(
    r"event_name\s*==\s*['\"](?:push|schedule|workflow_dispatch|release)"
    r"|event_name\s*!=\s*['\"]pull_request|github\.ref(?:_name|_type)?\s*=="
    r"|startsWith\(\s*github\.ref|github\.event\.pull_request\.merged|refs/(?:heads|tags)/"
)
_DECIDES = expression(r"\b(?:github|inputs|needs|vars|env|steps|matrix|secrets|fromJSON)\b")
_EVERY_BRANCH = ("*", "**", "*/*")


class Start(NamedTuple):
    """A pipeline whose events start a job, and everything that must hold before it runs."""

    pipeline: Pipeline
    conditions: str


class Deployment(NamedTuple):
    """A job that deploys, and the first step of it that does."""

    job: Job
    step: Step
    production: bool

    @property
    def location(self) -> Location:
        return self.step.location

    @property
    def starts(self) -> list[Start]:
        return starts(self.job, self.step)


def deployments(pipelines: Pipelines) -> list[Deployment]:
    """The jobs that deploy to something that lasts."""
    found = [one for pipeline in pipelines.all for one in _of_pipeline(pipeline)]
    only = len(found) == 1
    return [
        Deployment(job, step, _to_production(job, only and not _names_other(job)))
        for job, step in found
    ]


def _of_pipeline(pipeline: Pipeline) -> Iterator[tuple[Job, Step]]:
    for job in pipeline.jobs.values() if not pipeline.is_action else ():
        name = f"{pipeline.path.rpartition('/')[2]} {job.id} {environment(job)}"
        if _PREVIEW.search(name) or _NO_DEPLOYMENT.search(name) or _THROWN_AWAY.search(job.text):
            continue
        if job.spec.text("environment", "action") in ("stop", "prepare", "verify", "access"):
            continue
        for step in job.steps:
            if "deploy" in step.labels and "test" not in step.labels:
                yield job, step
                break


def environment(job: Job) -> str:
    """The name of the environment that the job says it deploys to."""
    tier = job.spec.text("environment", "deployment_tier")
    return tier or job.spec.text("environment", "name") or job.spec.text("environment")


def _title(job: Job) -> str:
    file = job.pipeline.path.rpartition("/")[2]
    return f"{environment(job)} {job.id} {job.spec.text('name')} {file} {job.pipeline.name}"


def _names_other(job: Job) -> bool:
    return _BEFORE_PRODUCTION.search(_title(job)) is not None


def _to_production(job: Job, only: bool) -> bool:
    where = environment(job)
    if where and _BEFORE_PRODUCTION.search(where):
        return False
    return only or _PRODUCTION.search(_title(job)) is not None


def starts(job: Job, step: Step | None = None, depth: int = 0) -> list[Start]:
    """Everything that starts a job: the events of its pipeline, or of those that call it."""
    own = job.conditions(step)
    found = []
    if job.pipeline.events - {"call"}:
        found.append(Start(job.pipeline, own))
    for caller in job.pipeline.callers if depth < 4 else ():
        found += [
            Start(one.pipeline, f"{own}\n{one.conditions}")
            for one in starts(caller, depth=depth + 1)
        ]
    return found


def runs_for_pull_requests(start: Start, job: Job) -> bool | None:
    """Whether a pull request starts a job; None where a condition decides that cannot be read."""
    pipeline, conditions = start
    if pipeline.provider == "gitlab":
        return _for_merge_requests(job)
    if not {"pull_request", "pull_request_target"} & pipeline.triggers:
        return False
    if _NOT_PULLED.search(conditions):
        return False
    kinds = {
        kind
        for event in ("pull_request", "pull_request_target")
        for kind in pipeline.spec.items_of("on", event, "types")
    }
    if kinds and not kinds & {"opened", "synchronize", "reopened", "ready_for_review"}:
        return None
    return None if _DECIDES.search(conditions) else True


def _for_merge_requests(job: Job) -> bool | None:
    """Whether the rules of a job of GitLab add it to pipelines of merge requests by themselves."""
    names = [str(one) for one in job.spec.items_of("only")]
    if "merge_requests" in names or job.spec.text("only") == "merge_requests":
        return job.spec.text("when") != "manual"
    for one in job.spec.maps("rules"):
        if "merge_request" in one.text("if"):
            when = one.text("when")
            plain = re.fullmatch(r"\s*\$CI_PIPELINE_SOURCE\s*==\s*\S+\s*", one.text("if"))
            if when in ("never", "manual"):
                return False
            return True if plain and "changes" not in one else None
    return False


def runs_for_any_branch(start: Start, job: Job) -> bool | None:
    """Whether a push to whatever branch starts a job; None where that cannot be read."""
    pipeline, conditions = start
    if pipeline.provider == "gitlab":
        limits = ("rules", "only", "except")
        if any(key in job.spec for key in limits) or "workflow" in pipeline.spec:
            return None
        return None if pipeline.is_open else True
    if "push" not in pipeline.triggers:
        return False
    given = pipeline.spec.map("on", "push")
    if "tags" in given and "branches" not in given or "branches-ignore" in given:
        return False
    branches = given.dig("branches")
    names = branches if isinstance(branches, list) else [branches] if branches else []
    if names and not any(str(name) in _EVERY_BRANCH for name in names):
        return False
    if _NOT_PULLED.search(conditions):
        return False
    return None if _DECIDES.search(conditions) else True


def is_manual(job: Job) -> bool:
    """Whether only people start it."""
    events = {event for start in starts(job) for event in start.pipeline.events}
    if job.spec.text("when") == "manual":
        return True
    rules = list(job.spec.maps("rules"))
    if rules and all(rule.text("when") in ("manual", "never") for rule in rules):
        return True
    return bool(events) and events <= {"manual", "call"}


def is_released(job: Job) -> bool:
    """Whether it runs for tags and releases only, as far as the events tell."""
    found = starts(job)
    return bool(found) and all(_for_tags(start) for start in found)


def _for_tags(start: Start) -> bool:
    pipeline, conditions = start
    given = pipeline.spec.map("on", "push")
    if "push" in pipeline.triggers:
        return "tags" in given and "branches" not in given or "refs/tags/" in conditions
    return "tag" in pipeline.events and pipeline.events <= {"tag", "manual", "call"}


def upstream(job: Job, depth: int = 0) -> list[Job]:
    """The jobs that must have passed before it, through the workflows that call it too."""
    found = list(job.upstream)
    for caller in job.pipeline.callers if depth < 4 else ():
        found += upstream(caller, depth + 1)
    return found
