"""What a diff says, and what is reported for it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from flask_preflight import changes
from flask_preflight.changes import Change, DiffError, Hunk
from flask_preflight.cli import flask_command
from flask_preflight.result import Location, Region
from harness import DIFF as DIFF_FILE
from harness import results_of

DIFF = """diff --git a/app.py b/app.py
index 1..2 100644
--- a/app.py
+++ b/app.py
@@ -1,3 +1,4 @@ def f():
 one
-two
+deux
+trois
 three
@@ -9,2 +10 @@
-nine
 ten
diff --git a/new.py b/new.py
new file mode 100644
--- /dev/null
+++ b/new.py
@@ -0,0 +1 @@
+x
\\ No newline at end of file
diff --git a/gone.py b/gone.py
--- a/gone.py
+++ /dev/null
@@ -1 +0,0 @@
-x
diff --git a/old.py b/moved.py
similarity index 100%
rename from old.py
rename to moved.py
diff --git "a/\\303\\274.py" "b/\\303\\274.py"
--- "a/\\303\\274.py"
+++ "b/\\303\\274.py"
@@ -1 +1 @@
-a
+b
"""


def test_a_diff_is_read() -> None:
    found = changes.read(DIFF)
    assert sorted(found) == ["app.py", "gone.py", "moved.py", "new.py", "ü.py"]
    assert found["app.py"].hunks == (
        Hunk(2, ("two",), ("deux", "trois")),
        Hunk(10, ("nine",), ()),
    )
    assert found["new.py"] == Change("new.py", "", (Hunk(1, (), ("x",)),))
    assert (found["new.py"].is_new, found["gone.py"].is_deleted) == (True, True)
    assert found["moved.py"] == Change("moved.py", "old.py", ())


@pytest.mark.parametrize(
    ("line", "touched"), [(1, False), (2, True), (3, True), (4, False), (9, False), (10, True)]
)
def test_which_lines_are_touched(line: int, touched: bool) -> None:
    change = changes.read(DIFF)["app.py"]
    assert change.touches(Location("app.py", Region(line, 1, line, 2))) is touched
    assert change.touches(Location("app.py"))


def test_paths_are_those_of_the_project() -> None:
    text = DIFF.replace("app.py", "shop/app.py")
    assert list(changes.read(text, "shop/")) == ["app.py"]
    assert list(changes.read("--- app.py\t2026\n+++ app.py\t2026\n@@ -1 +1 @@\n-a\n+b\n")) == [
        "app.py"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "@@ -1 +1 @@\n-a\n+b\n",
        "--- a/a\n+++ b/a\n@@ -1,3 +1,3 @@\n a\n",
        "--- a/a\n+++ b/a\n@@ -1 +1 @@\nx",
    ],
)
def test_what_is_no_diff_is_said(text: str) -> None:
    with pytest.raises(DiffError, match=r"line \d"):
        changes.read(text)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize("change", [str.upper, lambda text: text * 2, lambda text: text[4:]])
def test_what_git_writes_is_read(change: Callable[[str], str], tmp_path: Path) -> None:
    """Applied backwards, the hunks give the old text again."""
    old = "".join(f"{number}\n" for number in range(40)).replace("7\n", "a b\n")
    (tmp_path / "old").write_text(old)
    (tmp_path / "new").write_text(change(old))
    ran = subprocess.run(
        ["git", "diff", "--no-index", "old", "new"], cwd=tmp_path, capture_output=True, text=True
    )
    (found,) = changes.read(ran.stdout).values()
    lines = change(old).split("\n")
    for hunk in reversed(found.hunks):
        assert tuple(lines[hunk.start - 1 : hunk.start - 1 + len(hunk.added)]) == hunk.added
        lines[hunk.start - 1 : hunk.start - 1 + len(hunk.added)] = hunk.removed
    assert "\n".join(lines) == old


def test_what_is_new_is_what_a_diff_adds() -> None:
    revision = "from alembic import op\nrevision = '{}'\ndown_revision = {}\n"
    revision += "def upgrade():\n    op.drop_column('users', '{}')\n"
    files = {
        "migrations/env.py": "from alembic import context\n",
        "migrations/versions/a.py": revision.format("a", None, "age"),
        "migrations/versions/b.py": revision.format("b", "'a'", "name"),
    }
    added = "--- /dev/null\n+++ b/{}\n@@ -0,0 +1,5 @@\n+a\n+b\n+c\n+d\n+e\n"
    for path in ("migrations/versions/a.py", "migrations/versions/b.py"):
        (found,) = results_of({**files, DIFF_FILE: added.format(path)}, "MIG030")
        assert (found.location.path, found.level, found.subject) == (path, "warning", "")
    assert not results_of({**files, DIFF_FILE: added.format("other.py")}, "MIG030")


def test_results_on_other_lines_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "flask-preflight.toml").write_text("")
    (tmp_path / ".env").write_text("SECRET_KEY=9f2c81d47ab04e6f8c3ad5517be0f2aa\nPORT=1\n")
    diff = "--- a/.env\n+++ b/.env\n@@ -2 +2 @@\n-PORT=2\n+PORT=1\n"
    (tmp_path / "change.diff").write_text(diff)
    arguments = ["check", str(tmp_path), "--select", "SEC,ENV102", "--format", "concise"]
    assert CliRunner().invoke(flask_command, arguments).stdout
    narrowed = ["--changed", str(tmp_path / "change.diff")]
    ran = CliRunner().invoke(flask_command, [*arguments, *narrowed])
    assert (ran.stdout, ran.exit_code) == ("", 0)
    assert "changed lines of 1 file" in ran.stderr
    ran = CliRunner().invoke(flask_command, [*arguments, "--changed", "-"], input="nonsense")
    assert ran.exit_code == 2
    assert "is no unified diff" in ran.stderr
    ran = CliRunner().invoke(flask_command, [*arguments, "--changed", str(tmp_path / "gone")])
    assert ran.exit_code == 2
