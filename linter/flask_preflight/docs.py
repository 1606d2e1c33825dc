"""The grammar of a rule's docstring: its sentences, its examples, and the catalogue made of them.

`python -m flask_preflight.docs` rewrites `rules/README.md`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Literal, NamedTuple

from flask_preflight.about import OWN
from flask_preflight.lazy import expression
from flask_preflight.rule import RULES, Rule, load

HOME = "https://github.com/flask-preflight/flask-preflight"
PAGES = f"{HOME}/blob/main/rules/README.md"
"""Where every rule is explained, each under an anchor of its own."""
Verdict = Literal["bad", "good", "fixed"]
DEFAULT_NAMES = {
    "python": "app.py",
    "dockerfile": "Dockerfile",
    "yaml": "k8s.yaml",
    "nginx": "nginx.conf",
    "ini": "uwsgi.ini",
    "procfile": "Procfile",
    "env": ".env",
    "text": "requirements.txt",
    "sh": "entrypoint.sh",
    "toml": "pyproject.toml",
}
_FENCE = expression(
    r"^```(?P<lang>\w+) (?P<verdict>bad|good|fixed)(?: (?P<path>[^\s{]+))?"
    r"(?: \{(?P<lines>[\d,]+)\})?$"
)


class Example(NamedTuple):
    """One fence: a whole file, and the lines (1-based) on which the rule reports."""

    verdict: Verdict
    language: str
    path: str
    text: str
    lines: tuple[int, ...]


class Doc(NamedTuple):
    """A rule's docstring, taken apart."""

    summary: str
    description: str
    fix: str
    intended: str
    sources: str
    examples: tuple[Example, ...]

    def repositories(self) -> list[tuple[Example, ...]]:
        """Consecutive examples of one verdict with different names are one repository.

        A `fixed` example stands alone, after the bad one that it mends.
        """
        groups: list[list[Example]] = []
        for example in self.examples:
            last = groups[-1] if groups else []
            if (
                last
                and last[0].verdict == example.verdict != "fixed"
                and example.path not in {other.path for other in last}
            ):
                last.append(example)
            else:
                groups.append([example])
        return [tuple(group) for group in groups]


def parse(text: str) -> Doc:
    """Take a docstring apart; raises ValueError with the line that does not fit the grammar."""
    prose: list[str] = []
    examples: list[Example] = []
    lines = iter(text.strip("\n").split("\n"))
    for line in lines:
        if not line.startswith("```"):
            prose.append(line)
            continue
        head = _FENCE.match(line)
        if head is None:
            raise ValueError(f"not an example: {line}")
        body = []
        for inner in lines:
            if inner == "```":
                break
            body.append(inner)
        else:
            raise ValueError(f"not closed: {line}")
        examples.append(_example(head, body))
    return _doc("\n".join(prose), tuple(examples))


def _example(head: re.Match[str], body: list[str]) -> Example:
    language, verdict = head["lang"], head["verdict"]
    if language not in DEFAULT_NAMES and not head["path"]:
        raise ValueError(f"an example in {language} needs a file name")
    path = head["path"] or DEFAULT_NAMES[language]
    lines = tuple(map(int, head["lines"].split(","))) if head["lines"] else ()
    text = "\n".join(body) + "\n"
    return Example(verdict, language, path, text, lines)  # type: ignore[arg-type]


def _doc(prose: str, examples: tuple[Example, ...]) -> Doc:
    paragraphs = [p.strip("\n") for p in re.split(r"\n\s*\n", prose.strip()) if p.strip()]
    labelled = {"Fix:": "", "Intended:": "", "Sources:": ""}
    plain = []
    for paragraph in paragraphs[1:]:
        label = paragraph.split(maxsplit=1)[0]
        if label in labelled:
            labelled[label] = paragraph[len(label) :].strip()
        else:
            plain.append(paragraph)
    return Doc(
        paragraphs[0] if paragraphs else "",
        "\n\n".join(plain),
        labelled["Fix:"],
        labelled["Intended:"],
        labelled["Sources:"],
        examples,
    )


