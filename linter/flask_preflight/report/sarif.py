"""SARIF 2.1.0 as GitHub code scanning and the validator of the format want it.

Paths are relative to the root of the repository, columns count UTF-16 units, and two runs on the
same files give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TextIO

from flask_preflight import __version__, docs
from flask_preflight.about import OWN
from flask_preflight.artifacts.secret import mask
from flask_preflight.limits import MAX_NOTIFICATIONS, MAX_RESULTS
from flask_preflight.report import View
from flask_preflight.report.escape import json_text, short, terminal, uri
from flask_preflight.report.fingerprint import Fingerprints
from flask_preflight.report.json import SCHEMA
from flask_preflight.report.source import Source
from flask_preflight.report.summary import rules_by_id, sections
from flask_preflight.result import (
    LEVELS,
    Fix,
    Level,
    Location,
    Message,
    Notification,
    Region,
    Result,
    Text,
)
from flask_preflight.rule import Rule
from flask_preflight.run import Report

Object = dict[str, Any]
REDACTED = "[REDACTED]"
SEVERITY: dict[Level, str] = {"error": "8.0", "warning": "5.5", "note": "2.5"}
CRITICAL = "9.5"
LEAKED = frozenset(f"SEC00{number}" for number in range(1, 6))
"""Rules about secrets that anybody with the repository can use."""
LEFT_OUT = Message("{0} further results were left out, the weakest first", "left-out")
MAX_TEXT = 1024
_BASE = "%SRCROOT%"


def write_sarif(report: Report, view: View, stream: TextIO) -> None:
    """One log with one run."""
    import json

    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [Run(report, view).object()],
    }
    text = json.dumps(log, ensure_ascii=False, indent=1, allow_nan=False)
    stream.write(json_text(text) + "\n")


class Run:
    """Turns one report into SARIF's run object."""

    def __init__(self, report: Report, view: View) -> None:
        self.report = report
        self.view = view
        self.source = Source(report)
        self.prints = Fingerprints(report, self.source)
        self.rules = rules_by_id(report)
        self.index = {id: index for index, id in enumerate(sorted((*self.rules, *OWN)))}
        self.strings: dict[str, dict[str, str]] = {id: {} for id in self.index}
        self.redacted = False

    def object(self) -> Object:
        """The run. Rules come last, since they hold the sentences that results were made of."""
        results = [self._result(result) for result in self._chosen()]
        notes = [self._notification(note) for note in self._notes()]
        cwes = sorted({cwe for rule in self.report.rules for cwe in _cwes(rule)}, key=_number)
        run: Object = {
            "tool": {"driver": self._driver(cwes)},
            "columnKind": "utf16CodeUnits",
            "defaultEncoding": "utf-8",
            "originalUriBaseIds": {
                _BASE: {"description": {"text": "The root of the analysed repository."}}
            },
        }
        if cwes:
            run["taxonomies"] = [_taxonomy(cwes)]
        if self.view.category:
            run["automationDetails"] = {"id": self.view.category.rstrip("/") + "/"}
        if self.view.provenance.repository:
            run["versionControlProvenance"] = [self._provenance()]
        if self.redacted:
            run["redactionTokens"] = [REDACTED]
        run["invocations"] = [
            {
                "executionSuccessful": True,
                "exitCode": self.report.exit_code,
                "toolExecutionNotifications": notes,
            }
        ]
        run["results"] = results
        run["properties"] = {"flask-preflight": self._whole()}
        return run

    def _chosen(self) -> list[Result]:
        """The strongest results first, and what was left out of them."""
        shown = [*self.report.results, *(self.report.suppressed if self.view.suppressed else ())]
        shown.sort(key=lambda result: (-LEVELS.index(result.level or "note"), self._rank(result)))
        if len(shown) <= MAX_RESULTS:
            return shown
        rest = LEFT_OUT(len(shown) - MAX_RESULTS + 1)
        where = shown[0].location
        last = Result(where, rest, level="note", rule_id="PRE012")
        return [*shown[: MAX_RESULTS - 1], last]

    def _rank(self, result: Result) -> tuple[float, str]:
        rule = self.rules.get(result.rule_id)
        return (-float(_severity(rule)) if rule and _is_security(rule) else 0.0, result.rule_id)

    def _notes(self) -> Iterable[Notification]:
        return self.report.notifications[:MAX_NOTIFICATIONS]

    def _driver(self, cwes: list[str]) -> Object:
        driver: Object = {
            "name": "flask-preflight",
            "fullName": f"flask-preflight {__version__}",
            "version": __version__,
            "semanticVersion": __version__,
            "informationUri": docs.HOME,
            "language": "en",
            "rules": [self._descriptor(id) for id in self.index],
            "notifications": [self._own(id) for id in OWN],
        }
        if cwes:
            driver["supportedTaxonomies"] = [{"name": "CWE", "index": 0, "guid": _guid("CWE")}]
        return driver

    def _descriptor(self, id: str) -> Object:
        rule = self.rules.get(id)
        if rule is None:
            own = self._own(id)
            level = OWN[id].level
            own["defaultConfiguration"] = {"enabled": True, "level": level}
            own["properties"] = {
                "tags": ["reliability"],
                "precision": "high",
                "problem.severity": _problem(level),
                "flask-preflight/name": OWN[id].name,
            }
            return own
        doc = docs.parse(rule.doc)
        strings = {message.key: _template(message) for message in rule.messages}
        strings |= self.strings[id]
        described: Object = {
            "id": id,
            "name": _pascal(rule.name),
            "shortDescription": {"text": short(docs.unfold(doc.summary), MAX_TEXT)},
            "fullDescription": {"text": short(docs.unfold(doc.description), MAX_TEXT)},
            "messageStrings": {key: {"text": text} for key, text in strings.items()},
            "help": {
                "text": docs.plain_help(rule, doc),
                "markdown": docs.markdown_help(rule, doc),
            },
            "helpUri": docs.page(id),
            "defaultConfiguration": {"enabled": True, "level": rule.level},
        }
        own_cwes = _cwes(rule)
        if own_cwes:
            described["relationships"] = [_relation(cwe) for cwe in own_cwes]
        described["properties"] = _properties(rule, own_cwes)
        return described

    def _own(self, id: str) -> Object:
        own = OWN[id]
        strings = {"summary": own.summary.removesuffix(".") + " ('{0}')."} | self.strings[id]
        return {
            "id": id,
            "name": _pascal(own.name),
            "shortDescription": {"text": own.summary},
            "fullDescription": {"text": own.description},
            "messageStrings": {key: {"text": text} for key, text in strings.items()},
            "help": {
                "text": f"{own.description}\n\nFix: {own.fix}",
                "markdown": f"{own.description}\n\n**Fix:** {own.fix}",
            },
            "helpUri": docs.page(id),
        }

    def _message(self, id: str, text: Text, path: str, subject: str, related: bool) -> Object:
        """A message by key and arguments, and as it reads; the sentence is kept for the rule."""
        key, template = text.message.key, _template(text.message)
        arguments = [*text.arguments]
        if not text.arguments:
            arguments.append(path)
        if subject:
            key += "-of"
            template = f"{template[:-1]}, of '{{{len(arguments)}}}'."
            arguments.append(subject)
        if related:
            key += "-related"
            template = template[:-1] + " ([related](1))."
        self.strings[id][key] = template
        shown = [_escaped(argument) for argument in arguments]
        return {"id": key, "arguments": shown, "text": template.format(*shown)}

    def _result(self, result: Result) -> Object:
        id = result.rule_id if result.rule_id in self.index else "PRE030"
        path = self._path(result.location)
        related = result.related_locations
        made: Object = {
            "ruleId": id,
            "ruleIndex": self.index[id],
            "level": result.level or "note",
            "message": self._message(id, result.message, path, result.subject, bool(related)),
            "locations": [self._location(result.location)],
        }
        if related:
            made["relatedLocations"] = [
                {"id": number, "message": {"text": _remark(place)}, **self._location(place)}
                for number, place in enumerate(related, 1)
            ]
        prints = {"preflightFinding/v1": self.prints.finding(result)}
        line = self.prints.line(result)
        if line is not None:
            prints = {"primaryLocationLineHash": line} | prints
        made["partialFingerprints"] = prints
        if result.fix and result.fix.safe:
            made["fixes"] = [self._fix(result.fix)]
        if self.view.suppressed:
            made["suppressions"] = [
                {
                    "kind": suppression.kind,
                    "status": "accepted",
                    "justification": _escaped(suppression.justification),
                    "location": self._location(suppression.location),
                }
                for suppression in result.suppressions
            ]
        return made

    def _path(self, where: Location) -> str:
        """A path that exists, for results about the whole as well."""
        if where.path:
            return where.path
        return self.report.files[0].path if self.report.files else "."

    def _artifact(self, path: str) -> Object:
        return {"uri": uri(self.view.prefix + path), "uriBaseId": _BASE}

    def _location(self, where: Location) -> Object:
        path = self._path(where)
        where = where._replace(path=path)
        physical: Object = {"artifactLocation": self._artifact(path)}
        if self.source.lines(path):
            region = self._narrow(path, self.source.one_line(where))
            physical["region"] = self._region(path, region, where)
            context = self._context(path, region)
            if context:
                physical["contextRegion"] = context
        made: Object = {"physicalLocation": physical}
        if where.logical:
            made["logicalLocations"] = [{"fullyQualifiedName": _escaped(where.logical)}]
        return made

    def _narrow(self, path: str, region: Region) -> Region:
        """A region that is the whole file is cut to its first word, to leave some context."""
        lines = self.source.lines(path)
        text = lines[region.start_line - 1]
        whole = region.start_column == 1 and region.end_column >= len(text) + 1
        if any(line for line in (*lines[: region.start_line - 1], *lines[region.start_line :])):
            return region
        if not whole:
            return region
        end = len(re.split(r"(?<=\S)[\s=:(]", text, maxsplit=1)[0]) + 1
        return region._replace(end_column=min(end, max(len(text), 1)))

    def _region(self, path: str, region: Region, where: Location) -> Object:
        line = self.source.lines(path)[region.start_line - 1]
        start, end = region.start_column - 1, region.end_column - 1
        made: Object = {
            "startLine": region.start_line,
            "startColumn": _units(line[:start]) + 1,
            "endLine": region.end_line,
            "endColumn": _units(line[:end]) + 1,
        }
        if line[start:end]:
            text = line[start:end]
            if self.source.is_secret(where) and mask(text) == text:
                text = REDACTED
            made["snippet"] = {"text": self._cut(mask(text), text)}
        return made

    def _context(self, path: str, region: Region) -> Object | None:
        lines = self.source.lines(path)
        count = len(lines) - (len(lines) > 1 and not lines[-1])
        first = max(1, region.start_line - 1)
        last = min(count, region.end_line + 1)
        line = lines[region.start_line - 1]
        if first == last and _units(line) <= region.end_column - region.start_column:
            return None
        numbers = range(first, last + 1)
        text = "\n".join(self._cut(self.source.masked(path, n), lines[n - 1]) for n in numbers)
        return {"startLine": first, "endLine": last, "snippet": {"text": text}}

    def _cut(self, masked: str, text: str) -> str:
        if masked != text or text == REDACTED:
            self.redacted = True
        return short(masked, MAX_TEXT)

    def _fix(self, fix: Fix) -> Object:
        changes: dict[str, list[Object]] = {}
        for edit in fix.replacements:
            region = self.source.exact(Location(edit.path, edit.deleted_region))
            lines = self.source.lines(edit.path)
            first, last = lines[region.start_line - 1], lines[region.end_line - 1]
            changes.setdefault(edit.path, []).append(
                {
                    "deletedRegion": {
                        "startLine": region.start_line,
                        "startColumn": _units(first[: region.start_column - 1]) + 1,
                        "endLine": region.end_line,
                        "endColumn": _units(last[: region.end_column - 1]) + 1,
                    },
                    "insertedContent": {"text": edit.inserted_content},
                }
            )
        return {
            "description": {"text": fix.description[:1].upper() + fix.description[1:] + "."},
            "artifactChanges": [
                {"artifactLocation": self._artifact(path), "replacements": edits}
                for path, edits in changes.items()
            ],
        }

    def _notification(self, note: Notification) -> Object:
        where = note.location or Location("")
        message = self._message(note.id, note.message, self._path(where), "", False)
        made: Object = {
            "descriptor": {"id": note.id, "index": list(OWN).index(note.id)},
            "level": note.level,
            "message": message,
        }
        if note.location is not None:
            made["locations"] = [self._location(note.location)]
        return made

    def _provenance(self) -> Object:
        origin = self.view.provenance
        made: Object = {"repositoryUri": origin.repository}
        if origin.revision:
            made["revisionId"] = origin.revision
        if origin.branch:
            made["branch"] = origin.branch
        return made | {"mappedTo": {"uriBaseId": _BASE}}

    def _whole(self) -> Object:
        return {
            "schema": SCHEMA,
            "sections": [
                {
                    "section": found.section,
                    "applies": found.applies,
                    **found.counts,
                    "items": {row.item.key: row.state for row in found.items},
                }
                for found in sections(self.report)
            ],
            "suppressed": len(self.report.suppressed),
        }


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _pascal(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in name.split("-"))


