"""Our rules on the test manifests of Polaris: `python benchmarks/agreement/polaris.py CHECKOUT`.

A file of `test/checks/<check>/` fails the check if its name begins with `failure`.
"""

from collections.abc import Iterator
from pathlib import Path

from manifests import Case, checkout, compare

REASONS: dict[str, str] = {}


def cases(root: Path) -> Iterator[Case]:
    for file in sorted(root.glob("test/checks/*/*.yaml")):
        if file.stem.startswith(("failure", "success")):
            fails = file.stem.startswith("failure")
            yield Case(file.parent.name, f"{file.parent.name}/{file.stem}", file.read_text(), fails)


if __name__ == "__main__":
    raise SystemExit(compare("polaris", cases(checkout(__doc__ or "")), REASONS))
