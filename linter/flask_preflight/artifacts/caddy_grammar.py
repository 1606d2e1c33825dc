"""The grammar of a Caddyfile: lines of words, and blocks, each with its place.

Source: https://github.com/caddyserver/caddy/blob/master/caddyconfig/caddyfile/lexer.go
"""

from __future__ import annotations

import re
from typing import NamedTuple

from flask_preflight.artifacts.directives import Directive, Source, TooLarge
from flask_preflight.lazy import expression

_MAX_DEPTH = 64
_MAX_WORDS = 200_000
_TOKEN = expression(
    r"(?P<blank>[^\S\n]+|\\\r?\n|#[^\n]*)|(?P<line>\n)"
    r"|(?P<quoted>\"[^\"\\]*(?:\\.[^\"\\]*)*\"|`[^`]*`)"
    r"|<<(?P<heredoc>[\w-]{1,100})\r?\n"
    r"|(?P<word>(?:\{\$[^}\n]{0,100}\}|\\(?!\r?\n)|[^\s\\])+)",
    re.DOTALL,
)


class _Word(NamedTuple):
    text: str
    start: int
    end: int


class _Open(NamedTuple):
    """A block that is not closed yet, with the directives in it."""

    words: list[_Word]
    found: list[Directive]


def parse(path: str, text: str) -> tuple[Directive, ...]:
    """The directives of a file; raises Fault, and TooLarge.

    The block of global options has an empty name; a file without braces around its only site is
    read as if it had them.
    """
    return _with_braces(_Parser(Source(path, text)).all())


class _Parser:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.stack = [_Open([], [])]
        self.words: list[_Word] = []
        self.total = 0

    def all(self) -> tuple[Directive, ...]:
        text, position = self.source.text, 0
        while position < len(text):
            token = _TOKEN.match(text, position)
            if token is None:
                raise self.source.fault("unexpected character", position)
            position = token.end()
            if token["heredoc"] is not None:
                position = self._heredoc(token["heredoc"], token.start(), position)
            elif token.lastgroup == "quoted":
                value = token[0][1:-1]
                plain = value if token[0][0] == "`" else value.replace('\\"', '"')
                self._add(_Word(plain, token.start(), position))
            elif token.lastgroup == "word":
                self._word(_Word(token[0], token.start(), position))
            elif token.lastgroup == "line":
                self._end_of_line()
        self._end()
        if len(self.stack) > 1:
            raise self.source.fault('unexpected end of file, expecting "}"', len(text))
        return tuple(self.stack[0].found)

    def _heredoc(self, mark: str, start: int, position: int) -> int:
        """Takes the text up to a line that begins with its mark."""
        shape = re.compile(rf"^[^\S\n]*{re.escape(mark)}(?=\s|\Z)", re.MULTILINE)
        found = shape.search(self.source.text, position)
        if found is None:
            raise self.source.fault(f"a text is not closed by {mark}", start)
        self._add(_Word(self.source.text[position : found.start()], start, found.end()))
        return found.end()

    def _add(self, word: _Word) -> None:
        self.total += 1
        if self.total > _MAX_WORDS:
            raise TooLarge
        self.words.append(word)

    def _word(self, word: _Word) -> None:
        if word.text == "{":
            self._open(word)
        elif word.text == "}":
            self._close(word.start)
        else:
            self._add(word)

    def _open(self, brace: _Word) -> None:
        if len(self.stack) > _MAX_DEPTH:
            raise self.source.fault("blocks nested too deeply", brace.start)
        self.stack.append(_Open(self.words or [self._before(brace)], []))
        self.words = []

    def _before(self, brace: _Word) -> _Word:
        """The address on the line above a brace; without any the options are global."""
        found = self.stack[-1].found
        if len(self.stack) > 1 or not found or found[-1].block is not None:
            return _Word("", brace.start, brace.end)
        last = found.pop()
        return _Word(last.words[0], last.starts[0], last.ends[0])

    def _close(self, position: int) -> None:
        self._end()
        if len(self.stack) == 1:
            raise self.source.fault('unexpected "}"', position)
        done = self.stack.pop()
        self.stack[-1].found.append(self._directive(done.words, tuple(done.found)))

    def _end_of_line(self) -> None:
        # A comma between addresses lets the next line go on.
        if not (len(self.stack) == 1 and self.words and self.words[-1].text.endswith(",")):
            self._end()

    def _end(self) -> None:
        if self.words:
            self.stack[-1].found.append(self._directive(self.words, None))
            self.words = []

    def _directive(self, words: list[_Word], block: tuple[Directive, ...] | None) -> Directive:
        texts, starts, ends = zip(*words, strict=True)
        return Directive(texts, starts, ends, self.source, block)


def _with_braces(top: tuple[Directive, ...]) -> tuple[Directive, ...]:
    """The same with a block around the directives that belong to the only site."""
    for index, one in enumerate(top):
        if one.name == "" or one.name.startswith(("(", "&(")) or one.name == "import":
            continue
        rest = top[index + 1 :]
        # What a variable holds may be whole sites, beside those that are written.
        beside = any(other.block is not None and _is_address(other.name) for other in rest)
        if one.block is not None or one.name.startswith("{$") and beside:
            break
        return (*top[:index], one._replace(block=rest))
    return top


def _is_address(word: str) -> bool:
    return "." in word or ":" in word or word == "localhost"
