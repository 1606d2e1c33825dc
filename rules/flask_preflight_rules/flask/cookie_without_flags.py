"""A cookie that identifies somebody is set without the flags that protect it.

Without `secure` it also travels over plain HTTP, where anybody on the way reads it; without
`httponly` every script that gets into a page takes it.

Fix: `set_cookie(name, value, secure=True, httponly=True, samesite="Lax")`.

Sources: Flask, "Security Considerations: Set-Cookie options"; CWE-614; CWE-1004.

```python bad app.py {9,10,11}
from flask import Flask, make_response

app = Flask(__name__)


@app.get("/")
def home():
    response = make_response("")
    response.set_cookie("session_id", "value")
    response.set_cookie("who", create_token(), secure=False)
    response.set_cookie("csrf_token", "value", httponly=False)
    return response
```

```python bad app.py {9}
from flask import Flask, make_response

app = Flask(__name__)


@app.get("/")
def home():
    response = make_response("")
    response.set_cookie("auth", "value", secure=True)
    return response
```

```python good app.py
from flask import Flask, make_response

app = Flask(__name__)
OPTIONS = {"secure": True, "httponly": True}


@app.get("/")
def home(jar, cookie):
    response = make_response("")
    response.set_cookie("session_id", "value", secure=True, httponly=True)
    response.set_cookie("session_id", "value", **OPTIONS)
    response.set_cookie("session_id", "value", secure=app.config["HTTPS"], httponly=True)
    response.set_cookie("csrf_token", "value", secure=True)
    response.set_cookie("session_id", "", max_age=0)
    response.set_cookie("session_id", "", expires=0)
    response.set_cookie("voter", "value")
    response.set_cookie("author", "value")
    jar.set_cookie(cookie)
    return response
```
"""

from flask_preflight.artifacts.python import Call, Module
from flask_preflight.artifacts.secret import words
from flask_preflight.artifacts.source import Value
from flask_preflight.rule import Message, Result, Results, rule

CLEAR = Message("the cookie {0} is sent without HTTPS as well", "clear")
READABLE = Message("scripts in the page can read the cookie {0}", "readable")
BOTH = Message("the cookie {0} is sent without HTTPS, and scripts can read it", "both")
PEOPLE = frozenset("session sess sid token jwt auth login remember csrf xsrf apikey".split())
FOR_SCRIPTS = frozenset(("csrf", "xsrf"))


@rule("FLK305", "cookie-without-flags", "warning", "security", "CWE-614", "CWE-1004")
def check(module: Module) -> Results:
    for call in module.calls("set_cookie"):
        name, value = call.argument("0", "key"), call.argument("1", "value")
        if name is None or value is None or call.is_open or _deletes(call, value):
            continue
        found = _words(name) | _words(value)
        if not found & PEOPLE:
            continue
        clear = _is_off(call.argument("secure", "6"))
        # Scripts have to read some cookies, and an unknown name may be that of one.
        inner = bool(name.text) and not found & FOR_SCRIPTS
        readable = inner and _is_off(call.argument("httponly", "7"))
        said = BOTH if clear and readable else CLEAR if clear else READABLE
        if clear or readable:
            holds = value.reference.rstrip("[]()").rpartition(".")[2]
            yield Result(call.location, said(name.text or f"with the {holds}"))


def _is_off(flag: Value | None) -> bool:
    return flag is None or flag.is_off


def _words(value: Value) -> frozenset[str]:
    """The words of a name, of a text or of what is called; long ones without their ends."""
    spelled = value.text if value.kind == "literal" else value.reference
    found = words(spelled.rpartition(".")[2].removesuffix("()"))
    return frozenset(found) | {one.removesuffix("id").removesuffix("token") for one in found}


def _deletes(call: Call, value: Value) -> bool:
    age = call.argument("max_age", "2")
    ends = call.argument("expires", "3")
    return value.literal == "" or any(one is not None and one.literal == 0 for one in (age, ends))
