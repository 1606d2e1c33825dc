"""What is a secret by its name, what by its value, and how text is shown without it.

The only place that decides this; imported by every report, so expressions are made when used.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from functools import cache
from typing import Literal

from flask_preflight.artifacts.source import HOLE
from flask_preflight.lazy import expression

Kind = Literal["pw", "key"]
Verdict = Literal["absent", "reference", "public", "placeholder", "identifier", "weak", "real"]
REDACTED = "[REDACTED]"

_TRAILING = frozenset(
    "dev prod production staging default fallback primary secondary b base value str string plain "
    "old new current".split()
)
_NOT_LAST = frozenset(
    "file path dir url uri name id length len size type algorithm alg header headers prefix suffix "
    "ttl expiry expire expires expiration timeout field fields label placeholder hint help text "
    "policy regex pattern ref store arn env var variable count limit enabled required message "
    "title description subject body template form view page route endpoint backend class "
    "function method "
    "manager provider reset change error errors invalid lifetime age days minutes seconds hours "
    "version format validator validators rounds scheme schemes selector input button column list "
    "map mapping location locations host port user username email mode index generator hash hasher "
    "hashes digest status loader cls domain csrf set keys rotation scope scopes permission "
    "permissions created updated changed at by test types kind source storage cookie issuer "
    "audience region".split()
)
_NOT_FIRST = frozenset(
    "no is has use require requires required enable disable reset forgot change max min show hide "
    "toggle allow check verify validate generate get set create update delete public pub next page "
    "continuation csrf xsrf invalid wrong bad expired missing test fake dummy mock sample demo "
    "example".split()
)
_PASSWORD = frozenset("password passwd pwd pass passphrase passcode pw passw".split())
_KEY = frozenset(
    "secret secrets token apikey credential credentials creds secretkey privatekey accesskey "
    "pepper".split()
)
_JOINED_PASSWORD = ("password", "passwd", "passphrase")
_JOINED_KEY = (
    "apikey", "secretkey", "privatekey", "accesskey", "authtoken", "apitoken", "secret", "token",
)  # fmt: skip
_SHORT_PASSWORDS = frozenset("dbpass userpass rootpass mypass dbpw dbpwd".split())
_BEFORE_KEY = frozenset(
    "api secret private access signing encryption encrypt auth master account service crypt hmac "
    "jwt fernet license deploy".split()
)
_EXACT: dict[str, Kind] = {
    "AWS_SECRET_ACCESS_KEY": "key",
    "AWS_SESSION_TOKEN": "key",
    "PGPASSWORD": "pw",
    "MYSQL_PWD": "pw",
    "AZURE_CLIENT_SECRET": "key",
    "AZURE_STORAGE_KEY": "key",
    "OCI_CLI_KEY_CONTENT": "key",
    "SECURITY_PASSWORD_SALT": "key",
    "RABBITMQ_ERLANG_COOKIE": "key",
}
_SIGNING = expression(r"(?i)secret_?key\Z|jwt|cookie|session|fernet|salt|hmac|pepper|csrf|signing")


def words(name: str) -> list[str]:
    """The words of a name in lower case: `dbPASSWORDHash` has db, password and hash."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return [word.lower() for word in re.split(r"[^A-Za-z0-9]+", spaced) if word]


@cache
def secret_name(name: str) -> Kind | None:
    """Whether what has this name is a password or a key, by the last part of a dotted name."""
    last = re.split(r"[.\[]", name.rstrip("]'\""))[-1].strip("'\"")
    if last in _EXACT:
        return _EXACT[last]
    found = words(last)
    while len(found) > 1 and (found[-1].isdigit() or found[-1] in _TRAILING):
        found.pop()
    if not found or len(last) > 200 or _is_innocent(found):
        return None
    return _by_words(found)


def _is_innocent(found: list[str]) -> bool:
    if found[-1] in _NOT_LAST or {"pub", "public", "tokenizer"}.intersection(found):
        return True
    if found[0] in _NOT_FIRST:
        return not (found[0] in ("csrf", "xsrf") and found[-1] in ("key", "secret"))
    if found[-1] == "token" and {"idempotency", "request"}.intersection(found):
        return True
    guards = [index for index, word in enumerate(found) if word in ("csrf", "xsrf")]
    return any(found[index + 1 : index + 2] == ["token"] for index in guards)


