"""Applications across modules: factories, configuration, routes, and who serves them."""

from __future__ import annotations

import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect, Rule

import harness
from flask_preflight.artifacts.application import Application, Route
from flask_preflight.link.routes import joined


def application(files: dict[str, str]) -> Application:
    found = harness.deployment_of({"requirements.txt": "Flask==3.1.1\n", **files}).applications
    assert len(found) == 1, [one.title for one in found]
    return found[0]


FACTORY = (
    "from flask import Flask\n\ndef create_app():\n    app = Flask(__name__)\n    return app\n"
)


@pytest.mark.parametrize(
    ("files", "title"),
    [
        ({"app.py": "from flask import Flask\napp = Flask(__name__)\n"}, "app:app"),
        ({"shop/__init__.py": FACTORY}, "shop:create_app()"),
        (
            {"shop.py": "from flask import Flask\nclass Shop(Flask): ...\napp = Shop(__name__)\n"},
            "shop:app",
        ),
        (
            {
                "base.py": "from flask import Flask\nclass Shop(Flask): ...\n",
                "web.py": "from base import Shop\napp = Shop('x')\n",
            },
            "web:app",
        ),
    ],
)
def test_applications(files: dict[str, str], title: str) -> None:
    assert application(files).title == title


@pytest.mark.parametrize(
    "text",
    [
        "from quart import Quart\napp = Quart(__name__)\n",
        "from fastapi import FastAPI\napp = FastAPI()\n",
        "import typer\napp = typer.Typer()\n",
    ],
)
def test_others_are_no_applications(text: str) -> None:
    assert harness.deployment_of({"app.py": text}).applications == []


@pytest.mark.parametrize(
    ("procfile", "wsgi"),
    [
        ("web: gunicorn 'shop:create_app()'", ""),
        ("web: gunicorn wsgi:app", "from shop import create_app\napp = create_app()\n"),
        ("web: gunicorn wsgi", "from shop import create_app\napplication = create_app()\n"),
        ("web: gunicorn wsgi:app", "import shop\napp = shop.create_app()\n"),
        ("web: waitress-serve --call shop:create_app", ""),
    ],
)
def test_servers_find_their_application(procfile: str, wsgi: str) -> None:
    files = {"shop/__init__.py": FACTORY, "Procfile": procfile + "\n"}
    if wsgi:
        files["wsgi.py"] = wsgi
    found = application(files)
    assert [server.program for server in found.servers]
    assert found.known
    assert found.served("shop/__init__.py")


def test_script_listens_where_its_call_says() -> None:
    text = (
        "import os\nfrom flask import Flask\napp = Flask(__name__)\n"
        "app.run(host='0.0.0.0', port=int(os.environ.get('PORT', 8080)))\n"
    )
    deployment = harness.deployment_of({"app.py": text, "Procfile": "web: python app.py\n"})
    (entry,) = deployment.entries
    assert [(one.host, one.port) for one in entry.listens] == [("0.0.0.0", 8080)]
    assert entry.application is deployment.applications[0]


CONFIG = (
    "import os\nclass Config:\n    A = 1\n    B = os.environ.get('B', 'x')\n"
    "class DevelopmentConfig(Config):\n    A = 2\n"
    "class ProductionConfig(Config):\n    A = 3\n"
)


@pytest.mark.parametrize(
    ("load", "expected", "closed"),
    [
        ("app.config.from_object('config.Config')", [1], True),
        ("app.config.from_object(config.ProductionConfig)", [3], True),
        ("app.config.from_object(config.DevelopmentConfig)", [], True),
        ("app.config.from_object('config')", [], True),
        ("app.config.from_object(config.configs[key])", [3], False),
        ("app.config.from_envvar('SETTINGS')", [], False),
        ("app.config['A'] = 5", [5], True),
        ("app.config.from_object('config.Config'); app.config['A'] = 5", [5], True),
        ("app.config.from_object(os.environ.get('S', 'config.ProductionConfig'))", [3], False),
    ],
)
def test_configuration(load: str, expected: list[int], closed: bool) -> None:
    statements = "\n".join(part.strip() for part in load.split(";"))
    text = f"import os, config\nfrom flask import Flask\napp = Flask(__name__)\n{statements}\n"
    found = application({"app.py": text, "config.py": CONFIG})
    assert [one.value.literal for one in found.production("A")] == expected
    assert found.closed is closed


def test_values_of_other_modules() -> None:
    files = {
        "constants.py": "KEY = 'known'\n",
        "app.py": "import os\nfrom constants import KEY\nfrom flask import Flask\n"
        "app = Flask(__name__)\napp.secret_key = os.environ.get('K') or KEY\n",
    }
    (found,) = application(files).production("SECRET_KEY")
    assert (found.value.names, found.value.literal) == (("K",), "known")


