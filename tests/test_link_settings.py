"""Which values the configuration of an application has in production, and who serves it."""

from __future__ import annotations

import pytest

import harness
from flask_preflight.artifacts.application import Application, Route

CLASSES = """import os
class Config:
    KEY = "base"
    SHARED = os.environ.get("SHARED")
class DevelopmentConfig(Config):
    KEY = "dev"
class TestingConfig(Config):
    KEY = "test"
class ProductionConfig(Config):
    KEY = "prod"
configs = {
    "development": DevelopmentConfig,
    "testing": TestingConfig,
    "production": ProductionConfig,
    "default": DevelopmentConfig,
}
"""
FACTORY = """from flask import Flask
import config
from config import Config, ProductionConfig, configs
def create_app({parameters}):
    app = Flask(__name__)
    app.config.from_object({source})
    return app
"""


APP = "from flask import Flask\napp = Flask('x')\n"


def applications(files: dict[str, str]) -> list[Application]:
    return harness.deployment_of({"requirements.txt": "Flask==3.1.1\n", **files}).applications


def values(application: Application, key: str = "KEY") -> list[object]:
    return [one.value.literal for one in application.production(key)]


@pytest.mark.parametrize(
    ("parameters", "source", "caller", "expected", "closed"),
    [
        ("name", "configs[name]", "", ["prod"], True),
        ("name='production'", "configs[name]", "", ["prod"], True),
        ("name", "configs.get(name)", "", ["prod"], True),
        ("name", "config.configs[name]", "create_app('production')", ["prod"], True),
        ("name", "configs[name]", "create_app(os.environ.get('X', 'development'))", ["prod"], True),
        ("cls=Config", "cls", "", ["base"], True),
        ("cls=Config", "cls", "create_app(config.ProductionConfig)", ["prod"], True),
        ("cls", "cls", "create_app('config.ProductionConfig')", ["prod"], True),
        ("cls='config.Config'", "cls", "create_app(cls='config.ProductionConfig')", ["prod"], True),
        ("cls", "cls", "", [], False),
        ("name", "f'config.{name}Config'", "", ["prod"], True),
        ("name", "'config.%s' % name", "", ["base", "prod"], True),
        ("", "Config()", "", ["base"], True),
        ("", "other.unknown", "", [], False),
        ("cls=None", "cls or Config", "", ["base"], True),
    ],
)
def test_which_configuration_is_loaded(
    parameters: str, source: str, caller: str, expected: list[object], closed: bool
) -> None:
    files = {
        "config.py": CLASSES,
        "shop.py": FACTORY.format(parameters=parameters, source=source),
        "wsgi.py": f"import os, config\nfrom shop import create_app\napp = {caller or 'None'}\n",
    }
    (found,) = applications(files)
    assert sorted(map(str, values(found))) == expected
    assert found.closed is closed


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        ("class A:\n    KEY = 1\nclass Config(A): ...\n", [1]),
        ("class A:\n    KEY = 1\nclass B:\n    KEY = 2\nclass Config(A, B): ...\n", [1]),
        ("class Z:\n    KEY = 0\nclass A(Z): ...\nclass B(Z):\n    KEY = 2\n"
         "class Config(A, B): ...\n", [2]),
        ("class Config:\n    OTHER = 3\n    KEY = OTHER\n", [3]),
        ("class Config:\n    KEY = 1 if wanted else 2\n", [(1, 2)]),
        ("class Config:\n    if production:\n        KEY = 1\n    else:\n        KEY = 2\n", [1]),
        ("import os\nclass Config:\n    KEY = os.environ.get('K')\n    if not KEY:\n"
         "        KEY = 'x'\n", ["x"]),
        ("import os\ntry:\n    KEY = os.environ['K']\nexcept KeyError:\n    KEY = 'x'\n"
         "class Config:\n    KEY = KEY\n", ["x"]),
        ("class Config(Config): ...\n", []),
    ],
)  # fmt: skip
def test_values_of_a_class(classes: str, expected: list[object]) -> None:
    files = {
        "config.py": classes,
        "app.py": "from flask import Flask\nimport config\napp = Flask('x')\n"
        "app.config.from_object(config.Config)\n",
    }
    (found,) = applications(files)
    known = [
        tuple(one.literal for one in value) if isinstance(value, tuple) else value
        for value in values(found)
    ]
    assert known == expected


