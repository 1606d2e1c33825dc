"""Which variables of environment files reach production."""

from collections.abc import Iterator

from flask_preflight.artifacts.env import EnvFile
from flask_preflight.artifacts.wsgi import Process
from flask_preflight.facts import Deployment, Variable
from flask_preflight.lazy import expression

_NAMED = expression(r"(?:^|[^a-z])(?:prod|production|staging|live)(?:[^a-z]|$)")


def production_variables(deployment: Deployment) -> Iterator[Variable]:
    """Those of files that are named for production, or that an entry of production is given."""
    given = {
        variable.location
        for entry in deployment.entries
        if entry.role == "production"
        for variable in entry.environment.variables
    }
    for file in deployment[EnvFile]:
        if file.role != "production" or file.encrypted:
            continue
        named = _NAMED.search(file.path.lower()) is not None
        for name in dict.fromkeys(variable.name for variable in file.variables):
            variable = file.get(name)
            if variable is not None and (named or variable.location in given):
                yield variable


def unit_variables(deployment: Deployment) -> Iterator[Variable]:
    """Those that units of systemd and programs of supervisor are given, as they write them."""
    for process in deployment[Process]:
        if process.role == "production":
            yield from (one for one in process.variables if one.location.path == process.path)
