"""Whether our rules say of gixy's own configurations what gixy says.

    pip download --no-deps --no-binary :all: gixy-ng && tar xzf gixy_ng-*.tar.gz
    python benchmarks/agreement/gixy.py gixy_ng-VERSION [-v]

Its tests hold a folder for each plugin; files that end in `_fp.conf` must be silent. Prints for
each plugin how many verdicts are the same as ours; with -v also every other one.
"""

import re
import sys
from pathlib import Path

from memory import known_as, results_of, table

DIFFERENT = {
    "add_header_redefinition": "only where the application answers; for files only nosniff matters",
    "alias_traversal": "a prefix that is too wide for its folder is a rule of its own",
    "missing_resolver": "only names in variables, which nginx resolves while it serves",
    "ssrf": "a client that chooses the host is reported, one that chooses the path is not",
    "status_page_exposed": "a page that only private networks or names reach is none",
    "version_disclosure": "said of what is configured; the default alone is no result",
    "weak_ssl_tls": "only protocols; the order of ciphers is a matter of taste",
}


def whole(text: str) -> str:
    """A configuration that nginx would load: the fragments stand in a server."""
    if re.search(r"^\s*http\s*\{", text, re.MULTILINE):
        return text
    if re.search(r"^\s*(?:server|upstream|map|geo)\b[^;]*\{", text, re.MULTILINE):
        return text
    return f"server {{\n    listen 80;\n    server_name shop.example;\n{text}\n}}\n"


def main(folder: str, verbose: bool) -> None:
    ours = known_as("gixy:")
    counts: dict[str, list[int]] = {}
    for path in sorted(Path(folder, "tests/plugins/simply").glob("*/*.conf")):
        plugin = path.parent.name
        if plugin not in ours:
            continue
        text = whole(path.read_text(encoding="utf-8"))
        results = results_of({"deploy/nginx.conf": text}, ours[plugin])
        found = [one for one in results if one.rule_id in ours[plugin]]
        wanted = not path.stem.endswith("_fp")
        same = bool(found) == wanted
        counts.setdefault(plugin, [0, 0])[0 if same else 1] += 1
        if verbose and not same:
            said = "they speak, we do not" if wanted else "we speak, they do not"
            print(f"{plugin}/{path.name}: {said}\n    " + text.strip().replace("\n", "\n    "))
            for one in found:
                print("    ->", one.rule_id, one.message)
    table((plugin, " ".join(ours[plugin]), *counts[plugin]) for plugin in sorted(counts))
    for plugin in sorted(counts):
        if counts[plugin][1] and plugin in DIFFERENT:
            print(f"{plugin}: {DIFFERENT[plugin]}")


if __name__ == "__main__":
    main(sys.argv[1], "-v" in sys.argv[2:])
