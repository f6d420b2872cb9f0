"""What can go wrong between this server and Retab, as one exception with a kind."""

import re
from collections.abc import Collection, Mapping
from http import HTTPStatus

from retab_mcp.models import RETRYABLE_KINDS, ErrorKind
from retab_mcp.retab.error_body import read_detail, refused_names
from retab_mcp.retab.retry_after import parse_retry_after

# A request id goes into answers: one that looks like anything else may be text of someone's.
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
        kind = ErrorKind.BAD_RESPONSE
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


def _message(kind: ErrorKind, status: int, noun: str, refused: Collection[str]) -> str:
    if kind == ErrorKind.INVALID_ARGUMENT and refused:
        return f"Retab refuses the value of {', '.join(refused)} for the {noun} (HTTP {status})."
    sentences: dict[ErrorKind, str] = {
        ErrorKind.NOT_FOUND: f"Retab knows no such {noun}, or the API key may not see it.",
        ErrorKind.UNAUTHORIZED: "Retab does not accept the API key.",
        ErrorKind.FORBIDDEN: f"Retab does not let this API key read the {noun} (HTTP {status}).",
        ErrorKind.INVALID_ARGUMENT: f"Retab refuses the request for the {noun} (HTTP {status}).",
        ErrorKind.CONFLICT: f"Retab cannot tell which {noun} is meant (HTTP 409).",
        ErrorKind.UNSUPPORTED: f"This Retab server does not offer the {noun} (HTTP {status}).",
        ErrorKind.RATE_LIMITED: "Retab has had too many requests with this API key (HTTP 429).",
        ErrorKind.TIMEOUT: "Retab gave up waiting for the request (HTTP 408).",
        ErrorKind.UNAVAILABLE: f"Retab could not answer (HTTP {status}).",
    }
    return sentences[kind]
