"""Decide the kind of a failure by the HTTP status of a called API, and by what it answered."""

import re
from collections.abc import Iterator, Sequence

from retab_mcp.analysis.cause.evidence.error_layers import messages_in
from retab_mcp.analysis.cause.failure_kinds import kind_of_status
from retab_mcp.analysis.cause.failure_words import kind_in_words, says_payer_declined
from retab_mcp.models import FailureKind, Json

# What services say with a status that is not about it: an expired token with 400, a limit of
# requests with 403 or 503, an account without credits with 400 or 429.
_LIMITS = frozenset({FailureKind.RATE_LIMITED, FailureKind.CREDITS_EXHAUSTED})
_OF_REQUEST = _LIMITS | {FailureKind.CREDENTIALS, FailureKind.DOCUMENT_UNREADABLE}
_SAID_WITH: dict[int, frozenset[FailureKind]] = {
    400: _OF_REQUEST,
    401: _LIMITS,
    403: _LIMITS,
    422: _OF_REQUEST,
    429: _LIMITS,
    503: frozenset({FailureKind.RATE_LIMITED}),
}
_KINDS = frozenset(FailureKind)
# Fields that hold a code, and the form of one.
_CODE_FIELDS = frozenset({"code", "errorcode", "error_code", "name", "reason", "status", "type"})
_CODE = re.compile(r"[A-Za-z][\w.:-]{2,60}")
# Maximum levels and fields of a body that are searched for codes.
_MAX_DEPTH, _MAX_FIELDS = 4, 50


def kind_of_answer(status: int, said: Sequence[str] = ()) -> tuple[FailureKind, str] | None:
    """Return the kind of an answer, and the words in `said` that show it; None below 400.

    `said` are the messages and codes of the answer. The words are empty where the status decides.
    """
    kind = kind_of_status(status)
    if kind is None:
        return None
    text = ". ".join(said)
    if status == 402 and (declined := says_payer_declined(text)):
        return FailureKind.CALLED_API_REFUSED, declined
    possible = _SAID_WITH.get(status)
    if possible is None or not text:
        return kind, ""
    found = kind_in_words(text, without=_KINDS - possible)
    return (found.kind, found.words) if found is not None and found.kind != kind else (kind, "")


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
