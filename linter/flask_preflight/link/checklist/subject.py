"""What the checklist is about: the applications of a repository and how they are deployed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Literal, NamedTuple

from flask_preflight.artifacts.ci import Pipeline
from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.image import Image
from flask_preflight.artifacts.kubernetes import Manifest
from flask_preflight.artifacts.products import base_name
from flask_preflight.artifacts.requirements import DependencyFile, normalised
from flask_preflight.facts import Deployment, Item, State, World
from flask_preflight.link import evidence
from flask_preflight.result import Location
from flask_preflight.rule import Section
from flask_preflight.run import File, Tree

Shape = Literal["none", "platform", "cluster", "single host", "host", "image only", "source only"]
ELSEWHERE: tuple[Shape, ...] = ("image only", "source only")
"""Where the repository does not say how it is deployed."""
MOST_PROOFS = 5


class Answer(NamedTuple):
    """The state of an item, what proves it, and why."""

    state: State
    proof: tuple[Location, ...] = ()
    reason: str = ""


class Line(NamedTuple):
    """An item and the function that judges it."""

    item: Item
    judge: Callable[[Subject], Answer]


def line(
    section: Section,
    key: str,
    title: str,
    weight: int,
    judge: Callable[[Subject], Answer],
    would_count: str,
    rules: str = "",
) -> Line:
    """An item: what would count as evidence for it, and the rules that judge its quality."""
    return Line(Item(key, title, section, weight, tuple(rules.split()), would_count), judge)


NOT_APPLICABLE = Answer("not-applicable")


def unknown(reason: str, proof: Iterable[Location] = ()) -> Answer:
    """It may exist elsewhere."""
    return Answer("unknown", tuple(proof)[:MOST_PROOFS], reason)


def present(proof: Iterable[Location], reason: str = "") -> Answer:
    """It is there, at these places."""
    return Answer("present", tuple(dict.fromkeys(proof))[:MOST_PROOFS], reason)


def weak(reason: str, proof: Iterable[Location] = ()) -> Answer:
    """It is there by half."""
    return Answer("weak", tuple(proof)[:MOST_PROOFS], reason)


def missing(reason: str, proof: Iterable[Location] = ()) -> Answer:
    """It would be here, and is not."""
    return Answer("missing", tuple(proof)[:MOST_PROOFS], reason)


class Subject:
    """What is judged. `opened`: infrastructure code may hold what the rest lacks."""

    def __init__(self, tree: Tree, deployment: Deployment) -> None:
        self.tree = tree
        self.deployment = deployment
        self.applications = [a for a in deployment.applications if a.role == "production"]
        self.worlds = [world for world in deployment.worlds if world.role == "production"]
        self.entries = [entry for world in self.worlds for entry in world.entries]
        self.served = [e for e in self.entries if e.kind == "server" and e.application is not None]
        self.images = [image for image in deployment[Image] if image.role == "production"]
        self.pipelines = deployment[Pipeline]
        self.shape = self._shape()
        self.opened = next((Location(file.path) for file in tree.of("iac")), None)

    def _shape(self) -> Shape:
        if not self.applications:
            return "none"
        kinds = {world.kind for world in self.worlds if is_home(world)}
        if kinds & {"kubernetes", "swarm"}:
            return "cluster"
        for kind, shape in _SHAPES.items():
            if kind in kinds:
                return shape
        if self.images:
            return "image only"
        return "none" if self._is_library() else "source only"

    def _is_library(self) -> bool:
        """Whether others install what is here, and nothing is deployed from here."""
        names = {one.project for one in self.deployment[DependencyFile] if one.is_published}
        folders = {
            normalised(part) for one in self.applications for part in one.path.split("/")[:-1]
        }
        return bool(names & folders)

    @property
    def in_containers(self) -> bool:
        return self.shape in ("cluster", "single host", "image only")

    @property
    def manifests(self) -> list[Manifest]:
        return [m for m in self.deployment[Manifest] if m.role == "production"]

    @property
    def services(self) -> list[Service]:
        """The services of Compose and Swarm in production."""
        return [entry.part for entry in self.entries if isinstance(entry.part, Service)]

    @cached_property
    def documents(self) -> list[tuple[File, str]]:
        """The documentation."""
        return list(evidence.documents(self.tree))

    @cached_property
    def operations(self) -> list[tuple[File, str]]:
        """Scripts, pipelines and infrastructure code."""
        return list(evidence.operations(self.tree))

    @cached_property
    def copies(self) -> list[Location]:
        """Where something copies data."""
        return [
            *(entry.location for entry in self.entries if evidence.copies_data(entry)),
            *self.kinds(evidence.BACKUP_KINDS),
            *evidence.mentions(self.operations, evidence.BACKUP_TEXT),
            *evidence.mentions(self.documents, evidence.BACKUP_TEXT),
        ]

    def described(self, *kinds: str) -> list[World]:
        """The worlds of these kinds."""
        return [world for world in self.worlds if world.kind in kinds]

    def kinds(self, kinds: frozenset[str]) -> list[Location]:
        """The manifests of these kinds."""
        return [manifest.at() for manifest in self.manifests if manifest.kind in kinds]

    def labelled(self, *labels: str) -> list[Location]:
        """Where a pipeline has a step of one of these labels."""
        return [
            where
            for pipeline in self.pipelines
            for label in labels
            for where in pipeline.labelled(label)
        ]

    @property
    def opaque(self) -> bool:
        """Whether a pipeline may do things that cannot be read."""
        return any(pipeline.opaque for pipeline in self.pipelines)

    def running(self, names: Iterable[str]) -> list[Location]:
        """Services and containers that run an image of one of these names."""
        wanted = frozenset(names)
        return [
            entry.location
            for entry in self.entries
            if base_name(getattr(entry.part, "image", "") or "") in wanted
        ]

    def installed(self, names: frozenset[str]) -> list[Location]:
        """Where one of these packages is asked for."""
        return evidence.packages(self.deployment, names)

    def in_infrastructure(self, pattern: re.Pattern[str]) -> list[Location]:
        """The first place in each file of infrastructure code that fits."""
        texts = ((file, self.tree.text(file.path)) for file in self.tree.of("iac"))
        return list(evidence.mentions(((f, t) for f, t in texts if t), pattern))


def is_home(world: World) -> bool:
    """Whether it says where the application lives; supervisor also runs workers in an image."""
    if world.kind == "host":
        return any(entry.kind == "server" for entry in world.entries)
    return world.kind != "image"


_SHAPES: dict[str, Shape] = {"platform": "platform", "compose": "single host", "host": "host"}
