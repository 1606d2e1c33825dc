"""Whether more of the same serves more clients."""

from __future__ import annotations

from flask_preflight.link.checklist.subject import (
    Answer,
    Subject,
    line,
    missing,
    present,
    unknown,
    weak,
)


def _stateless(subject: Subject) -> Answer:
    if not subject.served:
        return unknown("no deployment of the application is described")
    return present((), "no state was found that processes do not share")


def _horizontal(subject: Subject) -> Answer:
    if not subject.served:
        return unknown("no deployment of the application is described")
    several = [entry for entry in subject.served if (entry.replicas.low or 0) >= 2]
    if several:
        return present(entry.replicas.location or entry.location for entry in several)
    if subject.shape in ("single host", "cluster", "host"):
        return weak("one replica", (entry.location for entry in subject.served))
    return unknown("scaled where it is deployed")


def _balancing(subject: Subject) -> Answer:
    hops = [hop for entry in subject.served for hop in entry.fronts]
    if hops:
        return present(hop.location for hop in hops)
    balanced = subject.described("swarm", "platform")
    if balanced:
        return present(world.location for world in balanced)
    return unknown("nothing here stands before the server")


def _capacity(subject: Subject) -> Answer:
    servers = [entry.server for entry in subject.served if entry.server is not None]
    if not servers:
        return unknown("no server could be followed")
    counted = [server for server in servers if (server.workers.low or 0) > 1]
    counted += [server for server in servers if (server.threads.low or 0) > 1]
    if counted:
        return present(server.location for server in counted)
    if all(server.workers.high == 1 and server.threads.high == 1 for server in servers):
        return missing("one request at a time", (server.location for server in servers))
    return unknown("the number of workers is said where it is deployed")


LINES = (
    line(
        "scaling",
        "stateless-processes",
        "stateless processes",
        10,
        _stateless,
        "sessions, limits, caches and files in stores that all replicas share",
        "FLK203 FLK501 FLK502 FLK503 FLK504 FLK505 FLK506 FLK507 DEP080 DEP081 DEP083 "
        "DEP090 K8S082",
    ),
    line(
        "scaling",
        "horizontal-scaling",
        "horizontal scaling",
        10,
        _horizontal,
        "two replicas or more, or a scaler",
        "K8S066 CMP016 CMP017 CMP092",
    ),
    line(
        "scaling",
        "load-balancing",
        "load balancing",
        4,
        _balancing,
        "a Service, an Ingress, a proxy or a platform in front of the server",
        "OPS802",
    ),
    line(
        "scaling",
        "capacity",
        "capacity",
        4,
        _capacity,
        "workers, connections and timeouts that fit each other",
        "WSG201 WSG205 DEP084 DEP086 DEP111",
    ),
)
