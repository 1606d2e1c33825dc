"""Which Compose files make which project: names, commands, includes, extensions and variables."""

from __future__ import annotations

import pytest

import harness
from flask_preflight.artifacts import compose
from flask_preflight.artifacts.compose import Project, Service

BASE = "services:\n  web:\n    build: .\n  db:\n    image: postgres:17\n"
PART = "services:\n  web:\n    restart: always\n"
WHOLE = "services:\n  web:\n    image: shop\n  db:\n    image: postgres:17\n"


def projects(files: dict[str, str]) -> list[Project]:
    tree = harness.tree_of(files)
    found = [one for one in compose.assemble(tree) if isinstance(one, Project)]
    assert not [note for note in tree.notifications if note.id == "PRE010"]
    return found


def plans(files: dict[str, str]) -> set[tuple[tuple[str, ...], str, str]]:
    return {(one.paths, one.role, one.kind) for one in projects(files)}


def only(files: dict[str, str], name: str = "web") -> Service:
    (found,) = (one for one in projects(files) if name in one.services and not one.fragment)
    return found.services[name]


D, P = "docker-compose.yml", "compose.prod.yml"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({D: BASE}, {((D,), "production", "compose")}),
        (
            {D: BASE, "docker-compose.override.yml": PART},
            {
                ((D,), "production", "compose"),
                ((D, "docker-compose.override.yml"), "development", "compose"),
            },
        ),
        (
            {D: BASE, "docker-compose.override.yml": WHOLE},
            {
                ((D,), "production", "compose"),
                ((D, "docker-compose.override.yml"), "development", "compose"),
            },
        ),
        ({D: BASE, P: PART}, {((D, P), "production", "compose")}),
        ({D: BASE, P: WHOLE}, {((D,), "production", "compose"), ((P,), "production", "compose")}),
        (
            {D: BASE, P: PART, "compose.dev.yml": PART},
            {
                ((D, P), "production", "compose"),
                ((D, "compose.dev.yml"), "development", "compose"),
            },
        ),
        (
            {D: BASE, P: WHOLE, "deploy.sh": f"docker compose -f {D} -f {P} up -d\n"},
            {((D, P), "production", "compose")},
        ),
        (
            {D: BASE, P: PART, "deploy.sh": f"docker compose -f {P} up -d\n"},
            {((D,), "production", "compose"), ((P,), "production", "compose")},
        ),
        (
            {"compose.base.yml": BASE, "compose.live.yml": PART},
            {
                (("compose.base.yml", "compose.live.yml"), "production", "compose"),
            },
        ),
        (
            {"a.compose.yml": BASE, "b.compose.yml": WHOLE, "c.compose.yml": PART},
            {
                (("a.compose.yml",), "production", "compose"),
                (("b.compose.yml",), "production", "compose"),
                (("c.compose.yml",), "production", "compose"),
            },
        ),
        ({D: BASE, "up.sh": f"docker stack deploy -c {D} shop"}, {((D,), "production", "swarm")}),
        (
            {
                D: BASE,
                "s.yml": WHOLE,
                "up.sh": f"docker stack deploy -c {D} --compose-file=s.yml x",
            },
            {((D, "s.yml"), "production", "swarm")},
        ),
        (
            {D: BASE, "extra.compose.yml": "services:\n  job: {image: x, depends_on: [db]}\n"},
            {
                ((D,), "production", "compose"),
                ((D, "extra.compose.yml"), "production", "compose"),
            },
        ),
        (
            {D: BASE, "a/compose.yml": WHOLE},
            {((D,), "production", "compose"), (("a/compose.yml",), "production", "compose")},
        ),
    ],
)
def test_what_is_started_together(
    files: dict[str, str], expected: set[tuple[tuple[str, ...], str, str]]
) -> None:
    assert plans(files) == expected


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Makefile", "up:\n\tdocker compose -f compose.yml -f more.yml up -d\n"),
        ("up.sh", "docker-compose --file=compose.yml --file more.yml up\n"),
        ("up.sh", "docker compose -p shop \\\n  -f compose.yml \\\n  -f more.yml \\\n  up\n"),
        ("up.sh", "sudo docker compose -f'compose.yml' -f \"more.yml\" up\n"),
        ("up.sh", "podman compose -fcompose.yml -fmore.yml up && echo done\n"),
        ("README.md", "Run `docker compose -f compose.yml -f more.yml up`.\n"),
        (".env", "COMPOSE_FILE=compose.yml:more.yml\n"),
        (".github/workflows/ci.yml", "env:\n  COMPOSE_FILE: compose.yml;more.yml\n"),
        ("bin/up.sh", "docker compose -f compose.yml -f more.yml up\n"),
    ],
)
def test_commands_that_name_files(path: str, text: str) -> None:
    files = {"compose.yml": BASE, "more.yml": WHOLE, path: text}
    assert (("compose.yml", "more.yml"), "production", "compose") in plans(files)


