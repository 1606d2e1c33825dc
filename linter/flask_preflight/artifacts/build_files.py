"""Image builds that scripts, Make, Skaffold, Bake, Tilt and platforms describe.

Paths in them are relative to the file, to where a script is started, or to the context; each form
says which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from posixpath import normpath
from typing import Any

from flask_preflight.artifacts import shell
from flask_preflight.artifacts.shell import Command
from flask_preflight.facts import Build
from flask_preflight.lazy import expression
from flask_preflight.result import Location, Region
from flask_preflight.run import File, Tree

_BUILDERS = frozenset("docker podman nerdctl buildah".split())
_FLAGS_ALONE = frozenset(
    "--no-cache --pull --push --load --quiet -q --rm --force-rm --squash --debug -D --compress "
    "--no-cache-filter --check".split()
)
_GLOBAL_OPTIONS = frozenset("--context -c -H --host -l --log-level --config --builder".split())
_MAX_BUILDS = 200


def builds(tree: Tree) -> Iterator[Build]:
    """Every build that these files describe."""
    for file in tree.of("script"):
        yield from _limited(_script_file(tree, file))
    for file in tree.of("wsgi"):
        yield from _limited(_platform_file(tree, file))


def _limited(found: Iterable[Build]) -> list[Build]:
    return [build for build, _ in zip(found, range(_MAX_BUILDS), strict=False)]


def _script_file(tree: Tree, file: File) -> Iterator[Build]:
    name = file.path.rpartition("/")[2].lower()
    if name.startswith("skaffold"):
        yield from _skaffold(tree, file)
    elif name.startswith("docker-bake"):
        yield from _bake(tree, file)
    elif name == "tiltfile":
        yield from _tiltfile(tree, file)
    elif name in ("makefile", "justfile") or name.endswith(".mk"):
        yield from _of_commands(tree, file, _make_commands(tree, file))
    elif not name.endswith((".ini", ".py", ".json", ".yaml", ".yml")):
        text = tree.text(file.path) or ""
        if "build" in text:
            found = shell.commands(text, shell.places(file.path, text))
            yield from _of_commands(tree, file, found)


# Commands


def _of_commands(tree: Tree, file: File, commands: list[Command]) -> Iterator[Build]:
    pushed = {
        word
        for command in commands
        if command.program in _BUILDERS and "push" in command.words[1:3]
        for word in command.words[2:]
    }
    variables = {
        one.name: one.value for command in commands for one in command.assignments if one.value
    }
    for command in commands:
        build = docker_build(tree, command, file, variables)
        if build is not None:
            names = pushed.intersection(build.names)
            yield build._replace(pushed=build.pushed or bool(names))


def docker_build(
    tree: Tree, command: Command, file: File, variables: Mapping[str, str], folder: str = ""
) -> Build | None:
    """The build that a command does, None if it does none.

    Its paths count from `folder` and, where nothing is there, from the folder of the file and from
    the root. `variables` are those that are set before.
    """
    words = _build_words(command)
    if words is None:
        return None
    options, context = words
    given: dict[str, list[str]] = {}
    for name, value in options:
        given.setdefault(name, []).append(_filled(value, variables))
    context = _filled(context, variables)
    target = (given.get("--target") or [""])[-1]
    written = (given.get("-f") or given.get("--file") or given.get("--dockerfile") or [""])[-1]
    dockerfile, directory = _paths(tree, written, context, (folder, _folder(file.path), ""))
    names = given.get("-t", []) + given.get("--tag", []) + given.get("--destination", [])
    arguments = dict(_argument(text) for text in given.get("--build-arg", []))
    return Build(
        "script",
        dockerfile,
        directory,
        None if "$" in target else target,
        tuple(names),
        arguments,
        command.location,
        file.role,
        "--push" in command.words or "--destination" in given,
    )


def _build_words(command: Command) -> tuple[list[tuple[str, str]], str] | None:
    """The options of a build command and its context."""
    words = command.words
    if command.program in _BUILDERS:
        index = 1
        while index < len(words) and words[index] not in ("build", "bud"):
            if words[index].startswith("-"):
                index += words[index] in _GLOBAL_OPTIONS
            elif words[index] not in ("buildx", "image", "builder"):
                return None
            index += 1
        if index >= len(words):
            return None
        rest = words[index + 1 :]
    elif command.program == "gcloud" and words[1:3] == ("builds", "submit"):
        rest = words[3:]
    elif command.program == "az" and words[1:3] == ("acr", "build"):
        rest = words[3:]
    elif words[:1] and words[0].endswith("/kaniko/executor"):
        rest = words[1:]
    else:
        return None
    return _options(rest)


def _options(words: tuple[str, ...]) -> tuple[list[tuple[str, str]], str]:
    options: list[tuple[str, str]] = []
    context, index = "", 0
    while index < len(words):
        word = words[index]
        name, equals, value = word.partition("=")
        if not word.startswith("-") or word == "-":
            context = context or word
        elif equals and name.startswith("--"):
            options.append((name, value))
        elif word not in _FLAGS_ALONE and index + 1 < len(words):
            index += 1
            options.append((word, words[index]))
        index += 1
    contexts = [value for name, value in options if name == "--context"]
    return options, context or (contexts[-1] if contexts else ".")


def _filled(text: str, variables: Mapping[str, str]) -> str:
    """A word with the variables that are set before; `$PWD` is where the script is started."""
    text = re.sub(r"\$\(pwd\)|\$\{?PWD\}?", ".", text)

    def value(found: re.Match[str]) -> str:
        given = variables.get(found[1] or found[2], "")
        return given if given and "$" not in given and len(given) < 500 else found[0]

    return re.sub(r"\$(\w+)|\$\{(\w+)\}", value, text)


def _argument(text: str) -> tuple[str, str | None]:
    name, equals, value = text.partition("=")
    return name, value if equals and "$" not in value else None


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def joined(folder: str, path: str) -> str | None:
    """A path below a folder, both relative to the root ("" is the root); None if it leads out."""
    if path.startswith("/") or "$" in path or "\\" in path:
        return None
    found = normpath(f"{folder}/{path}" if folder else path or ".")
    if found == ".." or found.startswith("../"):
        return None
    return "" if found == "." else found


def _paths(
    tree: Tree, written: str, context: str, folders: tuple[str, ...]
) -> tuple[str | None, str | None]:
    """Dockerfile and context, from the first of these folders in which both exist."""
    if re.match(r"https?://|git@|git://|gs://|-\Z", context):
        return None, None
    found: set[tuple[str, str]] = set()
    for folder in dict.fromkeys(folders):
        directory = joined(folder, context)
        if directory is None or not tree.is_folder(directory):
            continue
        dockerfile = joined(folder, written) if written else joined(directory, "Dockerfile")
        if dockerfile and tree.file(dockerfile):
            found.add((dockerfile, directory))
    return found.pop() if len(found) == 1 else (None, None)


_VARIABLE = expression(r"(?:export\s+)?([A-Za-z_]\w*)\s*[:?]?:?=\s*(.*)")


def _make_commands(tree: Tree, file: File) -> list[Command]:
    """The commands of all recipes of a Makefile or justfile; a place is the recipe's line."""
    text = tree.text(file.path) or ""
    if "build" not in text:
        return []
    variables: dict[str, str] = {}
    found: list[Command] = []
    rows = text.split("\n")
    index = 0
    while index < len(rows):
        number, row = index + 1, rows[index]
        index += 1
        while row.endswith("\\") and index < len(rows):
            row = row[:-1] + " " + rows[index]
            index += 1
        if row[:1] in (" ", "\t") and row.strip():
            where = Location(file.path, Region(number, len(row) - len(row.lstrip()) + 1))
            recipe = _recipe(row.strip().lstrip("@-+"), variables)
            found += shell.commands(recipe, lambda start, end, where=where: where)  # type: ignore[misc]
        elif given := _VARIABLE.match(row):
            variables[given[1]] = _recipe(given[2].strip().strip("\"'"), variables)
    return found