def _by_words(found: list[str]) -> Kind | None:
    last = re.sub(r"\d+\Z", "", found[-1]) or found[-1]
    if last in _PASSWORD or last in _SHORT_PASSWORDS or last.endswith(_JOINED_PASSWORD):
        return "pw"
    if last in _KEY or last.endswith(_JOINED_KEY):
        return "key"
    pair = found[-2:]
    if len(pair) == 2 and (
        pair[1] == "key" and pair[0] in _BEFORE_KEY or pair == ["password", "salt"]
    ):
        return "key"
    return None


def signs(name: str) -> bool:
    """Whether the secret of this name signs or encrypts: whoever guesses it forges sessions."""
    return secret_name(name) is not None and _SIGNING.search(name) is not None


def classify(value: str, kind: Kind = "key", name: str = "") -> Verdict:
    """What a literal value is. `name` is what it is assigned to."""
    value = value.strip()
    lowered = value.lower()
    if len(value) < 3 or lowered in _NOTHING or kind == "pw" and value.isdigit() and len(value) < 4:
        return "absent"
    for verdict, pattern in _expressions():
        if pattern.search(value):
            return verdict
    if HOLE in value:
        # A part of it comes from elsewhere: `"Bearer " + token`.
        return "reference"
    if name and "".join(words(name)) == "".join(words(value)):
        return "identifier"
    if _address().fullmatch(value):
        return "identifier"
    if _placeholder().search(value):
        return "placeholder"
    if weak(value):
        return "weak"
    if kind == "key" and _identifier(value):
        return "identifier"
    return _by_shape(value, kind)


def judge(name: str, value: str, known: Container[str] = ()) -> tuple[Verdict | None, bool]:
    """`real` or `weak`, and whether it is a password in an address.

    `known`: what a password must not be, since it is written beside it.
    """
    password = url_password(value)
    kind: Kind | None = "pw" if password is not None else secret_name(name)
    if kind is None:
        return None, False
    text = value if password is None else password
    found = classify(text, kind, name)
    if found == "real" and text.strip().lower() in known:
        found = "weak"
    if found == "identifier" and password is None and signs(name):
        found = "weak"
    return (found if found in ("real", "weak") else None), password is not None


