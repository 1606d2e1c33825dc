"""`flask-preflight check`: one analysis, any number of reports."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask_preflight import config
from flask_preflight.commands.output import in_colour, say, write_file, write_out
from flask_preflight.commands.project import Project, files, must_not_be_empty, project
from flask_preflight.config import ConfigError
from flask_preflight.report import Provenance, View, writer
from flask_preflight.report.escape import terminal
from flask_preflight.run import Report, Tree

PROGRESS_SECONDS = 1.0
LOADS_ALL = frozenset(("sarif",))
"""Formats that describe every rule of the run, even those that no file concerned."""


def check(asked: Mapping[str, Any], environment: Mapping[str, str]) -> int:
    """Analyse and report; the exit code."""
    started = time.perf_counter()
    colour = config.FORMS["string"]("--color", asked["color"])
    if colour not in ("auto", "always", "never"):
        raise ConfigError(f"--color cannot be {colour}; there are auto, always, never")
    found = project(asked, environment)
    settings = found.settings
    format = _format(asked, environment, found)
    targets = _targets(asked, found.root)
    settings.suppressions = not asked["no_suppressions"]
    settings.exit_zero = asked["exit_zero"]
    settings.all_rules = bool(LOADS_ALL.intersection((format, *targets.values())))
    with _progress(asked["quiet"]):
        tree = found.tree()
        if asked["show_files"]:
            write_out("".join(terminal(line) + "\n" for line in files(tree)))
            return 0
        must_not_be_empty(tree, found.root, asked["allow_empty"])
        if asked["fix"] or asked["diff"]:
            return _mend(tree, found, asked, started, (format, targets, colour))
        report = _scan(tree, found)
    view = view_of(asked, found, time.perf_counter() - started)
    faults = _write(report, view, asked, format, targets, colour)
    return 2 if faults else report.exit_code


def _mend(
    tree: Tree,
    found: Project,
    asked: Mapping[str, Any],
    started: float,
    way: tuple[str, Mapping[str, str], str],
) -> int:
    """Show what the fixes would change, or change it and report what is left."""
    from flask_preflight.commands import mend
    from flask_preflight.report.summary import plural

    mending = mend.mended(tree, found, unsafe=asked["unsafe_fixes"])
    view = view_of(asked, found, time.perf_counter() - started)
    if asked["diff"]:
        write_out(_shown(mend.difference(mending, view.lead)))
        if mending.report.exit_code == 2:
            return 2
        return 1 if mending.after and not asked["exit_zero"] else 0
    faults = mend.write(mending, found.root)
    if not asked["quiet"]:
        say(f"{mending.fixed} fixed in {plural(len(mending.after), 'file')}")
    faults += _write(mending.report, view, asked, *way)
    return 2 if faults else mending.report.exit_code


def _shown(text: str) -> str:
    """A diff as it is, but harmless on a terminal."""
    if sys.stdout is None or not sys.stdout.isatty():
        return text
    return "".join(terminal(line) + "\n" for line in text.split("\n")[:-1])


def _format(asked: Mapping[str, Any], environment: Mapping[str, str], found: Project) -> str:
    if asked["format"]:
        return str(config.FORMS["format"]("--format", asked["format"]))
    if environment.get("format"):
        return str(config.FORMS["format"]("FLASK_PREFLIGHT_FORMAT", environment["format"]))
    chosen = found.settings.values["output-format"]
    if chosen:
        return str(chosen)
    on_terminal = not asked["output"] and sys.stdout is not None and sys.stdout.isatty()
    return "full" if on_terminal else "concise"


def _targets(asked: Mapping[str, Any], root: str) -> dict[str, str]:
    """The format of each file that is to be written; raises ConfigError."""
    targets: dict[str, str] = {}
    paths = [asked["output"]] if asked["output"] else []
    for word in asked["report"]:
        format, equals, path = word.partition("=")
        if not equals or path in ("", "-"):
            raise ConfigError(f"--report {word} is not FORMAT=FILE")
        targets[path] = config.FORMS["format"]("--report", format)
        paths.append(path)
    places = [os.path.realpath(path) for path in paths]
    for path, place in zip(paths, places, strict=True):
        if places.count(place) > 1:
            raise ConfigError(f"two reports go to {path}")
        if not os.path.isdir(os.path.dirname(place)):
            raise ConfigError(f"the folder of {path} does not exist")
        if os.path.isdir(place):
            raise ConfigError(f"{path} is a folder")
        _must_not_be_read(path, place, os.path.realpath(root))
    return targets


def _must_not_be_read(path: str, place: str, root: str) -> None:
    """A report must not replace a file of the project that is checked."""
    from flask_preflight.classify import kinds

    if os.path.isfile(place) and place.startswith(root.rstrip(os.sep) + os.sep):
        known = set(kinds(os.path.relpath(place, root), lambda: "")) - {"text", "doc"}
        if known:
            raise ConfigError(f"{path} is a file of the checked project")


def _scan(tree: Tree, found: Project) -> Report:
    import gc

    from flask_preflight.scan import scan

    # One run makes little garbage and many small objects: looking for it is wasted time.
    gc.disable()
    try:
        return scan(tree, found.settings)
    finally:
        gc.enable()


@contextmanager
def _progress(quiet: int) -> Iterator[None]:
    """A line on a terminal if it takes long; it is gone when the report is written."""
    import signal

    terminal = sys.stderr is not None and sys.stderr.isatty() and not quiet
    if not terminal or not hasattr(signal, "setitimer"):
        yield
        return
    shown = []

    def show(number: int, frame: object) -> None:
        shown.append(number)
        print("flask-preflight: reading …", end="", file=sys.stderr, flush=True)

    try:
        before = signal.signal(signal.SIGALRM, show)
    except ValueError:
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, PROGRESS_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def view_of(asked: Mapping[str, Any], found: Project, seconds: float = 0.0) -> View:
    """How the report of this project is to be shown; what a verb has no option for is off."""
    from flask_preflight.discover import below_git, provenance

    known = None if asked.get("no_provenance") else provenance(found.root)
    origin = Provenance(*known) if known else Provenance()
    return View(
        prefix=below_git(found.root),
        lead=_lead(asked["paths"], found.root),
        provenance=origin,
        quiet=bool(asked.get("quiet")),
        verbose=asked.get("verbose", False),
        suppressed=asked.get("show_suppressed", False),
        statistics=asked.get("statistics", False),
        category=asked.get("sarif_category", ""),
        narrowed=_narrowed(found),
        seconds=seconds,
    )


def _lead(paths: tuple[str, ...], root: str) -> str:
    """From the current directory to the root, as a person would write it."""
    try:
        relative = os.path.relpath(os.path.realpath(root))
    except OSError:
        return ""
    if relative == os.curdir:
        return ""
    is_absolute = bool(paths) and os.path.isabs(paths[0])
    return (os.path.abspath(root) if is_absolute else relative).rstrip(os.sep) + os.sep


def _narrowed(found: Project) -> tuple[str, ...]:
    from flask_preflight.report.summary import plural

    settings = found.settings
    said = []
    if settings.configuration is not None:
        said.append(f"configuration {settings.configuration.path}")
    if settings.only:
        said.append("results of " + ", ".join(settings.only[:3]) + " only")
    if settings.changed is not None:
        said.append(f"results on changed lines of {plural(len(settings.changed), 'file')} only")
    if not settings.suppressions:
        said.append("suppressions ignored")
    if settings.min_level != "note":
        said.append(f"results below {settings.min_level} not shown")
    return tuple(said)


def _write(
    report: Report,
    view: View,
    asked: Mapping[str, Any],
    format: str,
    targets: Mapping[str, str],
    colour: str,
) -> list[str]:
    """Write every report; the faults, each of which was said."""
    faults: list[str] = []
    if asked["output"]:
        text = _text(report, view, format)
        faults += _tried(lambda: write_file(asked["output"], text, report.root))
    elif asked["quiet"] < 2:
        text = _text(report, view._replace(colour=in_colour(colour, sys.stdout)), format)
        faults += _tried(lambda: write_out(text))
    for path, kind in targets.items():
        text = _text(report, view, kind)
        faults += _tried(lambda path=path, text=text: write_file(path, text, report.root))
    if not asked["quiet"] and (format != "full" or asked["output"]):
        _say_whole(report, view)
    return faults


def _text(report: Report, view: View, format: str) -> str:
    stream = io.StringIO(newline="\n")
    writer(format)(report, view, stream)
    return stream.getvalue()


def _tried(write: Any) -> list[str]:
    try:
        write()
    except ConfigError as fault:
        say(f"flask-preflight: {terminal(str(fault))}")
        return [str(fault)]
    return []


def _say_whole(report: Report, view: View) -> None:
    """The summary for people, beside a report for programs."""
    from flask_preflight.report.text import closing, not_seen

    if view.verbose or report.exit_code == 2:
        for line in not_seen(report, view):
            say(line)
    say(closing(report, view))