def _recipe(text: str, variables: Mapping[str, str]) -> str:
    """Text of a Makefile as the shell gets it; what is not known stays a variable of the shell."""

    def value(found: re.Match[str]) -> str:
        name = found[1] or found[2] or found[3]
        return variables.get(name, f"${{{name}}}")[:500]

    text = re.sub(r"\$\((\w+)\)|\$\{(\w+)\}|\{\{\s*(\w+)\s*\}\}", value, text[:20_000])
    return text.replace("$$", "$")


# Files of build tools


def _skaffold(tree: Tree, file: File) -> Iterator[Build]:
    from flask_preflight.artifacts.yaml import Map, documents

    text = tree.text(file.path)
    if text is None or "skaffold" not in text:
        return
    for document in documents(file.path, text, tree)[0]:
        if not isinstance(document, Map):
            continue
        profiles = document.maps("profiles")
        for part in (document, *profiles):
            for artifact in part.map("build").maps("artifacts"):
                yield _artifact(artifact, file)


_OTHER_BUILDERS = frozenset("jib bazel buildpacks custom ko".split())


def _artifact(artifact: Any, file: File) -> Build:
    how = artifact.map("kaniko" if "kaniko" in artifact else "docker")
    context = joined(_folder(file.path), artifact.text("context") or ".")
    written = how.text("dockerfile") or "Dockerfile"
    target = how.text("target")
    known = context is not None and not _OTHER_BUILDERS & set(artifact)
    return Build(
        "skaffold",
        joined(context or "", written) if known else None,
        context,
        target if "{{" not in target else None,
        (artifact.text("image"),),
        {
            name: None if value is None else str(value)
            for name, value in how.map("buildArgs").items()
        },
        artifact.at("image"),
        file.role,
    )


