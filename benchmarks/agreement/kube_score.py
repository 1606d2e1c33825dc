"""Our rules on the test manifests of kube-score.

    python benchmarks/agreement/kube_score.py CHECKOUT

Its Go tests say which grade a file of `score/testdata` gets from a check; the check's id is its
name in lower case with hyphens. What is graded less than `GradeAllOK` fails.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from manifests import Case, checkout, compare

ALONE = "Nothing here starts pods, so what is missing may be applied from elsewhere."
POLICY = "K8S110 only asks for any policy at all, once; K8S112 names those about no pod."
PORTS = "How ports are named is checked by Kubernetes itself."
LIMITS = "A limit is also a request, and a limit of the CPU is never asked for."
REASONS = {
    "container-image-pull-policy": "IfNotPresent is right for tags that do not move.",
    "container-ports-check": PORTS,
    "container-resources": LIMITS,
    "container-security-context-readonlyrootfilesystem": "K8S021 asks for any limit at all.",
    "container-security-context-user-group-id/pod-security-context-low-group-id": "Any id but 0.",
    "container-security-context-user-group-id": "K8S021 says that nothing limits the container.",
    "horizontalpodautoscaler-replicas": "Only what a Service sends requests to needs it.",
    "ingress-targets-service/ingress-v1-invalid-backend": "K8S009 names the unknown field.",
    "ingress-targets-service/ingress_issue363": "K8S009 names the unknown field.",
    "ingress-targets-service": ALONE,
    "pod-networkpolicy": POLICY,
    "stable-version": "Removed in 1.25, and nothing here says that the cluster is older.",
}
SETTINGS = ("MinReplicas", "KubernetesVersion", "IgnoreContainer")
"""What a test may set that moves the line between the grades."""
FUNCTION = re.compile(r"^func Test\w+\(.*?^\}", re.MULTILINE | re.DOTALL)
CALL = re.compile(
    r"testExpectedScore(?:WithConfig)?\(\s*t,(?P<files>.*?)"
    r'"(?P<check>[A-Z][\w ]+)",\s*(?:scorecard\.)?(?P<grade>\w+)\)',
    re.DOTALL,
)


def cases(root: Path) -> Iterator[Case]:
    for test in sorted(root.glob("score/*_test.go")):
        for function in FUNCTION.findall(test.read_text()):
            for call in CALL.finditer(function):
                if any(setting in call["files"] for setting in SETTINGS):
                    continue
                fails = call["grade"] not in ("GradeAllOK", "0")
                check = call["check"].lower().replace(" ", "-")
                for file in _files(function, call["files"]):
                    text = (root / "score/testdata" / file).read_text()
                    yield Case(check, f"{check}/{file.removesuffix('.yaml')}", text, fails)


def _files(function: str, argument: str) -> Iterator[str]:
    """The files of a call; a part of the name may stand in a loop around it."""
    written = re.search(r'"([\w.-]+)"(?: *\+ *v *\+ *"([\w.-]+)")?', argument)
    if written is None:
        return
    looped = re.search(r"range \[\]string\{([^}]*)\}", function)
    if not written[2]:
        yield written[1]
    elif looped:
        yield from (written[1] + part + written[2] for part in re.findall(r'"(\w+)"', looped[1]))


if __name__ == "__main__":
    raise SystemExit(compare("kube-score", cases(checkout(__doc__ or "")), REASONS))
