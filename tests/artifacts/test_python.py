"""What one Python file tells: values, guards, names, settings and where each is written."""

from __future__ import annotations

import pytest

from flask_preflight.artifacts import python, source
from flask_preflight.artifacts.python import Module
from flask_preflight.artifacts.source import HOLE, Value
from flask_preflight.run import File, Notes


def module(text: str, path: str = "app.py", role: str = "production") -> Module:
    file = File(path, len(text), ("python",), role)  # type: ignore[arg-type]
    (found,) = python.read(file, text, Notes())
    return found


def value(expression: str, before: str = "") -> Value:
    found = module(
        f"import os, secrets, uuid\nfrom os import environ\n{before}\nX = {expression}\n"
    )
    return next(
        one.value for one in found.facts() if isinstance(one, source.Constant) and one.name == "X"
    )


@pytest.mark.parametrize(
    ("expression", "literal"),
    [
        ("True", True),
        ("-1", -1),
        ("2 * 1024 * 1024", 2 * 1024 * 1024),
        ("'a' 'b'", "ab"),
        ('r"\\d"', "\\d"),
        ('"\\n"', "\n"),
        ("b'x'", b"x"),
        ("('a', 'b')", ("a", "b")),
        ('f"plain"', "plain"),
        ('f"postgresql://{user}:{password}@db"', f"postgresql://{HOLE}:{HOLE}@db"),
        ("'sqlite:///' + os.path.join(here, 'app.db')", f"sqlite:///{HOLE}/app.db"),
        ("'a' * 3", "aaa"),
        ("'%s://x' % scheme", f"{HOLE}://x"),
        ("('x')", "x"),
        ("' x '.strip()", " x "),
    ],
)
def test_literals(expression: str, literal: object) -> None:
    found = value(expression)
    assert (found.kind, found.literal) == ("literal", literal)


@pytest.mark.parametrize(
    ("expression", "names", "default", "required"),
    [
        ("os.environ['A']", ("A",), None, True),
        ("environ['A']", ("A",), None, True),
        ("os.environ.get('A')", ("A",), None, False),
        ("os.getenv('A', 'x')", ("A",), "x", False),
        ("os.environ.get('A', default='x')", ("A",), "x", False),
        ("os.environ.get('A') or 'x'", ("A",), "x", False),
        ("os.environ['A'] if 'A' in os.environ else 'x'", ("A",), "x", False),
        ("os.environ.get('A', os.getenv('B', 'x'))", ("A", "B"), "x", False),
        ("os.environ.get('A') or os.environ['B']", ("A", "B"), None, True),
        ("int(os.environ.get('A', '5'))", ("A",), 5, False),
        ("os.environ.get('A', 'x').strip().lower()", ("A",), "x", False),
    ],
)
def test_environment(
    expression: str, names: tuple[str, ...], default: object, required: bool
) -> None:
    found = value(expression)
    assert (found.kind, found.names, found.required) == ("env", names, required)
    assert found.literal == default


@pytest.mark.parametrize(
    ("expression", "truth"),
    [
        ("os.environ.get('A') == '1'", False),
        ("os.environ.get('A', '1') == '1'", True),
        ("os.environ.get('A', '0') != '0'", False),
        ("os.environ.get('A', '').lower() in ('1', 'true')", False),
        ("os.environ.get('A') is not None", False),
        ("strtobool(os.environ.get('A', 'false'))", False),
        ("bool(strtobool(os.environ.get('A', 'yes')))", True),
        ("not (os.environ.get('A') == '1')", True),
    ],
)
def test_truth_values(expression: str, truth: bool) -> None:
    found = value(expression)
    assert found.boolean
    assert bool(found.literal) is truth


def test_raw_text_as_truth_value() -> None:
    found = value("bool(os.environ.get('A'))")
    assert (found.boolean, found.cast) == (False, "bool")


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("secrets.token_hex()", "random"),
        ("os.urandom(24).hex()", "random"),
        ("uuid.uuid4().hex", "random"),
        ("open('key').read()", "file"),
        ("make()", "call"),
        ("settings.KEY", "reference"),
        ("[x for x in y]", "unknown"),
    ],
)
def test_other_values(expression: str, kind: str) -> None:
    assert value(expression).kind == kind


