"""HAProxy: its sections and the lines in them.

Source: https://docs.haproxy.org/3.2/configuration.html#2
"""

from __future__ import annotations

import re

from flask_preflight.artifacts.directives import Directive, Source, settings_of
from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.lazy import expression
from flask_preflight.run import File, Tree

_SECTIONS = frozenset(
    "global defaults frontend backend listen userlist peers resolvers mailers program cache "
    "http-errors ring log-forward fcgi-app crt-store traces".split()
)
_WORD = expression(
    r"(?P<blank>[^\S\n]+|\\\r?\n|#[^\n]*)|(?P<line>\n)"
    r"|(?P<word>(?:\"[^\"\n]*\"|'[^'\n]*'|\\[^\n]|[^\s\"'#\\])+)|(?P<other>.)",
    re.DOTALL,
)
_MAX_WORDS = 200_000


class Configurations:
    """Reads the files of a repository."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def proxy(self, file: File, text: str) -> Proxy | None:
        """The proxy that a file configures; None where it cannot be read."""
        sections = parse(file.path, text)
        if sections is None:
            self.tree.unread(file.path, "it has too many words")
            return None
        proxy = Proxy("haproxy", file.path, file.role)
        proxy.settings = list(settings_of(sections))
        return proxy


def parse(path: str, text: str) -> tuple[Directive, ...] | None:
    """The sections of a file with their lines as blocks; None where there is too much."""
    source = Source(path, text)
    sections: list[Directive] = []
    inside: list[Directive] = []
    words: list[tuple[str, int, int]] = []
    total = 0

    def end() -> None:
        nonlocal inside
        if not words:
            return
        texts, starts, ends = zip(*words, strict=True)
        line = Directive(texts, starts, ends, source)
        if line.name in _SECTIONS:
            close()
            sections.append(line)
        else:
            inside.append(line)
        words.clear()

    def close() -> None:
        nonlocal inside
        if sections:
            sections[-1] = sections[-1]._replace(block=tuple(inside))
        inside = []

    for token in _WORD.finditer(text):
        if token.lastgroup == "line":
            end()
        elif token.lastgroup == "word":
            total += 1
            if total > _MAX_WORDS:
                return None
            words.append((_plain(token[0]), token.start(), token.end()))
    end()
    close()
    return tuple(sections)


def _plain(word: str) -> str:
    """A word without its quotes."""
    return re.sub(r"[\"']", "", word) if "\\" not in word else word
