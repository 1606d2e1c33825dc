"""What real servers do with the mistakes that the rules report; run by hand.

`pip install flask gunicorn pyuwsgi pytest` in an environment of its own, then
`python -m pytest -m slow --noconftest -o addopts= tests/test_servers.py`.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

pytestmark = pytest.mark.slow
pytest.importorskip("flask")
BIN = Path(sys.executable).parent
APP = """
from flask import Flask


def create_app():
    app = Flask(__name__)

    @app.get("/")
    def home():
        return "ok"

    return app


app = create_app()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(APP)
    return tmp_path


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def started(folder: Path, *words: str, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    program = BIN / words[0]
    if not program.exists():
        pytest.skip(f"{words[0]} is not installed")
    with open(folder / "output", "wb") as output:
        process = subprocess.Popen(
            [str(program), *words[1:]],
            cwd=folder,
            env={**os.environ, **variables},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def status(port: int, path: str = "/", seconds: float = 10) -> int:
    """The status of an answer; 0 where nothing answers in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = asked(f"http://127.0.0.1:{port}{path}")
        if found:
            return found
        time.sleep(0.1)
    return 0


def asked(url: str) -> int:
    try:
        with urlopen(url, timeout=2) as answer:
            return int(answer.status)
    except HTTPError as fault:
        return fault.code
    except OSError:
        return 0


def test_gunicorn_answers_500_on_a_factory_that_is_not_called(folder: Path) -> None:
    """WSG104."""
    port = free_port()
    with started(folder, "gunicorn", "-b", f"127.0.0.1:{port}", "app:create_app"):
        assert status(port) == 500
    port = free_port()
    with started(folder, "gunicorn", "-b", f"127.0.0.1:{port}", "app:create_app()"):
        assert status(port) == 200


def test_a_server_started_at_import_never_serves_the_port(folder: Path) -> None:
    """FLK103."""
    inner, port = free_port(), free_port()
    (folder / "app.py").write_text(f"{APP}\napp.run(port={inner})\n")
    with started(folder, "gunicorn", "-b", f"127.0.0.1:{port}", "app:app"):
        assert status(inner) == 200
        with socket.create_connection(("127.0.0.1", port), timeout=2) as client:
            client.sendall(b"GET / HTTP/1.0\r\n\r\n")
            with pytest.raises(TimeoutError):
                client.recv(10)


def test_a_daemon_ends_what_started_it(folder: Path) -> None:
    """WSG403."""
    words = ("gunicorn", "--daemon", "-b", f"127.0.0.1:{free_port()}", "-p", "pid", "app:app")
    with started(folder, *words) as process:
        assert process.wait(timeout=20) == 0
    time.sleep(1)
    os.kill(int((folder / "pid").read_text()), signal.SIGKILL)


def test_unknown_settings_pass_the_check(folder: Path) -> None:
    """WSG107."""
    (folder / "gunicorn.conf.py").write_text('worker = 3\naccess_logfile = "-"\n')
    with started(folder, "gunicorn", "--check-config", "app:app") as process:
        assert process.wait(timeout=20) == 0


def test_eventlet_is_gone(folder: Path) -> None:
    """WSG106."""
    words = ("gunicorn", "-k", "eventlet", "-b", f"127.0.0.1:{free_port()}", "app:app")
    with started(folder, *words) as process:
        assert process.wait(timeout=20) != 0


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (("WEB_CONCURRENCY", "3"), "workers 3"),
        (("GUNICORN_CMD_ARGS", "--workers=4"), "workers 4"),
        (("PORT", "9000"), "bind ['0.0.0.0:9000']"),
    ],
)
def test_precedence_of_settings(folder: Path, given: tuple[str, str], expected: str) -> None:
    """The effective settings: environment, file, GUNICORN_CMD_ARGS, command line."""
    with started(folder, "gunicorn", "--print-config", "app:app", **dict([given])) as process:
        process.wait(timeout=20)
    output = (folder / "output").read_text()
    rows = {" ".join(row.replace("=", " ").split()) for row in output.split("\n")}
    assert expected in rows


def test_a_handler_of_the_application_replaces_the_servers(folder: Path) -> None:
    """FLK604: the worker ignores SIGTERM until the whole graceful timeout is over."""
    port = free_port()
    handler = "\nimport signal\nsignal.signal(signal.SIGTERM, lambda *_: None)\n"
    (folder / "app.py").write_text(APP + handler)
    words = ("gunicorn", "--graceful-timeout", "3", "-b", f"127.0.0.1:{port}", "app:app")
    with started(folder, *words) as process:
        assert status(port) == 200
        begin = time.monotonic()
        process.terminate()
        process.wait(timeout=20)
        assert time.monotonic() - begin > 2.5


def test_uwsgi_reloads_on_sigterm_unless_told_to_die(folder: Path) -> None:
    """WSG502."""
    for words, reloads in (((), True), (("--die-on-term",), False)):
        port = free_port()
        command = ("uwsgi", "--master", "--http-socket", f"127.0.0.1:{port}", "-w", "app:app")
        with started(folder, *command, *words) as process:
            assert status(port) == 200
            process.terminate()
            time.sleep(3)
            assert ("reloading uWSGI" in (folder / "output").read_text()) is reloads


def test_uwsgi_runs_without_an_application(folder: Path) -> None:
    """WSG503."""
    for words, answer in (((), 500), (("--need-app",), 0)):
        port = free_port()
        command = ("uwsgi", "--master", "--http-socket", f"127.0.0.1:{port}", "-w", "missing:app")
        with started(folder, *command, *words):
            assert status(port, seconds=4) == answer


@pytest.mark.parametrize(("value", "on"), [("off", True), ("disabled", True), ("no", False)])
def test_what_flask_takes_for_debugging(folder: Path, value: str, on: bool) -> None:
    """ENV101."""
    code = "from app import app; print(app.debug)"
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "FLASK_DEBUG": value},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == str(on)


def test_prefixed_words_stay_texts(folder: Path) -> None:
    """ENV106."""
    code = "from app import app; app.config.from_prefixed_env(); print(repr(app.config['TESTING']))"
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "FLASK_TESTING": "False"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "'False'"


def test_the_working_directory_as_static_folder_serves_the_source(folder: Path) -> None:
    """FLK414."""
    code = "from flask import Flask\napp = Flask(__name__, static_folder='.', static_url_path='')\n"
    (folder / "app.py").write_text(code)
    port = free_port()
    with started(folder, "gunicorn", "-b", f"127.0.0.1:{port}", "app:app"):
        assert status(port, "/app.py") == 200


def test_information_is_not_logged(folder: Path) -> None:
    """FLK702."""
    code = "import logging; from app import app; print(app.logger.isEnabledFor(logging.INFO))"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "False"
