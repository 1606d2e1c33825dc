"""The group PRE: what the linter says about its own work, about suppressions and configuration."""

from __future__ import annotations

from typing import NamedTuple

from flask_preflight.result import Level


class Own(NamedTuple):
    """One thing that the linter may have to say; the wording of a case is in its message."""

    id: str
    name: str
    level: Level
    summary: str
    description: str
    fix: str


OWN: dict[str, Own] = {
    own.id: own
    for own in (
        Own(
            "PRE001",
            "unused-suppression",
            "warning",
            "A suppression suppresses nothing.",
            "The fault it was written for is gone, or the comment stands at the wrong place. Left "
            "behind, it would hide the next fault of this kind.",
            "remove the suppression, or move it to the line it is about.",
        ),
        Own(
            "PRE002",
            "invalid-suppression",
            "warning",
            "A suppression cannot be understood and therefore suppresses nothing.",
            "A suppression names rules, one by one: `preflight: ignore[CODE] reason`. Prefixes, "
            "`ALL` and unknown names hide nothing.",
            "write `preflight: ignore[CODE] reason` with the code or the name of a rule.",
        ),
        Own(
            "PRE003",
            "expired-suppression",
            "warning",
            "The date of a suppression has passed.",
            "What it hid is reported again, because that was agreed when it was written.",
            "mend the fault, or give the suppression a new date.",
        ),
        Own(
            "PRE004",
            "suppression-without-reason",
            "error",
            "A suppression gives no reason although the project asks for one.",
            "`require-reasons` is set in the configuration of this project.",
            "write the reason behind the bracket.",
        ),
        Own(
            "PRE010",
            "file-not-parsed",
            "error",
            "A file cannot be parsed, so nothing about it is certain.",
            "What reads this file in production will refuse it too, and no rule has seen what "
            "stands behind the fault.",
            "mend the syntax, or exclude the file if it is broken on purpose.",
        ),
        Own(
            "PRE011",
            "file-not-analysed",
            "note",
            "A file was not read, or not in full.",
            "It is over a limit, could not be opened, or is a template of something else.",
            "exclude the file, or pass what is made of it.",
        ),
        Own(
            "PRE012",
            "results-left-out",
            "note",
            "There were more results than a report can hold.",
            "The strongest ones are in the report; the exit code counts all.",
            "mend what is shown, or select fewer rules.",
        ),
        Own(
            "PRE020",
            "unknown-rule",
            "warning",
            "The configuration ignores a rule that does not exist.",
            "It may belong to another version; until then the entry does nothing.",
            "correct or remove the entry.",
        ),
        Own(
            "PRE021",
            "evidence-expired",
            "warning",
            "Evidence for a practice is out of date, or was never reviewed.",
            "What nobody has looked at for a year is no evidence; an expired statement no longer "
            "counts.",
            "review the practice and write the new date.",
        ),
        Own(
            "PRE022",
            "expires-soon",
            "note",
            "A suppression or evidence expires within two weeks.",
            "After its date, what it hides is reported again.",
            "mend the fault in time, or agree on a new date.",
        ),
        Own(
            "PRE030",
            "rule-failed",
            "error",
            "A part of the linter failed, so the answer is not complete.",
            "This is a mistake of the linter. All other rules have run.",
            "report it with the smallest file that shows it.",
        ),
        Own(
            "PRE031",
            "reference-not-resolved",
            "note",
            "A reference leads nowhere or to several things.",
            "Rules that would need it stay silent.",
            "name what is meant, if rules across files shall see it.",
        ),
    )
}