_BLOCK = expression(r'^target\s+"([^"\n]{1,200})"\s*\{', re.MULTILINE)
_SETTING = expression(r"^[ \t]*([\w-]+)[ \t]*=[ \t]*(\[[^\]]*\]|\"[^\"\n]*\")", re.MULTILINE)


def _bake(tree: Tree, file: File) -> Iterator[Build]:
    text = tree.text(file.path) or ""
    targets: dict[str, tuple[Mapping[str, Any], int]] = {}
    if file.path.endswith(".json"):
        import json

        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            return
        found = document.get("target") if isinstance(document, dict) else None
        for name, target in found.items() if isinstance(found, dict) else ():
            if isinstance(target, dict):
                targets[name] = target, 1
    else:
        starts = [*_BLOCK.finditer(text)]
        for start, following in zip(starts, [*starts[1:], None], strict=True):
            body = text[start.end() : following.start() if following else len(text)]
            body = body.partition("\n}")[0]
            settings = {one[1]: re.findall(r'"([^"]*)"', one[2]) for one in _SETTING.finditer(body)}
            targets[start[1]] = settings, text.count("\n", 0, start.start()) + 1
    for name in list(targets)[:_MAX_BUILDS]:
        yield _bake_target(_inherited(targets, name, 0), file, targets[name][1])


def _inherited(
    targets: Mapping[str, tuple[Mapping[str, Any], int]], name: str, depth: int
) -> dict[str, Any]:
    own = targets[name][0] if name in targets else {}
    merged: dict[str, Any] = {}
    for parent in _list(own.get("inherits"))[:20]:
        if depth < 5 and parent != name:
            merged |= _inherited(targets, parent, depth + 1)
    return {**merged, **own}


def _bake_target(settings: Mapping[str, Any], file: File, line: int) -> Build:
    context = joined(_folder(file.path), _first(settings.get("context")) or ".")
    written = _first(settings.get("dockerfile")) or "Dockerfile"
    target = _first(settings.get("target"))
    return Build(
        "bake",
        None if context is None else joined(context, written),
        context,
        None if "$" in target else target,
        tuple(_list(settings.get("tags"))),
        {},
        Location(file.path, Region(line)),
        file.role,
        "type=registry" in " ".join(_list(settings.get("output"))),
    )


