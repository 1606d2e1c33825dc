"""The histories of migrations, out of what their files bind."""

from __future__ import annotations

import re

from flask_preflight.artifacts.migrations import History, Revision
from flask_preflight.artifacts.source import Constant, ModuleFact, Value
from flask_preflight.facts import Deployment
from flask_preflight.lazy import expression
from flask_preflight.result import Location
from flask_preflight.run import File, Tree

_FIELDS = frozenset("revision down_revision depends_on branch_labels".split())
_ELSEWHERE = expression(r"^[ \t]*(?:version_locations|recursive_version_locations)[ \t]*=", re.M)
_HEADS = expression(r"\bupgrade[\"',\s]+heads\b")
_OPERATIONS = frozenset(("script", "ci", "dockerfile", "compose", "kubernetes", "wsgi"))


def link(tree: Tree, deployment: Deployment) -> None:
    """Put the revisions of each directory that has an `env.py` beside `versions` together."""
    files: dict[str, dict[str, File]] = {}
    paths = {file.path for file in tree.files}
    for file in tree.of("migration"):
        folder, _, name = file.path.rpartition("/")
        directory = folder.rpartition("/")[0]
        if not name.startswith(("__init__", ".#")) and f"{directory}/env.py" in paths:
            files.setdefault(directory, {})[file.path] = file
    if not files:
        return
    bound = _bound(deployment, {path for found in files.values() for path in found})
    broken = {one.path for one in deployment[ModuleFact] if not one.is_whole}
    read = {one.path for one in deployment[ModuleFact]}
    heads = _names_heads(tree)
    for directory, found in sorted(files.items()):
        made = [_revision(path, bound.get(path, {})) for path in found]
        revisions = [one for one in made if one is not None]
        history = History(directory, next(iter(found.values())).role, revisions)
        unread = broken.intersection(found) or not read.issuperset(found)
        history.is_open = bool(unread) or len(revisions) < len(found) or _more(tree, directory)
        history.names_heads = heads
        deployment.add(history)


def _bound(deployment: Deployment, paths: set[str]) -> dict[str, dict[str, Constant]]:
    found: dict[str, dict[str, Constant]] = {}
    for one in deployment[Constant]:
        if one.name in _FIELDS and one.path in paths and not one.guard.scope:
            found.setdefault(one.path, {})[one.name] = one
    return found


def _revision(path: str, bound: dict[str, Constant]) -> Revision | None:
    """The revision of a file; None where a value is worked out when it is imported."""
    texts = {name: _texts(one.value) for name, one in bound.items()}
    if None in texts.values():
        return None
    own = texts.get("revision") or ()
    where = bound["revision"].location if "revision" in bound else Location(path)
    down = bound["down_revision"].location if "down_revision" in bound else where
    return Revision(
        own[0] if own else "",
        texts.get("down_revision") or (),
        texts.get("depends_on") or (),
        texts.get("branch_labels") or (),
        where,
        down,
    )


def _texts(value: Value) -> tuple[str, ...] | None:
    """The names in a value: a text, several of them or None."""
    found = value.literal
    if value.kind not in ("literal", "list"):
        return None
    if found is None:
        return ()
    items = found if isinstance(found, (list, tuple)) else (found,)
    plain = [one.literal if isinstance(one, Value) else one for one in items]
    return tuple(plain) if all(isinstance(one, str) for one in plain) else None


def _more(tree: Tree, directory: str) -> bool:
    """Whether the settings of Alembic name other places of revisions."""
    parts = directory.split("/")
    folders = ["/".join(parts[:depth]) for depth in range(len(parts) + 1)]
    texts = (tree.text(f"{one}/alembic.ini".lstrip("/")) for one in folders)
    return any(_ELSEWHERE.search(text) for text in texts if text)


def _names_heads(tree: Tree) -> bool:
    texts = (tree.text(one.path) for one in tree.files if _OPERATIONS.intersection(one.kinds))
    return any(_HEADS.search(text) for text in texts if text)