def test_leaves_without_values_of_their_own() -> None:
    classes = (
        "class Config:\n    KEY = 'base'\nclass DevelopmentConfig(Config):\n    KEY = 'dev'\n"
        "class ProductionConfig(Config):\n    pass\nclass QueueNames:\n    KEY = 'queue'\n"
    )
    files = {
        "config.py": classes,
        "app.py": "from flask import Flask\nimport config\napp = Flask('x')\n"
        "app.config.from_object(config.chosen[name])\n",
    }
    (found,) = applications(files)
    assert "base" in values(found)
    assert "dev" not in values(found)


def test_file_beside_the_application() -> None:
    text = "from flask import Flask\napp = Flask('x')\napp.config.from_pyfile('settings.py')\n"
    (found,) = applications({"shop/app.py": text, "shop/settings.py": "KEY = 'x'\nlower = 1\n"})
    assert values(found) == ["x"]
    assert found.closed
    (found,) = applications({"shop/app.py": text})
    assert not found.closed


@pytest.mark.parametrize(
    ("helper", "call", "expected"),
    [
        ("def env_text(name, default=''):\n    return os.environ.get(name, default)",
         "env_text('K')", (("K",), "", False, False)),
        ("def env_text(name, default=None):\n    return os.environ.get(name, default)",
         "env_text('K', 'd')", (("K",), "d", False, False)),
        ("def env_flag(name, default=False):\n    return os.getenv(name) in ('1', 'true')",
         "env_flag('K')", (("K",), False, True, False)),
        ("def require_env(name):\n    return os.environ[name]",
         "require_env('K')", (("K",), None, False, True)),
    ],
)  # fmt: skip
def test_helpers_of_other_modules(
    helper: str, call: str, expected: tuple[tuple[str, ...], object, bool, bool]
) -> None:
    name = call.partition("(")[0]
    files = {
        "shop/helpers.py": f"import os\n{helper}\n",
        "shop/app.py": f"from flask import Flask\nfrom shop.helpers import {name}\n"
        f"app = Flask('x')\napp.config['KEY'] = {call}\n",
    }
    (found,) = applications(files)
    (one,) = found.production("KEY")
    value = one.value
    assert (value.names, value.literal, value.boolean, value.required) == expected
    assert [read.name for read in found.reads] == ["K"]
    assert ("K" in found.required) is expected[3]


@pytest.mark.parametrize(
    ("statement", "settings", "expected"),
    [
        ("app.config['KEY'] = Config.VALUE", "class Config:\n    VALUE = 'x'\n", "x"),
        ("app.config['KEY'] = settings.VALUE", "class S:\n    VALUE = 'x'\nsettings = S()\n", "x"),
        ("app.config['KEY'] = config.VALUE", "VALUE = 'x'\n", "x"),
        ("app.config['KEY'] = 'a'\napp.config.from_object(Config)",
         "class Config:\n    KEY = 'x'\n", "x"),
        ("app.config.from_object(Config)\napp.config['KEY'] = 'a'",
         "class Config:\n    KEY = 'x'\n", "a"),
    ],
)  # fmt: skip
def test_where_a_value_comes_from(statement: str, settings: str, expected: object) -> None:
    text = f"from flask import Flask\nimport config\nfrom config import *\n{APP}{statement}\n"
    named = "from config import Config, settings\n"
    (found,) = applications({"app.py": named + text, "config.py": settings})
    assert values(found) == [expected]


