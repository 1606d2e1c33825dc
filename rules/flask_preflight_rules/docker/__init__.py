"""Rules about Dockerfiles (DKR)."""
