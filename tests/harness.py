"""Whole runs on repositories that exist in memory only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_preflight import changes, classify, pool, rule, scan
from flask_preflight.config import Settings
from flask_preflight.facts import Deployment
from flask_preflight.result import Location, Result
from flask_preflight.run import File, Notes, Report, Tree

DIFF = "change.diff"
START = Location("app.py")
PACKAGES = (*{p for kind in classify.KINDS.values() for p in kind.packages}, *classify.ALWAYS)


def tree_of(files: Mapping[str, str], **model: object) -> Tree:
    """A tree with these texts by path."""

    def read(file: File, notes: Notes) -> str | None:
        return files[file.path]

    found = tuple(
        File(
            path,
            len(text.encode()),
            classify.kinds(path, lambda text=text: text[:4096]),  # type: ignore[misc]
            classify.role(path),
        )
        for path, text in sorted(files.items())
    )
    return Tree(found, read, model)


def report_of(files: Mapping[str, str], select: Iterable[str] = (), jobs: int = 1) -> Report:
    """A run of the given rules (ids), or of the default ones, on a repository in memory.

    What a file called `change.diff` says is what `--changed` is given.
    """
    changed = changes.read(files[DIFF]) if DIFF in files else None
    settings = Settings(select=tuple(select), jobs=jobs, changed=changed)
    return scan.scan(tree_of(files, **settings.model), settings)


def results_of(files: Mapping[str, str], *select: str) -> list[Result]:
    """The results of the given rules; fails if a rule or a reader does."""
    report = report_of(files, select)
    broken = [note for note in report.notifications if note.id == "PRE030"]
    assert not broken, [(str(note.message), note.location) for note in broken]
    return [result for result in report.results if result.rule_id in select or not select]


def deployment_of(files: Mapping[str, str]) -> Deployment:
    """Everything linked, for tests of models and links."""
    tree, settings = tree_of(files), Settings(jobs=1)
    deployment = Deployment(tree.files)
    for part in scan.assemble(tree):
        deployment.add(part)
    for report in pool.scan_files(tree, settings, scan.scan_file):
        for fact in report.facts:
            deployment.add(fact)
    scan.link(tree, deployment)
    assert not [note for note in tree.notifications if note.id == "PRE030"], tree.notifications
    return deployment


def load_all() -> None:
    """Import every rule."""
    for package in PACKAGES:
        rule.load(package)