@pytest.mark.parametrize(
    ("statements", "kind", "literal"),
    [
        ("key = os.environ.get('K')\nif not key:\n    key = 'x'\napp.secret_key = key", "env", "x"),
        ("key = os.environ.get('K', 'x')\napp.secret_key = key", "env", "x"),
        ("key = make()\nkey = 'x'\napp.secret_key = key", "reference", None),
        ("found = {'SECRET_KEY': 'x'}\napp.config.update(found)", "literal", "x"),
        ("app.secret_key = os.environ.get('K')\nif not app.secret_key:\n    app.secret_key = 'x'",
         "env", "x"),
        ("try:\n    app.secret_key = os.environ['K']\nexcept KeyError:\n    app.secret_key = 'x'",
         "env", "x"),
        ("key = key + 'x'\napp.secret_key = key", "literal", "\x00x"),
    ],
)  # fmt: skip
def test_names_of_a_factory(statements: str, kind: str, literal: object) -> None:
    body = "\n".join(f"    {line}" for line in statements.splitlines())
    text = (
        "import os\nfrom flask import Flask\ndef create_app():\n    app = Flask('x')\n"
        f"{body}\n    return app\n"
    )
    (found,) = applications({"app.py": text})
    (one,) = found.production("SECRET_KEY")
    assert (one.value.kind, one.value.literal) == (kind, literal)


@pytest.mark.parametrize(
    ("text", "files", "expected"),
    [
        ("if __name__ == '__main__':\n    app.config['KEY'] = 1\n    app.run()", {}, []),
        ("if __name__ == '__main__':\n    app.config['KEY'] = 1\n    app.run()",
         {"Procfile": "web: python app.py\n"}, [1]),
        ("def make_test_client():\n    app.config['KEY'] = 1", {}, []),
        ("@app.cli.command()\ndef f():\n    app.config['KEY'] = 1", {}, []),
        ("if test_config is None:\n    app.config['KEY'] = 1", {}, [1]),
        ("if app.debug:\n    app.config['KEY'] = 1", {}, []),
    ],
)  # fmt: skip
def test_statements_that_count(text: str, files: dict[str, str], expected: list[object]) -> None:
    (found,) = applications({"app.py": f"{APP}{text}\n", **files})
    assert values(found) == expected


def test_variables_that_are_needed_at_the_start() -> None:
    text = (
        "import os\nfrom flask import Flask\nA = os.environ['A']\ndef create_app():\n"
        "    app = Flask('x')\n    app.secret_key = os.environ['B']\n    return app\n"
        "def later():\n    return os.environ['C'], os.environ.get('D', os.environ['E'])\n"
    )
    (found,) = applications({"app.py": text})
    starts = {name: reads[0].at_start for name, reads in found.required.items()}
    assert starts == {"A": True, "B": True, "C": False, "E": False}


def test_fields_of_pydantic() -> None:
    settings = (
        "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n"
        "    needed: str\n    key: str = 'x'\n    debug: bool = False\n    other = 1\n"
        "    class Config:\n        env_prefix = 'shop_'\nsettings = Settings()\n"
    )
    text = f"from settings import settings\n{APP}app.config['KEY'] = settings.key\n"
    (found,) = applications({"settings.py": settings, "app.py": text})
    (one,) = found.production("KEY")
    assert (one.value.names, one.value.literal) == (("SHOP_KEY",), "x")
    assert list(found.required) == ["SHOP_NEEDED"]


@pytest.mark.parametrize(
    ("parameters", "statement", "closed"),
    [
        ("given=None", "app.config.from_object(given)", True),
        ("given=None", "app.config.from_mapping(given)", True),
        ("given=None", "app.config.from_pyfile(given)", True),
        ("given", "app.config.from_object(given)", False),
    ],
)
def test_what_only_tests_give(parameters: str, statement: str, closed: bool) -> None:
    text = (
        f"from flask import Flask\ndef create_app({parameters}):\n    app = Flask('x')\n"
        f"    if given:\n        {statement}\n    return app\n"
    )
    (found,) = applications({"app.py": text})
    assert found.closed is closed


@pytest.mark.parametrize(
    ("text", "target", "whole"),
    [
        ("from dash import Dash\napp = Dash('x')\nserver = app.server\n", "server", False),
        (
            "import connexion\napp = connexion.App('x')\napplication = app.app\n",
            "application",
            False,
        ),
        ("from apiflask import APIFlask\napp = APIFlask('x')\n", "app", True),
    ],
)
def test_applications_of_other_libraries(text: str, target: str, whole: bool) -> None:
    (found,) = applications({"web.py": text, "Procfile": f"web: gunicorn web:{target}\n"})
    assert found.entries
    assert found.knows_all_routes is whole


