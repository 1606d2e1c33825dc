"""What those that run an image in production put in place of what it says."""

from __future__ import annotations

from flask_preflight.artifacts.compose import Service
from flask_preflight.artifacts.image import Image
from flask_preflight.artifacts.kubernetes import Container
from flask_preflight.facts import Entry


def production_runs(image: Image) -> list[Entry]:
    """The services, containers and platforms of production that run the image."""
    return [
        entry for entry in image.runs if entry.role == "production" and entry.carrier != "image"
    ]


def replaces_command(image: Image) -> bool:
    """Whether everything in production starts something else."""
    runs = production_runs(image)
    return bool(runs) and all(run.argv_location.path != image.dockerfile.path for run in runs)


def replaces_user(image: Image) -> bool:
    """Whether production runs it as a user with another number than root's.

    Containers of a cluster that do not are the subject of rules of their own.
    """
    runs = production_runs(image)
    given = [_user(run) for run in runs]
    own = [isinstance(run.part, Container) for run in runs]
    return any(given) and all(one or other for one, other in zip(given, own, strict=True))


def _user(run: Entry) -> bool:
    if isinstance(run.part, Service):
        user = run.part.spec.text("user").partition(":")[0]
    elif isinstance(run.part, Container):
        user = str(run.part.effective("runAsUser"))
    else:
        return False
    return user.isascii() and user.isdigit() and bool(int(user[:10]))
