"""What start commands come down to, and how the servers in them are configured."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

import harness
from flask_preflight.artifacts.gunicorn import OPTIONS
from flask_preflight.artifacts.script import parse, references, words
from flask_preflight.artifacts.setting import options
from flask_preflight.artifacts.target import Target
from flask_preflight.artifacts.wsgi import (
    Process,
    Server,
    assemble,
    entry_kind,
    process_server,
    server_of,
    supervised,
    unwrap,
)
from flask_preflight.facts import Environment, Variable
from flask_preflight.result import Location, Region
from flask_preflight.run import Tree

HERE = Location("Dockerfile", Region(7, 1, 7, 40))


def in_image(path: str) -> str | None:
    """As if the repository were copied to /app."""
    return path.removeprefix("/app/") if path.startswith("/app/") else None


def environment(variables: Mapping[str, str | None], *, closed: bool = False) -> Environment:
    made = Environment(Variable(name, value, HERE) for name, value in variables.items())
    if not closed:
        made.open(HERE, "unknown")
    return made


def server(
    *argv: str,
    files: Mapping[str, str] | None = None,
    variables: Mapping[str, str | None] | None = None,
    closed: bool = False,
) -> Server:
    tree = harness.tree_of(files or {})
    found = server_of(
        argv, HERE, environment(variables or {}, closed=closed), "/app", in_image, tree
    )
    assert found is not None
    return found


def started(*argv: str, **files: str) -> tuple[str, ...] | None:
    tree = harness.tree_of({name.replace("_sh", ".sh"): text for name, text in files.items()})
    found = unwrap(argv, HERE, in_image, tree, environment({}), "/app")
    return found.argv if found else None


@pytest.mark.parametrize(
    "argv",
    [
        ("gunicorn", "a:b"),
        ("exec", "gunicorn", "a:b"),
        ("env", "-u", "X", "A=1", "gunicorn", "a:b"),
        ("env", "-S", "A=1 gunicorn", "a:b"),
        ("tini", "-g", "--", "gunicorn", "a:b"),
        ("/sbin/tini", "--", "gunicorn", "a:b"),
        ("dumb-init", "--rewrite", "15:2", "gunicorn", "a:b"),
        ("gosu", "app", "gunicorn", "a:b"),
        ("nice", "-n", "5", "gunicorn", "a:b"),
        ("timeout", "-k", "5", "10", "gunicorn", "a:b"),
        ("poetry", "run", "gunicorn", "a:b"),
        ("uv", "run", "--no-sync", "--extra", "x", "gunicorn", "a:b"),
        ("uv", "run", "python", "-m", "gunicorn", "a:b"),
        ("pipenv", "run", "gunicorn", "a:b"),
        ("conda", "run", "-n", "x", "--no-capture-output", "gunicorn", "a:b"),
        ("python", "-u", "-m", "gunicorn", "a:b"),
        ("newrelic-admin", "run-program", "gunicorn", "a:b"),
        ("ddtrace-run", "gunicorn", "a:b"),
        ("opentelemetry-instrument", "--traces_exporter", "otlp", "gunicorn", "a:b"),
        ("doppler", "run", "--", "gunicorn", "a:b"),
        ("wait-for-it.sh", "db:5432", "--", "gunicorn", "a:b"),
        ("dockerize", "-wait", "tcp://db:5432", "gunicorn", "a:b"),
        ("sh", "-c", "gunicorn a:b"),
        ("/bin/bash", "-lc", "exec gunicorn a:b"),
        ("bash", "-o", "pipefail", "-c", "flask db upgrade && gunicorn a:b"),
        ("sh", "-c", 'exec "$@"', "sh", "gunicorn", "a:b"),
        ("sh", "-c", "sh -c 'gunicorn a:b'"),
        ("su", "app", "-c", "gunicorn a:b"),
        ("sh", "-c", "gunicorn a:b & nginx -g 'daemon off;'"),
        ("sh", "-c", "gunicorn a:b & wait"),
        ("sh", "-c", "gunicorn a:b || echo failed"),
        ("sh", "-c", 'x=1; [ -z "$y" ] && y=2; gunicorn a:b'),
        ("sh", "-c", "while ! nc -z db 5432; do sleep 1; done; gunicorn a:b"),
    ],
)
def test_wrappers(argv: tuple[str, ...]) -> None:
    assert started(*argv) == ("gunicorn", "a:b")


@pytest.mark.parametrize(
    ("script", "arguments", "expected"),
    [
        ('#!/bin/sh\nexec "$@"\n', ["gunicorn", "a:b"], ("gunicorn", "a:b")),
        ('#!/bin/sh\nexec "$@"\n', [], None),
        ("#!/bin/sh\nset -e\nflask db upgrade\nexec gunicorn a:b\n", [], ("gunicorn", "a:b")),
        (
            '#!/bin/sh\ncase "$1" in\n web) exec gunicorn a:b ;;\n dev) flask run;;\nesac\n',
            ["web"],
            ("gunicorn", "a:b"),
        ),
        (
            '#!/bin/sh\ncase "$1" in\n web) exec gunicorn a:b ;;\n dev) flask run;;\nesac\n',
            [],
            ("gunicorn", "a:b"),
        ),
        (
            "#!/bin/bash\nserver() {\n  N=${N:-4}\n  exec gunicorn -w $N a:b\n}\n"
            'case "$1" in\n  server)\n    shift\n    server "$@"\n    ;;\nesac\n',
            ["server"],
            ("gunicorn", "-w", "${N:-4}", "a:b"),
        ),
        (
            '#!/bin/sh\nif [ "$1" = "web" ]; then\n  set -- gunicorn a:b\nfi\nexec "$@"\n',
            ["web"],
            ("gunicorn", "a:b"),
        ),
        (
            '#!/bin/sh\nif [ "${1#-}" != "$1" ]; then\n  set -- gunicorn "$@"\nfi\nexec "$@"\n',
            ["-w", "4"],
            ("gunicorn", "-w", "4"),
        ),
        (
            '#!/bin/sh\nif [ "$FLASK_ENV" = development ]; then\n exec flask run\nelse\n'
            " exec gunicorn a:b\nfi\n",
            [],
            ("gunicorn", "a:b"),
        ),
        (
            '#!/bin/sh\nif [ "$FLASK_ENV" = production ]; then\n exec gunicorn a:b\nelse\n'
            " exec flask run\nfi\n",
            [],
            ("gunicorn", "a:b"),
        ),
        (
            '#!/bin/sh\nif [ "$X" = 1 ]; then\n exec waitress-serve a:b\nelse\n'
            " exec gunicorn a:b\nfi\n",
            [],
            None,
        ),
        ("#!/bin/sh\nR=\nif [ $D ]; then R=--reload; fi\ngunicorn $R a:b\n", [], None),
        (". ./lib.sh\nrun_it\n", [], ("gunicorn", "l:b")),
        ("#!/bin/sh\n./e.sh\n", [], None),
        ("#!/bin/sh\nexit 1\ngunicorn a:b\n", [], None),
        ("#!/usr/bin/env python\nimport os\n", [], None),
        ("#!/bin/sh\ncat <<X\nexec flask run\nX\ngunicorn a:b\n", [], ("gunicorn", "a:b")),
    ],
)
def test_scripts(script: str, arguments: list[str], expected: tuple[str, ...] | None) -> None:
    found = started(
        "/app/e.sh", *arguments, e_sh=script, lib_sh="run_it() { exec gunicorn l:b; }\n"
    )
    if "--reload" in script:
        assert found is not None
        assert found[0] == "gunicorn"
    elif "python" in script:
        assert found == ("/app/e.sh",)
    else:
        assert found == expected


def test_a_choice_is_in_doubt() -> None:
    text = '#!/bin/sh\ncase "$1" in\n api) exec gunicorn a:b;;\n jobs) exec celery worker;;\nesac\n'
    tree = harness.tree_of({"e.sh": text})
    found = unwrap(("/app/e.sh",), HERE, in_image, tree)
    assert found is not None
    assert (found.argv, found.doubt) == (("gunicorn", "a:b"), True)
    assert [other.argv[0] for other in found.alternatives] == ["celery"]


def test_places_in_scripts() -> None:
    text = "#!/bin/sh\nexport A=1\nexec gunicorn \\\n  --workers 2 \\\n  a:b\n"
    tree = harness.tree_of({"e.sh": text})
    found = server_of(("/app/e.sh",), HERE, Environment(), "/app", in_image, tree)
    assert found is not None
    assert found.location == Location("e.sh", Region(3, 6, 3, 14))
    assert found.at("workers") == Location("e.sh", Region(4, 13, 4, 14))
    assert [(v.name, v.value) for v in found.exports] == [("A", "1")]


def test_places_in_one_line() -> None:
    text = "flask db upgrade; gunicorn -w 3 a:b"
    where = Location("Procfile", Region(1, 6, 1, 6 + len(text)))
    found = server_of(
        ("sh", "-c", text), where, Environment(), "", lambda path: None, harness.tree_of({})
    )
    assert found is not None
    assert found.at("workers").region == (1, 36, 1, 37)


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (["-w4", "-b", ":80", "a:b"], [("workers", "4"), ("bind", ":80")]),
        (["--worker=4"], []),
        (["--log-lev", "debug"], [("loglevel", "debug")]),
        (["-D", "--bind=:80"], [("daemon", ""), ("bind", ":80")]),
        (["--preload", "--reload"], [("preload_app", ""), ("reload", "")]),
        (["-k", "gevent", "--keep-alive", "5"], [("worker_class", "gevent"), ("keepalive", "5")]),
    ],
)
def test_options(argv: list[str], expected: list[tuple[str, str]]) -> None:
    found, _, _ = options(("gunicorn", *argv), OPTIONS, abbreviated=True)
    assert [(option.name, option.text) for option in found] == expected


def test_precedence() -> None:
    files = {"gunicorn.conf.py": "workers = 2\nthreads = 2\ntimeout = 2\n"}
    variables = {"WEB_CONCURRENCY": "1", "GUNICORN_CMD_ARGS": "--threads 3 --timeout 3"}
    found = server("gunicorn", "--timeout", "4", "a:b", files=files, variables=variables)
    values = {name: found.setting(name) for name in ("workers", "threads", "timeout")}
    assert {n: (s.value, s.source) for n, s in values.items() if s} == {
        "workers": (2, "file"),
        "threads": (3, "environment"),
        "timeout": (4, "cli"),
    }
    assert found.config_path == "gunicorn.conf.py"
    assert found.workers == (2, 2, Location("gunicorn.conf.py", Region(1, 1, 1, 12)))


def test_defaults() -> None:
    found = server("gunicorn", "a:b")
    assert [(bind.host, bind.port) for bind in found.binds] == [("127.0.0.1", 8000)]
    assert (found.workers.low, found.threads.high) == (1, 1)
    accesslog = found.setting("accesslog")
    assert accesslog is not None
    assert (accesslog.value, accesslog.source) == ("", "default")
    assert found.setting("no_such_setting") is None
    assert found.flag("reload") is False


@pytest.mark.parametrize(
    ("written", "variables", "expected"),
    [
        (":8000", {}, [("0.0.0.0", 8000)]),
        ("[::]:8000", {}, [("[::]", 8000)]),
        ("0.0.0.0", {}, [("0.0.0.0", 8000)]),
        ("localhost:80", {}, [("localhost", 80)]),
        ("unix:/run/x.sock", {}, [("", None)]),
        ("0.0.0.0:$PORT", {}, [("0.0.0.0", None)]),
        (":$PORT", {}, [("0.0.0.0", None)]),
        ("$HOST:80", {}, [(None, None)]),
        ("127.0.0.1:${PORT}", {}, [("127.0.0.1", None)]),
        ("0.0.0.0:$PORT", {"PORT": "90"}, [("0.0.0.0", 90)]),
        ("0.0.0.0:${PORT:-90}", {}, [("0.0.0.0", 90)]),
        ("0.0.0.0:1,unix:/x", {}, [("0.0.0.0", 1), ("", None)]),
        ("::::", {}, [(None, None)]),
        (":99999999", {}, [("0.0.0.0", None)]),
    ],
)
def test_binds(
    written: str, variables: dict[str, str | None], expected: list[tuple[str | None, int | None]]
) -> None:
    found = server("gunicorn", "-b", written, "a:b", variables=variables)
    assert [(bind.host, bind.port) for bind in found.binds] == expected


def test_a_platforms_port_is_the_bind() -> None:
    found = server("gunicorn", "a:b", variables={"PORT": "5000"})
    assert [(bind.host, bind.port) for bind in found.binds] == [("0.0.0.0", 5000)]
    found = server("gunicorn", "a:b", variables={"PORT": None})
    assert [(bind.host, bind.port) for bind in found.binds] == [("0.0.0.0", None)]
    files = {"gunicorn.conf.py": "import os\nbind = f\"127.0.0.1:{os.environ['P']}\"\n"}
    found = server("gunicorn", "a:b", files=files)
    assert [(bind.host, bind.port) for bind in found.binds] == [("127.0.0.1", None)]


@pytest.mark.parametrize(
    ("text", "value", "known", "default"),
    [
        ("workers = 3", 3, True, False),
        ("workers: int = 3", 3, True, False),
        ("import os\nworkers = int(os.environ.get('W', 3))", 3, True, True),
        ("import os\nworkers = int(os.getenv('W', '3')) * 2 + 1", 7, True, True),
        ("import os\nworkers = os.environ.get('W') or 3", 3, True, True),
        ("import os\nworkers = os.environ['W']", None, False, False),
        ("import os\nworkers = os.environ['GIVEN']", 5, True, False),
        ("import os\nworkers = int(os.getenv('GIVEN', 1))", 5, True, False),
        ("import multiprocessing as m\nworkers = m.cpu_count() * 2 + 1", None, False, False),
        ("n = 2\nworkers = max(n, 4)", 4, True, False),
        ("workers = 1\nif x():\n    workers = 2", None, False, False),
        ("if True:\n    workers = 2\nelse:\n    workers = 3", 2, True, False),
        (
            "import os\nif os.getenv('DEV', '') == '1':\n  workers = 1\nelse:\n  workers = 2",
            2,
            True,
            True,
        ),
        ("try:\n    workers = 2\nexcept ValueError:\n    workers = 3", None, False, False),
        ("for x in y:\n    workers = 2", None, False, False),
        ("workers, threads = 2, 4", 2, True, False),
        ("workers = 2\nworkers += 1", None, False, False),
        ("workers = [1", None, False, False),
        ("from base import *", None, False, False),
        ("set_up(globals())", None, False, False),
        ("workers = 10 ** 10 ** 10", None, False, False),
        ("workers = 10000000000 * 10000000000", None, False, False),
        ("workers = 'x' * 999999999", None, False, False),
        ("workers = 1 / 0", None, False, False),
        ("workers = '\\d'", None, False, False),
        ("workers = " + "(" * 500, None, False, False),
        ("workers = " + "1+" * 5000 + "1", None, False, False),
        ("workers = " + "-" * 5000 + "1", None, False, False),
        ("workers = 1\x00", None, False, False),
        ("workers = " + "9" * 5000, None, False, False),
    ],
)
def test_configuration_files(text: str, value: int | None, known: bool, default: bool) -> None:
    found = server("gunicorn", "-c", "g.py", "a:b", files={"g.py": text}, variables={"GIVEN": "5"})
    workers = found.setting("workers")
    assert workers is not None
    assert (workers.value, workers.known, workers.default) == (value, known, default)


@pytest.mark.parametrize(
    ("option", "path"),
    [
        ("g.py", "g.py"),
        ("/app/conf/g.py", "conf/g.py"),
        ("file:conf/g.py", "conf/g.py"),
        ("python:conf.g", "conf/g.py"),
        ("python:", None),
        ("missing.py", None),
        ("$CONF", None),
    ],
)
def test_configuration_paths(option: str, path: str | None) -> None:
    files = {"g.py": "workers = 2\n", "conf/g.py": "workers = 3\n"}
    found = server("gunicorn", "-c", option, "a:b", files=files)
    assert found.config_path == path
    assert (found.workers.low is None) is (path is None)


def test_an_unread_option_makes_it_unknown() -> None:
    found = server("gunicorn", "$GUNICORN_OPTS", "a:b")
    assert found.target == "a:b"
    assert found.flag("reload") is None
    assert found.binds[0].host is None


def test_sync_workers_have_one_thread_unless_told() -> None:
    assert server("gunicorn", "--threads", "4", "a:b").threads.low == 4
    assert server("gunicorn", "-k", "gevent", "--threads", "4", "a:b").threads.low is None


def test_targets() -> None:
    found = server("gunicorn", "shop.web:create_app('x')")
    assert (found.module, found.attribute, found.calls) == ("shop.web", "create_app", True)
    found = server("gunicorn", "wsgi")
    assert (found.module, found.attribute, found.calls) == ("wsgi", "application", False)
    assert server("gunicorn", "$APP").target == ""
    files = {"gunicorn.conf.py": "wsgi_app = 'x:y'"}
    assert server("gunicorn", files=files).target == "x:y"


def test_modules_are_found_as_they_would_be_imported() -> None:
    files = {"src/shop/__init__.py": "", "web/app.py": "", "space/x/y.py": ""}
    found = server("gunicorn", "--chdir", "web", "app:app", files=files)
    assert found.find_module("app") == "web/app.py"
    assert found.find_module("shop") == "src/shop/__init__.py"
    assert found.find_module("space.x") == "space/x"
    assert found.find_module("flask") is None
    assert found.find_module("../x") is None


def test_uwsgi() -> None:
    ini = """\
