"""What is known of base images: as of November 2026, from the sources of the official images."""

from __future__ import annotations

import re
from typing import NamedTuple

from flask_preflight.lazy import expression


class Reference(NamedTuple):
    """`registry/path:tag@digest`; the colon of a registry's port is none of a tag."""

    repository: str
    tag: str
    digest: str

    @property
    def name(self) -> str:
        """The last part of the repository."""
        return self.repository.rpartition("/")[2]

    @property
    def official(self) -> str:
        """The name of an official image of Docker Hub, else an empty text."""
        return "" if "/" in self.repository else self.repository


def reference(text: str) -> Reference:
    """Split a reference; `docker.io/` and `library/` are dropped."""
    rest, _, digest = text.partition("@")
    folder, slash, last = rest.rpartition("/")
    name, _, tag = last.partition(":")
    repository = f"{folder}{slash}{name}"
    for prefix in ("docker.io/", "index.docker.io/", "library/"):
        repository = repository.removeprefix(prefix)
    return Reference(repository, tag, digest)


class Base(NamedTuple):
    """Facts of one external image; None means that nothing is known.

    `root`: it runs as root unless told otherwise. `drops`: its entry point or its program changes
    the user.
    `environment` are the names that it sets. `entrypoint` and `command` are its own.
    """

    root: bool | None = None
    drops: bool = False
    environment: frozenset[str] | None = None
    entrypoint: tuple[str, ...] | None = None
    command: tuple[str, ...] | None = None


_PATH = frozenset(("PATH",))
PYTHON_ENVIRONMENT = frozenset(
    "PATH LANG GPG_KEY PYTHON_VERSION PYTHON_SHA256 PYTHON_PIP_VERSION PYTHON_SETUPTOOLS_VERSION "
    "PYTHON_GET_PIP_URL PYTHON_GET_PIP_SHA256".split()
)
_PLAIN = {
    "debian": ("bash",),
    "ubuntu": ("/bin/bash",),
    "alpine": ("/bin/sh",),
    "buildpack-deps": ("bash",),
    "busybox": ("sh",),
    "fedora": ("/bin/bash",),
    "rockylinux": ("/bin/bash",),
    "almalinux": ("/bin/bash",),
    "amazonlinux": ("/bin/bash",),
    "centos": ("/bin/bash",),
    "oraclelinux": ("/bin/bash",),
}
_ROOT = frozenset(
    "pypy node golang continuumio/miniconda3 continuumio/anaconda3 condaforge/miniforge3 "
    "condaforge/mambaforge nvidia/cuda ghcr.io/astral-sh/uv tiangolo/uwsgi-nginx-flask "
    "tiangolo/meinheld-gunicorn-flask tiangolo/uwsgi-nginx public.ecr.aws/docker/library/python "
    "mcr.microsoft.com/devcontainers/python".split()
)
_DROPS = frozenset(
    "postgres mysql mariadb mongo redis valkey rabbitmq memcached nginx httpd haproxy "
    "elasticsearch".split()
)
_NON_ROOT = expression(
    r"nonroot|unprivileged|rootless|^bitnami/|^cgr\.dev/chainguard/|^chainguard/"
    r"|^mambaorg/micromamba|/ubi\d+/python-|^jupyter/|^quay\.io/jupyter/"
)
_MIRRORS = ("public.ecr.aws/docker/library/", "mirror.gcr.io/library/", "mirror.gcr.io/")


def base(text: str) -> Base:
    """The facts of the image of this reference, which must be known in full."""
    found = reference(text)
    name = found.repository
    for mirror in _MIRRORS:
        name = name.removeprefix(mirror)
    if name == "scratch":
        return Base(True, False, frozenset(), (), ())
    if _NON_ROOT.search(name) or re.search(r"nonroot|unprivileged|rootless", found.tag):
        return Base(root=False)
    if name in ("python", "pypy"):
        command = "python3" if name == "python" else "pypy3"
        names = PYTHON_ENVIRONMENT if name == "python" else None
        return Base(True, False, names, (), (command,))
    if name in _PLAIN:
        return Base(True, False, _PATH, (), _PLAIN[name])
    if name in _DROPS:
        return Base(None, True)
    return Base(root=True if name in _ROOT else None)
