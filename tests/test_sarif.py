"""The SARIF log: what GitHub, the validator of the format and our own rules ask of it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest

import harness
import line_rules
from flask_preflight import docs, scan
from flask_preflight.about import OWN
from flask_preflight.config import Settings
from flask_preflight.report import Provenance, View, writer
from flask_preflight.report.fingerprint import line_hashes
from flask_preflight.result import Fix, Location, Region, Replacement
from flask_preflight.run import Report

FILES = {
    "a b#é%.sh": "# 😀 see flaw [x](1) {0}\nbare web\n",
    "app.py": "x = 1\n",
    "b.sh": "one\r\nflaw\r\nflaw\r\n",
    "broken.sh": "@broken\n\n",
    "k8s/big.sh": "@huge bare\n",
    "one.sh": "flaw",
    "sup.sh": "\nflaw # preflight: ignore[SEC990] agreed [x](1)\n",
    "t.sh": "@template\n",
}
VIEW = View(
    prefix="shop/",
    provenance=Provenance("https://example.org/acme/shop", "0" * 40, "main"),
)


@pytest.fixture(autouse=True)
def _rules() -> Iterator[None]:
    with line_rules.installed():
        yield


def report_of(files: dict[str, str]) -> Report:
    settings = Settings(select=("SEC99", "PRE"), jobs=1)
    return scan.scan(harness.tree_of(files), settings)


def text_of(report: Report, view: View = VIEW) -> str:
    stream = io.StringIO()
    writer("sarif")(report, view, stream)
    return stream.getvalue()


def run_of(files: dict[str, str], view: View = VIEW) -> dict[str, Any]:
    log = json.loads(text_of(report_of(files), view))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("2.1.0.json")
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


@pytest.fixture
def run() -> dict[str, Any]:
    return run_of(FILES)


def locations(value: Any) -> Iterator[dict[str, Any]]:
    """Every physicalLocation in the log."""
    if isinstance(value, dict):
        if "artifactLocation" in value and "replacements" not in value:
            yield value
        for inner in value.values():
            yield from locations(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from locations(inner)


def test_results(run: dict[str, Any]) -> None:
    found = [(r["ruleId"], r["locations"][0]["physicalLocation"]) for r in run["results"]]
    ids = [id for id, _ in found]
    assert sorted(set(ids)) == ["PRE010", "SEC990", "SEC991"]
    assert len(ids) == 7
    assert run["invocations"][0]["exitCode"] == 2
    assert run["invocations"][0]["executionSuccessful"] is True
    assert run_of({"a.sh": "x"})["results"] == []


def test_rules(run: dict[str, Any]) -> None:
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted(rule["id"] for rule in rules)
    assert {rule["id"] for rule in rules} >= {"SEC990", "SEC991", *OWN}
    for rule in rules:
        assert re.fullmatch(r"[A-Z]{1,8}(-?[0-9]{1,6}){0,3}", rule["id"])
        assert re.fullmatch(r"([A-Z][a-z0-9]+)*", rule["name"])
        for key in ("shortDescription", "fullDescription"):
            assert 1 < len(rule[key]["text"]) <= 1024
            assert rule[key]["text"].endswith(".")
        assert rule["help"]["markdown"]
        assert rule["helpUri"] == docs.page(rule["id"])
        tags = rule["properties"]["tags"]
        assert tags[0] in ("security", "reliability")
        assert 1 <= len(tags) <= 10
        severity = rule["properties"].get("security-severity")
        assert (severity is not None) == (tags[0] == "security")
        assert severity is None or 0 < float(severity) <= 10 and float(severity) != 9.0
        for message in rule["messageStrings"].values():
            assert message["text"].endswith(".")
            assert "'{0}'" in message["text"]
            assert not re.search(r"[^']\{\d\}|\{\d\}[^']", message["text"])
        assert not any(path in json.dumps(rule) for path in ("b.sh", "k8s/", "é"))


def test_rule_of_security(run: dict[str, Any]) -> None:
    rule = next(r for r in run["tool"]["driver"]["rules"] if r["id"] == "SEC990")
    assert rule["properties"]["tags"] == [
        "security",
        "section/security",
        "external/cwe/cwe-489",
        "CIS-4.1",
    ]
    assert rule["properties"]["security-severity"] == "8.0"
    assert rule["defaultConfiguration"] == {"enabled": True, "level": "error"}
    (target,) = [relation["target"] for relation in rule["relationships"]]
    taxonomy = run["taxonomies"][target["toolComponent"]["index"]]
    assert target["id"] in {taxon["id"] for taxon in taxonomy["taxa"]}
    assert run["tool"]["driver"]["supportedTaxonomies"][0]["guid"] == taxonomy["guid"]


def test_every_result_points_to_its_rule(run: dict[str, Any]) -> None:
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        rule = rules[result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert "kind" not in result
        assert len(result["locations"]) == 1
        message = result["message"]
        template = rule["messageStrings"][message["id"]]["text"]
        assert template.format(*message["arguments"]) == message["text"]
        assert re.search(r"[.!?]$", message["text"])


def test_no_link_comes_from_the_repository(run: dict[str, Any]) -> None:
    texts = [result["message"]["text"] for result in run["results"]]
    linked = [text for text in texts if re.search(r"(?<!\\)\[", text)]
    assert linked == [r"'# 😀 see flaw \[x\](1) {0}' is a flaw ([related](1))."]


def test_uris(run: dict[str, Any]) -> None:
    uris = {where["artifactLocation"]["uri"] for where in locations(run)}
    assert "shop/a%20b%23%C3%A9%25.sh" in uris
    for uri in uris:
        assert re.fullmatch(r"[A-Za-z0-9._~/%-]+", uri)
        assert not re.search(r"(?:^|/)\.\.?(?:/|$)|//|^/|:", uri)
        assert unquote(uri).removeprefix("shop/") in FILES
    assert all(w["artifactLocation"]["uriBaseId"] == "%SRCROOT%" for w in locations(run))
    assert list(run["originalUriBaseIds"]) == ["%SRCROOT%"]


def test_regions(run: dict[str, Any]) -> None:
    assert run["columnKind"] == "utf16CodeUnits"
    for where in locations(run):
        region = where["region"]
        text = FILES[unquote(where["artifactLocation"]["uri"]).removeprefix("shop/")]
        lines = [line.removesuffix("\r") for line in text.split("\n")]
        line = lines[region["startLine"] - 1].encode("utf-16-le")
        start, end = region["startColumn"], region["endColumn"]
        assert region["startLine"] == region["endLine"]
        assert 1 <= start <= end <= len(line) // 2 + 1
        cut = line[2 * start - 2 : 2 * end - 2].decode("utf-16-le")
        assert region.get("snippet", {"text": ""})["text"] == cut
        context = where.get("contextRegion")
        if context is not None:
            assert context["startLine"] <= region["startLine"]
            assert context["endLine"] >= region["endLine"]
            assert context["snippet"]["text"] != cut


def test_fingerprints(run: dict[str, Any]) -> None:
    prints = [result["partialFingerprints"] for result in run["results"]]
    assert all(list(p) == ["primaryLocationLineHash", "preflightFinding/v1"] for p in prints)
    ours = [p["preflightFinding/v1"] for p in prints]
    assert len(set(ours)) == len(ours)
    moved = run_of({path: "# new\n" + text for path, text in FILES.items()})
    assert {
        result["partialFingerprints"]["preflightFinding/v1"] for result in moved["results"]
    } >= {p for p, r in zip(ours, run["results"], strict=True) if r["ruleId"] == "SEC990"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["c129715d7a2bc9a3:1"]),
        (
            " a\nb\n  \t\tc\n d",
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
        ),
        (
            " a\r\nb\r  \t\tc\n d",
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
        ),
    ],
)
def test_hash_of_github(text: str, expected: list[str]) -> None:
    assert line_hashes(text) == expected


def test_hash_of_repeated_lines() -> None:
    hashes = line_hashes("Lorem ipsum dolor sit amet.\n" * 10)
    assert hashes[:6] == [f"a7f2ff13bc495cf2:{count}" for count in range(1, 7)]


def test_suppressed_results_are_left_out(run: dict[str, Any]) -> None:
    assert all("suppressions" not in result for result in run["results"])
    shown = run_of(FILES, VIEW._replace(suppressed=True))["results"]
    assert len(shown) == len(run["results"]) + 1
    assert all("suppressions" in result for result in shown)
    (held,) = [s for result in shown for s in result["suppressions"]]
    assert (held["kind"], held["justification"]) == ("inSource", r"agreed \[x\](1)")


def test_what_is_not_said_by_default(run: dict[str, Any]) -> None:
    assert "automationDetails" not in run
    named = run_of(FILES, VIEW._replace(category="nightly"))
    assert named["automationDetails"] == {"id": "nightly/"}
    assert "versionControlProvenance" in run
    plain = run_of(FILES, View())
    assert "versionControlProvenance" not in plain
    assert all("shop" not in where["artifactLocation"]["uri"] for where in locations(plain))


def test_notifications(run: dict[str, Any]) -> None:
    notes = run["invocations"][0]["toolExecutionNotifications"]
    described = run["tool"]["driver"]["notifications"]
    assert [note["descriptor"]["id"] for note in notes] == ["PRE010", "PRE011", "PRE011"]
    for note in notes:
        descriptor = described[note["descriptor"]["index"]]
        assert descriptor["id"] == note["descriptor"]["id"]
        template = descriptor["messageStrings"][note["message"]["id"]]["text"]
        assert template.format(*note["message"]["arguments"]) == note["message"]["text"]


def test_same_bytes_twice() -> None:
    first = text_of(report_of(FILES))
    assert first == text_of(report_of(dict(reversed(FILES.items()))))
    assert first.endswith("}\n")


def test_line_ends_do_not_matter() -> None:
    windows = {path: text.replace("\r", "").replace("\n", "\r\n") for path, text in FILES.items()}
    unix = {path: text.replace("\r", "") for path, text in FILES.items()}
    assert text_of(report_of(windows)) == text_of(report_of(unix))


def test_names_that_are_not_text() -> None:
    run = run_of({"\udcff\u202e:x.sh": "flaw\n", "app.py": ""})
    (where,) = locations(run["results"])
    assert where["artifactLocation"]["uri"] == "shop/%FF%E2%80%AE%3Ax.sh"


def test_the_strongest_results_stay() -> None:
    run = run_of({f"{n}.sh": "bare\n" * 60 + "flaw\n" * 60 for n in range(50)})
    assert len(run["results"]) == 5000
    assert [r["ruleId"] for r in run["results"][:3000]] == ["SEC990"] * 3000
    assert run["results"][-1]["ruleId"] == "PRE012"


def test_safe_fixes() -> None:
    report = report_of({"b.sh": "😀 flaw\n"})
    edit = Replacement("b.sh", Region(1, 3, 1, 7), "fine")
    (result,) = report.results
    fixed = report._replace(results=(result._replace(fix=Fix("say fine", (edit,), safe=True)),))
    made = json.loads(text_of(fixed))["runs"][0]["results"][0]["fixes"][0]
    replacement = made["artifactChanges"][0]["replacements"][0]
    assert (
        replacement["deletedRegion"]["startColumn"],
        replacement["deletedRegion"]["endColumn"],
    ) == (4, 8)
    unsafe = report._replace(results=(result._replace(fix=Fix("say fine", (edit,))),))
    assert "fixes" not in json.loads(text_of(unsafe))["runs"][0]["results"][0]


def test_places_outside_of_the_text() -> None:
    report = report_of({"b.sh": "flaw\n"})
    (result,) = report.results
    for region in (Region(99, 99), Region(1, 99, 1, 2), Region(1, 1, 99, 99), Region(0, 0)):
        moved = result._replace(location=Location("b.sh", region))
        log = json.loads(text_of(report._replace(results=(moved,))))
        (where,) = locations(log["runs"][0]["results"])
        assert 1 <= where["region"]["startLine"] <= 2
        assert where["region"]["startColumn"] <= where["region"]["endColumn"]
    gone = result._replace(location=Location(""))
    assert json.loads(text_of(report._replace(results=(gone,))))