@pytest.mark.parametrize(
    "text",
    [
        "docker compose -f $FILE -f more.yml up\n",
        "docker compose --project-directory x -f compose.yml -f more.yml up\n",
        "docker compose -f compose.yml -f missing.yml up\n",
        "docker compose logs -f compose.yml -f more.yml\n",
        "tail -f compose.yml -f more.yml\n",
    ],
)
def test_commands_that_name_none(text: str) -> None:
    files = {"compose.yml": BASE, "more.yml": WHOLE, "up.sh": text}
    assert len({paths for paths, _, _ in plans(files) if len(paths) > 1}) == 0


@pytest.mark.parametrize(
    ("path", "text", "role"),
    [
        ("compose.integration.yml", BASE, "test"),
        (".github/compose.yml", BASE, "test"),
        (".devcontainer/compose.yml", BASE, "development"),
        ("production/compose.yml", BASE + "    command: flask run\n", "production"),
        ("compose.prod.yml", BASE + "    command: flask run\n", "production"),
        ("compose.yml", BASE + "    command: flask --app shop run\n", "development"),
        ("compose.yml", BASE + "    command: gunicorn --reload app:app\n", "development"),
        ("compose.yml", BASE + "  mail: {image: 'axllent/mailpit:v1'}\n", "development"),
        ("compose.yml", BASE + "  mail: {image: mailpit, profiles: [dev]}\n", "production"),
        ("compose.yml", BASE + "  blobs: {image: 'x/storage-local:1'}\n", "development"),
        ("compose.yml", BASE + "  save: {image: 'x/postgres-backup-local:17'}\n", "production"),
        ("compose.yml", BASE + "  tests: {image: x}\n", "development"),
        ("compose.yml", "# Not meant for use in production.\n" + BASE, "development"),
        ("compose.yml", "# For development, see compose.dev.yml.\n" + BASE, "production"),
        ("compose.yml", "# Used in production and development alike\n" + BASE, "production"),
        ("compose.yml", "# docker compose -f compose.yml up, local use\n" + BASE, "development"),
        ("compose.yml", "# The local development override is elsewhere.\n" + BASE, "production"),
    ],
)
def test_roles(path: str, text: str, role: str) -> None:
    (found,) = projects({path: text})
    assert found.role == role, found.why


@pytest.mark.parametrize(
    ("dockerfile", "build", "role"),
    [
        ('FROM x\nCMD ["flask", "run"]\n', ".", "development"),
        ('FROM x\nENTRYPOINT ["flask"]\nCMD ["run", "-h", "::"]\n', ".", "development"),
        ("FROM x\nCMD flask --app shop run\n", ".", "development"),
        ("FROM x AS a\nCMD flask run\nFROM x\nCMD gunicorn app:app\n", ".", "production"),
        ("FROM x AS a\nCMD flask run\nFROM x\n", "{context: ., target: a}", "development"),
        ("FROM x\nCMD flask db upgrade\n", ".", "production"),
        ('FROM x\nCMD ["python", "app.py"]\n', ".", "production"),
    ],
)
def test_roles_by_what_an_image_starts(dockerfile: str, build: str, role: str) -> None:
    files = {"Dockerfile": dockerfile, "compose.yml": f"services:\n  web:\n    build: {build}\n"}
    assert projects(files)[0].role == role
    files["compose.yml"] += "    command: gunicorn app:app\n"
    assert projects(files)[0].role == "production"


