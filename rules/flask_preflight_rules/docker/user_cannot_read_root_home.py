"""The container runs as a user who may not read root's home, where its packages are.

`/root` is open to root alone: the server is not found, or its imports fail, and the container ends
at once.

Fix: install into a virtual environment, `/opt/venv`, or copy to the user's home with `--chown`.

Sources: pip, "User installs"; CWE-732.

```dockerfile bad {6}
FROM python:3.13-slim AS build
RUN pip install --user gunicorn==23.0.0
FROM python:3.13-slim
COPY --from=build /root/.local /root/.local
ENV PATH=/root/.local/bin:$PATH
USER 1000
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```dockerfile good
FROM python:3.13-slim AS build
RUN pip install --user gunicorn==23.0.0
FROM python:3.13-slim
COPY --from=build --chown=1000 /root/.local /home/app/.local
ENV PATH=/home/app/.local/bin:$PATH
USER 1000
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
```

```dockerfile good
FROM python:3.13-slim
COPY requirements.txt /root/requirements.txt
RUN chmod o+rx /root
ENV PATH=/root/.local/bin:$PATH
USER 1000
```
"""

from flask_preflight.artifacts.image import Image, is_root
from flask_preflight.rule import Message, Result, Results, rule

CLOSED = Message("user {0} may not read /root, where its packages are: the container ends at once")


@rule("DKR111", "user-cannot-read-root-home", "error", "container", "CWE-732")
def check(image: Image) -> Results:
    user, last = image.user, image.stage.last("USER")
    if not user or is_root(user) or last is None:
        return
    paths = [p for env in image.stage.all("ENV") for p in env.pairs if p.name == "PATH"]
    opened = any("chmod" in run.value for run in image.stage.all("RUN"))
    if paths and "/root/" in (paths[-1].written or "") and not opened:
        yield Result(last.location, CLOSED(user))
