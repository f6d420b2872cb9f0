"""Which Retab key a request is answered with: the one that it brings."""

from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from retab_mcp.http.caller import Caller, set_caller
from retab_mcp.http.metrics import Metrics
from retab_mcp.http.refusal import refuse
from retab_mcp.retab.errors import RetabError

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="retab-mcp"'}
_BEARER = "bearer "


class CredentialError(Exception):
    """The request's credentials cannot be used; the message says why, without showing them."""


class RetabKeys:
    """Passes on requests that bring a Retab key, and refuses others with 401.

    `shared_key` is used for requests that bring none; empty when there is no such key.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, shared_key: str = "") -> None:
        self._app = app
        self._metrics = metrics
        self._shared = Caller.of(shared_key) if shared_key else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        try:
            set_caller(scope, read_caller(Headers(scope=scope), self._shared))
        except CredentialError as error:
            status = HTTPStatus.UNAUTHORIZED
            await refuse(scope, receive, send, self._metrics, status, str(error), CHALLENGE)
            return
        await self._app(scope, receive, send)


def read_caller(headers: Headers, shared: Caller | None = None) -> Caller:
    """Return who brings the Retab key in `Authorization: Bearer` or `Api-Key`; without, `shared`.

    Raises CredentialError for no key at all, for what is none, for another scheme, and for more
    than one key: which of them would count is not for the server to guess.
    """
    keys = [_read_bearer(value) for value in headers.getlist("authorization")]
    keys += headers.getlist("api-key")
    if len(keys) > 1:
        raise CredentialError("Send one credential, in one header.")
    if keys:
        try:
            return Caller.of(keys[0])
        except RetabError:
            raise CredentialError("What was sent is no Retab API key.") from None
    if shared is None:
        raise CredentialError(
            "Send a Retab API key with each request: Authorization: Bearer <key>, or "
            "Api-Key: <key>."
        )
    return shared


def _read_bearer(value: str) -> str:
    if not value.lower().startswith(_BEARER):
        raise CredentialError("The Authorization header takes: Bearer <Retab API key>.")
    return value[len(_BEARER) :]
