"""Which builds a repository describes, which images they make, and which reference means one."""

from __future__ import annotations

import pytest

from flask_preflight.artifacts.compose import Project, Service
from flask_preflight.artifacts.dockerfile import Stage
from flask_preflight.artifacts.image import Image
from flask_preflight.artifacts.kubernetes import ManifestSet
from flask_preflight.facts import Build, Deployment, World
from flask_preflight.link.images import by_reference, image_for
from harness import deployment_of

STAGES = "FROM python:3 AS base\nFROM base AS dev\nFROM base AS final\n"


def built(files: dict[str, str]) -> list[tuple[str | None, str | None, str | None]]:
    return [(one.dockerfile, one.context, one.target) for one in deployment_of(files)[Build]]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("docker build .", ("Dockerfile", "", "")),
        ("docker build -t a:1 -f docker/Dockerfile .", ("docker/Dockerfile", "", "")),
        ("docker build --file=docker/Dockerfile --target dev .", ("docker/Dockerfile", "", "dev")),
        ("docker build --pull --no-cache -t a docker", ("docker/Dockerfile", "docker", "")),
        ("docker -H x buildx build --push -t a docker/", ("docker/Dockerfile", "docker", "")),
        ("docker image build $PWD", ("Dockerfile", "", "")),
        ("podman build -f Dockerfile", ("Dockerfile", "", "")),
        ("buildah bud -f docker/Dockerfile .", ("docker/Dockerfile", "", "")),
        ("DIR=docker\ndocker build $DIR", ("docker/Dockerfile", "docker", "")),
        ("gcloud builds submit --tag gcr.io/a/b docker", ("docker/Dockerfile", "docker", "")),
        ("az acr build -t b -r c .", ("Dockerfile", "", "")),
        ("docker build --target $T .", ("Dockerfile", "", None)),
        ("docker build $UNKNOWN", (None, None, "")),
        ("docker build https://github.com/a/b.git", (None, None, "")),
        ("docker build - < x", (None, None, "")),
        ("docker build missing", (None, None, "")),
    ],
)  # fmt: skip
def test_builds_of_commands(
    command: str, expected: tuple[str | None, str | None, str | None]
) -> None:
    files = {"build.sh": command, "Dockerfile": STAGES, "docker/Dockerfile": STAGES}
    assert built(files) == [expected]


@pytest.mark.parametrize(
    "command",
    [
        "docker compose build",
        "docker-compose build web",
        "docker run x build",
        "docker buildx imagetools create -t a b",
        "docker buildx bake",
        "echo docker build .",
        "docker pull build",
    ],
)
def test_what_is_no_build(command: str) -> None:
    assert built({"build.sh": command, "Dockerfile": STAGES}) == []


def test_a_script_is_started_beside_itself_or_at_the_root() -> None:
    command = "docker build -t a web"
    assert built({"bin/x.sh": command, "web/Dockerfile": STAGES}) == [("web/Dockerfile", "web", "")]
    assert built({"bin/x.sh": command, "bin/web/Dockerfile": STAGES}) == [
        ("bin/web/Dockerfile", "bin/web", "")
    ]
    both = {"bin/x.sh": command, "bin/web/Dockerfile": STAGES, "web/Dockerfile": STAGES}
    assert built(both) == [(None, None, "")]


def test_names_arguments_and_pushes() -> None:
    text = "docker build -t $R/a:1 --tag b --build-arg A=1 --build-arg B=$C .\ndocker push b"
    (build,) = deployment_of({"x.sh": text, "Dockerfile": STAGES})[Build]
    assert build.names == ("$R/a:1", "b")
    assert build.arguments == {"A": "1", "B": None}
    assert build.pushed
    assert build.location.region.start_line == 1


