"""Any text file once more: tokens, private keys, addresses with passwords, named values."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Literal, NamedTuple

from flask_preflight.artifacts import providers, secret
from flask_preflight.artifacts.source import ClientFact
from flask_preflight.lazy import expression
from flask_preflight.limits import MAX_LINE_CHARS
from flask_preflight.result import Level, Location, Region
from flask_preflight.rule import Rule
from flask_preflight.run import File, Notes, Role

Position = Literal["production", "development", "test", "example", "template", "documentation"]

_GENERATED = expression(
    r"(?:\.lock|-lock\.(?:json|yaml)|\.min\.(?:js|css)|\.map|\.svg|\.snap|\.po|\.pot|\.ipynb|\.csv"
    r"|(?:^|/)(?:go\.sum|yarn\.lock|composer\.lock|Pipfile\.lock))\Z"
)
_VALUES = expression(r"(?:^|/)[^/]*values[^/]*\.ya?ml\Z")
_OWNED = frozenset(("dockerfile", "compose", "kubernetes", "ci", "env"))
"""Kinds whose own rules speak about the values in them."""
_CONFIGURATION = (
    ".ini",
    ".cfg",
    ".toml",
    ".json",
    ".yaml",
    ".yml",
    ".properties",
    ".conf",
    ".npmrc",
)


class Found(NamedTuple):
    """Something secret in a text; `name` is what it belongs to, `verdict` how serious it is.

    For tokens and keys `name` is the provider and `verdict` empty.
    """

    name: str
    verdict: str
    location: Location
    start: int
    is_long: bool = True
    """Whether the value is longer than what people think of for a machine of their own."""


class Text:
    """One text file. Values are never kept: only what they are and where."""

    def __init__(self, file: File, text: str) -> None:
        self.path = file.path
        self.role: Role = file.role
        self.kinds = file.kinds
        self.tracked = file.tracked
        self._text = text

    @property
    def position(self) -> Position:
        """Whether what is written here takes effect in production."""
        name = self.path.rpartition("/")[2].lower()
        if "doc" in self.kinds and not name.startswith(("requirements", "constraints")):
            return "documentation"
        if name in ("pytest.ini", "tox.ini") or self._is_of_chart and "/ci/" in f"/{self.path}":
            # The values in `ci` are those that charts are tested with.
            return "test"
        if name == "vagrantfile" or self.path.startswith(("hack/", "scripts/dev")):
            return "development"
        return self.role

    @property
    def is_generated(self) -> bool:
        """Whether no person wrote it, so that what looks like a secret is a hash or sample."""
        text = self._text
        return _GENERATED.search(self.path) is not None or len(text) > 2_000 * (
            text.count("\n") + 5
        )

    @cached_property
    def tokens(self) -> tuple[Found, ...]:
        """Tokens of services."""
        if self.is_generated:
            return ()
        return tuple(
            Found(token.provider, token.prefix, self._place(token.start, token.end), token.start)
            for token in providers.tokens(self._text)
        )

    @cached_property
    def webhooks(self) -> tuple[Found, ...]:
        """Addresses with a secret path; `name` is the service."""
        if self.is_generated:
            return ()
        return tuple(
            Found(hook.provider, "", self._place(hook.start, hook.end), hook.start)
            for hook in providers.webhooks(self._text)
        )

    def has_key_of(self, token: Found) -> bool:
        """Whether the secret half of a key's name of AWS is within five lines of it."""
        line = bisect_right(self._starts, token.start) - 1
        first = self._starts[max(line - 5, 0)]
        last = self._starts[line + 6] if line + 6 < len(self._starts) else len(self._text)
        return any(
            secret.entropy(match[0]) >= 3.8 and not re.fullmatch("[0-9a-fA-F]+", match[0])
            for match in _AWS_SECRET.finditer(self._text, first, last)
        )

    @cached_property
    def private_keys(self) -> tuple[Found, ...]:
        """Private keys with their body; `verdict` is "encrypted" where a passphrase is needed."""
        return tuple(
            Found(
                "private key",
                "encrypted" if key.encrypted else "",
                self._line(key.start),
                key.start,
            )
            for key in providers.private_keys(self._text)
        )

    @cached_property
    def urls(self) -> tuple[Found, ...]:
        """Addresses with a password written out, outside of comments."""
        if self.is_generated or self._is_owned:
            return ()
        return tuple(self._urls())

    def _urls(self) -> Iterator[Found]:
        text = self._text
        told: set[tuple[str, str]] = set()
        span = secret.url_password_span(text)
        while span is not None:
            line_start = text.rfind("\n", 0, span[0]) + 1
            before = text[line_start : span[0]]
            if self._counts(before, span[0]):
                user = before.rpartition("://")[2].rstrip(":")
                host = re.match(r"@([\w.\-{$]*)", text[span[1] : span[1] + 200])
                password = text[slice(*span)]
                verdict = secret.classify(password, "pw", user)
                sample = _is_sample(user, password, host[1] if host else "")
                if (user, password) not in told and not sample:
                    told.add((user, password))
                    yield Found(host[1] if host else "", verdict, self._place(*span), span[0])
            span = secret.url_password_span(text, span[1])

    def _counts(self, before: str, start: int) -> bool:
        """Whether what follows `before` on a line is neither a comment nor documentation."""
        if len(before) > 2000 or before.lstrip().startswith(("#", "//", ";", "*", "<!--")):
            return False
        blocks = (self._text.count(quote, 0, start) for quote in ('"""', "'''"))
        return not self.path.endswith(".py") or not any(count % 2 for count in blocks)

    @cached_property
    def settings(self) -> tuple[Found, ...]:
        """Named values in configuration files that no other reader takes apart."""
        if self.is_generated or self._is_owned or not self._is_configuration:
            return ()
        if self._is_of_chart:
            from flask_preflight.artifacts.values import values

            found = values(self.path, self._text)
            if found is not None:
                return tuple(Found(one.name, one.verdict, one.location, 0) for one in found)
        return tuple(self._settings())

    @property
    def _is_owned(self) -> bool:
        return bool(_OWNED.intersection(self.kinds)) and not self._is_of_chart

    @property
    def _is_of_chart(self) -> bool:
        """Whether these are values of a Helm chart, which may look like a manifest."""
        return "values" in self.path and _VALUES.search(self.path) is not None

    @property
    def _is_configuration(self) -> bool:
        name = self.path.rpartition("/")[2].lower()
        if name in (
            "package.json",
            "composer.json",
            "tsconfig.json",
            "openapi.json",
            "swagger.json",
        ):
            return False
        if "wsgi" in self.kinds and not name.endswith(".py"):
            return True
        return name.endswith(_CONFIGURATION) or name in ("pip.conf", ".pypirc", ".netrc")

    def _settings(self) -> Iterator[Found]:
        if re.search(r"[\"']?(?:openapi|swagger|\$schema|properties)[\"']?\s*:", self._text):
            return
        start = 0
        for line in self._text.split("\n"):
            if len(line) < MAX_LINE_CHARS and not line.lstrip().startswith(("#", ";", "//")):
                yield from self._setting(line, start)
            start += len(line) + 1

    def _setting(self, line: str, start: int) -> Iterator[Found]:
        match = _SETTING.match(line)
        kind = secret.secret_name(match["name"]) if match else None
        if match is None or kind is None:
            return
        value = match["value"].strip().rstrip(",").strip("\"'")
        verdict = secret.classify(value, kind, match["name"])
        if verdict in ("real", "weak"):
            place = self._place(start + match.start("value"), start + len(line.rstrip()))
            yield Found(match["name"], verdict, place, start)

    @cached_property
    def assigned(self) -> tuple[Found, ...]:
        """Secrets that a script or a Makefile gives to variables and to the options of programs."""
        if "script" not in self.kinds or not _SCRIPTS.search(self.path):
            return ()
        return tuple(self._assigned())

    def _assigned(self) -> Iterator[Found]:
        start, until = 0, ""
        for line in self._text.split("\n"):
            if until:
                # What a here-document writes is a file of its own.
                until = "" if line.strip() == until else until
            elif len(line) < MAX_LINE_CHARS and not line.lstrip().startswith("#"):
                for match in (*_ASSIGNED.finditer(line), *_GIVEN.finditer(line)):
                    yield from self._given(match, start)
                heredoc = _HEREDOC.search(line)
                until = heredoc[1] if heredoc is not None else ""
            start += len(line) + 1

    def _given(self, match: re.Match[str], start: int) -> Iterator[Found]:
        kind = secret.secret_name(match["name"])
        value = match["quoted"] or match["double"] or match["bare"] or ""
        if kind is None or not value or re.search(r"[$`(]", value) or _PRINT.match(value):
            return
        verdict = secret.classify(value, kind, match["name"])
        if verdict in ("real", "weak"):
            group = next(one for one in ("quoted", "double", "bare") if match[one])
            place = self._place(start + match.start(group), start + match.end(group))
            yield Found(
                match["name"], verdict, place, start + match.start(group), len(value) >= _LONG
            )

    @cached_property
    def credentials(self) -> tuple[Found, ...]:
        """What a file holds that programs keep their own credentials in; `name` is the program."""
        name = self.path.rpartition("/")[2].lower()
        for shape, program, pattern in _CREDENTIALS:
            match = pattern.search(self._text) if shape.search(name) else None
            if match is None:
                continue
            value = next((one for one in match.groups() if one), "")
            verdict = secret.classify(value, "pw")
            if verdict in ("real", "weak"):
                at = match.start(match.lastindex or 0)
                return (Found(program, verdict, self._place(at, at + len(value)), at),)
        return ()

    @cached_property
    def _starts(self) -> list[int]:
        starts, position = [0], self._text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self._text.find("\n", position + 1)
        return starts

    def _place(self, start: int, end: int) -> Location:
        """The region of a span; only its first line if it has several."""
        line = bisect_right(self._starts, start)
        first = self._starts[line - 1]
        stop = self._text.find("\n", start)
        end = min(end, stop if stop >= 0 else len(self._text))
        return Location(self.path, Region(line, start - first + 1, line, end - first + 1))

    def _line(self, start: int) -> Location:
        stop = self._text.find("\n", start)
        return self._place(start, stop if stop >= 0 else len(self._text))

    def at(self, *keys: str | int) -> Location:
        return Location(self.path)

    def level(self, rule: Rule) -> Level | None:
        """Every file counts; the rules about secrets look at its position themselves."""
        return rule.level

    def facts(self) -> Iterable[object]:
        """Templates that build addresses for the outside rely on what the client asked for."""
        if self.path.endswith((".html", ".txt", ".jinja", ".jinja2", ".j2")):
            start = self._text.find("_external=True")
            if start >= 0 and "url_for" in self._text:
                yield ClientFact(self.path, "url_for(_external=True)", self._line(start))


