"""Rules about Compose and Swarm (CMP)."""
