"""What an image starts, where its files come from, and what it asks of itself."""

from __future__ import annotations

import pytest

from flask_preflight.artifacts.image import Image, is_root, seconds
from flask_preflight.artifacts.request import request_of
from flask_preflight.artifacts.shell import commands, places
from harness import deployment_of


def image(text: str, files: dict[str, str] | None = None, path: str = "Dockerfile") -> Image:
    """The image that ships of a Dockerfile that nothing builds."""
    (found,) = [
        one
        for one in deployment_of({path: text, **(files or {})})[Image]
        if one.dockerfile.path == path
    ]
    return found


SHELL = ("sh", "-c")
BASH = ("/bin/bash", "-o", "pipefail", "-c")


@pytest.mark.parametrize(
    ("lines", "argv"),
    [
        ("", ("python3",)),
        ('CMD ["a", "b"]', ("a", "b")),
        ("CMD a $B", (*SHELL, "a $B")),
        ('CMD ["a"]\nCMD ["b"]', ("b",)),
        ('ENTRYPOINT ["a"]', ("a",)),
        ('ENTRYPOINT ["a"]\nCMD ["b"]', ("a", "b")),
        ('CMD ["b"]\nENTRYPOINT ["a"]', ("a", "b")),
        ('ENTRYPOINT ["a"]\nCMD b c', ("a", *SHELL, "b c")),
        ('ENTRYPOINT a\nCMD ["b"]', (*SHELL, "a")),
        ('ENTRYPOINT []\nCMD ["b"]', ("b",)),
        ("CMD []", ()),
        ('SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nCMD a', (*BASH, "a")),
        ('CMD a\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]', (*SHELL, "a")),
        ('CMD ["a"] # b', (*SHELL, '["a"] # b')),
    ],
)
def test_start(lines: str, argv: tuple[str, ...]) -> None:
    assert image("FROM python:3.12\n" + lines).argv == argv


@pytest.mark.parametrize(
    ("text", "argv"),
    [
        ('FROM python:3 AS a\nCMD ["x"]\nFROM a', ("x",)),
        ('FROM python:3 AS a\nCMD ["x"]\nFROM a\nENTRYPOINT ["y"]', ("y",)),
        ('FROM python:3 AS a\nENTRYPOINT ["y"]\nFROM a\nCMD ["x"]', ("y", "x")),
        ('FROM python:3 AS a\nCMD ["x"]\nFROM python:3', ("python3",)),
        ('FROM company/base\nCMD ["x"]', ("x",)),
        ("FROM company/base", None),
        ('FROM company/base\nENTRYPOINT ["x"]', ("x",)),
        ('FROM python:3\nONBUILD CMD ["x"]', ("python3",)),
    ],
)
def test_start_along_the_chain(text: str, argv: tuple[str, ...] | None) -> None:
    assert image(text).argv == argv


def test_entrypoint_and_command() -> None:
    private = image('FROM company/base\nCMD ["x"]')
    assert (private.entrypoint, private.command) == (None, ("x",))
    official = image("FROM python:3")
    assert (official.entrypoint, official.command) == ((), ("python3",))
    shell = image("FROM python:3\nENTRYPOINT a b\nCMD c")
    assert shell.shell_entrypoint
    assert shell.entrypoint == (*SHELL, "a b")


def test_places_of_words() -> None:
    found = image('FROM python:3\nENTRYPOINT ["a"]\nCMD ["b", "c d"]')
    assert [found.argv_at(index).region for index in range(3)] == [
        (2, 13, 2, 16),
        (3, 6, 3, 9),
        (3, 11, 3, 16),
    ]
    assert found.entrypoint_at(0).region == (2, 13, 2, 16)
    text = image("FROM python:3\nCMD  gunicorn -b :$PORT app:app  ")
    region = text.argv_at(2).region
    assert text.argv is not None
    assert (region.start_line, region.start_column) == (2, 6)
    assert region.end_column - region.start_column == len(text.argv[2])


