"""One vocabulary of statuses for runs, steps, experiment jobs and primitives."""

PENDING = "pending"
QUEUED = "queued"
RUNNING = "running"
AWAITING_REVIEW = "awaiting_review"
COMPLETED = "completed"
ERROR = "error"
SKIPPED = "skipped"
CANCELLED = "cancelled"

# Nothing more will happen to what has one of these.
FINISHED = frozenset({COMPLETED, ERROR, SKIPPED, CANCELLED})

# Older and neighbouring words of the vendor for the same states: `waiting_for_human` until
# 2026-05-20, `failed` on runs and primitives, `canceled` in usage, `in_progress` on primitives.
_SYNONYMS = {
    "waiting_for_human": AWAITING_REVIEW,
    "failed": ERROR,
    "canceled": CANCELLED,
    "in_progress": RUNNING,
}


def normal_status(word: str) -> str:
    """Return the word of this vocabulary for a status of the API; unknown words pass through."""
    return _SYNONYMS.get(word, word)