MAKEFILE = """\
REGISTRY ?= example.com/team
IMAGE := $(REGISTRY)/shop
.PHONY: build
build:
\t@docker build \\
\t  -t $(IMAGE):1 \\
\t  --target final web
"""
SKAFFOLD = """\
apiVersion: skaffold/v4beta1
kind: Config
build:
  artifacts:
    - image: shop
      context: web
      docker: {dockerfile: docker/Dockerfile.web, target: final}
    - image: ledger
      context: ledger
      jib: {}
    - image: api
      context: api
"""
BAKE = """\
group "default" { targets = ["web"] }
target "base" {
  context = "web"
}
target "web" {
  inherits = ["base"]
  dockerfile = "docker/Dockerfile.web"
  target = "final"
  tags = ["example.com/shop:1", "shop"]
}
"""
FILES = {"web/Dockerfile": STAGES, "web/docker/Dockerfile.web": STAGES, "api/Dockerfile": STAGES}


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("Makefile", MAKEFILE, [("web/Dockerfile", "web", "final", "example.com/team/shop:1")]),
        ("justfile", "b:\n    docker build -t shop web\n", [("web/Dockerfile", "web", "", "shop")]),
        (
            "skaffold.yaml",
            SKAFFOLD,
            [
                ("web/docker/Dockerfile.web", "web", "final", "shop"),
                (None, "ledger", "", "ledger"),
                ("api/Dockerfile", "api", "", "api"),
            ],
        ),
        (
            "docker-bake.hcl",
            BAKE,
            [
                ("web/Dockerfile", "web", "", ""),
                ("web/docker/Dockerfile.web", "web", "final", "example.com/shop:1"),
            ],
        ),
        (
            "docker-bake.json",
            '{"target": {"web": {"context": "web", "tags": ["shop"]}}}',
            [("web/Dockerfile", "web", "", "shop")],
        ),
        (
            "Tiltfile",
            "docker_build('shop', 'web', dockerfile='web/docker/Dockerfile.web', target=\"dev\")",
            [("web/docker/Dockerfile.web", "web", "dev", "shop")],
        ),
        (
            "fly.toml",
            '[build]\ndockerfile = "web/Dockerfile"\nbuild-target = "final"\n',
            [("web/Dockerfile", "", "final", "")],
        ),
        ("web/fly.toml", 'app = "x"\n', [("web/Dockerfile", "web", "", "")]),
        ("web/fly.toml", '[build]\nimage = "x"\n', []),
        (
            "render.yaml",
            "services:\n- {runtime: docker, rootDir: web}\n- {type: web, runtime: python}\n",
            [("web/Dockerfile", "web", "", "")],
        ),
        (
            "heroku.yml",
            "build:\n  docker:\n    web: web/Dockerfile\n"
            "    job: {dockerfile: api/Dockerfile, target: dev}\n",
            [("web/Dockerfile", "web", "", ""), ("api/Dockerfile", "api", "dev", "")],
        ),
        (
            "railway.json",
            '{"build": {"builder": "DOCKERFILE", "dockerfilePath": "web/Dockerfile"}}',
            [("web/Dockerfile", "", "", "")],
        ),
    ],
)
def test_builds_of_tools(
    path: str, text: str, expected: list[tuple[str | None, str, str, str]]
) -> None:
    found = deployment_of({path: text, **FILES})[Build]
    assert [
        (one.dockerfile, one.context, one.target, one.names[0] if one.names else "")
        for one in found
    ] == expected


def images(files: dict[str, str]) -> list[tuple[str, str | None, str | None, str]]:
    return [
        (one.dockerfile.path, one.stage.name, one.context, one.role)
        for one in deployment_of(files)[Image]
    ]


def test_a_dockerfile_that_nothing_builds() -> None:
    assert images({"web/Dockerfile": STAGES}) == [("web/Dockerfile", "final", "web", "production")]


def test_its_context_is_where_the_sources_are() -> None:
    text = "FROM python:3\nCOPY app.py requirements.txt /srv/\n"
    files = {"docker/Dockerfile": text, "app.py": "", "requirements.txt": ""}
    assert images(files) == [("docker/Dockerfile", "", "", "production")]
    files["docker/app.py"] = files["docker/requirements.txt"] = ""
    assert images(files) == [("docker/Dockerfile", "", "docker", "production")]


def test_one_image_for_each_stage_and_context() -> None:
    files = {
        "Dockerfile": STAGES,
        "a.sh": "docker build .\ndocker build --target final .\ndocker build --target dev .",
        "docker/Dockerfile": STAGES,
        "b.sh": "docker build -f docker/Dockerfile . && docker build docker",
    }
    assert images(files) == [
        ("Dockerfile", "final", "", "production"),
        ("Dockerfile", "dev", "", "development"),
        ("docker/Dockerfile", "final", "", "production"),
        ("docker/Dockerfile", "final", "docker", "production"),
    ]