; comment
[uwsgi]
module = shop:create_app()
http = :8080
processes = $(N)
threads=4
master
die-on-term = false
if-env = DEBUG
py-autoreload = 1
endif =
env = A=1
socket = %(base)/x.sock
[other]
master = false
"""
    found = server("uwsgi", "--ini", "u.ini", files={"u.ini": ini}, variables={"N": "3"})
    assert (found.target, found.calls) == ("shop:create_app()", True)
    assert found.workers.low == 3
    assert found.threads.low == 4
    assert found.flag("master") is True
    assert found.flag("die-on-term") is False
    assert found.flag("need-app") is False
    assert found.flag("py-autoreload") is None
    assert [(b.host, b.port, b.protocol) for b in found.binds] == [
        ("0.0.0.0", 8080, "http"),
        (None, None, "uwsgi"),
    ]
    assert [(v.name, v.value) for v in found.raw_env] == [("A", "1")]
    assert found.at("module").region == (3, 1, 3, 27)


def test_uwsgi_command_line() -> None:
    found = server("uwsgi", "--http", "0.0.0.0:5000", "-p", "4", "-w", "a:b", "--master")
    assert (found.target, found.workers.low, found.flag("master")) == ("a:b", 4, True)
    assert found.listens[0].port == 5000
    found = server("uwsgi", "missing.ini")
    assert found.flag("master") is None
    found = server("uwsgi", "x.ini", files={"x.ini": "[uwsgi]\nini = x.ini\n"})
    assert found.open_because is not None


@pytest.mark.parametrize(
    ("argv", "kind", "target", "binds"),
    [
        (["waitress-serve", "a:b"], "waitress", "a:b", [("0.0.0.0", 8080)]),
        (["waitress-serve", "--port=80", "--call", "a:b"], "waitress", "a:b", [("0.0.0.0", 80)]),
        (["waitress-serve", "--listen=*:80", "a:b"], "waitress", "a:b", [("*", 80)]),
        (["uvicorn", "a:b", "--host", "0.0.0.0"], "other-server", "a:b", [("0.0.0.0", 8000)]),
        (["hypercorn", "-b", ":80", "a:b"], "other-server", "a:b", [("0.0.0.0", 80)]),
        (["granian", "--interface", "wsgi", "a:b"], "other-server", "a:b", [("127.0.0.1", 8000)]),
        (["flask", "run"], "flask-run", "", [("127.0.0.1", 5000)]),
        (["flask", "--app", "a", "run", "-h", "::"], "flask-run", "a", [("::", 5000)]),
        (["python", "-m", "flask", "run", "-p", "80"], "flask-run", "", [("127.0.0.1", 80)]),
        (
            ["python", "manage.py", "runserver", "-h", "0.0.0.0"],
            "flask-run",
            "",
            [("0.0.0.0", 5000)],
        ),
        (["python", "app.py"], "script", "", []),
        (["./app.py"], "script", "", []),
        (["python", "-m", "shop"], "script", "", []),
    ],
)
def test_other_servers(
    argv: list[str], kind: str, target: str, binds: list[tuple[str, int]]
) -> None:
    found = server(*argv)
    assert (found.kind, found.target) == (kind, target)
    assert [(bind.host, bind.port) for bind in found.binds] == binds


@pytest.mark.parametrize(
    "argv",
    [
        ["flask", "db", "upgrade"],
        ["flask", "routes"],
        ["python", "manage.py", "migrate"],
        ["./manage.py", "rq", "worker"],
        ["python", "-c", "print(1)"],
        ["python"],
        ["celery", "-A", "a", "worker"],
        ["bash"],
        ["/usr/sbin/nginx"],
        [],
    ],
)
def test_what_is_no_server(argv: list[str]) -> None:
    tree = harness.tree_of({})
    assert server_of(tuple(argv), HERE, Environment(), "", in_image, tree) is None


def test_scripts_lead_to_their_file() -> None:
    files = {"app.py": "", "shop/__main__.py": "", "shop/__init__.py": ""}
    assert server("python", "app.py", files=files).script_path == "app.py"
    assert server("python3.12", "-u", "/app/app.py", files=files).script_path == "app.py"
    found = server("python", "-m", "shop", files=files)
    assert (found.script_path, found.module_name) == ("shop/__main__.py", "shop")


def processes(path: str, text: str, **more: str) -> dict[str, Process]:
    tree = harness.tree_of({path: text} | more)
    return {process.name: process for process in assemble(tree)}


def served(process: Process, tree: Tree | None = None) -> Server:
    found = process_server(process, tree or harness.tree_of({}), Environment(process.variables))
    assert found is not None
    return found


def test_procfile() -> None:
    found = processes("Procfile", "web: gunicorn -w 2 a:b\r\n# x: y\nrelease:flask db upgrade\n")
    assert list(found) == ["web", "release"]
    web = served(found["web"])
    assert web.target == "a:b"
    assert web.at("workers") == Location("Procfile", Region(1, 18, 1, 19))
    assert found["release"].commands == (("flask", "db", "upgrade"),)


def test_systemd() -> None:
    text = """\
