"""Our rules on the test manifests of Polaris: `python benchmarks/agreement/polaris.py CHECKOUT`.

A file of `test/checks/<check>/` fails the check if its name begins with `failure`.
"""

from collections.abc import Iterator
from pathlib import Path

from manifests import Case, checkout, compare

SERVED = "Only what a Service sends requests to needs it."
HUMAN = "The subject is a person; pods and groups of everybody are what is dangerous."
WHOLE = "K8S021 says once that nothing at all limits a container."
ANY = "K8S021 asks whether anything limits the container at all."
POLICY = "K8S110 only asks for any policy at all, once; K8S112 names those about no pod."
BLOCKED = "As many pods as there are must stay, so no node can be drained."
SAMPLE = "The value is a placeholder."
REASONS = {
    "clusterrolebindingClusterAdmin": HUMAN,
    "deploymentMissingReplicas": SERVED,
    "hostPathSet": "No container mounts the volume.",
    "hpaMinAvailability": SERVED,
    "insecureCapabilities": "Only capabilities that are added; K8S021 asks for any limit at all.",
    "linuxHardening/failure.drop_capabilities_but_add_all": "K8S025 says it.",
    "linuxHardening/failure.seccomp_profile_container_overrides_pod": "K8S028 says it.",
    "linuxHardening/failure.seccomp_profile_pod_unconfined": "K8S028 says it.",
    "linuxHardening": "AppArmor and SELinux are of the node: the pod still runs as root.",
    "livenessProbeMissing": SERVED,
    "memoryRequestsMissing": "It asks for no CPU, which K8S080 says in the same sentence.",
    "missingNetworkPolicy": POLICY,
    "notReadOnlyRootFilesystem": ANY,
    "pdbMinAvailableGreaterThanHPAMinReplicas": BLOCKED,
    "privilegeEscalationAllowed/failure.pod_unspecified": "K8S009 says it.",
    "privilegeEscalationAllowed": WHOLE,
    "readinessProbeMissing": SERVED,
    "rolebindingClusterAdminClusterRole": HUMAN,
    "rolebindingClusterAdminRole": HUMAN,
    "sensitiveConfigmapContent": SAMPLE,
    "sensitiveConfigmapContent/failure.value_private_key": "SEC001 finds keys in any file.",
    "sensitiveContainerEnvVar": "The lines around the key are none that any program reads.",
}


def cases(root: Path) -> Iterator[Case]:
    for file in sorted(root.glob("test/checks/*/*.yaml")):
        if file.stem.startswith(("failure", "success")):
            fails = file.stem.startswith("failure")
            yield Case(file.parent.name, f"{file.parent.name}/{file.stem}", file.read_text(), fails)


if __name__ == "__main__":
    raise SystemExit(compare("polaris", cases(checkout(__doc__ or "")), REASONS))
