"""Which kinds of artifact a file is, and which role its path gives it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from flask_preflight.lazy import expression
from flask_preflight.run import Role


class Kind(NamedTuple):
    """How files of one kind are read: by which module, and which rules ask for its parts."""

    scope: Literal["file", "repository", "evidence"]
    module: str
    packages: tuple[str, ...]


KINDS: dict[str, Kind] = {
    "python": Kind("file", "python", ("flask", "wsgi")),
    "requirements": Kind("file", "requirements", ("env",)),
    "text": Kind("file", "text", ("secrets",)),
    "dockerfile": Kind("repository", "dockerfile", ("docker", "wsgi")),
    "compose": Kind("repository", "compose", ("compose", "wsgi")),
    "kubernetes": Kind("repository", "kubernetes", ("kubernetes", "wsgi")),
    "ci": Kind("repository", "ci", ("ci",)),
    "wsgi": Kind("repository", "wsgi", ("wsgi", "env")),
    "env": Kind("repository", "env", ("env",)),
    "proxy": Kind("repository", "proxy", ("proxy",)),
    "script": Kind("evidence", "", ()),
    "iac": Kind("evidence", "", ()),
    "doc": Kind("evidence", "", ()),
}
ALWAYS = ("deployment", "practice")
"""Packages whose rules look at the whole."""


def _names(pattern: str) -> re.Pattern[str]:
    return expression(rf"(?:{pattern})\Z", re.IGNORECASE)


_DOCKERFILE = _names(
    r"(?:dockerfile|containerfile)(?:\.[^/]*)?|[^/]*\.(?:dockerfile|containerfile)"
    r"|[^/]*dockerfile\.dockerignore|\.dockerignore|\.containerignore"
)
_NOT_DOCKERFILE = _names(
    r".*\.(?:md|rst|txt|html?|go|py|js|ts|json|ya?ml|toml|png|j2|jinja2?|tmpl|template"
    r"|tpl|erb|in|orig|bak|swp)"
)
_COMPOSE = _names(
    r"[^/]*compose[^/]*\.ya?ml|docker-stack[^/]*\.ya?ml|stack[^/]*\.ya?ml|[^/]*\.stack\.ya?ml"
    r"|swarm[^/]*\.ya?ml"
)
_REQUIREMENTS = _names(
    r"[^/]*requirements[^/]*\.(?:txt|in|pip)|requires\.txt|constraints[^/]*\.txt|pyproject\.toml"
    r"|setup\.(?:py|cfg)|pipfile(?:\.lock)?|poetry\.lock|uv\.lock|pdm\.lock|environment\.ya?ml"
    r"|\.python-version|runtime\.txt"
)
_ENV = _names(
    r"\.env(?:[._-][^/]*)?|\.flaskenv|[^/]*\.env(?:\.[^/]*)?|env\.(?:example|sample|template|dist)"
)
_NOT_ENV = _names(r".*\.(?:py|js|ts|sh|md|ya?ml|json|j2|nix|bat|ps1|rb|go|toml)")
_WSGI = _names(
    r"gunicorn[^/]*\.(?:py|conf)|[^/]*gunicorn[^/]*\.conf\.py|[^/]*uwsgi[^/]*\.(?:ini|xml|ya?ml|json)"
    r"|procfile(?:\.[^/]*)?|[^/]*\.service|supervisord?[^/]*\.(?:conf|ini)|app\.ya?ml|fly[^/]*\.toml"
    r"|render\.ya?ml|heroku\.yml|railway\.(?:json|toml)|nixpacks\.toml|apprunner\.ya?ml|app\.json"
)
_SCRIPT = _names(
    r"[^/]*\.(?:sh|bash)|makefile|[^/]*\.mk|justfile|tox\.ini|noxfile\.py|package\.json"
    r"|tasks\.py|fabfile\.py|taskfile\.ya?ml|\.pre-commit-config\.ya?ml|tiltfile|skaffold[^/]*\.ya?ml"
    r"|docker-bake\.(?:hcl|json)|[^/]*entrypoint[^/]*|start|run|boot"
)
_IAC = _names(
    r"[^/]*\.(?:tf|tfvars|bicep)|serverless\.ya?ml|template\.ya?ml|cdk\.json|pulumi\.ya?ml"
)
_DOC = _names(r"[^/]*\.(?:md|rst|adoc|txt)|codeowners|security")
_PROXY = _names(
    r"[^/]*nginx[^/]*\.conf(?:\.[^/]*)?|[^/]*\.(?:nginx|vhost)|[^/]*\.conf\.(?:template|j2|jnj|erb|tpl)"
    r"|nginx\.conf\.sigil|[^/]*caddyfile[^/]*|traefik[^/]*\.(?:ya?ml|toml)|httpd\.conf|apache2\.conf"
    r"|\.htaccess|haproxy[^/]*\.cfg|[^/]*\.haproxy"
)
_PROXY_FOLDER = expression(
    r"(?:^|/)(?:\.?nginx(?:-conf)?|conf\.d|sites-available|sites-enabled|apache2|httpd)/", re.I
)
_PROXY_TEXT = expression(
    r"^\s*(?:server|http|upstream\s+\S+|location\s[^{;]+|events)\s*\{|^\s*(?:listen|proxy_pass"
    r"|uwsgi_pass|server_name)\s[^;\n]*;|<VirtualHost|^\s*WSGIScriptAlias",
    re.MULTILINE,
)
_CI = expression(
    r"(?:^|/)(?:\.github/(?:workflows/[^/]+\.ya?ml|dependabot\.ya?ml)|(?:.*/)?action\.ya?ml"
    r"|[^/]*\.gitlab-ci\.ya?ml|\.gitlab-ci/.+\.ya?ml|\.gitlab/ci/.+\.ya?ml|\.circleci/config\.ya?ml"
    r"|azure-pipelines[^/]*\.ya?ml|\.azure-pipelines/.+\.ya?ml|bitbucket-pipelines\.ya?ml"
    r"|jenkinsfile[^/]*|\.travis\.ya?ml|cloudbuild[^/]*\.(?:ya?ml|json)|\.drone\.ya?ml"
    r"|\.woodpecker(?:\.ya?ml|/.+\.ya?ml)|buildspec[^/]*\.ya?ml|\.buildkite/.+\.ya?ml"
    r"|\.forgejo/workflows/[^/]+\.ya?ml|\.gitea/workflows/[^/]+\.ya?ml|renovate\.json5?"
    r"|\.renovaterc(?:\.json)?|appveyor\.ya?ml|\.cirrus\.ya?ml|wercker\.ya?ml|\.semaphore/.+\.ya?ml)\Z",
    re.IGNORECASE,
)
_BINARY = _names(
    r".*\.(?:png|jpe?g|gif|ico|webp|avif|bmp|tiff?|svgz|woff2?|ttf|otf|eot|mp[34]|m4[av]|wav|ogg"
    r"|webm|mov|avi|pdf|zip|gz|tgz|bz2|xz|zst|7z|rar|jar|whl|egg|pyc|pyo|so|dll|dylib|exe|o|a|class"
    r"|db|sqlite3?|mo|npy|npz|pkl|pickle|parquet|psd|ai|docx?|xlsx?|pptx?|wasm|bin|dat|iso|dmg)"
)


def kinds(path: str, head: Callable[[], str]) -> tuple[str, ...]:
    """The kinds of a file; `head()` gives its first 4 KiB, asked for only if the name is open."""
    name = path.rpartition("/")[2]
    if _BINARY.match(name):
        return ()
    if "{{" in path or "{%" in path:
        return ("text",)
    found = [kind for kind in _by_name(path, name) if kind]
    found += _by_content(path, name, found, head)
    return (*dict.fromkeys(found), "text")


def _by_name(path: str, name: str) -> list[str]:
    return [
        "python" if name.endswith((".py", ".pyw", ".wsgi")) else "",
        "dockerfile" if _DOCKERFILE.match(name) and not _NOT_DOCKERFILE.match(name) else "",
        "compose" if _COMPOSE.match(name) or ".devcontainer/" in path and _is_yaml(name) else "",
        "requirements" if _REQUIREMENTS.match(name) else "",
        "env" if _ENV.match(name) and not _NOT_ENV.match(name) else "",
        "wsgi" if _WSGI.match(name) else "",
        "script" if _SCRIPT.match(name) else "",
        "iac" if _IAC.match(name) else "",
        "doc" if _DOC.match(name) else "",
        "proxy" if _PROXY.match(name) else "",
        "ci" if _CI.search(path) else "",
    ]


def _is_yaml(name: str) -> bool:
    return name.lower().endswith((".yaml", ".yml"))


def _by_content(path: str, name: str, known: list[str], head: Callable[[], str]) -> list[str]:
    lowered = name.lower()
    if _is_yaml(name) or lowered.endswith(".json") and name not in ("package.json", "app.json"):
        return _structured(lowered, head)
    if known and known != ["doc"]:
        return []
    stem, _, suffix = lowered.rpartition(".")
    if suffix in ("conf", "ini", "cfg", "template", "j2") or _PROXY_FOLDER.search(path):
        return _configuration(suffix, head())
    if not stem and "." not in lowered:
        text = head()
        if text.startswith("#!") and re.match(r"#!.*\b(?:ba|da|z|k)?sh\b", text):
            return ["script"]
        if text.startswith("#!") and "python" in text.partition("\n")[0]:
            return ["python"]
    return []


def _structured(name: str, head: Callable[[], str]) -> list[str]:
    if name.startswith("kustomization."):
        return ["kubernetes"]
    text = head()
    if not text:
        return []
    found = []
    if "apiVersion" in text and "kind" in text or re.search(r"^\{\{-?[^\n]*\}\}", text, re.M):
        found.append("kubernetes")
    elif re.search(r"^(?:kind|- op|spec):", text, re.M) and "metadata" in text:
        found.append("kubernetes")
    if re.search(r"^services:\s*(?:#.*)?$", text, re.M) and re.search(
        r"^\s+(?:image|build|extends):", text, re.M
    ):
        found.append("compose")
    if re.search(r"^(?:http|tcp|entryPoints|providers):", text, re.M) and re.search(
        r"^\s+(?:routers|middlewares|address|docker|file):", text, re.M
    ):
        found.append("proxy")
    return found


def _configuration(suffix: str, text: str) -> list[str]:
    if re.search(r"^\[uwsgi\]", text, re.M):
        return ["wsgi"]
    if re.search(r"^\[(?:supervisord|program:[^\]]+)\]", text, re.M):
        return ["wsgi"]
    if len(_PROXY_TEXT.findall(text)) >= 2:
        return ["proxy"]
    return []


_TEST_FOLDERS = frozenset(
    "test tests testing spec specs e2e integration_tests functional_tests cypress playwright "
    "fixtures mocks .github .ci".split()
)
_EXAMPLE_FOLDERS = frozenset(
    "example examples sample samples demo demos doc docs tutorial tutorials snippets benchmarks "
    "notebooks sandbox".split()
)
_DEVELOPMENT_WORDS = frozenset(
    "dev devel develop development local locally debug devserver devcontainer".split()
)
_DEVELOPMENT_NAMES = _DEVELOPMENT_WORDS | {"ci", "sandbox", "override"}
_TEMPLATE_NAMES = frozenset(("example", "sample", "template", "dist", "tmpl", "tpl"))
_TEST_NAME = expression(r"(?:conftest\.py|locustfile.*|tests?|test_.*|.*_tests?)(?:\.\w+)?\Z")
_WORD = expression(r"[_.\- ]+")


def role(path: str) -> Role:
    """What the path says about the part a file plays; models refine it by what they read.

    The one place that maps words to roles (`local` and `ci` only count in a file's name).
    """
    lowered = path.lower()
    *folders, name = lowered.split("/")
    if "{{" in path or "{%" in path:
        return "template"
    if _TEST_FOLDERS.intersection(folders) or _TEST_NAME.match(name):
        return "test"
    if any({"test", "tests"}.intersection(_WORD.split(folder)) for folder in folders):
        return "test"
    if _EXAMPLE_FOLDERS.intersection(folders):
        return "example"
    words = set(_WORD.split(name))
    if words & _TEMPLATE_NAMES:
        return "template"
    if "test" in words or "tests" in words or "testing" in words:
        return "test"
    if words & _DEVELOPMENT_NAMES:
        return "development"
    if any(_DEVELOPMENT_WORDS.intersection(_WORD.split(folder)) for folder in folders):
        return "development"
    return "production"
