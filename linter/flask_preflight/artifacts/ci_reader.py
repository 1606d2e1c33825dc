"""Reads workflows of GitHub and pipelines of GitLab; other systems are known by their files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, product

from flask_preflight.artifacts import ci_labels, shell
from flask_preflight.artifacts.build_files import docker_build, joined
from flask_preflight.artifacts.ci import Event, Job, Pipeline, Step
from flask_preflight.artifacts.shell import Command, Place
from flask_preflight.artifacts.yaml import Map, Seq, documents
from flask_preflight.facts import Build
from flask_preflight.lazy import expression
from flask_preflight.limits import MAX_INCLUDE_DEPTH
from flask_preflight.result import Location, Region
from flask_preflight.run import File, Tree

_EVENTS: dict[str, Event] = {
    "push": "push",
    "pull_request": "pull_request",
    "pull_request_review": "pull_request",
    "pull_request_review_comment": "pull_request",
    "merge_group": "pull_request",
    "pull_request_target": "privileged",
    "workflow_run": "privileged",
    "issue_comment": "privileged",
    "issues": "privileged",
    "discussion": "privileged",
    "discussion_comment": "privileged",
    "fork": "privileged",
    "watch": "privileged",
    "release": "tag",
    "create": "tag",
    "schedule": "schedule",
    "workflow_dispatch": "manual",
    "repository_dispatch": "manual",
    "workflow_call": "call",
}
_RESERVED = frozenset(
    "default include stages variables workflow spec image services cache before_script "
    "after_script".split()
)
_EXPRESSION = expression(r"\$\{\{.*?\}\}", re.DOTALL)
_MATRIX = expression(r"\$\{\{\s*matrix\.(\w+)\s*\}\}")
_MAX_MATRIX = 32
_TARGETS = expression(r"(?:make|just|task|invoke|inv)\Z")


def pipelines(tree: Tree) -> Iterator[Pipeline]:
    """Every pipeline of the repository."""
    reader = _Reader(tree)
    for file in tree.of("ci"):
        name = file.path.rpartition("/")[2].lower()
        if name.startswith(("dependabot", "renovate", ".renovaterc")) or not _is_run(file.path):
            continue
        if not name.endswith((".yml", ".yaml")) or not _is_read(file.path):
            pipeline = Pipeline("other", file.path, Map(file.path))
            pipeline.is_read = False
            yield pipeline
            continue
        text = tree.text(file.path)
        found = reader.read(file, text) if text is not None else None
        if found is not None:
            yield found


def _is_run(path: str) -> bool:
    """GitHub runs workflows of the top folder only."""
    return "/.github/workflows/" not in f"/{path}" or path.startswith(".github/")


def _is_read(path: str) -> bool:
    return (
        "/workflows/" in f"/{path}"
        or path.rpartition("/")[2].startswith("action.")
        or ("gitlab" in path.lower())
    )


class _Reader:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.scripts: dict[str, list[Command]] = {}
        self.followed: dict[tuple[tuple[str, ...], str], list[Command] | None] = {}

    def read(self, file: File, text: str) -> Pipeline | None:
        found, complete = documents(file.path, text, self.tree)
        spec = next((one for one in reversed(found) if isinstance(one, Map)), None)
        if spec is None:
            return None
        if "gitlab" in file.path.lower() and "jobs" not in spec:
            pipeline: Pipeline | None = self._gitlab(file, spec)
        else:
            pipeline = self._github(file, spec)
        if pipeline is not None and not complete:
            pipeline.is_open = True
        return pipeline

    # GitHub

    def _github(self, file: File, spec: Map) -> Pipeline | None:
        pipeline = Pipeline("github", file.path, spec)
        if isinstance(spec.dig("runs"), Map):
            pipeline.is_action = True
            job = Job(pipeline, "action", spec.map("runs"))
            pipeline.jobs["action"] = job
            self._steps(job, spec.map("runs"), file)
            return pipeline
        if not isinstance(spec.dig("jobs"), Map):
            return None
        pipeline.triggers = frozenset(_triggers(spec))
        pipeline.events = frozenset(_EVENTS.get(name, "other") for name in pipeline.triggers)
        for id, value in spec.map("jobs").items():
            if isinstance(value, Map):
                job = Job(pipeline, str(id), value)
                job.calls = value.text("uses")
                pipeline.jobs[str(id)] = job
                self._steps(job, value, file)
        self._called(pipeline)
        return pipeline

    def _called(self, pipeline: Pipeline) -> None:
        """Workflows of the same repository are read on their own."""
        for job in pipeline.jobs.values():
            path = job.calls.removeprefix("./")
            if job.calls.startswith("./") and self.tree.file(path) is not None:
                job.calls = ""

    def _steps(self, job: Job, spec: Map, file: File) -> None:
        for step in _flattened(spec):
            self._step(job, step, file)

    def _step(self, job: Job, spec: Map, file: File) -> None:
        step = Step(job, spec, spec.text("name"))
        job.steps.append(step)
        if spec.dig("if") is False or spec.text("if").strip() == "false":
            return
        step.uses = spec.text("uses")
        if step.uses:
            step.location = spec.value_at("uses")
            self._use(step)
            if step.action == "appleboy/ssh-action" and spec.text("with", "script"):
                script = spec.text("with", "script")
                plain = _EXPRESSION.sub(_masked, script)
                step.remote = shell.commands(plain, place_of(spec, ("with", "script"), script))
            self._build_action(step, file)
        if isinstance(spec.dig("run"), str):
            step.location = spec.at("run")
            step.script = str(spec.dig("run"))
            folder = spec.text("working-directory") or job.spec.text(
                "defaults", "run", "working-directory"
            )
            self._script(step, spec, ("run",), folder, file)

    def _use(self, step: Step) -> None:
        """A local action is read on its own; what it does counts for the step."""
        if step.uses.startswith("./"):
            folder = step.uses[2:].rstrip("/")
            for name in ("action.yml", "action.yaml"):
                if self.tree.file(f"{folder}/{name}" if folder else name):
                    return
            step.is_opaque = True

    def _build_action(self, step: Step, file: File) -> None:
        if "docker/build-push-action" not in step.uses:
            return
        given = step.spec.map("with")
        context = given.text("context") or "."
        dockerfile = given.text("file")
        known = "${{" not in context + dockerfile and "://" not in context
        folder = joined("", context) if known else None
        path = joined("", dockerfile) if dockerfile else joined(folder or "", "Dockerfile")
        names = re.split(r"[\s,]+", _EXPRESSION.sub("$", given.text("tags")).strip())
        target = given.text("target")
        step.job.pipeline.builds.append(
            Build(
                "ci",
                path if known else None,
                folder,
                None if "${{" in target else target,
                tuple(filter(None, names)),
                {},
                step.location,
                "production",
                step.pushes,
            )
        )

    # Scripts

    def _script(
        self, step: Step, spec: Map, keys: tuple[str | int, ...], folder: str, file: File
    ) -> None:
        text = str(spec.dig(*keys))
        step.script_key = keys
        masked = _EXPRESSION.sub(_masked, text)
        step.commands += shell.commands(masked, place_of(spec, keys, text))
        for command in step.commands:
            step.remote += _sent(command)
            self._reach(step, command, folder, 0)
            self._build(step, command, folder, file)
        for variant in _variants(text, step.job.spec):
            for command in shell.commands(variant, lambda start, end: step.location):
                self._build(step, command, folder, file)

    def _build(self, step: Step, command: Command, folder: str, file: File) -> None:
        build = docker_build(self.tree, command, file, {}, folder)
        if build is not None:
            unknown = build.target is not None and _FILLER.fullmatch(build.target)
            target = None if unknown else build.target
            found = build._replace(carrier="ci", role="production", target=target)
            step.job.pipeline.builds.append(found)

    def _reach(self, step: Step, command: Command, folder: str, depth: int) -> None:
        """Follow the script or target that a command runs; what cannot be read tells by name."""
        key = (command.words, folder)
        if key not in self.followed:
            self.followed[key] = self._inside(command, folder)
        inner = self.followed[key] if depth < MAX_INCLUDE_DEPTH else None
        if inner is None:
            step.judged.append(command)
            unknown = not ci_labels.of_command(command.text) and self._runs_unknown(command)
            step.is_opaque = step.is_opaque or unknown
            return
        for one in inner:
            self._reach(step, one, folder, depth + 1)

    def _runs_unknown(self, command: Command) -> bool:
        program = command.program
        if ci_labels.is_harmless(program) or command.text.startswith("_"):
            return False
        script = program.endswith(".sh") or "/" in (command.words[0] if command.words else "")
        return script or _TARGETS.match(program) is not None

    def _inside(self, command: Command, folder: str) -> list[Command] | None:
        """The commands of a script, a target of a Makefile, or a script of package.json."""
        words = command.words
        if not words:
            return None
        program = command.program
        if program == "make":
            return self._target(words, folder)
        if program in ("npm", "yarn", "pnpm"):
            return self._package_script(words, folder)
        path = words[1] if program in ("bash", "sh") and len(words) > 1 else words[0]
        if "/" not in path and not path.endswith(".sh"):
            return None
        for place in (folder, ""):
            found = joined(place, path)
            file = self.tree.file(found) if found else None
            if found and file is not None and "script" in file.kinds:
                text = self.tree.text(found) or ""
                if found not in self.scripts:
                    self.scripts[found] = shell.commands(text, shell.places(found, text))
                rest = words[words.index(path) + 1 :]
                return _function(self.scripts[found], text, rest, found)
        return None

    def _target(self, words: tuple[str, ...], folder: str) -> list[Command] | None:
        place = next((words[i + 1] for i, w in enumerate(words[:-1]) if w == "-C"), folder)
        for name in ("Makefile", "makefile", "GNUmakefile"):
            path = joined(place, name)
            text = self.tree.text(path) if path and self.tree.file(path) else None
            if path and text is not None:
                names = [w for w in words[1:] if re.fullmatch(r"[\w.:-]+", w) and w[0] != "-"]
                return list(_recipes(text, names, path))
        return None

    def _package_script(self, words: tuple[str, ...], folder: str) -> list[Command] | None:
        import json

        names = [word for word in words[1:] if word not in ("run", "--") and word[:1] != "-"]
        path = joined(folder, "package.json")
        text = self.tree.text(path) if path and self.tree.file(path) else None
        if not names or text is None or path is None:
            return None
        try:
            found = json.loads(text).get("scripts", {}).get(names[0])
        except (ValueError, AttributeError, RecursionError):
            return None
        where = Location(path)
        return shell.commands(found, lambda start, end: where) if isinstance(found, str) else None

    # GitLab

    def _gitlab(self, file: File, spec: Map) -> Pipeline:
        pipeline = Pipeline("gitlab", file.path, spec)
        whole = self._with_includes(pipeline, spec, file.path, 0)
        pipeline.triggers = frozenset(("push", "merge_request_event"))
        pipeline.events = frozenset(("push", "pull_request"))
        stages = [str(one) for one in whole.items_of("stages")]
        if stages:
            pipeline.stages = (".pre", *stages, ".post")
        for id, value in whole.items():
            name = str(id)
            if isinstance(value, Map) and name not in _RESERVED and not name.startswith("."):
                found = _extended(whole, value, 0)
                if "script" in found or "trigger" in found:
                    self._gitlab_job(pipeline, whole, name, found, file)
        return pipeline

    def _gitlab_job(self, pipeline: Pipeline, whole: Map, name: str, spec: Map, file: File) -> None:
        job = Job(pipeline, name, spec)
        job.location = whole.at(name)
        job.calls = "trigger" if "trigger" in spec else ""
        pipeline.jobs[name] = job
        before = spec if "before_script" in spec else whole.map("default")
        before = before if "before_script" in before else whole
        for source, key in ((before, "before_script"), (spec, "script"), (spec, "after_script")):
            value = source.dig(key)
            items = value if isinstance(value, Seq) else [value] if value is not None else []
            for index in range(len(items)):
                step = Step(job, spec, name)
                keys = (key, index) if isinstance(value, Seq) else (key,)
                step.location = source.value_at(*keys)
                if isinstance(items[index], str):
                    job.steps.append(step)
                    step.script = items[index]
                    self._script(step, source, keys, "", file)
                else:
                    pipeline.is_open = pipeline.is_open or not isinstance(items[index], Seq)

    def _with_includes(self, pipeline: Pipeline, spec: Map, path: str, depth: int) -> Map:
        from flask_preflight.artifacts.yaml import overlay

        merged = Map(spec.path, spec.node)
        value = spec.dig("include")
        for item in value if isinstance(value, Seq) else [value] if value is not None else []:
            local = item.text("local") if isinstance(item, Map) else str(item)
            other = local.lstrip("/") if local and "://" not in local else ""
            text = self.tree.text(other) if other and self.tree.file(other) else None
            found = documents(other, text, self.tree)[0] if text is not None else []
            if found and isinstance(found[-1], Map) and depth < MAX_INCLUDE_DEPTH:
                inner = self._with_includes(pipeline, found[-1], other, depth + 1)
                merged = overlay(merged, inner)
            else:
                pipeline.is_open = True
        return overlay(merged, spec)


_SSH_VALUES = frozenset("-" + letter for letter in "bcDEeFIiJLlmOopQRSWw")


def _sent(command: Command) -> list[Command]:
    """What an `ssh` gives another machine to run: its words after the host, or its document."""
    if command.program == "sshpass" and "ssh" in command.words:
        start = command.words.index("ssh")
        words, locations = command.words[start:], command.locations[start:]
        command = command._replace(words=words, locations=locations)
    if command.program != "ssh":
        return []
    index = 1
    while index < len(command.words) and command.words[index].startswith("-"):
        index += 2 if command.words[index] in _SSH_VALUES else 1
    rest = command.words[index + 1 :]
    where = command.locations[index + 1] if rest else command.location
    found = shell.commands(" ".join(rest), lambda start, end: where)
    if command.document and command.document_location is not None:
        place = command.document_location
        inside = shell.places(place.path, command.document, place.region.start_line)
        found += shell.commands(command.document, inside)
    return found


_FILLER = expression(r"_{6,}")
"""What stands for an expression, which is never shorter than `${{a}}`."""


def _masked(found: re.Match[str]) -> str:
    """A word as long as the expression; that of a secret keeps its name."""
    if not re.search(r"\bsecrets\.\w", found[0]):
        return "_" * len(found[0])
    return re.sub(r"[^\w.]", "_", found[0])


def _variants(text: str, job: Map) -> Iterator[str]:
    """A script about images once for each value of a matrix that is written out."""
    names = dict.fromkeys(_MATRIX.findall(text)) if "docker" in text else {}
    values = [[str(v) for v in job.items_of("strategy", "matrix", name)] for name in names]
    combinations = list(islice(product(*values), _MAX_MATRIX + 1)) if names else []
    if len(combinations) > _MAX_MATRIX:
        return
    for combination in combinations:
        replaced = text
        for name, value in zip(names, combination, strict=True):
            parts = re.split(rf"\$\{{\{{\s*matrix\.{name}\s*\}}\}}", replaced)
            replaced = value.join(parts)
        yield _EXPRESSION.sub(lambda found: "_" * len(found[0]), replaced)


def _triggers(spec: Map) -> Iterator[str]:
    """The events of a workflow; YAML 1.1 readers take the key `on` for a truth value."""
    value = spec.dig("on")
    if isinstance(value, Map):
        yield from map(str, value)
    elif isinstance(value, Seq):
        yield from map(str, value)
    elif value is not None:
        yield str(value)


def _flattened(spec: Map) -> Iterator[Map]:
    """The steps, those in parallel groups too."""
    for step in spec.maps("steps"):
        if isinstance(step.dig("parallel"), Seq):
            yield from step.maps("parallel")
        else:
            yield step


def _extended(whole: Map, job: Map, depth: int) -> Map:
    """A job of GitLab with what it extends; lists and texts are replaced, mappings merged."""
    from flask_preflight.artifacts.yaml import overlay

    value = job.dig("extends")
    if value is None or depth > 11:
        return job
    merged = Map(job.path, job.node)
    for name in value if isinstance(value, Seq) else [value]:
        base = whole.dig(str(name))
        if isinstance(base, Map) and base is not job:
            merged = overlay(merged, _extended(whole, base, depth + 1))
    return overlay(merged, job)


def _recipes(text: str, names: Iterable[str], path: str) -> Iterator[Command]:
    """The commands of targets and of those that they depend on; the first target without names."""
    found: dict[str, tuple[list[str], list[tuple[int, str]]]] = {}
    current: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        head = re.match(r"([\w.:%/ -]+?)\s*:(?!=)\s*([^=#]*)", line)
        if line.startswith("\t") and current:
            for target in current:
                found[target][1].append((number, line.strip().lstrip("@-+")))
        elif head and not line[0].isspace():
            current = head[1].split()
            for target in current:
                found.setdefault(target, ([], []))[0].extend(head[2].split())
    visible = [name for name in found if not name.startswith(".")]
    waiting = [name for name in names if name in found] or visible[:1]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop(0)
        if name in seen or name not in found:
            continue
        seen.add(name)
        waiting += found[name][0]
        for number, line in found[name][1]:
            plain = re.sub(r"\$\(\w+\)|\$\{\w+\}", "", line)
            where = Location(path, Region(number))
            yield from shell.commands(plain, lambda start, end, where=where: where)  # type: ignore[misc]


def _function(
    commands: list[Command], text: str, arguments: tuple[str, ...], path: str
) -> list[Command]:
    """The function that the first argument names, where a script hands its arguments on."""
    if not arguments or not re.search(r"\$\{?@|\$\*|\"\$1\"", text):
        return commands
    name = re.escape(arguments[0])
    head = re.search(rf"^(?:function[ \t]+)?{name}[ \t]*(?:\(\))?[ \t]*\{{", text, re.M)
    if head is None:
        return commands
    end = text.find("\n}", head.end())
    body = text[head.end() : end if end > 0 else len(text)]
    line = text.count("\n", 0, head.end()) + 1
    found = shell.commands(body, shell.places(path, body, line))
    for one in list(found):
        inner = one.words[0] if one.words else ""
        if inner and re.search(
            rf"^(?:function[ \t]+)?{re.escape(inner)}[ \t]*(?:\(\))?[ \t]*\{{", text, re.M
        ):
            found += _function(commands, text, (inner,), path) if inner != arguments[0] else []
    return found


def place_of(spec: Map, keys: tuple[str | int, ...], text: str) -> Place:
    """Maps offsets of a text of YAML to the file, for plain, quoted and literal scalars."""
    node, where = spec.written(*keys), spec.value_at(*keys)
    if node is None:
        return lambda start, end: where
    if node.style == "|":
        return _block_place(where, text, node.start_line)
    if node.start_line == node.end_line:
        quote = 1 if node.style in ("'", '"') else 0
        width = node.end_column - node.start_column - 2 * quote
        if width == len(text):
            return shell.places(where.path, text, node.start_line, node.start_column + quote)
    return lambda start, end: where


def _block_place(where: Location, text: str, line: int) -> Place:
    """A literal block begins on the line after its mark; how far it is indented is not known."""
    plain = shell.places(where.path, text, line + 1)

    def place(start: int, end: int) -> Location:
        region = plain(start, end).region
        return Location(where.path, Region(region.start_line))

    return place
