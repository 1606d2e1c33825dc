"""Compose and Swarm stack files, as the tools merge them: projects with their services.

Source: https://docs.docker.com/reference/compose-file/
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from flask_preflight.artifacts import compose_forms as forms
from flask_preflight.artifacts import script
from flask_preflight.artifacts.compose_roles import Kind
from flask_preflight.artifacts.products import Product, Use, product_of
from flask_preflight.artifacts.yaml import Map
from flask_preflight.facts import (
    Build,
    Entry,
    Environment,
    Mount,
    Port,
    Probe,
    Span,
    role_level,
)
from flask_preflight.result import Level, Location
from flask_preflight.rule import Rule
from flask_preflight.run import File, Role, Tree

if TYPE_CHECKING:
    from flask_preflight.artifacts.image import Image


class SecretFile(NamedTuple):
    """A file of the repository that a project hands to its services as a secret.

    `is_real` is None where its text could not be read.
    """

    name: str
    file: File
    is_real: bool | None
    location: Location


class Project:
    """The services that one command starts together; `paths` are its files, base first.

    `fragment`: it refers to services that are defined elsewhere. `why` is the reason for its role.
    """

    def __init__(self, name: str, directory: str, role: Role, kind: Kind, spec: Map) -> None:
        self.name = name
        self.directory = directory
        self.role: Role = role
        self.kind: Kind = kind
        self.spec = spec
        self.paths: tuple[str, ...] = ()
        self.services: dict[str, Service] = {}
        self.fragment = False
        self.closed = True
        self.why = ""
        self.repeated: list[tuple[str, Location]] = []
        """Keys that stand in a mapping of its files twice, with the place of the second."""
        self.secret_files: list[SecretFile] = []
        self.undefined: list[tuple[str, Location]] = []
        """Services that others refer to and that no other file can define either."""
        self.says_swarm = False
        """Whether its name or a command says that Swarm runs it, rather than only its settings."""
        self._awaited: frozenset[str] | None = None
        self._linked: dict[str, set[str]] | None = None

    @cached_property
    def host_names(self) -> frozenset[str]:
        """Every name under which one of its services can be reached."""
        return frozenset(name for one in self.services.values() for name in one.names)

    @property
    def explicit(self) -> bool:
        """Whether it says that it is for production, rather than only nothing else."""
        return self.kind == "swarm" or self.why.startswith(("its name", "its folder"))

    @property
    def awaited(self) -> frozenset[str]:
        """The services that others wait for to end."""
        if self._awaited is None:
            self._awaited = frozenset(
                name
                for service in self.services.values()
                for name in service.spec.map("depends_on")
                if service.spec.text("depends_on", name, "condition")
                == "service_completed_successfully"
            )
        return self._awaited

    @property
    def linked(self) -> dict[str, set[str]]:
        """The further names that `links` give to services."""
        if self._linked is None:
            self._linked = {}
            for service in self.services.values():
                for link in service.spec.items_of("links"):
                    name, _, alias = str(link).partition(":")
                    self._linked.setdefault(name, set()).add(alias or name)
        return self._linked

    def at(self, *keys: str | int) -> Location:
        return self.spec.at(*keys)

    def level(self, rule: Rule) -> Level | None:
        return role_level(self.role, rule)


class Service:
    """A service of the effective model: merged, interpolated, each value with its place.

    `linked_image` and `entry` are filled by the links.
    """

    def __init__(self, name: str, project: Project, spec: Map, environment: Environment) -> None:
        self.name = name
        self.project = project
        self.spec = spec
        self.path = spec.path
        self.environment = environment
        self.build: Build | None = None
        self.linked_image: Image | None = None
        self.entry: Entry | None = None
        self.open_because: Location | None = None

    @property
    def role(self) -> Role:
        """That of the project, unless its profiles are all for development."""
        role = self.project.role
        return "development" if role == "production" and forms.for_developers(self.spec) else role

    @property
    def image(self) -> str:
        return self.spec.text("image") if isinstance(self.spec.dig("image"), str) else ""

    @property
    def labels(self) -> dict[str, str]:
        """The labels of its containers and, in a Swarm, of the service itself."""
        found: dict[str, str] = {}
        for keys in (("labels",), ("deploy", "labels")):
            for item in self.spec.items_of(*keys):
                name, _, value = str(item).partition("=")
                found[name] = value
            for key, value in self.spec.map(*keys).items():
                found[key] = str(value)
        return {key: value.replace("$$", "$") for key, value in found.items()}

    @property
    def product(self) -> str:
        """The well-known software in its image; empty where there is none or it is unknown."""
        found = self._product()
        return found.name if found else ""

    @property
    def kind(self) -> Use:
        """What that software is for."""
        found = self._product()
        return found.use if found else ""

    def _product(self) -> Product | None:
        """By the image, or by the one that its Dockerfile goes on from without a new start."""
        if self.build is None or self.project.kind == "swarm" and self.image:
            return product_of(self.image)
        image = self.linked_image
        if image is None or image.start or not image.stage.external:
            return None
        return product_of(image.stage.external)

    @property
    def network_mode(self) -> str:
        return self.spec.text("network_mode")

    @property
    def working_dir(self) -> str:
        return self.spec.text("working_dir")

    @property
    def networks(self) -> frozenset[str]:
        if self.network_mode and self.network_mode != "bridge":
            return frozenset()
        found = self.spec.dig("networks")
        names = list(found) if isinstance(found, list | Map) and found else ["default"]
        return frozenset(str(name) for name in names)

    @property
    def names(self) -> frozenset[str]:
        """The host names under which others on its networks reach it."""
        found = {self.name, *self.project.linked.get(self.name, ())}
        networks = self.spec.dig("networks")
        if isinstance(networks, Map):
            for network in networks:
                found.update(map(str, networks.items_of(network, "aliases")))
        if self.spec.text("container_name") and self.project.kind == "compose":
            found.add(self.spec.text("container_name"))
        return frozenset(found)

    @cached_property
    def command(self) -> tuple[str, ...] | None:
        """None where it is not given, empty where it is cleared."""
        return self._words("command")

    @cached_property
    def entrypoint(self) -> tuple[str, ...] | None:
        return self._words("entrypoint")

    def _words(self, key: str) -> tuple[str, ...] | None:
        found = self.spec.dig(key)
        if found is None:
            return None
        if isinstance(found, list):
            return tuple(str(word) for word in found)
        # Compose splits a text into words itself; no shell reads it.
        return tuple(word.text.replace(script.LITERAL, "$") for word in script.words(str(found)))

    def word_at(self, key: Literal["command", "entrypoint"], index: int) -> Location:
        """The place of a word of the command or entrypoint."""
        found = self.spec.dig(key)
        if isinstance(found, list):
            return self.spec.value_at(key, index)
        return forms.word_place(self.spec, key, index)

    @cached_property
    def ports(self) -> list[Port]:
        """Published ports: `number` is the container's side, `published` the host's."""
        return list(forms.ports(self.spec))

    @cached_property
    def expose(self) -> list[Port]:
        """Ports that are offered to the other services only."""
        return list(forms.exposed(self.spec))

    def is_public(self, port: Port) -> bool:
        """Whether other machines can certainly connect to one of its published ports."""
        # Swarm knows no address to publish on: every node answers on all of its own.
        return self.project.kind == "swarm" or forms.on_all_interfaces(port)

    @cached_property
    def mounts(self) -> list[Mount]:
        return list(forms.mounts(self.spec, self.project.spec))

    @cached_property
    def replicas(self) -> Span:
        if self.spec.text("deploy", "mode").startswith("global"):
            return Span(1, None, self.spec.at("deploy", "mode"))
        for keys in (("deploy", "replicas"), ("scale",)):
            found = self.spec.dig(*keys)
            if found is not None:
                number = forms.integer(found)
                return Span(number, number, self.spec.at(*keys))
        return Span(1, 1, self.at())

    @cached_property
    def probes(self) -> list[Probe]:
        """Its health check; one that is not written here may still come from the image."""
        found = forms.probe(self.spec, self.names)
        return [found] if found else []

    @property
    def grace(self) -> float | None:
        return forms.seconds(self.spec.text("stop_grace_period"))

    @property
    def stop_signal(self) -> str:
        """The signal that stops it; empty where the image decides."""
        return self.spec.text("stop_signal")

    @property
    def cpu(self) -> float | None:
        # 0 stands for no limit.
        return forms.number(self._limit("cpus", "cpus")) or None

    @property
    def memory(self) -> int | None:
        """The limit in bytes."""
        return forms.size(self._limit("memory", "mem_limit"))

    def _limit(self, name: str, old: str) -> str:
        """The text of a limit; Swarm knows only the new form."""
        written = self.spec.text("deploy", "resources", "limits", name)
        return written or (self.spec.text(old) if self.project.kind == "compose" else "")

    @property
    def read_only(self) -> bool | None:
        found = self.spec.dig("read_only")
        return False if found is None else forms.truth(found)

    @property
    def one_shot(self) -> bool:
        """Whether it ends by itself, like a migration."""
        if self.spec.dig("restart") in ("no", False) or self.name in self.project.awaited:
            return True
        return self.spec.text("deploy", "mode").endswith("-job")

    def at(self, *keys: str | int) -> Location:
        """The place of the deepest of these keys; without any, of the service's name."""
        if not keys:
            return self.project.spec.at("services", self.name)
        return self.spec.at(*keys) if self.spec.dig(keys[0]) is not None else self.at()

    def level(self, rule: Rule) -> Level | None:
        return role_level(self.role, rule)


def assemble(tree: Tree) -> Iterable[Project | Service]:
    """Every project of the repository, then its services."""
    from flask_preflight.artifacts.compose_projects import projects

    for project in projects(tree):
        yield project
        if not project.fragment:
            yield from project.services.values()
