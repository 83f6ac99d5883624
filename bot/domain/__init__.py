"""What the company counts and judges, as values and functions without I/O."""
