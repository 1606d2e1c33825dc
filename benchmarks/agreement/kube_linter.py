"""Our rules on the test manifests of KubeLinter: `python benchmarks/agreement/kube_linter.py CHECKOUT`.

Its end-to-end tests (`e2etests/bats-tests.sh`) say which kinds of objects of a file fail.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from manifests import Case, checkout, compare

REASONS: dict[str, str] = {}


def cases(root: Path) -> Iterator[Case]:
    tests = (root / "e2etests/bats-tests.sh").read_text()
    for check, body in re.findall(
        r'^@test "([\w-]+)" \{\n(.*?)^\}', tests, re.MULTILINE | re.DOTALL
    ):
        file = re.search(r'tmp="(tests/checks/[^"]+)"', body)
        kinds = re.findall(r'" ?[=~]= "(\w+)(?: [\w-]+)?: ', body)
        if file is not None and kinds:
            yield Case(check, check, (root / file[1]).read_text(), True, tuple(kinds))


if __name__ == "__main__":
    raise SystemExit(compare("kube-linter", cases(checkout(__doc__ or "")), REASONS))