def _escaped(text: str) -> str:
    """Text of the repository inside a message: it must not become a link."""
    return short(terminal(mask(text))).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _remark(place: Location) -> str:
    remark = _escaped(place.message or "related")
    return remark[:1].upper() + remark[1:] + ("" if remark.endswith(".") else ".")


def _template(message: Message) -> str:
    """The sentence of a message: a capital, a full stop, quoted placeholders, and at least one."""
    pieces = re.split(r"[\"'`]?\{(\d)\}[\"'`]?", message.text)
    pieces[::2] = [piece.replace("{", "{{").replace("}", "}}") for piece in pieces[::2]]
    pieces[1::2] = [f"'{{{number}}}'" for number in pieces[1::2]]
    text = "".join(pieces)
    if re.match(r"[a-z]+[ ,:;]", text):
        text = text[0].upper() + text[1:]
    text = text.removesuffix(".")
    return text + "." if "{0}" in text else text + " ('{0}')."


def _cwes(rule: Rule) -> list[str]:
    return [known for known in rule.known_as if re.fullmatch(r"CWE-\d+", known)]


def _number(cwe: str) -> int:
    return int(cwe.partition("-")[2])


def _is_security(rule: Rule) -> bool:
    return bool(_cwes(rule)) and rule.section not in ("scaling", "observability")


