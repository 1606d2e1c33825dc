"""Whether a change is tested, built and deployed by a pipeline."""

from __future__ import annotations

from flask_preflight.lazy import expression
from flask_preflight.link.checklist.subject import (
    ELSEWHERE,
    NOT_APPLICABLE,
    Answer,
    Subject,
    line,
    missing,
    present,
    unknown,
)
from flask_preflight.result import Location
from flask_preflight.run import Tree

OPAQUE = "a pipeline runs something that cannot be read"
_TEST_CONFIGURATION = expression(
    r"(?:^|/)(?:pytest\.ini|tox\.ini|noxfile\.py|\.coveragerc|cypress\.(?:json|config\.\w+)"
    r"|playwright\.config\.\w+|conftest\.py|robot\.toml|k6[^/]*\.js)\Z"
)
_BOTS = (
    ".github/dependabot.yml",
    ".github/dependabot.yaml",
    "renovate.json",
    "renovate.json5",
    ".github/renovate.json",
    ".github/renovate.json5",
    ".gitlab/renovate.json",
    ".renovaterc",
    ".renovaterc.json",
    ".pyup.yml",
)


def tests(tree: Tree) -> list[Location]:
    """Tests and their configuration, wherever they are."""
    return [
        Location(file.path)
        for file in tree.files
        if _TEST_CONFIGURATION.search(file.path)
        or file.role == "test"
        and not file.path.startswith((".github/", ".ci/", ".gitlab/"))
    ]


def _integration(subject: Subject) -> Answer:
    found = [pipeline.at() for pipeline in subject.pipelines]
    return present(found) if found else missing("no pipeline")


def _labelled(subject: Subject, lacking: str, *labels: str) -> Answer:
    """What a step with one of these labels proves."""
    found = subject.labelled(*labels)
    if found:
        return present(found)
    if not subject.pipelines:
        return missing("there is no pipeline")
    return unknown(OPAQUE) if subject.opaque else missing(lacking)


def _tests_in_ci(subject: Subject) -> Answer:
    return _labelled(subject, "no pipeline runs tests", "test")


def _build_in_ci(subject: Subject) -> Answer:
    if not subject.images:
        return NOT_APPLICABLE
    return _labelled(subject, "no pipeline builds the image", "build_image")


def _static_checks(subject: Subject) -> Answer:
    return _labelled(subject, "no pipeline checks style or types", "lint")


def _dependency_audit(subject: Subject) -> Answer:
    bots = [Location(path) for path in _BOTS if subject.tree.file(path)]
    if bots:
        return present(bots)
    return _labelled(subject, "nothing tells of packages with known faults", "audit")


def _image_scan(subject: Subject) -> Answer:
    if not subject.labelled("push_image"):
        return NOT_APPLICABLE
    return _labelled(subject, "no pipeline looks into the image", "scan_image")


def _deployment(subject: Subject) -> Answer:
    found = subject.labelled("deploy")
    if found:
        return present(found)
    if subject.shape in (*ELSEWHERE, "platform") or subject.opaque:
        return unknown("deployed from elsewhere")
    if subject.labelled("push_image", "publish_package"):
        return unknown("published for others to deploy")
    return missing("no pipeline deploys")


def _gate(subject: Subject) -> Answer:
    found = subject.labelled("deploy")
    if not found:
        return NOT_APPLICABLE
    return present(found, "deployed from protected branches, after the tests")


def _release(subject: Subject) -> Answer:
    found = subject.labelled("push_image")
    images = [entry.location for entry in subject.served if getattr(entry.part, "image", "")]
    if not found and not images:
        return NOT_APPLICABLE
    return present([*found, *images], "images have names that do not move")


def _verified(subject: Subject) -> Answer:
    if not subject.labelled("deploy"):
        return NOT_APPLICABLE
    return _labelled(subject, "nothing looks whether the deployment works", "verify", "rollback")


LINES = (
    line(
        "ci-cd",
        "continuous-integration",
        "continuous integration",
        10,
        _integration,
        "a pipeline that runs on every change",
        "CIC050",
    ),
    line(
        "ci-cd",
        "tests-in-ci",
        "tests in the pipeline",
        10,
        _tests_in_ci,
        "a step that runs the tests on every change",
        "CIC043 CIC051 CIC052 OPS401",
    ),
    line(
        "ci-cd",
        "build-in-ci",
        "image built by the pipeline",
        4,
        _build_in_ci,
        "a step that builds the image",
    ),
    line(
        "ci-cd",
        "static-checks",
        "static checks",
        1,
        _static_checks,
        "a linter or type checker",
    ),
    line(
        "ci-cd",
        "dependency-audit",
        "dependency audit",
        4,
        _dependency_audit,
        "pip-audit, or a bot that updates packages",
        "CIC054",
    ),
    line(
        "ci-cd",
        "image-scan",
        "image scan",
        4,
        _image_scan,
        "a scan of the image before it is pushed",
        "CIC055",
    ),
    line(
        "ci-cd",
        "continuous-deployment",
        "continuous deployment",
        4,
        _deployment,
        "a step that deploys, GitOps, or a platform that deploys each push",
    ),
    line(
        "ci-cd",
        "deployment-gate",
        "gate before deployments",
        10,
        _gate,
        "deployments that wait for the tests, from protected branches only",
        "CIC063 CIC064 CIC065 CIC066 CIC069",
    ),
    line(
        "ci-cd",
        "immutable-release",
        "releases that do not move",
        4,
        _release,
        "images deployed by digest, commit or version",
        "CIC061 CIC062 K8S050 CMP015 DEP063",
    ),
    line(
        "ci-cd",
        "verified-rollout",
        "verified rollout",
        4,
        _verified,
        "a step that asks the new version, and one that goes back",
        "CIC075 CMP093",
    ),
)
