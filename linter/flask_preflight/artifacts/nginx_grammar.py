"""nginx's grammar: words, directives and blocks, each with its place.

Source: https://github.com/nginx/nginx/blob/master/src/core/ngx_conf_file.c
"""

from __future__ import annotations

import re
from typing import NamedTuple

from flask_preflight.artifacts.directives import Directive, Source, TooLarge
from flask_preflight.lazy import expression

HOLE = "\ue000"
"""Stands for each character that a template would replace."""
_MAX_DEPTH = 64
_MAX_WORDS = 200_000
_MAX_WORD = 4_096
"""nginx reads no longer one."""


_TOKEN = expression(
    r"(?P<blank>\s+|#[^\n]*)|(?P<mark>[{};])"
    r"|(?P<quoted>\"[^\"\\]*(?:\\.[^\"\\]*)*\"|'[^'\\]*(?:\\.[^'\\]*)*')"
    r"|(?P<word>(?![\"'])(?:\$\{|\\.|[^\s{;\\])+)",
    re.DOTALL,
)
_REPETITION = expression(r"\d{1,9}(?:,\d{0,9})?\}")
_ESCAPE = expression(r"\\([\"'\\trn])")
_LETTERS = {"t": "\t", "r": "\r", "n": "\n"}
_LUA = expression(
    r"[{}]|\"(?:[^\"\\\n]|\\.)*\"?|'(?:[^'\\\n]|\\.)*'?|(?:--)?\[(=*)\[|--", re.DOTALL
)


def parse(path: str, text: str) -> tuple[Directive, ...]:
    """The directives of a file; raises Fault, and TooLarge."""
    return _Parser(Source(path, text)).all()


class _Open(NamedTuple):
    """A block that is not closed yet, with the directives in it."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    found: list[Directive]


class _Parser:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.stack = [_Open((), (), (), [])]
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def all(self) -> tuple[Directive, ...]:
        text, position, total = self.source.text, 0, 0
        while position < len(text):
            token = _TOKEN.match(text, position)
            if token is None:
                raise self.source.fault("unexpected character", position)
            position = token.end()
            if token.lastgroup == "mark":
                position = self._mark(token[0], position)
            elif token.lastgroup != "blank":
                total += 1
                self._word(token, total)
        if self.words or len(self.stack) > 1:
            raise self.source.fault('unexpected end of file, expecting ";" or "}"', len(text))
        return tuple(self.stack[0].found)

    def _word(self, token: re.Match[str], total: int) -> None:
        if total > _MAX_WORDS:
            raise TooLarge
        text = token[0][1:-1] if token.lastgroup == "quoted" else token[0]
        if len(text) > _MAX_WORD:
            raise self.source.fault("word longer than nginx accepts", token.start())
        if "\\" in text:
            text = _ESCAPE.sub(lambda found: _LETTERS.get(found[1], found[1]), text)
        self.words.append(text)
        self.starts.append(token.start())
        self.ends.append(token.end())

    def _mark(self, mark: str, position: int) -> int:
        """Ends a directive or a block; the offset to go on from."""
        if mark == "}":
            self._close(position - 1)
            return position
        if not self.words:
            raise self.source.fault(f'unexpected "{mark}"', position - 1)
        touches = mark == "{" and self.ends[-1] == position - 1
        if touches and _REPETITION.match(self.source.text, position):
            raise self.source.fault("an expression with { must stand in quotes", self.starts[-1])
        head = tuple(self.words), tuple(self.starts), tuple(self.ends)
        self.words, self.starts, self.ends = [], [], []
        if mark == ";":
            self.stack[-1].found.append(Directive(*head, self.source))
        elif head[0][0].endswith("_by_lua_block"):
            self.stack[-1].found.append(Directive(*head, self.source, ()))
            return self._after_lua(position)
        else:
            if len(self.stack) > _MAX_DEPTH:
                raise self.source.fault("blocks nested too deeply", position - 1)
            self.stack.append(_Open(*head, []))
        return position

    def _close(self, position: int) -> None:
        if self.words or len(self.stack) == 1:
            raise self.source.fault('unexpected "}"', position)
        done = self.stack.pop()
        block = tuple(done.found)
        made = Directive(done.words, done.starts, done.ends, self.source, block)
        self.stack[-1].found.append(made)

    def _after_lua(self, position: int) -> int:
        """The offset after the brace that closes a block of Lua."""
        text, depth, start = self.source.text, 1, position
        while depth:
            found = _LUA.search(text, position)
            if found is None:
                raise self.source.fault("a block of Lua is not closed", start)
            position = found.end()
            if found[0] in "{}":
                depth += 1 if found[0] == "{" else -1
            elif found[1] is not None:
                end = text.find(f"]{found[1]}]", position)
                position = len(text) if end < 0 else end
            elif found[0] == "--":
                end = text.find("\n", position)
                position = len(text) if end < 0 else end
        return position


# Templates

_TEMPLATE = expression(r"\{\{|\{%|\{#|<%")
_CONTROL = expression(
    r"\{\{[-~]?\s*(?:if|else|elif|end|endif|range|for|with|define|template|block|include|[#/^!>])\b"
    r"|\{\{[-~]?\s*[#/^!>]|\{%|\{#|<%(?!=)"
)
_CLOSERS = {"{{": "}}", "{%": "%}", "{#": "#}", "<%": "%>"}


class Plain(NamedTuple):
    """A text in which what a template replaces is blanked, every offset kept.

    `is_template`: there was something; `alternatives`: parts of it are chosen or repeated.
    """

    text: str
    is_template: bool = False
    alternatives: bool = False


def plain(text: str) -> Plain:
    """The text of a template with `HOLE`s for its values, and without its commands."""
    position, parts, alternatives = 0, [], False
    while (found := _TEMPLATE.search(text, position)) is not None:
        end = text.find(_CLOSERS[found[0]], found.end())
        if end < 0:
            break
        end += 2
        control = _CONTROL.match(text, found.start()) is not None
        alternatives = alternatives or control and not text.startswith("{#", found.start())
        filler = " " if control else HOLE
        parts.append(text[position : found.start()])
        parts.append(re.sub(r"[^\n]", filler, text[found.start() : end]))
        position = end
    parts.append(text[position:])
    return Plain("".join(parts), len(parts) > 1, alternatives)
