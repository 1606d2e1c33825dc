"""The command line: words, exit codes, streams and files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import line_rules
from flask_preflight.cli import flask_command
from flask_preflight.report.escape import terminal
from flask_preflight.report.github import data, property_value

ONLY = ("--select", "SEC99,PRE")


@pytest.fixture(autouse=True)
def _rules() -> Iterator[None]:
    with line_rules.installed():
        yield


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "app.py").write_text("from flask import Flask\n")
    (folder / "requirements.txt").write_text("Flask==3.1.1\n")
    monkeypatch.chdir(folder)
    for name in list(os.environ):
        if name.startswith("FLASK_PREFLIGHT") or name in ("NO_COLOR", "FORCE_COLOR"):
            monkeypatch.delenv(name)
    return folder


def run(*arguments: str) -> Result:
    found = CliRunner().invoke(flask_command, [*arguments])
    assert not found.exception or isinstance(found.exception, SystemExit), found.exception
    return found


def started(*arguments: str, code: str = "", **more: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *(["-c", code] if code else ["-m", "flask_preflight"]), *arguments]
    return subprocess.run(command, capture_output=True, text=True, **more)  # type: ignore[call-overload,no-any-return]


def test_check_is_the_default(project: Path) -> None:
    (project / "a.sh").write_text("flaw\n")
    expected = "a.sh:1:1: error SEC990 line-has-flaw: flaw is a flaw\n"
    for arguments in ((), ("check",), (".",), ("check", "."), ("-f", "concise")):
        found = run(*arguments, *ONLY)
        assert (found.exit_code, found.stdout) == (1, expected), arguments
    assert "1 error in" in run(*ONLY).stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chek"], "chek does not exist; did you mean check?"),
        (["check", "ap.py"], "ap.py does not exist; did you mean app.py?"),
        (["--formt", "json"], "there is no option --formt; did you mean --format?"),
        (["check", "--fail-onn", "x"], "did you mean --fail-on?"),
        (["-f", "jsn"], "--format cannot be jsn; did you mean json?"),
        (["-f"], "requires an argument"),
        (["--jobs", "x"], "not a valid int"),
        (["--select", "FLK9999"], "no rule is called FLK9999"),
        (["--ignore", "line-has-flow"], "did you mean line-has-flaw?"),
        (["--severity", "SEC990"], "is not RULE=LEVEL"),
        (["--severity", "SEC990=eror"], "did you mean error?"),
        (["--fail-on", "warn"], "did you mean warning?"),
        (["--color", "no"], "there are auto, always, never"),
        (["--config", "selct=['ALL']"], "there is no key selct; did you mean select?"),
        (["--config", "nothing.toml"], "nothing.toml cannot be read"),
        (["--report", "sarif"], "is not FORMAT=FILE"),
        (["--report", "srif=x"], "did you mean sarif?"),
        (["--report", "json=no/x"], "the folder of no/x does not exist"),
        (["--report", "json=x", "-o", "x"], "two reports go to x"),
        (["--report", "json=app.py"], "app.py is a file of the checked project"),
        (["rule", "SEC9999"], "no rule is called SEC9999"),
        (["rule", "--section", "securty"], "did you mean security?"),
        (["rule"], "name a rule"),
        (["config", "selct"], "did you mean select?"),
        (["map", "--format", "dott"], "; there are text, mermaid, svg, json"),
    ],
)
def test_refused_in_one_sentence(project: Path, arguments: list[str], words: str) -> None:
    found = run(*arguments)
    assert (found.exit_code, found.stdout) == (2, "")
    assert words in found.stderr
    assert found.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("fine", [], 0),
        ("flaw", [], 1),
        ("flaw", ["--exit-zero"], 0),
        ("flaw", ["--fail-on", "never"], 0),
        ("flaw", ["--severity", "SEC990=warning"], 0),
        ("flaw", ["--severity", "SEC990=warning", "--fail-on", "warning"], 1),
        ("flaw", ["--ignore", "SEC990"], 0),
        ("flaw", ["--ignore", "SEC990", "--no-suppressions"], 0),
        ("flaw # preflight: ignore[SEC990]", [], 0),
        ("flaw # preflight: ignore[SEC990]", ["--no-suppressions"], 1),
        ("bare", ["--fail-on", "warning", "--min-level", "error"], 1),
        ("@broken", [], 1),
        ("@broken", ["--exit-zero"], 0),
        ("@template", ["--fail-on", "note"], 0),
        ("@huge", [], 2),
        ("@huge flaw", ["--exit-zero"], 2),
        ("@crash", [], 2),
        ("@crash flaw", ["--exit-zero"], 2),
    ],
)
def test_exit_codes(project: Path, text: str, options: list[str], expected: int) -> None:
    (project / "a.sh").write_text(text + "\n")
    for format in ("full", "concise", "json", "sarif", "github"):
        found = run(*ONLY, *options, "-f", format)
        assert found.exit_code == expected, (found.stdout, found.stderr)


def test_nothing_to_check(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("hello\n")
    found = run(str(tmp_path))
    assert found.exit_code == 2
    assert "no file of any supported kind" in found.stderr
    assert run(str(tmp_path), "--allow-empty").exit_code == 0


def test_full_text(project: Path) -> None:
    (project / "a.sh").write_text("# first\nsee the flaw\n@template\n")
    found = run(*ONLY, "-f", "full")
    assert found.stdout.startswith(
        "a.sh:2:9 SEC990 line-has-flaw error\n"
        "  see the flaw is a flaw\n"
        "    |\n"
        "  2 | see the flaw\n"
        "    |         ^^^^\n"
        "  fix: write something else\n"
        "  see: a.sh:1:1 the file begins here\n"
        "\n"
        "wsgi           nothing to check\n"
    )
    assert "\nsecurity       1 error\n" in found.stdout
    assert "\nrecovery       no results\n" in found.stdout
    assert "\n1 file not analysed: template of something else\n" in found.stdout
    assert found.stdout.rstrip().split("\n")[-1].startswith("1 error in 3 files (1 not analysed), ")
    assert found.stderr == ""


def test_quiet(project: Path) -> None:
    (project / "a.sh").write_text("flaw\n")
    once = run(*ONLY, "-q", "-f", "full")
    assert "nothing to check" not in once.stdout
    assert (run(*ONLY, "-q").stdout, run(*ONLY, "-q").stderr) != ("", "")
    assert run(*ONLY, "-q").stderr == ""
    twice = run(*ONLY, "-qq")
    assert (twice.exit_code, twice.stdout, twice.stderr) == (1, "", "")


def test_colour(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "a.sh").write_text("flaw\n")
    assert "\x1b[" not in run(*ONLY).stdout
    assert "\x1b[" in run(*ONLY, "--color", "always").stdout
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in run(*ONLY).stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run(*ONLY).stdout


def test_paths_restrict_what_is_reported(project: Path) -> None:
    (project / "src").mkdir()
    (project / "src" / "a.sh").write_text("flaw\n")
    (project / "b.sh").write_text("flaw\n")
    (project / "flask-preflight.toml").write_text("")
    assert run(*ONLY, "src").stdout.startswith("src/a.sh")
    assert run(*ONLY, "b.sh").stdout.count("\n") == 1
    assert run(*ONLY, "--only", "b.sh", "src/a.sh").stdout.count("\n") == 2
    assert run(*ONLY, "app.py").exit_code == 0


def test_places_can_be_opened_from_here(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "a.sh").write_text("flaw\n")
    monkeypatch.chdir(project.parent)
    assert run(*ONLY, "shop").stdout.startswith("shop/a.sh:1:1: error")
    assert run(*ONLY, str(project)).stdout.startswith(f"{project}/a.sh:1:1: error")
    assert json.loads(run(*ONLY, "shop", "-f", "json").stdout)["findings"][0]["path"] == "a.sh"


def test_reports_are_written_at_once(project: Path, tmp_path: Path) -> None:
    (project / "a.sh").write_text("flaw\n")
    target = tmp_path / "out.json"
    target.write_text("old")
    found = run(*ONLY, "--report", f"json={target}", "--report", f"sarif={tmp_path / 'o.sarif'}")
    assert found.exit_code == 1
    assert json.loads(target.read_text())["summary"]["errors"] == 1
    assert json.loads((tmp_path / "o.sarif").read_text())["runs"][0]["results"]
    assert sorted(os.listdir(tmp_path)) == ["o.sarif", "out.json", "shop"]


def test_report_that_cannot_be_written(project: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    (closed / "x").write_text("old")
    (closed / f"x.{os.getpid()}.tmp").write_text("in the way")
    found = run(*ONLY, "--report", f"json={closed / 'x'}", "--report", f"json={tmp_path / 'y'}")
    assert found.exit_code == 2
    assert "cannot be written" in found.stderr
    assert (closed / "x").read_text() == "old"
    assert (tmp_path / "y").exists()


def test_output_to_a_link_and_a_device(project: Path, tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (project / "inner").symlink_to(tmp_path / "real")
    assert run(*ONLY, "-f", "json", "-o", str(tmp_path / "link")).exit_code == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() != "old"
    (tmp_path / "real").write_text("old")
    assert run(*ONLY, "-f", "json", "-o", "inner").exit_code == 0
    assert (tmp_path / "real").read_text() == "old"
    assert not (project / "inner").is_symlink()
    assert run(*ONLY, "-o", "/dev/null").exit_code == 0


def test_json_keys(project: Path) -> None:
    (project / "a.sh").write_text("see flaw\nbare web\n")
    found = run("--select", "SEC99", "-f", "json")
    document = json.loads(found.stdout)
    keys = ["schema", "tool", "root", "summary", "findings", "sections", "files", "notes"]
    assert list(document) == keys
    first, second = document["findings"]
    assert (
        list(first)
        == (
            "code name level section path line column end_line end_column message related "
            "fingerprint fix suppression"
        ).split()
    )
    assert (first["line"], first["column"], first["end_column"]) == (1, 5, 9)
    assert first["related"][0]["message"] == "the file begins here"
    assert second["message"] == "run() waits for ever (web)"
    assert len(document["sections"]) == 9


def test_show_suppressed(project: Path) -> None:
    (project / "a.sh").write_text("flaw # preflight: ignore[SEC990] agreed\n")
    assert run(*ONLY).stdout == ""
    shown = run(*ONLY, "--show-suppressed")
    assert "(suppressed by a.sh:1:6 agreed)" in shown.stdout
    assert shown.exit_code == 0
    listed = json.loads(run(*ONLY, "--show-suppressed", "-f", "json").stdout)["findings"]
    assert listed[0]["suppression"]["reason"] == "agreed"


def test_statistics_and_files(project: Path) -> None:
    (project / "a.sh").write_text("flaw\nflaw\n")
    assert "     2 SEC990 line-has-flaw\n" in run(*ONLY, "--statistics").stdout
    listed = run("--show-files").stdout
    assert "app.py: python, text (production)\n" in listed
    assert run("config", "--files").stdout == listed


def test_rule(project: Path) -> None:
    text = run("rule", "line-has-flaw").stdout
    assert text.startswith("SEC990 line-has-flaw (error, security)\n\nA line says flaw.\n")
    assert ">   1 | flaw" in text
    assert "Fix: write something else." in text
    assert run("rule", "X123").stdout == text
    assert run("rule", "SEC990", "-f", "markdown").stdout.startswith("# SEC990 line-has-flaw\n")
    listed = json.loads(run("rule", "--all", "--format", "json").stdout)
    mine = next(entry for entry in listed if entry["code"] == "SEC990")
    assert list(mine) == "code name level section enabled known_as messages options".split()
    assert mine["options"] == {"word": "flaw", "limit": 9}
    assert "SEC991 line-is-bare warning scaling (off)" in run("rule", "--section", "scaling").stdout
    assert run("rule", "PRE010").stdout.startswith("PRE010 file-not-parsed (error)")


def test_config(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.flask-preflight]\nfail-on = 'note'\n")
    assert 'fail-on = "note"  # pyproject.toml\n' in run("config").stdout
    assert run("config", "fail-on", "--isolated").stdout.startswith('fail-on = "error"  # default')
    assert (
        'select = ["SEC990"]  # command line'
        in run("config", "--config", "select=['SEC990']").stdout
    )
    (project / "other.toml").write_text("min-level = 'error'\n")
    assert "# other.toml" in run("config", "min-level", "--config", "other.toml").stdout


def test_environment(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "a.sh").write_text("flaw\nbare\n")
    monkeypatch.setenv("FLASK_PREFLIGHT_SELECT", "SEC991")
    monkeypatch.setenv("FLASK_PREFLIGHT_FORMAT", "json")
    found = json.loads(run().stdout)["findings"]
    assert [finding["code"] for finding in found] == ["SEC991"]
    assert run("-f", "concise", "--select", "SEC990").stdout.startswith("a.sh:1:1: error SEC990")
    monkeypatch.setenv("FLASK_PREFLIGHT_SELECT", "SEC999999")
    assert run().exit_code == 2
    monkeypatch.setenv("FLASK_PREFLIGHT_EXIT_ZERO", "1")
    assert run("--select", "SEC990", "-f", "concise").exit_code == 1


def test_mistakes_of_ours_are_one_sentence(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr("flask_preflight.commands.check._scan", fail)
    found = run()
    assert found.exit_code == 2
    assert found.stderr.startswith("flask-preflight: internal error, KeyError at test_cli.py:")
    assert "secret" not in found.stderr


def test_flask_preflight_does_not_import_the_application(project: Path) -> None:
    pytest.importorskip("flask")
    (project / "app.py").write_text("raise SystemExit('imported')\n")
    (project / ".env").write_text("FLASK_PREFLIGHT_FORMAT=json\n")
    environment = os.environ | {
        "FLASK_PREFLIGHT_FORMAT": "json",
        "FLASK_PREFLIGHT_CHECK_FORMAT": "x",
    }
    code = "import sys; sys.argv[0] = 'flask'; from flask.cli import main; main()"
    found = started("preflight", "--select", "SEC", code=code, env=environment)
    assert (found.returncode, found.stdout) == (0, ""), found.stderr
    assert "FLASK_PREFLIGHT_FORMAT ignored under flask" in found.stderr
    assert "no results in" in found.stderr
    refused = started("preflight", "--formt", "x", code=code)
    assert refused.returncode == 2
    assert refused.stderr.endswith("there is no option --formt; did you mean --format?\n")
    assert "flask-preflight 0" in started("preflight", "--version", code=code).stdout


NAMES = (
    "yaml click tomli json difflib ast_grep_py dockerfile_parse gunicorn.conf conftest setup "
    "rules/__init__ flask_preflight_rules/__init__"
)
CONSOLE_SCRIPT = "from flask_preflight.__main__ import main; main()"


@pytest.mark.parametrize(
    ("command", "python_path"),
    [
        (["-m", "flask_preflight"], None),
        (["-I", "-c", CONSOLE_SCRIPT], None),
        (["-m", "flask_preflight"], "."),
        (["-m", "flask_preflight"], "here"),
    ],
)
def test_repository_with_names_of_ours(
    tmp_path: Path, command: list[str], python_path: str | None
) -> None:
    """Nothing that lies in the checked repository is executed.

    `PYTHONPATH` makes Python itself execute `sitecustomize.py`; no program can prevent that.
    """
    marker = tmp_path / "executed"
    root = tmp_path / "repository"
    for name in (*NAMES.split(), *(["sitecustomize"] if python_path is None else [])):
        path = root / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"open({str(marker)!r}, 'w').close()\n")
    (root / "pyproject.toml").write_text("nonsense = = [")
    (root / "requirements.txt").write_text("flask\n")
    (root / "Dockerfile").write_text("FROM python:3.12\n")
    (root / "compose.yaml").write_text("services: {web: {image: x}}\n")
    environment = dict(os.environ)
    if python_path is not None:
        environment["PYTHONPATH"] = str(root) if python_path == "here" else python_path
    done = subprocess.run(
        [sys.executable, *command, "-f", "json"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1, 2)
    assert json.loads(done.stdout)["tool"]["name"] == "flask-preflight", done.stderr
    assert not marker.exists()


def test_streams_that_are_gone(project: Path) -> None:
    (project / "a.sh").write_text("x\n" * 2000)
    command = f"{sys.executable} -m flask_preflight --show-files | head -c 0"
    done = subprocess.run(
        ["bash", "-c", command + "; echo ${PIPESTATUS[0]}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("0\n", "")
    closed = f"{sys.executable} -m flask_preflight --show-files >&-"
    done = subprocess.run(["bash", "-c", closed], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 2)
    assert "Traceback" not in done.stderr
    if os.path.exists("/dev/full"):
        full = f"{sys.executable} -m flask_preflight --show-files >/dev/full"
        done = subprocess.run(["bash", "-c", full], capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert (
            done.stderr
            == "flask-preflight: standard output cannot be written: No space left on device\n"
        )


@pytest.mark.parametrize(("number", "expected"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_signals(project: Path, number: int, expected: int) -> None:
    code = (
        "import flask_preflight.commands.check as c, time\n"
        "def wait(*_):\n    print('ready', flush=True)\n    time.sleep(20)\n"
        "c._scan = wait\n"
        "from flask_preflight.cli import main\nmain()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.05)
    process.send_signal(number)
    output, errors = process.communicate(timeout=10)
    assert (process.returncode, output, errors) == (expected, "", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb\rc", r"a\nb\rc"),
        ("\x1b[31m", r"\x1b[31m"),
        ("‮abc", r"\u202eabc"),
        ("\udcff", r"\xff"),
        ("a ##[error]x", r"a \x23#[error]x"),
        ("a ##vso[task]", r"a \x23#vso[task]"),
        ("  ::error::x", r"  \x3a:error::x"),
        ("tab\tstays", "tab\tstays"),
        ("café 😀", "café 😀"),
    ],
)
def test_terminal(text: str, expected: str) -> None:
    assert terminal(text) == expected
    assert terminal(expected) == expected


def test_workflow_commands() -> None:
    assert data("50% of\nall") == "50%25 of\\nall"
    assert property_value("a:b,c%") == "a%3Ab%2Cc%25"


def test_workflow_command_of_a_result(project: Path) -> None:
    (project / "a,b.sh").write_text("x\n 100% flaw ::error::\n")
    assert run(*ONLY, "-f", "github").stdout == (
        "::error file=a%2Cb.sh,line=2,endLine=2,col=7,endColumn=11,"
        "title=SEC990 line-has-flaw::100%25 flaw ::error:: is a flaw\n"
    )