def test_old_versions_are_only_noted() -> None:
    tree = harness.tree_of({"docker-compose.yml": "web:\n  build: .\n  ports: ['80:80']\n"})
    assert list(compose.assemble(tree)) == []
    assert [(note.id, note.level) for note in tree.notifications] == [("PRE011", "note")]


@pytest.mark.parametrize(
    "text",
    [
        "jobs:\n  test:\n    services:\n      db: {image: x}\n",
        "services: [web]\n",
        "services:\n  retries: 3\n",
        "name: settings for compose\n",
        "- services\n",
        "",
    ],
)
def test_other_files_called_compose(text: str) -> None:
    tree = harness.tree_of({"compose-settings.yml": text})
    assert list(compose.assemble(tree)) == []
    assert tree.notifications == []


@pytest.mark.parametrize(
    ("service", "fragment"),
    [
        ("image: x\n    depends_on: [db]", True),
        ("image: x\n    depends_on: {db: {condition: service_started, required: false}}", False),
        ("image: x\n    links: ['db:database']", True),
        ("image: x\n    external_links: [db]", False),
        ("image: x\n    network_mode: service:vpn", True),
        ("image: x\n    network_mode: host", False),
        ("image: x\n    volumes_from: [data]", True),
        ("image: x\n    volumes_from: ['container:data']", False),
        ("environment: [A=1]", True),
        ("provider: {type: model}", False),
        ("extends: {file: missing.yml, service: a}", True),
    ],
)
def test_fragments(service: str, fragment: bool) -> None:
    (found,) = projects({"compose.yml": f"services:\n  web:\n    {service}\n"})
    assert found.fragment is fragment
    assert found.closed is not fragment


# What a file takes from others


def test_extends_in_one_file() -> None:
    text = (
        "services:\n  base: {image: a, environment: [A=1]}\n"
        "  middle: {extends: base, environment: [B=2]}\n"
        "  web: {extends: {service: middle}, environment: [A=3]}\n"
    )
    web = only({"compose.yml": text})
    assert web.image == "a"
    assert {one.name: one.value for one in web.environment.variables} == {"A": "3", "B": "2"}


def test_extends_in_a_folder_below() -> None:
    common = (
        "services:\n  app:\n    build: {context: ., dockerfile: ../Dockerfile}\n"
        "    env_file: [app.env, {path: more.env, required: false}]\n"
        "    volumes: ['./data:/data', 'named:/x', '/abs:/y', {type: bind, source: s, target: z}]\n"
        "    extends: {file: ../deeper/root.yml, service: root}\n"
    )
    files = {
        "compose.yml": "services:\n  web:\n    extends: {file: parts/app.yml, service: app}\n",
        "parts/app.yml": common,
        "deeper/root.yml": "services:\n  root: {user: app, build: ./here}\n",
        "parts/app.env": "A=1\n",
    }
    web = only(files)
    assert web.build is not None
    assert (web.build.context, web.build.dockerfile) == ("parts", "Dockerfile")
    assert [(m.kind, m.source) for m in web.mounts] == [
        ("bind", "./parts/./data"),
        ("named", "named"),
        ("bind", "/abs"),
        ("bind", "./parts/s"),
    ]
    assert web.spec.text("user") == "app"
    assert web.environment.get("A") is not None
    assert web.at("build", "context").path == "parts/app.yml"
    assert len(projects(files)) == 1, "files that are only extended are no projects"


@pytest.mark.parametrize(
    "text",
    [
        "services:\n  web: {image: x, extends: web}\n",
        "services:\n  web: {image: x, extends: other}\n  other: {extends: web}\n",
        "services:\n  web: {image: x, extends: {file: compose.yml, service: web}}\n",
        "services:\n  web: {image: x, extends: {file: ../../etc/x.yml, service: web}}\n",
        "services:\n  web: {image: x, extends: {file: [], service: {}}}\n",
        "services:\n  web: {image: x, extends: []}\n",
        "services:\n  web: {image: x, extends: nobody}\n",
    ],
)
def test_extends_that_lead_nowhere(text: str) -> None:
    (found,) = projects({"compose.yml": text})
    assert found.services["web"].image == "x"
    assert not found.closed


