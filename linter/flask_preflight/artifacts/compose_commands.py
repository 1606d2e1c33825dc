"""Which Compose files people start together: `-f` in scripts, pipelines and documentation."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import NamedTuple

from flask_preflight.artifacts.build_files import joined
from flask_preflight.lazy import expression
from flask_preflight.run import File, Tree

_COMMAND = expression(
    r"\b(?:(?:docker|podman|nerdctl)[ -]compose|(docker)[ \t]+stack[ \t]+(?:deploy|up))\b"
    r"((?:[^\n\\;|&#`]|\\\r?\n|\\.){0,4000})"
)
_LIST = expression(r"\bCOMPOSE_FILE[ \t]*[:=][ \t]*[\"']?([^\s\"'#]{1,1000})")
_QUOTES = expression("[\"']")
_VALUED = frozenset(
    "-p --project-name --profile --env-file --ansi --parallel --progress --orchestrator "
    "--resolve-image".split()
)
_MAX_FOUND = 100


class Started(NamedTuple):
    """Files that one command names, in their order; `stack`: by `docker stack deploy`."""

    paths: tuple[str, ...]
    stack: bool = False


def started(tree: Tree, known: Container[str]) -> list[Started]:
    """Every different combination of files that some command names; `known` are their paths."""
    found: dict[Started, None] = {}
    for file in tree.files:
        if {"script", "ci", "doc", "env"}.intersection(file.kinds):
            text = tree.text(file.path) or ""
            if "ompose" in text or "COMPOSE_FILE" in text or "stack" in text:
                found.update(dict.fromkeys(_of_text(file, text, known)))
        if len(found) > _MAX_FOUND:
            break
    return list(found)[:_MAX_FOUND]


def _of_text(file: File, text: str, known: Container[str]) -> Iterator[Started]:
    for command in _COMMAND.finditer(text):
        words = _QUOTES.sub("", command[2].replace("\\\n", " ").replace("\\\r\n", " ")).split()
        names = _names(words, bool(command[1]))
        paths = _paths(file, names, known)
        if paths:
            yield Started(paths, bool(command[1]))
    for listed in _LIST.finditer(text):
        paths = _paths(file, listed[1].replace(";", ":").split(":"), known)
        if paths:
            yield Started(paths)


def _names(words: list[str], is_stack: bool) -> list[str]:
    """The files that the options of a command name, up to its subcommand."""
    short, long = ("-c", "--compose-file") if is_stack else ("-f", "--file")
    found, index = [], 0
    while index < len(words):
        word = words[index]
        name, equals, value = word.partition("=")
        if word in ("--project-directory", "--context") or name == "--project-directory":
            return []
        if word in (short, long) and index + 1 < len(words):
            index += 1
            found.append(words[index])
        elif name in (short, long) and equals:
            found.append(value)
        elif word.startswith(short) and not word.startswith("--") and len(word) > 2:
            found.append(word[2:])
        elif word in _VALUED:
            index += 1
        elif not word.startswith("-") and not is_stack:
            break
        index += 1
    return found


def _paths(file: File, names: list[str], known: Container[str]) -> tuple[str, ...]:
    """The files from the first folder that has all of them: the root, or those above the file."""
    if not names or len(names) > 20 or any("$" in name or "*" in name for name in names):
        return ()
    parts = file.path.split("/")[:-1]
    folders = ["", *("/".join(parts[:count]) for count in range(len(parts), 0, -1))]
    for folder in folders[:20]:
        paths = [joined(folder, name) for name in names]
        if all(path is not None and path in known for path in paths):
            return tuple(path for path in paths if path)
    return ()
