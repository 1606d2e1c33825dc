"""Comments that suppress, found in the language of their file.

Grammar: `preflight: ignore[CODE, name] reason until=2027-01-31`; also `ignore-file`, and in a
Dockerfile `ignore-stage` above FROM.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flask_preflight.lazy import expression
from flask_preflight.peers import MARK, NEEDLES, annotation, understood
from flask_preflight.result import Location, Region
from flask_preflight.run import Comment, File

if TYPE_CHECKING:
    from tokenize import TokenInfo

LAST_LINE = 10**9
MAX_IDS = 50
MAX_COMMENTS = 1_000
"""Per file; those below are not read, and that is said."""

_MARK = expression(r"(?P<leader>#|;|//) ?preflight:(?P<body>.*)")
_JINJA = expression(r"\{#-? ?preflight:(?P<body>.*?)-?#\}")
_ATTEMPT = expression(r"\s*(?:ignore|disable|skip|allow|suppress|noqa|nosec|off\b|\S*\[)", re.I)
_GRAMMAR = expression(r"\s+ignore(?P<scope>-file|-stage)?\[(?P<ids>[^\]]*)\](?:\s+(?P<rest>.*))?")
_ID = expression(r"[A-Z][A-Z0-9]{2}\d{3}|[a-z][a-z0-9]+(?:-[a-z0-9]+)*")
_UNTIL = expression(r"(?:^|\s)until=(\S*)$")
_ANNOTATION = expression(
    r"[ \t]*[\"']?flask-preflight/ignore-(?P<id>[A-Za-z0-9-]+)[\"']?[ \t]*:[ \t]*(?P<reason>.*)"
)
_ANNOTATED = (
    "flask-preflight/ignore-",
    "kube-linter.io/",
    "kube-score/ignore",
    "checkov.io/skip",
    "polaris.fairwinds.com/",
)
_BLOCK = expression(r"(?P<dashes>\s*(?:- +)*)(?P<key>[^#\s].*:[ \t]+)?[|>][-+0-9]*[ \t]*(?:#.*)?$")
_HEREDOC = expression(r"<<-?[ \t]*[\"']?([A-Za-z_][\w.-]*)[\"']?")

_HASH_KINDS = frozenset(("env", "requirements", "proxy", "wsgi", "script", "iac", "dockerfile"))
_HASH_SUFFIXES = frozenset(
    "toml sh bash conf cfg ini service tf tfvars hcl mk properties nginx env j2 jinja jinja2 "
    "template tpl".split()
)
_NO_COMMENTS = frozenset("json md rst html htm xml csv lock adoc".split())


class Written(NamedTuple):
    """A comment: its place (1-based), what follows `preflight:`, and the lines it is about.

    `stage` are the lines of the build stage below it, where there is one.
    """

    line: int
    column: int
    end_column: int
    body: str
    covers: tuple[int, int]
    stage: tuple[int, int] | None = None


def find(file: File, text: str) -> Iterator[Comment]:
    """The suppressions written in one file; one without ids was not understood."""
    count = 0
    for written in _written(file, text, _MARK) if "preflight:" in text else ():
        comment = _understood(file.path, written)
        if comment is None:
            continue
        count += 1
        if count > MAX_COMMENTS:
            yield _refused(comment.location, f"more than {MAX_COMMENTS} in one file")
            return
        yield comment
    if _is_yaml(file.path):
        yield from _annotations(file.path, text)
    yield from _of_peers(file, text)


def _of_peers(file: File, text: str) -> Iterator[Comment]:
    """Comments that tell other tools to be silent."""
    count = 0
    for written in _written(file, text, MARK) if any(one in text for one in NEEDLES) else ():
        said = understood(written.body)
        if said is None or count >= MAX_COMMENTS:
            continue
        count += 1
        covers = written.covers
        if said.scope == "file" and ("python" in file.kinds or "dockerfile" in file.kinds):
            covers = (1, LAST_LINE)
        elif said.scope == "stage":
            covers = written.stage or (0, 0)
        elif said.scope == "next":
            covers = (written.line + 1, written.line + 1)
        where = Location(file.path, Region(written.line, written.column))
        yield Comment(where, said.ids, said.reason, said.until, covers, said.tool)


def _is_yaml(path: str) -> bool:
    return path.lower().endswith((".yaml", ".yml"))


def _written(file: File, text: str, mark: re.Pattern[str]) -> Iterator[Written]:
    name = file.path.rpartition("/")[2].lower()
    suffix = name.rpartition(".")[2]
    if "python" in file.kinds:
        yield from _python(text, mark)
    elif suffix in _NO_COMMENTS or name.startswith("procfile"):
        return
    elif "dockerfile" in file.kinds and not name.endswith("ignore"):
        yield from _dockerfile(text.split("\n"), mark)
    elif _is_yaml(file.path):
        yield from _yaml(text.split("\n"), mark)
    elif name.startswith("jenkinsfile") or suffix == "groovy":
        yield from _lines(text.split("\n"), ("#", "//"), mark)
    elif suffix in _HASH_SUFFIXES or _HASH_KINDS.intersection(file.kinds):
        leaders: tuple[str, ...] = ("#", ";") if suffix in ("ini", "cfg", "conf") else ("#",)
        leaders += ("//",) if suffix in ("tf", "hcl") else ()
        yield from _lines(text.split("\n"), leaders, mark)


def _understood(path: str, written: Written) -> Comment | None:
    """The suppression, one without ids if it is none, or None for some other remark."""
    where = Location(path, Region(written.line, written.column, written.line, written.end_column))
    body = written.body.rstrip()
    if _ATTEMPT.match(body) is None:
        return None
    head = _GRAMMAR.fullmatch(body)
    if head is None:
        return _refused(where, "expected ignore[CODE] reason until=YYYY-MM-DD")
    ids = tuple(word.strip() for word in head["ids"].split(","))
    rest = head["rest"] or ""
    if len(ids) > MAX_IDS:
        return _refused(where, f"it names more than {MAX_IDS} rules")
    if not all(map(_ID.fullmatch, ids)):
        return _refused(where, "it must name rules by code or name, not all of them or a group")
    if any(letter < " " and letter != "\t" or letter == "\x7f" for letter in rest):
        return _refused(where, "it holds control characters")
    date = _UNTIL.search(rest)
    reason = rest[: date.start()] if date else rest
    covers = written.covers
    if head["scope"] == "-file":
        covers = (1, LAST_LINE)
    elif head["scope"] == "-stage":
        if written.stage is None:
            return _refused(where, "ignore-stage belongs directly above FROM")
        covers = written.stage
    return Comment(where, ids, reason.strip(), date[1] or "never" if date else "", covers)


def _refused(where: Location, why: str) -> Comment:
    return Comment(where, (), why, "", (0, 0))


def _until_next(body: str) -> str:
    """The comment up to the remark of another tool."""
    return re.split(r"\s#", body, maxsplit=1)[0]


def _tokens(text: str) -> Iterator[TokenInfo]:
    """The tokens before the first fault of syntax."""
    import io
    from tokenize import TokenError, generate_tokens

    try:
        yield from generate_tokens(io.StringIO(text).readline)
    except (TokenError, SyntaxError, ValueError, RecursionError):
        return


def _python(text: str, mark: re.Pattern[str]) -> Iterator[Written]:
    import tokenize

    tokens = list(_tokens(text))
    statements = _statements(tokens)
    for token in tokens:
        line, column = token.start
        alone = not token.line[:column].strip()
        for found in mark.finditer(token.string) if token.type == tokenize.COMMENT else ():
            if found["leader"] == "#":
                yield Written(
                    line,
                    column + found.start() + 1,
                    token.end[1] + 1,
                    _until_next(found["body"]),
                    _statement_of(statements, line, alone),
                )


def _statements(tokens: list[TokenInfo]) -> list[tuple[int, int]]:
    """First and last line of each logical line; decorators belong to what they decorate."""
    import tokenize

    found: list[tuple[int, int]] = []
    silent = (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT)
    start, decorates = 0, False
    for token in tokens:
        if token.type in silent:
            continue
        if token.type == tokenize.NEWLINE:
            if not decorates:
                found.append((start, token.start[0]))
                start = 0
            decorates = False
        elif not start:
            start, decorates = token.start[0], token.string == "@"
        elif not decorates and token.string == "@" and not token.line[: token.start[1]].strip():
            decorates = True
    return found


def _statement_of(statements: list[tuple[int, int]], line: int, alone: bool) -> tuple[int, int]:
    """What a comment is about: the next statement, or the one that begins or ends on its line."""
    at = bisect_right(statements, (line, LAST_LINE))
    first, last = statements[at - 1] if at else (0, 0)
    if alone:
        if line <= last:
            return line + 1, line + 1
        return statements[at] if at < len(statements) else (line, line)
    return (first, last) if line in (first, last) else (line, line)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _is_text(line: str) -> bool:
    """Whether the line holds more than blanks and a comment."""
    stripped = line.strip()
    return bool(stripped) and not stripped.startswith("#")


def _open_quote(before: str) -> bool:
    """Whether a quote that was opened in the text is still open at its end."""
    quote = ""
    last = " "
    for letter in before:
        if quote:
            quote = "" if letter == quote and last != "\\" else quote
        elif letter in "\"'" and last in " \t:=[{(,":
            quote = letter
        last = letter
    return bool(quote)


def _marks(
    lines: list[str], leaders: tuple[str, ...], wanted: re.Pattern[str]
) -> Iterator[tuple[int, Written, bool]]:
    """Every comment with its line's index, covering that line, and whether it stands alone."""
    for index, line in enumerate(lines):
        mark = _JINJA.search(line) if wanted is _MARK and "preflight:" in line else None
        leader = "{#"
        if mark is None:
            mark = wanted.search(line)
            if mark is None or mark["leader"] not in leaders:
                continue
            leader = mark["leader"]
        before = line[: mark.start()]
        alone = not before.strip() or before.lstrip().startswith(leader)
        if not alone and (before[-1] not in " \t" or _open_quote(before)):
            continue
        here = index + 1
        end = len(line.rstrip()) + 1
        body = _until_next(mark["body"])
        yield index, Written(here, mark.start() + 1, end, body, (here, here)), alone


