"""Decide the kind of a failure by the HTTP status of a called API, and by what it answered."""

import re
from collections.abc import Iterator, Sequence

from retab_mcp.analysis.cause.evidence.error_layers import messages_in
from retab_mcp.analysis.cause.failure_kinds import kind_of_status
from retab_mcp.analysis.cause.failure_words import (
    kind_in_words,
    kind_of_refusal,
    says_payer_declined,
    says_state_forbids,
)
from retab_mcp.analysis.cause.words.block_words import DOCUMENT_BLOCKS
from retab_mcp.models import FailureKind, Json

# What services say with a status that is not about it: an expired token with 400, a limit of
# requests with 403 or 503, an account without credits with 400 or 429.
_LIMITS = frozenset({FailureKind.RATE_LIMITED, FailureKind.CREDITS_EXHAUSTED})
_OF_REQUEST = _LIMITS | {FailureKind.CREDENTIALS, FailureKind.DOCUMENT_UNREADABLE}
_SAID_WITH: dict[int, frozenset[FailureKind]] = {
    400: _OF_REQUEST | {FailureKind.CALLED_API_DOWN},
    401: _LIMITS,
    403: _LIMITS,
    422: _OF_REQUEST,
    429: _LIMITS,
    503: frozenset({FailureKind.RATE_LIMITED}),
}
_KINDS = frozenset(FailureKind)
# A quota that is paid for; others are of a short time.
_PAID = re.compile(
    r"\b(?:allowance|balance|billing|credits?|free|funds|insufficient|month\w*|pay\w*|plan"
    r"|subscription|tier|trial|upgrade|year\w*)\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\blimit (?:\w+ ){0,2}?(?:exceeded|reached)\b|\b(?:billing|(?:current|paid"
    r"|your) plan|subscription"
    r"|tariff|upgrade)\b",
    re.IGNORECASE,
)
# Fields that hold a code, and the form of one.
_CODE_FIELDS = frozenset({"code", "errorcode", "error_code", "name", "reason", "status", "type"})
_CODE = re.compile(r"[A-Za-z][\w.:-]{2,60}")
# Maximum levels and fields of a body that are searched for codes.
_MAX_DEPTH, _MAX_FIELDS = 4, 50


def kind_of_answer(
    status: int, said: Sequence[str] = (), step_type: str | None = None
) -> tuple[FailureKind, str] | None:
    """Return the kind of an answer, and the words in `said` that show it; None below 400.

    `said` are the messages and codes of the answer. The words are empty where the status decides.
    In a step of type `step_type` that reads a document any status can be about it.
    """
    kind = kind_of_status(status)
    if kind is None:
        return None
    text = ". ".join(said)
    if status == 402 and (declined := says_payer_declined(text)):
        return FailureKind.CALLED_API_REFUSED, declined
    possible = _SAID_WITH.get(status, frozenset())
    if step_type in DOCUMENT_BLOCKS:
        possible |= {FailureKind.DOCUMENT_UNREADABLE, FailureKind.CREDITS_EXHAUSTED}
    if not possible or not text:
        return kind, ""
    found = kind_in_words(text, status == 400, _KINDS - possible, step_type)
    if status == 400 and found is None:
        about = kind_of_refusal(text)
        found = about if about is not None and about.kind in possible else None
    if status == 403 and found is None:
        return _forbidden(text)
    if found is None or found.kind == kind:
        return kind, ""
    if status == 429 and found.kind == FailureKind.CREDITS_EXHAUSTED and not _PAID.search(text):
        return kind, ""
    return found.kind, found.words


def _forbidden(text: str) -> tuple[FailureKind, str]:
    """Return the kind of an answer that forbids a request, which a plan or a state can do too."""
    if kind_in_words(text, without=_KINDS - {FailureKind.CREDENTIALS}) is None:
        if limit := _LIMIT.search(text):
            return FailureKind.CREDITS_EXHAUSTED, limit[0]
        if state := says_state_forbids(text):
            return FailureKind.CALLED_API_REFUSED, state
    return FailureKind.CREDENTIALS, ""


def said_in_body(body: Json) -> list[str]:
    """Return the messages and the codes in the body of an answer that refuses a request.

    A page says nothing.
    """
    if isinstance(body, str) and body.lstrip().startswith("<"):
        return []
    codes = (re.sub(r"[_.:-]+", " ", code) for code in _codes(body, _MAX_DEPTH))
    return list(dict.fromkeys((*messages_in(body), *codes)))


def _codes(body: Json, depth: int) -> Iterator[str]:
    if depth == 0:
        return
    if isinstance(body, list):
        for each in body[:_MAX_FIELDS]:
            yield from _codes(each, depth - 1)
    elif isinstance(body, dict):
        for key, value in list(body.items())[:_MAX_FIELDS]:
            if isinstance(value, str):
                if key.casefold() in _CODE_FIELDS and _CODE.fullmatch(value):
                    yield value
            else:
                yield from _codes(value, depth - 1)
