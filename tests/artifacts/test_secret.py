"""What is a secret, by name and by value, and that none of it is ever shown."""

from __future__ import annotations

import random
import string
from pathlib import Path

import pytest
from click.testing import CliRunner

import secrets_recipe
from flask_preflight.artifacts import providers, secret
from flask_preflight.artifacts.providers import PROVIDERS
from flask_preflight.artifacts.text import Text
from flask_preflight.cli import flask_command
from flask_preflight.run import File

SECRETS = (
    "SECRET_KEY app.secret_key SQLALCHEMY_DATABASE_PASSWORD DB_PASS dbpass mysqlPassword "
    "jwtSecret x-api-key clientSecret SECURITY_PASSWORD_SALT WTF_CSRF_SECRET_KEY "
    "SENTRY_AUTH_TOKEN FERNET_KEY OAUTH_CONSUMER_SECRET PGPASSWORD MYSQL_PWD admin_pass "
    "password1 DB_PASSWORD_PROD "
    "DEFAULT_PASSWORD config['API_KEY']"
).split()
OTHERS = (
    "PASSWORD_FILE SECRET_KEY_FILE TOKEN_EXPIRY_SECONDS PRIV_KEY_PATH PUB_KEY_PATH public_key "
    "csrf_token next_token token_url TOKEN_TYPE password_field PASSWORD_RESET_SUBJECT "
    "password_hash "
    "PASSWORD_MIN_LENGTH secretName secretRef KEY_ID API_KEY_HEADER AUTHOR tokenizer keyboard "
    "ClientRequestToken idempotency_token monkey primary_key cache_key session_key max_tokens "
    "passport bypass compass auth key"
).split()


@pytest.mark.parametrize("name", SECRETS)
def test_names_of_secrets(name: str) -> None:
    assert secret.secret_name(name) is not None


@pytest.mark.parametrize("name", OTHERS)
def test_names_of_others(name: str) -> None:
    assert secret.secret_name(name) is None


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("", "absent"), ("no", "absent"), ("${SECRET}", "reference"), ("{{ secret }}", "reference"),
        ("/run/secrets/key", "reference"), ("ENC[AES256_GCM,x]", "reference"),
        ("vault:secret/data", "reference"), ("$2b$12$abcdefghijk", "public"),
        ("<your secret>", "placeholder"), ("your-secret-key", "placeholder"),
        ("xxxxxxxx", "placeholder"),
        ("changeme", "weak"), ("you-will-never-guess", "weak"), ("dev", "weak"), ("abcdef", "weak"),
        ("s3cr3t", "weak"), ("auth-token", "identifier"), ("one two three four five", "identifier"),
        ("Bearer \x00", "reference"), ("\x00:hunter2", "reference"),
        ("https://api.example.com/oauth/access_token", "identifier"),
        ("application/vnd.shop.bearer-token+json", "identifier"), ("invalid", "identifier"),
        ("SomeStripeKey", "placeholder"), ("SomethingElse9x", "real"),
        ("9f2c81d47ab04e6f8c3ad5517be0f2aa", "real"), ("kV9xw2mQ7tLz", "real"),
    ],
)  # fmt: skip
def test_values(value: str, verdict: str) -> None:
    assert secret.classify(value) == verdict


def test_values_that_repeat_their_name() -> None:
    assert secret.classify("passOnNoToken", "key", "PASSONNOTOKEN") == "identifier"
    assert secret.classify("api-key", "key", "API_KEY") == "identifier"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgresql://shop:hunter2@db/shop", "hunter2"),
        ("redis://:hunter2@cache:6379/0", "hunter2"),
        ("http://internal:8888@public", None),
        ("postgresql://{user}:{password}@db", None),
        ("postgresql://shop:${PASSWORD}@db", None),
        ("https://example.org/a:b@c", None),
        ("no address", None),
    ],
)
def test_passwords_in_addresses(text: str, expected: str | None) -> None:
    assert secret.url_password(text) == expected


@pytest.mark.parametrize("name", ["github-pat", "github-app", "gitlab-pat", "aws-key-id"])
def test_tokens(name: str) -> None:
    token = secrets_recipe.make(name)
    (found,) = providers.tokens(f'TOKEN = "{token}"  # here')
    assert token.startswith(found.prefix)
    assert (found.start, found.end) == (9, 9 + len(token))


@pytest.mark.parametrize(
    "text", ["ghp_" + "x" * 36, "ghp_short", "prefix ghp_", "AKIAIOSFODNN7" + "EXAMPLE"]
)
def test_samples_are_no_tokens(text: str) -> None:
    assert list(providers.tokens(text)) == []


def test_prefixes_begin_their_patterns() -> None:
    for provider in PROVIDERS:
        assert len(provider.prefix) >= 3
        assert provider.pattern.replace("\\", "").startswith(provider.prefix[:2])


def test_private_keys() -> None:
    key, sealed = secrets_recipe.make("private-key"), secrets_recipe.make("encrypted-key")
    assert [one.encrypted for one in providers.private_keys(f"{key}\n{sealed}\n")] == [False, True]
    assert len(list(providers.private_keys(key.replace("\n", "\\n")))) == 1
    assert not list(providers.private_keys(key.split("\n")[0]))


