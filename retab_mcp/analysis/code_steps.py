"""Types of steps that run code of the workflow's own: equal inputs should give equal outputs."""

# The plural was used until 22 March 2026.
FUNCTION_TYPES = frozenset({"function", "functions", "formula"})
CODE_TYPES = FUNCTION_TYPES | {"reshape"}
