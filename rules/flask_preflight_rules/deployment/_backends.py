"""Addresses of other systems that an entry is given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flask_preflight.facts import Entry, Variable
from flask_preflight.lazy import expression

_PORTS = {
    "postgres": 5432,
    "postgresql": 5432,
    "mysql": 3306,
    "mariadb": 3306,
    "redis": 6379,
    "rediss": 6379,
    "amqp": 5672,
    "amqps": 5671,
    "mongodb": 27017,
    "memcached": 11211,
    "elasticsearch": 9200,
}
_URL = expression(
    r"(?P<scheme>[a-z][a-z0-9]{1,20})(?:\+\w+)?://(?:[^/@\s]{0,200}@)?"
    r"(?P<host>[A-Za-z0-9._-]+|\[::1\])(?::(?P<port>\d{1,5}))?(?:[/?]|\Z)"
)


class Backend(NamedTuple):
    """A database, cache or broker at a host name; `port` is that of its product by default."""

    variable: Variable
    scheme: str
    host: str
    port: int
    written: bool
    """Whether the port is."""


def backends(entry: Entry) -> Iterator[Backend]:
    """Those in the variables that count."""
    for name in dict.fromkeys(one.name for one in entry.environment.variables):
        variable = entry.environment.get(name)
        value = variable.value or variable.partial if variable is not None else None
        found = _URL.match(value) if value else None
        if variable is None or found is None or found["scheme"] not in _PORTS:
            continue
        port = int(found["port"]) if found["port"] else _PORTS[found["scheme"]]
        yield Backend(variable, found["scheme"], found["host"], port, bool(found["port"]))