def _next_texts(lines: list[str]) -> list[int]:
    """For each line, the index of the next line with text, or the number of lines."""
    found = [len(lines)] * len(lines)
    after = len(lines)
    for index in range(len(lines) - 1, -1, -1):
        found[index] = after
        if _is_text(lines[index]):
            after = index
    return found


def _lines(lines: list[str], leaders: tuple[str, ...], mark: re.Pattern[str]) -> Iterator[Written]:
    after = _next_texts(lines)
    for index, written, alone in _marks(lines, leaders, mark):
        line = after[index] + 1 if alone else index + 1
        yield written._replace(covers=(line, line))


def _yaml(lines: list[str], mark: re.Pattern[str]) -> Iterator[Written]:
    inside = _in_block_scalars(lines)
    after = _next_texts(lines)
    ends = _document_ends(lines)
    covers: dict[int, tuple[int, int]] = {}
    for index, written, alone in _marks(lines, ("#",), mark):
        if inside[index]:
            continue
        if alone:
            first = after[index]
            if first < len(lines) and lines[first].startswith("---"):
                first = after[first]
            if first not in covers:
                covers[first] = _subtree(lines, first, ends)
            written = written._replace(covers=covers[first])
        yield written


def _in_block_scalars(lines: list[str]) -> list[bool]:
    """For each line, whether it is text of a `|` or `>` scalar."""
    inside: list[bool] = []
    parent = -1
    for line in lines:
        if parent >= 0 and (not line.strip() or _indent(line) >= parent):
            inside.append(True)
            continue
        parent = -1
        inside.append(False)
        if line.rstrip()[-1:] in "|>+-0123456789" or "#" in line:
            head = _BLOCK.match(line)
            if head is not None:
                dashes = head["dashes"]
                parent = len(dashes) + 1 if head["key"] else max(len(dashes.rstrip()), 1)
    return inside


