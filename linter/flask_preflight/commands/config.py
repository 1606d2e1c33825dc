"""`flask-preflight config`: the settings, and which of them comes from where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_preflight.commands.output import write_out
from flask_preflight.commands.project import files, project
from flask_preflight.config import KEYS, ConfigError
from flask_preflight.report.escape import terminal
from flask_preflight.selection import instead, nearest


def show(asked: Mapping[str, Any], environment: Mapping[str, str]) -> int:
    """Print all settings, one of them, or the files."""
    found = project(asked, environment)
    if asked["files"]:
        write_out("".join(terminal(line) + "\n" for line in files(found.tree())))
        return 0
    key = asked["key"]
    if key and key not in KEYS:
        raise ConfigError(f"there is no key {key}" + instead(nearest(key, KEYS)))
    lines = []
    for name in (key,) if key else KEYS:
        value = found.settings.values[name]
        origin = found.settings.origins.get(name, "default")
        shown = "(unset)" if value is None else _toml(value)
        lines.append(terminal(f"{name} = {shown}  # {origin}"))
        if key:
            lines.append(KEYS[name].meaning)
    write_out("\n".join(lines) + "\n")
    return 0


def _toml(value: Any) -> str:
    import json

    if hasattr(value, "_asdict"):
        value = {key: item for key, item in value._asdict().items() if item}
    if isinstance(value, Mapping):
        pairs = [f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()]
        return "{ " + ", ".join(pairs) + " }" if pairs else "{}"
    if isinstance(value, (tuple, list, frozenset)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
