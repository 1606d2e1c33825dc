"""One module for each output format; each reads the finished report and nothing else."""