def _text(path: str, content: str) -> Text:
    return Text(File(path, len(content), ("text",), "production"), content)


def test_generated_files_hold_no_secrets() -> None:
    token = secrets_recipe.make("github-pat")
    assert not _text("yarn.lock", token).tokens
    assert not _text("app.js", token + "x" * 100_000).tokens
    assert _text("app.js", f"a\n{token}\nb\n").tokens


WAYS = [
    ("app.py", 'API_TOKEN = "{0}"\n'),
    ("app.py", 'app.config["SECRET_KEY"] = os.environ.get("KEY") or "{0}"\n'),
    ("app.py", 'connect(password="{0}")\n'),
    ("app.py", 'URL = "postgresql://shop:{0}@db/shop"\n'),
    ("app.py", 'def f(password="{0}"): ...\n'),
    ("settings.ini", "[mail]\npassword = {0}\n"),
    ("settings.yml", 'mail:\n  password: "{0}"\n'),
    ("production.env", "SECRET_KEY={0}\n"),
    ("production.env", "DATABASE_URL=postgresql://shop:{0}@db/shop\n"),
    ("Dockerfile", "FROM python:3.13-slim\nENV SECRET_KEY={0}\n"),
    ("Dockerfile", "FROM python:3.13-slim\nENV A=b API_TOKEN={0} C=d\n"),
    ("compose.yaml", "services:\n  web:\n    image: x\n    environment:\n      SECRET_KEY: {0}\n"),
    ("compose.yaml", "services:\n  web:\n    image: x\n    environment: [DB_PASSWORD={0}]\n"),
    ("k8s.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n"
     "    - name: web\n      env:\n        - name: SECRET_KEY\n          value: {0}\n"),
    ("k8s.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {{containers: "
     "[{{name: web, env: [{{name: SECRET_KEY, value: {0}}}]}}]}}\n"),
    ("Procfile", "web: SECRET_KEY={0} gunicorn app:app\n"),
    ("alembic.ini", "[alembic]\nsqlalchemy.url = mysql://shop:{0}@db/shop\n"),
    ("deploy.sh", "#!/bin/sh\nexport API_TOKEN={0}\ndocker run -e DB_PASSWORD={0} shop\n"),
    ("Makefile", "SECRET_KEY := {0}\nrun:\n\tPGPASSWORD={0} psql\n"),
    (".pgpass", "db:5432:shop:shop:{0}\n"),
    ("k8s/kustomization.yaml", "kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\n"
     "secretGenerator:\n  - {{name: a, literals: [SECRET_KEY={0}]}}\n"),
    ("k8s/config.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\n"
     "data:\n  API_TOKEN: {0}\n"),
    (".github/workflows/ci.yml", "on: push\njobs:\n  a:\n    env: {{SECRET_KEY: {0}}}\n"
     "    steps:\n      - run: curl -H 'Authorization: Bearer {0}' https://example.org\n"),
    (".gitlab-ci.yml", "variables: {{DB_PASSWORD: {0}}}\na:\n  script: [\"echo {0}\"]\n"),
    ("web.service", "[Service]\nEnvironment=SECRET_KEY={0}\nExecStart=gunicorn app:app\n"),
    ("supervisord.conf", "[program:web]\nenvironment=SECRET_KEY=\"{0}\"\n"
     "command=gunicorn app:app\n"),
    ("release.sh", "#!/bin/sh\ncurl -u deploy:{0} https://example.org\n"
     "curl --user=deploy:{0} -F secret_key={0} https://example.org\n"),
]  # fmt: skip
VERBS = [
    *(("check", "--format", name) for name in ("full", "concise", "json", "sarif", "github")),
    ("check", "--diff", "--unsafe-fixes"),
    *(("report", "--format", name) for name in ("text", "markdown", "json", "html")),
    *(("map", "--format", name) for name in ("text", "mermaid", "json", "svg")),
]


@pytest.mark.parametrize(("path", "template"), WAYS)
@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_no_secret_is_printed(
    path: str, template: str, verb: tuple[str, ...], tmp_path: Path
) -> None:
    seed = random.Random(f"{path}{template}")
    value = "".join(seed.choices(string.ascii_letters + string.digits, k=22)) + "7q"
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(template.format(value))
    (tmp_path / "requirements.txt").write_text("Flask==3.1.1\n")
    if path != "app.py":
        (tmp_path / "app.py").write_text("from flask import Flask\napp = Flask(__name__)\n")
    extra = ["-vv"] if verb[0] == "check" else []
    ran = CliRunner().invoke(flask_command, [*verb, *extra, str(tmp_path)])
    assert ran.exit_code in (0, 1), ran.output
    assert value not in ran.output
    assert value[:8] not in ran.output
    assert value[-8:] not in ran.output


def test_words_of_a_message_are_no_secret(tmp_path: Path) -> None:
    text = "import os, flask\napp = flask.Flask(__name__)\napp.secret_key = os.urandom(9)\n"
    (tmp_path / "app.py").write_text(text)
    (tmp_path / "Procfile").write_text("web: gunicorn -w 4 app:app\n")
    ran = CliRunner().invoke(flask_command, ["--format", "concise", str(tmp_path)])
    assert "draws its own SECRET_KEY: sessions and links break" in ran.output
