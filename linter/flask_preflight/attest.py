"""What is to be said about the evidence that a project gives for its practices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask_preflight.config import SOON_DAYS, Settings
from flask_preflight.facts import Attestation
from flask_preflight.result import Message, Result

EXPIRED = Message("the evidence for {0} expired on {1} and no longer counts", "expired")
UNDATED = Message("the evidence for {0} was never reviewed", "undated")
EXPIRES = Message("the evidence for {0} expires on {1}", "expires")


def remarks(settings: Settings) -> Iterator[Result]:
    """What has expired, what soon will, and what has no date."""
    given: Mapping[str, Attestation] = settings.values["evidence"]
    if not given:
        return
    today, soon = settings.day(), settings.day(SOON_DAYS)
    for key, one in given.items():
        where = settings.place(key)
        if not one.expires:
            said = Result(where, UNDATED(key), level="note", rule_id="PRE021")
        elif one.expires < today:
            said = Result(where, EXPIRED(key, one.expires), level="warning", rule_id="PRE021")
        elif one.expires <= soon:
            said = Result(where, EXPIRES(key, one.expires), level="note", rule_id="PRE022")
        else:
            continue
        if settings.speaks(said.rule_id):
            yield said
