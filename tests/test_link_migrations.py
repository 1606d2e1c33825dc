"""Histories of migrations: what is known of them, and when nothing is said."""

from __future__ import annotations

import pytest

from flask_preflight.artifacts.migrations import History
from harness import deployment_of, results_of

ENV = {"migrations/env.py": "from alembic import context\n"}


def files(**revisions: str) -> dict[str, str]:
    return ENV | {f"migrations/versions/{name}.py": text for name, text in revisions.items()}


def revision(name: str, down: str, more: str = "") -> str:
    return f"revision = {name!r}\ndown_revision = {down}\n{more}"


TWO_HEADS = files(
    a=revision("a", "None"), b=revision("b", "'a'"), c=revision("c", "'b'"), d=revision("d", "'a'")
)


def test_the_head_with_the_fewest_revisions_of_its_own_is_named() -> None:
    (result,) = results_of(TWO_HEADS, "MIG001")
    assert result.location.path == "migrations/versions/d.py"
    assert [one.path for one in result.related_locations] == ["migrations/versions/c.py"]


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"migrations/versions/e.py": revision("e", "('c', 'd')")}, id="merged"),
        pytest.param(
            {"migrations/versions/d.py": revision("d", "'a'", "branch_labels = ('sample',)\n")},
            id="a branch with a name",
        ),
        pytest.param({"migrations/versions/e.py": "down_revision = find()\n"}, id="worked out"),
        pytest.param({"alembic.ini": "[alembic]\nversion_locations = more\n"}, id="elsewhere too"),
        pytest.param({"migrations/versions/e.py": "revision = ('a'\n"}, id="not parsed"),
    ],
)
def test_nothing_is_said_of(more: dict[str, str]) -> None:
    assert not results_of(TWO_HEADS | more, "MIG001")


def test_upgrade_heads_takes_several() -> None:
    script = {"start.sh": "#!/bin/sh\nflask db upgrade heads\nexec gunicorn app:app\n"}
    (result,) = results_of(TWO_HEADS | script, "MIG001")
    assert result.level == "note"


def test_versions_of_something_else_are_no_history() -> None:
    assert not results_of({"api/versions/v1.py": "revision = 'a'\ndown_revision = 'b'\n"}, "MIG002")


def test_names_of_revisions_are_no_roles() -> None:
    head = "revision = 'a'\ndown_revision = None\ndef upgrade():\n    pass\n"
    found = deployment_of(
        {
            "migrations/env.py": "from alembic import context\n",
            "migrations/versions/0242_template_folders.py": head,
            "migrations/versions/add_test_groups.py": head.replace("'a'", "'b'").replace(
                "None", "'a'"
            ),
        }
    )[History]
    assert [(one.is_open, len(one.revisions), one.role) for one in found] == [
        (False, 2, "production")
    ]


def test_tables_of_revisions_are_no_models() -> None:
    model = "from shop import db\nclass User(db.Model):\n    __tablename__ = 'users'\n"
    model += "    age = db.Column(db.Integer)\n"
    files = {
        "app.py": "from flask import Flask\napp = Flask(__name__)\n",
        "migrations/env.py": "from alembic import context\n",
        "migrations/versions/a.py": "from alembic import op\nrevision = 'a'\ndown_revision = None\n"
        f"{model}def upgrade():\n    op.drop_column('users', 'age')\n",
    }
    assert [one.level for one in results_of(files, "MIG030")] == ["note"]
    assert [one.level for one in results_of({**files, "models.py": model}, "MIG030")] == ["error"]
