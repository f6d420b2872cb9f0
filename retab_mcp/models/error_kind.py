"""The kinds of error answers."""

from enum import StrEnum


class ErrorKind(StrEnum):
    """Why a call got no answer."""

    NOT_FOUND = "not_found"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    INVALID_ARGUMENT = "invalid_argument"
    NOT_CONFIGURED = "not_configured"
    CONFLICT = "conflict"
    UNSUPPORTED = "unsupported"
    RATE_LIMITED = "rate_limited"
    TIMEOUT = "timeout"
    UNAVAILABLE = "unavailable"
    BAD_RESPONSE = "bad_response"
    TOO_LARGE = "too_large"
    INTERNAL = "internal"


# The same call with the same arguments may succeed later.
RETRYABLE_KINDS = frozenset({ErrorKind.RATE_LIMITED, ErrorKind.TIMEOUT, ErrorKind.UNAVAILABLE})
