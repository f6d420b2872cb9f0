"""The attempts of an API call: what each led to, and what it may have changed."""

import re
from enum import IntEnum

from retab_mcp.analysis.values.artifact_fields import error_message
from retab_mcp.analysis.values.json_types import as_dict, as_dicts, as_text
from retab_mcp.digest.spoken_times import spoken_ms
from retab_mcp.models import Json

# Methods whose repetition changes nothing more (RFC 9110, 9.2.2).
IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
# Answers of a proxy that stopped waiting, and of a service that failed at some point of its work.
_UNCERTAIN = frozenset({408, 499, 500, 502, 504, 520, 522, 524, 598, 599})
# The request never reached the service.
_NOT_SENT = re.compile(
    r"refused|enotfound|getaddrinfo|name resolution|name or service not known|dns\b|unreachable"
    r"|no route|certificate|ssl|tls|blocked|disallowed|not (?:allowed|permitted)|private address"
    r"|invalid url|connect(?:ion)? timed?[ -]?out|connecttimeout|etimedout",
    re.IGNORECASE,
)


# The header by which a service recognizes a repeated request.
_IDEMPOTENCY = re.compile(r"idempoten", re.IGNORECASE)


class Effect(IntEnum):
    """What an attempt may have changed in the called service."""

    NONE = 0
    UNCERTAIN = 1
    TAKEN = 2


def response_status(attempt: dict[str, Json]) -> int | None:
    """Return the HTTP status of an attempt, None where no response came."""
    status = attempt.get("response_status")
    return status if isinstance(status, int) and not isinstance(status, bool) else None


def effect_of(attempt: dict[str, Json]) -> Effect:
    """Return whether repeating the attempt may do something twice.

    Only a method that is not idempotent counts; an unknown method does not.
    """
    method = attempt.get("request_method")
    if not isinstance(method, str) or not method or method.upper() in IDEMPOTENT:
        return Effect.NONE
    status = response_status(attempt)
    if status is None:
        error = error_message(attempt.get("error"))
        return Effect.NONE if not error or _NOT_SENT.search(error) else Effect.UNCERTAIN
    if 200 <= status < 300:
        return Effect.TAKEN
    return Effect.UNCERTAIN if status in _UNCERTAIN else Effect.NONE


def may_be_done_twice(attempts: list[dict[str, Json]]) -> list[int]:
    """Return the places of failed attempts that may have taken effect, if the call was repeated.

    None of them where the requests have the same idempotency key: the called service then does it
    once.
    """
    if len(attempts) < 2:
        return []
    keys = {_idempotency_key(attempt) for attempt in attempts}
    if len(keys) == 1 and keys != {None}:
        return []
    return [
        at
        for at, attempt in enumerate(attempts)
        if has_failed(attempt) and effect_of(attempt) == Effect.UNCERTAIN
    ]


def _idempotency_key(attempt: dict[str, Json]) -> str | None:
    headers = attempt.get("request_headers")
    listed = [(as_text(each.get("name")), each.get("value")) for each in as_dicts(headers)]
    for name, value in (*as_dict(headers).items(), *listed):
        if _IDEMPOTENCY.search(name):
            return str(value)
    return None


def has_failed(attempt: dict[str, Json]) -> bool:
    """Return whether an attempt got an error or a status of 400 and above."""
    return bool(attempt.get("error")) or (response_status(attempt) or 0) >= 400


def outcome(attempt: dict[str, Json]) -> str:
    """Return what an attempt led to in words: "504 after 30000 ms", "no response: timed out"."""
    status = response_status(attempt)
    said = str(status) if status is not None else "no response"
    duration = attempt.get("duration_ms")
    if isinstance(duration, int):
        said += f" after {spoken_ms(duration)}"
    error = error_message(attempt.get("error")) if status is None else ""
    return f"{said}: {error}" if error else said


def differ(attempts: list[dict[str, Json]]) -> bool:
    """Return whether the attempts got different statuses or errors."""
    outcomes = {
        (response_status(one), error_message(one.get("error")) if not response_status(one) else "")
        for one in attempts
    }
    return len(outcomes) > 1
