"""One run, from the tree of files to the report; the engine knows no rule and no artifact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any

from flask_preflight import pool
from flask_preflight.chart import Chart
from flask_preflight.classify import ALWAYS, KINDS
from flask_preflight.config import Settings
from flask_preflight.facts import Deployment
from flask_preflight.limits import MAX_RESULTS_PER_RULE_AND_FILE
from flask_preflight.result import LEVELS, Level, Location, Message, Notification, Result
from flask_preflight.rule import RULES, Rule, load
from flask_preflight.run import Comment, File, FileReport, Notes, Report, Tree

CRASHED = Message("rule {0} failed with {1}; its other results may be missing", "rule")
BROKEN = Message("reading as {0} failed with {1}", "reader")
UNLINKED = Message("the step {0} of linking failed with {1}", "link")
LEFT_OUT = Message("{0} more results of {1} in this file are left out", "left-out")
MORE = " and {0} more"


class Outcome:
    """What a number of parts left behind."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.results: list[Result] = []
        self.notifications: list[Notification] = []
        self.checked: Counter[str] = Counter()

    def judge(self, part: Any) -> None:
        """Run every selected rule that asks for this type of part."""
        for rule in RULES.get(type(part), ()):
            if not self.settings.selected(rule):
                continue
            level = part.level(rule)
            if level is None:
                continue
            self.checked[rule.id] += 1
            self.run(rule, part, level)

    def run(self, rule: Rule, part: Any, level: Level) -> None:
        try:
            for result in rule.check(part, **self.settings.options(rule)):
                self.results.append(result._replace(rule_id=rule.id, level=result.level or level))
        except BaseException as fault:
            if not is_fault(fault):
                raise
            where = part.at() if hasattr(part, "at") else None
            said = CRASHED(rule.id, type(fault).__name__)
            self.notifications.append(Notification("PRE030", "error", said, where))


def is_fault(fault: BaseException) -> bool:
    """Whether this is a mistake of ours; ast-grep's panic is no `Exception`."""
    if isinstance(fault, MemoryError):
        return False
    return isinstance(fault, Exception) or type(fault).__name__ == "PanicException"


def scan_file(file: File, text: str, settings: Settings) -> FileReport:
    """Everything that can be said of one file alone."""
    from flask_preflight.suppress import comments

    notes = Notes()
    outcome, gated = Outcome(settings), Outcome(settings)
    facts: list[object] = []
    for kind in file.kinds:
        if KINDS[kind].scope != "file":
            continue
        module = import_module(f"flask_preflight.artifacts.{KINDS[kind].module}")
        for part in guarded(notes, file.path, kind, module.read, file, text, notes):
            (gated if kind == "python" else outcome).judge(part)
            facts.extend(part.facts())
    return FileReport(
        file.path,
        tuple(outcome.results),
        tuple(gated.results),
        tuple(facts),
        tuple(comments(file, text, notes)),
        (*notes.notifications, *outcome.notifications, *gated.notifications),
        outcome.checked + gated.checked,
    )


def guarded(
    notes: Notes, path: str, kind: str, read: Callable[..., Iterable[Any]], *arguments: Any
) -> list[Any]:
    """The parts that a reader finds; if the reader fails, that is said and the run goes on."""
    try:
        return list(read(*arguments))
    except BaseException as fault:
        if not is_fault(fault):
            raise
        said = BROKEN(kind, type(fault).__name__)
        where = Location(path) if path else None
        notes.notifications.append(Notification("PRE030", "error", said, where))
        return []


def load_rules(tree: Tree, settings: Settings) -> None:
    """Import the rules that some file of the tree, or the tree as a whole, can concern."""
    found = {kind for file in tree.files for kind in file.kinds}
    packages = [package for kind in KINDS if kind in found for package in KINDS[kind].packages]
    for package in sorted({*packages, *ALWAYS}):
        if settings.all_rules or settings.may_select(package):
            load(package)


def scan(tree: Tree, settings: Settings) -> Report:
    """Read, link and judge everything; nothing is written and nothing is printed."""
    load_rules(tree, settings)
    reports = pool.scan_files(tree, settings, scan_file)
    deployment = Deployment(tree.files)
    outcome = Outcome(settings)
    for part in assemble(tree):
        deployment.add(part)
    for report in reports:
        for fact in report.facts:
            deployment.add(fact)
    link(tree, deployment)
    for kind in deployment:
        if RULES.get(kind):
            for part in deployment[kind]:
                outcome.judge(part)
    for part in (*deployment.worlds, *deployment.entries, *deployment.applications, deployment):
        outcome.judge(part)
    return _report(tree, settings, deployment, reports, outcome)


def assemble(tree: Tree) -> Iterator[Any]:
    """Every document of repository scope, by kind, not judged yet."""
    found = {kind for file in tree.files for kind in file.kinds}
    for kind, how in KINDS.items():
        if how.scope == "repository" and (kind in found or kind == "wsgi"):
            module = import_module(f"flask_preflight.artifacts.{how.module}")
            yield from guarded(tree, "", kind, module.assemble, tree)


