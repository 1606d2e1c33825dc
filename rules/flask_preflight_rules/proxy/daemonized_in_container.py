"""The proxy goes into the background, and its container ends.

What started it sees its first process end.

Fix: delete `daemon on;`; the image starts nginx with `daemon off;`.

Sources: Docker Official Images, "nginx: Running nginx in debug mode"; nginx, "Core functionality:
daemon".

```nginx bad nginx.conf {1}
daemon on;
events {}
```

```nginx good nginx.conf
daemon off;
events {}
```
"""

from flask_preflight.artifacts.proxy import Proxy
from flask_preflight.rule import Message, Result, Results, rule

ENDS = Message("nginx goes into the background, and its container ends")


@rule("NGX701", "daemonized-in-container", "error", "container")
def check(proxy: Proxy) -> Results:
    if any(entry.carrier == "host" for entry in proxy.entries):
        return
    for one in proxy.given("daemon"):
        if one.text == "on":
            yield Result(one.location, ENDS())
