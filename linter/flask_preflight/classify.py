"""Which kinds of artifact a file is, and which role its path gives it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
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
    "compose": Kind("repository", "compose", ("compose", "proxy", "wsgi")),
    "kubernetes": Kind("repository", "kubernetes", ("kubernetes", "wsgi")),
    "ci": Kind("repository", "ci", ("ci",)),
    "wsgi": Kind("repository", "wsgi", ("wsgi", "env")),
    "env": Kind("repository", "env", ("env",)),
    "proxy": Kind("repository", "proxy", ("proxy",)),
    "migration": Kind("evidence", "", ("migrations",)),
    "script": Kind("evidence", "", ()),
    "iac": Kind("evidence", "", ()),
    "doc": Kind("evidence", "", ()),
}
ALWAYS = ("deployment", "practice")
"""Packages whose rules look at the whole."""


_GLOBS = {
    "migration": "",
    "python": "*.py *.pyw *.wsgi",
    "dockerfile": "dockerfile dockerfile.* containerfile containerfile.* *.dockerfile "
    "*.containerfile *dockerfile.dockerignore .dockerignore .containerignore",
    "compose": "*compose*.yaml *compose*.yml docker-stack*.yaml docker-stack*.yml stack*.yaml "
    "stack*.yml *.stack.yaml *.stack.yml swarm*.yaml swarm*.yml",
    "requirements": "*requirements*.txt *requirements*.in *requirements*.pip requires.txt "
    "constraints*.txt pyproject.toml setup.py setup.cfg pipfile pipfile.lock poetry.lock uv.lock "
    "pdm.lock environment.yaml environment.yml .python-version runtime.txt",
    "env": ".env .env.* .env_* .env-* .flaskenv *.env *.env.* env.example env.sample env.template "
    "env.dist",
    "wsgi": "gunicorn*.py gunicorn*.conf *gunicorn*.conf.py *uwsgi*.ini *uwsgi*.xml *uwsgi*.yaml "
    "*uwsgi*.yml *uwsgi*.json procfile procfile.* *.service supervisor*.conf supervisor*.ini "
    "app.yaml app.yml fly*.toml render.yaml render.yml heroku.yml railway.json railway.toml "
    "nixpacks.toml apprunner.yaml apprunner.yml app.json",
    "script": "*.sh *.bash makefile *.mk justfile tox.ini noxfile.py package.json tasks.py "
    "fabfile.py taskfile.yaml taskfile.yml .pre-commit-config.yaml .pre-commit-config.yml tiltfile "
    "skaffold*.yaml skaffold*.yml docker-bake.hcl docker-bake.json *entrypoint* start run boot",
    "iac": "*.tf *.tfvars *.bicep serverless.yaml serverless.yml template.yaml template.yml "
    "cdk.json pulumi.yaml pulumi.yml",
    "doc": "*.md *.rst *.adoc *.txt codeowners security",
    "proxy": "*nginx*.conf *nginx*.conf.* *.nginx *.vhost *.conf.template *.conf.j2 *.conf.jnj "
    "*.conf.erb *.conf.tpl nginx.conf.sigil *caddyfile* traefik*.yaml traefik*.yml traefik*.toml "
    "httpd.conf apache2.conf .htaccess haproxy*.cfg *.haproxy",
    "ci": "action.yaml action.yml *.gitlab-ci.yaml *.gitlab-ci.yml azure-pipelines*.yaml "
    "azure-pipelines*.yml bitbucket-pipelines.yaml bitbucket-pipelines.yml jenkinsfile* "
    ".travis.yml .travis.yaml cloudbuild*.yaml cloudbuild*.yml cloudbuild*.json .drone.yaml "
    ".drone.yml .woodpecker.yaml .woodpecker.yml buildspec*.yaml buildspec*.yml renovate.json "
    "renovate.json5 .renovaterc .renovaterc.json appveyor.yaml appveyor.yml "
    ".cirrus.yaml .cirrus.yml wercker.yaml wercker.yml",
}
"""The names of each kind's files, in lower case; `*` stands for any letters."""
_ABOUT_ENV = "py js ts sh md yaml yml json j2 nix bat ps1 rb go toml"
_ABOUT_PROXIES = "py go js ts rb php java rs sh bash md rst adoc html htm json ps1"
_ABOUT_IMAGES = (
    "md rst txt htm html go py js ts json yaml yml toml png j2 jinja jinja2 tmpl template tpl erb "
    "in orig bak swp"
)
_NOT: dict[str, set[str]] = {ending: {"dockerfile"} for ending in _ABOUT_IMAGES.split()}
for _ending in _ABOUT_ENV.split():
    _NOT.setdefault(_ending, set()).add("env")
for _ending in _ABOUT_PROXIES.split():
    _NOT.setdefault(_ending, set()).add("proxy")
"""By ending, the kinds that such files are only about."""
_BINARY = frozenset(
    "png jpg jpeg gif ico webp avif bmp tif tiff svgz woff woff2 ttf otf eot mp3 mp4 m4a m4v wav "
    "ogg webm mov avi pdf zip gz tgz bz2 xz zst 7z rar jar whl egg pyc pyo so dll dylib exe o a "
    "class db sqlite sqlite3 mo npy npz pkl pickle parquet psd ai doc docx xls xlsx ppt pptx wasm "
    "bin dat iso dmg".split()
)
_CI_FOLDERS = tuple(
    "/.gitlab-ci/ /.gitlab/ci/ /.azure-pipelines/ /.woodpecker/ /.buildkite/ /.semaphore/".split()
)
_CI_FILES = tuple(
    "/.github/workflows/ /.github/dependabot. /.forgejo/workflows/ /.gitea/workflows/ "
    "/.circleci/config.".split()
)
_PROXY_FOLDER = expression(
    r"(?:^|/)(?:\.?nginx(?:-conf)?|conf\.d|sites-available|sites-enabled|apache2|httpd)/", re.I
)
_PROXY_TEXT = expression(
    r"^\s*(?:server|http|upstream\s+\S+|location\s[^{;]+|events)\s*\{|^\s*(?:listen|proxy_pass"
    r"|uwsgi_pass|server_name)\s[^;\n]*;|<VirtualHost|^\s*WSGIScriptAlias",
    re.MULTILINE,
)