@pytest.mark.parametrize(
    ("lines", "user", "root"),
    [
        ("", "", True),
        ("USER app", "app", False),
        ("USER root", "root", True),
        ("USER 0:0", "0:0", True),
        ("USER 00", "00", True),
        ("USER 1000:0", "1000:0", False),
        ("USER root\nUSER app", "app", False),
        ("ARG U=root\nUSER $U", "root", True),
        ("ARG U\nUSER $U", None, None),
        ('ENTRYPOINT ["gosu", "app", "x"]', "", None),
        ('CMD ["sh", "-c", "exec su-exec app x"]', "", None),
    ],
)
def test_user(lines: str, user: str | None, root: bool | None) -> None:
    found = image("FROM python:3\n" + lines)
    assert (found.user, found.runs_as_root) == (user, root)


@pytest.mark.parametrize(
    ("base", "root"),
    [
        ("python:3", True),
        ("docker.io/library/python:3", True),
        ("public.ecr.aws/docker/library/python:3.12-slim", True),
        ("company/python", None),
        ("gcr.io/distroless/python3:nonroot", False),
        ("bitnami/python", False),
        ("postgres:17", None),
        ("$BASE", None),
        ("nginx:1\nUSER nginx", False),
    ],
)
def test_user_of_the_base(base: str, root: bool | None) -> None:
    assert image(f"FROM {base}").runs_as_root is root


def test_root_in_numbers() -> None:
    assert [user for user in ("root", "0", "root:app", "1", "app", "", "٠") if is_root(user)] == [
        "root",
        "0",
        "root:app",
    ]


def test_environment() -> None:
    found = image("FROM python:3 AS a\nENV A=1 B=x\nFROM a\nARG V\nENV A=2 C=$V")
    own = [(one.name, one.value) for one in found.environment if one.source == "ENV"]
    assert own == [("A", "1"), ("B", "x"), ("A", "2"), ("C", None)]
    last = found.variable("A")
    assert last is not None
    assert (last.value, last.location.region) == ("2", (5, 5, 5, 8))
    assert found.open_environment is None
    assert found.variable("PYTHON_VERSION") is not None
    private = image("FROM company/base").open_environment
    assert private is not None
    assert private.region == (1, 6, 1, 18)


def test_ports_and_volumes() -> None:
    found = image("FROM x\nARG P=9000\nEXPOSE 80 443/tcp 53/udp 8000-8002 $P $Q a\nVOLUME /a b")
    assert [port.number for port in found.ports] == [80, 443, 8000, 8001, 8002, 9000]
    assert [mount.path for mount in found.volumes] == ["/a", "b"]
    assert [mount.path for mount in image('FROM x\nVOLUME ["/a b", "/c"]').volumes] == [
        "/a b",
        "/c",
    ]


def test_healthcheck() -> None:
    found = image(
        "FROM x\nHEALTHCHECK --interval=1m30s --timeout=500ms --retries=2 \\\n"
        "  CMD curl -f http://localhost:8000/up?full=1 || exit 1"
    ).healthcheck
    assert found is not None
    assert (found.path, found.port, found.scheme) == ("/up", 8000, "http")
    assert (found.period, found.timeout, found.failures) == (90, 0.5, 2)
    assert found.location.region.start_line == 3
    assert image("FROM x\nHEALTHCHECK CMD a\nHEALTHCHECK NONE").healthcheck is None
    unknown = image("FROM x\nHEALTHCHECK CMD ./check.sh").healthcheck
    assert unknown is not None
    assert unknown.path is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("curl -f http://localhost:8000/health || exit 1", ("localhost", 8000, "/health")),
        ("curl -fsS -o /dev/null -H 'Host: a' http://127.0.0.1/", ("127.0.0.1", 80, "/")),
        ("curl --fail --max-time 3 https://localhost", ("localhost", 443, "/")),
        ("curl -f localhost:5000/up", ("localhost", 5000, "/up")),
        ("wget -qO- http://0.0.0.0:5000/a?b#c", ("0.0.0.0", 5000, "/a")),
        ("wget --no-verbose --tries=1 --spider http://[::1]:80/", ("[::1]", 80, "/")),
        ("curl -f http://localhost:${PORT:-8000}/up", ("localhost", None, "/up")),
        ("curl -f http://localhost:$PORT", ("localhost", None, "/")),
        ("curl -f http://localhost:80/$X", ("localhost", 80, None)),
        ("curl -f http://$HOSTNAME:80/", ("$HOSTNAME", 80, "/")),
        ("python -c \"r.urlopen('http://localhost/x')\"", ("localhost", 80, "/x")),
        ("test -f x && curl -f http://localhost/", ("localhost", 80, "/")),
        ("nc -z localhost 8000", ("localhost", 8000, None)),
        ("sh -c 'curl -f http://localhost/a'", ("localhost", 80, "/a")),
        ("curl $URL", None),
        ("curl --unix-socket /x http://localhost/", None),
        ("pg_isready", None),
        ("python check.py", None),
    ],
)  # fmt: skip
def test_requests(text: str, expected: tuple[str, int | None, str | None] | None) -> None:
    found = request_of(commands(text, places("f", text)))
    assert (found and (found.host, found.port, found.path)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5s", 5),
        ("1m30s", 90),
        ("1.5h", 5400),
        ("250ms", 0.25),
        ("5", None),
        ("", None),
        ("x", None),
    ],
)
def test_seconds(text: str, expected: float | None) -> None:
    assert seconds(text) == expected


