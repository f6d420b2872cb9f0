"""Error answers: one JSON object that says what happened and what to do now."""

from typing import Any

from retab_mcp.answers.common.answer import Part
from retab_mcp.digest.digest import digest
from retab_mcp.digest.text import clip
from retab_mcp.models import RETRYABLE_KINDS, ErrorKind, Json
from retab_mcp.queries.errors import QuestionError
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.routes import MAX_ID_CHARS
from retab_mcp.settings import API_KEY_VARIABLE, BASE_URL_VARIABLE

# Tokens by estimate: a message repeats ids and arguments of any length, the rest of it is short.
SENTENCE_BUDGET = 200
# What exists instead: blocks, keys, named as people and documents name them.
FACTS_BUDGET = 1_000

# What to do about each kind of error, unless the error brings a better hint.
HINTS = {
    ErrorKind.NOT_FOUND: (
        "Copy the id from an earlier answer. This API key may be for another environment (test or "
        "production) or organisation; ids of those are not found."
    ),
    ErrorKind.UNAUTHORIZED: (
        f"Retab refused the API key. Ask the person to check {API_KEY_VARIABLE} and restart this "
        "server."
    ),
    ErrorKind.FORBIDDEN: "The API key may not read this. Ask the person for a key that may.",
    ErrorKind.INVALID_ARGUMENT: "Correct the argument and call again.",
    ErrorKind.NOT_CONFIGURED: (
        f"Ask the person to set {API_KEY_VARIABLE} for this server and restart it."
    ),
    ErrorKind.CONFLICT: "The id is ambiguous. Pass a full step id from list_steps.",
    ErrorKind.UNSUPPORTED: "This version of the Retab API cannot answer this. Do not retry.",
    ErrorKind.RATE_LIMITED: "Wait, then call again with the same arguments.",
    ErrorKind.TIMEOUT: "Call again. If it happens again, ask for less: fewer rows or days.",
    ErrorKind.UNAVAILABLE: (
        "Retab cannot be reached. Call again in a minute; if it persists, ask the person to check "
        f"{BASE_URL_VARIABLE} and the network."
    ),
    ErrorKind.BAD_RESPONSE: (
        "Retab returned an unreadable response. Retry; if it persists, report it."
    ),
    ErrorKind.TOO_LARGE: (
        "Ask for a part: get_step with step_id and path, or list_steps with filters."
    ),
    ErrorKind.INTERNAL: "This is a bug in retab-mcp: report it. Another tool may still work.",
}


class FailureAnswer(Part):
    """An error answer. `facts` are merged into it behind its own fields."""

    error: str
    kind: ErrorKind
    hint: str
    retryable: bool
    retry_after_s: float | None = None
    status: int | None = None
    request_id: str | None = None


def describe_failure(error: Exception, arguments: dict[str, Json]) -> dict[str, Json]:
    """Return the fields of an error answer for an exception.

    `arguments` are those of the call: its ids are repeated, so that the answer can be read alone.
    Nothing of an unexpected exception is shown.
    """
    facts = {
        name: value
        for name, value in arguments.items()
        if name.endswith("_id") and isinstance(value, str) and 0 < len(value) <= MAX_ID_CHARS
    }
    if isinstance(error, QuestionError):
        answer = FailureAnswer(
            error=error.message,
            kind=error.kind,
            hint=error.hint or HINTS[error.kind],
            retryable=error.kind in RETRYABLE_KINDS,
            **_request(error.__cause__),
        )
        facts |= error.facts
    elif isinstance(error, RetabError):
        answer = FailureAnswer(
            error=error.message,
            kind=error.kind,
            hint=HINTS[error.kind],
            retryable=error.retryable,
            retry_after_s=error.retry_after_s,
            status=error.status,
            request_id=error.request_id,
        )
    else:
        answer = FailureAnswer(
            error="retab-mcp failed unexpectedly.",
            kind=ErrorKind.INTERNAL,
            hint=HINTS[ErrorKind.INTERNAL],
            retryable=False,
        )
    return answer.model_dump() | facts


def fit_error(fields: dict[str, Json]) -> dict[str, Json]:
    """Return the fields of an error answer, cut where an argument made them long.

    Takes them cleaned and redacted: what is cut must not be half of a secret.
    """
    own = {name: value for name, value in fields.items() if name in FailureAnswer.model_fields}
    facts = {name: value for name, value in fields.items() if name not in own}
    sentences = {name: clip(str(own[name]), SENTENCE_BUDGET) for name in ("error", "hint")}
    shown: dict[str, Json] = digest(facts, FACTS_BUDGET).value
    return own | sentences | shown


def _request(cause: BaseException | None) -> dict[str, Any]:
    """Return which request to Retab caused an error."""
    if not isinstance(cause, RetabError):
        return {}
    return {"status": cause.status, "request_id": cause.request_id}
