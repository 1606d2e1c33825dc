"""Whether there is an image, and whether two builds of it are the same."""

from __future__ import annotations

from flask_preflight.artifacts.requirements import DependencyFile, Requirement
from flask_preflight.link.checklist.subject import (
    NOT_APPLICABLE,
    Answer,
    Subject,
    line,
    missing,
    present,
    unknown,
)
from flask_preflight.result import Location


def _image(subject: Subject) -> Answer:
    if subject.images:
        return present(image.at() for image in subject.images)
    if subject.shape == "platform":
        return NOT_APPLICABLE
    if subject.shape in ("single host", "cluster"):
        return unknown("the images are built elsewhere")
    return missing("no Dockerfile")


def _dockerfile(subject: Subject) -> Answer:
    if not subject.images:
        return NOT_APPLICABLE
    started = [image for image in subject.images if image.argv]
    if started:
        return present(image.at("CMD", "ENTRYPOINT") for image in started)
    return unknown("what the image starts is not known", (one.at() for one in subject.images))


def _build_context(subject: Subject) -> Answer:
    if not subject.images:
        return NOT_APPLICABLE
    copies = [one for image in subject.images for one in image.whole_copies]
    if not copies:
        return NOT_APPLICABLE
    ignoring = [image for image in subject.images if image.copies.ignore.path]
    if ignoring:
        return present(one.location for one in copies)
    return missing("no .dockerignore", (one.location for one in copies))


def _reproducible(subject: Subject) -> Answer:
    asked = [
        one
        for one in subject.deployment[Requirement]
        if one.role == "production" and not one.for_development
    ]
    locked = [one for one in subject.deployment[DependencyFile] if one.is_locked]
    if locked or asked and all(one.exact for one in asked):
        files = dict.fromkeys(one.path for one in (locked or asked))
        return present(Location(path) for path in files)
    if not asked:
        return unknown("no dependency file could be read")
    return missing("versions are not pinned", [asked[0].location])


LINES = (
    line(
        "container",
        "container-image",
        "container image",
        4,
        _image,
        "a Dockerfile, or a description for buildpacks",
    ),
    line(
        "container",
        "dockerfile",
        "Dockerfile",
        10,
        _dockerfile,
        "a Dockerfile whose start command can be followed",
        "DKR006 DKR007 DKR401 DKR402 DKR403 DKR404 DKR405 DKR406 DKR407 DKR408 DKR409 "
        "DKR411 DKR413 DKR414 DEP060 DEP061 DEP062 DEP082",
    ),
    line(
        "container",
        "build-context",
        "build context",
        1,
        _build_context,
        "a .dockerignore",
        "DKR302 DKR304 DKR305",
    ),
    line(
        "container",
        "reproducible-build",
        "reproducible build",
        4,
        _reproducible,
        "a lock file or exact versions, and a pinned base image",
        "ENV201 DKR201 DKR202 DKR504 DEP070",
    ),
)
