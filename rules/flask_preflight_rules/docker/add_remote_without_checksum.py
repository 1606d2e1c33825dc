"""ADD fetches a file and takes whatever comes.

Whoever controls the address, or the way to it, changes the image; the next build may differ.

Fix: `ADD --checksum=sha256:… https://…`.

Sources: Docker, "Dockerfile reference: ADD --checksum"; CWE-494.

```dockerfile bad {2,3}
FROM python:3.13-slim
ADD https://example.org/tool.tgz /tool.tgz
ADD http://example.org/tool.tgz /tool.tgz
```

```dockerfile bad {2}
FROM python:3.13-slim
ADD https://github.com/example/tool.git /tool
```

```dockerfile good
FROM python:3.13-slim
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d \\
    https://example.org/tool.tgz /tool.tgz
ADD tool.tgz /tool
```
"""

from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.lazy import expression
from flask_preflight.rule import Level, Message, Result, Results, rule

ANYTHING = Message("the image takes whatever {0} serves, without comparing a checksum")
COMMIT = expression(r"#[0-9a-f]{40}")


@rule("DKR207", "add-remote-without-checksum", "warning", "security", "CWE-494", "CKV_DOCKER_4")
def check(instruction: Instruction) -> Results:
    if instruction.name != "ADD" or instruction.flag("checksum"):
        return
    for word in instruction.words[:-1]:
        url = word.value or ""
        git = url.endswith(".git") or ".git#" in url or url.startswith(("git@", "git://"))
        if not url.startswith(("http://", "https://")) and not git or COMMIT.search(url):
            continue
        level: Level | None = "note" if git else "error" if url.startswith("http:") else None
        host = url.partition("://")[2].partition("/")[0].rpartition("@")[2] or "the address"
        yield Result(word.location, ANYTHING(host), level=level)