def _subtree(lines: list[str], first: int, ends: list[int]) -> tuple[int, int]:
    """The lines of the node that begins here; for the first key, those of the document."""
    if first == len(lines):
        return first, first
    document = _document(lines, first, ends)
    if document[0] == first + 1:
        return document
    indent = _indent(lines[first])
    item = lines[first].lstrip().startswith("-")
    last = first
    for number in range(first + 1, document[1]):
        if not _is_text(lines[number]):
            continue
        own = _indent(lines[number])
        dash = re.match(r"\s*-(?:\s|$)", lines[number])
        if own < indent or own == indent and (item or not dash):
            break
        last = number
    return first + 1, last + 1


def _document_ends(lines: list[str]) -> list[int]:
    """The indices of the lines that separate documents, and the number of lines."""
    marks = re.compile(r"(?:---|\.\.\.)(?:\s|$)")
    return [*(n for n, line in enumerate(lines) if marks.match(line)), len(lines)]


def _document(lines: list[str], index: int, ends: list[int]) -> tuple[int, int]:
    """First line with text and last line of the document around this line, 1-based."""
    at = bisect_right(ends, index)
    begin = ends[at - 1] + 1 if at else 0
    rest = range(begin, index)
    first = next((n for n in rest if _is_text(lines[n]) and lines[n][0] != "%"), index)
    return first + 1, ends[at]