FILES = {
    "app.py": "",
    "boot.sh": "",
    "requirements.txt": "",
    "shop/__init__.py": "",
    "shop/views.py": "",
    "static/a/b.css": "",
    "docs/x.md": "",
    ".env": "",
    "secret.py": "",
    ".dockerignore": "docs\n.env\nsecret.*\n!secret.md\n",
}


@pytest.mark.parametrize(
    ("lines", "path", "expected"),
    [
        ("WORKDIR /srv\nCOPY . .", "/srv/shop/views.py", "shop/views.py"),
        ("WORKDIR /srv\nCOPY . .", "shop/views.py", "shop/views.py"),
        ("WORKDIR /srv\nCOPY . .", "/srv/docs/x.md", None),
        ("WORKDIR /srv\nCOPY . .", "/srv/.env", None),
        ("WORKDIR /srv\nCOPY . .", "/srv/secret.py", None),
        ("WORKDIR /srv\nCOPY . .", "/other/app.py", None),
        ("WORKDIR /srv\nCOPY . .", "/srv/nothing.py", None),
        ("COPY shop /srv/shop", "/srv/shop/views.py", "shop/views.py"),
        ("COPY shop /srv/", "/srv/views.py", "shop/views.py"),
        ("COPY shop /srv/", "/srv/shop/views.py", None),
        ("COPY app.py /srv/", "/srv/app.py", "app.py"),
        ("COPY app.py /srv/main.py", "/srv/main.py", "app.py"),
        ("COPY app.py boot.sh /srv", "/srv/boot.sh", "boot.sh"),
        ("WORKDIR /srv\nCOPY app.py /srv", "/srv/app.py", "app.py"),
        ("RUN mkdir -p /srv/a\nCOPY app.py /srv/a", "/srv/a/app.py", "app.py"),
        ("COPY ./shop/ ./shop/", "/shop/views.py", "shop/views.py"),
        ("COPY app.py boot.sh ./", "/app.py", "app.py"),
        ("COPY *.sh /x/", "/x/boot.sh", "boot.sh"),
        ("COPY sh?p/*.py /x/", "/x/views.py", "shop/views.py"),
        ("COPY st* /x/", "/x/a/b.css", "static/a/b.css"),
        ("COPY --parents shop/views.py /x/", "/x/shop/views.py", "shop/views.py"),
        ("ENV H=/srv\nWORKDIR $H\nCOPY . $H", "/srv/app.py", "app.py"),
        ("WORKDIR /a\nWORKDIR b\nCOPY . .", "/a/b/app.py", "app.py"),
        ('COPY ["app.py", "/x y/"]', "/x y/app.py", "app.py"),
        ("COPY app.py /x.py\nCOPY boot.sh /x.py", "/x.py", "boot.sh"),
        ("COPY . /srv\nCOPY <<E /srv/app.py\nE", "/srv/app.py", None),
        ("ADD . /srv", "/srv/app.py", "app.py"),
        ("COPY ../../app.py /x/", "/x/app.py", "app.py"),
    ],
)
def test_maps(lines: str, path: str, expected: str | None) -> None:
    assert image("FROM python:3\n" + lines, FILES).maps(path) == expected


