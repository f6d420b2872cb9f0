"""Error answers: one JSON object that says what happened and what to do now."""

from typing import Any

from retab_mcp.answers.common.answer import Part
from retab_mcp.answers.common.hints import hint_for
from retab_mcp.digest.digest import digest
from retab_mcp.digest.text import clip
from retab_mcp.models import RETRYABLE_KINDS, ErrorKind, Json
from retab_mcp.queries.errors import QuestionError
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.routes import MAX_ID_CHARS
from retab_mcp.settings import KeySource

# Estimated tokens of `error` and `hint`, which can repeat ids and arguments of any length.
SENTENCE_BUDGET = 200
# Estimated tokens of a list of what exists instead (blocks, keys), whose names have any length.
FACTS_BUDGET = 1_000


class FailureAnswer(Part):
    """An error answer; `facts` are merged into it after its own fields."""

    error: str
    kind: ErrorKind
    hint: str
    retryable: bool
    retry_after_s: float | None = None
    status: int | None = None
    request_id: str | None = None


def describe_failure(
    error: Exception,
    arguments: dict[str, Json],
    key_source: KeySource = KeySource.ENVIRONMENT,
) -> dict[str, Json]:
    """Return the fields of an error answer for an exception.

    `arguments` are those of the call; its ids are repeated, so the answer makes sense alone.
    `key_source` says who can correct the key. An unexpected exception is reported without its text.
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
            hint=error.hint or hint_for(error.kind, key_source),
            retryable=error.kind in RETRYABLE_KINDS,
            **_request(error.__cause__),
        )
        facts |= error.facts
    elif isinstance(error, RetabError):
        answer = FailureAnswer(
            error=error.message,
            kind=error.kind,
            hint=error.hint or hint_for(error.kind, key_source),
            retryable=error.retryable,
            retry_after_s=error.retry_after_s,
            status=error.status,
            request_id=error.request_id,
        )
    else:
        answer = FailureAnswer(
            error="retab-mcp failed unexpectedly.",
            kind=ErrorKind.INTERNAL,
            hint=hint_for(ErrorKind.INTERNAL, key_source),
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
