"""Comments for other tools: which of ours they silence, and which they do not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from flask_preflight import peers
from flask_preflight.cli import flask_command
from harness import report_of

APP = "from flask import Flask\napp = Flask(__name__)\n"
RUN = APP + 'if __name__ == "__main__":\n    app.run(debug=True){}\n'
ROOT = "FROM python:3.13-slim\n{}\nRUN pip install {}flask==3.1.2\n"
POD = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  annotations:\n    {}\n"
    "spec:\n  template:\n    spec:\n      containers:\n        - name: web\n"
    "          image: acme/web:latest\n"
    "          securityContext: {{allowPrivilegeEscalation: true}}\n"
)
WORKFLOW = (
    "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n{}      - uses: acme/x@main{}\n"
)
KEY = "STRIPE_PASSWORD = '9f2c81d47ab04e6f8c3ad5517be0f2aa'"


@pytest.mark.parametrize(
    ("path", "text", "rule", "silent"),
    [
        ("app.py", RUN.format(""), "FLK101", False),
        ("app.py", RUN.format("  # noqa: E501, s201"), "FLK101", True),
        ("app.py", RUN.format("  # noqa"), "FLK101", False),
        ("app.py", RUN.format("  # noqa: S105"), "FLK101", False),
        ("app.py", RUN.format("  # nosec B201 - for the demo"), "FLK101", True),
        ("app.py", RUN.format("  # nosec"), "FLK101", False),
        ("app.py", RUN.format("  # noqa: E501 # nosec: B101, B201"), "FLK101", True),
        ("app.py", "# ruff: noqa: S201\n" + RUN.format(""), "FLK101", True),
        ("app.py", RUN.format("").replace("app.run", "'# nosec B201'; app.run"), "FLK101", False),
        ("Dockerfile", ROOT.format("", ""), "DKR503", False),
        ("Dockerfile", ROOT.format("# hadolint ignore=DL3042,SC2086", ""), "DKR503", True),
        ("Dockerfile", "# hadolint global ignore=DL3042\n" + ROOT.format("", ""), "DKR503", True),
        ("Dockerfile", "# hadolint stage ignore=DL3042\n" + ROOT.format("", ""), "DKR503", True),
        ("Dockerfile", ROOT.format("# hadolint ignore=DL3008", ""), "DKR503", False),
        (
            "Dockerfile",
            ROOT.format("# nosemgrep: dockerfile.best-practice.missing-pip-no-cache-dir", ""),
            "DKR503",
            True,
        ),
        ("k8s/a.yaml", POD.format("a: b"), "K8S023", False),
        ("k8s/a.yaml", POD.format("checkov.io/skip1: CKV_K8S_20=known"), "K8S023", True),
        (
            "k8s/a.yaml",
            POD.format('ignore-check.kube-linter.io/privilege-escalation-container: "known"'),
            "K8S023",
            True,
        ),
        ("k8s/a.yaml", POD.format('kube-linter.io/ignore-all: "x"'), "K8S023", False),
        (
            "k8s/a.yaml",
            POD.format('polaris.fairwinds.com/privilege-escalation-allowed-exempt: "true"'),
            "K8S023",
            True,
        ),
        (
            "k8s/a.yaml",
            POD.format("kube-score/ignore: pod-networkpolicy,container-image-tag"),
            "K8S050",
            True,
        ),
        (".github/workflows/a.yml", WORKFLOW.format("", ""), "CIC014", False),
        (
            ".github/workflows/a.yml",
            WORKFLOW.format("", " # zizmor: ignore[unpinned-uses] ours"),
            "CIC014",
            True,
        ),
        (
            ".github/workflows/a.yml",
            WORKFLOW.format("      # zizmor: ignore[artipacked]\n", ""),
            "CIC014",
            False,
        ),
        ("settings.py", f"{KEY}\n", "SEC010", False),
        ("settings.py", f"{KEY}  # pragma: allowlist secret\n", "SEC010", True),
        ("settings.py", f"# pragma: allowlist nextline secret\n{KEY}\n", "SEC010", True),
        ("settings.py", f"{KEY}  # gitleaks:allow\n", "SEC010", True),
    ],
)  # fmt: skip
def test_comments_of_others(path: str, text: str, rule: str, silent: bool) -> None:
    files: Mapping[str, str] = {"app.py": APP, path: text}
    report = report_of(files, [rule])
    shown = [one.rule_id for one in report.results if one.rule_id == rule]
    hidden = [one.rule_id for one in report.suppressed if one.rule_id == rule]
    assert (bool(shown), bool(hidden)) == (not silent, silent)
    assert not [one for one in report.results if one.rule_id.startswith("PRE")]


def test_expired_comments_silence_nothing(tmp_path: Path) -> None:
    (tmp_path / "flask-preflight.toml").write_text("")
    (tmp_path / "requirements.txt").write_text("flask==3.1.2\n")
    file = tmp_path / "Dockerfile"
    arguments = ["check", str(tmp_path), "--select", "DKR", "--format", "concise"]
    for date, silent in (("2020-01-01", False), ("2999-01-01", True)):
        mark = f"# trivy:ignore:AVD-DS-0008:exp:{date}\n"
        file.write_text(f"FROM python:3.13-slim\n{mark}EXPOSE 99999\nCMD gunicorn app:app\n")
        ran = CliRunner().invoke(flask_command, arguments)
        assert ("DKR006" not in ran.stdout) is silent, ran.stdout


def test_a_project_may_honour_none(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(RUN.format("  # nosec B201"))
    arguments = ["check", str(tmp_path), "--select", "FLK101", "--format", "concise"]
    for honoured, shown in (("", False), ("honor = []", True), ('honor = ["noqa"]', True)):
        (tmp_path / "flask-preflight.toml").write_text(honoured)
        ran = CliRunner().invoke(flask_command, arguments)
        assert ("FLK101" in ran.stdout) is shown, ran.output


def test_standards_and_related_ids_silence_nothing() -> None:
    assert set(peers.ids(("CWE-489", "B201", "~DL3002", "CIS-DI-0001"), "a.docker.b")) == {"b201"}
