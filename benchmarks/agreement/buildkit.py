"""Whether our reader of Dockerfiles agrees with BuildKit's parser on its own test files.

    python benchmarks/agreement/buildkit.py CHECKOUT

Compares, for each `testfiles/*/Dockerfile`, the instructions with those in `result` beside it:
their number, their names, the pairs of ENV and LABEL, the strings of JSON forms, and RUN.
"""

import ast
import re
import sys
from pathlib import Path

from flask_preflight import classify
from flask_preflight.artifacts.dockerfile import Instruction, read
from flask_preflight.run import File, Tree

STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def theirs(text: str) -> list[tuple[str, list[str]]]:
    """The instructions of a `result`: one list in brackets each, on a line of its own."""
    found = []
    for line in text.strip().split("\n"):
        name = re.match(r"\(([a-z]+)", line)
        if name is not None:
            words = [ast.literal_eval(word) for word in STRING.findall(line)]
            found.append((name[1].upper(), words))
    return found


def squeezed(text: str) -> str:
    return " ".join(text.split())


def same(ours: Instruction, words: list[str]) -> bool:
    if ours.name in ("ENV", "LABEL"):
        # Name, value and separator of each pair.
        pairs = list(zip(words[::3], words[1::3], strict=False))
        return [(pair.name, squeezed(pair.written or "")) for pair in ours.pairs] == [
            (name, squeezed(value)) for name, value in pairs
        ]
    if ours.exec is not None:
        return list(ours.exec) == words[-len(ours.exec) :] if ours.exec else True
    if ours.name == "RUN" and not ours.heredocs:
        return squeezed(ours.value) == squeezed(words[-1] if words else "")
    return True


def main(checkout: str) -> int:
    folder = Path(checkout, "frontend/dockerfile/parser/testfiles")
    files = instructions = wrong = 0
    for result in sorted(folder.glob("*/result")):
        text = result.with_name("Dockerfile").read_text(encoding="utf-8")
        file = File("Dockerfile", len(text), ("dockerfile",), classify.role("Dockerfile"))
        tree = Tree((file,), lambda _, notes, text=text: text, {})
        dockerfile = read(tree, "Dockerfile")
        ours = list(dockerfile.instructions) if dockerfile is not None else []
        wanted = theirs(result.read_text(encoding="utf-8"))
        files, instructions = files + 1, instructions + len(wanted)
        if [one.name for one in ours] != [name for name, _ in wanted]:
            wrong += 1
            print(f"{result.parent.name}: {len(ours)} instructions, theirs has {len(wanted)}")
            continue
        for one, (name, words) in zip(ours, wanted, strict=True):
            if not same(one, words):
                wrong += 1
                line = one.location.region.start_line
                print(f"{result.parent.name}:{line} {name}: {one.value[:90]!r}, theirs {words}")
    print(f"{files} files, {instructions} instructions, {wrong} differences")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
