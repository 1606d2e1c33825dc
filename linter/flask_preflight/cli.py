"""The command line. Every `flask` command imports this module, so it imports click and no more."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])
FORMATS = ("full", "concise", "json", "sarif", "github")
LEVELS = ("error", "warning", "note")
VARIABLES = ("CONFIG", "FORMAT", "SELECT")


class Refused(click.ClickException):
    """What was asked for cannot be done; one sentence says why."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(f"flask-preflight: {self.format_message()}", file=file, err=True)


def _sentence(fault: click.UsageError) -> str:
    """A usage error in one sentence, with the nearest valid word."""
    from flask_preflight.selection import instead, nearest

    if isinstance(fault, click.NoSuchOption):
        known = []
        if fault.ctx is not None:
            known = [name for p in fault.ctx.command.params for name in p.opts if name[:2] == "--"]
        close = nearest(fault.option_name, known)
        return f"there is no option {fault.option_name}" + instead(close)
    return fault.format_message().rstrip(".").replace("\n", " ")


class Verb(click.Command):
    """A command whose faults are one sentence."""

    def make_context(self, *arguments: Any, **extra: Any) -> click.Context:
        try:
            return super().make_context(*arguments, **extra)
        except click.UsageError as fault:
            raise Refused(_sentence(fault)) from None


class Verbs(click.Group):
    """The verbs; what begins with none of them is `check`."""

    command_class = Verb

    def make_context(self, *arguments: Any, **extra: Any) -> click.Context:
        try:
            return super().make_context(*arguments, **extra)
        except click.UsageError as fault:
            raise Refused(_sentence(fault)) from None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = ("--help", "-h", "--version", "-V")
        if not args or args[0] not in (*self.commands, *own):
            args = ["check", *args]
        return super().parse_args(ctx, args)


def option(*names: str, **settings: Any) -> Callable[[Function], Function]:
    """An option that no environment variable can set, whatever group the command is in."""
    return click.option(*names, allow_from_autoenv=False, **settings)


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from flask_preflight import __version__

        click.echo(f"flask-preflight {__version__}")
        ctx.exit()


