"""Which tags of an image a job pushes, and whether any of them stays what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from flask_preflight.artifacts.ci import Job, Step
from flask_preflight.artifacts.shell import Command
from flask_preflight.lazy import expression
from flask_preflight.rule import Location

_REFERENCE = expression(r"(?P<name>[^\s@]*?)(?::(?P<tag>[^/:\s@]*))?(?P<digest>@\S+)?\Z")
_BRANCH = expression(
    r"\$\{?(?:CI_COMMIT_(?:REF_SLUG|REF_NAME|BRANCH)|CI_ENVIRONMENT_(?:SLUG|NAME)|GITHUB_REF_NAME"
    r"|BITBUCKET_BRANCH|CIRCLE_BRANCH)\}?\Z"
)
_BRANCH_EXPRESSION = expression(r"\$\{\{\s*github\.(?:ref_name|head_ref|base_ref)\s*\}\}\Z")
_OUTPUT = expression(r"\$\{\{\s*steps\.([\w-]+)\.outputs\.tags\s*\}\}\Z")
_STAYS = expression(r"type=(?:sha|semver|pep440|match)|type=ref\S*event=tag|\$|\{\{")
_FENCED = expression(r"\$\{\{[^}]*\}\}")


class Pushed(NamedTuple):
    """A reference that is pushed; `stays` None where that cannot be known."""

    name: str
    tag: str
    stays: bool | None
    location: Location


def pushed(job: Job) -> Iterator[Pushed]:
    """Everything the job pushes to a registry, as far as it is written in the pipeline."""
    for step in job.steps:
        if step.action == "docker/build-push-action" and step.pushes:
            yield from _by_action(step)
        for command in step.commands:
            for reference, where in _by_command(command):
                yield judged(reference, where, job)


def _by_action(step: Step) -> Iterator[Pushed]:
    where = step.spec.at("with", "tags")
    for line in re.split(r"[\n,]", step.spec.text("with", "tags")):
        given = _OUTPUT.match(line.strip())
        if given:
            yield Pushed("", "", _metadata_stays(step.job, given[1]), where)
        elif line.strip():
            yield judged(line.strip(), where, step.job)


def _metadata_stays(job: Job, id: str) -> bool | None:
    """Whether a tag that `docker/metadata-action` makes belongs to one commit or version."""
    for step in job.steps:
        if step.spec.text("id") == id and step.action == "docker/metadata-action":
            rules = step.spec.text("with", "tags")
            if "tags" in step.spec.map("with"):
                return _STAYS.search(rules) is not None
            return _released(job)
    return None


def _by_command(command: Command) -> Iterator[tuple[str, Location]]:
    words = [word for word in command.words[1:] if not word.startswith("-")]
    if command.program not in ("docker", "podman") or not words:
        return
    if words[0] == "push" and words[1:] and not command.has("--all-tags", "-a"):
        yield words[-1], command.location
    if "build" in words[:2] and command.has("--push"):
        yield from command.values("-t", "--tag")


def judged(reference: str, where: Location, job: Job) -> Pushed:
    """A reference, and whether its tag stays what it is."""
    masked = _FENCED.sub(lambda found: found[0].replace(":", "_").replace(" ", ""), reference)
    found = _REFERENCE.match(masked)
    name, tag = (found["name"], found["tag"] or "") if found else (masked, "")
    local = name.startswith(("localhost", "127."))
    if found is None or found["digest"] or local or "buildcache" in tag or tag.endswith("cache"):
        return Pushed(name, tag, None, where)
    return Pushed(name, tag, _tag_stays(name, tag, job), where)


def _tag_stays(name: str, tag: str, job: Job) -> bool | None:
    if _BRANCH.match(tag) or _BRANCH_EXPRESSION.match(tag):
        return _released(job)
    if "$" in tag or "___" in tag or not tag and ("$" in name or "___" in name):
        return None
    return any(letter.isdigit() for letter in tag)


def _released(job: Job) -> bool | None:
    """Whether what starts the job names a version; None where tags start it, and branches too."""
    given = job.pipeline.spec.map("on", "push")
    if "refs/tags/" in job.conditions() or "tag" in job.pipeline.events or "tags" in given:
        branches = "push" in job.pipeline.triggers and ("branches" in given or "tags" not in given)
        return None if branches else True
    return False