def link(tree: Tree, deployment: Deployment) -> None:
    """Fill the deployment, step by step."""
    from flask_preflight.link import STEPS

    for name in STEPS:
        step = import_module(f"flask_preflight.link.{name}")
        try:
            step.link(tree, deployment)
        except BaseException as fault:
            if not is_fault(fault):
                raise
            said = UNLINKED(name, type(fault).__name__)
            tree.notifications.append(Notification("PRE030", "error", said))


def charts(deployment: Deployment) -> tuple[Chart, ...]:
    """The map; drawn only when it is asked for."""
    from flask_preflight.link.charts import charts

    return tuple(charts(deployment))


def _report(
    tree: Tree,
    settings: Settings,
    deployment: Deployment,
    reports: Iterable[FileReport],
    outcome: Outcome,
) -> Report:
    from flask_preflight import attest
    from flask_preflight.suppress import suppress

    comments: list[Comment] = []
    results = list(outcome.results)
    notifications = [*tree.notifications, *outcome.notifications]
    checked = Counter(outcome.checked)
    for report in reports:
        results += report.results
        results += filter(deployment.concerns, report.gated)
        notifications += report.notifications
        comments += report.comments
        checked.update(report.checked)
    notifications = sorted(set(notifications), key=_place)
    results += (_said(note) for note in notifications if note.id in ("PRE010", "PRE030"))
    rules = tuple(settings.rules())
    results = [_traced(result, tree) for result in results]
    shown, suppressed, about = suppress(join(results), comments, rules, settings)
    ordered = tuple(sorted((*shown, *about, *attest.remarks(settings)), key=_order))
    levels = tuple(settings.leveled(result) for result in ordered)
    return Report(
        root=settings.root,
        results=tuple(limited(result for result in levels if settings.shows(result))),
        suppressed=tuple(sorted(suppressed, key=_order)),
        notifications=tuple(notifications),
        files=tree.files,
        rules=rules,
        checked=checked,
        unselected=settings.unselected(),
        items=tuple(deployment.items.values()),
        evidence=settings.values["evidence"],
        charts=lambda: charts(deployment),
        exit_code=exit_code(levels, notifications, settings),
        texts=tree.text,
    )


def _traced(result: Result, tree: Tree) -> Result:
    """With the place where what was generated has to be changed."""
    origin = tree.origins.get(result.location.path)
    where = None if origin is None else origin(result.location.region.start_line)
    if where is None:
        return result
    return result._replace(related_locations=(*result.related_locations, where))


def limited(results: Iterable[Result]) -> Iterator[Result]:
    """At most so many results of one rule in one file, then how many more there are."""
    counted: Counter[tuple[str, str]] = Counter()
    last: dict[tuple[str, str], Result] = {}
    for result in results:
        key = (result.rule_id, result.location.path)
        counted[key] += 1
        if counted[key] <= MAX_RESULTS_PER_RULE_AND_FILE:
            last[key] = result
            yield result
    for key, count in counted.items():
        if count > MAX_RESULTS_PER_RULE_AND_FILE:
            said = LEFT_OUT(count - MAX_RESULTS_PER_RULE_AND_FILE, key[0])
            yield Result(last[key].location, said, level="note", rule_id="PRE012")


def _said(note: Notification) -> Result:
    return Result(note.location or Location(""), note.message, level=note.level, rule_id=note.id)


def exit_code(results: Iterable[Result], notes: Iterable[Notification], settings: Settings) -> int:
    """0 nothing to mend, 1 results at `fail-on` or above, 2 the analysis was incomplete."""
    if any(note.id == "PRE030" or note.id == "PRE011" and note.level != "note" for note in notes):
        return 2
    if settings.exit_zero:
        return 0
    return int(any(settings.fails(result) for result in results))


def _place(note: Notification) -> tuple[Any, ...]:
    where = note.location or Location("")
    return (where.path.encode("utf-8", "surrogateescape"), where.region, note.id, str(note.message))


def _order(result: Result) -> tuple[Any, ...]:
    where = result.location
    path = where.path.encode("utf-8", "surrogateescape")
    return (path, where.region, result.rule_id, str(result.message), result.subject)


def join(results: Iterable[Result]) -> list[Result]:
    """Results of one rule that say the same at one place become one that lists its subjects."""
    groups: dict[tuple[Any, ...], list[Result]] = {}
    for result in results:
        key = (result.rule_id, result.location, result.message)
        groups.setdefault(key, []).append(result)
    return [group[0] if len(group) == 1 else _joined(group) for group in groups.values()]


def _joined(group: list[Result]) -> Result:
    subjects = sorted({result.subject for result in group if result.subject})
    named = ", ".join(subjects[:2]) + (MORE.format(len(subjects) - 2) if subjects[2:] else "")
    related = dict.fromkeys(where for result in group for where in result.related_locations)
    level = max((result.level or "note" for result in group), key=LEVELS.index)
    return group[0]._replace(subject=named, related_locations=tuple(related), level=level)
