"""Rules about reverse proxies (NGX)."""
