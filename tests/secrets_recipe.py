"""Makes secrets of the right shape when tests run, so that none stands in this repository."""

from __future__ import annotations

import base64
import random
import re
import string

ALPHABETS = {
    "alnum": string.ascii_letters + string.digits,
    "base32": string.ascii_uppercase + "234567",
    "base64": string.ascii_letters + string.digits + "+/",
    "hex": "0123456789abcdef",
    "lower": string.ascii_lowercase + string.digits,
}
KEY = "PRIVATE" + " KEY"


def body(alphabet: str, length: int, seed: str) -> str:
    """Letters drawn by the seed alone, the same on every run."""
    return "".join(random.Random(seed).choices(ALPHABETS[alphabet], k=length))


def _private_key(kind: str) -> str:
    lines = [body("base64", 64, f"{kind}{number}") for number in range(6)]
    return "\n".join([f"-----BEGIN {kind}{KEY}-----", *lines, f"-----END {kind}{KEY}-----"])


RECIPES: dict[str, str] = {
    "github-pat": "gh" + "p_" + body("alnum", 36, "github-pat"),
    "github-app": "gh" + "s_" + body("alnum", 20, "app") + "." + body("alnum", 120, "github-app"),
    "github-sample": "gh" + "p_" + "x" * 36,
    "gitlab-pat": "glp" + "at-" + body("alnum", 20, "gitlab-pat"),
    "aws-key-id": "AK" + "IA" + body("base32", 16, "aws-key-id"),
    "aws-secret": body("alnum", 40, "aws-secret"),
    "slack-path": "services/T" + "0123ABCDE/B0123ABCDE/" + body("alnum", 24, "slack-path"),
    "google-key": "AI" + "za" + body("alnum", 35, "google-key"),
    "stripe-key": "sk_" + "live_" + body("alnum", 24, "stripe-key"),
    "jwt": "ey"
    + "J"
    + body("alnum", 30, "a")
    + ".ey"
    + "J"
    + body("alnum", 60, "b")
    + "."
    + body("alnum", 43, "c"),
    "password": body("alnum", 14, "password"),
    "key": body("hex", 48, "key"),
    "private-key": _private_key("RSA "),
    "encoded-key": base64.b64encode(_private_key("RSA ").encode()).decode(),
    "encrypted-key": _private_key("ENCRYPTED "),
}


def expand(text: str) -> str:
    """`text` with each `@@SECRET:name@@` replaced by a made-up secret of that kind."""
    return re.sub(r"@@SECRET:([\w-]+)@@", lambda match: make(match[1]), text)


def make(name: str) -> str:
    """A secret of the named kind; the same on every run. Raises KeyError for an unknown kind."""
    return RECIPES[name]
