"""Our rules on the test manifests of kube-score: `python benchmarks/agreement/kube_score.py CHECKOUT`.

Its Go tests say which grade a file of `score/testdata` gets from a check; the check's id is its
name in lower case with hyphens. What is graded less than `GradeAllOK` fails.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from manifests import Case, checkout, compare

REASONS: dict[str, str] = {}
FUNCTION = re.compile(r"^func Test\w+\(.*?^\}", re.MULTILINE | re.DOTALL)
CALL = re.compile(
    r"testExpectedScore(?:WithConfig)?\(\s*t,(?P<files>.*?)"
    r'"(?P<check>[A-Z][\w ]+)",\s*(?:scorecard\.)?(?P<grade>\w+)\)',
    re.DOTALL,
)


def cases(root: Path) -> Iterator[Case]:
    for test in sorted(root.glob("score/*_test.go")):
        for function in FUNCTION.findall(test.read_text()):
            for call in CALL.finditer(function):
                fails = call["grade"] not in ("GradeAllOK", "0")
                check = call["check"].lower().replace(" ", "-")
                for file in _files(function, call["files"]):
                    text = (root / "score/testdata" / file).read_text()
                    yield Case(check, f"{check}/{file.removesuffix('.yaml')}", text, fails)


def _files(function: str, argument: str) -> Iterator[str]:
    """The files of a call; a part of the name may stand in a loop around it."""
    written = re.search(r'"([\w.-]+)"(?: *\+ *v *\+ *"([\w.-]+)")?', argument)
    if written is None:
        return
    looped = re.search(r"range \[\]string\{([^}]*)\}", function)
    if not written[2]:
        yield written[1]
    elif looped:
        yield from (written[1] + part + written[2] for part in re.findall(r'"(\w+)"', looped[1]))


if __name__ == "__main__":
    raise SystemExit(compare("kube-score", cases(checkout(__doc__ or "")), REASONS))
