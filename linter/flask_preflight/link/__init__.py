"""The links between artifacts, one module for each step, in this order and no other."""

STEPS = (
    "builds",
    "worlds",
    "images",
    "entries",
    "servers",
    "applications",
    "routes",
    "environments",
    "files",
    "ports",
    "hops",
    "migrations",
    "checklist",
)
"""Each module of this package has `link(tree, deployment)`, which fills what its name says."""
