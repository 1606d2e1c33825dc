"""Environment files: `.env` and its relatives, in the grammar that dotenv and Compose share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from flask_preflight import limits
from flask_preflight.facts import Variable, written_level
from flask_preflight.lazy import expression
from flask_preflight.result import Level, Location, Region
from flask_preflight.rule import Rule
from flask_preflight.run import Role, Tree

_ASSIGNMENT = expression(r"[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.\-]*)[ \t]*(?:(=|:(?=[ \t]))|$)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", '"': '"', "'": "'", "$": "$"}
_REFERENCE = expression(r"\$\{([A-Za-z_]\w*)(?:(:?[-?+])([^{}]*))?\}")
_ENCRYPTED = expression(
    r"ENC\[|encrypted:|\$ANSIBLE_VAULT|sops_(?:version|mac)=|DOTENV_VAULT|\x00GITCRYPT"
    r"|BEGIN AGE ENCRYPTED"
)


def sealed(text: str) -> bool:
    """Whether its values are encrypted by sops, dotenvx, git-crypt, age or Ansible."""
    return _ENCRYPTED.search(text) is not None


class EnvFile:
    """One environment file; `variables` in the order of the file, so that the last one counts.

    `encrypted` is true when its values are sealed by sops, dotenvx, git-crypt or Ansible.
    """

    def __init__(self, path: str, role: Role, text: str, tracked: bool = True) -> None:
        self.path = path
        self.role: Role = role
        self.tracked = tracked
        self.encrypted = sealed(text)
        self.variables = parse(path, text)

    def get(self, name: str) -> Variable | None:
        """The assignment that counts: the last one."""
        return next((v for v in reversed(self.variables) if v.name == name), None)

    def at(self, *keys: str | int) -> Location:
        """The assignment of the variable of this name, else the file."""
        found = self.get(str(keys[0])) if keys else None
        return found.location if found else Location(self.path)

    def level(self, rule: Rule) -> Level | None:
        """Production files, and what is written in files for development one level lower."""
        return written_level(self.role, rule)


def assemble(tree: Tree) -> Iterable[EnvFile]:
    """Every environment file that could be read."""
    for file in tree.of("env"):
        text = tree.text(file.path)
        if text is not None:
            yield EnvFile(file.path, _role(file.path, file.role), text, file.tracked)


def _role(path: str, role: Role) -> Role:
    # Only the `flask` command reads it, and only where python-dotenv is installed.
    return "development" if path.endswith(".flaskenv") and role == "production" else role


def flask_debug(value: str) -> bool:
    """Whether Flask takes this value of FLASK_DEBUG for on: `off` and `disabled` are on, too."""
    return value.lower() not in ("", "0", "false", "no")


def parse(path: str, text: str) -> tuple[Variable, ...]:
    """The assignments of an environment file in their order; lines that are none are left out.

    A value is None where it refers to a variable that the file does not set; `${X:-d}` gives `d`,
    marked as a default. A name alone is passed through from outside, so its value is None too.
    The location covers the assignment without its comment.
    """
    return tuple(_assignments(path, text))


def _assignments(path: str, text: str) -> Iterator[Variable]:
    known: dict[str, str] = {}
    position, line, end, budget = 0, 0, len(text), limits.MAX_FILE_BYTES
    while position < end:
        line += 1
        stop = text.find("\n", position)
        stop = end if stop < 0 else stop
        row = text[position:stop].rstrip("\r")
        head = _ASSIGNMENT.match(row)
        if head is None:
            position = stop + 1
            continue
        value, literal, last = _value(text, position + head.end(), stop, bool(head[2]))
        lines = text.count("\n", position, last)
        start_column = head.start(1) + 1
        end_column = last - (text.rfind("\n", 0, last) + 1) + 1
        where = Location(path, Region(line, start_column, line + lines, end_column))
        default = False
        if value is not None and not literal:
            value, default = _expanded(value, known) if budget > 0 else (None, False)
            budget -= len(value or "")
        if value is not None:
            known[head[1]] = value
        yield Variable(head[1], value, where, "env file", default)
        line += lines
        stop = text.find("\n", last)
        position = end if stop < 0 else stop + 1


def _value(text: str, start: int, stop: int, given: bool) -> tuple[str | None, bool, int]:
    """The value from `start` on, whether it is literal, and where it ends."""
    if not given:
        return None, True, start - (start > 0 and text[start - 1] == "\r")
    while start < stop and text[start] in " \t":
        start += 1
    quote = text[start : start + 1]
    if quote in ("'", '"') and start < stop:
        closed = _closing(text, start + 1, quote)
        if closed >= 0:
            body = text[start + 1 : closed]
            return (body, True, closed + 1) if quote == "'" else (_escaped(body), False, closed + 1)
    raw = text[start:stop]
    comment = re.search(r"(?:^|[ \t])#", raw)
    raw = (raw[: comment.start()] if comment else raw).rstrip(" \t\r")
    return raw, False, start + len(raw)


def _closing(text: str, start: int, quote: str) -> int:
    """The quote that ends a value, -1 if there is none before the next assignment-like line."""
    position = start
    while True:
        position = text.find(quote, position)
        if position < 0:
            return -1
        backslashes = 0
        while quote == '"' and text[position - 1 - backslashes] == "\\":
            backslashes += 1
        if backslashes % 2 == 0:
            break
        position += 1
    inside = text[start:position]
    # An apostrophe in one value must not swallow the assignments up to the next one.
    return -1 if re.search(r"\n[ \t]*(?:export[ \t]+)?[A-Z_][A-Z0-9_]*=", inside) else position


def _escaped(body: str) -> str:
    if "\\" not in body:
        return body
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[0]), body)


def _expanded(value: str, known: dict[str, str]) -> tuple[str | None, bool]:
    """The value with the references that the file itself answers, and whether it is a default."""
    if "${" not in value:
        return value, False
    default = unknown = False

    def answer(match: re.Match[str]) -> str:
        nonlocal default, unknown
        name, operator, word = match[1], match[2] or "", match[3] or ""
        if name in known:
            return known[name]
        if operator in ("-", ":-"):
            default = True
            return word
        unknown = True
        return ""

    expanded = _REFERENCE.sub(answer, value)
    if unknown or len(expanded) > limits.MAX_EXPANSION:
        return None, False
    return expanded, default
