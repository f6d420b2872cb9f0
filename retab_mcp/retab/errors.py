"""The error of a request to Retab, and how a refusal is read."""

import re
from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus

from retab_mcp.models import RETRYABLE_KINDS, ErrorKind
from retab_mcp.retab.error_body import missing_rights, read_detail, refused_names
from retab_mcp.retab.retry_after import parse_retry_after

# Request ids are shown in answers, so anything that does not look like one is dropped.
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}", re.ASCII)

_KIND_OF_STATUS: dict[int, ErrorKind] = {
    HTTPStatus.UNAUTHORIZED: ErrorKind.UNAUTHORIZED,
    HTTPStatus.PAYMENT_REQUIRED: ErrorKind.FORBIDDEN,
    HTTPStatus.FORBIDDEN: ErrorKind.FORBIDDEN,
    HTTPStatus.NOT_FOUND: ErrorKind.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED: ErrorKind.UNSUPPORTED,
    HTTPStatus.REQUEST_TIMEOUT: ErrorKind.TIMEOUT,
    HTTPStatus.CONFLICT: ErrorKind.CONFLICT,
    HTTPStatus.GONE: ErrorKind.NOT_FOUND,
    HTTPStatus.TOO_MANY_REQUESTS: ErrorKind.RATE_LIMITED,
    HTTPStatus.NOT_IMPLEMENTED: ErrorKind.UNSUPPORTED,
}

_MESSAGES: dict[ErrorKind, str] = {
    ErrorKind.NOT_FOUND: "Retab has no such {noun}, or this API key cannot see it.",
    ErrorKind.UNAUTHORIZED: "Retab rejected the API key.",
    ErrorKind.FORBIDDEN: "This API key may not read the {noun} (HTTP {status}).",
    ErrorKind.INVALID_ARGUMENT: "Retab rejected the request for the {noun} (HTTP {status}).",
    ErrorKind.CONFLICT: "The id of the {noun} is ambiguous (HTTP {status}).",
    ErrorKind.UNSUPPORTED: "This Retab server does not offer the {noun} (HTTP {status}).",
    ErrorKind.RATE_LIMITED: "Retab received too many requests with this API key (HTTP {status}).",
    ErrorKind.TIMEOUT: "Retab timed out while handling the request (HTTP {status}).",
    ErrorKind.UNAVAILABLE: "Retab could not answer (HTTP {status}).",
}

# FastAPI's texts for a route that does not exist, and for a request without the header that the
# route's security scheme reads (older versions send it with 403).
_ROUTE_MISSING_DETAIL = "Not Found"
_NO_CREDENTIAL_DETAIL = "Not authenticated"

# A 404 about a workflow itself, not about a run or step of one: to an older server, "steps" in
# /v1/workflows/steps is the id of a workflow.
_WORKFLOW_NOT_FOUND = re.compile(
    r"(?<![a-z])workflow(?![a-z])"
    r"(?![\s_-]+(run|version|step|block|edge|artifact|experiment|eval|test|review)(?![a-z]))",
    re.IGNORECASE,
)


class RetabError(Exception):
    """A request to Retab that failed.

    `message` is a sentence written here, never Retab's own text. `status` and `request_id` are
    those of the response, None without one. `retry_after_s` is the wait in seconds that Retab
    asked for. `hint` says what to do, empty for what the kind implies. `retryable` says whether
    the same call may succeed later; None derives it from the kind.

    Internal, never shown: `route_missing` says that this server lacks the route, which another
    version may have; `detail` is the text of Retab's body.
    """

    def __init__(
        self,
        kind: ErrorKind,
        message: str,
        *,
        status: int | None = None,
        request_id: str | None = None,
        retry_after_s: float | None = None,
        hint: str = "",
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
        self.hint = hint
        self.retryable = kind in RETRYABLE_KINDS if retryable is None else retryable
        self.route_missing = route_missing
        self.detail = detail


def read_request_id(headers: Mapping[str, str]) -> str | None:
    """Return the `x-request-id` of a response, None without a valid one.

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
    """Return the error that a response with `status` 400 to 599 means.

    `headers` are looked up by lower-case name, `body` may be cut short, `noun` names what was
    requested ("run", "steps of a run"), `sent` are the names of the request's ids and query
    parameters.
    """
    detail = read_detail(body)
    kind = _kind(status, detail)
    is_page = status == HTTPStatus.NOT_FOUND and detail is None and bool(body.strip())
    if is_page:
        kind = ErrorKind.BAD_RESPONSE
        message = (
            "The server answered 404 with something other than a Retab error. "
            "The base URL may be wrong."
        )
    else:
        message = _message(kind, status, noun, refused_names(body, sent), missing_rights(body))
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
        return ErrorKind.UNAUTHORIZED
    if status in _KIND_OF_STATUS:
        return _KIND_OF_STATUS[status]
    return (
        ErrorKind.UNAVAILABLE
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR
        else ErrorKind.INVALID_ARGUMENT
    )


def _is_route_missing(status: int, detail: str | None, sent: Collection[str]) -> bool:
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return True
    if status != HTTPStatus.NOT_FOUND or detail is None:
        return False
    if detail == _ROUTE_MISSING_DETAIL:
        return True
    return "workflow_id" not in sent and bool(_WORKFLOW_NOT_FOUND.search(detail))


def _message(
    kind: ErrorKind, status: int, noun: str, refused: Collection[str], rights: Sequence[str]
) -> str:
    if kind == ErrorKind.FORBIDDEN and rights:
        lacking = f"it lacks {', '.join(rights)}"
        return f"This API key may not read the {noun} (HTTP {status}): {lacking}."
    if kind == ErrorKind.INVALID_ARGUMENT and refused:
        return f"Retab rejected the value of {', '.join(refused)} for the {noun} (HTTP {status})."
    return _MESSAGES[kind].format(noun=noun, status=status)
