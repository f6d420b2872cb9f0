"""Find what is wrong or doubtful in a run that completed."""
