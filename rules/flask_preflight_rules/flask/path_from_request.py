"""A client chooses the path of a file.

With `../` in it the client reads, overwrites or deletes any file of the server.

Fix: `send_from_directory(folder, name)`, and `secure_filename` for the name of an upload.

Sources: Flask, "Uploading Files"; Werkzeug, "utils.safe_join"; CWE-22.

```python bad app.py {10,16,23}
import os

from flask import Flask, request, send_file

app = Flask(__name__)


@app.get("/read")
def read():
    return open("data/" + request.args["name"]).read()


@app.get("/get")
def get():
    path = os.path.join("data", request.args["name"])
    return send_file(path)


@app.post("/put")
def put():
    file = request.files["file"]
    name = file.filename
    file.save(os.path.join("data", name))
    return ""
```

```python good app.py
import os

from flask import Flask, request, send_file, send_from_directory
from werkzeug.utils import secure_filename

app = Flask(__name__)


@app.get("/get")
def get():
    return send_from_directory("data", request.args["name"])


@app.post("/put")
def put():
    file = request.files["file"]
    name = secure_filename(file.filename)
    file.save(os.path.join("data", name))
    return send_file("thanks.txt")
```
"""

from flask_preflight.artifacts.python import Module
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.flask._requests import unchecked

CHOSEN = Message("a client chooses the path: with ../ it is any file of the server")
OPENERS = ("open", "send_file", "save", "remove", "unlink", "rmtree", "read_text", "makedirs")
NAMES = frozenset(
    "open send_file flask.send_file os.remove os.unlink os.makedirs shutil.rmtree io.open".split()
)


@rule("FLK804", "path-from-request", "error", "security", "CWE-22", enabled=False)
def check(module: Module) -> Results:
    for call in unchecked(module, *OPENERS):
        if call.name in NAMES or call.last == "save" and "file" in call.name.lower():
            yield Result(call.location, CHOSEN())
