"""Rules about WSGI servers (WSG)."""