class _Names:
    """The globs of all kinds, by whole name, by ending, and the rest as pieces in order.

    What comes last in a name, after its last dot, tells which of the rest are tried at all.
    """

    def __init__(self) -> None:
        self.exact: dict[str, list[str]] = {}
        self.endings: dict[str, list[str]] = {}
        self.others: dict[str, list[tuple[str, list[str]]]] = {"": []}
        for kind, globs in _GLOBS.items():
            for glob in globs.split():
                pieces = glob.split("*")
                if len(pieces) == 1:
                    self.exact.setdefault(glob, []).append(kind)
                elif glob.startswith("*.") and "." not in glob[2:] and len(pieces) == 2:
                    self.endings.setdefault(glob[2:], []).append(kind)
                else:
                    ending = pieces[-1].rpartition(".")[2] if "." in pieces[-1] else ""
                    self.others.setdefault(ending, []).append((kind, pieces))

    def of(self, name: str) -> set[str]:
        ending = name.rpartition(".")[2] if "." in name else ""
        found = {*self.exact.get(name, ()), *self.endings.get(ending, ())}
        open_globs = self.others[""]
        if ending:
            open_globs = open_globs + self.others.get(ending, [])
        found.update(kind for kind, pieces in open_globs if _fits(name, pieces))
        return found - _NOT.get(ending, set())


def _fits(name: str, pieces: list[str]) -> bool:
    first, *middle, last = pieces
    if not (name.startswith(first) and name.endswith(last)):
        return False
    position, end = len(first), len(name) - len(last)
    for piece in middle:
        position = name.find(piece, position, end)
        if position < 0:
            return False
        position += len(piece)
    return position <= end


_names = cache(_Names)


def kinds(path: str, head: Callable[[], str]) -> tuple[str, ...]:
    """The kinds of a file; `head()` gives its first 4 KiB, asked for only if the name is open."""
    name = path.rpartition("/")[2]
    _, dot, ending = name.rpartition(".")
    if dot and ending.lower() in _BINARY:
        return ()
    if "{{" in path or "{%" in path:
        return ("text",)
    found = _by_name(path.lower(), name.lower())
    found += _by_content(path, name, found, head)
    return (*dict.fromkeys(found), "text")


def _by_name(path: str, name: str) -> list[str]:
    found = _names().of(name)
    if "dockerfile" in found:
        # The image of a proxy, Dockerfile.nginx
        found.discard("proxy")
    if "python" in found and f"/{path}".endswith(f"/versions/{name}"):
        found.add("migration")
    if _is_yaml(name):
        if ".devcontainer/" in path:
            found.add("compose")
        if _is_pipeline("/" + path):
            found.add("ci")
    return [kind for kind in _GLOBS if kind in found]


def _is_pipeline(path: str) -> bool:
    """Whether the folder says that this YAML file is a pipeline."""
    if any(folder in path for folder in _CI_FOLDERS):
        return True
    return any(place in path and "/" not in path.rpartition(place)[2] for place in _CI_FILES)


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
    "dev devel develop development local locally debug devserver devcontainer devtest".split()
)
_DEVELOPMENT_NAMES = _DEVELOPMENT_WORDS | {"ci", "sandbox", "override"}
_TEST_WORDS = frozenset(("test", "tests", "testing", "tester"))
_TEMPLATE_NAMES = frozenset(("example", "sample", "template", "dist", "tmpl", "tpl"))
_TEST_NAME = expression(r"(?:conftest\.py|locustfile.*|tests?|test_.*|.*_tests?)(?:\.\w+)?\Z")
_WORD = expression(r"[_.\- ]+")


def role(path: str) -> Role:
    """What the path says about the part a file plays; models refine it by what they read.

    The one place that maps words to roles (`local` and `ci` only count in a file's name).
    """
    lowered = path.lower()
    *folders, name = lowered.split("/")
    if folders[-1:] == ["versions"]:
        # The name of a revision says what it changes: `0242_template_folders.py`.
        name = ""
    if "{{" in path or "{%" in path:
        return "template"
    if _TEST_FOLDERS.intersection(folders) or _TEST_NAME.match(name):
        return "test"
    if any({"test", "tests"}.intersection(_WORD.split(folder)) for folder in folders):
        return "test"
    if _EXAMPLE_FOLDERS.intersection(folders):
        return "example"
    words = set(_WORD.split(name))
    if name.endswith("dockerfile"):
        # DemoDockerfile, TestDockerfile
        words.add(name.removesuffix("dockerfile"))
        if words & _EXAMPLE_FOLDERS:
            return "example"
    if words & _TEMPLATE_NAMES:
        return "template"
    if words & _TEST_WORDS:
        return "test"
    if words & _DEVELOPMENT_NAMES:
        return "development"
    if any(_DEVELOPMENT_WORDS.intersection(_WORD.split(folder)) for folder in folders):
        return "development"
    return "production"
