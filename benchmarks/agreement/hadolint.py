"""Whether our rules say of hadolint's own examples what hadolint says.

    python benchmarks/agreement/hadolint.py CHECKOUT [-v]

Reads the Dockerfiles in the specifications of a checkout of hadolint, runs ours on each, and
prints for each of its rules how many verdicts are the same; with -v also every other one.
"""

import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from memory import known_as, results_of, table

BLOCK = re.compile(r'^ +it "(?P<title>(?:[^"\\]|\\.)*)"', re.MULTILINE)
CALL = re.compile(r'(?<![A-Za-z])ruleCatches(?P<negated>Not)? "(?P<code>DL\d{4})"(?P<rest>[^\n]*)')
TEXT = re.compile(r'"((?:[^"\\]|\\(?:[^\s]|\s+\\))*)"')
ESCAPE = re.compile(r"\\(\s+\\|.)")
DIFFERENT = {
    "DL3002": "only what is shipped: a stage that nothing is built from does not count",
    "DL3004": "sudo that is installed is a way back to root as well as sudo that is used",
    "DL3006": "only what is shipped or built upon",
    "DL3011": "a variable that nobody defines is empty, and the build stops",
    "DL3013": "pipx installs tools for the build; what they are is not the application",
    "DL3025": "a probe needs no signals, and `sh -c` in JSON form loses them like the shell form",
    "DL3042": "any PIP_NO_CACHE_DIR that is not empty switches pip's cache off (pip 23.2)",
    "DL3045": "images for Windows are not read",
    "DL3057": "an image without a server, or that another stage is built on, needs no probe",
    "DL3064": "a name alone is no secret: the value is looked at, and key ids are none",
    "DL4003": "only what is shipped or built upon",
    "DL4004": "only what is shipped or built upon",
}


def unescaped(text: str) -> str:
    """A string of Haskell."""
    letters = {"n": "\n", "t": "\t", "&": ""}

    def one(found: re.Match[str]) -> str:
        return "" if found[1][0].isspace() else letters.get(found[1], found[1])

    return ESCAPE.sub(one, text)


def examples(checkout: Path) -> Iterator[tuple[str, str, bool, str]]:
    """The rule, the title, whether it must speak, and the Dockerfile."""
    for path in sorted((checkout / "test/Hadolint/Rule").glob("DL*Spec.hs")):
        text = path.read_text(encoding="utf-8")
        starts = [found.start() for found in BLOCK.finditer(text)] + [len(text)]
        for start, end in pairwise(starts):
            block = text[start:end]
            title = BLOCK.match(block)
            bound = block[: block.find("ruleCatches")]
            lines = TEXT.findall(bound[title.end() if title else 0 :])
            for call in CALL.finditer(block):
                written = TEXT.findall(call["rest"]) or lines
                if written and title is not None:
                    file = "\n".join(map(unescaped, written)) + "\n"
                    yield call["code"], title["title"], not call["negated"], file


def main(checkout: str, verbose: bool) -> None:
    ours = known_as("")
    counts: dict[str, list[int]] = {}
    for code, title, wanted, file in examples(Path(checkout)):
        if code not in ours:
            continue
        whole = file if re.search(r"(?im)^\s*from ", file) else f"FROM debian:12\n{file}"
        results = results_of({"Dockerfile": whole}, ours[code])
        found = [one for one in results if one.rule_id in ours[code]]
        same = bool(found) == wanted
        counts.setdefault(code, [0, 0])[0 if same else 1] += 1
        if verbose and not same:
            said = "they speak, we do not" if wanted else "we speak, they do not"
            print(f"{code} {title}: {said}\n    " + whole.strip().replace("\n", "\n    "))
            for one in found:
                print("    ->", one.message)
    table((code, " ".join(ours[code]), *counts[code]) for code in sorted(counts))
    for code in sorted(counts):
        if counts[code][1] and code in DIFFERENT:
            print(f"{code}: {DIFFERENT[code]}")


if __name__ == "__main__":
    main(sys.argv[1], "-v" in sys.argv[2:])
