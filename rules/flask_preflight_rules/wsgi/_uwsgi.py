"""What the rules about uWSGI ask of a server."""

from flask_preflight.artifacts.wsgi import Server


def lacks(server: Server, *names: str) -> bool:
    """Whether it is a uWSGI of its own, and certainly none of these options is on."""
    if server.kind != "uwsgi" or server.open_because is not None:
        return False
    if "emperor" in server.settings or "cheap" in server.settings:
        return False
    given = [server.settings.get(name) for name in names]
    return all(one is None or one.known and not one.value for one in given)
