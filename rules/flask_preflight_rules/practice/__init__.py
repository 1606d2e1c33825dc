"""Rules about practices of operation (OPS)."""
