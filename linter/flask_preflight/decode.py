"""Bytes to text, as the program decodes them that the file is for."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from flask_preflight.lazy import expression

_COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_SAFE = expression(
    r"utf(?:-?8(?:-sig)?)?|u8|ascii|us-ascii|latin-?1|iso-?8859-?\d+|l1|cp125\d|windows-125\d|koi8-[ru]"
)
TAKES_BYTES = frozenset(("dockerfile", "env", "proxy", "script", "wsgi", "requirements"))
"""Kinds whose consumers do not mind bytes that are no UTF-8."""


class Decoded(NamedTuple):
    """The text, or None with the reason and the line (1-based) of the fault.

    `unread`: nobody could read it (it is binary); else its consumer would refuse it. `note` says
    what was assumed.
    """

    text: str | None
    fault: str = ""
    line: int = 1
    unread: bool = False
    note: str = ""


def decode(data: bytes, kinds: tuple[str, ...]) -> Decoded:
    """The text of a file of these kinds, without byte order mark, line ends as written."""
    if b"\0" in data:
        return Decoded(None, "it holds NUL bytes", unread=True)
    data = data.removeprefix(codecs.BOM_UTF8)
    if "python" in kinds and b"coding" in data[:400]:
        found = _declared(data)
        if found is not None:
            return found
    try:
        return Decoded(data.decode("utf-8"))
    except UnicodeDecodeError as fault:
        if TAKES_BYTES.intersection(kinds):
            return Decoded(data.decode("latin-1"), note="it is not UTF-8, and was read as Latin-1")
        return Decoded(None, "it is not UTF-8", data.count(b"\n", 0, fault.start) + 1)


def _declared(data: bytes) -> Decoded | None:
    """As PEP 263 says; None where no encoding is declared or it is UTF-8."""
    for line in data.split(b"\n", 2)[:2]:
        cookie = _COOKIE.match(line)
        if cookie is not None:
            name = cookie.group(1).decode("ascii", "replace").lower().replace("_", "-")
            if not _SAFE.fullmatch(name):
                return Decoded(None, f"the source encoding {name} hides what runs")
            if name.startswith(("utf8", "utf-8")) or name in ("utf", "u8"):
                return None
            try:
                return Decoded(data.decode(name))
            except (UnicodeDecodeError, LookupError):
                return Decoded(None, f"it is not {name}")
        if line.strip() and not line.lstrip().startswith(b"#"):
            return None
    return None
