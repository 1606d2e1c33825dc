"""What a literal value in a manifest gives away."""

from __future__ import annotations

from collections.abc import Iterable

from flask_preflight.artifacts import secret


def judge(name: str, value: str, known: frozenset[str]) -> tuple[str | None, bool]:
    """`real` or `weak`, and whether it is a password in an address.

    `known`: what a password must not be, since it is written beside it.
    """
    password = secret.url_password(value)
    kind = "pw" if password is not None else secret.secret_name(name)
    if kind is None:
        return None, False
    text = value if password is None else password
    found = secret.classify(text, kind, name)
    if found == "real" and text.strip().lower() in known:
        found = "weak"
    if found == "identifier" and password is None and secret.signs(name):
        found = "weak"
    return (found if found in ("real", "weak") else None), password is not None


def names(pairs: Iterable[tuple[str, str]]) -> Iterable[str]:
    """The values of variables that name users, databases and hosts."""
    for name, value in pairs:
        last = secret.words(name)[-1:]
        if last in (["user"], ["username"], ["db"], ["database"], ["name"], ["host"]) and value:
            yield value.lower()