def test_places_count_code_points() -> None:
    found = module('# é\nÄ = "x"; NAME = "\U0001f600y"\n')
    (constant,) = [c for c in found.facts() if isinstance(c, source.Constant) and c.name == "NAME"]
    region = constant.value.location.region
    assert (region.start_line, region.start_column, region.end_column) == (2, 17, 21)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f()", ("import", "", "")),
        ("if __name__ == '__main__':\n    f()", ("main", "", "")),
        ("if '__main__' == __name__:\n    f()", ("main", "", "")),
        ("def g():\n    f()", ("function", "", "")),
        ("@app.route('/')\ndef g():\n    f()", ("function", "route", "")),
        ("@app.cli.command()\ndef g():\n    f()", ("function", "cli", "")),
        ("@shared_task\ndef g():\n    f()", ("function", "task", "")),
        ("@app.before_request\ndef g():\n    f()", ("function", "hook", "")),
        ("class A(MethodView):\n    def get(self):\n        f()", ("function", "route", "")),
        ("if app.debug:\n    f()", ("import", "", "dev")),
        ("if not DEBUG:\n    f()", ("import", "", "prod")),
        ("if DEBUG:\n    pass\nelse:\n    f()", ("import", "", "prod")),
        ("if ENV == 'production':\n    f()", ("import", "", "prod")),
        ("if ENV != 'production':\n    f()", ("import", "", "dev")),
        ("if TYPE_CHECKING:\n    f()", ("import", "", "dev")),
        ("if latest:\n    f()", ("import", "", "")),
        ("def g():\n    f()\n\nif __name__ == '__main__':\n    g()", ("main", "", "")),
        (
            "def g():\n    f()\n    return 1\n\nif __name__ == '__main__':\n    a = g()",
            ("function", "", ""),
        ),
        (
            "def g():\n    f()\n\ng()\nif __name__ == '__main__':\n    g()",
            ("function", "", ""),
        ),
    ],
)
def test_guards(text: str, expected: tuple[str, str, str]) -> None:
    (call,) = module(f"from celery import shared_task\n{text}\n").calls("f")
    assert (call.guard.where, call.guard.use, call.guard.condition) == expected


def test_guard_of_try_loop_and_condition() -> None:
    found = module(
        "import os\nfor n in x:\n    a()\ntry:\n    b()\nexcept KeyError:\n    c()\n"
        "if 'NAME' in os.environ:\n    d()\n"
    )
    guards = {name: next(found.calls(name)).guard for name in "abcd"}
    assert guards["a"].loop
    assert guards["b"].caught
    assert not guards["c"].caught
    assert guards["d"].tested == ("NAME",)


@pytest.mark.parametrize(
    ("path", "text", "target"),
    [
        ("a.py", "import x.y", "x.y"),
        ("a.py", "from x import y", "x"),
        ("p/q/a.py", "from . import y", "p.q"),
        ("p/q/a.py", "from .z import y", "p.q.z"),
        ("p/q/a.py", "from ..z import y", "p.z"),
        ("p/__init__.py", "from .z import y", "p.z"),
    ],
)
def test_imports(path: str, text: str, target: str) -> None:
    found = [one for one in module(text, path).facts() if isinstance(one, source.Import)]
    assert found[0].target == target


@pytest.mark.parametrize(
    ("statement", "key"),
    [
        ("app.config['A'] = 1", "A"),
        ("app.config.update(A=1)", "A"),
        ("app.config.update({'A': 1})", "A"),
        ("app.config.update(dict(A=1))", "A"),
        ("app.config.from_mapping(A=1)", "A"),
        ("app.config.setdefault('A', 1)", "A"),
        ("app.config.A = 1", "A"),
        ("app.secret_key = 'x'", "SECRET_KEY"),
        ("app.debug = True", "DEBUG"),
    ],
)
def test_settings(statement: str, key: str) -> None:
    found = module(f"from flask import Flask\napp = Flask(__name__)\n{statement}\n")
    settings = [one for one in found.facts() if isinstance(one, source.Setting)]
    assert [(one.owner, one.key) for one in settings] == [("app", key)]


