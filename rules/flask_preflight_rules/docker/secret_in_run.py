"""A command of the build has a password or a token in it.

It stays in the history of the image, for everybody who can pull it.

Fix: `RUN --mount=type=secret,id=token …`, which leaves no trace.

Sources: Docker, "Build secrets"; CWE-522.

```dockerfile bad {2,3}
FROM python:3.13-slim
RUN git clone https://bot:@@SECRET:password@@@git.example.org/shop.git
RUN docker login -u bot --password @@SECRET:password@@ registry.example.org
```

```dockerfile good
FROM python:3.13-slim
ARG USER
RUN git clone https://$USER:$TOKEN@git.example.org/shop.git
RUN --mount=type=secret,id=token docker login -u bot --password "$(cat /run/secrets/token)"
RUN mkdir -p /a && psql postgresql://shop:shop@localhost/shop
```
"""

from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.artifacts.secret import classify, url_password
from flask_preflight.artifacts.shell import Command
from flask_preflight.rule import Message, Result, Results, rule

URL = Message("an address with its password stays in the history of the image", "url")
OPTION = Message("the value of {0} stays in the history of the image", "option")
OPTIONS = ("--password", "--token", "--api-key", "--access-token", "--auth-token")
LOCAL = ("@localhost", "@127.0.0.1", "@db", "@postgres")


@rule("DKR303", "secret-in-run", "error", "configuration", "CWE-522", "DS-0031", development=True)
def check(instruction: Instruction) -> Results:
    for command in instruction.commands if instruction.name == "RUN" else ():
        yield from _judge(command)


def _judge(command: Command) -> Results:
    for index, word in enumerate(command.words):
        password = url_password(word) if "://" in word and index not in command.dynamic else None
        far = password is not None and not any(host in word for host in LOCAL)
        if password and far and classify(password, "pw") in ("real", "weak"):
            yield Result(command.locations[index], URL())
    for option in OPTIONS:
        for value, where in command.values(option):
            if "$" not in value and classify(value, "pw") == "real":
                yield Result(where, OPTION(option))
