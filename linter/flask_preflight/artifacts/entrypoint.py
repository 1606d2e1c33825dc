"""What a start command really runs, after wrappers, shells and entry-point scripts."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from flask_preflight.artifacts import script
from flask_preflight.artifacts.script import Case, Function, Group, If, Loop, Node, Simple, Word
from flask_preflight.facts import Environment, Variable
from flask_preflight.lazy import expression
from flask_preflight.result import Location, Region
from flask_preflight.run import Tree

Resolve = Callable[[str], str | None]
"""Maps a path inside a container to a path in the repository, None where that is unknown."""
At = Location | Callable[[int], Location]
"""Where the words of a command are written: one place for all, or one for each by its index."""

_STEPS = 20
_STATES = 24
_COMMANDS = 4_000
_WORDS = 2_000
_DEVELOPMENT = expression(
    r"(?:\b|_)(?:dev(?:el(?:op(?:ment)?)?)?|debug|local|tests?|testing|shell|bash|lint|help|reload)"
    r"(?:\b|_)",
    re.I,
)
_PRODUCTION = expression(r"(?:\b|_)prod(?:uction)?(?:\b|_)", re.I)
_PASSIVE = frozenset(
    ": true false echo printf sleep wait test [ [[ trap set unset mkdir touch chown chmod rm cp mv "
    "ln cat ls ulimit umask pwd id whoami date hash type which tail source . break continue "
    "alias shopt find sed awk grep read let local declare typeset readonly getopts kill".split()
)
_SHELLS = frozenset("sh bash ash dash zsh ksh".split())
_MODULES = {
    "waitress": "waitress-serve",
    "gunicorn": "gunicorn",
    "gunicorn.app.wsgiapp": "gunicorn",
    "flask": "flask",
    "uvicorn": "uvicorn",
    "hypercorn": "hypercorn",
    "granian": "granian",
    "celery": "celery",
    "rq": "rq",
    "alembic": "alembic",
    "uwsgi": "uwsgi",
    "werkzeug.serving": "werkzeug.serving",
}
SERVERS = frozenset(
    "gunicorn uwsgi uwsgi-core pyuwsgi waitress-serve uvicorn hypercorn granian daphne "
    "mod_wsgi-express bjoern cheroot meinheld flask werkzeug.serving chaussette twistd".split()
)
"""Programs that serve a WSGI application themselves."""


class Ran(NamedTuple):
    """A command on the way to what a script starts. `maybe`: only under an unknown condition.

    `input` is the file that it reads.
    """

    argv: tuple[str, ...]
    places: tuple[Location, ...]
    background: bool = False
    maybe: bool = False
    development: bool = False
    input: str = ""

    @property
    def location(self) -> Location:
        return self.places[0]


class Started(NamedTuple):
    """What a command comes down to.

    `places` has one location for each word of `argv`. `variables` are those that scripts and
    wrappers set on the way, `before` the commands that run first or beside it. `directory` is
    where it was changed to ("" if it was not). `doubt`: it is one of several possibilities that
    nothing in the repository decides between. `open_because`: a wrapper adds variables from
    outside.
    """

    argv: tuple[str, ...]
    places: tuple[Location, ...]
    variables: tuple[Variable, ...] = ()
    before: tuple[Ran, ...] = ()
    directory: str = ""
    scripts: tuple[str, ...] = ()
    doubt: bool = False
    development: bool = False
    open_because: Location | None = None
    reloader: Location | None = None
    alternatives: tuple[Started, ...] = ()

    def at(self, index: int = 0) -> Location:
        return self.places[index] if 0 <= index < len(self.places) else self.places[-1]


def unwrap(
    argv: tuple[str, ...],
    at: At,
    resolve: Resolve,
    tree: Tree,
    environment: Environment | None = None,
    directory: str = "",
) -> Started | None:
    """Follow `exec`, `env`, `tini`, `sh -c`, entry-point scripts and other wrappers to the program.

    None where what runs cannot be known. Where a script chooses by something that is not written,
    the one possibility that is a server is given, marked as in doubt, with the others beside it.
    """
    if not argv:
        return None
    places = tuple(at(index) if callable(at) else at for index in range(len(argv)))
    walk = _Walk(resolve, tree, environment or Environment())
    found = walk.follow(Started(tuple(argv), places, directory=directory), 0)
    return _chosen(found)


def program(argv: tuple[str, ...]) -> str:
    """The name of the program without its folder; "" for no command."""
    name = argv[0].rpartition("/")[2] if argv else ""
    return re.sub(r"\.exe\Z", "", name)


def serves(argv: tuple[str, ...]) -> bool:
    """Whether a command is a server of web applications; `flask db upgrade` is none."""
    name = program(argv)
    return name in SERVERS and (name != "flask" or "run" in argv)


def _chosen(found: list[Started]) -> Started | None:
    # Of equal ones the one that tells most about what runs before it.
    ordered = sorted(found, key=lambda one: len(one.before))
    distinct = list({(one.argv, one.places[0]): one for one in ordered}.values())
    serious = [one for one in distinct if not one.development] or distinct
    if not serious:
        return None
    if len(serious) == 1:
        return serious[0]
    servers = [one for one in serious if serves(one.argv)]
    pool = [one for one in servers if not one.doubt] or servers
    if len({program(one.argv) for one in pool}) != 1:
        return None
    best = pool[0]
    others = tuple(one for one in serious if one is not best)
    return best._replace(doubt=True, alternatives=others)


class _State:
    """One way through a script."""

    def __init__(self, started: Started) -> None:
        self.started = started
        self.names: dict[str, str] = {}
        self.exported: list[Variable] = list(started.variables)
        self.arguments: list[tuple[str, Location]] = []
        self.functions: dict[str, tuple[Node, ...]] = {}
        self.directory = started.directory
        self.ran: list[Ran] = []
        self.final: tuple[tuple[str, ...], tuple[Location, ...]] | None = None
        self.done = False
        self.doubt = started.doubt
        self.development = started.development
        self.maybe = False
        self.script = ""

    def copy(self) -> _State:
        made = _State(self.started)
        made.__dict__.update(self.__dict__)
        made.names = dict(self.names)
        made.exported = list(self.exported)
        made.arguments = list(self.arguments)
        made.functions = dict(self.functions)
        made.ran = list(self.ran)
        return made


class _Walk:
    """Follows one command; holds what bounds the work."""

    def __init__(self, resolve: Resolve, tree: Tree, environment: Environment) -> None:
        self.resolve = resolve
        self.tree = tree
        self.environment = environment
        self.commands = 0
        self.scripts: list[str] = []

    def follow(self, started: Started, depth: int) -> list[Started]:
        """Every program that this command may come down to."""
        for _ in range(_STEPS):
            if not started.argv or depth > 8:
                return []
            unwrapped = _without_wrapper(started)
            if unwrapped is not None:
                started = unwrapped
                continue
            break
        shell = self._shell(started)
        if shell is None:
            return [started]
        text, place, arguments, path = shell
        return self._run_script(started, text, place, arguments, path, depth)

    def _shell(
        self, started: Started
    ) -> tuple[str, Callable[[Word], Location], list[tuple[str, Location]], str] | None:
        """The text that a shell reads, the places in it and its arguments, if it is one."""
        words = list(zip(started.argv, started.places, strict=True))
        name = program(started.argv)
        if name in ("su", "runuser") and "-c" in started.argv[:-1]:
            index = started.argv.index("-c") + 1
            return words[index][0], _inside(*words[index]), [], ""
        if name in _SHELLS:
            index = 1
            while index < len(words) and words[index][0].startswith(("-", "+")):
                option = words[index][0]
                index += 1
                if re.fullmatch(r"-[a-z]*c", option) and index < len(words):
                    text, where = words[index]
                    return text, _inside(text, where), words[index + 2 :], ""
                if option in ("-o", "+o", "-O"):
                    index += 1
            words = words[index:]
            return self._file(words, started, any_file=True) if words else None
        return self._file(words, started, any_file=False)

    def _file(
        self, words: list[tuple[str, Location]], started: Started, any_file: bool
    ) -> tuple[str, Callable[[Word], Location], list[tuple[str, Location]], str] | None:
        path = self.find(words[0][0], started)
        if path is None:
            return None
        text = self.tree.text(path)
        if text is None:
            return None
        first = text.partition("\n")[0]
        is_shell = bool(re.match(r"#!.*\b(?:ba|da|a|z|k)?sh\b", first))
        if not is_shell and not (any_file or path.endswith((".sh", ".bash"))):
            return None
        if first.startswith("#!") and not is_shell:
            return None
        return text, _in_file(path, text), words[1:], path

    def find(self, written: str, started: Started) -> str | None:
        """The repository file that a path in a command means."""
        return locate(written, started.directory, self.resolve, self.tree, started.places[0].path)

    def _run_script(
        self,
        started: Started,
        text: str,
        place: Callable[[Word], Location],
        arguments: list[tuple[str, Location]],
        path: str,
        depth: int,
    ) -> list[Started]:
        if path:
            if path in self.scripts or len(self.scripts) > 20:
                return []
            self.scripts.append(path)
        state = _State(started)
        state.arguments = arguments
        state.script = path
        runner = _Runner(self, place, depth)
        nodes = script.parse(text)
        states = runner.run(nodes, [state])
        found: list[Started] = []
        for state in states or []:
            for one in runner.outcomes(state):
                found += self.follow(one, depth + 1)
        if path:
            self.scripts.remove(path)
        return found[:_STATES]


class _Runner:
    """Runs the nodes of one script on every way through it."""

    def __init__(self, walk: _Walk, place: Callable[[Word], Location], depth: int) -> None:
        self.walk = walk
        self.place = place
        self.depth = depth
        self.level = 0

    def run(self, nodes: Iterable[Node], states: list[_State]) -> list[_State]:
        for node in nodes:
            self.walk.commands += 1
            if self.walk.commands > _COMMANDS or len(states) > _STATES or self.level > 60:
                return []
            live = [state for state in states if not state.done]
            finished = [state for state in states if state.done]
            states = finished
            for state in live:
                states = states + self.step(node, state)
        return states

    def step(self, node: Node, state: _State) -> list[_State]:
        self.level += 1
        try:
            if isinstance(node, Simple):
                return self.simple(node, state)
            if isinstance(node, Function):
                state.functions[node.name] = node.body
                return [state]
            if isinstance(node, Group):
                return self.run(node.body, [state])
            if isinstance(node, Loop):
                if node.variable:
                    state.names[node.variable] = "$(?)"
                return self.either([(node.body, False)], state, always=True)
            if isinstance(node, If):
                return self.branches(node, state)
            return self.case(node, state)
        finally:
            self.level -= 1

    def branches(self, node: If, state: _State) -> list[_State]:
        open_: list[tuple[tuple[Node, ...], bool]] = []
        development = False
        for condition, body in node.branches:
            answer = self.truth(condition, state) if condition else True
            text = _spelled(condition)
            if answer is False:
                continue
            if answer is True:
                # Whatever was still possible before, this or one of those is taken.
                open_.append((body, development))
                return self.either(open_, state, complete=True, condition=node.branches)
            negative = bool(re.search(r"(?:^|\s)(?:!|!=|-z)(?:\s|$)", text))
            is_development = bool(_DEVELOPMENT.search(text))
            is_production = bool(_PRODUCTION.search(text)) and not is_development
            open_.append((body, is_development and not negative or is_production and negative))
            if is_development and negative or is_production and not negative:
                development = True
        return self.either(open_, state, complete=False, condition=node.branches)

    def either(
        self,
        bodies: list[tuple[tuple[Node, ...], bool]],
        state: _State,
        *,
        complete: bool = False,
        always: bool = False,
        condition: tuple[tuple[tuple[Node, ...], tuple[Node, ...]], ...] = (),
    ) -> list[_State]:
        """One of these bodies runs, or none where that is possible too."""
        if complete and len(bodies) == 1:
            return self.run(bodies[0][0], [state])
        if any(self.decides(body, state) for body, _ in bodies):
            states = []
            for body, development in bodies:
                fork = state.copy()
                fork.development = fork.development or development
                states += self.run(body, [fork])
            return states if complete else [*states, state]
        before, exported = dict(state.names), len(state.exported)
        development_before, maybe_before = state.development, state.maybe
        after: list[dict[str, str]] = []
        state.maybe = maybe_before or not always
        for body, development in bodies:
            state.names = dict(before)
            state.development = development_before or development
            if not self.run(body, [state]):
                return []
            after.append(state.names)
        state.development, state.maybe = development_before, maybe_before
        state.names = _merged(before, after, complete, condition)
        state.exported[exported:] = [
            v._replace(value=None) if not always else v for v in state.exported[exported:]
        ]
        return [state]

    def decides(self, body: tuple[Node, ...], state: _State, depth: int = 0) -> bool:
        """Whether a body may end the script or start the program."""
        if depth > 30:
            return True
        for node in body:
            if isinstance(node, Simple):
                name = node.words[0].text if node.words else ""
                if name in ("exec", "exit", "return", "shift", "eval"):
                    return True
                if name == "set" and len(node.words) > 1 and node.words[1].text == "--":
                    return True
                if serves(tuple(word.text for word in node.words)):
                    return True
                called = state.functions.get(name)
                if called is not None and self.decides(called, state, depth + 1):
                    return True
            elif isinstance(node, (Group, Loop)):
                if self.decides(node.body, state, depth + 1):
                    return True
            elif isinstance(node, (If, Case)):
                for branch in node.branches:
                    if self.decides(branch[1], state, depth + 1):
                        return True
        return False

    def case(self, node: Case, state: _State) -> list[_State]:
        subject = self.value(node.subject, state)
        first_argument = node.subject.text in ("$1", "${1}", "${1:-}", "$@", "$*")
        if subject is not None and not (first_argument and not state.arguments):
            for patterns, body in node.branches:
                if any(fnmatch.fnmatchcase(subject, pattern) for pattern in patterns):
                    return self.run(body, [state])
            return [state]
        if first_argument and not state.arguments:
            for patterns, body in node.branches:
                if "*" in patterns or "" in patterns:
                    found = self.run(body, [state.copy()])
                    if any(self.outcomes(one) for one in found):
                        return found
        states: list[_State] = []
        for patterns, body in node.branches:
            fork = state.copy()
            fork.doubt = True
            labels = [pattern for pattern in patterns if pattern != "*"]
            fork.development = fork.development or any(map(_DEVELOPMENT.search, labels))
            states += self.run(body, [fork])
        return states

    def simple(self, node: Simple, state: _State) -> list[_State]:
        if node.operator == "||" and not node.background:
            return [state]
        for name, word in node.assignments:
            text = self.text(word, state)
            if node.words:
                self.export(name, text, word, state)
            else:
                state.names[name] = text
        if not node.words:
            return [state]
        words = self.words(node.words, state)
        if not words:
            return [state]
        name = program((words[0][0],))
        called = state.functions.get(words[0][0])
        if called is not None:
            return self.call(called, words, state)
        builtin = _BUILTINS.get(name)
        if builtin is not None:
            return builtin(self, words, state)
        ran = Ran(
            tuple(text for text, _ in words),
            tuple(where for _, where in words),
            node.background,
            state.maybe,
            state.development,
            node.input,
        )
        state.ran.append(ran)
        return [state]

    def call(
        self, body: tuple[Node, ...], words: list[tuple[str, Location]], state: _State
    ) -> list[_State]:
        if self.level > 50:
            return []
        kept = state.arguments
        state.arguments = words[1:]
        states = self.run(body, [state])
        for one in states:
            one.arguments = kept
            if one.done and one.final is None:
                # `return` and `exit` look alike here; a function that ends did not end the script.
                one.done = False
        return states

    def words(self, several: tuple[Word, ...], state: _State) -> list[tuple[str, Location]]:
        """The words after expansion; `"$@"` becomes the arguments."""
        found: list[tuple[str, Location]] = []
        for word in several:
            where = self.place(word)
            if len(found) > _WORDS:
                break
            if word.text in ("$@", "$*", "${@}", "${*}"):
                found += state.arguments
                continue
            text = self.text(word, state)
            if word.quoted or "$" not in word.text:
                found.append((text.replace(script.LITERAL, "$"), where))
                continue
            # An unquoted variable is split; one that is known to be empty disappears.
            pieces = [text] if "$(" in text or "${" in text else text.split()
            found += [(piece.replace(script.LITERAL, "$"), where) for piece in pieces]
        return found

    def text(self, word: Word, state: _State) -> str:
        """The word with everything replaced that the script itself has set."""
        if "$" not in word.text:
            return word.text
        found = script.expand(word.text, lambda name: self.local(name, state), keep_defaults=True)
        return found.text

    def local(self, name: str, state: _State) -> str | None:
        if name in state.names:
            return state.names[name]
        if name.isdigit() and name != "0":
            index = int(name[:4]) - 1
            return state.arguments[index][0] if index < len(state.arguments) else ""
        if name == "#":
            return str(len(state.arguments))
        if name in ("@", "*"):
            return " ".join(text for text, _ in state.arguments)
        given = next((v for v in reversed(state.exported) if v.name == name), None)
        return given.value if given is not None else None

    def value(self, word: Word, state: _State) -> str | None:
        """The value of a word when it is certain, with what the environment gives."""
        expanded = script.expand(self.text(word, state), self.given)
        certain = expanded.known and (not expanded.default or self.walk.environment.closed)
        return expanded.text if certain else None

    def given(self, name: str) -> str | None:
        found = self.walk.environment.get(name)
        if found is not None:
            return None if found.default else found.value
        return None

    def export(self, name: str, text: str, word: Word, state: _State) -> None:
        expanded = script.expand(text, self.given)
        value = expanded.text if expanded.known else None
        where = self.place(word)
        state.exported.append(Variable(name, value, where, "script", expanded.default))

    def truth(self, condition: tuple[Node, ...], state: _State) -> bool | None:
        """What a condition gives, None if that is unknown."""
        if len(condition) == 1 and isinstance(condition[0], If):
            inner = condition[0]
            answer = self.truth(inner.branches[0][0], state)
            return None if answer is None else answer is not inner.negated
        answers = [self.test(node, state) for node in condition]
        operators = {node.operator for node in condition[1:] if isinstance(node, Simple)}
        if len(answers) == 1:
            return answers[0]
        if operators == {"&&"}:
            return False if False in answers else None if None in answers else True
        if operators == {"||"}:
            return True if True in answers else None if None in answers else False
        return None

    def test(self, node: Node, state: _State) -> bool | None:
        if not isinstance(node, Simple) or not node.words:
            return None
        name = node.words[0].text
        if name in ("true", ":"):
            return True
        if name == "false":
            return False
        if name not in ("[", "[[", "test"):
            return None
        words = [word for word in node.words[1:] if word.text not in ("]", "]]")]
        negated = bool(words) and words[0].text == "!"
        words = words[negated:]
        answer = self.comparison(words, state)
        return None if answer is None else answer is not negated

    def comparison(self, words: list[Word], state: _State) -> bool | None:
        if len(words) == 2 and words[0].text in ("-z", "-n"):
            value = self.value(words[1], state)
            return None if value is None else (value == "") is (words[0].text == "-z")
        if len(words) != 3:
            return None
        left, right = self.value(words[0], state), self.value(words[2], state)
        if left is None or right is None:
            return None
        operator = words[1].text
        if operator in ("=", "=="):
            return left == right if not re.search(r"[*?\[]", right) else None
        if operator == "!=":
            return left != right if not re.search(r"[*?\[]", right) else None
        if re.fullmatch(r"\d{1,9}", left) and re.fullmatch(r"\d{1,9}", right):
            one, other = int(left), int(right)
            return {
                "-eq": one == other,
                "-ne": one != other,
                "-gt": one > other,
                "-ge": one >= other,
                "-lt": one < other,
                "-le": one <= other,
            }.get(operator)
        return None

    def outcomes(self, state: _State) -> list[Started]:
        """What the script starts on this way: what it became, or the last thing it did."""
        base = state.started._replace(
            variables=tuple(state.exported),
            directory=state.directory,
            scripts=(*state.started.scripts, *([state.script] if state.script else [])),
            doubt=state.doubt,
            development=state.development,
        )
        if state.final is not None:
            argv, places = state.final
            before = (*base.before, *state.ran)
            return [base._replace(argv=argv, places=places, before=before)] if argv else []
        if state.done:
            return []
        serious = [ran for ran in state.ran if not ran.development]
        active = [ran for ran in serious if program(ran.argv) not in _PASSIVE]
        if not active:
            return []
        servers = [ran for ran in active if serves(_bare(ran))]
        front = [ran for ran in servers if not ran.background] or servers
        last = front[-1] if front else active[-1]
        before = (*base.before, *(ran for ran in state.ran if ran is not last))
        return [
            base._replace(
                argv=last.argv,
                places=last.places,
                before=before,
                doubt=base.doubt or last.maybe,
            )
        ]


def _bare(ran: Ran) -> tuple[str, ...]:
    """The command without the wrappers in front of it."""
    started = Started(ran.argv, ran.places)
    for _ in range(_STEPS):
        inner = _without_wrapper(started)
        if inner is None:
            break
        started = inner
    return started.argv


def _spelled(condition: tuple[Node, ...]) -> str:
    """A condition as text, for the words in it."""
    parts: list[str] = []
    for node in condition:
        if isinstance(node, Simple):
            parts += [word.text for word in node.words]
        elif isinstance(node, If):
            parts += ["!"] * node.negated + [_spelled(node.branches[0][0])]
    return " ".join(parts)[:2000]


def _merged(
    before: dict[str, str],
    after: list[dict[str, str]],
    complete: bool,
    condition: tuple[tuple[tuple[Node, ...], tuple[Node, ...]], ...],
) -> dict[str, str]:
    """Variables after one of several bodies ran: equal ones are known, others are not."""
    possible = after if complete else [*after, before]
    merged: dict[str, str] = {}
    for name in {name for names in possible for name in names}:
        values = {names.get(name) for names in possible}
        if len(values) == 1:
            merged[name] = next(iter(values)) or ""
            continue
        given = next((value for value in values if value is not None), "")
        text = _spelled(condition[0][0]) if len(condition) == 1 else ""
        fallback = re.fullmatch(rf"(?:\[\[?|test) -z \$\{{?{name}(?::-)?\}}? ?\]?\]?", text)
        if fallback and name not in before and "$" not in given:
            merged[name] = f"${{{name}:-{given}}}"
        else:
            merged[name] = "$(?)"
    return merged


def _exec(runner: _Runner, words: list[tuple[str, Location]], state: _State) -> list[_State]:
    rest = words[1:]
    while rest and rest[0][0] in ("-a", "-c", "-l"):
        rest = rest[2:] if rest[0][0] == "-a" else rest[1:]
    if not rest:
        return [state]
    called = state.functions.get(rest[0][0])
    if called is not None:
        return runner.call(called, rest, state)
    state.final = (tuple(text for text, _ in rest), tuple(where for _, where in rest))
    state.done = True
    return [state]


def _export(runner: _Runner, words: list[tuple[str, Location]], state: _State) -> list[_State]:
    for text, where in words[1:]:
        name, given, value = text.partition("=")
        if not re.fullmatch(r"[A-Za-z_]\w*", name):
            continue
        value = value if given else state.names.get(name, "")
        if given or name in state.names:
            runner.export(name, value, Word(value, 0, 0), state)
            state.exported[-1] = state.exported[-1]._replace(location=where)
            state.names[name] = value
    return [state]


def _assign(runner: _Runner, words: list[tuple[str, Location]], state: _State) -> list[_State]:
    for text, _ in words[1:]:
        name, given, value = text.partition("=")
        if given and re.fullmatch(r"[A-Za-z_]\w*", name):
            state.names[name] = value
    if any(text.startswith("-") and "x" in text for text, _ in words[1:]):
        return _export(runner, words, state)
    return [state]


def _set(runner: _Runner, words: list[tuple[str, Location]], state: _State) -> list[_State]:
    if len(words) > 1 and words[1][0] == "--":
        state.arguments = words[2:]
    return [state]


def _shift(runner: _Runner, words: list[tuple[str, Location]], state: _State) -> list[_State]:
    number = words[1][0] if len(words) > 1 else "1"
    state.arguments = state.arguments[int(number[:4]) :] if number.isdigit() else []
    return [state]


def _cd(runner: _Runner, words: list[tuple[str, Location]], state: _State) -> list[_State]:
    target = words[1][0] if len(words) > 1 else ""
    if target and "$" not in target and target != "-":
        state.directory = joined(state.directory, target)
    return [state]


def _exit(runner: _Runner, words: list[tuple[str, Location]], state: _State) -> list[_State]:
    state.done = True
    return [state]


def _source(runner: _Runner, words: list[tuple[str, Location]], state: _State) -> list[_State]:
    if len(words) < 2 or runner.depth > 6:
        return [state]
    started = state.started._replace(directory=state.directory)
    path = runner.walk.find(words[1][0], started)
    text = runner.walk.tree.text(path) if path else None
    if path is None or text is None or path in runner.walk.scripts:
        return [state]
    runner.walk.scripts.append(path)
    inner = _Runner(runner.walk, _in_file(path, text), runner.depth + 1)
    inner.level = runner.level
    states = inner.run(script.parse(text), [state])
    runner.walk.scripts.remove(path)
    return states


def _eval(runner: _Runner, words: list[tuple[str, Location]], state: _State) -> list[_State]:
    if len(words) < 2 or runner.depth > 6:
        return [state]
    text = " ".join(word for word, _ in words[1:])
    where = words[1][1]
    inner = _Runner(runner.walk, lambda word: where, runner.depth + 1)
    inner.level = runner.level
    return inner.run(script.parse(text), [state])


def _default(runner: _Runner, words: list[tuple[str, Location]], state: _State) -> list[_State]:
    return [state]


_BUILTINS: dict[str, Callable[[_Runner, list[tuple[str, Location]], _State], list[_State]]] = {
    "exec": _exec,
    "export": _export,
    "declare": _assign,
    "typeset": _assign,
    "local": _assign,
    "readonly": _assign,
    "set": _set,
    "shift": _shift,
    "cd": _cd,
    "exit": _exit,
    "return": _exit,
    "source": _source,
    ".": _source,
    "eval": _eval,
    ":": _default,
}


def _inside(text: str, where: Location) -> Callable[[Word], Location]:
    """Places inside a text that was given as one word."""
    region = where.region
    exact = region.end_line == region.start_line and (
        region.end_column - region.start_column == len(text)
    )
    quoted = region.end_line == region.start_line and (
        region.end_column - region.start_column == len(text) + 2
    )
    if not (exact or quoted):
        return lambda word: where
    first = region.start_column + quoted
    line = region.start_line

    def place(word: Word) -> Location:
        if not word.end:
            return where
        return where._replace(region=Region(line, first + word.start, line, first + word.end))

    return place


def _in_file(path: str, text: str) -> Callable[[Word], Location]:
    """Places in a script of the repository."""
    from bisect import bisect_right
    from itertools import accumulate

    starts = [0, *accumulate(len(row) + 1 for row in text.split("\n"))]

    def place(word: Word) -> Location:
        line = bisect_right(starts, word.start)
        last = bisect_right(starts, max(word.end - 1, word.start))
        return Location(
            path,
            Region(
                line,
                word.start - starts[line - 1] + 1,
                last,
                word.end - starts[last - 1] + 1,
            ),
        )

    return place


def joined(directory: str, path: str) -> str:
    """A path below a directory, with its dots resolved; absolute if one of them is."""
    if path.startswith("/"):
        directory = ""
    absolute = path.startswith("/") or directory.startswith("/")
    parts: list[str] = []
    for part in f"{directory}/{path}".split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return ("/" if absolute else "") + "/".join(parts)


_SYSTEM = expression(r"/(?:usr/(?!src/|app/)|bin/|sbin/|etc/|lib/|proc/|sys/|dev/|var/lib/)")


def locate(
    written: str, directory: str, resolve: Resolve, tree: Tree, beside: str = ""
) -> str | None:
    """The repository file that a path in a command means, None if there is none.

    `directory` is the working directory, absolute where it is one of a container. Where the
    container's files are not known, the path is looked for beside the file that holds the command
    and at the root, with as many of its folders as exist there.
    """
    if not written or "$" in written or "\x00" in written or len(written) > 1000:
        return None
    path = joined(directory, written)
    if path.startswith("/"):
        mapped = resolve(path)
        if mapped is not None and tree.file(mapped):
            return mapped
    elif tree.file(path):
        return path
    if _SYSTEM.match(path):
        return None
    folder = beside.rpartition("/")[0]
    parts = path.strip("/").split("/")
    for start in range(len(parts)):
        tail = "/".join(parts[start:])
        for candidate in (joined(folder, tail), tail):
            if candidate and tree.file(candidate):
                return candidate
    return None


def _flags(argv: tuple[str, ...], index: int, valued: Iterable[str] = ()) -> int:
    """The index after the options that begin at this one; `--` ends them."""
    while index < len(argv) and argv[index].startswith("-") and argv[index] != "-":
        if argv[index] == "--":
            return index + 1
        index += 2 if argv[index] in valued else 1
    return index


_UV = frozenset(
    "--with --with-requirements --with-editable --extra --no-extra --group --no-group --only-group "
    "--python -p --package --project --env-file --directory --index --index-url "
    "--extra-index-url".split()
)
_PLAIN_WRAPPERS: dict[str, frozenset[str]] = {
    "exec": frozenset(("-a",)),
    "nohup": frozenset(),
    "time": frozenset(),
    "command": frozenset(),
    "setsid": frozenset(),
    "stdbuf": frozenset(("-i", "-o", "-e")),
    "nice": frozenset(("-n",)),
    "ionice": frozenset(("-c", "-n")),
    "tini": frozenset(("-e", "-p")),
    "tini-static": frozenset(("-e", "-p")),
    "dumb-init": frozenset(("-r", "--rewrite")),
    "catatonit": frozenset(),
    "docker-init": frozenset(),
    "ddtrace-run": frozenset(),
    "opentelemetry-instrument": frozenset(
        "--exporter_otlp_endpoint --traces_exporter --metrics_exporter --logs_exporter "
        "--service_name --propagators".split()
    ),
    "sudo": frozenset(("-u", "-g", "-H")),
    "setpriv": frozenset(("--reuid", "--regid", "--groups")),
    "chpst": frozenset(("-u", "-e", "-m", "-o")),
    "dockerize": frozenset(
        ("-wait", "-timeout", "-template", "-stdout", "-stderr", "-wait-retry-interval")
    ),
    "xvfb-run": frozenset(("-n", "-s")),
    "catchsegv": frozenset(),
}
_RUNNERS = frozenset("poetry pipenv pdm hatch rye pixi".split())
_OPENING = {
    "doppler": 1,
    "infisical": 1,
    "chamber": 2,
    "op": 1,
    "aws-vault": 2,
    "dotenv": 1,
    "honcho": 1,
}


def _without_wrapper(started: Started) -> Started | None:
    """The same command without its first wrapper, None if its first word is no wrapper."""
    argv, name = started.argv, program(started.argv)
    index = _inner(argv, name)
    if index is not None and index < len(argv):
        return _shortened(started, index)
    if name == "env":
        return _after_env(started)
    if name in _OPENING and any(word in ("run", "exec") for word in argv[1:4]):
        if "--" in argv:
            index = argv.index("--") + 1
        else:
            index = _flags(argv, 2, ("-f", "--file", "-p", "-c"))
        if index < len(argv):
            return _shortened(started, index)._replace(open_because=started.places[0])
    if name in ("watchmedo", "hupper", "watchfiles") and "--" in argv:
        inner = _shortened(started, argv.index("--") + 1)
        return inner._replace(reloader=started.places[0]) if inner.argv else None
    if name.startswith(("wait-for", "wait_for", "wait4")) and "--" in argv[:-1]:
        return _shortened(started, argv.index("--") + 1)
    return None


def _inner(argv: tuple[str, ...], name: str) -> int | None:
    """The index of the command inside a wrapper that only passes on."""
    if name in _PLAIN_WRAPPERS:
        index = _flags(argv, 1, _PLAIN_WRAPPERS[name])
        return index if index < len(argv) else None
    if name in ("gosu", "su-exec", "setuser", "s6-setuidgid"):
        return 2
    if name == "timeout":
        return _flags(argv, 1, ("-k", "-s")) + 1
    if name == "newrelic-admin" and argv[1:2] == ("run-program",):
        return 2
    if name in _RUNNERS and argv[1:2] == ("run",):
        return _flags(argv, 2, ("-e", "-p", "--project"))
    if name == "uv" and "run" in argv[1:4]:
        index = _flags(argv, argv.index("run") + 1, _UV)
        return index - 1 if index < len(argv) and argv[index - 1 : index] == ("-m",) else index
    if name in ("conda", "mamba", "micromamba") and argv[1:2] == ("run",):
        return _flags(argv, 2, ("-n", "--name", "-p", "--prefix", "--cwd"))
    if name == "runuser" and "--" in argv[:-1]:
        return argv.index("--") + 1
    if re.fullmatch(r"(?:python|pypy)[\d.]*", name):
        return _python(argv)
    if name == "-m" and argv[1:2] and argv[1] in _MODULES:
        return 1
    return None


def _python(argv: tuple[str, ...]) -> int | None:
    """`python -m gunicorn` and `python /usr/bin/gunicorn` are gunicorn."""
    index = 1
    while index < len(argv) and argv[index].startswith("-") and argv[index] != "-":
        option = argv[index]
        if option in ("-m", "-c"):
            break
        index += 2 if option in ("-W", "-X") else 1
    if argv[index : index + 1] == ("-m",) and index + 1 < len(argv):
        module = argv[index + 1]
        if module in _MODULES:
            return index + 1
        if module == "newrelic.admin" and argv[index + 2 : index + 3] == ("run-program",):
            return index + 3
        return None
    if index < len(argv) and "/bin/" in argv[index] and program(argv[index:]) in SERVERS:
        return index
    return None


def _shortened(started: Started, index: int) -> Started:
    argv, places = started.argv[index:], started.places[index:]
    if argv and argv[0] in _MODULES and program(started.argv[:1]) not in SERVERS:
        argv = (_MODULES[argv[0]], *argv[1:])
    return started._replace(argv=argv, places=places)


def _after_env(started: Started) -> Started | None:
    argv, index = started.argv, 1
    variables = list(started.variables)
    while index < len(argv):
        word = argv[index]
        if word in ("-u", "-C"):
            index += 2
        elif word in ("-S", "--split-string") and index + 1 < len(argv):
            inner = script.words(argv[index + 1])
            where = started.places[index + 1]
            return started._replace(
                argv=("env", *(one.text for one in inner), *argv[index + 2 :]),
                places=(where,) * (len(inner) + 1) + started.places[index + 2 :],
                variables=tuple(variables),
            )
        elif word.startswith("-"):
            index += 1
        elif re.match(r"[A-Za-z_]\w*=", word):
            name, _, value = word.partition("=")
            known = None if "$" in value else value
            variables.append(Variable(name, known, started.places[index], "env"))
            index += 1
        else:
            break
    if index >= len(argv):
        return None
    shortened = _shortened(started, index)
    return shortened._replace(variables=tuple(variables))