_LONG = 8
_PRINT = expression(r"(?:0x)?[0-9A-F]{8,40}\Z")
"""The print of a public key."""
_SCRIPTS = expression(r"(?:\.(?:sh|bash|mk)|(?:^|/)(?:GNU)?[Mm]akefile|(?:^|/)[^./]+)\Z")
_VALUE = (
    r"(?:'(?P<quoted>[^'\n]{3,200})'|\"(?P<double>[^\"\n]{3,200})\""
    r"|(?P<bare>[^\s'\"#;&|<>()]{3,200}))"
)
_ASSIGNED = expression(
    r"^\s{0,20}(?:export\s+|set -gx\s+|readonly\s+|local\s+)?(?P<name>[A-Za-z_]\w{1,60})"
    r"(?:=|\s*(?::=|\?=|=)\s*)" + _VALUE
)
_GIVEN = expression(
    r"(?:(?<=\s)-e |--env[ =]|--from-literal[ =]|--build-arg[ =])(?P<name>[A-Za-z_][\w.-]{1,60})="
    + _VALUE
)
_HEREDOC = expression(r"<<-?\s*[\"']?(\w+)[\"']?")
_CREDENTIALS = tuple(
    (expression(shape), program, expression(pattern, re.M))
    for shape, program, pattern in (
        (r"^\.pgpass\Z", "PostgreSQL", r"^[^#:\n]+:[^:\n]*:[^:\n]*:[^:\n]*:(\S+)$"),
        (r"^[._]netrc\Z", "curl and git", r"\bpassword\s+(\S+)"),
        (r"^\.my\.cnf\Z", "MySQL", r"^\s*password\s*=\s*[\"']?([^\"'\s]+)"),
        (r"^\.git-credentials\Z", "git", r"^https?://[^:/\s]+:([^@\s]+)@"),
        (r"^\.pypirc\Z", "twine", r"^\s*password\s*[=:]\s*(\S+)"),
        (r"^\.npmrc\Z", "npm", r"_authToken\s*=\s*[\"']?([^\s\"'$]+)"),
        (
            r"^(?:\.dockercfg|config\.json|\.dockerconfigjson)\Z",
            "Docker",
            r"\"auth\"\s*:\s*\"([^\"]{8,})\"",
        ),
        (
            r"^client_secret[\w.-]*\.json\Z|^credentials\.json\Z",
            "Google",
            r"\"client_secret\"\s*:\s*\"([^\"]+)\"",
        ),
        (r"^master\.key\Z", "an application", r"\A([0-9a-f]{32})\s*\Z"),
        (
            r"^(?:kube)?config(?:\.ya?ml)?\Z|kubeconfig",
            "kubectl",
            r"^\s*(?:client-key-data|token):\s*([\w.+/=-]{24,})",
        ),
        (r"^credentials\Z", "AWS", r"^\s*aws_secret_access_key\s*=\s*(\S+)"),
    )
)
"""The files in which programs keep what they log in with, and where in them it stands."""
_AWS_SECRET = expression(r"(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")
_SETTING = expression(
    r"\s*[\"']?(?P<name>[A-Za-z_][\w.\-]{1,79})[\"']?\s{0,8}[:=]\s{0,8}(?P<value>[^\s\[{&*|>][^\n]{2,400})"
)
_SAMPLE_USERS = frozenset("user username name login your foo u usr my me".split())
_SAMPLE_PASSWORDS = expression(
    r"(?i)(?:your[-_ ]?)?(?:pass(?:word|wd)?|pwd|secret|bar|p|pw|xxx+)\Z"
)


def _is_sample(user: str, password: str, host: str) -> bool:
    """Whether an address is one that documentation shows."""
    if re.search(r"(?:^|\.)example(?:\.|\Z)", host) or host in ("", "host", "hostname", "server"):
        return True
    first = re.split(r"[-_.]", user.lower())[0]
    return first in _SAMPLE_USERS and _SAMPLE_PASSWORDS.match(password) is not None


def read(file: File, text: str, notes: Notes) -> Iterable[Text]:
    """The text part of a file."""
    return [Text(file, text)]
