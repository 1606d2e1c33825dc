"""What the rules about services have in common."""

from __future__ import annotations

from collections.abc import Iterator

from flask_preflight.artifacts.compose import Project, Service


def is_application(service: Service) -> bool:
    """Whether it runs code of the repository for as long as it is wanted."""
    entry = service.entry
    if service.one_shot or service.kind or entry is not None and entry.kind in ("task", "migrate"):
        return False
    return service.build is not None or entry is not None and entry.application is not None


def lasting(project: Project) -> Iterator[Service]:
    """The services of a project that run for as long as it does."""
    for service in project.services.values():
        entry = service.entry
        ends = entry is not None and entry.kind in ("task", "migrate")
        if service.role == "production" and not service.one_shot and not ends:
            yield service


def covers(path: str, folder: str) -> bool:
    """Whether a mount holds the folder, or a part of it."""
    path, folder = path.rstrip("/") + "/", folder.rstrip("/") + "/"
    return path.startswith(folder) or folder.startswith(path)
