"""What a tool answers when it cannot answer: one JSON object that says what to do now."""

from typing import Any

from retab_mcp.answers.common.answer import Part
from retab_mcp.digest.digest import digest
from retab_mcp.digest.text import clip
from retab_mcp.models import Json
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
    "not_found": (
        "Copy the id from an earlier answer. An id of another environment (test or production "
        "key) or organisation looks the same as one that does not exist."
    ),
    "unauthorized": (
        f"Retab refuses the API key: ask the person to check {API_KEY_VARIABLE} "
        "and to restart this server."
    ),
    "forbidden": "The API key lacks the right to read this: ask the person for a key that has it.",
    "invalid_argument": "Correct the argument and call again.",
    "not_configured": (
        f"Ask the person to set {API_KEY_VARIABLE} for this server and to restart it."
    ),
    "conflict": "The id is ambiguous on the server: give a more exact one.",
    "unsupported": "This Retab server is of a version that cannot answer this.",
    "rate_limited": "Wait, then call again with the same arguments.",
    "timeout": "Call again; narrow the question if it happens again.",
    "unavailable": (
        f"Retab cannot be reached at present: call again in a minute. If it stays so, ask the "
        f"person to check {BASE_URL_VARIABLE} and the network."
    ),
    "bad_response": "Retab answered something unreadable: call again; report it if it stays so.",
    "too_large": "Ask for a part: get_step with a step_id and a path, or list_steps with filters.",
    "internal": "This is a fault of retab-mcp: report it. Another tool may still answer.",
}

# Worth trying again with the same arguments, unless the error itself says otherwise.
_RETRYABLE = frozenset({"rate_limited", "timeout", "unavailable"})


class FailureAnswer(Part):
    """An error answer. `facts` are merged into it behind its own fields."""

    error: str
    kind: str
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
            retryable=error.kind in _RETRYABLE,
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
            kind="internal",
            hint=_HINTS["internal"],
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
