"""What the scripts of this repository share: the machine, its databases, the running services."""
