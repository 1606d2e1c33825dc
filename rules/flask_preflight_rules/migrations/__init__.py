"""Rules about database migrations (MIG)."""