def test_what_ships_is_there_when_only_another_stage_is_built() -> None:
    compose = "services:\n  web:\n    build: {context: web, target: dev}\n"
    files = {"docker-compose.dev.yml": compose, "web/Dockerfile": STAGES}
    assert images(files) == [
        ("web/Dockerfile", "dev", "web", "development"),
        ("web/Dockerfile", "final", "web", "production"),
    ]


def test_a_build_names_a_file_of_any_name() -> None:
    files = {"x.sh": "docker build -f images/web .", "images/web": "FROM python:3\n"}
    assert images(files) == [("images/web", "", "", "production")]


def test_a_target_that_does_not_exist_is_no_image() -> None:
    deployment = deployment_of({"x.sh": "docker build --target nope .", "Dockerfile": STAGES})
    (build,) = deployment[Build]
    assert image_for(deployment, build) is None
    assert [image.stage.name for image in deployment[Image]] == ["final"]


def test_a_plain_dockerfile_beside_one_for_production() -> None:
    files = {"Dockerfile": "FROM x", "Dockerfile.prod": "FROM y"}
    assert [role for *_, role in images(files)] == ["development", "production"]
    files["docker-compose.prod.yml"] = "services:\n  web:\n    build: .\n"
    assert [role for *_, role in images(files)] == ["production", "production"]


def test_stages_that_ship_and_stages_that_feed() -> None:
    text = (
        "FROM node AS assets\nFROM python:3 AS base\nFROM base AS build\nCOPY --from=assets a b\n"
        "FROM base AS test\nFROM base\nRUN --mount=type=bind,from=build,target=/x true\n"
    )
    stages = deployment_of({"Dockerfile": text})[Stage]
    assert [(one.name, one.shipped, one.feeds) for one in stages] == [
        ("assets", False, True),
        ("base", True, True),
        ("build", False, True),
        ("test", False, False),
        ("", True, False),
    ]


def reference(text: str, *names: str) -> str | None:
    """The context of the image that is meant, where each name is built in one of its own."""
    lines = [f"docker build -t '{name}' c{number}" for number, name in enumerate(names)]
    files = {f"c{number}/Dockerfile": "FROM x" for number in range(len(names))}
    found = by_reference(deployment_of({"x.sh": "\n".join(lines), **files}), text, None)
    return None if found is None else found.context


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("acme/shop", ["acme/shop"], "c0"),
        ("acme/shop:2@sha256:ab", ["acme/shop:1"], "c0"),
        ("docker.io/acme/shop", ["acme/shop"], "c0"),
        ("acme/shop", ["docker.io/acme/shop:$TAG"], "c0"),
        ("localhost:5000/shop:1", ["localhost:5000/shop"], "c0"),
        ("$REGISTRY/acme/shop", ["example.com/acme/shop"], "c0"),
        ("example.com/acme/shop:1", ["${REGISTRY}/acme/shop:$TAG"], "c0"),
        ("${REGISTRY:-example.com}/shop", ["example.com/shop"], "c0"),
        ("${REGISTRY}/shop", ["${OTHER}/shop"], "c0"),
        ("acme/shop:${TAG:-latest}", ["acme/shop"], "c0"),
        ("shop", ["acme/shop"], None),
        ("other/shop", ["acme/shop"], None),
        ("acme/$NAME", ["acme/shop"], None),
        ("acme/shop", ["acme/shop", "acme/shop"], None),
        ("acme/b", ["acme/a", "acme/b"], "c1"),
    ],
)
def test_references(text: str, names: list[str], expected: str | None) -> None:
    assert reference(text, *names) == expected


def test_the_build_that_pushes_is_meant() -> None:
    files = {
        "x.sh": "docker build -t acme/shop a\ndocker build --push -t acme/shop b",
        "a/Dockerfile": "FROM x",
        "b/Dockerfile": "FROM x",
    }
    found = by_reference(deployment_of(files), "acme/shop:1", None)
    assert found is not None
    assert found.context == "b"


def test_bare_names_behind_the_registry_of_a_build_tool() -> None:
    files = {
        "skaffold.yaml": "apiVersion: skaffold/v1\nbuild: {artifacts: [{image: web, context: w}]}",
        "w/Dockerfile": "FROM x",
        "Makefile": "run:\n\tskaffold run --default-repo=example.com/acme/shop\n",
    }
    deployment = deployment_of(files)
    assert by_reference(deployment, "web", None) is not None
    assert by_reference(deployment, "example.com/acme/shop/web:v1", None) is not None
    assert by_reference(deployment, "example.com/acme/web:v1", None) is None


