"""Text of the repository made harmless for the place where it is shown."""

from __future__ import annotations

import os
import re
from urllib.parse import quote

from flask_preflight.lazy import expression
from flask_preflight.limits import MAX_MESSAGE_CHARS

_UNSAFE = expression(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
_COMMANDS = expression(r"#(?=#\[|#vso\[|#teamcity\[)")


def terminal(text: str) -> str:
    """On one line: no control, no direction mark, nothing that a CI system takes for a command."""
    text = _UNSAFE.sub(_named, text)
    text = _COMMANDS.sub(r"\\x23", text)
    if text.lstrip().startswith("::"):
        text = text.replace("::", r"\x3a:", 1)
    return text


def _named(found: re.Match[str]) -> str:
    letter = found[0]
    code = ord(letter)
    if letter in "\n\r":
        return "\\n" if letter == "\n" else "\\r"
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def short(text: str, limit: int = MAX_MESSAGE_CHARS) -> str:
    """The text, cut in the middle if it is longer than the limit."""
    if len(text) <= limit:
        return text
    half = (limit - 1) // 2
    return text[:half] + "…" + text[-half:]


def uri(path: str) -> str:
    """A relative URI; names that are not UTF-8 keep their bytes."""
    return quote(os.fsencode(path), safe="/")


def json_text(text: str) -> str:
    """Text without lone surrogates, which JSON in UTF-8 cannot hold."""
    return re.sub("[\ud800-\udfff]", _named, text)