def names(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The values of variables that name users, databases and hosts."""
    for name, value in pairs:
        if value and words(name)[-1:] in _NAMING:
            yield value.lower()


_NAMING = [[word] for word in ("user", "username", "db", "database", "name", "host")]
_NOTHING = frozenset("none null nil true false yes no on off".split())


def _by_shape(value: str, kind: Kind) -> Verdict:
    if kind == "pw":
        return "real" if len(value) >= 4 and not re.search(r"\s", value) else "identifier"
    return "real" if len(value) >= 8 and entropy(value) >= 2.5 else "identifier"


@cache
def _expressions() -> tuple[tuple[Verdict, re.Pattern[str]], ...]:
    """References to something kept elsewhere, and values that may be published."""
    reference = (
        r"\$\{|\$\(|\{\{|\{%|<%|%\(|#\{|\A\$[A-Za-z_]|\A@\w+@\Z|\A__\w+__\Z|\A%\w+%\Z|\A!vault"
        r"|\AENC\[|\A\$ANSIBLE_VAULT|\A(?:vault|ref\+\w*|op|ssm|secretsmanager|arn|env|file|data"
        r"|sops|kms):|\Aprojects/[^/]+/secrets/|\A@Microsoft\.KeyVault|\AAQICAH|\A\.{0,2}/|\A~/"
        r"|\A[A-Za-z]:\\|\A%\(?\w*\)?s\Z|\A\{\w*\}\Z|\A:\w+\Z|\A\?\Z"
    )
    public = (
        r"BEGIN (?:PUBLIC KEY|RSA PUBLIC KEY|CERTIFICATE)|\Assh-(?:rsa|ed25519) |\Aage1[a-z0-9]"
        r"|\A\$(?:2[abxy]|argon2\w*|5|6|y|apr1)\$|\A\$?pbkdf2|\Ascrypt:|\A(?:bcrypt|argon2)\b"
        r"|\A\{S?SHA\d*\}|\Asha(?:1|256|512)\$|\Amd5[0-9a-f]{32}\Z|\Apk_(?:live|test)_"
        r"|\Ahttps?://\w+@[^/]*sentry"
    )
    return (("reference", re.compile(reference)), ("public", re.compile(public)))


@cache
def _address() -> re.Pattern[str]:
    """Addresses in which nothing signs in, types of media, and words for what is no password."""
    return re.compile(
        r"[a-z][a-z0-9+.-]*://[^\s@?#]*"
        r"|(?:application|audio|image|message|multipart|text|video)/[\w.+-]+(?:;.*)?"
        r"|invalid|unknown|anonymous|disabled|unusable"
    )


@cache
def _placeholder() -> re.Pattern[str]:
    return re.compile(
        r"\A(?:<[^<>]*>|\[[^\[\]]*\]|x{4,}|\*{3,}|\.{3}|-+|_+"
        r"|(?:your|my|the|some|insert|enter|put|add|replace|paste|set|use|provide|fill|type|choose"
        r"|specify)[-_. ].*"
        r"|(?-i:(?:[Yy]our|[Ss]ome|[Ii]nsert|[Ee]nter)[A-Z][A-Za-z]*)"
        r"|todo|tbd|fixme|n\.a\.|n/a|undefined|unset|required|optional|default)\Z"
        r"|(?:your|insert|replace|enter|paste|fill)[-_ ]?(?:me|this|here|with|own|in)"
        r"|here\Z|placeholder|redacted|EXAMPLE|\bexample\b",
        re.IGNORECASE,
    )


@cache
def _weak_values() -> re.Pattern[str]:
    listed = (
        "admin|root|user|postgres|mysql|redis|rabbitmq|guest|mongo|test(?:ing)?|dev(?:elopment)?"
        "|demo|sample|dummy|fake|foo|bar|baz|qwerty|abc|letmein|default|notasecret|temp|local|key"
        "|token|string|docker|minioadmin|tralala|password|secret|passwd|flask|changeme|app|web"
    )
    return re.compile(
        rf"(?:{listed})[-_]?\d{{0,4}}!?|.*change[-_ ]?(?:me|it|this).*|pass(?:word|wd)?\d*"
        r"|.*password\d*!?|.*pass|.*secret(?:[-_ ]?key)?\d*|super[-_ ]?secret.*"
        r"|my[-_ ](?:super[-_ ])?secret.*|not[-_ ](?:so[-_ ]|a[-_ ])secret.*|top[-_ ]?secret.*"
        r"|very[-_ ]secret.*|ultrasecretkey|s3cr3t.*|p@ssw0rd.*|insecure.*|secret[-_].*"
        r"|you[-_ ]will[-_ ]never[-_ ]guess.*|.*hard[-_ ]to[-_ ]guess.*|dev[-_].*key.*"
        r"|.*[-_ ]for[-_ ](?:dev|development|testing|tests?|demos?)|.*not[-_ ]?set|(.)\1*",
        re.IGNORECASE,
    )


def weak(value: str) -> bool:
    """Whether anybody would guess it: a word of the usual lists, or one character after another."""
    value = value.strip()
    if len(value) > 200:
        return False
    return _weak_values().fullmatch(value) is not None or _sequential(value)


def _sequential(value: str) -> bool:
    if len(value) < 3:
        return False
    codes = list(map(ord, value))
    steps = {codes[index + 1] - code for index, code in enumerate(codes[:-1])}
    return steps in ({1}, {-1})


def _identifier(value: str) -> bool:
    lowered = value.lower()
    if re.fullmatch(r"[A-Za-z]+(?:[_.\- ][A-Za-z]+)+", value) or value.startswith("__"):
        return True
    if re.fullmatch(r"\w+[=:]\w+", value) or len(value.split()) > 3:
        return True
    return lowered in (
        "str", "text", "boolean", "integer", "hidden", "invalid", "unknown", "anonymous", "bearer",
        "basic",
    )  # fmt: skip


def entropy(value: str) -> float:
    """Shannon's, in bits per character."""
    counts = Counter(value)
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())


def looks_random(value: str) -> bool:
    """Whether a machine made it; only ever used to take a doubtful place seriously."""
    if len(value) < 20 or not re.search(r"\d", value) or not re.search(r"[A-Za-z]", value):
        return False
    needed = 3.0 if re.fullmatch(r"[0-9a-fA-F]+", value) else 3.5
    return entropy(value) >= needed and not _sequential(value)


@cache
def _url() -> re.Pattern[str]:
    return re.compile(r"://([^\s/@:\"'<>]{0,64}):([^\s/@\"'<>|]{1,128})@([\w.\-\[\]:]*)")


def url_password(text: str) -> str | None:
    """The password in an address; None if it has none that is written out."""
    span = url_password_span(text)
    return None if span is None else text[span[0] : span[1]]


def url_password_span(text: str, start: int = 0) -> tuple[int, int] | None:
    """The offsets of the first password in an address after `start`."""
    while "://" in text[start:] and "@" in text[start:]:
        found = _url().search(text, start)
        if found is None:
            return None
        password = found[2]
        if not re.fullmatch(r"\d{2,5}", password) and not re.search(r"[{}\\%$]", password):
            return found.span(2)
        start = found.end(2)
    return None


