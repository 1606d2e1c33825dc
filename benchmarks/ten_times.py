"""What ten times the input costs, for each kind of file that repositories have many or much of.

`python benchmarks/ten_times.py [NAME…]`: it writes both sizes into a temporary folder, runs
`flask-preflight check` over each, and ends with 1 where ten times as much took more than twelve
times as long (two for the noise of the smaller run): then some step is quadratic.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

APP = "from flask import Flask\n\napp = Flask(__name__)\n"
DEPLOYMENT = """---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web-{0}}}
spec:
  selector: {{matchLabels: {{app: web-{0}}}}}
  template:
    metadata: {{labels: {{app: web-{0}}}}}
    spec:
      containers:
        - {{name: web, image: "shop:{0}", ports: [{{containerPort: 8000}}]}}
---
apiVersion: v1
kind: Service
metadata: {{name: web-{0}}}
spec:
  selector: {{app: web-{0}}}
  ports: [{{port: 80, targetPort: 8000}}]
"""
REVISION = """from alembic import op
import sqlalchemy as sa

revision = "r{0}"
down_revision = {1}


def upgrade():
    op.add_column("users", sa.Column("c{0}", sa.Integer))


def downgrade():
    op.drop_column("users", "c{0}")
"""


def manifests(folder: Path, size: int) -> None:
    """100 documents in each file, half of them Services."""
    for part in range(size // 50):
        numbers = range(part * 50, part * 50 + 50)
        (folder / f"part{part}.yaml").write_text("".join(map(DEPLOYMENT.format, numbers)))


def migrations(folder: Path, size: int) -> None:
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / "migrations" / "env.py").write_text("from alembic import context\n")
    for number in range(size):
        before = repr(f"r{number - 1}") if number else "None"
        (versions / f"r{number}.py").write_text(REVISION.format(number, before))


def services(folder: Path, size: int) -> None:
    each = "  s{0}:\n    image: shop:1\n    ports: ['{1}:80']\n    environment: {{A: '{0}'}}\n"
    lines = (each.format(number, 10_000 + number) for number in range(size))
    (folder / "compose.yaml").write_text("services:\n" + "".join(lines))


def continuation(folder: Path, size: int) -> None:
    lines = (f"    package-{number} \\\n" for number in range(size))
    text = "FROM debian:13\nRUN apt-get install \\\n" + "".join(lines) + "    last\n"
    (folder / "Dockerfile").write_text(text)


def locations(folder: Path, size: int) -> None:
    each = "    location /p{0} {{ proxy_pass http://127.0.0.1:8000/; }}\n"
    lines = "".join(map(each.format, range(size)))
    (folder / "nginx.conf").write_text(f"server {{\n    listen 80;\n{lines}}}\n")


def routes(folder: Path, size: int) -> None:
    each = '\n\n@app.get("/p{0}")\ndef view{0}():\n    return "ok"\n'
    (folder / "views.py").write_text(APP + "".join(map(each.format, range(size))))


KINDS: dict[str, tuple[Callable[[Path, int], None], int]] = {
    "manifests": (manifests, 500),
    "migrations": (migrations, 100),
    "services": (services, 200),
    "continuation": (continuation, 15_000),
    "locations": (locations, 1_800),
    "routes": (routes, 2_000),
}
"""The smaller size of each kind; ten times that is the other."""


def seconds(write: Callable[[Path, int], None], size: int, runs: int = 3) -> float:
    """The fastest of a few runs over a repository of this size."""
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "app.py").write_text(APP)
        write(Path(name), size)
        command = [sys.executable, "-m", "flask_preflight", "check", "--quiet", "--exit-zero", name]
        taken = []
        for _ in range(runs):
            start = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            taken.append(time.perf_counter() - start)
        return min(taken)


def main() -> int:
    start = seconds(lambda folder, size: None, 0)
    worst = 0.0
    for kind in sys.argv[1:] or KINDS:
        write, size = KINDS[kind]
        small, large = seconds(write, size), seconds(write, size * 10)
        # The start of the program costs the same for both.
        ratio = (large - start) / max(small - start, 0.001)
        worst = max(worst, ratio)
        print(f"{kind}: {size} in {small:.2f} s, {size * 10} in {large:.2f} s, {ratio:.1f} times")
    return worst > 12


if __name__ == "__main__":
    sys.exit(main())
