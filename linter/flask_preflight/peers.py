"""Comments that silence other tools, as far as they name a fault by an id of theirs.

What a rule is `known_as` by such an id is not reported where the other tool is told not to report
it. Comments without an id silence nothing here.

Sources: Ruff, "The Ruff Linter: Error suppression"; Bandit, "Exclusions"; hadolint, "Inline
ignores"; Checkov, "Suppressing and Skipping Policies"; Semgrep, "Ignore files, folders, and code";
zizmor, "Ignoring results"; KubeLinter, "Ignoring violations"; kube-score, "Ignoring a test";
Polaris, "Exemptions"; Trivy, "Filtering: By Inline Comments"; detect-secrets, "Allowlisting".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from flask_preflight.lazy import expression

NEEDLES = (
    "noqa",
    "NOQA",
    "nosec",
    "nosem",
    "hadolint",
    "checkov",
    "bridgecrew:",
    "trivy:ignore",
    "zizmor:",
    "kube-linter.io/",
    "kube-score/ignore",
    "polaris.fairwinds.com/",
    "allowlist",
    "gitleaks:allow",
)
"""A file without any of these texts holds no such comment."""
TOOLS = (
    "noqa",
    "nosec",
    "hadolint",
    "checkov",
    "nosemgrep",
    "zizmor",
    "kube-linter",
    "kube-score",
    "polaris",
    "trivy",
    "secrets",
)
MARK = expression(
    r"(?P<leader>#|;|//)[ \t]*(?P<body>(?i:noqa|nosec|nosem(?:grep)?|ruff|flake8|hadolint|checkov"
    r"|bridgecrew|trivy|zizmor|pragma|gitleaks)\b[^#]*)"
)
_CODES = r"([A-Za-z]+\d+(?:[\s,]+[A-Za-z]+\d+)*)"


class Silenced(NamedTuple):
    """What one comment says. `scope`: "line", "next", "stage" or "file"."""

    tool: str
    ids: tuple[str, ...]
    reason: str = ""
    until: str = ""
    scope: str = "line"


def _codes(text: str) -> tuple[str, ...]:
    return tuple(filter(None, re.split(r"[\s,]+", text.strip())))


def _prefixed(tool: str, text: str) -> tuple[str, ...]:
    """Ids that are words carry the name of their tool, as in `known_as`."""
    return tuple(f"{tool}:{one.rpartition('.')[2]}" for one in _codes(text))


def _hadolint(found: re.Match[str]) -> Silenced:
    scope = {"stage": "stage", "global": "file"}.get((found[1] or "").strip(), "line")
    return Silenced("hadolint", _codes(found[2]), scope=scope)


def _secrets(found: re.Match[str]) -> Silenced:
    return Silenced("secrets", ("secrets",), scope="next" if "nextline" in found[0] else "line")


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Silenced]], ...] = (
    (
        expression(rf"(?i:ruff|flake8):\s*noqa:\s*{_CODES}"),
        lambda found: Silenced("noqa", _codes(found[1]), scope="file"),
    ),
    (expression(rf"(?i:noqa)\s*:\s*{_CODES}"), lambda found: Silenced("noqa", _codes(found[1]))),
    (
        expression(r"nosec:?\s*((?:B\d{3}[\s,]*)+)"),
        lambda found: Silenced("nosec", _codes(found[1])),
    ),
    (
        expression(r"nosem(?:grep)?\s*:\s*([\w.,\s-]+)"),
        lambda found: Silenced("nosemgrep", _prefixed("semgrep", found[1])),
    ),
    (expression(r"hadolint\s+(stage\s+|global\s+)?ignore=([\w, ]+)"), _hadolint),
    (
        expression(r"(?:checkov|bridgecrew):skip=([\w,]+)(?::(.*))?"),
        lambda found: Silenced("checkov", _codes(found[1]), (found[2] or "").strip(), scope="file"),
    ),
    (
        expression(r"trivy:ignore:(?:AVD-)?([\w-]+)(?::exp:(\S+))?"),
        lambda found: Silenced("trivy", (found[1],), until=found[2] or ""),
    ),
    (
        expression(r"zizmor: ignore\[([^\]]+)\](?:\s+(.*))?"),
        lambda found: Silenced("zizmor", _prefixed("zizmor", found[1]), (found[2] or "").strip()),
    ),
    (
        expression(r"pragma:\s*(?:allow|white)list(?: nextline)? secret|gitleaks:allow"),
        _secrets,
    ),
)


def understood(body: str) -> Silenced | None:
    """What a comment of another tool says; None where it names no id."""
    for pattern, read in _READERS:
        found = pattern.match(body)
        if found is not None:
            return read(found)
    return None


_KEY = r"[ \t]*[\"']?{}[\"']?[ \t]*:[ \t]*(.*)"
_KUBE_LINTER = expression(_KEY.format(r"ignore-check\.kube-linter\.io/([\w-]+)"))
_KUBE_SCORE = expression(_KEY.format(r"kube-score/ignore"))
_CHECKOV = expression(_KEY.format(r"checkov\.io/skip\d*"))
_POLARIS = expression(_KEY.format(r"polaris\.fairwinds\.com/([\w-]+)-exempt"))


def annotation(line: str) -> Silenced | None:
    """What an annotation of a Kubernetes object says of another tool."""
    if (found := _KUBE_LINTER.match(line)) is not None:
        return Silenced("kube-linter", (f"kube-linter:{found[1]}",), _bare(found[2]))
    if (found := _KUBE_SCORE.match(line)) is not None:
        return Silenced("kube-score", _prefixed("kube-score", _bare(found[1])))
    if (found := _CHECKOV.match(line)) is not None:
        id, _, reason = _bare(found[1]).partition("=")
        return Silenced("checkov", (id,), reason)
    if (found := _POLARIS.match(line)) is not None and _bare(found[2]).lower() == "true":
        first, *others = found[1].split("-")
        return Silenced("polaris", ("polaris:" + first + "".join(map(str.title, others)),))
    return None


def _bare(text: str) -> str:
    return text.strip().strip("\"'")


def ids(known_as: tuple[str, ...], module: str) -> Iterator[str]:
    """The ids of others by which a rule may be silenced: the same fault, and no mere standard."""
    for name in known_as:
        if not name.startswith(("~", "CWE-", "CIS-")):
            yield name.lower()
    if ".secrets." in module:
        yield "secrets"
