"""Which origins a setting of Flask-CORS or Flask-SocketIO lets in."""

from flask_preflight.artifacts.source import Value

ANY = frozenset(
    ("*", ".*", "^.*$", r"https?://.*", r"http://.*", r"https://.*", "http://*", "https://*")
)


def lets_all_in(value: Value | None) -> bool:
    """Whether every origin may come; one that is not given means every one to Flask-CORS."""
    if value is None:
        return True
    if value.kind == "env" and not value.has_default:
        return False
    given = value.literal if isinstance(value.literal, tuple) else (value.literal,)
    return any(one in ANY for one in given if isinstance(one, str))
