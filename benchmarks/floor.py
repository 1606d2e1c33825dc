"""The least that a linter of this kind must do: import the parsers, read and parse each file once.

    python benchmarks/floor.py REPOSITORY LIST

LIST names the files, one on a line, with their kind before a tab, as `against_the_floor.py` writes
it. Nothing is judged.
"""

import contextlib
import io
import sys

import ast_grep_py
import click  # noqa: F401
import dockerfile_parse
import tomli
import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(kind: str, text: str) -> None:
    """Parse one file as its kind asks for; what is no known kind is only read."""
    if kind == "python":
        ast_grep_py.SgRoot(text, "python").root()
    elif kind == "yaml":
        with contextlib.suppress(yaml.YAMLError):
            list(yaml.compose_all(text, LOADER))
    elif kind == "toml":
        with contextlib.suppress(tomli.TOMLDecodeError):
            tomli.loads(text)
    elif kind == "dockerfile":
        dockerfile_parse.DockerfileParser(fileobj=io.BytesIO(text.encode())).structure  # noqa: B018


def main() -> None:
    root, listing = sys.argv[1:]
    with open(listing, encoding="utf-8") as lines:
        for line in lines:
            kind, path = line.rstrip("\n").split("\t")
            with open(f"{root}/{path}", "rb") as file:
                parse(kind, file.read().decode("utf-8", "replace"))


main()