@cache
def _assignment() -> re.Pattern[str]:
    """`NAME = value` in its many spellings; names are judged afterwards."""
    return re.compile(
        r"(?P<name>[A-Za-z_][\w.\-]{1,79})[\"']?\]?\s{0,8}(?:\)\s?)?(?P<mark>:=|\?=|=>|==?|:|,)\s{0,8}"
        r"(?P<prefix>[rbfuRBFU]{0,2})(?P<quote>[\"']?)(?P<value>[^\"'\n]{3,400})"
    )


@cache
def _credentials() -> re.Pattern[str]:
    """What commands and headers sign in with: `Authorization: Bearer …`, `curl -u name:…`."""
    return re.compile(
        r"(?i)\bauthorization[\"']?\s{0,8}[:=,]\s{0,8}[\"']?(?:[a-z]{4,8}\s{1,8})?"
        r"(?P<header>[^\s\"'$<{(]{8,})"
        r"|(?:^|\s)(?:-u|--user)[ =]?[\"']?[\w.@-]{1,64}:(?P<password>[^\s\"'$<{(]{3,})"
    )


def mask(text: str, above: str = "") -> str:
    """A line with everything in it that must not be printed replaced; `above` is the line before.

    Kubernetes writes the name of a variable on one line and its value on the next.
    """
    from flask_preflight.artifacts.providers import spans

    found = [*spans(text), *_assigned(text), *_quoted(text), *_paired(text, above), *_signed(text)]
    span = url_password_span(text)
    while span is not None:
        found.append(span)
        span = url_password_span(text, span[1])
    shown = len(text)
    for start, end in sorted(found, reverse=True):
        if end <= shown and REDACTED not in text[start:end]:
            text = text[:start] + REDACTED + text[end:]
            shown = start
    return text


def _signed(text: str) -> list[tuple[int, int]]:
    """The values of `_credentials`, without the groups of `docker run --user 1000:1000`."""
    spans = (found.span(found.lastgroup or 0) for found in _credentials().finditer(text))
    return [span for span in spans if not text[slice(*span)].isdecimal()]


def _assigned(text: str) -> list[tuple[int, int]]:
    """The values of names that are secrets."""
    if not _hinted(text):
        return []
    found = []
    start = 0
    while (match := _assignment().search(text, start)) is not None:
        start = match.end("name")
        if secret_name(match["name"]) and _shows(match):
            found.append((match.start("value"), _end(match)))
    return found


def _paired(text: str, above: str) -> list[tuple[int, int]]:
    """The value of a `name:` and `value:` pair."""
    value = re.search(r"\bvalue[\"']?\s*:\s*[\"']?([^\s\"',}\]][^\"',}\]\n]*)", text)
    name = re.search(r"\bname[\"']?\s*:\s*[\"']?([\w.-]+)", text) if value else None
    if value is not None and name is None:
        name = re.search(r"\bname[\"']?\s*:\s*[\"']?([\w.-]+)", above)
    if value is None or name is None or secret_name(name[1]) is None:
        return []
    shown = classify(value[1].strip(), secret_name(name[1]) or "key", name[1])
    return [value.span(1)] if shown in ("real", "weak", "identifier", "placeholder") else []


def _quoted(text: str) -> list[tuple[int, int]]:
    """The literals on a line that is about a secret, wherever they stand in it."""
    if not _hinted(text):
        return []
    named = (secret_name(word) for word in re.findall(r"[A-Za-z_][\w\-]{1,79}", text))
    if not any(named):
        return []
    return [
        (found.start(2), found.end(2))
        for found in re.finditer(r"([\"'])((?:(?!\1)[^\\\n]){3,400})\1", text)
        if not secret_name(found[2]) and classify(found[2]) in ("real", "weak")
    ]


def _hinted(text: str) -> bool:
    lowered = text.lower()
    return any(hint in lowered for hint in _HINTS)


_HINTS = ("pass", "pwd", "pw", "secret", "token", "key", "cred", "salt", "pepper", "cookie")


def _end(found: re.Match[str]) -> int:
    value = found["value"] if found["quote"] else re.split(r"[\s,;}\])#]", found["value"])[0]
    return found.start("value") + len(value)


def _shows(found: re.Match[str]) -> bool:
    """Whether the value is a literal that gives something away."""
    value = found["value"] if found["quote"] else re.split(r"[\s,;}\])#]", found["value"])[0]
    if not found["quote"] and (found["mark"] == "," or re.search(r"[(\[.]", value)):
        return False
    kind = secret_name(found["name"]) or "key"
    return classify(value, kind, found["name"]) in ("real", "weak", "identifier", "placeholder")
