"""What a step of a pipeline does, by the command or the action that it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

from flask_preflight.lazy import expression

Label = Literal[
    "test",
    "lint",
    "audit",
    "build_image",
    "push_image",
    "scan_image",
    "publish_package",
    "migrate",
    "deploy",
    "verify",
    "rollback",
    "login",
]
_WRAPPER = (
    r"(?:sudo(?: -E)?|time|exec|timeout \S+|poetry run|pipenv run|pdm run|hatch run(?: \S+:)?"
    r"|rye run|pixi run|uv run|uvx|pipx run|npx|pnpm exec|coverage run|xvfb-run|nice|retry"
    r"|(?:\S*/)?python[\d.]*(?: -m)?|conda run(?: -n \S+)?|\S*/bin/(?=\w)|\$\{?\w+\}?/(?=\w)"
    r"|\$\{?\w+\}?(?:(?=\w)| -m)|-{1,2}[\w-]+(?:=\S+)?)\s*"
)
_HANDS_ON = expression(
    r"(?:docker|podman)(?:(?:-| )compose)?\s.*?\b(?:run|exec)\s"
    r"|(?:uv|poetry|pipenv|pdm|hatch|rye|pixi|conda|micromamba|doppler|op) run\s|uvx\s|pipx run\s"
    r"|xvfb-run\s|timeout\s|retry\s|npx\s"
)
"""Programs that run the rest of their words, after options that may have values."""
_MAX_WRAPPERS = 8
_MAX_WORDS = 25
_COMMANDS: tuple[tuple[Label, str], ...] = (
    (
        "test",
        r"(?:pytest|py\.test|unittest|nose2|nosetests|behave|robot|tox|nox|hatch test|coverage run"
        r"|slipcover|manage\.py test|setup\.py test|flask (?:\S+ )*test|schemathesis|newman|k6"
        r"|cypress run|playwright test|go test|cargo test|mvn|gradle|\./gradlew|\./mvnw|ctest"
        r"|skaffold (?:test|verify)|\S*(?:test_\w+|\w+_test|run_?tests?|tests)\.py"
        r"|(?:npm|yarn|pnpm)(?: --\S+ \S+)* (?:run )?test\S*|tests?|make (?:\S+ )*\S*tests?\S*"
        r"|just (?:\S+ )*\S*test\S*|task (?:\S+ )*\S*test\S*)(?:\s|\Z)",
    ),
    (
        "lint",
        r"(?:ruff|flake8|pylint|black|isort|mypy|pyright|basedpyright|pre-commit|prek|hadolint"
        r"|shellcheck|djlint|codespell|eslint|prettier|yamllint|actionlint|zizmor|checkov"
        r"|kube-linter|kubeconform|helm lint|flask-preflight|bandit|semgrep"
        r"|make (?:\S+ )*(?:lint|format|check)\S*)(?:\s|\Z)",
    ),
    (
        "audit",
        r"(?:pip-audit|safety (?:check|scan)|osv-scanner|uv audit|poetry audit"
        r"|pipenv (?:check|audit)|snyk (?:test|monitor)|trivy (?:fs|filesystem|repo|rootfs)"
        r"|(?:npm|yarn|pnpm) audit)(?:\s|\Z)",
    ),
    (
        "build_image",
        r"(?:docker (?:image )?build|docker buildx (?:build|bake)|docker(?:-| )compose .*?build"
        r"|docker(?:-| )compose .*?up .*--build|podman build|buildah|nerdctl build|pack build"
        r"|gcloud builds submit|az acr build|skaffold (?:build|run)|nixpacks build"
        r"|/kaniko/executor)(?:\s|\Z)",
    ),
    (
        "push_image",
        r"(?:docker push|podman push|docker(?:-| )compose .*?push|docker buildx .*--push"
        r"|skopeo copy|crane (?:push|copy)|docker manifest push|gcloud builds submit)(?:\s|\Z)",
    ),
    ("scan_image", r"(?:trivy (?:image|i)|grype|docker scout|snyk container|dockle)(?:\s|\Z)"),
    ("publish_package", r"(?:twine upload|(?:uv|poetry|hatch|flit) publish|npm publish)(?:\s|\Z)"),
    (
        "migrate",
        r"(?:flask (?:\S+ )*db upgrade|alembic (?:\S+ )*upgrade|manage\.py (?:db )?(?:upgrade"
        r"|migrate))(?:\s|\Z)",
    ),
    (
        "deploy",
        r"(?:kubectl (?:\S+ )*?(?:apply|set image|rollout restart|replace|patch)"
        r"|oc (?:apply|rollout)|helm (?:\S+ )*?(?:upgrade|install)|helmfile"
        r"|skaffold (?:deploy|run)|argocd app"
        r"|flux reconcile|docker stack deploy|docker service update|nomad job run|kamal deploy"
        r"|heroku |git push (?:heroku|dokku|live|production)|fly(?:ctl)? deploy|railway up"
        r"|eb deploy"
        r"|aws ecs (?:update-service|deploy)|aws lambda update-function-code|aws deploy"
        r"|copilot deploy|(?:sam|cdk|sls|serverless) deploy|zappa (?:deploy|update)"
        r"|az (?:webapp|containerapp)|gcloud (?:run|app) deploy|gcloud deploy releases create"
        r"|ansible-playbook|cap production deploy|ssh )(?:|\s|\Z)",
    ),
    (
        "verify",
        r"(?:kubectl rollout status|kubectl wait|helm .*(?:--wait|--atomic)|aws ecs wait"
        r"|docker(?:-| )compose .*--wait)(?:\s|\Z)",
    ),
    ("rollback", r"(?:kubectl rollout undo|helm rollback)(?:\s|\Z)"),
    ("login", r"(?:docker login|gcloud auth|az login|doctl auth|aws configure)(?:\s|\Z)"),
)
_ACTIONS: tuple[tuple[Label, str], ...] = (
    ("test", r"cypress-io/github-action|pytest|tox-dev/"),
    ("lint", r"pre-commit/action|psf/black|ruff-action|super-linter|megalinter|reviewdog|hadolint"),
    ("audit", r"dependency-review-action|gh-action-pip-audit|osv-scanner|snyk/actions"),
    (
        "build_image",
        r"docker/build-push-action|docker/bake-action|buildah-build|docker/github-builder",
    ),
    (
        "scan_image",
        r"trivy-action|anchore/scan-action|docker/scout-action|container-scan|image-scan",
    ),
    ("publish_package", r"gh-action-pypi-publish"),
    (
        "deploy",
        r"azure/webapps-deploy|azure/k8s-deploy|azure/container-apps-deploy|deploy-cloudrun"
        r"|amazon-ecs-deploy|heroku-deploy|flyctl-actions|superfly/|appleboy/ssh-action"
        r"|digitalocean/app_action|deploy-appengine|google-github-actions/deploy|railwayapp|render"
        r"|aws-actions/aws-elasticbeanstalk|einaregilsson/beanstalk-deploy|helm-deploy",
    ),
    (
        "login",
        r"configure-aws-credentials|google-github-actions/auth|azure/login|docker/login-action",
    ),
)
_HARMLESS = frozenset(
    "echo printf : true false cd ls cat pwd export set env mkdir cp mv rm chmod chown touch "
    "sed awk grep find sort head tail wc tee test [ [[ date sleep read exit return source . "
    "apt apt-get apk brew yum dnf pip pip3 pipx uv poetry pipenv pdm conda npm yarn pnpm "
    "corepack curl wget git tar unzip zip jq yq gh docker docker-compose python python3 "
    "python3.12 gem bundle go cargo rustup if then else fi for do done while local function "
    "trap wait kill diff df du free uname which command type service systemctl psql mysql "
    "redis-cli createdb codecov coveralls coverage sudo nohup xargs tr cut basename dirname "
    "readlink realpath id whoami umask ulimit ssh-keyscan ssh-add ssh-agent eval lsb_release "
    "locale-gen update-alternatives az gcloud aws kubectl helm terraform tofu skaffold node "
    "hash sha256sum base64 gpg openssl nproc seq shopt unset declare let pushd popd break "
    "continue shift getopts".split()
)


@cache
def _compiled() -> tuple[tuple[Label, re.Pattern[str]], ...]:
    return tuple((label, re.compile(pattern)) for label, pattern in _COMMANDS)


@cache
def _actions() -> tuple[tuple[Label, re.Pattern[str]], ...]:
    return tuple((label, re.compile(pattern, re.I)) for label, pattern in _ACTIONS)


@cache
def _wrapper() -> re.Pattern[str]:
    return re.compile(_WRAPPER)


def _candidates(text: str) -> Iterator[str]:
    """The command itself, and what it runs in turn: without wrappers, inside of a container."""
    yield text
    inside = _HANDS_ON.match(text)
    if inside:
        words = text[inside.end() :].split()
        for start in range(min(len(words), _MAX_WORDS)):
            yield " ".join(words[start:])
        return
    for _ in range(_MAX_WRAPPERS):
        found = _wrapper().match(text)
        if found is None or not found[0]:
            return
        text = text[found.end() :]
        yield text


@cache
def of_command(text: str) -> frozenset[Label]:
    """What a simple command does; nothing for a placeholder that only prints."""
    text = text.strip()[:500]
    if re.match(r"(?:echo|printf|:)(?:\s|\Z)", text):
        return frozenset()
    candidates = tuple(_candidates(text))
    return frozenset(
        label for label, pattern in _compiled() if any(pattern.match(one) for one in candidates)
    )


@cache
def of_action(uses: str) -> frozenset[Label]:
    """What an action does, by its name."""
    return frozenset(label for label, pattern in _actions() if pattern.search(uses))


def is_harmless(program: str) -> bool:
    """Whether a command does nothing that a label would name."""
    return program in _HARMLESS or program.startswith(("$", "-")) or not program
