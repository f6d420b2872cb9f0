"""What a tool answers when it cannot answer: one JSON object that says what to do now."""

from typing import Any

from retab_mcp.answers.common.answer import Part
from retab_mcp.digest.digest import digest
from retab_mcp.digest.text import clip
from retab_mcp.models import RETRYABLE_KINDS, ErrorKind, Json
from retab_mcp.queries.errors import QuestionError
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.routes import MAX_ID_CHARS
from retab_mcp.settings import API_KEY_VARIABLE, BASE_URL_VARIABLE

# Tokens by estimate. Messages name ids and arguments as they were given, of any length; a
# sentence of ours takes some dozens.
SENTENCE_BUDGET = 200
# What exists instead: blocks, keys, named as people and documents name them.
FACTS_BUDGET = 1_000

# What to do about each kind, where whoever raised the error knew nothing better.
_HINTS = {
    ErrorKind.NOT_FOUND: (
        "Copy the id from an earlier answer. An id of another environment (test or production "
        "key) or organisation looks the same as one that does not exist."
    ),
    ErrorKind.UNAUTHORIZED: (
        f"Retab refuses the API key: ask the person to check {API_KEY_VARIABLE} "
        "and to restart this server."
    ),
    ErrorKind.FORBIDDEN: ("The API key may not read this: ask the person for a key that may."),
    ErrorKind.INVALID_ARGUMENT: "Correct the argument and call again.",
    ErrorKind.NOT_CONFIGURED: (
        f"Ask the person to set {API_KEY_VARIABLE} for this server and to restart it."
    ),
    ErrorKind.CONFLICT: "The id is ambiguous on the server: give a more exact one.",
    ErrorKind.UNSUPPORTED: "This Retab server is of a version that cannot answer this.",
    ErrorKind.RATE_LIMITED: "Wait, then call again with the same arguments.",
    ErrorKind.TIMEOUT: "Call again; narrow the question if it happens again.",
    ErrorKind.UNAVAILABLE: (
        f"Retab cannot be reached at present: call again in a minute. If it stays so, ask the "
        f"person to check {BASE_URL_VARIABLE} and the network."
    ),
    ErrorKind.BAD_RESPONSE: (
        "Retab returned an unreadable response. Retry; if it persists, report it."
    ),
    ErrorKind.TOO_LARGE: (
        "Ask for a part: get_step with a step_id and a path, or list_steps with filters."
    ),
    ErrorKind.INTERNAL: "This is a fault of retab-mcp: report it. Another tool may still answer.",
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
    """Turn an exception of the layers below into the fields of an error answer.

    `arguments` are those of the call: what may be an id is repeated, so that the answer can be
    read alone. Nothing of an unexpected exception but its being unexpected is passed on.
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
            hint=error.hint or _HINTS[error.kind],
            retryable=error.kind in RETRYABLE_KINDS,
            **_request(error.__cause__),
        )
        facts |= error.facts
    elif isinstance(error, RetabError):
        answer = FailureAnswer(
            error=error.message,
            kind=error.kind,
            hint=_HINTS[error.kind],
            retryable=error.retryable,
            retry_after_s=error.retry_after_s,
            status=error.status,
            request_id=error.request_id,
        )
    else:
        answer = FailureAnswer(
            error="retab-mcp failed while it answered.",
            kind=ErrorKind.INTERNAL,
            hint=_HINTS[ErrorKind.INTERNAL],
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
    """Which request an error of ours rests on."""
    if not isinstance(cause, RetabError):
        return {}
    return {"status": cause.status, "request_id": cause.request_id}
