"""The readiness checklist: its states, its two numbers, and what a project attests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import harness
from flask_preflight.config import ConfigError, Settings, load
from flask_preflight.link import checklist as items
from flask_preflight.report import checklist
from flask_preflight.report.checklist import Row, chapters, rows, score
from flask_preflight.rule import SECTIONS
from flask_preflight.run import Report
from flask_preflight.scan import scan
from flask_preflight.selection import known_rules

APP = """from flask import Flask

app = Flask(__name__)

@app.get("/healthz")
def health():
    return "ok"
"""
DOCKERFILE = """FROM python:3.13-slim-trixie
WORKDIR /srv
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY app.py ./
USER 1000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--workers", "3", "app:app"]
"""
COMPOSE = """services:
  web:
    build: .
    restart: unless-stopped
    ports: ["127.0.0.1:8000:8000"]
    healthcheck:
      test: [CMD, python, -c, "from urllib.request import urlopen as u; u('http://[::1]:8000/healthz')"]
  db:
    image: postgres:17.5
    restart: unless-stopped
    volumes: ["data:/var/lib/postgresql/data"]
volumes: {data: {}}
"""
REPLICAS = """["8000"]
    deploy: {replicas: 2}"""
FILES = {
    "app.py": APP,
    "Dockerfile": DOCKERFILE,
    "compose.yaml": COMPOSE,
    "requirements.txt": "flask==3.1.2\ngunicorn==23.0.0\n",
}


def report(files: dict[str, str], **given: object) -> Report:
    """A run of all rules; `given` is configuration."""
    harness.load_all()
    settings = Settings(jobs=1, given=given)
    return scan(harness.tree_of(files, **settings.model), settings)


def row(files: dict[str, str], key: str, **given: object) -> Row:
    (found,) = (one for one in rows(report(files, **given)) if one.item.key == key)
    return found


def test_every_section_has_items() -> None:
    lines = list(items.lines())
    keys = [line.item.key for line in lines]
    assert len(keys) == len(set(keys)) == 51
    assert tuple(dict.fromkeys(line.item.section for line in lines)) == SECTIONS
    assert {line.item.weight for line in lines} == {1, 4, 10}
    assert all(line.item.would_count and line.item.title for line in lines)


def test_items_name_rules_that_exist() -> None:
    harness.load_all()
    named = {id for line in items.lines() for id in line.item.rules}
    assert sorted(named - known_rules().keys()) == []


def test_states_by_facts() -> None:
    found = {one.item.key: one.state for one in rows(report(FILES))}
    assert found["wsgi-server"] == "present"
    assert found["health-checks"] == "present"
    assert found["orchestrator"] == "missing"
    assert found["continuous-integration"] == "missing"
    assert found["data-backup"] == "missing"
    assert found["restore"] == "not-applicable"
    assert found["horizontal-scaling"] == "weak"
    assert found["https"] == "unknown"


@pytest.mark.parametrize(
    ("path", "old", "new", "key", "states"),
    [
        ("Dockerfile", "USER 1000", "USER root", "container-hardening", "present missing"),
        (
            "compose.yaml",
            ".\n    restart:",
            ".\n    x-a:",
            "process-supervision",
            "present missing",
        ),
        ("compose.yaml", "    healthcheck", "    x-check", "health-checks", "present missing"),
        ("Dockerfile", '"--workers", "3", ', "", "wsgi-configuration", "present missing"),
        (
            "app.py",
            "@",
            'app.secret_key = "abc"\n@',
            "secrets-out-of-code",
            "present missing",
        ),
        ("compose.yaml", '["127.0.0.1:8000:8000"]', REPLICAS, "horizontal-scaling", "weak present"),
    ],
)
def test_one_edit_changes_a_state(path: str, old: str, new: str, key: str, states: str) -> None:
    before, after = states.split()
    assert row(FILES, key).state == before
    changed = FILES[path].replace(old, new)
    assert changed != FILES[path]
    assert row({**FILES, path: changed}, key).state == after


def test_results_lower_and_suppressions_accept() -> None:
    grace = COMPOSE.replace("    ports", "    stop_grace_period: 2s\n    ports")
    found = row({**FILES, "compose.yaml": grace}, "graceful-stop")
    assert found.state == "weak"
    assert [result.rule_id for result in found.results] == ["DEP110"]
    assert found.proof[0].path == "compose.yaml"
    accepted = grace.replace("2s", "2s  # preflight: ignore[DEP110] nothing takes longer")
    found = row({**FILES, "compose.yaml": accepted}, "graceful-stop")
    assert (found.state, [r.rule_id for r in found.accepted]) == ("accepted", ["DEP110"])


def test_what_was_not_checked_is_not_present() -> None:
    assert row(FILES, "container-hardening", ignore=("DKR102",)).state == "not-checked"
    assert row(FILES, "horizontal-scaling", ignore=("CMP092",)).state == "weak"


def test_libraries_are_not_judged() -> None:
    project = '[project]\nname = "shop"\nclassifiers = ["Framework :: Flask"]\n'
    found = rows(report({"shop/app.py": APP, "pyproject.toml": project}))
    assert {one.state for one in found} == {"not-applicable"}
    assert score(found) == (None, None, 0)


def test_the_two_numbers() -> None:
    kept = [one for one in rows(report(FILES)) if one.state != "not-applicable"]
    decided = [one for one in kept if one.state in ("present", "weak", "missing")]
    weight = sum(one.item.weight for one in decided)
    points = {"present": 1.0, "weak": 0.5, "missing": 0.0}
    share = sum(one.item.weight * points[one.state] for one in decided) / weight
    found = score(kept)
    assert found.readiness == int(share * 100)
    assert found.coverage == int(weight / sum(one.item.weight for one in kept) * 100)
    assert found.attested == 0


def test_chapters_hold_every_item_once() -> None:
    found = chapters(report(FILES))
    assert tuple(chapter.section for chapter in found) == SECTIONS
    assert sum(len(chapter.rows) for chapter in found) == 51
    for chapter in found:
        states = [checklist.STATES.index(one.state) for one in chapter.rows]
        assert states == sorted(states)


def test_an_unrelated_file_changes_nothing() -> None:
    more = {**FILES, "notes.txt": "milk, bread\n", "tools/rename.py": "import os\n"}
    assert score(rows(report(more))) == score(rows(report(FILES)))


def test_lists_of_words_are_no_evidence() -> None:
    words = {**FILES, "words/nouns.txt": "borg\nrestic\nvelero\n"}
    assert row(words, "data-backup").state == "missing"
    told = {**FILES, "docs/backup.txt": "pg_dump shop > shop.sql\n"}
    assert row(told, "data-backup").state == "present"


def evidence(tmp_path: Path, text: str) -> dict[str, object]:
    path = tmp_path / "flask-preflight.toml"
    path.write_text(text, encoding="utf-8")
    return dict(load(str(path)).values)


BACKUP = """[evidence.data-backup]
statement = "RDS snapshots, 35 days"
owner = "platform@example.org"
reviewed = {reviewed}
"""


def test_attested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")  # 2027-01-15
    given = evidence(tmp_path, BACKUP.format(reviewed="2026-09-14"))
    found = row(FILES, "data-backup", **given)
    assert found.state == "attested"
    assert found.attestation is not None
    assert found.attestation.expires == "2027-09-14"
    whole = report(FILES, **given)
    assert not {"CMP062", "OPS901"} & {result.rule_id for result in whole.results}
    assert score(rows(whole)).attested > 0


def test_expired_evidence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    given = evidence(tmp_path, BACKUP.format(reviewed="2025-09-14"))
    assert row(FILES, "data-backup", **given).state == "missing"
    said = [(r.rule_id, r.level) for r in report(FILES, **given).results if r.rule_id == "PRE021"]
    assert said == [("PRE021", "warning")]


def test_evidence_hides_no_fault(tmp_path: Path) -> None:
    given = evidence(tmp_path, '[evidence]\ncontainer-hardening = "we looked"\n')
    root = {**FILES, "Dockerfile": DOCKERFILE.replace("USER 1000", "USER root")}
    assert row(root, "container-hardening", **given).state == "missing"
    said = [r.level for r in report(root, **given).results if r.rule_id == "PRE021"]
    assert said == ["note"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[evidence]\nbackups = "x"\n', "the checklist has no backups"),
        ("[evidence.https]\nowner = 'x'\n", "evidence.https has no statement"),
        ("[evidence.https]\nstatement = 'x'\nreviewed = 'soon'\n", "must be a date"),
        ("[evidence.https]\nstatement = 'x'\nby = 'me'\n", "evidence.https has no by"),
    ],
)
def test_refused_evidence(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(words)):
        evidence(tmp_path, text)
