"""Rules about relations between artifacts (DEP)."""
