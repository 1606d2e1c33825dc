"""The many ways in which a Python file says one thing: environment, applications, calls, routes."""

from __future__ import annotations

from typing import Any

import pytest

from flask_preflight.artifacts import python, source
from flask_preflight.artifacts.python import Module
from flask_preflight.artifacts.source import HOLE, Value
from flask_preflight.run import File, Notes

IMPORTS = "import os, random, secrets\nfrom os import environ, getenv\n"
FLASK = "from flask import Blueprint, Flask, session\n"


def module(text: str, path: str = "app.py") -> Module:
    file = File(path, len(text), ("python",), "production")
    (found,) = python.read(file, text, Notes())
    return found


def facts(text: str, kind: type[Any]) -> list[Any]:
    return [one for one in module(text).facts() if type(one) is kind]


def value(expression: str, before: str = "") -> Value:
    found = facts(f"{IMPORTS}{before}\nX = {expression}\n", source.Constant)
    (value,) = [one.value for one in found if one.name == "X"]
    assert isinstance(value, Value)
    return value


@pytest.mark.parametrize(
    ("before", "expression", "names", "literal", "required"),
    [
        ("from environs import Env\nenv = Env()", "env('K')", ("K",), None, True),
        ("from environs import Env\nenv = Env()", "env.str('K', 'd')", ("K",), "d", False),
        ("import environ\nenv = environ.Env()", "env.bool('K', default=True)", ("K",), True, False),
        ("from decouple import config", "config('K')", ("K",), None, True),
        ("from decouple import AutoConfig\nconfig = AutoConfig()", "config('K', default='d')",
         ("K",), "d", False),
        ("env = os.environ", "env['K']", ("K",), None, True),
        ("env = os.environ", "env.get('K', 'd')", ("K",), "d", False),
        ("get = os.getenv", "get('K', 'd')", ("K",), "d", False),
        ("NAME = 'K'", "os.environ[NAME]", ("K",), None, True),
        ("NAME = 'K'", "os.environ.get(NAME, 'd')", ("K",), "d", False),
        ("", "(key := os.environ.get('K', 'd'))", ("K",), "d", False),
        ("", "config.get('K') or 'd'", ("K",), "d", False),
        ("", "os.environ.get('K', 'a,b').split(',')", ("K",), ("a", "b"), False),
        ("", "int(os.environ.get('K', 5))", ("K",), 5, False),
        ("", "'d' if os.environ.get('K') is None else os.environ['K']", ("K",), "d", False),
        ("def read(name, default=''):\n    return os.environ.get(name, default)",
         "read('K')", ("K",), "", False),
        ("def read(name, default=None):\n    return os.environ.get(name, default)",
         "read('K', 'd')", ("K",), "d", False),
        ("def read(name):\n    return os.environ[name]", "read('K')", ("K",), None, True),
        ("def read(name):\n    return os.environ.get('SHOP_' + name)", "read('K')",
         ("SHOP_K",), None, False),
        ("def read(name):\n    return os.environ.get(f'SHOP_{name}')", "read('K')",
         ("SHOP_K",), None, False),
        ("def read(name):\n    found = getenv(name)\n    if not found:\n        raise KeyError\n"
         "    return found", "read('K')", ("K",), None, True),
    ],
)  # fmt: skip
def test_readers_of_the_environment(
    before: str, expression: str, names: tuple[str, ...], literal: object, required: bool
) -> None:
    found = value(expression, before)
    assert (found.names, found.required) == (names, required)
    assert found.literal == literal


@pytest.mark.parametrize(
    ("before", "expression", "truth"),
    [
        ("", "bool(int(os.environ.get('K', '0')))", False),
        ("", "int(os.environ.get('K', '1'))", True),
        ("", "True if os.environ.get('K') == '1' else False", False),
        ("", "False if os.environ.get('K') == '1' else True", True),
        ("def flag(name, default=False):\n    return getenv(name, default) in ('1', 'true')",
         "flag('K')", False),
        ("def as_bool(name, default):\n    return os.environ.get(name, default)",
         "as_bool('K', 'yes')", True),
    ],
)  # fmt: skip
def test_truth_values(before: str, expression: str, truth: bool) -> None:
    found = value(expression, before)
    assert found.boolean
    assert bool(found.literal) is truth


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("''.join(random.choice('abc') for _ in range(50))", "random"),
        ("client.get_secret_value(SecretId='x')['SecretString']", "file"),
        ("{'a': settings.A}", "mapping"),
        ("config.get('K', 'd')", "call"),
    ],
)
def test_kinds(expression: str, kind: str) -> None:
    assert value(expression).kind == kind


@pytest.mark.parametrize(
    ("expression", "kind", "literal"),
    [
        ("'x' if DEBUG else os.environ['K']", "env", None),
        ("os.environ['K'] if not app.debug else 'x'", "env", None),
        ("'a' if ENV == 'production' else 'b'", "literal", "a"),
        ("'a' if ENV != 'production' else 'b'", "literal", "b"),
        ("'a' if wanted else os.environ['K']", "env", "a"),
    ],
)
def test_branches_for_production(expression: str, kind: str, literal: object) -> None:
    found = value(expression)
    assert (found.kind, found.literal) == (kind, literal)


