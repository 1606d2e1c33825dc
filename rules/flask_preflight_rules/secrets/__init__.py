"""Rules about secrets in any text (SEC)."""