@pytest.mark.parametrize(
    ("text", "strict"),
    [
        ("X = os.environ['A']", True),
        ("X = os.environ.get('A')", False),
        ("X = int(os.environ.get('A'))", True),
        ("X = open(os.environ.get('A'))", True),
        ("X = os.environ.get('A').split(',')", True),
        ("try:\n    X = os.environ['A']\nexcept KeyError:\n    X = ''", False),
        ("if 'A' in os.environ:\n    X = os.environ['A']", False),
    ],
)
def test_strict_reads(text: str, strict: bool) -> None:
    found = [
        one for one in module(f"import os\n{text}\n").facts() if isinstance(one, source.EnvRead)
    ]
    assert [(one.name, one.strict) for one in found] == [("A", strict)]


def test_writing_a_variable_is_no_read() -> None:
    found = module("import os\nos.environ['A'] = 'x'\ndel os.environ['B']\n")
    assert not [one for one in found.facts() if isinstance(one, source.EnvRead)]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("x = 1\ny = )\n", 2, "unmatched"),
        ("x = 1\n<<<<<<< HEAD\ny = 2\n=======\n>>>>>>> other\n", 2, "merge conflict"),
        ("x = " + "(" * 300 + ")" * 300 + "\n", 1, "nested deeper"),
    ],
)
def test_refused(text: str, line: int, words: str) -> None:
    notes = Notes()
    list(python.read(File("a.py", len(text), ("python",), "production"), text, notes))
    (note,) = notes.notifications
    assert note.id == "PRE010"
    assert words in str(note.message)
    assert note.location is not None
    assert note.location.region.start_line == line


@pytest.mark.parametrize(
    "text",
    [
        "match x:\n    case {'a': 1}:\n        pass\n",
        "type A = int\n",
        'x = f"{"nested"}"\n',
        "print 'old'\n",
    ],
)
def test_other_versions_of_python_are_read(text: str) -> None:
    notes = Notes()
    assert list(python.read(File("a.py", len(text), ("python",), "test"), text, notes)) == []
    assert not notes.notifications


def test_templates_are_left_alone() -> None:
    notes = Notes()
    text = "from {{ cookiecutter.name }} import app\n"
    assert not list(python.read(File("a.py", len(text), ("python",), "production"), text, notes))
    assert [note.id for note in notes.notifications] == ["PRE011"]


@pytest.mark.parametrize(
    "text",
    [
        "x = 1; " * 20_000,
        "f(" * 150 + ")" * 150,
        "a" + ".b" * 20_000 + "\n",
        "x = " + " + ".join(["1"] * 5_000) + "\n",
        "x = " + "'a' " * 20_000 + "\n",
        "if a:\n" * 1 + "    pass\n" * 20_000,
    ],
)
def test_long_inputs_end(text: str) -> None:
    assert len(list(python.read(File("a.py", 0, ("python",), "production"), text, Notes()))) == 1


def test_receiver_and_assigned() -> None:
    found = module(
        "import logging\nlogging.getLogger('a').setLevel(10)\nlog.setLevel(10)\n"
        "class A:\n    def b(self):\n        self.session.verify = False\n"
    )
    first, second = found.calls("setLevel")
    assert first.receiver is not None
    assert first.receiver.name == "logging.getLogger"
    assert first.receiver.argument("0") is not None
    assert second.receiver is None
    (assigned,) = found.assigned("verify")
    assert assigned.name == "self.session.verify"
    assert assigned.value.is_off
    assert assigned.guard.function == "A.b"
    assert assigned.location.region.start_line == 6
