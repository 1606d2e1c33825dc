"""Which jobs only read: their steps could do nothing with the right to write."""

from __future__ import annotations

from flask_preflight.artifacts.ci import Job, Step
from flask_preflight.lazy import expression

_READS = expression(
    r"actions/(?:checkout|setup-[\w-]+|cache(?:/\w+)?|upload-artifact|download-artifact)\Z"
    r"|astral-sh/(?:setup-uv|ruff-action)\Z|pre-commit/action\Z|psf/black\Z"
    r"|docker/(?:setup-[\w-]+|metadata-action)\Z|codecov/codecov-action\Z|hadolint/"
    r"|snok/install-poetry\Z|pypa/gh-action-pip-audit\Z"
)
"""Actions that need no more than to read the code, whatever they are given."""
_WRITES = expression(
    r"gh\s|hub\s|git\s+(?:\S+\s+)*?push|(?:docker|podman|oras|helm|skopeo|crane)\s.*(?:push|copy)"
    r"|twine\s|cosign\s|semantic-release|npm publish|(?:curl|wget)\s.*api\.github\.com"
)


def only_reads(job: Job) -> bool:
    """Whether no step of the job can need a right to write, as far as that can be read."""
    if job.calls or not job.steps or "id-token" in job.text:
        return False
    return all(_reads(step) for step in job.steps)


def _reads(step: Step) -> bool:
    text = step.job.text + str(step.job.pipeline.spec.dig("env"))
    if step.is_opaque or "secrets.GITHUB_TOKEN" in text or "github.token" in text:
        return False
    if step.uses and not _READS.match(step.action):
        return False
    return not any(_WRITES.match(command.text) for command in step.judged)
