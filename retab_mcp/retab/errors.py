"""What can go wrong between this server and Retab, as one exception with a kind."""

import re
from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Literal, TypeAlias

from retab_mcp.retab.error_body import read_detail, refused_names
from retab_mcp.retab.retry_after import parse_retry_after

ErrorKind: TypeAlias = Literal[
    "not_found",
    "unauthorized",
    "forbidden",
    "invalid_argument",
    "conflict",
    "unsupported",
    "rate_limited",
    "timeout",
    "unavailable",
    "bad_response",
    "too_large",
    "not_configured",
    "internal",
]

# Kinds that a later call with the same arguments may not meet again.
RETRYABLE_KINDS: frozenset[ErrorKind] = frozenset({"rate_limited", "timeout", "unavailable"})

# A request id goes into answers: one that looks like anything else may be text of someone's.
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}", re.ASCII)

_KIND_OF_STATUS: dict[int, ErrorKind] = {
    HTTPStatus.UNAUTHORIZED: "unauthorized",
    HTTPStatus.PAYMENT_REQUIRED: "forbidden",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "unsupported",
    HTTPStatus.REQUEST_TIMEOUT: "timeout",
    HTTPStatus.CONFLICT: "conflict",
    HTTPStatus.GONE: "not_found",
    HTTPStatus.TOO_MANY_REQUESTS: "rate_limited",
    HTTPStatus.NOT_IMPLEMENTED: "unsupported",
}

# FastAPI's words for a route that does not exist, and for a request without the header that the
# route's security scheme reads (sent with 403 by its older versions).
_ROUTE_MISSING_DETAIL = "Not Found"
_NO_CREDENTIAL_DETAIL = "Not authenticated"

# A workflow itself that was not found, as against a run, step, … of one: an older server takes
# the "steps" of /v1/workflows/steps for the id of a workflow.
_WORKFLOW_NOT_FOUND = re.compile(
    r"(?<![a-z])workflow(?![a-z])"
    r"(?![\s_-]+(run|version|step|block|edge|artifact|experiment|eval|test|review)(?![a-z]))",
    re.IGNORECASE,
)


class RetabError(Exception):
    """A question to Retab that was not answered.

    `message` is one sentence of ours, never Retab's own body. `status` and `request_id` are
    those of the response, None where there was none. `retry_after_s` is the wait in seconds that
    Retab asked for. `retryable`: the same call may succeed later; None takes it from the kind.

    For the layers below the tools only, never to be shown: `route_missing` says that this server
    has no such route (an older or newer one may), `detail` is what Retab's body said.
    """

    def __init__(
        self,
        kind: ErrorKind,
        message: str,
        *,
        status: int | None = None,
        request_id: str | None = None,
        retry_after_s: float | None = None,
        retryable: bool | None = None,
        route_missing: bool = False,
        detail: str | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.status = status
        self.request_id = request_id
        self.retry_after_s = retry_after_s
        self.retryable = kind in RETRYABLE_KINDS if retryable is None else retryable
        self.route_missing = route_missing
        self.detail = detail


def read_request_id(headers: Mapping[str, str]) -> str | None:
    """The `x-request-id` of a response, or None when it has none that looks like one.

    `headers` are looked up by lower-case name.
    """
    value = headers.get("x-request-id", "")
    return value if _REQUEST_ID.fullmatch(value) else None


def from_response(
    status: int,
    headers: Mapping[str, str],
    body: bytes | bytearray,
    *,
    noun: str,
    sent: Collection[str] = (),
) -> RetabError:
    """Read the response to a refused request (`status` 400 to 599) as an error.

    `headers` are looked up by lower-case name, `body` may be cut short, `noun` says in words
    what was asked for ("run", "steps of a run"), `sent` are the names of the ids and query
    parameters of the request.
    """
    detail = read_detail(body)
    kind = _kind(status, detail)
    is_page = status == HTTPStatus.NOT_FOUND and detail is None and bool(body.strip())
    if is_page:
        kind = "bad_response"
        message = (
            "The address answered 404 with something that is no answer of the Retab API; "
            "its base URL may be wrong."
        )
    else:
        message = _message(kind, status, noun, refused_names(body, sent))
    return RetabError(
        kind,
        message,
        status=status,
        request_id=read_request_id(headers),
        retry_after_s=parse_retry_after(headers.get("retry-after"), headers.get("date")),
        route_missing=is_page or _is_route_missing(status, detail, sent),
        detail=detail,
    )


def _kind(status: int, detail: str | None) -> ErrorKind:
    if status == HTTPStatus.FORBIDDEN and detail == _NO_CREDENTIAL_DETAIL:
        return "unauthorized"
    if status in _KIND_OF_STATUS:
        return _KIND_OF_STATUS[status]
    return "unavailable" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid_argument"


def _is_route_missing(status: int, detail: str | None, sent: Collection[str]) -> bool:
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return True
    if status != HTTPStatus.NOT_FOUND or detail is None:
        return False
    if detail == _ROUTE_MISSING_DETAIL:
        return True
    return "workflow_id" not in sent and bool(_WORKFLOW_NOT_FOUND.search(detail))


def _message(kind: ErrorKind, status: int, noun: str, refused: Collection[str]) -> str:
    if kind == "invalid_argument" and refused:
        return f"Retab refuses the value of {', '.join(refused)} for the {noun} (HTTP {status})."
    sentences: dict[ErrorKind, str] = {
        "not_found": f"Retab knows no such {noun}, or the API key may not see it.",
        "unauthorized": "Retab does not accept the API key.",
        "forbidden": f"Retab does not let this API key read the {noun} (HTTP {status}).",
        "invalid_argument": f"Retab refuses the request for the {noun} (HTTP {status}).",
        "conflict": f"Retab cannot tell which {noun} is meant (HTTP 409).",
        "unsupported": f"This Retab server does not offer the {noun} (HTTP {status}).",
        "rate_limited": "Retab has had too many requests with this API key (HTTP 429).",
        "timeout": "Retab gave up waiting for the request (HTTP 408).",
        "unavailable": f"Retab could not answer (HTTP {status}).",
    }
    return sentences[kind]