[Unit]
Description=x
[Service]
User=app
WorkingDirectory=/srv/shop/backend
Environment="A=b c" D=%i
EnvironmentFile=-/etc/shop.env
ExecStart=-/srv/venv/bin/gunicorn \\
    --workers 3 \\
    a:b
Restart=always
"""
    tree = harness.tree_of({"deploy/shop.service": text, "backend/a.py": ""})
    (process,) = assemble(tree)
    found = served(process, tree)
    assert (found.target, found.workers.low) == ("a:b", 3)
    assert found.at("workers") == Location("deploy/shop.service", Region(9, 15, 9, 16))
    assert process.fields["Restart"].value == "always"
    assert process.directory == "backend"
    assert [(v.name, v.value) for v in process.variables] == [("A", "b c"), ("D", None)]
    assert process.open_because is not None
    assert found.find_module("a") == "backend/a.py"


def test_supervisor() -> None:
    text = """\
[supervisord]
nodaemon=true
[program:web]
command=gunicorn
  -b :%(ENV_PORT)s
  a:b
environment=PORT="8000",DEBUG=0
numprocs=2
[program:none]
autostart=true
"""
    found = processes("deployment/supervisor.conf", text)
    assert list(found) == ["web"]
    web = served(found["web"])
    assert [(b.host, b.port) for b in web.binds] == [("0.0.0.0", 8000)]
    assert found["web"].replicas[:2] == (2, 2)
    assert found["web"].at("PORT").region == (7, 13, 7, 24)


def test_manifests() -> None:
    found = processes(
        "app.yaml",
        "runtime: python312\nentrypoint: gunicorn -b :$PORT a:b\nenv_variables:\n  A: 1\n",
    )
    web = served(found["default"])
    assert web.at("target").region == (2, 32, 2, 35)
    assert [(v.name, v.value) for v in found["default"].variables] == [("A", "1")]
    assert processes("app.yaml", "apiVersion: v1\nkind: Pod\n") == {}
    found = processes(
        "fly.toml",
        '[env]\nPORT = "80"\n[processes]\nweb = "gunicorn a:b"\n'
        "[http_service]\ninternal_port = 80\n",
    )
    assert (served(found["web"]).target, found["web"].port) == ("a:b", 80)
    assert found["web"].location.region == (4, 8, 4, 20)
    found = processes(
        "render.yaml",
        "services:\n- type: web\n  name: shop\n  startCommand: gunicorn a:b\n"
        "  envVars: [{key: A, value: b}, {key: B, sync: false}]\n",
    )
    assert served(found["shop"]).target == "a:b"
    assert [(v.name, v.value) for v in found["shop"].variables] == [("A", "b"), ("B", None)]
    found = processes(
        "heroku.yml", "run:\n  web: gunicorn a:b\n  job:\n    command: [celery, worker]\n"
    )
    assert served(found["web"]).target == "a:b"
    assert found["job"].argv == ("celery", "worker")
    found = processes("railway.json", '{"deploy": {"startCommand": "gunicorn a:b"}}')
    assert served(found["web"]).target == "a:b"
    found = processes("nixpacks.toml", '[start]\ncmd = "gunicorn a:b"\n')
    assert served(found["web"]).target == "a:b"
    found = processes(
        "apprunner.yaml", "run:\n  command: gunicorn a:b\n  network:\n    port: 8000\n"
    )
    assert (served(found["web"]).target, found["web"].port) == ("a:b", 8000)


@pytest.mark.parametrize(
    ("argv", "kind"),
    [
        (["gunicorn", "a:b"], "server"),
        (["flask", "run"], "server"),
        (["celery", "-A", "a", "worker"], "worker"),
        (["celery", "-A", "a", "beat"], "beat"),
        (["rq", "worker"], "worker"),
        (["flask", "db", "upgrade"], "migrate"),
        (["alembic", "upgrade", "head"], "migrate"),
        (["python", "manage.py", "rq", "scheduler"], "scheduler"),
        (["nginx"], "proxy"),
        (["redis-server"], "datastore"),
        (["flask", "send-mail"], "task"),
        (["sleep", "1"], "other"),
    ],
)
def test_kinds_of_entries(argv: list[str], kind: str) -> None:
    tree = harness.tree_of({})
    found = unwrap(tuple(argv), HERE, in_image, tree)
    assert found is not None
    made = server_of(tuple(argv), HERE, Environment(), "", in_image, tree)
    assert entry_kind(found, made) == kind


@pytest.mark.parametrize(
    ("argv", "variables", "serial"),
    [
        (["gunicorn", "a:b"], {}, True),
        (["gunicorn", "-w", "1", "a:b"], {}, True),
        (["gunicorn", "-w", "2", "a:b"], {}, False),
        (["gunicorn", "-w", "${W:-1}", "a:b"], {}, False),
        (["gunicorn", "-w", "$W", "a:b"], {"W": "1"}, True),
        (["gunicorn", "a:b"], {"WEB_CONCURRENCY": None}, False),
        (["gunicorn", "a:b"], {"GUNICORN_CMD_ARGS": "--threads 2"}, False),
        (["gunicorn", "$OPTIONS", "a:b"], {}, False),
        (["gunicorn", "-c", "missing.py", "a:b"], {}, False),
        (["waitress-serve", "--threads", "1", "a:b"], {}, True),
        (["waitress-serve", "a:b"], {}, False),
        (["uwsgi", "--http", ":80", "-w", "a:b"], {}, True),
        (["uwsgi", "--http", ":80", "--gevent", "10", "-w", "a:b"], {}, False),
        (["uwsgi", "--ini", "missing.ini"], {}, False),
        (["uvicorn", "a:b"], {}, False),
    ],
)
def test_one_request_at_a_time(
    argv: list[str], variables: dict[str, str | None], serial: bool
) -> None:
    assert server(*argv, variables=variables).serial is serial


@pytest.mark.parametrize(
    ("argv", "variables", "title", "debugger"),
    [
        (["flask", "run"], {}, "flask run", False),
        (["flask", "run", "--debug"], {}, "flask run", True),
        (["flask", "--debug", "run"], {}, "flask run", True),
        (["flask", "run"], {"FLASK_DEBUG": "off"}, "flask run", True),
        (["flask", "run"], {"FLASK_DEBUG": "0"}, "flask run", False),
        (["flask", "run"], {"FLASK_DEBUG": None}, "flask run", False),
        (["flask", "run", "--no-debug"], {"FLASK_DEBUG": "1"}, "flask run", False),
        (["./manage.py", "runserver"], {}, "manage.py runserver", False),
        (["python", "-m", "shop"], {}, "python -m shop", False),
        (["/venv/bin/gunicorn", "a:b"], {}, "gunicorn", False),
    ],
)
def test_names_and_debuggers(
    argv: list[str], variables: dict[str, str | None], title: str, debugger: bool
) -> None:
    found = server(*argv, variables=variables)
    assert (found.title, found.debugger) == (title, debugger)


def test_missing_modules_are_certain_only_in_a_known_folder() -> None:
    files = {"backend/a.py": ""}
    tree = harness.tree_of(files)
    command = ("gunicorn", "missing:app")

    def at(directory: str) -> bool:
        found = server_of(command, HERE, environment({}), directory, in_image, tree)
        assert found is not None
        return found.missing_module

    assert at("/app/backend")
    assert at("backend")
    assert not at("/elsewhere")
    assert not at("frontend")


@pytest.mark.parametrize(
    ("text", "names", "is_open"),
    [
        ("import a.b\nfrom c import d as e", {"a", "e"}, False),
        ("x = y = 1\n(z, *w) = v", {"x", "y", "z", "w"}, False),
        ("if t:\n    x = 1\nelse:\n    def f(): y = 1", {"x", "f"}, False),
        ("try:\n    x = 1\nexcept E:\n    z = 1\nfinally:\n    w = 1", {"x", "z", "w"}, False),
        ("def f():\n    global x\n    x = 1", {"f", "x"}, False),
        ("with a as b, c as d: e = 1", {"b", "d", "e"}, False),
        ("(n := 3)", {"n"}, False),
        ("class C:\n    x = 1", {"C"}, False),
        ("match v:\n    case 1:\n        x = 1", {"x"}, False),
        ("from a import *", {"*"}, True),
        ("globals()['x'] = 1", set(), True),
        ("def __getattr__(n): ...", {"__getattr__"}, True),
        ("def f(", set(), True),
        ("x = " + "(" * 1000, set(), True),
        ("\x00", set(), True),
    ],
)
def test_names_of_a_module(text: str, names: set[str], is_open: bool) -> None:
    found = Target("m.py", text)
    assert (names - {"*"} <= found.names, found.open) == (True, is_open)
    assert found.names <= names | {"a"} or is_open


def test_functions_of_a_module() -> None:
    text = (
        "def a(x=1): ...\ndef b(x, y): ...\ndef c(*x): ...\n@d\ndef e(): ...\ndef f(): ...\nf = 1"
    )
    found = Target("m.py", text)
    assert {name: f[1:] for name, f in found.functions.items()} == {
        "a": (0, False),
        "b": (2, False),
        "c": (0, True),
    }
    assert Target("m.py", "import flask\napp = flask.Flask(__name__)").applications == {"app"}


def test_programs_of_supervisor_in_a_container() -> None:
    tree = harness.tree_of({"docker/supervisord.conf": "[program:web]\ncommand=gunicorn a:b\n"})
    here = Location("docker/Dockerfile")
    command = ("/usr/bin/supervisord", "-n", "-c", "/etc/supervisor/supervisord.conf")
    found = unwrap(command, here, in_image, tree)
    assert found is not None
    assert [p.name for p in supervised(found, in_image, tree, assemble(tree))] == ["web"]


HOSTILE = [
    "$(" * 50_000,
    "`" * 50_001,
    '"' * 100_001,
    "if " * 50_000,
    "( " * 60_000,
    "{ " * 50_000,
    "case a in " * 20_000,
    "${" * 60_000,
    "cat <<A\n" * 20_000,
    "f() { " * 20_000,
    "x && " * 40_000,
    "[ a ] && " * 20_000,
    ")" * 60_000,
    "esac\n" * 40_000,
    "f() { f; f; }\nf\n",
    "A=$A$A\n" * 5_000 + "gunicorn $A\n",
    "if [ $x ]; then exit; fi\n" * 2_000,
    "if [ $x ]; then A=1; fi\n" * 2_000,
    ". ./e.sh\n" * 100,
    "exec ./e.sh\n",
    "\x00",
    "set -- $@ $@\n" * 200,
    'set -- "$@" "$@" x\n' * 200 + 'exec "$@"\n',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_scripts_end(text: str) -> None:
    list(references(text))
    words(text)
    parse(text)
    started("/app/e.sh", "x", e_sh="#!/bin/sh\n" + text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Procfile", "web: " + "x" * 1_000_000),
        ("Procfile", "a:" * 500_000),
        ("x.service", "[Service]\nExecStart=" + "a " * 100_000),
        ("x.service", "[Service]\nExecStart=a \\\n" + "b \\\n" * 100_000),
        ("x.service", "[Service]\nEnvironment=" + "A=b " * 50_000 + "\nExecStart=x"),
        ("supervisord.conf", "[program:x]\ncommand=x\nenvironment=" + "a" * 300_000),
        ("supervisord.conf", "[program:x]\ncommand=x\n" + " y\n" * 100_000),
        ("fly.toml", "[processes]\n" + "".join(f'a{i} = "x"\n' for i in range(200))),
        ("fly.toml", "[processes"),
        ("fly.toml", "processes = 3\nhttp_service = 4\n"),
        ("app.yaml", "runtime: {a: b}\n"),
        ("app.yaml", "runtime: x\nentrypoint: {a: b}\nenv_variables: [1]\n"),
        ("render.yaml", "services: {a: b}\n"),
        ("render.yaml", "services: [1, {startCommand: [1]}]\n"),
        ("heroku.yml", "run: [1]\n"),
        ("uwsgi.ini", "[uwsgi]\n" + "=" * 300_000),
    ],
)
def test_hostile_carriers_end(path: str, text: str) -> None:
    processes(path, text)