@pytest.mark.parametrize(
    ("expression", "literal"),
    [
        ("'postgresql://{}:{}@db'.format(user, 'x')", f"postgresql://{HOLE}:x@db"),
        ("'{name}-{0}'.format('a', name='b')", "b-a"),
    ],
)
def test_formatted_texts(expression: str, literal: str) -> None:
    assert value(expression).literal == literal


@pytest.mark.parametrize(
    ("text", "strict"),
    [
        ("K = os.environ.get('K')\nif not K:\n    raise RuntimeError('K')", True),
        ("K = os.environ.get('K')\nif K is None or len(K) < 16:\n    sys.exit('K')", True),
        ("K = os.environ.get('K', 'x')\nif not K:\n    raise RuntimeError('K')", False),
        ("K = os.environ.get('K')\nif not K and not debug:\n    raise RuntimeError('K')", False),
        ("K = os.environ.get('K')\nif not K:\n    print('K')", False),
        ("def f():\n    K = os.environ.get('K')\nif not K:\n    raise RuntimeError('K')", False),
    ],
)
def test_a_check_that_raises_makes_a_variable_required(text: str, strict: bool) -> None:
    found = facts(f"import os, sys\n{text}\n", source.EnvRead)
    assert [(one.name, one.strict) for one in found] == [("K", strict)]


def test_a_check_of_one_class_says_nothing_of_another() -> None:
    text = """import os, sys

class Config:
    URL = os.environ.get("A")
    if not URL:
        sys.exit()

class Testing(Config):
    URL = os.environ.get("B")
"""
    assert {one.name: one.strict for one in facts(text, source.EnvRead)} == {"A": True, "B": False}


@pytest.mark.parametrize(
    "text",
    [
        "def __call__(self, environ, start_response):\n    x = environ['PATH_INFO']",
        "def f(environ):\n    x = environ.get('PATH_INFO').lower()",
        "import environ\nx = environ['a']",
    ],
)
def test_other_things_called_environ(text: str) -> None:
    assert facts(f"{text}\n", source.EnvRead) == []


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("x = os.environ[name]", True),
        ("x = os.getenv(f'A_{name}')", True),
        ("x = dict(os.environ)", True),
        ("for name in os.environ.items(): pass", True),
        ("def read(name):\n    return os.getenv(name)\nx = read('K')", False),
        ("x = 'K' in os.environ", False),
        ("os.environ.update(K='1')", False),
        ("env = os.environ\nx = env.get('K')", False),
    ],
)
def test_environment_taken_as_a_whole(text: str, whole: bool) -> None:
    assert bool(facts(f"import os\n{text}\n", source.Wholesale)) is whole


@pytest.mark.parametrize(
    ("text", "name", "function"),
    [
        ("app = Flask(__name__)", "app", ""),
        ("app: Flask = Flask(__name__)", "app", ""),
        ("application = app = Flask(__name__)", "app", ""),
        ("def make():\n    return Flask(__name__)", "", "make"),
        ("app = ProxyFix(Flask(__name__))", "app", ""),
        ("class Shop:\n    def __init__(self):\n        self.app = Flask(__name__)", "self.app",
         "__init__.Shop"),
        ("if old:\n    app = Flask('a')\n", "app", ""),
    ],
)  # fmt: skip
def test_applications(text: str, name: str, function: str) -> None:
    found = facts(f"{FLASK}{text}\n", source.AppObject)
    assert (name, function) in [
        (one.name, ".".join(reversed(one.guard.function.split(".")))) for one in found
    ]


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        ("from flask import Flask\napp = Flask('x')\napp.run()", ["app"]),
        ("from shop import app\napp.run()", ["shop.app"]),
        ("import shop\nshop.app.run(debug=True)", ["shop.app"]),
        ("from shop import create_app\ncreate_app().run()", ["shop.create_app()"]),
        ("from shop import create_app\nshop = create_app()\nshop.run()", ["shop"]),
        ("from flask import Flask\napp = Flask('x')\nstart = app.run\nstart(port=1)", ["app"]),
        ("import asyncio\nasyncio.run(main())", []),
        ("import subprocess\nsubprocess.run(['a'])", []),
        ("import uvicorn\nuvicorn.run(app)", []),
        ("from flask import Flask\nfrom waitress import serve\napp = Flask('x')\nserve(app)",
         ["waitress"]),
    ],
)  # fmt: skip
def test_run_calls(text: str, owners: list[str]) -> None:
    assert [one.owner for one in facts(text, source.RunCall)] == owners


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ("cfg = app.config\ncfg['A'] = 1", {"A": 1}),
        ("VALUES = {'A': 1, 'B': 2}\napp.config.update(VALUES)", {"A": 1, "B": 2}),
        ("VALUES = dict(A=1)\napp.config.from_mapping(dict(A=1))", {"A": 1}),
        ("app.config.update({'A': 1}, B=2)", {"A": 1, "B": 2}),
        ("app.config.update(**{'A': 1})", {"A": 1}),
        ("current_app.config['A'] = 1", {"A": 1}),
        ("app.testing = True", {"TESTING": True}),
    ],
)
def test_settings(statements: str, expected: dict[str, object]) -> None:
    text = f"from flask import Flask, current_app\napp = Flask('x')\n{statements}\n"
    found = {one.key: one.value.literal for one in facts(text, source.Setting)}
    assert found == expected


