"""Runs of the linter on repositories that are given as texts, for the comparisons beside this."""

from collections.abc import Iterable, Mapping

from flask_preflight import classify, scan
from flask_preflight.config import Settings
from flask_preflight.result import Result
from flask_preflight.run import File, Tree
from flask_preflight.selection import every_rule

FLASK = {"requirements.txt": "flask==3.1.2\n"}


def results_of(texts: Mapping[str, str], select: Iterable[str]) -> list[Result]:
    """What these rules report on a small project that uses Flask."""
    whole = {**FLASK, **texts}

    def head(path: str) -> str:
        return whole[path][:4096]

    files = tuple(
        File(
            path,
            len(text.encode()),
            classify.kinds(path, lambda path=path: head(path)),
            classify.role(path),
        )
        for path, text in sorted(whole.items())
    )
    tree = Tree(files, lambda file, notes: whole[file.path], {})
    report = scan.scan(tree, Settings(select=tuple(select), jobs=1))
    return list(report.results)


def known_as(prefix: str) -> dict[str, list[str]]:
    """Our rules by the id that a peer has for the same fault."""
    found: dict[str, list[str]] = {}
    for one in every_rule().values():
        for name in one.known_as:
            if name.startswith(prefix):
                found.setdefault(name.removeprefix(prefix), []).append(one.id)
    return found


def table(rows: Iterable[tuple[str, str, int, int]]) -> None:
    """One line for each of a peer's checks."""
    print(f"{'theirs':34} {'ours':24} {'same':>6} {'other':>6}")
    for theirs, ours, same, other in rows:
        print(f"{theirs:34} {ours:24} {same:6} {other:6}")
