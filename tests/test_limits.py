"""Limits are never exceeded silently, and never change the exit code."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import harness
from flask_preflight import discover, scan
from flask_preflight.config import ConfigError
from flask_preflight.discover import Options
from flask_preflight.limits import MAX_RESULTS_PER_RULE_AND_FILE


def test_results_of_one_rule_in_one_file() -> None:
    calls = "import requests\n" + 'requests.get("https://example.org")\n' * 250
    report = harness.report_of({"app.py": calls, "requirements.txt": "Flask\n"}, ["FLK601"])
    counted = Counter(result.rule_id for result in report.results)
    assert counted == {"FLK601": MAX_RESULTS_PER_RULE_AND_FILE, "PRE012": 1}
    (left,) = [result for result in report.results if result.rule_id == "PRE012"]
    assert str(left.message) == "150 more results of FLK601 in this file are left out"


def test_limited_keeps_the_order() -> None:
    report = harness.report_of({"app.py": "import requests\nrequests.get('x')\n"}, ["FLK601"])
    assert list(scan.limited(report.results)) == list(report.results)


def test_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discover, "MAX_FILES", 3)
    for number in range(5):
        (tmp_path / f"{number}.py").write_text("")
    with pytest.raises(ConfigError, match="more than 3 files"):
        discover.discover(str(tmp_path), Options())
