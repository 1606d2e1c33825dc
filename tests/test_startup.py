"""What a start loads: nothing that is not needed."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

PARSERS = ("yaml", "ast_grep_py", "dockerfile_parse", "tomli", "configparser")
SLOW = ("pathlib", "logging", "subprocess", "importlib.metadata", "socket")
RUN = "from flask_preflight.cli import main\ntry:\n    main()\nexcept SystemExit:\n    pass\n"
PRINT = "import sys; print('\\n' + ' '.join(sys.modules), file=sys.stderr)"


def loaded(code: str, *arguments: str, folder: Path | None = None) -> set[str]:
    """The modules that are loaded after the code has run."""
    done = subprocess.run(
        [sys.executable, "-c", code + "\n" + PRINT, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.rsplit("\n", 2)[-2].split())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text("from flask import Flask\napp = Flask(__name__)\n")
    (tmp_path / "requirements.txt").write_text("Flask==3.1.1\n")
    return tmp_path


def test_version_loads_click_and_little_else() -> None:
    extra = loaded(RUN, "--version") - loaded("import click, signal")
    assert {name for name in extra if name.startswith("flask_preflight")} == {
        "flask_preflight",
        "flask_preflight.cli",
    }
    assert not extra.intersection((*PARSERS, *SLOW))


def test_the_entry_of_flask_loads_click_only() -> None:
    extra = loaded("import flask_preflight.cli") - loaded("import click")
    assert extra <= {"flask_preflight", "flask_preflight.cli"}


def test_rules_load_no_parser() -> None:
    code = "from flask_preflight import docs, rule\nfor name in docs.packages(): rule.load(name)"
    assert not loaded(code).intersection(PARSERS)


def test_a_run_loads_what_its_files_need(project: Path) -> None:
    found = loaded(RUN, folder=project)
    extra = found - loaded("import click")
    assert not extra.intersection(("yaml", "dockerfile_parse", "tomli", "configparser"))
    (project / "k8s.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n")
    extra = loaded(RUN, folder=project) - loaded("import click")
    assert "dockerfile_parse" not in extra


def test_a_run_loads_nothing_slow(project: Path) -> None:
    (project / "k8s.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n")
    (project / "compose.yaml").write_text("services: {web: {image: x}}\n")
    (project / ".env").write_text("A=1\n")
    for format in ("concise", "full", "json", "github"):
        extra = loaded(RUN, "--format", format, folder=project) - loaded("import click")
        assert not extra.intersection((*SLOW, "multiprocessing", "concurrent", "difflib", "uuid"))


@pytest.mark.slow
def test_version_takes_as_long_as_click() -> None:
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}

    def seconds(*arguments: str) -> float:
        times = []
        for _ in range(15):
            start = time.perf_counter()
            subprocess.run(
                [sys.executable, *arguments], env=environment, check=True, capture_output=True
            )
            times.append(time.perf_counter() - start)
        return statistics.median(times)

    ours = seconds("-c", "from flask_preflight.__main__ import main; main()", "--version")
    assert ours < 1.3 * seconds("-c", "import click")