@pytest.mark.parametrize(
    ("prefix", "rule", "expected"),
    [
        ("/up", "/", "/up/"),
        ("/up", "", "/up"),
        ("/up/", "/x", "/up/x"),
        ("", "/x", "/x"),
        ("/api", "/x/", "/api/x/"),
    ],
)
def test_prefixes(prefix: str, rule: str, expected: str) -> None:
    assert joined(prefix, rule) == expected


RULES = [
    "/health/<part>", "/x/", "/y", "/u/<int:i>", "/f/<float:x>", "/p/<path:x>",
    "/<any(a,b):k>/z", "/s/<string(length=2):c>", "/q/<uuid:u>", "/a/<b>/c/", "/",
]  # fmt: skip
PATHS = [
    "/health/db", "/health", "/health/", "/health/a/b", "/x", "/x/", "/y", "/y/", "/Y", "/u/1",
    "/u/-1", "/u/1.0", "/f/1.5", "/f/1", "/p/a/b", "/p/a/", "/p", "/p/", "/a/z", "/c/z", "/s/ab",
    "/s/abc", "/q/123", "/q/6f9619ff-8b86-d011-b42d-00c04fc964ff", "/a/1/c", "/a/1/c/", "/",
]  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("path", PATHS)
def test_routes_answer_as_werkzeug_does(rule: str, path: str) -> None:
    adapter = Map([Rule(rule, endpoint="x", methods=["GET"])]).bind("example.org")
    try:
        adapter.match(path)
        expected = "served"
    except RequestRedirect:
        expected = "redirects"
    except HTTPException:
        expected = "no"
    route = Route(rule, frozenset(("GET", "HEAD", "OPTIONS")), harness.START)
    assert route.answers(path) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@app.get('/a')\ndef a(): ...", {"/a": {"GET", "HEAD", "OPTIONS"}}),
        ("@app.post('/a')\ndef a(): ...", {"/a": {"POST", "OPTIONS"}}),
        (
            "@app.route('/a', methods=['PUT', 'get'])\ndef a(): ...",
            {"/a": {"PUT", "GET", "HEAD", "OPTIONS"}},
        ),
        ("app.add_url_rule('/a', view_func=a)", {"/a": {"GET", "HEAD", "OPTIONS"}}),
        ("bp = Blueprint('b', __name__, url_prefix='/p')\n@bp.get('/a')\ndef a(): ...\n"
         "app.register_blueprint(bp)", {"/p/a": {"GET", "HEAD", "OPTIONS"}}),
        ("bp = Blueprint('b', __name__, url_prefix='/p')\n@bp.get('/a')\ndef a(): ...\n"
         "app.register_blueprint(bp, url_prefix='/q')", {"/q/a": {"GET", "HEAD", "OPTIONS"}}),
        ("one = Blueprint('o', __name__, url_prefix='/o')\ntwo = Blueprint('t', __name__)\n"
         "@two.get('/a')\ndef a(): ...\none.register_blueprint(two, url_prefix='/t')\n"
         "app.register_blueprint(one)", {"/o/t/a": {"GET", "HEAD", "OPTIONS"}}),
    ],
)  # fmt: skip
def test_routes(text: str, expected: dict[str, set[str]]) -> None:
    begin = "from flask import Blueprint, Flask\napp = Flask(__name__, static_folder=None)\n"
    found = application({"app.py": f"{begin}{text}\n"})
    assert {route.path: set(route.methods or ()) for route in found.routes} == expected
    assert found.knows_all_routes


@pytest.mark.parametrize(
    "text",
    [
        "@app.get(RULE)\ndef a(): ...",
        "for bp in plugins:\n    app.register_blueprint(bp)",
        "from importlib import import_module\nimport_module(f'plugins.{name}')",
        "from flask_appbuilder import AppBuilder\nAppBuilder(app)",
    ],
)
def test_routes_that_cannot_all_be_known(text: str) -> None:
    begin = "from flask import Flask\napp = Flask(__name__)\n"
    assert not application({"app.py": f"{begin}{text}\n"}).knows_all_routes


def test_units_of_a_monorepo() -> None:
    begin = "from flask import Flask\napp = Flask(__name__)\n"
    files = {
        "one/requirements.txt": "Flask==3.1.1\n",
        "one/app.py": f"{begin}@app.get('/1')\ndef a(): ...\n",
        "two/requirements.txt": "Flask==3.1.1\n",
        "two/app.py": f"{begin}@app.get('/2')\ndef a(): ...\n",
        "three/main.py": "print()\n",
        "three/requirements.txt": "requests\n",
    }
    deployment = harness.deployment_of(files)
    routes = {one.root: [route.path for route in one.routes] for one in deployment.applications}
    assert routes == {
        "one": ["/static/<path:filename>", "/1"],
        "two": ["/static/<path:filename>", "/2"],
    }
    assert deployment.uses_flask("one/app.py")
    assert not deployment.uses_flask("three/main.py")
