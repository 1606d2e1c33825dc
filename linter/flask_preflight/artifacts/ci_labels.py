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
    "generate_migration",
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
_PROGRAMS: dict[Label, str] = {
    "test": "pytest py.test unittest nose2 nosetests behave robot tox nox slipcover schemathesis "
    "newman k6 mvn gradle ./gradlew ./mvnw ctest test tests",
    "lint": "ruff flake8 pylint black isort mypy pyright basedpyright pre-commit prek hadolint "
    "shellcheck djlint codespell eslint prettier yamllint actionlint zizmor checkov kube-linter "
    "kubeconform flask-preflight bandit semgrep",
    "audit": "pip-audit osv-scanner",
    "build_image": "buildah nerdctl /kaniko/executor",
    "scan_image": "grype dockle",
    "deploy": "helmfile ansible-playbook",
}
"""Programs that do one thing, whatever their arguments."""
_SERVICE = (
    r".*(?:systemctl (?:restart|reload|start)|supervisorctl|service \S+ (?:restart|reload)|compose"
    r"|docker (?:run|pull|stack|service)|podman run|pm2 |gunicorn|git pull|kubectl|helm |deploy"
    r"|restart|reload)\S*"
)
"""What is said to another machine when the program on it is replaced."""
_REMOTE = r".*[\w.}-]+@[\w.${}-]+:\S*"
_COMMANDS: dict[str, tuple[tuple[Label, str], ...]] = {
    "hatch": (("test", "test"), ("publish_package", "publish")),
    "coverage": (("test", "run"),),
    "manage.py": (("test", "test"), ("migrate", "(?:db )?(?:upgrade|migrate)")),
    "setup.py": (("test", "test"),),
    "flask": (
        ("test", r"(?:\S+ )*test"),
        ("migrate", r"(?:\S+ )*db upgrade"),
        ("generate_migration", r"(?:\S+ )*db (?:migrate|init|revision .*--autogenerate)"),
    ),
    "alembic": (
        ("migrate", r"(?:\S+ )*upgrade"),
        ("generate_migration", r"(?:\S+ )*revision .*--autogenerate"),
    ),
    "cypress": (("test", "run"),),
    "playwright": (("test", "test"),),
    "go": (("test", "test"),),
    "cargo": (("test", "test"),),
    "npm": (
        ("test", r"(?:--\S+ \S+ )*(?:run )?test\S*"),
        ("audit", "audit"),
        ("publish_package", "publish"),
    ),
    "yarn": (("test", r"(?:--\S+ \S+ )*(?:run )?test\S*"), ("audit", "audit")),
    "pnpm": (("test", r"(?:--\S+ \S+ )*(?:run )?test\S*"), ("audit", "audit")),
    "make": (
        ("test", r"(?:\S+ )*\S*tests?\S*"),
        ("lint", r"(?:\S+ )*(?:lint|format|check)\S*"),
    ),
    "just": (("test", r"(?:\S+ )*\S*test\S*"),),
    "task": (("test", r"(?:\S+ )*\S*test\S*"),),
    "skaffold": (
        ("test", "(?:test|verify)"),
        ("build_image", "(?:build|run)"),
        ("deploy", "(?:deploy|run)"),
    ),
    "safety": (("audit", "(?:check|scan)"),),
    "uv": (("audit", "audit"), ("publish_package", "publish")),
    "poetry": (("audit", "audit"), ("publish_package", "publish")),
    "flit": (("publish_package", "publish"),),
    "twine": (("publish_package", "upload"),),
    "pipenv": (("audit", "(?:check|audit)"),),
    "snyk": (("audit", "(?:test|monitor)"), ("scan_image", "container")),
    "trivy": (("audit", "(?:fs|filesystem|repo|rootfs)"), ("scan_image", "(?:image|i)")),
    "docker": (
        ("build_image", "(?:image )?build|buildx (?:build|bake)"),
        ("build_image", "compose .*?build|compose .*?up .*--build"),
        ("push_image", "push|compose .*?push|buildx .*--push|manifest push"),
        ("scan_image", "scout"),
        ("deploy", "stack deploy|service update"),
        ("verify", "compose .*--wait"),
        ("login", "login"),
    ),
    "docker-compose": (
        ("build_image", ".*?build|.*?up .*--build"),
        ("push_image", ".*?push"),
        ("verify", ".*--wait"),
    ),
    "podman": (("build_image", "build"), ("push_image", "push")),
    "pack": (("build_image", "build"),),
    "nixpacks": (("build_image", "build"),),
    "skopeo": (("push_image", "copy"),),
    "crane": (("push_image", "(?:push|copy)"),),
    "kubectl": (
        ("deploy", r"(?:\S+ )*?(?:apply|set image|rollout restart|replace|patch)"),
        ("verify", "rollout status|wait"),
        ("rollback", "rollout undo"),
    ),
    "oc": (("deploy", "(?:apply|rollout)"),),
    "helm": (
        ("lint", "lint"),
        ("deploy", r"(?:\S+ )*?(?:upgrade|install)"),
        ("verify", ".*(?:--wait|--atomic)"),
        ("rollback", "rollback"),
    ),
    "argocd": (
        ("deploy", "app (?:sync|set)"),
        ("verify", "app wait"),
        ("rollback", "app rollback"),
    ),
    "terraform": (("deploy", r"(?:-\S+ )*apply"),),
    "tofu": (("deploy", r"(?:-\S+ )*apply"),),
    "pulumi": (("deploy", "up"),),
    "heroku": (
        ("deploy", "container:release|deploy:|builds:create|pipelines:promote"),
        ("rollback", "rollback|releases:rollback"),
    ),
    "ssh": (("deploy", _SERVICE),),
    "rsync": (("deploy", _REMOTE),),
    "scp": (("deploy", _REMOTE),),
    "curl": (
        ("deploy", r".*(?:api\.render\.com/deploy|DEPLOY_HOOK|/deploy[-_]?hooks?/)"),
        ("verify", r".*(?:/health|/ready|/live|/ping|/status|/version)"),
    ),
    "wget": (("verify", r".*(?:/health|/ready|/live|/ping|/status|/version)"),),
    "flux": (("deploy", "reconcile"),),
    "nomad": (("deploy", "job run"),),
    "kamal": (("deploy", "deploy"),),
    "git": (("deploy", "push (?:heroku|dokku|live|production)"),),
    "fly": (("deploy", "deploy"),),
    "flyctl": (("deploy", "deploy"),),
    "railway": (("deploy", "up"),),
    "eb": (("deploy", "deploy"),),
    "copilot": (("deploy", "deploy"),),
    "sam": (("deploy", "deploy"),),
    "cdk": (("deploy", "deploy"),),
    "sls": (("deploy", "deploy"),),
    "serverless": (("deploy", "deploy"),),
    "zappa": (("deploy", "(?:deploy|update)"),),
    "cap": (("deploy", "production deploy"),),
    "aws": (
        (
            "deploy",
            "ecs (?:update-service|deploy)|lambda update-function-code|deploy create-deployment"
            "|apprunner (?:start-deployment|update-service)|elasticbeanstalk update-environment",
        ),
        ("verify", "ecs wait"),
        ("login", "configure"),
    ),
    "az": (
        ("build_image", "acr build"),
        (
            "deploy",
            "webapp (?:deploy|deployment|up|restart|config container)|containerapp (?:up|update)",
        ),
        ("login", "login"),
    ),
    "gcloud": (
        ("build_image", "builds submit"),
        ("push_image", "builds submit"),
        ("deploy", "(?:run|app) deploy|deploy releases create"),
        ("login", "auth"),
    ),
    "doctl": (("login", "auth"),),
}
"""What the words after a program mean, from the first of them on."""
_TEST_FILE = expression(r"\S*(?:test_\w+|\w+_test|run_?tests?|tests)\.py\Z")
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
        r"|digitalocean/app_action|deploy-appengine|google-github-actions/deploy|railwayapp"
        r"|render[\w-]*deploy|deploy[\w-]*render"
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
def _by_program() -> dict[str, tuple[tuple[Label, re.Pattern[str]], ...]]:
    found = {
        program: tuple((label, expression(rf"(?:{words})(?:\s|\Z)")) for label, words in meanings)
        for program, meanings in _COMMANDS.items()
    }
    anything = expression("")
    for label, programs in _PROGRAMS.items():
        for program in programs.split():
            found[program] = (*found.get(program, ()), (label, anything))
    return found


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
    found: set[Label] = set()
    for one in _candidates(text):
        program, _, rest = one.partition(" ")
        found.update(
            label for label, words in _by_program().get(program, ()) if words.match(rest.lstrip())
        )
        if _TEST_FILE.match(program):
            found.add("test")
    return frozenset(found)


@cache
def of_remote(text: str) -> frozenset[Label]:
    """What a command does that another machine runs."""
    found: set[Label] = set(of_command(text))
    if re.match(rf"{_SERVICE}(?:\s|\Z)", text[:500]):
        found.add("deploy")
    return frozenset(found)


@cache
def of_action(uses: str) -> frozenset[Label]:
    """What an action does, by its name."""
    return frozenset(label for label, pattern in _actions() if pattern.search(uses))


def is_harmless(program: str) -> bool:
    """Whether a command does nothing that a label would name."""
    return program in _HARMLESS or program.startswith(("$", "-")) or not program