def test_released_manifests_share_a_registry() -> None:
    pod = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {0}}}\n"
        "spec: {{template: {{spec: {{containers: [{{name: {0}, image: 'example.com/{1}'}}]}}}}}}\n"
    )
    files = {
        "skaffold.yaml": (
            "apiVersion: skaffold/v1\nbuild:\n  artifacts:\n"
            "  - {image: web, context: w}\n  - {image: api, context: a, jib: {}}\n"
        ),
        "w/Dockerfile": "FROM x",
        "k8s/all.yaml": pod.format("web", "acme/web:1") + "---\n" + pod.format("api", "acme/api:1"),
        "one/all.yaml": pod.format("web", "other/web:1"),
    }
    deployment = deployment_of(files)
    found = [
        by_reference(
            deployment,
            container.image,
            World("kubernetes", one.name, one.role, one.location, one),
        )
        for one in deployment[ManifestSet]
        for workload in one.workloads
        for container in workload.containers
    ]
    assert [image and image.context for image in found] == ["w", None, None]


def world_of(deployment: Deployment, path: str) -> World:
    project = next(one for one in deployment[Project] if path in one.paths)
    return World(project.kind, project.name, project.role, project.at(), project)


def test_the_service_of_the_same_name_beside() -> None:
    files = {
        "docker-compose.yml": "services:\n  web:\n    build: {context: web, target: dev}\n",
        "docker-stack.yml": "services:\n  web:\n    image: acme/shop\n  db:\n    image: postgres\n",
        "other/docker-stack.yml": "services:\n  web:\n    image: acme/shop\n",
        "web/Dockerfile": STAGES,
    }
    deployment = deployment_of(files)
    found = by_reference(deployment, "acme/shop", world_of(deployment, "docker-stack.yml"))
    assert found is not None
    assert found.stage.name == "final"
    stack = world_of(deployment, "docker-stack.yml")
    assert by_reference(deployment, "postgres", stack) is None
    other = world_of(deployment, "other/docker-stack.yml")
    assert by_reference(deployment, "acme/shop", other) is None


def test_builds_of_services() -> None:
    files = {
        "compose.yaml": (
            "services:\n  web:\n    build: ./web\n    image: acme/shop\n"
            "  again:\n    image: acme/shop:1\n"
        ),
        "web/Dockerfile": "FROM python:3",
    }
    deployment = deployment_of(files)
    web, again = deployment[Service]
    assert web.build is not None
    image = image_for(deployment, web.build)
    assert image is not None
    assert by_reference(deployment, again.image, None) is image


WORKFLOW = """\
on: push
jobs:
  build:
    uses: acme/workflows/.github/workflows/build.yaml@main
    with:
      context: web
      {0}
      image-names: |
        ghcr.io/acme/shop
        acme/shop
      tag-rules: type=raw,value=latest
"""


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("push: true", ("web/Dockerfile", "web", "")),
        ("file: docker/Dockerfile.web", ("web/docker/Dockerfile.web", "web", "")),
        ("target: final", ("web/Dockerfile", "web", "final")),
        ("target: ${{ inputs.target }}", ("web/Dockerfile", "web", None)),
        ("file: missing", None),
        ("file: ${{ inputs.file }}", None),
    ],
)
def test_workflows_from_elsewhere(given: str, expected: tuple[str, str, str | None] | None) -> None:
    files = {".github/workflows/build.yml": WORKFLOW.replace("{0}", given), **FILES}
    found = deployment_of(files)[Build]
    assert [(one.dockerfile, one.context, one.target) for one in found] == (
        [expected] if expected else []
    )
    assert [one.names for one in found] == [("ghcr.io/acme/shop", "acme/shop")] * len(found)


def test_builds_of_pipelines() -> None:
    workflow = (
        "on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n"
        "      - uses: docker/build-push-action@v6\n"
        "        with: {context: web, tags: 'acme/shop:1', target: final, push: true}\n"
        "      - run: docker build -t acme/api api\n"
    )
    deployment = deployment_of({".github/workflows/build.yml": workflow, **FILES})
    shop = by_reference(deployment, "acme/shop:1", None)
    api = by_reference(deployment, "acme/api", None)
    assert shop is not None
    assert (shop.dockerfile.path, shop.stage.name) == ("web/Dockerfile", "final")
    assert api is not None
    assert api.context == "api"