def test_include() -> None:
    files = {
        "compose.yml": "include: [infra/compose.yml, {path: [a.yml, b.yml]}]\n"
        "services:\n  web: {image: x, depends_on: [db, one]}\n",
        "infra/compose.yml": "services:\n  db:\n    image: 'postgres:${VERSION}'\n"
        "    volumes: ['./data:/var/lib/postgresql']\n    build: .\n",
        "infra/.env": "VERSION=17\n",
        "a.yml": "services:\n  one: {image: a}\n",
        "b.yml": "services:\n  one: {user: b}\n",
    }
    (found,) = projects(files)
    assert found.closed
    assert sorted(found.services) == ["db", "one", "web"]
    db, one = found.services["db"], found.services["one"]
    assert db.image == "postgres:17"
    assert db.mounts[0].source == "./infra/./data"
    assert db.build is not None
    assert db.build.context == "infra"
    assert (one.image, one.spec.text("user")) == ("a", "b")


@pytest.mark.parametrize(
    "item",
    [
        "missing.yml",
        "https://example.org/compose.yml",
        "oci://registry.example.org/x",
        "../x.yml",
        "compose.yml",
        "{path: }",
        "[]",
        "$FILE",
    ],
)
def test_includes_that_lead_nowhere(item: str) -> None:
    text = f"include:\n  - {item}\nservices:\n  web: {{image: x}}\n"
    (found,) = projects({"compose.yml": text})
    assert list(found.services) == ["web"]
    assert not found.closed


def test_anchors_and_extensions() -> None:
    text = (
        "x-app: &app\n  image: shop\n  environment: &env {A: 1}\n"
        "services:\n  web:\n    <<: *app\n    environment:\n      <<: *env\n      B: 2\n"
        "  worker: {<<: *app, command: work}\n"
    )
    (found,) = projects({"compose.yml": text})
    web, worker = found.services["web"], found.services["worker"]
    assert {one.name: one.value for one in web.environment.variables} == {"A": "1", "B": "2"}
    assert worker.at("image").region.start_line == web.at("image").region.start_line == 2


@pytest.mark.parametrize(
    ("value", "text", "default"),
    [
        ("$A", "one", False),
        ("${A}", "one", False),
        ("${A:-x}", "one", False),
        ("${B:-x}", "x", True),
        ("${B}", None, False),
        ("${B:?no}", None, False),
        ("a$$b", "a$b", False),
        ("${B:-${A}}-$$", "one-$", True),
        ("${B:+x}", "", True),
        ("x${E}y", "xy", False),
    ],
)
def test_variables(value: str, text: str | None, default: bool) -> None:
    form = f"services:\n  web:\n    image: x\n    environment:\n      - V={value}\n      - A\n"
    web = only({"compose.yml": form, ".env": "A=one\nE=\n"})
    found = web.environment.get("V")
    assert found is not None
    assert (found.value, found.default) == (text, default)
    assert found.location.region.start_line == 5
    passed = web.environment.get("A")
    assert passed is not None
    assert passed.value == "one"


def test_variables_of_the_project_folder_count() -> None:
    files = {
        "compose.yml": "services:\n  web: {image: 'x:${TAG:-none}'}\n",
        "more/compose.prod.yml": "services:\n  web: {user: '${TAG:-none}'}\n",
        ".env": "TAG=root\n",
        "more/.env": "TAG=other\n",
        "up.sh": "docker compose -f compose.yml -f more/compose.prod.yml up\n",
    }
    (found,) = projects(files)
    web = found.services["web"]
    assert (web.image, web.spec.text("user")) == ("x:root", "root")


@pytest.mark.parametrize(
    ("spec", "low", "high"),
    [
        ("scale: 3", 3, 3),
        ("deploy: {replicas: 2}", 2, 2),
        ("deploy: {replicas: '${N:-4}'}", 4, 4),
        ("deploy: {replicas: '${N}'}", None, None),
        ("deploy: {mode: global}", 1, None),
        ("user: x", 1, 1),
    ],
)
def test_replicas(spec: str, low: int | None, high: int | None) -> None:
    found = only({"compose.yml": f"services:\n  web:\n    image: x\n    {spec}\n"}).replicas
    assert (found.low, found.high) == (low, high)