def unfold(text: str) -> str:
    """The paragraphs of a docstring, each on one line."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def all_rules(packages: Iterable[str] = ()) -> list[Rule]:
    """Every loaded rule once, in the order of the ids."""
    unique = {rule.id: rule for rules in RULES.values() for rule in rules}
    return [unique[id] for id in sorted(unique)]


def page(id: str) -> str:
    """The address of the explanation of a rule."""
    return f"{PAGES}#{id.lower()}"


def shown(text: str) -> str:
    """An example as it is printed: tests alone make the secrets in it."""
    return re.sub(r"@@SECRET:([\w-]+)@@", r"<\1>", text)


def plain_help(rule: Rule, doc: Doc) -> str:
    """What a rule means and how to mend what it found, as plain text."""
    parts = [doc.summary, unfold(doc.description), f"Fix: {unfold(doc.fix)}"]
    if doc.intended:
        parts.append(f"Intended: {unfold(doc.intended)}")
    parts.append(f"To accept one place: preflight: ignore[{rule.id}] reason")
    return "\n\n".join(part for part in parts if part)


def markdown_help(rule: Rule, doc: Doc) -> str:
    """The same with examples, for pages and code scanning."""
    lines = [f"# {rule.id} {rule.name}", "", *_explained(rule, doc)]
    lines += ["", f"To accept one place: `# preflight: ignore[{rule.id}] reason`"]
    return "\n".join(lines)


def _explained(rule: Rule, doc: Doc) -> Iterator[str]:
    yield doc.summary
    if doc.description:
        yield from ("", unfold(doc.description))
    yield from _example_of(doc, "bad")
    yield from ("", f"**Fix:** {unfold(doc.fix)}")
    yield from _example_of(doc, "good")
    if doc.intended:
        yield from ("", f"**Intended:** {unfold(doc.intended)}")
    for option, default in rule.options.items():
        name = option.replace("_", "-")
        yield from ("", f"**Option** `{name}`, default `{default}`.")
    if doc.sources:
        yield from ("", f"**Sources:** {unfold(doc.sources)}")
    names = ", ".join(f"`{name}`" for name in rule.known_as if not name.startswith("~"))
    if names:
        yield from ("", f"**Known as:** {names}")


def _example_of(doc: Doc, verdict: Verdict) -> Iterator[str]:
    """The first repository of this verdict."""
    for group in doc.repositories():
        if group[0].verdict != verdict:
            continue
        lines = [f"`{e.path}` line {', '.join(map(str, e.lines))}" for e in group if e.lines]
        yield from ("", f"{verdict.capitalize()}{': ' if lines else ''}{'; '.join(lines)}")
        for example in group:
            title = f"`{example.path}`\n\n" if len(group) > 1 else ""
            fence = "```" if "```" not in example.text else "````"
            yield f"\n{title}{fence}{example.language}\n{shown(example.text)}{fence}"
        return


def packages() -> dict[str, str]:
    """The folders of rules with the sentence that each one begins with."""
    whole = import_module("flask_preflight_rules")
    found = {}
    for name in sorted(os.listdir(whole.__path__[0])):
        if os.path.isfile(os.path.join(whole.__path__[0], name, "__init__.py")):
            module = import_module(f"flask_preflight_rules.{name}")
            found[name] = (module.__doc__ or name).strip().split("\n")[0]
    return found


def catalogue() -> str:
    """The text of `rules/README.md`."""
    titles = packages()
    for name in titles:
        load(name)
    rules = all_rules()
    lines = [INTRODUCTION, "", *_parts(), "", "## All rules", ""]
    for name, title in titles.items():
        group = [rule for rule in rules if rule.module.split(".")[1] == name]
        if not group:
            continue
        lines += [f"### {title.removesuffix('.')}", ""]
        for rule in group:
            lines += [f'<a id="{rule.id.lower()}"></a>', "", f"#### {rule.id} {rule.name}", ""]
            when = "" if rule.enabled else ", only when selected"
            lines += [f"*{rule.level}, {rule.section}{when}*", ""]
            lines += [*_explained(rule, parse(rule.doc)), ""]
    lines += ["### What the linter says about itself (PRE)", ""]
    for own in OWN.values():
        lines += [f'<a id="{own.id.lower()}"></a>', "", f"#### {own.id} {own.name}", ""]
        lines += [f"*{own.level}*", "", own.summary, "", own.description, ""]
        lines += [f"**Fix:** {own.fix}", ""]
    return "\n".join(lines).rstrip() + "\n"


def _parts() -> Iterator[str]:
    """What checks can be called for, from the rules that there are."""
    yield "### What a check can be called for"
    yield ""
    yield "| parameter | import it from | one for each |"
    yield "| --- | --- | --- |"
    for part in sorted(RULES, key=lambda part: (part.__module__, part.__name__)):
        said = (part.__doc__ or "").strip().split("\n")[0].removesuffix(".").replace("|", "\\|")
        yield f"| `{part.__name__}` | `{part.__module__}` | {said} |"


INTRODUCTION = """\
# Rules