def _severity(rule: Rule) -> str:
    return CRITICAL if rule.id in LEAKED else SEVERITY[rule.level]


def _problem(level: Level) -> str:
    return "recommendation" if level == "note" else level


def _properties(rule: Rule, cwes: list[str]) -> Object:
    tags = ["security" if _is_security(rule) else "reliability", f"section/{rule.section}"]
    tags += [f"external/cwe/{cwe.lower()}" for cwe in cwes]
    tags += [known for known in rule.known_as if known.startswith("CIS")]
    made: Object = {
        "tags": tags[:10],
        "precision": "high" if rule.enabled else "medium",
        "problem.severity": _problem(rule.level),
        "flask-preflight/name": rule.name,
    }
    if _is_security(rule):
        made["security-severity"] = _severity(rule)
    return made


def _guid(word: str) -> str:
    from uuid import NAMESPACE_URL, uuid5

    return str(uuid5(NAMESPACE_URL, f"https://cwe.mitre.org/#{word}"))


def _relation(cwe: str) -> Object:
    return {
        "target": {
            "id": cwe,
            "guid": _guid(cwe),
            "toolComponent": {"name": "CWE", "index": 0, "guid": _guid("CWE")},
        },
        "kinds": ["superset"],
    }


def _taxonomy(cwes: list[str]) -> Object:
    return {
        "name": "CWE",
        "version": "4.18",
        "guid": _guid("CWE"),
        "informationUri": "https://cwe.mitre.org/",
        "organization": "MITRE",
        "shortDescription": {"text": "The MITRE Common Weakness Enumeration."},
        "isComprehensive": False,
        "taxa": [
            {
                "id": cwe,
                "guid": _guid(cwe),
                "helpUri": f"https://cwe.mitre.org/data/definitions/{_number(cwe)}.html",
            }
            for cwe in cwes
        ],
    }
