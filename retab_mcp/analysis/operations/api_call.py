"""API call: each attempt in a line, and what the other side said last."""

from urllib.parse import urlsplit

from retab_mcp.analysis.summary import (
    VALUE_TOKENS,
    Body,
    Parts,
    Rows,
    as_dict,
    as_dicts,
    as_text,
    present,
)
from retab_mcp.digest.text import clip
from retab_mcp.models import Json

# Attempts that a summary lists: the last ones, since the last decides.
MAX_ATTEMPTS = 8
# From here on the answer blames the request, and the body that was sent is worth a look.
CLIENT_ERROR, SERVER_ERROR = 400, 500


def summarize(data: dict[str, Json]) -> Parts:
    """Return a line an attempt (method, host and path, status, duration, error), the last
    response body, and the request body where the other side refused it."""
    attempts = as_dicts(data.get("attempts"))
    facts = present(
        attempts=Rows(
            [attempt_line(attempt) for attempt in attempts[-MAX_ATTEMPTS:]],
            total=len(attempts),
            pointer="/attempts",
            total_name="attempts_total",
            items=True,
            last=True,
        ),
        error=clip(error_message(data.get("error")), VALUE_TOKENS * 2),
    )
    bodies = {}
    if attempts:
        last = attempts[-1]
        pointer = f"/attempts/{data['attempts'].index(last)}"
        if last.get("response_body") not in (None, ""):
            bodies["response_body"] = Body(last["response_body"], pointer + "/response_body")
        if was_refused(last) and last.get("request_body") not in (None, ""):
            bodies["request_body"] = Body(last["request_body"], pointer + "/request_body")
    return Parts(facts, bodies)


def attempt_line(attempt: dict[str, Json]) -> dict[str, Json]:
    """Return {attempt (from 0), method, url (host and path), status, duration_ms, error}."""
    number = attempt.get("attempt_number")
    line = {} if number is None else {"attempt": number}
    return line | present(
        method=attempt.get("request_method"),
        url=host_and_path(attempt.get("request_url")),
        status=attempt.get("response_status"),
        duration_ms=attempt.get("duration_ms"),
        error=clip(error_message(attempt.get("error")), VALUE_TOKENS),
    )


def host_and_path(url: Json) -> str:
    """Return host, port and path of a URL: no user, no query, which is where secrets are."""
    try:
        parts = urlsplit(as_text(url))
    except ValueError:
        return ""
    return clip(parts.netloc.rpartition("@")[2] + parts.path, VALUE_TOKENS * 2)


def was_refused(attempt: dict[str, Json]) -> bool:
    """Return whether the called API blamed the request."""
    return CLIENT_ERROR <= (response_status(attempt) or 0) < SERVER_ERROR


def response_status(attempt: dict[str, Json]) -> int | None:
    """Return the HTTP status of an attempt, None where no answer came."""
    status = attempt.get("response_status")
    return status if isinstance(status, int) and not isinstance(status, bool) else None


def error_message(error: Json) -> str:
    """Return the message of an error, which older generations sent as plain text."""
    return as_text(error) or as_text(as_dict(error).get("message"))
