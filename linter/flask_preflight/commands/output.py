"""Where text goes: standard output, or a file that is replaced in one step."""

from __future__ import annotations

import os
import stat
import sys
from typing import TextIO

from flask_preflight.config import ConfigError


def data_of(text: str) -> bytes:
    """UTF-8 whatever the locale; what it cannot hold is written as an escape."""
    return text.encode("utf-8", "backslashreplace")


def say(text: str) -> None:
    """One line on standard error, if there is one."""
    if sys.stderr is not None:
        try:
            print(text, file=sys.stderr, flush=True)
        except (OSError, ValueError):
            pass
        except UnicodeEncodeError:
            print(text.encode("ascii", "backslashreplace").decode(), file=sys.stderr, flush=True)


def write_out(text: str) -> None:
    """The text on standard output; raises ConfigError, but not for a reader that has gone."""
    stream = sys.stdout
    if stream is None:
        raise ConfigError("standard output is closed")
    try:
        stream.flush()
        buffer = getattr(stream, "buffer", None)
        if buffer is None:
            stream.write(text)
        else:
            buffer.write(data_of(text))
        stream.flush()
    except BrokenPipeError:
        _silence()
    except OSError as fault:
        _silence()
        raise ConfigError(f"standard output cannot be written: {fault.strerror}") from fault


def _silence() -> None:
    """Nothing more goes to standard output, not even when Python ends."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())


def write_file(path: str, text: str, root: str) -> None:
    """Replace the file, or leave it as it was; raises ConfigError.

    A link inside the checked tree is replaced, elsewhere the file that it leads to.
    """
    target = path
    if not _below(os.path.dirname(os.path.abspath(path)), root):
        target = os.path.realpath(path)
    try:
        mode = os.lstat(target).st_mode
        special = not (stat.S_ISREG(mode) or stat.S_ISLNK(mode))
    except OSError:
        special = False
    try:
        if special and not os.path.isdir(target):
            with open(target, "wb") as stream:
                stream.write(data_of(text))
        else:
            _replace(target, data_of(text))
    except OSError as fault:
        raise ConfigError(f"{path} cannot be written: {fault.strerror}") from fault


def _below(folder: str, root: str) -> bool:
    place, whole = os.path.realpath(folder), os.path.realpath(root)
    return place == whole or place.startswith(whole.rstrip(os.sep) + os.sep)


def write_bytes(path: str, data: bytes) -> None:
    """Replace a file in one step, its permissions kept; raises OSError."""
    _replace(path, data, stat.S_IMODE(os.stat(path).st_mode))


def _replace(path: str, data: bytes, mode: int | None = None) -> None:
    temporary = f"{path}.{os.getpid()}.tmp"
    number = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with open(number, "wb") as stream:
            if mode is not None:
                os.chmod(temporary, mode)
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def in_colour(when: str, stream: TextIO | None) -> bool:
    """Whether to colour; NO_COLOR beats FORCE_COLOR, and the option beats both."""
    if when in ("always", "never"):
        return when == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE"):
        return True
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def must_have_extra() -> None:
    """Raise ConfigError unless what draws pictures and pages is installed."""
    from importlib.util import find_spec

    if find_spec("jinja2") is None or find_spec("graphlay") is None:
        raise ConfigError("this format needs more packages: pip install 'flask-preflight[report]'")
