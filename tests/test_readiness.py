"""The readiness report and the map in all their forms."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import harness
from flask_preflight.report import View, checklist
from flask_preflight.report.json import document
from flask_preflight.report.maps import FORMATS, Marks
from flask_preflight.report.readiness import Page, page
from flask_preflight.report.readiness_html import html
from flask_preflight.report.readiness_json import data
from flask_preflight.report.readiness_markdown import code, markdown, plain
from flask_preflight.report.readiness_text import text
from flask_preflight.report.sarif import write_sarif
from flask_preflight.report.svg import svg
from flask_preflight.report.templates import style
from flask_preflight.rule import SECTIONS
from flask_preflight.run import Report

FIXTURES = Path(__file__).parent.parent / "fixtures"
STORIES = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())
HOSTILE = "<img src=x onerror=alert(1)>\"'`|[x](https://evil.example)@someone"


def report_of(folder: Path) -> Report:
    texts = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file() and path.name != "expected.txt"
    }
    harness.load_all()
    return harness.report_of(texts)


def page_of(report: Report) -> Page:
    return page(report, View(), "shop")


class Reader(HTMLParser):
    """What a page consists of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.said = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, text: str) -> None:
        self.said += text


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert not reader.open
    return reader


@pytest.mark.parametrize("name", STORIES)
def test_every_form_tells_the_same(name: str) -> None:
    report = report_of(FIXTURES / name)
    found = page_of(report)
    states = {row.item.key: row.state for row in checklist.rows(report)}
    assert {r["key"]: r["state"] for s in data(found)["sections"] for r in s["items"]} == states
    hidden = ("not-applicable", "not-checked")
    seen = {key: state for key, state in states.items() if state not in hidden}
    checked = document(report, View())["sections"]
    assert {k: v for one in checked for k, v in one["items"].items()} == seen
    assert {k: v for one in _sarif(report) for k, v in one["items"].items()} == seen
    titles = {row.item.title: row.state for row in checklist.rows(report)}
    said = [(title, state) for title, state in titles.items() if state != "not-applicable"]
    lines = text(found).split("\n")
    rows = markdown(found, report).split("\n")
    for title, state in said:
        words = state.replace("-", " ")
        assert any(one.startswith(f"  {words:12} {title}") for one in lines)
        assert any(re.match(rf"\| \S+ {words} \| {re.escape(plain(title))} \|", r) for r in rows)
    table = re.findall(
        r'<td><span class="badge ([a-z-]+)">.*?</span></td><th scope="row">(.*?)</th>',
        html(found, report),
    )
    assert sorted((title, state) for state, title in table) == sorted(said)
    for total in (data(found)["readiness"], data(found)["coverage"]):
        shown = "–" if total is None else f"{total} %"
        assert total is None or shown in text(found)
        assert shown in html(found, report)


def _sarif(report: Report) -> list[dict[str, Any]]:
    import io

    stream = io.StringIO()
    write_sarif(report, View(), stream)
    (run,) = json.loads(stream.getvalue())["runs"]
    sections: list[dict[str, Any]] = run["properties"]["flask-preflight"]["sections"]
    return sections


