"""The build does not check whom it downloads from.

Whoever sits in between puts what they like into the image.

Fix: remove the option; for a registry of one's own, add its authority to the image first.

Sources: pip, "Options: --trusted-host"; curl(1), "--insecure"; CWE-295.

```dockerfile bad {2,3,4,5,6}
FROM python:3.13-slim
ENV PYTHONHTTPSVERIFY=0
RUN curl -sSLk https://example.org/tool -o /tool
RUN wget --no-check-certificate https://example.org/tool
RUN pip install --trusted-host pypi.example.org flask
RUN git config --global http.sslVerify false
```

```dockerfile good
FROM python:3.13-slim
ENV PYTHONHTTPSVERIFY=1
RUN curl -fsSL https://example.org/tool -o /tool && curl -k https://localhost/status
RUN grep -k x /etc/passwd; pip install --index-url https://pypi.example.org/simple flask
HEALTHCHECK CMD curl -fk https://localhost:8443/healthz
```
"""

from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.artifacts.shell import Command
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.docker._commands import pip_arguments

UNCHECKED = Message("{0}: whoever is in between chooses what comes into the image")
SWITCHES = {
    "PYTHONHTTPSVERIFY": ("0",),
    "NODE_TLS_REJECT_UNAUTHORIZED": ("0",),
    "NPM_CONFIG_STRICT_SSL": ("false",),
    "GIT_SSL_NO_VERIFY": ("1", "true", "yes"),
}
LOCAL = ("localhost", "127.0.0.1", "::1", "host.docker.internal")


@rule(
    "DKR208",
    "tls-verification-disabled",
    "error",
    "security",
    "CWE-295",
    "CKV2_DOCKER_2",
    "CKV2_DOCKER_3",
    "CKV2_DOCKER_4",
    "CKV2_DOCKER_5",
    "CKV2_DOCKER_6",
    "CKV2_DOCKER_16",
    development=True,
)
def check(instruction: Instruction) -> Results:
    if instruction.name in ("ENV", "ARG"):
        for pair in instruction.pairs:
            if pair.value in SWITCHES.get(pair.name, ()):
                yield Result(pair.location, UNCHECKED(f"{pair.name}={pair.value}"))
    for command in instruction.commands if instruction.name == "RUN" else ():
        option = _option(command)
        if option and not any(host in command.text for host in LOCAL):
            yield Result(command.location, UNCHECKED(f"{command.program} {option}"))


def _option(command: Command) -> str:
    """The option that switches the check off, if there is one."""
    if command.program == "curl" and command.has("-k", "--insecure"):
        return "--insecure"
    if command.program == "wget" and command.has("--no-check-certificate"):
        return "--no-check-certificate"
    if command.program == "git" and "sslverify" in command.text.lower():
        return "http.sslVerify false" if "false" in command.text.lower() else ""
    if command.program in ("npm", "yarn") and "strict-ssl" in command.words:
        return "strict-ssl false" if "false" in command.words else ""
    if command.program in ("yum", "dnf") and "sslverify=" in command.text.lower():
        return "sslverify" if command.text.lower().split("sslverify=")[1][:1] in "0fn" else ""
    arguments = pip_arguments(command, "install", "download", "wheel") or ()
    for index, word in enumerate(arguments):
        if word.partition("=")[0] in ("--trusted-host", "--allow-insecure-host"):
            return "--trusted-host"
        indexed = word.partition("=")[0] in ("-i", "--index-url", "--extra-index-url")
        given = word.partition("=")[2] or next(iter(arguments[index + 1 : index + 2]), "")
        if indexed and given.startswith("http://"):
            return "an index without TLS"
    return ""
