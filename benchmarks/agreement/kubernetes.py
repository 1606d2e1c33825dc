"""Whether our rules say of the manifests that peers test themselves with what the peers say.

    python benchmarks/agreement/kubernetes.py kube-linter|kube-score|polaris CHECKOUT [-v]

Reads the test manifests of a checkout, runs ours on each, and prints for each of the peer's checks
how many verdicts are the same; with -v also every other one.
"""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from memory import known_as, results_of, table


class Case(NamedTuple):
    """`wanted`: the peer speaks of a document between these lines (1-based, both included)."""

    check: str
    title: str
    text: str
    wanted: bool
    first: int
    last: int


DIFFERENT = {
    "dangling-networkpolicy": "without any workload in the set nobody knows what others apply",
    "dangling-service": "the Service is reported, not the workload of the same name",
    "env-var-secret": "SECRET_BLAH is no name that our single definition of secrets knows",
    "minimum-three-replicas": "two replicas survive the loss of one",
    "mismatching-selector": "a DeploymentConfig of OpenShift selects without matchLabels",
    "no-extensions-v1beta": "the object of another version beside it is not to blame",
    "no-liveness-probe": "a container whose program is unknown may need no probe",
    "no-readiness-probe": "a container whose program is unknown may need no probe",
    "no-rolling-update-strategy": "rolling updates are the default; unknown types are refused",
    "pdb-min-available": "the budget is reported, not the scaler",
    "restart-policy": "Kubernetes refuses these values, which they do not look at",
    "run-as-non-root": "`runAsUser` beside `securityContext` means nothing: another rule says so",
    "ingress-targets-service": "others may exist beside the set; fields of v1beta1: another rule",
    "stable-version": "their table ends at an older version of Kubernetes",
    "clusterrolebindingClusterAdmin": "people may be administrators; accounts of pods are judged",
    "livenessProbeMissing": "what runs a shell and sleeps is no server",
    "readinessProbeMissing": "what runs a shell and sleeps is no server",
    "memoryRequestsMissing": "one rule for both requests, cpu and memory",
    "privilegeEscalationAllowed": "only what is written, or what an image run as root inherits",
    "sensitiveContainerEnvVar": "`xxxxx` between lines with three dashes is no key",
}


def documents(text: str) -> Iterator[tuple[str, int, int]]:
    """The name of each document with its first and last line."""
    lines = text.split("\n")
    edges = [0, *(number for number, line in enumerate(lines, 1) if line.startswith("---"))]
    for start, end in zip(edges, [*edges[1:], len(lines) + 1], strict=True):
        body = "\n".join(lines[start : end - 1])
        named = re.search(r"^metadata:\n(?:  .*\n)*?  name: *(\S+)", body + "\n", re.MULTILINE)
        if body.strip():
            yield named[1].strip("\"'") if named else "", start + 1, end - 1


def kube_linter(checkout: Path) -> Iterator[Case]:
    """Documents called `dont-fire…` must be silent, those called `app1`, `app2` … must not."""
    for path in sorted((checkout / "tests/checks").glob("*.y*ml")):
        text = path.read_text(encoding="utf-8")
        for name, first, last in documents(text):
            body = "\n".join(text.split("\n")[first - 1 : last])
            scales = re.search(r"^kind: (?:Horizontal|ScaledObject)", body, re.MULTILINE)
            if name.startswith("dont-fire") or re.fullmatch(r"app\d*", name) and not scales:
                wanted = not name.startswith("dont-fire")
                yield Case(path.stem, f"{path.name}:{first} {name}", text, wanted, first, last)


def polaris(checkout: Path) -> Iterator[Case]:
    """`success….yaml` must be silent, `failure….yaml` not."""
    for path in sorted((checkout / "test/checks").glob("*/*.yaml")):
        verdict = re.match(r"success|failure", path.name)
        if verdict is not None:
            text = path.read_text(encoding="utf-8")
            title = f"{path.parent.name}/{path.name}"
            yield Case(path.parent.name, title, text, verdict[0] == "failure", 1, 10**6)


def kube_score(checkout: Path) -> Iterator[Case]:
    """What its tests expect of a file: GradeAllOK must be silent, worse grades not."""
    call = re.compile(
        r'testExpectedScore\(t, *"(?P<file>[^"]+)", *"(?P<name>[^"]+)", *'
        r"scorecard\.Grade(?P<grade>\w+)\)"
    )
    for path in sorted((checkout / "score").glob("*_test.go")):
        for found in call.finditer(path.read_text(encoding="utf-8")):
            file = checkout / "score/testdata" / found["file"]
            if file.exists():
                check = found["name"].lower().replace(" ", "-")
                wanted = found["grade"] in ("Critical", "Warning")
                text = file.read_text(encoding="utf-8")
                yield Case(check, found["file"], text, wanted, 1, 10**6)


PEERS: dict[str, Callable[[Path], Iterator[Case]]] = {
    "kube-linter": kube_linter,
    "kube-score": kube_score,
    "polaris": polaris,
}


def main(peer: str, checkout: str, verbose: bool) -> None:
    ours = known_as(f"{peer}:")
    counts: dict[str, list[int]] = {}
    for case in PEERS[peer](Path(checkout)):
        rules = ours.get(case.check, [])
        if not rules:
            continue
        results = [
            one
            for one in results_of({"k8s.yaml": case.text}, rules)
            if one.rule_id in rules and case.first <= one.location.region.start_line <= case.last
        ]
        same = bool(results) == case.wanted
        counts.setdefault(case.check, [0, 0])[0 if same else 1] += 1
        if verbose and not same:
            said = "they speak, we do not" if case.wanted else "we speak, they do not"
            print(f"{case.check} {case.title}: {said}")
            for one in results:
                print(f"    {one.location.region.start_line}: {one.rule_id} {one.message}")
    table((check, " ".join(ours[check]), *counts[check]) for check in sorted(counts))
    for check in sorted(counts):
        if counts[check][1] and check in DIFFERENT:
            print(f"{check}: {DIFFERENT[check]}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], "-v" in sys.argv[3:])
