"""The templates of the pages, everything in them escaped; needs the extra `report`."""

from __future__ import annotations

import os
from typing import Any

_FOLDER = os.path.join(os.path.dirname(__file__), "templates")


def rendered(name: str, **values: Any) -> str:
    """A template filled with these values."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["words"] = _words
    return environment.get_template(name).render(**values)


def _words(text: str) -> Any:
    """Prose of our own: what stands between backticks is code."""
    from markupsafe import Markup, escape

    parts = [escape(part) for part in text.split("`")]
    code = Markup("<code>{}</code>")
    return Markup().join(code.format(one) if n % 2 else one for n, one in enumerate(parts))


def style(*names: str) -> str:
    """Style sheets of ours, one after the other."""
    texts = []
    for name in names:
        with open(os.path.join(_FOLDER, f"{name}.css"), encoding="utf-8") as stream:
            texts.append(stream.read())
    return "".join(texts)