def test_class_of_flask_that_configures_itself() -> None:
    text = (
        "from flask import Flask\nclass Shop(Flask):\n    def __init__(self):\n"
        "        super().__init__('shop')\n        self.config.from_object('settings')\n"
        "        self.config['A'] = 1\ndef create_app():\n    app = Shop()\n    return app\n"
    )
    (found,) = applications({"shop.py": text, "settings.py": "KEY = 'x'\n"})
    assert (values(found), values(found, "A")) == (["x"], [1])


@pytest.mark.parametrize(
    ("files", "command", "title"),
    [
        ({"app.py": APP}, "flask run", "app:app"),
        ({"hello.py": "from flask import Flask\nserver = Flask('x')\n"}, "flask --app hello run",
         "hello:server"),
        ({"hello.py": "from flask import Flask\ndef create_app():\n    return Flask('x')\n"},
         "flask --app hello run", "hello:create_app()"),
        ({"shop.py": APP, "run.py": "from shop import app\napp.run(host='0.0.0.0')\n"},
         "python run.py", "shop:app"),
        ({"shop.py": APP,
          "run.py": "import shop\nif __name__ == '__main__':\n    shop.app.run()\n"},
         "python run.py", "shop:app"),
        ({"shop.py": APP + "def main():\n    app.run()\n",
          "run.py": "from shop import main\nmain()\n"},
         "python run.py", "shop:app"),
        ({"shop.py": APP, "run.py": "from waitress import serve\nimport shop\nserve(shop.app)\n"},
         "python run.py", "shop:app"),
        ({"shop.py": APP, "wsgi.py": "import shop\napplication = shop.app\n"}, "gunicorn wsgi",
         "shop:app"),
        ({"shop.py": APP, "wsgi.py": "from shop import *\n"}, "gunicorn wsgi:app", "shop:app"),
    ],
)  # fmt: skip
def test_what_a_command_serves(files: dict[str, str], command: str, title: str) -> None:
    deployment = harness.deployment_of(
        {"requirements.txt": "Flask\ngunicorn\n", "Procfile": f"web: {command}\n", **files}
    )
    served = [entry.application.title for entry in deployment.entries if entry.application]
    assert served == [title]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("hello.py", "hello:app"),
        ("hello", "hello:app"),
        ("hello:app", "hello:app"),
        ("other.py", "other:server"),
    ],
)
def test_flask_app_in_the_environment(name: str, title: str) -> None:
    files = {
        "Dockerfile": f"FROM python\nWORKDIR /code\nCOPY . .\nENV FLASK_APP {name}\n"
        'CMD ["flask", "run"]\n',
        "hello.py": APP,
        "other.py": APP.replace("app", "server"),
    }
    (entry,) = harness.deployment_of(files).entries
    assert entry.server is not None
    assert not entry.server.missing_module
    assert not harness.results_of(files, "WSG103")
    assert entry.application is not None
    assert entry.application.title == title


def test_manage_of_django_starts_no_flask() -> None:
    files = {
        "Procfile": "web: python manage.py runserver 0.0.0.0:8000\n",
        "manage.py": "from django.core.management import execute_from_command_line\n",
    }
    (entry,) = harness.deployment_of(files).entries
    assert entry.server is None
    assert not entry.ports_known


