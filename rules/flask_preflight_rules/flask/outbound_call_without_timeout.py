"""A call to another system waits without limit.

When that system hangs, so does the worker: soon all workers wait, and Gunicorn kills each of them
after its own timeout, together with the request it was serving.

Fix: give the call a timeout, for example `timeout=(3.05, 27)`.

Sources: Requests, "Timeouts"; CWE-400; CWE-1088.

```python bad app.py {8,9,14,19}
import smtplib
import urllib.request

import requests
from flask import Flask

app = Flask(__name__)
requests.get("https://example.org")
urllib.request.urlopen("https://example.org", timeout=None)


@app.get("/")
def home():
    requests.post("https://example.org", json={})
    return ""


def mail():
    server = smtplib.SMTP("mail")
```

```python good app.py
import requests
from flask import Flask

app = Flask(__name__)
OPTIONS = {"timeout": 5}


@app.get("/")
def home():
    requests.get("https://example.org", timeout=5)
    requests.get("https://example.org", **OPTIONS)
    session.get("https://example.org")
    return {}.get("requests")


class requests_of_users:
    def get(self): ...
```
"""

from flask_preflight.artifacts.python import Call, Module
from flask_preflight.rule import Level, Message, Result, Results, rule

WAITS = Message("{0} waits without limit: a slow answer there stops this worker")
METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "request")
OTHERS = {
    "urllib.request.urlopen": ("timeout", "2"),
    "smtplib.SMTP": ("timeout", "3"),
    "smtplib.SMTP_SSL": ("timeout",),
    "ftplib.FTP": ("timeout", "4"),
    "poplib.POP3": ("timeout", "2"),
    "poplib.POP3_SSL": ("timeout",),
    "imaplib.IMAP4": ("timeout", "2"),
    "imaplib.IMAP4_SSL": ("timeout",),
    "http.client.HTTPConnection": ("timeout", "2"),
    "http.client.HTTPSConnection": ("timeout",),
}


@rule(
    "FLK601",
    "outbound-call-without-timeout",
    "warning",
    "wsgi",
    "CWE-400",
    "CWE-1088",
    "B113",
    "S113",
)
def check(module: Module) -> Results:
    if any(module.calls("setdefaulttimeout")):
        return
    for call in module.calls(*METHODS):
        if call.name.startswith("requests.") and call.name.count(".") == 1:
            yield from _judge(module, call, ("timeout",))
    for name, places in OTHERS.items():
        for call in module.calls(name.rpartition(".")[2]):
            if call.name == name:
                yield from _judge(module, call, places)


def _judge(module: Module, call: Call, places: tuple[str, ...]) -> Results:
    given = call.argument(*places)
    unlimited = given is None or given.kind == "literal" and given.literal is None
    if unlimited and not call.is_open:
        level: Level | None = "note" if module.is_tool or not call.guard.counts else None
        yield Result(call.location, WAITS(call.name), level=level)
