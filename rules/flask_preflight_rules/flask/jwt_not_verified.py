"""A token is read without checking its signature.

Anybody writes one that says who they would like to be.

Fix: `jwt.decode(token, key, algorithms=["HS256"])`.

Intended: where the same token is verified as well, or was by the proxy.

Sources: PyJWT, "Usage Examples: Reading the Claimset without Validation"; CWE-347.

```python bad app.py {5,6,7}
import jwt


def read(token):
    jwt.decode(token, verify=False)
    jwt.decode(token, options={"verify_signature": False})
    jwt.decode(token, "key", algorithms=["none"])
```

```python bad other.py {6}
import jwt


def read(token):
    jwt.decode(token, "key", algorithms=["HS256"])
    jwt.decode(token, options={"verify_signature": False})
```

```python good app.py
import jwt


def read(token):
    jwt.get_unverified_header(token)
    return jwt.decode(token, "key", algorithms=["HS256"], options={"verify_aud": False})
```
"""

from flask_preflight.artifacts.python import Call, Module
from flask_preflight.rule import Level, Message, Result, Results, rule

UNCHECKED = Message("the signature of this token is not checked, so anybody can write one")
DECODERS = ("jwt.decode", "jose.jwt.decode")


@rule("FLK807", "jwt-not-verified", "warning", "security", "CWE-347", enabled=False)
def check(module: Module) -> Results:
    calls = [call for call in module.calls("decode") if call.name in DECODERS]
    checked = any(not _skips(call) for call in calls)
    level: Level | None = "note" if checked else None
    for call in calls:
        if _skips(call) and not module.is_tool:
            yield Result(call.location, UNCHECKED(), level=level)


def _skips(call: Call) -> bool:
    verify, options = call.argument("verify"), call.argument("options")
    algorithms = call.argument("algorithms", "2")
    if verify is not None and verify.literal is False:
        return True
    named = algorithms.literal if algorithms is not None else ()
    if isinstance(named, tuple) and any(str(one).lower() == "none" for one in named):
        return True
    pairs = dict(options.literal) if options is not None and options.kind == "mapping" else {}
    signature = pairs.get("verify_signature")
    return signature is not None and signature.literal is False
