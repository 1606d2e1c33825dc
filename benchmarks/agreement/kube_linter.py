"""Our rules on the test manifests of KubeLinter.

    python benchmarks/agreement/kube_linter.py CHECKOUT

Its end-to-end tests (`e2etests/bats-tests.sh`) say which kinds of objects of a file fail.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from manifests import Case, checkout, compare

SERVED = "Only what a Service sends requests to needs it."
ALONE = "Nothing here starts pods, so what is missing may be applied from elsewhere."
WHOLE = "K8S021 says once that nothing at all limits a container."
REASONS = {
    "dangling-ingress": ALONE,
    "dangling-networkpolicy": ALONE,
    "dangling-networkpolicypeer-podselector": ALONE,
    "dangling-servicemonitor": ALONE,
    "drop-net-raw-capability": "K8S021 asks whether anything limits the container at all.",
    "env-value-from": "A whole ConfigMap or Secret may be made elsewhere; only keys are compared.",
    "env-var-secret": "The last word of a name says what it is: SECRET_BLAH is no secret's.",
    "exposed-services": "Only a Service that leads clients to an application in clear text.",
    "hpa-minimum-three-replicas": SERVED,
    "invalid-target-ports": "How ports are named is checked by Kubernetes itself.",
    "liveness-port": "A number need not be declared; DEP007 compares it with the server.",
    "minimum-three-replicas": SERVED,
    "no-liveness-probe": SERVED,
    "no-read-only-root-fs": "K8S021 asks whether anything limits the container at all.",
    "no-readiness-probe": SERVED,
    "no-rolling-update-strategy": SERVED,
    "non-isolated-pod": "Said once for a repository, about what a Service sends requests to.",
    "pdb-min-available": "One Deployment has no template, so nothing is known of its pods.",
    "readiness-port": "A number need not be declared; DEP007 compares it with the server.",
    "restart-policy": "Kubernetes takes Never for jobs and pods, and OnFailure for no Deployment.",
    "run-as-non-root": WHOLE,
    "schema-validation": "A field of a newer Kubernetes is not told from one of none.",
    "startup-port": "A number need not be declared; DEP007 compares it with the server.",
    "unsafe-proc-mount": "Not built: few clusters let a pod choose its procMount.",
}


def cases(root: Path) -> Iterator[Case]:
    tests = (root / "e2etests/bats-tests.sh").read_text()
    for check, body in re.findall(
        r'^@test "([\w-]+)" \{\n(.*?)^\}', tests, re.MULTILINE | re.DOTALL
    ):
        file = re.search(r'tmp="(tests/checks/[^"]+)"', body)
        kinds = re.findall(r'" =[=~] "(\w+)(?: [\w-]+)?: ', body)
        if file is not None and kinds:
            yield Case(check, check, (root / file[1]).read_text(), True, tuple(kinds))


if __name__ == "__main__":
    raise SystemExit(compare("kube-linter", cases(checkout(__doc__ or "")), REASONS))
