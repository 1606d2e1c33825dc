"""Suppressions: which comments count, what they cover, and what is said about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

import harness
import line_rules
from flask_preflight import comments, scan
from flask_preflight.classify import kinds, role
from flask_preflight.config import Configuration, Settings, checked
from flask_preflight.globs import Pattern
from flask_preflight.run import Comment, File, Report


@pytest.fixture(autouse=True)
def _rules() -> Iterator[None]:
    with line_rules.installed():
        yield


def run(
    files: dict[str, str], table: Mapping[str, object] | None = None, **given: object
) -> Report:
    configuration = None
    if table is not None:
        text = "".join(f'"{key}"\n' for key in table)
        configuration = Configuration(
            "flask-preflight.toml", text, checked(table, "flask-preflight.toml")
        )
    settings = Settings(jobs=1, configuration=configuration)
    for name, value in given.items():
        setattr(settings, name, value)
    return scan.scan(harness.tree_of(files), settings)


def lines(report: Report) -> list[tuple[str, int]]:
    return [(r.rule_id, r.location.region.start_line) for r in report.results]


def found(path: str, text: str) -> list[Comment]:
    file = File(path, len(text), kinds(path, lambda: text), role(path))
    return list(comments.find(file, text))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "flaw = 1  # preflight: ignore[SEC990] known\n"),
        ("a.py", "flaw = 1  # preflight: ignore[line-has-flaw]\n"),
        ("a.py", "# preflight: ignore[SEC990]\nflaw = 1\n"),
        ("a.py", "#preflight: ignore[SEC990]\n\nflaw = 1\n"),
        (
            "a.py",
            "x = 1  # noqa  # preflight: ignore[SEC990] why\n# preflight: ignore[SEC990]\nflaw\n",
        ),
        ("a.py", "# preflight: ignore[SEC990]\ncall(\n    1,\n    flaw,\n)\n"),
        ("a.py", "call(\n    flaw,\n)  # preflight: ignore[SEC990]\n"),
        ("a.py", "# preflight: ignore[SEC990]\n@route('/')\n@flaw\ndef view():\n    pass\n"),
        ("a.py", "flaw\n\n# preflight: ignore-file[SEC990]\n"),
        ("a.py", "# preflight: ignore[SEC990]\n# preflight: ignore[CIC001]\nflaw\n"),
        ("a.yaml", "a: 1\nflaw: 1 # preflight: ignore[SEC990]\n"),
        ("a.yaml", "a: 1\n# preflight: ignore[SEC990]\nb:\n  c:\n  - flaw\n  - flaw\n"),
        ("a.yaml", "a: 1\nb:\n  # preflight: ignore[SEC990]\n  - name: x\n    flaw: 1\n"),
        ("a.yaml", "a: 1\n# preflight: ignore[SEC990]\nb:\n- flaw: 1\n- flaw: 2\nc: 1\n"),
        ("a.yaml", "# preflight: ignore[SEC990]\na: 1\nb:\n  flaw: 1\n"),
        ("a.yaml", "a: 1\n---\n# preflight: ignore[SEC990]\na: 1\nb: flaw\n"),
        (
            "a.yaml",
            "kind: Pod\nannotations:\n  flask-preflight/ignore-SEC990: 'x'\nb: flaw\n",
        ),
        ("Dockerfile", "FROM x\n# preflight: ignore[SEC990]\nRUN a \\\n  && flaw\n"),
        ("Dockerfile", "FROM x\nRUN a \\\n# preflight: ignore[SEC990]\n  && flaw\n"),
        ("Dockerfile", "FROM x\n# preflight: ignore[SEC990]\nRUN <<EOF\nflaw\nEOF\n"),
        ("Dockerfile", "# preflight: ignore-stage[SEC990]\nFROM x\nRUN flaw\n"),
        (".env", "# preflight: ignore[SEC990]\nA=flaw\n"),
        (".env", "A=flaw # preflight: ignore[SEC990]\n"),
        ("uwsgi.ini", "; preflight: ignore[SEC990]\nflaw = 1\n"),
        ("nginx.conf", "listen flaw; # preflight: ignore[SEC990] until=2999-01-01\n"),
        ("Jenkinsfile", "// preflight: ignore[SEC990]\nflaw\n"),
        ("a.sh.j2", "{# preflight: ignore[SEC990] generated #}\nflaw\n"),
    ],
)
def test_suppresses(path: str, text: str) -> None:
    report = run({path: text})
    assert not [r for r in report.results if r.rule_id == "SEC990"], lines(report)
    assert report.suppressed
    assert report.suppressed[0].suppressions[0].kind == "inSource"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "flaw = 1\n# preflight: ignore[SEC990]\nx = 1\n"),
        ("a.py", "x = '# preflight: ignore[SEC990]'; flaw\n"),
        ("a.py", 'x = """\n# preflight: ignore[SEC990]\nflaw\n"""\n'),
        ("a.py", "flaw  # preflight: ignore[SEC] group\n"),
        ("a.py", "flaw  # preflight: ignore[ALL]\n"),
        ("a.py", "flaw  # preflight: ignore[]\n"),
        ("a.py", "flaw  # preflight: ignore\n"),
        ("a.py", "flaw  # Preflight: ignore[SEC990]\n"),
        ("a.py", "flaw  # preflight: ignore[SEC990] done until=2020-01-01\n"),
        ("a.py", "flaw  # preflight: ignore[SEC990] done until=soon\n"),
        ("a.yaml", "run: |\n  # preflight: ignore[SEC990]\n  flaw\n"),
        ("a.yaml", "- run: |\n    # preflight: ignore[SEC990]\n    flaw\n"),
        ("a.yaml", "a: 'x # preflight: ignore[SEC990] flaw'\n"),
        ("a.yaml", "a: 1\n# preflight: ignore[SEC990]\nb:\n  c: 1\nd: flaw\n"),
        ("a.yaml", "# preflight: ignore[SEC990]\na: 1\n---\nb: flaw\n"),
        ("Dockerfile", "FROM x\nRUN flaw # preflight: ignore[SEC990]\n"),
        ("Dockerfile", "FROM x\nRUN <<EOF\n# preflight: ignore[SEC990]\nflaw\nEOF\n"),
        ("Dockerfile", "# preflight: ignore-stage[SEC990]\nFROM x\nFROM y\nRUN flaw\n"),
        ("a.json", '{"a": "flaw # preflight: ignore[SEC990]"}\n'),
        ("README.md", "# preflight: ignore[SEC990]\nflaw\n"),
        ("Procfile", "web: flaw # preflight: ignore[SEC990]\n"),
    ],
)
def test_does_not_suppress(path: str, text: str) -> None:
    report = run({path: text})
    assert [r for r in report.results if r.rule_id == "SEC990"]
    assert report.suppressed == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x  # preflight: ignore[SEC990]\n", "PRE001"),
        ("x  # preflight: ignore[SEC991] does not run\n", ""),
        ("x  # preflight: ignore[SEC990, SEC991]\n", "PRE001"),
        ("x  # preflight: ignore[no-such-rule]\n", "PRE002"),
        ("x  # preflight: ignore[SEC]\n", "PRE002"),
        ("x  # preflight: disable[SEC990]\n", "PRE002"),
        ("x  # preflight: run this before take-off\n", ""),
        ("flaw  # preflight: ignore[SEC990] x until=2026-11-25\n", "PRE003"),
        ("flaw  # preflight: ignore[SEC990] x until=2026-02-30\n", "PRE003"),
        ("flaw  # preflight: ignore[SEC990] x until=2026-11-26\n", "PRE022"),
        ("flaw  # preflight: ignore[SEC990] x until=2026-12-10\n", "PRE022"),
        ("flaw  # preflight: ignore[SEC990] x until=2026-12-11\n", ""),
        ("flaw  # preflight: ignore[SEC990]\n", ""),
        ("x = 1 @broken # preflight: ignore[SEC990]\n", "PRE010"),
    ],
)
def test_remarks(text: str, expected: str) -> None:
    report = run({"a.py": text}, today="2026-11-26")
    said = {r.rule_id for r in report.results} - {"SEC990"}
    assert said == ({expected} if expected else set())