@pytest.mark.parametrize("name", STORIES)
def test_page_stands_alone(name: str) -> None:
    report = report_of(FIXTURES / name)
    text = html(page_of(report), report)
    reader = read(text)
    names = [tag for tag, _ in reader.tags]
    assert not {"script", "link", "img", "iframe", "object", "base", "form"}.intersection(names)
    for tag, attributes in reader.tags:
        assert not [key for key in attributes if key.startswith("on") or key == "style"], tag
        for key in ("href", "src", "xlink:href", "action"):
            assert (attributes.get(key) or "#").startswith("#"), (tag, attributes)
    assert not re.search(r"url\(|@import|https?:", style("page", "map"))
    assert names.count("h1") == 1
    assert ("html", {"lang": "en"}) in reader.tags
    ids = [attributes["id"] for _, attributes in reader.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))
    targets = [attributes["href"] for tag, attributes in reader.tags if tag == "a"]
    assert not [target for target in targets if target and target[1:] not in ids]
    levels = [int(tag[1]) for tag in names if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert all("scope" in attributes for tag, attributes in reader.tags if tag == "th")
    assert len(text) < 300_000


def test_nothing_of_the_repository_is_markup() -> None:
    service = json.dumps(HOSTILE)
    files = {
        "app.py": f"import flask\n\n# {HOSTILE}\napp = flask.Flask('x')\napp.run(debug=True)\n",
        f"a{HOSTILE.replace('/', '')}/compose.yaml": f"services:\n  {service}:\n    build: .\n",
        "compose.yaml": f"services:\n  {service}:\n    build: .\n    command: {service}\n",
        "Dockerfile": f'FROM python:3.13\nUSER root\nCMD ["flask", {service}]\n',
    }
    harness.load_all()
    report = harness.report_of(files)
    found = page(report, View(), HOSTILE)
    for shown in (html(found, report), svg(report)):
        assert "<img" not in shown
        assert "onerror=alert" in read(shown).said
    told = markdown(found, report)
    told = re.sub(r"^```mermaid\n.*?^```$", "", told, flags=re.M | re.S)
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", told.replace("\\`", ""))
    assert "<img" not in outside
    assert "[x](" not in outside
    assert "@someone" not in outside.replace("\\@someone", "")
    drawn = FORMATS["mermaid"](report)
    labels = re.findall(r'"([^"\n]*)"', drawn)
    assert labels
    assert not [label for label in labels if "<img" in label or "`" in label]


@pytest.mark.parametrize("text", ["a", "`", "``x`", "a|b", "x``", "`a` b"])
def test_code_spans_hold(text: str) -> None:
    shown = code(text)
    fence = re.match("`+", shown)
    assert fence is not None
    inside = shown[len(fence[0]) : -len(fence[0])]
    assert fence[0] not in re.findall("`+", inside)
    assert inside.strip(" ").replace("\\|", "|") == text


def _light(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("sheet", ["page", "standalone"])
def test_contrast(sheet: str) -> None:
    schemes = re.findall(r"\{[^{}]*--page:[^{}]*\}", style(sheet))
    assert len(schemes) == (3 if sheet == "page" else 2)
    for scheme in schemes:
        colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", scheme))
        for ink in ("ink", "dim", "link", "error", "warning", "good", "quiet", "said"):
            for ground in ("page", "box"):
                if ink in colours:
                    pair = sorted((_light(colours[ink]), _light(colours[ground])))
                    assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5, (scheme, ink, ground)


def test_map_draws_the_chain() -> None:
    report = report_of(FIXTURES / "compose-clean")
    (chart,) = [one for one in report.charts() if one.title == "compose compose.yaml"]
    kinds = {node.kind for node in chart.nodes}
    assert {"application", "image", "server", "datastore", "clients"} <= kinds
    by_id = {node.id: node for node in chart.nodes}
    links = {(by_id[e.start].kind, by_id[e.end].kind) for e in chart.edges}
    assert {("application", "image"), ("image", "server")} <= links
    assert all(edge.start in by_id and edge.end in by_id for edge in chart.edges)


def test_map_shows_what_does_not_hold() -> None:
    report = report_of(FIXTURES / "probe-and-port-mismatch")
    marks = Marks(report)
    broken = {
        found.rule_id
        for chart in report.charts()
        for edge in chart.edges
        if (found := marks.broken(edge)) is not None
    }
    assert {"DEP020", "DEP021"} <= broken
    picture = svg(report)
    assert 'class="wire broken"' in picture
    assert "DEP020" in picture
    assert "--x" in FORMATS["mermaid"](report)


def test_map_says_what_is_not_known() -> None:
    files = {
        "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
        "compose.yaml": "services:\n  web: {image: 'example/web:1'}\n",
    }
    report = harness.report_of(files)
    said = FORMATS["text"](report)
    assert "image: example/web:1, not built in this repository (compose.yaml:2)" in said
    assert "started by nothing that could be followed" in said
    told = json.loads(FORMATS["json"](report))
    unknown = [n["title"] for chart in told["charts"] for n in chart["nodes"] if not n["known"]]
    assert "example/web:1" in unknown


@pytest.mark.parametrize("verb", ["report", "map"])
@pytest.mark.parametrize("format", ["text", "json"])
def test_command_writes(verb: str, format: str, tmp_path: Path) -> None:
    folder = FIXTURES / "compose-clean"
    target = tmp_path / "out"
    arguments = [verb, "--format", format, "-o", str(target), str(folder)]
    ran = subprocess.run(
        [sys.executable, "-m", "flask_preflight", *arguments], capture_output=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")
    first = target.read_bytes()
    subprocess.run([sys.executable, "-m", "flask_preflight", *arguments], check=True)
    assert target.read_bytes() == first
    assert first.endswith(b"\n")


def test_sections_come_in_their_order() -> None:
    found = page_of(report_of(FIXTURES / "unpinned-pipeline"))
    assert tuple(part.chapter.section for part in found.parts) == SECTIONS


def test_repositories_without_an_application() -> None:
    report = harness.report_of({"Dockerfile": "FROM python:3.13\n"})
    found = page_of(report)
    assert "Nothing here can be judged" in text(found)
    assert "not applicable" in html(found, report)