This page is made from the rules: `python -m flask_preflight.docs`. Do not edit it.

## A rule in five minutes

One file is one rule: `flask_preflight_rules/<group>/<name_with_underscores>.py`. Its docstring is
the page below and, in the examples, the tests; its one function is the check. There is nothing to
register. The paths here are relative to this folder, except where they begin with `tests`; install
a checkout once with `pip install -e ".[dev]"` in the folder above.

1. Copy the nearest rule of the same group. Choose the next free number of the group and a name
   that says what is wrong (`debug-enabled`); the file has that name with underscores.
2. Write the docstring. The first line is one sentence about the fault. Then: what happens in
   production. Then `Fix:` with what to do, then `Sources:` or `Intended:` (when it is meant so).
   Then examples: a fence with a language, `bad` or `good`, a file name where the usual one
   (`app.py`, `Dockerfile`, `k8s.yaml`, …) does not fit, and for `bad` the lines in braces on which
   the rule must report. Every way to be wrong about an innocent file deserves a `good` example.
   Consecutive fences of one verdict with different names are one repository.
3. Write `check`. The type of its parameter decides what it is called for: `Container` for every
   container of a manifest, `Service` for every service of Compose, `Stage`, `Server`,
   `Application`, `Entry` … Parts answer questions with defaults and inheritance already applied
   and know their place: `part.at("securityContext")`. What each can be asked stands in its module,
   `../linter/flask_preflight/artifacts/<kind>.py`. A check reads no file and parses nothing. If a
   part cannot answer, teach it there first.
4. `python -m pytest tests/test_rules.py -k <name>` runs the examples and checks the form. Each
   example is a small repository that goes through the whole linter; a `requirements.txt` with
   Flask is added unless the example names its own. Write secrets as `@@SECRET:<kind>@@`: the tests
   put one in, so that none stands in this repository.
5. `python -m flask_preflight.docs` writes this page again. Commit both files.

A whole rule, `flask_preflight_rules/docker/runs_shell.py`:

````python
\"\"\"The container starts an interactive shell.

It ends at once, because nobody is connected to it.

Fix: start the WSGI server in `CMD`.

Sources: https://docs.docker.com/reference/dockerfile/#cmd

```dockerfile bad {2}
FROM python:3.12-slim
CMD ["bash"]
```

```dockerfile good
FROM python:3.12-slim
CMD ["gunicorn", "app:app"]
```
\"\"\"

from flask_preflight.artifacts.dockerfile import Stage
from flask_preflight.rule import Message, Result, Results, rule

SHELL = Message("{0} ends as soon as it starts")


@rule("DKR999", "runs-shell", "error", "container")
def check(stage: Stage) -> Results:
    command = stage.last("CMD")
    if command and command.value == '["bash"]':
        yield Result(command.at(), SHELL("bash"))
````

Messages are constants, begin in lower case, end without a full stop and name what was found and
what comes of it. They never hold a secret. `rule()` takes code, name, level (`error`: fails, leaks
or can be exploited; `warning`: degrades or depends; `note`: practice), section, and what others
call the fault (`CWE-489`, `DL3002`). `sees="absent"` marks a rule about something missing,
`enabled=False` one that runs only when selected. Keyword-only parameters of `check` with defaults
are options that projects can set."""


def main() -> None:
    """Write the catalogue next to the rules."""
    folder = os.path.dirname(import_module("flask_preflight_rules").__path__[0])
    with open(os.path.join(folder, "README.md"), "w", encoding="utf-8", newline="\n") as stream:
        stream.write(catalogue())


if __name__ == "__main__":
    main()