def _list(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _first(value: object) -> str:
    return next(iter(_list(value)), "")


_TILT = expression(r"\bdocker_build\s*\(")


def _tiltfile(tree: Tree, file: File) -> Iterator[Build]:
    text = tree.text(file.path) or ""
    for call in _TILT.finditer(text):
        written = text[call.end() : call.end() + 2_000].partition(")")[0]
        words = re.findall(r"(?:^|,)\s*(?:(\w+)\s*=\s*)?['\"]([^'\"\n]*)['\"]", written)
        plain = [value for name, value in words if not name]
        named = {name: value for name, value in words if name}
        if not plain or len(plain) < 2 and "context" not in named:
            continue
        context = joined(_folder(file.path), named.get("context") or plain[1])
        dockerfile = named.get("dockerfile")
        where = Location(file.path, Region(text.count("\n", 0, call.start()) + 1))
        beside = _folder(file.path)
        path = joined(beside, dockerfile) if dockerfile else joined(context or "", "Dockerfile")
        known = context is not None and "dockerfile_contents" not in written
        yield Build(
            "script",
            path if known else None,
            context,
            named.get("target", ""),
            (plain[0],),
            {},
            where,
            file.role,
        )


# Platforms


def _platform_file(tree: Tree, file: File) -> Iterator[Build]:
    name = file.path.rpartition("/")[2].lower()
    if name.startswith("fly") and name.endswith(".toml"):
        yield from _fly(tree, file)
    elif name in ("render.yaml", "render.yml"):
        yield from _render(tree, file)
    elif name == "heroku.yml":
        yield from _heroku(tree, file)
    elif name in ("railway.json", "railway.toml"):
        yield from _railway(tree, file)


def _platform(
    file: File, dockerfile: str | None, context: str | None, target: str, where: Location
) -> Build:
    return Build("platform", dockerfile, context, target, (), {}, where, file.role, True)


def _toml(tree: Tree, file: File) -> dict[str, Any]:
    import tomli

    try:
        return tomli.loads(tree.text(file.path) or "")
    except (ValueError, RecursionError):
        return {}


def _line_of(tree: Tree, file: File, word: str) -> Location:
    text = tree.text(file.path) or ""
    offset = text.find(word)
    return Location(file.path, Region(text.count("\n", 0, offset) + 1 if offset >= 0 else 1))


def _fly(tree: Tree, file: File) -> Iterator[Build]:
    settings = _toml(tree, file).get("build", {})
    if not isinstance(settings, dict) or {"image", "builder", "buildpacks"} & set(settings):
        return
    folder = _folder(file.path)
    path = joined(folder, _first(settings.get("dockerfile")) or "Dockerfile")
    target = _first(settings.get("build-target"))
    if path and tree.file(path):
        yield _platform(file, path, folder, target, _line_of(tree, file, "[build]"))


def _render(tree: Tree, file: File) -> Iterator[Build]:
    from flask_preflight.artifacts.yaml import Map, documents

    for document in documents(file.path, tree.text(file.path) or "", tree)[0]:
        if not isinstance(document, Map):
            continue
        for service in document.maps("services"):
            if "docker" not in (service.text("runtime"), service.text("env")):
                continue
            folder = joined("", service.text("rootDir") or ".") or ""
            path = joined(folder, service.text("dockerfilePath") or "Dockerfile")
            context = joined(folder, service.text("dockerContext") or ".")
            yield _platform(file, path, context, "", service.at("dockerfilePath"))


def _heroku(tree: Tree, file: File) -> Iterator[Build]:
    from flask_preflight.artifacts.yaml import Map, documents

    for document in documents(file.path, tree.text(file.path) or "", tree)[0]:
        images = document.map("build", "docker") if isinstance(document, Map) else {}
        for process, value in images.items():
            given = value if isinstance(value, str) else ""
            target = ""
            if isinstance(value, Map):
                given, target = value.text("dockerfile"), value.text("target")
            path = joined(_folder(file.path), given or "Dockerfile")
            if path and isinstance(images, Map):
                yield _platform(file, path, _folder(path), target, images.at(process))


def _railway(tree: Tree, file: File) -> Iterator[Build]:
    if file.path.endswith(".toml"):
        document = _toml(tree, file)
    else:
        import json

        try:
            document = json.loads(tree.text(file.path) or "")
        except (ValueError, RecursionError):
            return
    settings = document.get("build", {}) if isinstance(document, dict) else {}
    if not isinstance(settings, dict):
        return
    given = _first(settings.get("dockerfilePath"))
    if given or _first(settings.get("builder")).upper() == "DOCKERFILE":
        folder = _folder(file.path)
        path = joined("" if given.startswith("/") else folder, given.lstrip("/") or "Dockerfile")
        yield _platform(file, path, folder, "", _line_of(tree, file, "build"))