@pytest.mark.parametrize(
    ("call", "listens", "known"),
    [
        ("app.run()", [("127.0.0.1", 5000, True)], True),
        ("app.run('0.0.0.0', 80)", [("0.0.0.0", 80, False)], True),
        ("app.run(host='0.0.0.0', port=int(os.getenv('SHOP', 8080)))",
         [("0.0.0.0", 8080, True)], True),
        ("app.run(host='0.0.0.0', port=os.environ['SHOP'])", [], False),
        ("app.run(host=os.environ.get('H', '0.0.0.0'))", [("0.0.0.0", 5000, True)], True),
        ("app.run(port=settings.PORT)", [("127.0.0.1", 7000, False)], True),
        ("app.run(port=settings.OTHER)", [], False),
        ("app.run(**options)", [], False),
        ("app.run(port=None)", [("127.0.0.1", 5000, True)], True),
    ],
)  # fmt: skip
def test_where_a_script_listens(
    call: str, listens: list[tuple[str, int, bool]], known: bool
) -> None:
    files = {
        "settings.py": "PORT = 7000\n",
        "app.py": f"import os, settings\n{APP}{call}\n",
        "Procfile": "web: python app.py\n",
    }
    (entry,) = harness.deployment_of(files).entries
    assert [(one.host, one.port, one.default) for one in entry.listens] == listens
    assert entry.ports_known is known


def test_a_worker_belongs_to_the_application_that_it_imports() -> None:
    files = {
        "shop/__init__.py": APP,
        "shop/tasks.py": "from celery import Celery\nfrom shop import app\ncelery = Celery('x')\n",
        "other/__init__.py": APP,
        "Procfile": "worker: celery -A shop.tasks worker\nweb: gunicorn shop:app\n",
    }
    deployment = harness.deployment_of(files)
    (worker,) = [one for one in deployment.entries if one.kind == "worker"]
    assert worker.application is not None
    assert worker.application.title == "shop:app"


@pytest.mark.parametrize(
    ("text", "routes", "whole"),
    [
        ("app.add_url_rule('/a', view_func=View.as_view('a'))\nfrom flask.views import MethodView\n"
         "class View(MethodView):\n    def get(self): ...\n    def delete(self): ...\n",
         {"/a": {"GET", "HEAD", "OPTIONS", "DELETE"}}, True),
        ("from flask.views import View\nclass Page(View):\n    methods = ['POST']\n"
         "    def dispatch_request(self): ...\n"
         "app.add_url_rule('/a', view_func=Page.as_view('a'))\n",
         {"/a": {"POST", "OPTIONS"}}, True),
        ("PREFIX = '/v1'\n@app.get(PREFIX + '/a')\ndef a(): ...\n",
         {"/v1/a": {"GET", "HEAD", "OPTIONS"}}, True),
        ("one = Blueprint('o', 'x')\ntwo = Blueprint('t', 'x', url_prefix='/t')\n"
         "@one.get('/a')\ndef a(): ...\n@two.get('/a')\ndef b(): ...\n"
         "for bp in (one, two):\n    app.register_blueprint(bp)\n",
         {"/a": {"GET", "HEAD", "OPTIONS"}, "/t/a": {"GET", "HEAD", "OPTIONS"}}, True),
        ("app.register_blueprint(made_elsewhere())\n", {}, False),
        ("from other import bp\napp.register_blueprint(bp)\n", {}, False),
        ("one = Blueprint('o', 'x')\n@one.get('/a')\ndef a(): ...\n", {}, True),
    ],
)  # fmt: skip
def test_routes(text: str, routes: dict[str, set[str]], whole: bool) -> None:
    begin = "from flask import Blueprint, Flask\napp = Flask('x', static_folder=None)\n"
    (found,) = applications({"app.py": f"{begin}{text}"})
    assert {one.path: set(one.methods or ()) for one in found.routes} == routes
    assert found.knows_all_routes is whole