@pytest.mark.parametrize(
    ("head", "opens"),
    [
        ("def create_app(settings=None):", False),
        ("def create_app(settings: dict | None = None):", False),
        ("def create_app(settings):", True),
        ("def create_app(other=None, settings={}):", True),
    ],
)
def test_overrides_that_only_tests_give(head: str, opens: bool) -> None:
    body = "    app = Flask('x')\n    app.config.update(settings)\n    return app\n"
    assert bool(facts(f"{FLASK}{head}\n{body}", source.Loaded)) is opens


@pytest.mark.parametrize(
    ("text", "blueprints", "dynamic"),
    [
        ("app.register_blueprint(one)", ["one"], False),
        ("for bp in (one, two):\n    app.register_blueprint(bp)", ["one", "two"], False),
        (
            "for bp in [shop.one]:\n    app.register_blueprint(bp, url_prefix='/a')",
            ["shop.one"],
            False,
        ),
        ("for bp in plugins:\n    app.register_blueprint(bp)", ["bp"], True),
        ("for bp in [one, make()]:\n    app.register_blueprint(bp)", ["one", "make()"], False),
    ],
)
def test_registrations(text: str, blueprints: list[str], dynamic: bool) -> None:
    found = module(f"from flask import Flask\napp = Flask('x')\n{text}\n")
    named = [one.blueprint for one in found.facts() if isinstance(one, source.Registration)]
    assert named == blueprints
    assert any(isinstance(one, source.Dynamic) for one in found.facts()) is dynamic


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("session['a'] = 1", True),
        ("x = session.get('a')", True),
        ("import requests\nrequests.Session()", False),
        ("db.session.add(x)", False),
        ("from sqlalchemy.orm import Session\nSession()", False),
        ("from flask_session import Session\nSession(app)", True),
        ("from flask_login import LoginManager\nLoginManager(app)", True),
        ("from flask import flash\nflash('x')", True),
    ],
)
def test_uses_of_the_session(text: str, used: bool) -> None:
    assert bool(facts(f"{FLASK}{text}\n", source.SessionUse)) is used


def test_calls_keep_no_module() -> None:
    import gc
    import weakref

    gc.disable()
    try:
        found = module("f(g(1), a=h())\n")
        assert [call.argument("a") for call in found.calls("f")]
        gone = weakref.ref(found)
        del found
        assert gone() is None
    finally:
        gc.enable()


def grown(first: str, step: str, count: int = 60) -> str:
    """Names that each hold the one before several times."""
    steps = (step.replace("NEW", f"a{i}").replace("OLD", f"a{i - 1}") for i in range(1, count))
    return "\n".join([f"a0 = {first}", *steps]) + "\n"


@pytest.mark.parametrize(
    "text",
    [
        grown("'x' * 200", "NEW = OLD + OLD"),
        grown("'x' * 200", "NEW = f'{OLD}{OLD}'"),
        grown("'{}' * 100", "NEW = OLD.format(OLD, OLD)"),
        grown("(1, 2)", "NEW = (OLD, OLD)"),
        grown("{'x': 1}", "NEW = {'a': OLD, 'b': OLD}"),
        grown("x", "NEW = OLD or OLD"),
        "x = 'a'" + " * 200" * 20 + "\n",
        "x = 9" + " * 9" * 2_000 + "\n",
        "x = " + " or ".join(["os.environ.get('A')"] * 5_000) + "\n",
        "x = a" + ".b()" * 20_000 + "\n",
        "app.config.update(" + "A=1," * 10_000 + ")\n",
        "class A:\n" + "    X = os.environ.get('A')\n" * 2_000,
        "def f(" + ", ".join(f"a{i}=None" for i in range(5_000)) + "): ...\n",
        "def f(" + "a" * 100_000 + "): ...\n",
        "if " + "a." * 50_000 + "b is None: raise os.environ\n",
    ],
)
def test_what_grows_stays_small(text: str) -> None:
    import pickle

    body = "".join(f"    {line}\n" for line in text.splitlines())
    for whole in (text, f"def create_app():\n{body}    app.secret_key = a59\n"):
        found = module(f"import os\n{whole}")
        assert len(pickle.dumps(found.collected)) < 5_000_000
        assert all(isinstance(hash(one), int) for one in found.collected[:200])
