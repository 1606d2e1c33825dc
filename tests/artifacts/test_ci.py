"""Pipelines: what starts them, what their steps do, and what they call."""

from __future__ import annotations

import pytest

import harness
from flask_preflight.artifacts import ci
from flask_preflight.artifacts.ci import Pipeline
from flask_preflight.artifacts.ci_labels import of_action, of_command

CI = ".github/workflows/ci.yml"
JOB = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n"


def pipeline(text: str, path: str = CI, **files: str) -> Pipeline:
    parts = ci.assemble(harness.tree_of({path: text, **files}))
    return next(one for one in parts if isinstance(one, Pipeline) and one.path == path)


def labels(script: str, **files: str) -> set[str]:
    body = script.replace("\n", "\n          ")
    found = pipeline(f"{JOB}      - run: |\n          {body}\n", **files)
    return {label for step in found.steps for label in step.labels}


@pytest.mark.parametrize(
    ("command", "label"),
    [
        ("pytest -q", "test"), ("python -m pytest", "test"), ("uv run pytest", "test"),
        ("poetry run python -m unittest", "test"), ("tox -e py313", "test"),
        ("coverage run -m pytest", "test"), ("$PYTHON -m pytest", "test"),
        ("docker compose run --rm web pytest", "test"), ("npm run test:unit", "test"),
        ("docker-compose -f ci.yml run redash tests", "test"), (".venv/bin/pytest", "test"),
        ("ruff check .", "lint"), ("pre-commit run -a", "lint"), ("pip-audit", "audit"),
        ("docker build -t x .", "build_image"), ("docker buildx build --push .", "push_image"),
        ("docker push x", "push_image"), ("trivy image x", "scan_image"),
        ("kubectl apply -f k8s", "deploy"), ("helm upgrade --install a b", "deploy"),
        ("git push heroku main", "deploy"), ("docker stack deploy -c s.yml x", "deploy"),
        ("flask db upgrade", "migrate"), ("twine upload dist/*", "publish_package"),
        ("kubectl rollout status deployment/web", "verify"),
    ],
)  # fmt: skip
def test_labels_of_commands(command: str, label: str) -> None:
    assert label in of_command(command)


@pytest.mark.parametrize(
    "command",
    ["echo pytest", "printf 'kubectl apply'", "cat tests.txt", "pip install pytest", "ls"],
)
def test_commands_that_do_nothing_of_the_kind(command: str) -> None:
    assert not of_command(command)


@pytest.mark.parametrize(
    ("action", "label"),
    [
        ("docker/build-push-action@v6", "build_image"),
        ("aquasecurity/trivy-action@v0", "scan_image"),
        ("azure/webapps-deploy@v3", "deploy"),
        ("pypa/gh-action-pypi-publish@release/v1", "publish_package"),
    ],
)
def test_labels_of_actions(action: str, label: str) -> None:
    assert label in of_action(action)


@pytest.mark.parametrize(
    ("on", "events"),
    [
        ("on: push", {"push"}),
        ("on: [push, pull_request]", {"push", "pull_request"}),
        ("on:\n  pull_request_target:\n    types: [opened]", {"privileged"}),
        ("'on': {workflow_call: {}}", {"call"}),
        ("true: push", set()),
    ],
)
def test_triggers(on: str, events: set[str]) -> None:
    found = pipeline(f"{on}\njobs:\n  a:\n    steps: []\n")
    assert found.events == frozenset(events)


def test_scripts_and_targets_are_followed() -> None:
    assert labels("make check", Makefile="check: test\n\techo\ntest:\n\tuv run pytest\n") == {
        "test"
    }
    assert labels("make", Makefile="all: test\ntest:\n\t@pytest\nother:\n\tdocker push x\n") == {
        "test"
    }
    assert labels("./ci.sh", **{"ci.sh": "#!/bin/sh\nset -e\npytest\n"}) == {"test"}
    assert labels("bash scripts/ci.sh", **{"scripts/ci.sh": "ruff check .\n"}) == {"lint"}
    package = '{"scripts": {"ci": "eslint ."}}'
    assert labels("npm run ci", **{"package.json": package}) == {"lint"}


def test_functions_of_a_script() -> None:
    script = "#!/bin/bash\nfunction ci:test {\n  checks\n  pytest\n}\nchecks() {\n  ruff check\n}\n"
    script += 'deploy() {\n  kubectl apply -f k8s\n}\n"$@"\n'
    assert labels("./run ci:test", run=script) == {"test", "lint"}