def test_clock_of_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert Settings().day() == "1970-01-01"
    assert Settings().day(14) == "1970-01-15"


def test_reasons_can_be_required() -> None:
    files = {"a.py": "flaw  # preflight: ignore[SEC990]\nflaw  # preflight: ignore[SEC990] x\n"}
    assert lines(run(files, {"require-reasons": True})) == [("PRE004", 1)]


def test_any_place_of_a_result_counts() -> None:
    files = {"a.py": "x = 1  # preflight: ignore[SEC990] here\n\nsee_flaw\n"}
    assert lines(run(files)) == []


def test_failed_rules_cannot_be_silenced() -> None:
    report = run({"a.sh": "@crash # preflight: ignore-file[PRE030]\n"})
    assert [r.rule_id for r in report.results if r.rule_id == "PRE030"]
    assert report.exit_code == 2


def test_no_suppressions() -> None:
    files = {"a.py": "flaw  # preflight: ignore[SEC990]\n"}
    assert lines(run(files, suppressions=False)) == [("SEC990", 1)]


def test_per_file_ignores() -> None:
    files = {"tests/a.sh": "flaw\n", "b.sh": "flaw\n"}
    report = run(files, {"per-file-ignores": {"tests": ["section:security"]}})
    assert [r.location.path for r in report.results] == ["b.sh"]
    assert [s.kind for r in report.suppressed for s in r.suppressions] == ["external"]


