"""The HTTP request that a health check's command makes, where it is one that can be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from flask_preflight.artifacts.shell import Command
from flask_preflight.lazy import expression
from flask_preflight.result import Location


class Request(NamedTuple):
    """What is asked for. `port` is None where it depends on a variable, `path` where there is none.

    A command that only opens a connection (`nc -z`) has no path. `host` is as written.
    """

    method: str
    scheme: str
    host: str
    port: int | None
    path: str | None
    headers: Mapping[str, str]
    location: Location

    @property
    def foreign(self) -> str:
        """The host where it is not the container itself, else empty."""
        return "" if _OWN_HOST.match(self.host) else self.host


_OWN_HOST = expression(r"localhost\Z|127\.|0\.0\.0\.0\Z|\[::|\$")
_URL = expression(
    r"(?:(https?)://)?(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|\$\{?HOSTNAME\}?|[\w.-]{1,253})"
    r"(?::(\d{1,5}|\$\{[^}]{0,200}\}|\$\w+))?(?=[/?#'\"\s)]|\Z)(/[^\s'\"?#)]*)?",
    re.I,
)
_LOCAL = expression(
    r"(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|\$\{?HOSTNAME\}?)(?![\w.])", re.I
)
_VALUED: dict[str, frozenset[str]] = {
    "curl": frozenset(
        "-o --output -H --header -X --request -m --max-time -u --user -A --user-agent -w -d --data "
        "--write-out --retry --retry-delay --connect-timeout --unix-socket --resolve -e --referer "
        "--cacert --cert --key -x --proxy -T".split()
    ),
    "wget": frozenset("-O -o -T --timeout -t --tries -U --header -P --user-agent".split()),
}
_CLIENTS = frozenset("curl wget http https xh httpie".split())


def request_of(commands: Iterable[Command]) -> Request | None:
    """The first request among these commands; None where none can be read."""
    for command in commands:
        program = command.program
        if program in _CLIENTS:
            found = _client(command)
        elif re.fullmatch(r"(?:python|pypy)[\d.]*", program) and "-c" in command.words:
            found = _python(command)
        elif program in ("nc", "ncat", "netcat"):
            found = _connection(command)
        else:
            continue
        if found is not None:
            return found
    return None


def _client(command: Command) -> Request | None:
    index, valued = 1, _VALUED.get(command.program, frozenset())
    while index < len(command.words):
        word = command.words[index]
        if word.startswith("-"):
            # Short options may share one dash; the last of them takes the value.
            last = "-" + word[-1] if word[1:2] != "-" and word.isascii() else word
            index += 2 if word in valued or last in valued else 1
            continue
        if "://" in word or _LOCAL.match(word):
            method = command.value("-X", "--request") or "GET"
            if command.has("-I", "--head") and command.program == "curl":
                method = "HEAD"
            if "--unix-socket" in command.words:
                return None
            return _request(word, method.upper(), _headers(command), command.locations[index])
        index += 1
    return None


def _headers(command: Command) -> dict[str, str]:
    found = {}
    for text, _ in command.values("-H", "--header"):
        name, colon, value = text.partition(":")
        if colon:
            found[name.strip().lower()] = value.strip()
    return found


def _python(command: Command) -> Request | None:
    index = command.words.index("-c") + 1
    if index >= len(command.words):
        return None
    found = re.search(r"https?://[^\s'\"]{1,2000}", command.words[index])
    if found is None:
        return None
    return _request(found[0], "GET", {}, command.locations[index])


def _connection(command: Command) -> Request | None:
    words = [word for word in command.words[1:] if not word.startswith("-")]
    if len(words) < 2 or not words[-1].isdigit():
        return None
    return Request("", "tcp", words[-2], int(words[-1]), None, {}, command.location)


def _request(text: str, method: str, headers: Mapping[str, str], where: Location) -> Request | None:
    found = _URL.match(text)
    if found is None:
        return None
    scheme = (found[1] or "http").lower()
    port = found[3] or {"http": "80", "https": "443"}[scheme]
    number = int(port) if port.isdigit() else None
    path = found[4] or "/"
    return Request(method, scheme, found[2], number, None if "$" in path else path, headers, where)