@pytest.mark.parametrize(
    "step",
    ["- run: ./missing.sh", "- run: make test-all", "- uses: ./missing"],
)
def test_what_cannot_be_read_is_opaque(step: str) -> None:
    assert pipeline(f"{JOB}      {step}\n").opaque is (step != "- run: make test-all")


def test_reusable_workflows() -> None:
    call = "on: push\njobs:\n  a:\n    uses: {0}\n"
    assert pipeline(call.format("other/repo/.github/workflows/x.yml@v1")).opaque
    inner = {".github/workflows/x.yml": JOB + "      - run: pytest\n"}
    assert not pipeline(call.format("./.github/workflows/x.yml"), **inner).opaque


def test_workflows_of_subfolders_do_not_run() -> None:
    parts = ci.assemble(harness.tree_of({f"theme/{CI}": JOB + "      - run: pytest\n"}))
    assert [one for one in parts if isinstance(one, Pipeline)] == []


def test_places_in_scripts() -> None:
    found = pipeline(JOB + "      - run: |\n          ruff check .\n          pytest -q\n")
    (step,) = found.steps
    assert [command.location.region.start_line for command in step.commands] == [7, 8]
    found = pipeline(JOB + "      - run: pytest -q\n")
    region = found.steps[0].commands[0].location.region
    assert (region.start_line, region.start_column) == (6, 14)


def test_builds() -> None:
    text = JOB + (
        "      - run: docker build -f docker/Dockerfile -t acme/web:1 .\n"
        "      - uses: docker/build-push-action@v6\n"
        "        with: {context: api, tags: 'acme/api:1', push: true}\n"
    )
    files = {"docker/Dockerfile": "FROM x\n", "api/Dockerfile": "FROM x\n"}
    found = [(b.dockerfile, b.context, b.names, b.pushed) for b in pipeline(text, **files).builds]
    assert found == [
        ("docker/Dockerfile", "", ("acme/web:1",), False),
        ("api/Dockerfile", "api", ("acme/api:1",), True),
    ]


def test_targets_that_an_expression_decides_are_unknown() -> None:
    text = (
        "on: push\njobs:\n  a:\n    steps:\n      - run: docker build --target ${{ inputs.x }} .\n"
    )
    assert [build.target for build in pipeline(text, Dockerfile="FROM x\n").builds] == [None]


def test_builds_of_a_matrix() -> None:
    text = (
        "on: push\njobs:\n  a:\n    strategy: {matrix: {name: [one, two]}}\n    steps:\n"
        "      - run: docker build -t acme/${{ matrix.name }} ${{ matrix.name }}\n"
    )
    files = {"one/Dockerfile": "FROM x\n", "two/Dockerfile": "FROM x\n"}
    found = {b.dockerfile for b in pipeline(text, **files).builds if b.dockerfile}
    assert found >= {"one/Dockerfile", "two/Dockerfile"}


GITLAB = """
include: {local: /ci/base.yml}
default:
  before_script: [pip install -r requirements.txt]
test:
  extends: .python
  script:
    - pytest
deploy:
  script: kubectl apply -f k8s
  when: manual
.hidden:
  script: [docker push x]
"""


def test_gitlab() -> None:
    base = ".python:\n  image: python:3.13\nlint:\n  script: [ruff check]\n"
    found = pipeline(GITLAB, ".gitlab-ci.yml", **{"ci/base.yml": base})
    assert {id: set(job.labels) for id, job in found.jobs.items()} == {
        "lint": {"lint"},
        "test": {"test"},
        "deploy": {"deploy"},
    }
    assert not found.opaque
    assert pipeline("include: {remote: 'https://x'}\n", ".gitlab-ci.yml").opaque


@pytest.mark.parametrize("path", [".circleci/config.yml", "Jenkinsfile", "azure-pipelines.yml"])
def test_other_systems_are_known_and_opaque(path: str) -> None:
    assert pipeline("a: b\n", path).opaque


@pytest.mark.parametrize(
    "text",
    ["on: push\njobs: []\n", "jobs:\n  a: 5\n", "jobs:\n  a:\n    steps: {}\n",
     "jobs:\n  a:\n    steps: [null, 5, {run: [x]}, {uses: {}}]\n",
     "on: {push: }\njobs: {a: {}}\n"],
)  # fmt: skip
def test_strange_files_get_an_answer(text: str) -> None:
    list(ci.assemble(harness.tree_of({CI: text})))
