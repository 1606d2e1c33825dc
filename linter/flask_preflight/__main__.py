"""The way in: makes sure that no module of the checked repository is imported, then starts."""

import os
import sys


def guard() -> None:
    """Take the current directory, and what `PYTHONPATH` names inside it, off the import path.

    `python -m` puts the current directory first, and `PYTHONPATH=.` is common with Flask: a
    `yaml.py` lying there would be executed.
    """
    try:
        here = os.path.realpath(os.getcwd())
    except OSError:
        return
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    given = {os.path.realpath(entry) for entry in named} if named != [""] else set()
    kept = []
    for number, entry in enumerate(sys.path):
        place = os.path.realpath(entry)
        inside = place == here or place.startswith(here + os.sep)
        installed = os.path.basename(place) in ("site-packages", "dist-packages")
        implied = entry == "" or number == 0 and place == here
        if not (implied or inside and not installed and place in given):
            kept.append(entry)
    sys.path[:] = kept


def main() -> None:
    """Start the command line."""
    guard()
    from flask_preflight.cli import main as start

    start()


if __name__ == "__main__":
    main()