API = "from flask_restx import Api, Namespace, Resource\napi = Api(app)\n"


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("from flask_restful import Api\napi = Api(app, prefix='/v1')\napi.add_resource(H, '/a')",
         ["/v1/a"]),
        ("from flask_restful import Api\napi = Api()\napi.add_resource(H, '/a')\napi.init_app(app)",
         ["/a"]),
        ("from flask_restful import Api\nbp = Blueprint('b', 'x', url_prefix='/p')\napi = Api(bp)\n"
         "api.add_resource(H, '/a')\napp.register_blueprint(bp)", ["/p/a"]),
        (API + "ns = Namespace('cats')\n@ns.route('/<int:i>')\nclass H(Resource): ...\n"
         "api.add_namespace(ns)", ["/", "/cats/<int:i>", "/swagger.json"]),
        (API + "ns = api.namespace('cats', path='/c')\n@ns.route('/a')\nclass H(Resource): ...",
         ["/", "/c/a", "/swagger.json"]),
        ("def make():\n    bp = Blueprint('b', 'x')\n    @bp.get('/a')\n    def a(): ...\n"
         "    return bp\napp.register_blueprint(make())", ["/a"]),
        ("P = '/p'\nbp = Blueprint('b', 'x', url_prefix=P)\n@bp.get('/a')\ndef a(): ...\n"
         "app.register_blueprint(bp)", ["/p/a"]),
    ],
)  # fmt: skip
def test_routes_of_apis(text: str, paths: list[str]) -> None:
    begin = "from flask import Blueprint, Flask\napp = Flask('x', static_folder=None)\n"
    (found,) = applications({"app.py": f"{begin}{text}\n"})
    assert sorted(found.paths) == paths
    assert found.knows_all_routes


def test_applications_of_one_unit_keep_their_routes() -> None:
    files = {f"{name}.py": f"{APP}@app.get('/{name}')\ndef a(): ...\n" for name in "ab"}
    found = applications(files)
    assert [one.answers(f"/{one.path[0]}") for one in found] == ["served", "served"]
    assert [one.answers("/b") for one in found] == ["no", "served"]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("@app.before_request\ndef f():\n    g.user = load()", "no"),
        ("@app.before_request\ndef f():\n    if not g.user:\n        return", "no"),
        (
            "@app.before_request\ndef f():\n    if request.path == '/up':\n        return 'ok'",
            "maybe",
        ),
        ("@app.before_app_request\ndef f():\n    return redirect('/')", "maybe"),
        ("app.before_request(check)", "maybe"),
        (
            "@app.errorhandler(404)\ndef f(e):\n    return app.send_static_file('index.html')",
            "maybe",
        ),
        ("@app.errorhandler(404)\ndef f(e):\n    return render_template('404.html'), 404", "no"),
        ("@app.errorhandler(HTTPException)\ndef f(e):\n    return {'m': 1}, e.code", "no"),
        ("@app.errorhandler(500)\ndef f(e):\n    return 'sorry'", "no"),
        ("@app.errorhandler(CSRFError)\ndef f(e):\n    return 'sorry'", "no"),
        ("app.wsgi_app = Health(app.wsgi_app)", "maybe"),
    ],
)
def test_what_answers_in_place_of_a_route(text: str, answer: str) -> None:
    (found,) = applications({"app.py": f"{APP}{text}\n"})
    assert found.answers("/up") == answer


@pytest.mark.parametrize(
    ("text", "path", "answer"),
    [
        ("@app.get('/a', strict_slashes=False)\ndef a(): ...", "/a/", "served"),
        ("@app.get('/a/', strict_slashes=False)\ndef a(): ...", "/a", "served"),
        ("app.url_map.strict_slashes = False\n@app.get('/a')\ndef a(): ...", "/a/", "served"),
        ("@app.get('/a')\ndef a(): ...", "/a/", "no"),
        ("@app.post('/a')\ndef a(): ...", "/a", "method"),
        ("@app.get('/a')\ndef a(): ...", "/a?x=1#y", "served"),
        ("@app.get('/a b')\ndef a(): ...", "/a%20b", "served"),
    ],
)
def test_answers(text: str, path: str, answer: str) -> None:
    (found,) = applications({"app.py": f"{APP}{text}\n"})
    assert found.answers(path) == answer


@pytest.mark.parametrize(
    ("rule", "path", "answer"),
    [
        ("/<regex('[a-z]+'):x>", "/abc", "maybe"),
        ("/<regex('(a|b)/c'):x>", "/a/c", "maybe"),
        ("/<own:x>/end", "/a/b/end", "maybe"),
        ("/<own:x>/end", "/other", "no"),
    ],
)
def test_converters_of_ones_own(rule: str, path: str, answer: str) -> None:
    assert Route(rule, None, harness.START).answers(path) == answer
