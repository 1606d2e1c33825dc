"""What belongs to the nodes of a cluster rather than to an application."""

from __future__ import annotations

from flask_preflight.artifacts.kubernetes import Workload
from flask_preflight.lazy import expression

_AGENT = expression(r"exporter|agent|cni|csi|proxy|dns|metrics|falco|fluent")


def is_agent(workload: Workload) -> bool:
    """Whether it looks after the node that it runs on."""
    return workload.kind == "DaemonSet" and _AGENT.search(workload.name) is not None
