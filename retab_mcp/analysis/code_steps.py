"""Types of steps that run code of the workflow's own: equal inputs should give equal outputs."""

CODE_TYPES = frozenset({"function", "functions", "formula", "reshape"})