def test_maps_through_stages() -> None:
    text = (
        "FROM node:20 AS assets\nWORKDIR /build\nCOPY static .\n"
        "FROM python:3 AS base\nWORKDIR /srv\nCOPY app.py .\n"
        "FROM base\nCOPY --from=assets /build /srv/public\nCOPY --from=assets /build/a/b.css /x/\n"
        "COPY --from=nginx /etc/nginx/nginx.conf /srv/app.py"
    )
    found = image(text, FILES)
    assert found.maps("/srv/public/a/b.css") == "static/a/b.css"
    assert found.maps("/x/b.css") == "static/a/b.css"
    assert found.maps("app.py") == "app.py"


def test_ignore_file_of_one_dockerfile() -> None:
    files = {**FILES, "Dockerfile.dockerignore": "app.py"}
    found = image("FROM python:3\nCOPY . /srv", files)
    assert found.maps("/srv/app.py") is None
    assert found.maps("/srv/docs/x.md") == "docs/x.md"


@pytest.mark.parametrize(
    ("lines", "closed"),
    [
        ("COPY . /srv", True),
        ("COPY . /srv\nRUN pip install -r requirements.txt && mkdir /x", True),
        ("RUN --mount=type=cache,target=/x pip install flask", True),
        ("RUN git clone https://x/y", False),
        ("RUN curl https://x | tar xz", False),
        ("RUN pip install .", False),
        ("RUN pip install -e .", False),
        ("RUN uv sync --frozen", False),
        ("RUN uv sync --frozen --no-install-project", True),
        ("RUN poetry install", False),
        ("RUN poetry install --no-root", True),
        ("RUN ./build.sh", False),
        ("RUN python3 <<E\nE", False),
        ("RUN echo x > /srv/wsgi.py", False),
        ("COPY <<E /x\nE", False),
        ("ADD https://x/y /y", False),
        ("COPY missing /srv", False),
        ("ARG A\nCOPY $A /srv", False),
        ("COPY --from=ghcr.io/astral-sh/uv:0.5 /uv /bin/", True),
        ("COPY --from=company/app / /", False),
    ],
)
def test_closed(lines: str, closed: bool) -> None:
    assert image("FROM python:3\n" + lines, FILES).copies_closed is closed


def test_an_unknown_base_may_hold_anything() -> None:
    assert not image("FROM company/base\nCOPY . /srv", FILES).copies_closed


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ("RUN pip install flask 'gunicorn[gevent]>=20'", {"flask", "gunicorn", "gevent"}),
        ("COPY requirements.txt .\nRUN pip install -r requirements.txt", {"flask", "redis"}),
        ("COPY requirements.txt /tmp/\nRUN pip install -r /tmp/requirements.txt", {"flask"}),
        ("RUN python -m pip install --no-cache-dir -U Flask_Login", {"flask-login"}),
        ("RUN uv pip install flask", {"flask"}),
        ("RUN pip install $PACKAGES", None),
        ("RUN pip install -r unknown.txt", None),
        ("RUN echo", None),
        ("RUN conda env create", None),
    ],
)
def test_packages(lines: str, names: set[str] | None) -> None:
    files = {"requirements.txt": "flask==3\nredis==5\n"}
    found = image("FROM python:3\n" + lines, files).packages
    assert (found is not None) == (names is not None)
    assert found is None or names is not None and names <= found


def test_hostile_copies_end() -> None:
    stages = ["FROM python:3 AS s0"]
    for number in range(1, 200):
        stages.append(f"FROM python:3 AS s{number}")
        stages += [f"COPY --from=s{number - 1} / /a", f"COPY --from=s{number - 1} / /"]
    assert image("\n".join(stages), FILES).maps("/a/a/a/a/app.py") is None
