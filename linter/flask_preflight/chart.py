"""The map of a deployment: what is linked with what in each world, and where that is written."""

from __future__ import annotations

from typing import Literal, NamedTuple

from flask_preflight.result import Location

NodeKind = Literal[
    "pipeline",
    "application",
    "image",
    "server",
    "worker",
    "beat",
    "scheduler",
    "migrate",
    "task",
    "datastore",
    "process",
    "service",
    "ingress",
    "proxy",
    "platform",
    "clients",
]


class Detail(NamedTuple):
    """One thing that is known of a node, or that could not be known: "health check", "8000/up"."""

    name: str
    text: str
    location: Location | None = None
    known: bool = True


class Node(NamedTuple):
    """An artifact or a process of a world; `id` is unique in its chart."""

    id: str
    kind: NodeKind
    title: str
    location: Location | None
    details: tuple[Detail, ...] = ()
    known: bool = True


class Edge(NamedTuple):
    """From what is needed to what needs it, towards the clients; `location` is where it is written.

    `known` is false where the link was not certain, or its port could not be told.
    """

    start: str
    end: str
    label: str
    location: Location | None
    known: bool = True


class Chart(NamedTuple):
    """One world. `title` names it for people; `closed` says that everything in it was read."""

    title: str
    role: str
    location: Location | None
    closed: bool
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
