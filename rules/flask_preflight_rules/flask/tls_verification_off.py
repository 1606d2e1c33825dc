"""Certificates of other systems are not checked.

Whoever sits between this server and the other one reads and changes everything they say to each
other, passwords and tokens included.

Fix: delete `verify=False`; for a certificate of one's own give its authority,
`verify="/etc/ssl/company.pem"`.

Sources: Requests, "SSL Cert Verification"; Python, "ssl: Security considerations"; CWE-295.

```python bad app.py {7,10,14,15,16,17,19}
import ssl

import httpx
import requests
import urllib3

requests.get("https://example.org", verify=False, timeout=5)
session = requests.Session()
client = httpx.Client(timeout=5)
session.verify = False
context = ssl.create_default_context()
pool = None
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
ssl._create_default_https_context = ssl._create_unverified_context
pool = urllib3.PoolManager(cert_reqs="CERT_NONE")
urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
HOST = "https://example.org"
httpx.get(HOST, verify=False)
```

```python bad client.py {3}
import requests

requests.get("https://example.org", verify=False, timeout=5)
```

```python fixed client.py
import requests

requests.get("https://example.org", verify=True, timeout=5)
```

```python bad tasks.py {5}
import redis
import requests


store = redis.Redis(host="cache", ssl=True, ssl_cert_reqs="none")
```

```python good app.py
import os
import ssl

import requests
from flask import Flask

app = Flask(__name__)
VERIFY = os.environ.get("VERIFY", "1") == "1"
requests.get("https://example.org", verify=VERIFY, timeout=5)
requests.get("https://example.org", verify="/etc/ssl/company.pem", timeout=5)
requests.get("https://localhost:8443/status", verify=False, timeout=5)
requests.get(f"https://127.0.0.1:8443/{VERIFY}", verify=False, timeout=5)
if app.debug:
    requests.get("https://example.org", verify=False, timeout=5)
context = ssl.create_default_context()
context.verify_mode = ssl.CERT_REQUIRED
if os.environ.get("SELF_SIGNED"):
    context.verify_mode = ssl.CERT_NONE


def check(token, verify=False):
    return jwt.decode(token, verify=False)


def expiry(host):
    context = ssl.create_default_context()
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(socket.socket(), server_hostname=host).getpeercert(True)


@app.cli.command()
def sync():
    requests.get("https://example.org", verify=False, timeout=5)
```
"""

from flask_preflight.artifacts.python import Call, Module
from flask_preflight.artifacts.source import Value
from flask_preflight.rule import Message, Result, Results, rule

UNCHECKED = Message("{0}: whoever is in between reads and changes what is sent")
METHODS = "get post put patch delete head options request stream Client AsyncClient Session".split()
ATTRIBUTES = ("verify_mode", "_create_default_https_context", "check_hostname", "verify")
UNSAFE = ("ssl.CERT_NONE", "ssl._create_unverified_context")
LOCAL = ("https://localhost", "https://127.", "https://[::1]", "https://host.docker.internal")
NONE = ("CERT_NONE", "NONE", "none", "ssl.CERT_NONE")
POOLS = "PoolManager HTTPSConnectionPool ProxyManager proxy_from_url connection_from_url".split()


@rule(
    "FLK801",
    "tls-verification-off",
    "warning",
    "security",
    "CWE-295",
    "B501",
    "B323",
    "S501",
    "S323",
)
def check(module: Module) -> Results:
    if module.is_tool:
        return
    for call in module.calls(*METHODS):
        verify = call.argument("verify") if call.guard.counts else None
        off = verify is not None and verify.kind == "literal" and verify.literal is False
        if verify is not None and off and _calls_out(call) and not _is_local(call):
            fix = verify.instead("True", call.location)
            yield Result(verify.location, UNCHECKED("verify=False"), fix=fix)
    for call in module.calls(*POOLS, "Redis", "StrictRedis", "from_url", "disable_warnings"):
        value = _unverified(call) if call.guard.counts else None
        if value is not None:
            yield Result(value.location, UNCHECKED("certificates are not checked"))
    yield from _contexts(module)


def _calls_out(call: Call) -> bool:
    owner = call.name.partition(".")[0]
    return owner in ("requests", "httpx") or "session" in call.name or "client" in call.name


def _is_local(call: Call) -> bool:
    url = call.argument("1" if call.last in ("request", "stream") else "0", "url", "base_url")
    return url is not None and url.text.lower().startswith(LOCAL)


def _unverified(call: Call) -> Value | None:
    if call.last == "disable_warnings":
        what = call.argument("0", "category")
        silenced = what is not None and what.reference.endswith("InsecureRequestWarning")
        return what if silenced else None
    value = call.argument("cert_reqs", "ssl_cert_reqs")
    if value is None:
        return None
    nothing = value.kind == "literal" and value.literal is None and call.last not in POOLS
    return value if nothing or value.text in NONE or value.reference in NONE else None


def _contexts(module: Module) -> Results:
    """One result for each object; in a branch some setting decides.

    Who only asks for the certificate of the other side sends it nothing.
    """
    told: set[tuple[str, str]] = set()
    asking = {call.guard.function for call in module.calls("getpeercert")}
    for assigned in module.assigned(*ATTRIBUTES):
        owner, value, guard = assigned.name.rpartition(".")[0], assigned.value, assigned.guard
        off = value.kind == "literal" and value.literal is False or value.reference in UNSAFE
        counts = guard.counts and not guard.branch and guard.function not in asking
        if off and counts and (owner, guard.function) not in told:
            told.add((owner, guard.function))
            last = assigned.name.rpartition(".")[2]
            yield Result(assigned.location, UNCHECKED(f"{last} = {value.reference or False}"))
