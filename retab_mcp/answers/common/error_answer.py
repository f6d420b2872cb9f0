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

# Estimated tokens of `error` and `hint`, which can repeat ids and arguments of any length.
SENTENCE_BUDGET = 200
# Estimated tokens of a list of what exists instead (blocks, keys), whose names have any length.
FACTS_BUDGET = 1_000

# The hint for each kind of error, unless the error has a better one.
HINTS = {
    ErrorKind.NOT_FOUND: (
        "Copy the id from an earlier answer. This API key may be for another environment (test or "
        "production) or organisation; ids of those are not found."
    ),
    ErrorKind.UNAUTHORIZED: (
        f"Retab refused the API key. Ask the person to check {API_KEY_VARIABLE} and restart this "
        "server."
    ),
    ErrorKind.FORBIDDEN: "This API key may not read this. Ask the person for one that may.",
    ErrorKind.INVALID_ARGUMENT: "Correct the argument and call again.",
    ErrorKind.NOT_CONFIGURED: (
        f"Ask the person to set {API_KEY_VARIABLE} for this server and restart it."
    ),
    ErrorKind.CONFLICT: "The id is ambiguous. Pass a full step id from list_steps.",
    ErrorKind.UNSUPPORTED: "This version of the Retab API does not offer this. Do not retry.",
    ErrorKind.RATE_LIMITED: "Wait, then call again with the same arguments.",
    ErrorKind.TIMEOUT: "Call again. If it times out again, ask for fewer rows or days.",
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
    ErrorKind.INTERNAL: "This is a bug in retab-mcp. Report it; another tool may still work.",
}


class FailureAnswer(Part):
    """An error answer; `facts` are merged into it after its own fields."""

    error: str
    kind: ErrorKind
    hint: str
    retryable: bool
    retry_after_s: float | None = None
    status: int | None = None
    request_id: str | None = None


def describe_failure(error: Exception, arguments: dict[str, Json]) -> dict[str, Json]:
    """Return the fields of an error answer for an exception.

    `arguments` are those of the call; its ids are repeated, so the answer makes sense alone. An
    unexpected exception is reported without its text.
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
    """Return the fields of an error answer, cut to its budget.

    `fields` must be cleaned and redacted: a cut secret would no longer be recognised.
    """
    own = {name: value for name, value in fields.items() if name in FailureAnswer.model_fields}
    facts = {name: value for name, value in fields.items() if name not in own}
    sentences = {name: clip(str(own[name]), SENTENCE_BUDGET) for name in ("error", "hint")}
    shown: dict[str, Json] = digest(facts, FACTS_BUDGET).value
    return own | sentences | shown


def _request(cause: BaseException | None) -> dict[str, Any]:
    """Return the HTTP status and the request id if a request to Retab failed."""
    if not isinstance(cause, RetabError):
        return {}
    return {"status": cause.status, "request_id": cause.request_id}
