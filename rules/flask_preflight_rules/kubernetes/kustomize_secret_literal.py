"""A secret stands in a kustomization, which is in the repository.

Everyone who can read the repository has it, and the history keeps it when it is deleted.

Fix: an ExternalSecret, a SealedSecret or SOPS; and give it another value.

Sources: Kustomize, "secretGenerator"; CWE-312.

```yaml bad k8s/kustomization.yaml {6,7}
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
secretGenerator:
  - name: shop
    literals:
      - SECRET_KEY=@@SECRET:key@@
      - POSTGRES_PASSWORD=changeme
```

```yaml good k8s/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
secretGenerator:
  - name: shop
    literals:
      - SECRET_KEY=<set-by-the-pipeline>
      - POSTGRES_USER=shop
```
"""

from flask_preflight.artifacts.kubernetes_kustomize import Kustomization
from flask_preflight.artifacts.secret import classify, secret_name
from flask_preflight.rule import Level, Message, Result, Results, rule

WRITTEN = Message("the value of {0} is in the repository, for everyone who can read it", "real")
WEAK = Message("{0} has a value that anybody would guess", "weak")


@rule("K8S123", "kustomize-secret-literal", "error", "configuration", "CWE-312")
def check(kustomization: Kustomization) -> Results:
    for index, generator in enumerate(kustomization.spec.maps("secretGenerator")):
        for number, one in enumerate(generator.items_of("literals")):
            name, _, value = str(one).partition("=")
            kind = secret_name(name)
            verdict = classify(value, kind, name) if kind is not None else ""
            if verdict in ("real", "weak"):
                where = kustomization.spec.value_at("secretGenerator", index, "literals", number)
                level: Level | None = "warning" if verdict == "weak" else None
                yield Result(where, (WEAK if level else WRITTEN)(name), level=level)
