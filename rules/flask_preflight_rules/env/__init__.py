"""Rules about environment and dependency files (ENV)."""
