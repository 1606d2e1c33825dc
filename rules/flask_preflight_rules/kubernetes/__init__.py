"""Rules about Kubernetes (K8S)."""
