"""One vocabulary of statuses for runs, steps, experiment jobs and primitives."""

from enum import StrEnum
from typing import TypeAlias


class Status(StrEnum):
    """A status that Retab documents."""

    PENDING = "pending"
    QUEUED = "queued"
    RUNNING = "running"
    AWAITING_REVIEW = "awaiting_review"
    COMPLETED = "completed"
    ERROR = "error"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


# A status as read: an undocumented word passes through unchanged.
StatusWord: TypeAlias = Status | str

# Statuses of what continues without a person.
UNFINISHED = frozenset({Status.PENDING, Status.QUEUED, Status.RUNNING})
# Final statuses: nothing changes after one of these.
FINISHED = frozenset({Status.COMPLETED, Status.ERROR, Status.SKIPPED, Status.CANCELLED})

# Retab's other words for the same statuses: `waiting_for_human` until
# 2026-05-20, `failed` on runs and primitives, `canceled` in usage, `in_progress` on primitives.
_SYNONYMS = {
    "waiting_for_human": Status.AWAITING_REVIEW,
    "failed": Status.ERROR,
    "canceled": Status.CANCELLED,
    "in_progress": Status.RUNNING,
}
_STATUSES: dict[str, Status] = {status.value: status for status in Status} | _SYNONYMS


def normal_status(word: str) -> StatusWord:
    """Return the status for a word of the API; an unknown word passes through unchanged."""
    return _STATUSES.get(word, word)
