"""How much an answer may hold: what the arguments offer, and what the answers keep to.

Apart from both, so that the arguments can be listed without what answers them.
"""

# Rows by default, and at most. The default keeps an answer short; who asks for more wants a long
# one.
STEP_ROWS, MAX_STEP_ROWS = 50, 200
RUN_ROWS, MAX_RUN_ROWS = 20, 100
DOCUMENT_ROWS, MAX_DOCUMENT_ROWS = 20, 200
DIFFERENCE_ROWS, MAX_DIFFERENCE_ROWS = 10, 100
MATCH_ROWS, MAX_MATCH_ROWS = 15, 100

# A week shows a pattern; a quarter is the most whose runs can be read within one call.
FAILURE_DAYS, MAX_FAILURE_DAYS = 7, 90

# Leaves the rest of a call's 50 s to read the steps and the cause.
MAX_WAIT_SECONDS = 40
