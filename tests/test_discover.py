"""Which files are read: ignore files, git's index, links, limits and encodings."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from flask_preflight import git
from flask_preflight.decode import decode
from flask_preflight.discover import Options, discover, project_root, provenance
from flask_preflight.ignore import IgnoreFile

GIT = shutil.which("git")
needs_git = pytest.mark.skipif(GIT is None, reason="needs git")


def run(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    done = subprocess.run(
        ["git", *identity, *words], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


def write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def found(folder: Path, **options: object) -> set[str]:
    tree = discover(str(folder), Options(**options))  # type: ignore[arg-type]
    return {file.path for file in tree.files}


@pytest.mark.parametrize(
    ("pattern", "path", "folder", "expected"),
    [
        ("*.log", "a/b.log", False, True),
        ("/a.log", "a.log", False, True),
        ("/a.log", "b/a.log", False, None),
        ("a/b", "a/b", False, True),
        ("a/b", "c/a/b", False, None),
        ("build/", "build", True, True),
        ("build/", "build", False, None),
        ("build/", "x/build", True, True),
        ("**/x", "a/b/x", False, True),
        ("a/**", "a/b/c", False, True),
        ("a/**/z", "a/z", False, True),
        ("!keep", "keep", False, False),
        ("# no", "# no", False, None),
        ("\\#yes", "#yes", False, True),
        ("\\!yes", "!yes", False, True),
        ("a[bc]", "ab", False, True),
        ("a[!bc]", "ab", False, None),
        ("a?c", "abc", False, True),
        ("a*c", "a/c", False, None),
        ("trailing ", "trailing", False, True),
        ("[", "[", False, True),
    ],
)
def test_patterns(pattern: str, path: str, folder: bool, expected: bool | None) -> None:
    assert IgnoreFile("", [pattern]).decides(path, folder=folder) is expected


def test_the_last_pattern_decides() -> None:
    assert (
        IgnoreFile("", ["*.log", "!keep.log", "*.tmp"]).decides("keep.log", folder=False) is False
    )
    assert IgnoreFile("", ["!keep.log", "*.log"]).decides("keep.log", folder=False) is True


@pytest.mark.parametrize("pattern", ["*a" * 200, "a" * 5_000, "**/" * 400 + "x"])
def test_patterns_over_a_limit_are_dropped_and_said(tmp_path: Path, pattern: str) -> None:
    write(tmp_path, {".gitignore": pattern + "\n", "app.py": ""})
    tree = discover(str(tmp_path), Options())
    assert "app.py" in {file.path for file in tree.files}


@needs_git
def test_as_git_does(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".gitignore": "*.log\n!important.log\nbuild/\n/root.txt\n"
            "sub/deep/*\n!sub/deep/kept.py\n",
            "sub/.gitignore": "local.py\n!x.log\n",
            "a.log": "", "important.log": "", "build/a.py": "", "root.txt": "", "sub/root.txt": "",
            "sub/local.py": "", "sub/x.log": "", "sub/other.py": "", "sub/deep/a.py": "",
            "sub/deep/kept.py": "", "local.py": "",
        },
    )  # fmt: skip
    run(tmp_path, "init", "-q")
    expected = set(run(tmp_path, "ls-files", "-co", "--exclude-standard").split())
    assert found(tmp_path) == expected
    assert found(tmp_path, respect_gitignore=False) > expected


@needs_git
def test_tracked_files_are_read_though_ignored(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "secret/\n*.env\n", "secret/app.py": "", "prod.env": "A=1\n"})
    run(tmp_path, "init", "-q")
    assert found(tmp_path) == {".gitignore"}
    run(tmp_path, "add", "-f", "secret/app.py", "prod.env")
    assert found(tmp_path) == {".gitignore", "secret/app.py", "prod.env"}


@needs_git
@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_versions_of_the_index(tmp_path: Path, version: str) -> None:
    names = {f"folder{n % 3}/file{n}.py" for n in range(40)} | {"ä/é.py", "a b.py"}
    write(tmp_path, dict.fromkeys(names, ""))
    run(tmp_path, "init", "-q")
    run(tmp_path, "add", ".")
    if version == "3":
        write(tmp_path, {"later.py": ""})
        run(tmp_path, "add", "-N", "later.py")
        names |= {"later.py"}
    run(tmp_path, "update-index", "--index-version", version)
    assert git.tracked(str(tmp_path)) == frozenset(names)


@pytest.mark.parametrize(
    "data",
    [b"", b"DIRC", b"XXXX" + b"\0" * 100, b"DIRC\0\0\0\x02\xff\xff\xff\xff" + b"\0" * 100,
     b"DIRC\0\0\0\x09\0\0\0\x01" + b"\0" * 100,
     b"DIRC\0\0\0\x02\0\0\0\x01" + b"\0" * 60 + b"\0\x05../ab\0\0\0"],
)  # fmt: skip
def test_damaged_index(data: bytes) -> None:
    with pytest.raises(git.Damaged):
        git.entries(data)


def test_damaged_index_is_said_and_all_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": "", ".git/index": "DIRC broken broken broken broken broken"})
    tree = discover(str(tmp_path), Options())
    assert [file.path for file in tree.files] == ["app.py"]
    assert ["index of git is damaged" in str(n.message) for n in tree.notifications] == [True]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/a/b.git", "https://github.com/a/b"),
        ("git@github.com:a/b.git", "https://github.com/a/b"),
        ("ssh://git@host:2222/a/b", "https://host/a/b"),
        ("https://user:secret@github.com/a/b", "https://github.com/a/b"),
        ("https://github.com/a/b?token=secret", "https://github.com/a/b"),
        ("../local", ""),
    ],
)
def test_provenance_without_credentials(tmp_path: Path, url: str, expected: str) -> None:
    config = f'[core]\n\tbare = false\n[remote "origin"]\n\turl = {url}\n'
    write(tmp_path, {".git/config": config, ".git/HEAD": "ref: refs/heads/main\n"})
    write(tmp_path, {".git/refs/heads/main": "a" * 40 + "\n"})
    assert provenance(str(tmp_path)) == (expected, "a" * 40, "main")


def test_heads_that_lead_elsewhere(tmp_path: Path) -> None:
    write(tmp_path, {".git/HEAD": "ref: ../../etc/passwd\n", ".git/config": ""})
    assert provenance(str(tmp_path)) is None


def test_excludes(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"app.py": "", "node_modules/x.py": "", "venv/pyvenv.cfg": "", "venv/x.py": "",
         "build/x.py": "", "vendor/x.py": "", "a/keep.py": "", "a/b.py": ""},
    )  # fmt: skip
    assert found(tmp_path) == {"app.py", "build/x.py", "a/keep.py", "a/b.py"}
    assert found(tmp_path, extend_exclude=("a/",)) == {"app.py", "build/x.py"}
    kept = found(tmp_path, extend_exclude=("a/",), include=("a/keep.py",))
    assert kept == {"app.py", "build/x.py", "a/keep.py"}
    assert "vendor/x.py" in found(tmp_path, given=("vendor/x.py",))
    assert "vendor/x.py" not in found(tmp_path, given=("vendor/x.py",), force_exclude=True)


def test_links(tmp_path: Path) -> None:
    inside, outside = tmp_path / "project", tmp_path / "outside"
    write(inside, {"notes.txt": "FROM python\n", "folder/app.py": ""})
    write(outside, {"secret.py": "", "Dockerfile": ""})
    (inside / "Dockerfile").symlink_to("notes.txt")
    (inside / "app.py").symlink_to(outside / "secret.py")
    (inside / "loop").symlink_to(".")
    (inside / "compose.yaml").symlink_to("missing")
    (inside / "environ.env").symlink_to("/proc/self/environ")
    tree = discover(str(inside), Options())
    files = {file.path: file for file in tree.files}
    assert set(files) == {"notes.txt", "folder/app.py"}
    assert files["notes.txt"].aliases == ("Dockerfile",)
    assert "dockerfile" in files["notes.txt"].kinds
    said = {note.location.path for note in tree.notifications if note.location}
    assert said == {"app.py", "compose.yaml", "environ.env"}


def test_special_files_do_not_wait(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": ""})
    os.mkfifo(tmp_path / "compose.yaml")
    tree = discover(str(tmp_path), Options())
    assert [file.path for file in tree.files] == ["app.py"]
    assert [note.level for note in tree.notifications] == ["note"]


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_unreadable(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": "", "closed/x.py": "", "Dockerfile": "FROM x\n"})
    (tmp_path / "closed").chmod(0)
    (tmp_path / "Dockerfile").chmod(0)
    try:
        tree = discover(str(tmp_path), Options())
        assert tree.text("Dockerfile") is None
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert {(n.location.path, n.level) for n in tree.notifications if n.location} == {
        ("closed", "warning"),
        ("Dockerfile", "warning"),
    }


@pytest.mark.parametrize(
    ("data", "kinds", "text", "line"),
    [
        (b"a\xc3\xa9", ("python",), "aé", 1),
        (b"\xef\xbb\xbfa", ("python",), "a", 1),
        (b"# coding: latin-1\n\xe9", ("python",), "# coding: latin-1\né", 1),
        (b"# coding: utf\n\xc3\xa9", ("python",), "# coding: utf\né", 1),
        (b"a\n\xe9", ("compose",), None, 2),
        (b"a\n\xe9", ("dockerfile",), "a\né", 1),
        (b"# coding: utf-7\n+AGE-", ("python",), None, 1),
        (b"# -*- coding: rot13 -*-\nx", ("python",), None, 1),
        (b"a\0b", ("python",), None, 1),
        ("a".encode("utf-16"), ("python",), None, 1),
    ],
)
def test_decoding(data: bytes, kinds: tuple[str, ...], text: str | None, line: int) -> None:
    decoded = decode(data, kinds)
    assert (decoded.text, decoded.line) == (text, line)
    assert (decoded.text is None) == bool(decoded.fault)


def test_large_and_vanished_files(tmp_path: Path) -> None:
    write(
        tmp_path, {"app.py": "#" * (5 * 1024 * 1024 + 1), "gone.py": "", "big.txt": "x" * 1100000}
    )
    tree = discover(str(tmp_path), Options())
    (tmp_path / "gone.py").unlink()
    assert [tree.text(name) for name in ("app.py", "gone.py", "big.txt")] == [None, None, None]
    said = {n.location.path: (n.level, str(n.message)) for n in tree.notifications if n.location}
    assert said["app.py"][0] == said["gone.py"][0] == "warning"
    assert said["big.txt"][0] == "note"
    assert "5 MiB" in said["app.py"][1]


def test_names_of_every_kind(tmp_path: Path) -> None:
    names = [b"a\nb.py", b"\xff.py", b"-rf.py", b" x.py", "é.py".encode(), b"Dockerfile"]
    for name in names:
        (Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))).write_bytes(b"")
    tree = discover(str(tmp_path), Options())
    assert [os.fsencode(file.path) for file in tree.files] == sorted(names)


def test_names_that_fit_two_kinds(tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile.nginx": "FROM nginx\n", "site.nginx": "", "Caddyfile.dev": "",
                     "make_caddyfile.py": "", "nginx.conf.md": ""})  # fmt: skip
    files = {file.path: file.kinds for file in discover(str(tmp_path), Options()).files}
    assert files == {
        "Dockerfile.nginx": ("dockerfile", "text"),
        "site.nginx": ("proxy", "text"),
        "Caddyfile.dev": ("proxy", "text"),
        "make_caddyfile.py": ("python", "text"),
        "nginx.conf.md": ("doc", "text"),
    }


def test_deep_folders_end(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(105):
        folder = folder / "d"
    folder.mkdir(parents=True)
    (folder / "app.py").write_text("")
    tree = discover(str(tmp_path), Options())
    assert tree.files == ()
    assert ["nested too deeply" in str(note.message) for note in tree.notifications] == [True]


def test_roles_and_environments(tmp_path: Path) -> None:
    write(tmp_path, {"ops/web.txt": "", "deploy/live-dev/app.py": "", "Dockerfile.dev": "FROM x\n"})
    options = Options(
        roles={"ops/*": "proxy", "Dockerfile.dev": "ignore"},
        environments={"production": ("deploy/**",)},
    )
    files = {file.path: file for file in discover(str(tmp_path), options).files}
    assert files["ops/web.txt"].kinds == ("proxy", "text")
    assert files["deploy/live-dev/app.py"].role == "production"
    assert "Dockerfile.dev" not in files


def test_project_root(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "[tool.flask-preflight]\n", "a/b/app.py": "", "c/x.py": ""})
    write(tmp_path / "c", {"flask-preflight.toml": ""})
    assert os.path.realpath(project_root(str(tmp_path / "a/b"))) == str(tmp_path.resolve())
    assert os.path.realpath(project_root(str(tmp_path / "a/b/app.py"))) == str(tmp_path.resolve())
    assert os.path.realpath(project_root(str(tmp_path / "c"))) == str((tmp_path / "c").resolve())