@click.group(
    cls=Verbs,
    name="preflight",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@option(
    "--version", "-V", is_flag=True, is_eager=True, expose_value=False, callback=_version,
    help="Show the version and exit.",
)  # fmt: skip
def flask_command() -> None:
    """Say what will go wrong when this application is deployed.

    The files are read, nothing is imported or run. Without a command: check.
    """


def _lists(value: tuple[str, ...]) -> tuple[str, ...]:
    """Words that were given one by one or with commas."""
    return tuple(word.strip() for part in value for word in part.split(",") if word.strip())


_words = {"multiple": True, "metavar": "RULES", "callback": lambda c, p, value: _lists(value)}
_globs = {"multiple": True, "metavar": "GLOB"}


def configured(function: Function) -> Function:
    """The options that every verb which reads a project has."""
    for add in (
        option("--isolated", is_flag=True, help="Ignore every configuration file."),
        option("--config", multiple=True, metavar="FILE|KEY=VALUE", help="Use this file or value."),
    ):
        function = add(function)
    return function


def selecting(function: Function) -> Function:
    """The options that choose files."""
    for add in (
        option("--allow-empty", is_flag=True, help="Nothing to check is no error."),
        option("--force-exclude", is_flag=True, help="Exclude files given by name, too."),
        option("--no-respect-gitignore", is_flag=True, help="Read files that git ignores."),
        option("--extend-exclude", help="Besides the usual ones, leave these out.", **_globs),
        option("--exclude", help="Leave these out instead of the usual ones.", **_globs),
        option("--changed", metavar="FILE|-", help="Report on lines that this diff changes only."),
        option("--only", multiple=True, metavar="PATH", help="Report on these files only."),
    ):
        function = add(function)
    return function


@flask_command.command()
@click.argument("paths", nargs=-1)
@option("--format", "-f", "format", metavar="FORMAT", help=f"One of {', '.join(FORMATS)}.")
@option("--output", "-o", metavar="FILE", help="Write to this file instead of standard output.")
@option("--report", multiple=True, metavar="FORMAT=FILE", help="Write this report as well.")
@option("--select", help="Run these rules: codes, prefixes, names, section:NAME, ALL.", **_words)
@option("--extend-select", help="Run these rules as well.", **_words)
@option("--ignore", help="Do not run these rules.", **_words)
@option("--severity", multiple=True, metavar="RULE=LEVEL", help="Give a rule another level.")
@option("--fail-on", metavar="LEVEL", help="Exit with 1 from this level on, or never. [error]")
@option("--min-level", metavar="LEVEL", help="Do not show results below this level. [note]")
@selecting
@configured
@option("--no-suppressions", is_flag=True, help="Ignore every suppression.")
@option("--show-suppressed", is_flag=True, help="Show what is suppressed, and why.")
@option("--fix", is_flag=True, help="Apply the safe fixes, then report what is left.")
@option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: apply the others, too.")
@option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@option("--statistics", is_flag=True, help="Count the results of each rule.")
@option("--show-files", is_flag=True, help="List the files that would be read, and stop.")
@option("--quiet", "-q", count=True, help="Results only; twice: nothing but the exit code.")
@option("--verbose", "-v", is_flag=True, help="Also say what was not analysed, file by file.")
@option("--color", metavar="WHEN", default="auto", help="auto, always or never. [auto]")
@option("--exit-zero", is_flag=True, help="Results do not change the exit code.")
@option("--sarif-category", metavar="NAME", default="", help="The category of a SARIF run.")
@option("--no-provenance", is_flag=True, help="Do not say which repository and commit it is.")
@option("--jobs", type=int, default=0, metavar="N", help="Processes; 0 is automatic. [0]")
@click.pass_context
def check(ctx: click.Context, /, **asked: Any) -> None:
    """Find problems. PATHS are folders or files of one project; the current folder by default."""
    from flask_preflight.commands.check import check

    _run(lambda: check(asked, _environment(ctx)))


@flask_command.command()
@click.argument("word", metavar="[CODE|NAME]", required=False)
@option("--all", "every", is_flag=True, help="Every rule.")
@option("--section", metavar="NAME", help="The rules of one section.")
@option("--format", "-f", "format", default="text", metavar="FORMAT", help="text, markdown, json.")
def rule(**asked: Any) -> None:
    """Explain a rule."""
    from flask_preflight.commands.rule import explain

    _run(lambda: explain(asked))


@flask_command.command()
@click.argument("key", required=False)
@option("--files", is_flag=True, help="List the files that are read, and as what.")
@configured
@click.pass_context
def config(ctx: click.Context, /, **asked: Any) -> None:
    """Show the settings and where they come from."""
    from flask_preflight.commands.config import show

    _run(lambda: show(asked, _environment(ctx)))


@flask_command.command()
@click.argument("paths", nargs=-1)
@option(
    "--format", "-f", "format", default="text", metavar="FORMAT", help="text, mermaid, svg, json."
)
@option("--output", "-o", metavar="FILE", help="Write to this file instead of standard output.")
@selecting
@configured
@click.pass_context
def map(ctx: click.Context, /, **asked: Any) -> None:
    """Show what is linked with what."""
    from flask_preflight.commands.map import draw

    _run(lambda: draw(asked, _environment(ctx)))


@flask_command.command()
@click.argument("paths", nargs=-1)
@option(
    "--format", "-f", "format", default="text", metavar="FORMAT", help="text, markdown, json, html."
)
@option("--output", "-o", metavar="FILE", help="Write to this file instead of standard output.")
@option("--date", is_flag=True, help="Say when the report was written.")
@option("--no-provenance", is_flag=True, help="Do not say which repository and commit it is.")
@selecting
@configured
@click.pass_context
def report(ctx: click.Context, /, **asked: Any) -> None:
    """Say how ready this is for production, section by section, and how one knows."""
    from flask_preflight.commands.report import write

    _run(lambda: write(asked, _environment(ctx)))


def _environment(ctx: click.Context) -> dict[str, str]:
    """Our environment variables; under `flask` they may come from the repository's `.env`."""
    found = {
        name.lower(): value
        for name in VARIABLES
        if (value := os.environ.get(f"FLASK_PREFLIGHT_{name}"))
    }
    if found and ctx.find_root().command is not flask_command:
        names = ", ".join(f"FLASK_PREFLIGHT_{name.upper()}" for name in found)
        click.echo(f"flask-preflight: {names} ignored under flask", err=True)
        return {}
    return found


def _run(verb: Callable[[], int]) -> None:
    """Run a verb to its exit code; signals end it quietly."""
    import signal

    def end(number: int, _: Any) -> None:
        raise SystemExit(128 + number)

    before = {}
    try:
        for name in ("SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                before[name] = signal.signal(getattr(signal, name), end)
    except ValueError:
        pass
    try:
        code = verb()
    except KeyboardInterrupt:
        code = 130
    except Exception as fault:
        raise Refused(_reason(fault)) from None
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)
    raise SystemExit(code)


def _reason(fault: Exception) -> str:
    """What the configuration does not allow, or where the linter itself is wrong."""
    from flask_preflight.config import ConfigError
    from flask_preflight.report.escape import terminal

    if isinstance(fault, ConfigError):
        return terminal(str(fault))
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = ""
    if trace is not None:
        place = f" at {os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"
    return f"internal error, {type(fault).__name__}{place}; this is a mistake of the linter"


def _keep_open(number: int) -> None:
    """If a standard stream is closed, no other file may get its number."""
    try:
        os.fstat(number)
    except OSError:
        os.open(os.devnull, os.O_RDWR)


def main() -> None:
    """The console script."""
    for number in (0, 1, 2):
        _keep_open(number)
    try:
        flask_command.main(prog_name="flask-preflight", standalone_mode=False)
    except click.ClickException as fault:
        fault.show()
        sys.exit(fault.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
