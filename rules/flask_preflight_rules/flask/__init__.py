"""Rules about Flask and Python source (FLK)."""
