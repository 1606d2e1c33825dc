"""How much longer a run takes than the floor, and `--version` than importing click.

    python benchmarks/against_the_floor.py REPOSITORY [RUNS]

The two sides run in turn, as whole processes, so that a busy machine slows both. Prints the
medians in milliseconds and their ratio. The aim: 2.2 floors on a small repository, 3 on a large
one in one process; 1.3 for `--version`.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

from flask_preflight.discover import Options, discover

HERE = os.path.dirname(os.path.abspath(__file__))
PARSED = {
    "python": "python",
    "dockerfile": "dockerfile",
    "compose": "yaml",
    "kubernetes": "yaml",
    "ci": "yaml",
}


def kind_of(path: str, kinds: tuple[str, ...]) -> str:
    """Which parser the floor uses."""
    if path.endswith(".toml"):
        return "toml"
    return next((PARSED[kind] for kind in kinds if kind in PARSED), "text")


def listing(root: str) -> str:
    """A file with every file that a run reads."""
    tree = discover(root, Options())
    with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False, encoding="utf-8") as out:
        for file in tree.files:
            out.write(f"{kind_of(file.path, file.kinds)}\t{file.path}\n")
    return out.name


def seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - started


def compare(title: str, one: list[str], other: list[str], runs: int) -> None:
    """Run both in turn and print their medians and the ratio."""
    seconds(one)
    seconds(other)
    pairs = [(seconds(one), seconds(other)) for _ in range(runs)]
    first = statistics.median(pair[0] for pair in pairs) * 1000
    second = statistics.median(pair[1] for pair in pairs) * 1000
    print(f"{title}: {first:.0f} ms against {second:.0f} ms, {first / second:.2f} times")


def main() -> None:
    root = sys.argv[1]
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 11
    python = sys.executable
    linter = [python, "-m", "flask_preflight"]
    listed = listing(root)
    floor = [python, f"{HERE}/floor.py", root, listed]
    compare("one process", [*linter, "--jobs", "1", "--exit-zero", root], floor, runs)
    compare("all processors", [*linter, "--exit-zero", root], floor, runs)
    compare("--version", [*linter, "--version"], [python, "-c", "import click"], runs)
    os.unlink(listed)


main()
