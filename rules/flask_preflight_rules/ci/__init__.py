"""Rules about pipelines (CIC)."""