def _annotations(path: str, text: str) -> Iterator[Comment]:
    """Kubernetes annotations, which outlive templates that drop comments."""
    if not any(word in text for word in _ANNOTATED):
        return
    lines = text.split("\n")
    ends = _document_ends(lines)
    inside = _in_block_scalars(lines)
    count = 0
    for index, line in enumerate(lines):
        if inside[index] or count >= MAX_COMMENTS:
            continue
        found, theirs = _ANNOTATION.match(line), annotation(line)
        where = Location(path, Region(index + 1, _indent(line) + 1))
        covers = _document(lines, index, ends)
        count += found is not None or theirs is not None
        if found is not None:
            reason = found["reason"].strip().strip("\"'")
            yield Comment(where, (found["id"],), reason, "", covers)
        elif theirs is not None:
            yield Comment(where, theirs.ids, theirs.reason, "", covers, theirs.tool)


def _dockerfile(lines: list[str], mark: re.Pattern[str]) -> Iterator[Written]:
    """Comments at the start of a line; elsewhere `#` is text, as it is in a heredoc."""
    spans, texts = _instructions(lines)
    lasts = [last for _, last in spans]
    froms = [first for first, _ in spans if re.match(r"\s*from\s", lines[first], re.I)]
    for index, written, alone in _marks(lines, ("#",), mark):
        at = bisect_right(lasts, index)
        if not alone or at == len(spans) or index in texts:
            continue
        first, last = spans[at]
        stage = None
        if first in froms:
            later = bisect_right(froms, first)
            stage = (first + 1, froms[later] if later < len(froms) else len(lines))
        yield written._replace(covers=(first + 1, last + 1), stage=stage)


def _escape(lines: list[str]) -> str:
    for line in lines:
        directive = re.match(r"#\s*(\w+)\s*=\s*(\S+)", line)
        if directive is None:
            return "\\"
        if directive[1].lower() == "escape":
            return directive[2]
    return "\\"


def _instructions(lines: list[str]) -> tuple[list[tuple[int, int]], set[int]]:
    """First and last index of each instruction, and the indices of the lines in heredocs."""
    escape = _escape(lines)
    spans = []
    texts: set[int] = set()
    index = 0
    while index < len(lines):
        if not _is_text(lines[index]):
            index += 1
            continue
        first = index
        while index + 1 < len(lines) and (
            lines[index].rstrip().endswith(escape) or index > first and not _is_text(lines[index])
        ):
            index += 1
        begin = index + 1
        for delimiter in _delimiters(lines, first, index):
            index = _after_heredoc(lines, index, delimiter)
        texts.update(range(begin, index))
        spans.append((first, min(index, len(lines) - 1)))
        index += 1
    return spans, texts


def _delimiters(lines: list[str], first: int, last: int) -> list[str]:
    if not re.match(r"\s*(?:run|copy|add)\s", lines[first], re.I):
        return []
    return _HEREDOC.findall("\n".join(lines[first : last + 1]))


def _after_heredoc(lines: list[str], index: int, delimiter: str) -> int:
    """The index of the line that ends a heredoc, or of the last line."""
    rest = range(index + 1, len(lines))
    return next((n for n in rest if lines[n].strip() == delimiter), len(lines) - 1)
