"""The kinds of failure that this server distinguishes."""

from enum import StrEnum


class FailureKind(StrEnum):
    """Why a run or step failed, waits or was cancelled.

    `analysis/cause/failure_kinds.py` explains each kind and says what to do about it.
    """

    CREDENTIALS = "credentials"
    CALLED_API_DOWN = "called_api_down"
    CALLED_API_REFUSED = "called_api_refused"
    RATE_LIMITED = "rate_limited"
    CREDITS_EXHAUSTED = "credits_exhausted"
    TIMEOUT = "timeout"
    DOCUMENT_UNREADABLE = "document_unreadable"
    SCHEMA_VIOLATION = "schema_violation"
    MISSING_INPUT = "missing_input"
    FUNCTION_EXCEPTION = "function_exception"
    LOOP_LIMIT = "loop_limit"
    ROUTING = "routing"
    STORAGE = "storage"
    CANCELLED = "cancelled"
    WAITING_FOR_REVIEW = "waiting_for_review"
    UNKNOWN = "unknown"
