"""Tokens that services hand out, recognised by their shape.

The patterns are those that the services document or that secret scanners agree on, as of November
2026. A token is looked for at the start of a run of token characters, so that ordinary text is
passed over by one translation and one look-up for each word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from flask_preflight.artifacts.secret import entropy

PRIVATE_KEY = "PRIVATE" + " KEY"


class Provider(NamedTuple):
    """One kind of token. `prefix` begins every one of them and is public."""

    name: str
    prefix: str
    pattern: str


PROVIDERS = (
    Provider("github", "ghp_", r"ghp_[A-Za-z0-9]{36,255}"),
    Provider("github", "gho_", r"gho_[A-Za-z0-9]{36,255}"),
    Provider("github", "ghu_", r"ghu_[A-Za-z0-9]{36,255}"),
    Provider("github", "ghr_", r"ghr_[A-Za-z0-9]{36,255}"),
    Provider("github", "ghs_", r"ghs_[A-Za-z0-9._-]{36,}"),
    Provider("github", "github_pat_", r"github_pat_[A-Za-z0-9_]{82}"),
    Provider(
        "gitlab",
        "glpat-",
        r"gl(?:pat|dt|rt|rtr|ptt|cbt|soat|agent|ffct|imt|oas|ft)-[\w.=-]{20,300}",
    ),
    Provider("gitlab", "gldt-", r"gldt-[\w.=-]{20,300}"),
    Provider("gitlab", "glrt-", r"glrt-[\w.=-]{20,300}"),
    Provider("gitlab", "glptt-", r"glptt-[\w.=-]{20,300}"),
    Provider("gitlab", "GR1348941", r"GR1348941[\w-]{20}"),
    Provider("bitbucket", "ATBB", r"ATBB\w{24,}"),
    Provider("aws", "AKIA", r"AKIA[A-Z2-7]{16}\b"),
    Provider("aws", "ASIA", r"ASIA[A-Z2-7]{16}\b"),
    Provider("google", "AIza", r"AIza[\w-]{35}"),
    Provider("google", "GOCSPX-", r"GOCSPX-[\w-]{28}"),
    Provider("slack", "xoxb-", r"xox[abposre]-[0-9A-Za-z-]{10,250}"),
    Provider("slack", "xoxp-", r"xoxp-[0-9A-Za-z-]{10,250}"),
    Provider("slack", "xoxa-", r"xoxa-[0-9A-Za-z-]{10,250}"),
    Provider("stripe", "sk_live_", r"sk_live_[0-9A-Za-z]{16,247}"),
    Provider("stripe", "rk_live_", r"rk_live_[0-9A-Za-z]{16,247}"),
    Provider("sendgrid", "SG.", r"SG\.[\w-]{16,32}\.[\w-]{32,64}"),
    Provider("npm", "npm_", r"npm_[A-Za-z0-9]{36}"),
    Provider("pypi", "pypi-AgE", r"pypi-AgE[\w-]{50,}"),
    Provider("docker", "dckr_pat_", r"dckr_pat_[\w-]{24,}"),
    Provider("digitalocean", "dop_v1_", r"dop_v1_[0-9a-f]{64}"),
    Provider("huggingface", "hf_", r"hf_[A-Za-z0-9]{34}"),
    Provider("anthropic", "sk-ant-", r"sk-ant-[a-z]+\d\d-[\w-]{80,}"),
    Provider("openai", "sk-proj-", r"sk-proj-[\w-]{20,}T3BlbkFJ[\w-]{20,}"),
    Provider("vault", "hvs.", r"hvs\.[\w-]{24,}"),
    Provider("sentry", "sntryu_", r"sntryu_[a-f0-9]{64}"),
    Provider("shopify", "shpat_", r"shpat_[a-fA-F0-9]{32}"),
    Provider("jwt", "eyJ", r"eyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{20,1000}"),
)
CODE_HOSTS = frozenset(("github", "gitlab", "bitbucket"))
_LETTERS = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-")
_SHORTEST = 20


class Token(NamedTuple):
    """A token in a text, by its offsets."""

    provider: str
    prefix: str
    start: int
    end: int


@cache
def _separators() -> dict[int, str]:
    """Turns every character that cannot be in a token into a blank."""
    return {code: " " for code in range(256) if chr(code) not in _LETTERS}


@cache
def _by_start() -> dict[str, tuple[tuple[Provider, re.Pattern[str]], ...]]:
    """The patterns by the first three characters of their tokens."""
    found: dict[str, list[tuple[Provider, re.Pattern[str]]]] = {}
    for provider in PROVIDERS:
        found.setdefault(provider.prefix[:3], []).append((provider, re.compile(provider.pattern)))
    return {start: tuple(pairs) for start, pairs in found.items()}


def tokens(text: str) -> Iterator[Token]:
    """Every token in the text that is no documentation sample."""
    starts = _by_start()
    position = 0
    words = text.translate(_separators()).split()
    for word in [one for one in words if len(one) >= _SHORTEST and one[:3] in starts]:
        position = max(text.find(word, position), position)
        for provider, pattern in starts[word[:3]]:
            match = pattern.match(word) if word.startswith(provider.prefix[:4]) else None
            if match is not None and _is_alive(match[0][len(provider.prefix) :]):
                end = position + match.end()
                yield Token(provider.name, provider.prefix, position, end)
                break


def _is_alive(body: str) -> bool:
    """Whether the part after the prefix can be of a real token."""
    sample = body.upper()
    return "EXAMPLE" not in sample and "XXXX" not in sample and entropy(body) >= 3.0


_WEBHOOKS = (
    ("Slack", "hooks.slack.com/", r"(?:services|workflows|triggers)/[A-Za-z0-9/+]{40,60}"),
    ("Discord", "/api/webhooks/", r"\d{17,20}/[\w-]{60,80}"),
    ("Teams", ".webhook.office.com/", r"webhookb2/[\w@.-]{36,80}/IncomingWebhook/[\w/-]{32,90}"),
)


def webhooks(text: str) -> Iterator[Token]:
    """Addresses of channels for messages; their secret part follows the prefix."""
    for name, host, path in _WEBHOOKS:
        start = text.find(host)
        while start >= 0:
            stop = start + len(host)
            match = re.compile(path).match(text, stop)
            if match is not None and _is_alive(match[0]):
                yield Token(name, host, start, match.end())
            start = text.find(host, stop)


@cache
def _key() -> re.Pattern[str]:
    begin = "-----BEGIN (?:(RSA|DSA|EC|OPENSSH|ENCRYPTED|PGP) )?" + PRIVATE_KEY + "(?: BLOCK)?-----"
    separator = r"(?:[\s\"'+\\,#*]|\\n|(?:Version|Comment|Proc-Type|DEK-Info):[^\n]{0,200})"
    return re.compile(begin + rf"{separator}{{0,200}}?(?:[A-Za-z0-9+/=]{separator}{{0,4}}){{64}}")


_ENCODED = "LS0tLS1CRUdJTi"
"""How the first line of a key begins in base 64, as Secrets of Kubernetes hold it."""


def _encoded(text: str) -> Iterator[PrivateKey]:
    import binascii

    for match in re.finditer(_ENCODED + r"[A-Za-z0-9+/]{80,20000}", text):
        whole = match[0][: len(match[0]) // 4 * 4]
        try:
            decoded = binascii.a2b_base64(whole).decode("ascii", "replace")
        except binascii.Error:
            continue
        for key in private_keys(decoded):
            yield PrivateKey(match.start(), match.end(), key.encrypted)


class PrivateKey(NamedTuple):
    """A private key in a text; `encrypted` ones need a passphrase as well."""

    start: int
    end: int
    encrypted: bool


def private_keys(text: str) -> Iterator[PrivateKey]:
    """Every private key with a body in the text, also those that are encoded once more."""
    if _ENCODED in text:
        yield from _encoded(text)
    if PRIVATE_KEY not in text:
        return
    for match in _key().finditer(text):
        sealed = match[1] == "ENCRYPTED" or "ENCRYPTED" in match[0][:200]
        yield PrivateKey(match.start(), match.end(), sealed)


@cache
def _key_line() -> re.Pattern[str]:
    return re.compile(r"[A-Za-z0-9+/]{60,}={0,2}")


def spans(text: str) -> Iterator[tuple[int, int]]:
    """The offsets of everything in a line that must not be shown."""
    for token in (*tokens(text), *webhooks(text)):
        yield token.start + len(token.prefix), token.end
    for match in _key_line().finditer(text):
        yield match.span()