def test_names() -> None:
    text = (
        "services:\n  db:\n    image: x\n    container_name: shop-db\n    hostname: no\n"
        "    networks: {back: {aliases: [database]}}\n"
        "  web:\n    image: x\n    links: ['db:store', db]\n    network_mode: host\n"
    )
    (found,) = projects({"compose.yml": text})
    db, web = found.services["db"], found.services["web"]
    assert db.names == {"db", "shop-db", "database", "store"}
    assert db.networks == {"back"}
    assert web.networks == frozenset()


def test_swarm_knows_less() -> None:
    text = (
        "services:\n  web:\n    image: x\n    build: .\n    container_name: no\n    mem_limit: 1g\n"
        "    ports: ['127.0.0.1:80:80']\n    deploy: {mode: replicated-job}\n"
    )
    web = only({"docker-stack.yml": text})
    assert web.names == {"web"}
    assert web.memory is None
    assert web.is_public(web.ports[0])
    assert web.one_shot


def test_products_behind_builds() -> None:
    files = {
        "compose.yml": "services:\n  db: {build: db}\n  job: {build: job}\n  web: {build: web}\n",
        "db/Dockerfile": "FROM postgres:17\nCOPY init.sql /docker-entrypoint-initdb.d/\n",
        "db/init.sql": "",
        "job/Dockerfile": "FROM postgres:17\nCMD pg_dump shop\n",
        "web/Dockerfile": "FROM python:3.13\n",
    }
    services = {one.name: one for one in harness.deployment_of(files)[Service]}
    found = {name: (one.product, one.kind) for name, one in services.items()}
    assert found == {"db": ("postgres", "datastore"), "job": ("", ""), "web": ("", "")}


@pytest.mark.parametrize(
    "files",
    [
        {"compose.yml": "services:\n" + "".join(f"  s{n}: {{image: x}}\n" for n in range(5_000))},
        {
            "compose.yml": "services:\n  s0: {image: x}\n"
            + "".join(f"  s{n}: {{extends: s{n - 1}}}\n" for n in range(1, 900))
        },
        {
            "compose.yml": BASE,
            **{f"x{n}.compose.yml": PART for n in range(300)},
            "up.sh": "".join(
                f"docker compose -f x{n}.compose.yml -f compose.yml up\n" for n in range(300)
            ),
        },
        {
            f"c{n}.compose.yml": "include: ["
            + ", ".join(f"c{m}.compose.yml" for m in range(40))
            + "]\nservices: {web: {image: x}}\n"
            for n in range(40)
        },
        {
            f"f{n}/compose.yml": "include: ["
            + ", ".join(f"../f{m}/compose.yml" for m in range(30))
            + "]\nservices: {web: {image: x}}\n"
            for n in range(30)
        },
        {
            ".env": "A=" + "x" * 50_000,
            "compose.yml": BASE + "    command: '" + "$A" * 5_000 + "'\n",
        },
        {
            ".env": "A=" + "x" * 50_000,
            "compose.yml": BASE + "    labels:\n" + "      - $A\n" * 5_000,
        },
        {"compose.yml": BASE, "up.sh": "docker compose " + "-f compose.yml " * 50_000},
        {"compose.yml": BASE, "b.compose.yml": PART, "up.sh": "docker compose " * 50_000},
        {
            "compose.yml": BASE
            + "    ports:\n"
            + "".join(f"      - '1-{n}:1-{n}'\n" for n in range(1, 5_000))
        },
        {
            "compose.yml": BASE
            + "    ports: ['"
            + "9" * 50_000
            + "', {target: '"
            + "9" * 9_000
            + "'}]\n"
        },
        {
            "compose.yml": BASE
            + "    mem_limit: '"
            + "9" * 5_000
            + "'\n    scale: '"
            + "9" * 5_000
            + "'\n"
        },
        {
            "compose.yml": "x: &a ["
            + "x, " * 50_000
            + "]\nservices:\n  web: {image: x, command: *a}\n"
        },
    ],
)
def test_hostile_repositories_get_an_answer(files: dict[str, str]) -> None:
    for part in compose.assemble(harness.tree_of(files)):
        if isinstance(part, Service):
            for name in ("ports", "mounts", "probes", "names", "networks", "command", "memory"):
                getattr(part, name)
            assert part.replicas is not None
