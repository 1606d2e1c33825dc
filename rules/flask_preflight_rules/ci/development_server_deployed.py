"""A pipeline starts Flask's development server on another machine.

It serves one machine's developer: it is slow, has no limits against hostile requests, and stops
with the session or the error that ends it.

Fix: start a WSGI server, as a service that comes back: `gunicorn app:app` in systemd or a
container.

Sources: Flask, "Deploying to production"; Werkzeug, "Serving WSGI applications"; CWE-489.

```yaml bad .github/workflows/deploy.yml {9,14}
on: {push: {branches: [main]}}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: |
          ssh web@web.example.org << 'EOF'
            cd /srv/web
            nohup python3 app.py > log 2>&1 &
          EOF
      - uses: appleboy/ssh-action@v1
        with:
          script: |
            flask --app web run --host 0.0.0.0
```

```python bad app.py
from flask import Flask
app = Flask(__name__)
if __name__ == "__main__":
    app.run()
```

```yaml good .github/workflows/deploy.yml
on: {push: {branches: [main]}}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: flask run & sleep 2 && curl -f http://localhost:5000/
      - run: |
          ssh web@web.example.org << 'EOF'
            flask db upgrade
            python manage.py collect
            python main.py
            gunicorn -D app:app
            echo flask run
            pytest && flask run --help
          EOF
```

```python good main.py
from waitress import serve
from web import app
serve(app)
```
"""

from collections.abc import Iterator

from flask_preflight.artifacts.ci import Job
from flask_preflight.artifacts.shell import Command
from flask_preflight.artifacts.source import RunCall
from flask_preflight.facts import Deployment
from flask_preflight.rule import Message, Result, Results, rule

SERVES = Message("{0} puts Flask's development server on another machine")


@rule("CIC079", "development-server-deployed", "error", "wsgi", "CWE-489", sees="relation")
def check(deployment: Deployment) -> Results:
    files = {call.path for call in deployment[RunCall] if call.sure}
    for job in deployment[Job]:
        for command in _remote(job):
            if _is_server(command, files):
                yield Result(command.location, SERVES(command.text[:60]))


def _remote(job: Job) -> Iterator[Command]:
    for step in job.steps:
        if "test" not in step.labels:
            yield from step.remote


def _is_server(command: Command, files: set[str]) -> bool:
    words = list(command.words)
    if words[:1] and words[0] in ("screen", "tmux"):
        inner = (i for i, word in enumerate(words) if word in ("flask", "python", "python3"))
        words = words[next(inner, 0) :]
    program = words[0].rpartition("/")[2] if words else ""
    if program.startswith("python") and words[1:3] == ["-m", "flask"]:
        words, program = words[2:], "flask"
    if program == "flask":
        return "run" in words[1:] and "--help" not in words
    if not program.startswith("python") or not words[1:]:
        return False
    script = words[-1] if words[-1].endswith(".py") else words[1]
    found = {path for path in files if path == script or path.endswith("/" + script)}
    return bool(found) and script.endswith(".py")
