"""A pipeline takes jobs from another repository at whatever that repository holds today.

Whoever can push there runs code with the secrets of this pipeline, and its jobs change without a
change here.

Fix: name a commit; a tag can be moved. Owners of one's own can be named in the option `trusted`.

Sources: GitHub, "Reusing workflows: security hardening"; CWE-829.

```yaml bad .github/workflows/ci.yml {6}
on: push
jobs:
  test:
    uses: other/pipelines/.github/workflows/test.yml@main
  deploy:
    uses: other/pipelines/.github/workflows/deploy.yml@main
    secrets: inherit
```

```yaml bad .gitlab-ci.yml {2}
include:
  - project: group/pipelines
    file: /test.yml
test:
  script: [pytest]
```

```yaml good .github/workflows/ci.yml
on: push
jobs:
  test:
    uses: other/pipelines/.github/workflows/test.yml@8f4b7f84864484a7bf31766abe9204da3cbe65b3
  own:
    uses: ./.github/workflows/own.yml
```

```yaml good .gitlab-ci.yml
include:
  - project: group/pipelines
    ref: 8f4b7f84864484a7bf31766abe9204da3cbe65b3
    file: /test.yml
  - template: Security/SAST.gitlab-ci.yml
  - local: /ci/more.yml
test:
  script: [pytest]
```
"""

from collections.abc import Iterator
from typing import NamedTuple

from flask_preflight.artifacts.ci import Pipeline
from flask_preflight.lazy import expression
from flask_preflight.rule import Level, Location, Message, Result, Results, rule, several

MOVES = Message("{0}: its jobs change without a change here, and run with what is given to them")
_COMMIT = expression(r"[0-9a-f]{40}\Z|[0-9a-f]{64}\Z")
_TAG = expression(r"v?\d+(?:\.\d+)*\Z")


class Taken(NamedTuple):
    """Something that is taken from elsewhere at no fixed version; it may be given secrets."""

    location: Location
    name: str
    secrets: bool
    branch: bool


@rule("CIC015", "unpinned-include", "warning", "security", "CWE-829")
def check(pipeline: Pipeline, *, trusted: tuple[str, ...] = ()) -> Results:
    found = [one for one in (*_workflows(pipeline), *_includes(pipeline)) if _counts(one, trusted)]
    if not found:
        return
    serious = [one for one in found if one.secrets and one.branch]
    first = (serious or found)[0]
    names = (one.name for one in (first, *found))
    related = tuple(one.location.saying(one.name) for one in found if one is not first)
    # Most are of the same organisation, whose name no file tells for certain.
    level: Level | None = None if serious else "note"
    yield Result(first.location, MOVES(several(names, 1)), related[:5], level=level)


def _counts(one: Taken, trusted: tuple[str, ...]) -> bool:
    return one.name.partition("/")[0] not in trusted


def _workflows(pipeline: Pipeline) -> Iterator[Taken]:
    """Workflows of other repositories."""
    for job in pipeline.jobs.values():
        uses = job.spec.text("uses")
        name, at, ref = uses.partition("@")
        if not at or uses.startswith("./") or "$" in uses or _COMMIT.match(ref):
            continue
        secrets = "secrets" in job.spec
        yield Taken(job.spec.at("uses"), name, secrets, not _TAG.match(ref))


def _includes(pipeline: Pipeline) -> Iterator[Taken]:
    """Files of other projects and addresses that GitLab includes; they see all variables."""
    if pipeline.provider != "gitlab":
        return
    for one in pipeline.spec.maps("include"):
        ref, remote = one.text("ref"), one.text("remote")
        if one.text("project") and "$" not in ref and not _COMMIT.match(ref):
            yield Taken(one.at("project"), one.text("project"), True, not _TAG.match(ref))
        elif remote and "integrity" not in one and "$" not in remote:
            yield Taken(one.at("remote"), remote.partition("?")[0], True, True)