def test_idle_and_unknown_entries_of_the_configuration() -> None:
    table = {"per-file-ignores": {"docs/**": ["SEC990"], "x": ["ABC123"]}, "ignore": ["no-such"]}
    report = run({"b.sh": "x\n"}, table)
    assert sorted(r.rule_id for r in report.results) == ["PRE001", "PRE020", "PRE020"]


def test_own_words_can_be_ignored() -> None:
    files = {"a.py": "x  # preflight: ignore[SEC990]\n"}
    assert lines(run(files, {"ignore": ["PRE001"]})) == []
    assert lines(run(files, {"ignore": ["unused-suppression"]})) == []
    assert lines(run(files, {"select": ["SEC990"]})) == [("PRE001", 1)]


def test_reason_and_date_are_kept() -> None:
    (comment,) = found(
        "a.py", "x  # preflight: ignore[SEC990, debug-on]  as agreed until=2027-01-31\n"
    )
    assert comment.ids == ("SEC990", "debug-on")
    assert (comment.reason, comment.until) == ("as agreed", "2027-01-31")
    assert comment.location.region == (1, 4, 1, 69)


@pytest.mark.parametrize(
    "text",
    [
        "# preflight: ignore[" * 20_000,
        "# preflight: ignore[A" + "1," * 30_000,
        "'" * 50_000 + "# preflight:",
    ],
)
@pytest.mark.parametrize("path", ["a.py", "a.yaml", "Dockerfile", "nginx.conf"])
def test_hostile_comments(path: str, text: str) -> None:
    assert all(comment.ids == () for comment in found(path, text))


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("*.py", "a/b/c.py", True),
        ("/*.py", "a/c.py", False),
        ("a/*.py", "a/b/c.py", False),
        ("a/**/c.py", "a/c.py", True),
        ("a/**/c.py", "a/b/d/c.py", True),
        ("tests", "x/tests/y/z", True),
        ("tests/", "tests/y", True),
        ("a/b", "a/b/c", True),
        ("[ab]?.txt", "ax.txt", True),
        ("[!a-c]", "b", False),
        ("[!a-c]", "d", True),
        ("[", "[", True),
        (r"\*", "*", True),
        (r"\*", "a", False),
        ("*a" * 40, "a" * 60 + "b", False),
    ],
)
def test_globs(glob: str, path: str, expected: bool) -> None:
    assert Pattern(glob).matches(path) is expected


@pytest.mark.parametrize("path", ["a.py", "a.yaml", "Dockerfile", "nginx.conf"])
def test_many_comments(path: str) -> None:
    text = "# preflight: ignore[SEC990]\n" * 60_000 + "a: b\n" * 60_000
    comments = found(path, text)
    assert len(comments) == 1_001
    assert comments[-1].ids == ()
