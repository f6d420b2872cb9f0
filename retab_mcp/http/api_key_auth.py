"""Authentication by Retab API key: each request brings its own."""

from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from retab_mcp.http.caller import Caller, set_caller
from retab_mcp.http.error_response import refuse
from retab_mcp.http.metrics import Metrics
from retab_mcp.retab.errors import RetabError
from retab_mcp.settings import KeySource

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="retab-mcp"'}
_BEARER = "bearer "


class CredentialError(Exception):
    """The request's credentials cannot be used; the message says why and does not show them.

    `reason` is one word for the log, `caller` the name of the caller as far as it is known.
    """

    def __init__(self, message: str, reason: str, caller: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        self.caller = caller


class ApiKeyAuth:
    """Pass on requests that bring a Retab key; refuse others with 401.

    `shared_key` serves requests without a key; empty if there is none.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, shared_key: str = "") -> None:
        self._app = app
        self._metrics = metrics
        self._shared = Caller.with_key(shared_key, source=KeySource.SHARED) if shared_key else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        try:
            set_caller(scope, read_caller(Headers(scope=scope), self._shared))
        except CredentialError as error:
            status = HTTPStatus.UNAUTHORIZED
            await refuse(
                *(scope, receive, send, self._metrics, status, str(error), CHALLENGE),
                reason=error.reason,
            )
            return
        await self._app(scope, receive, send)


def read_caller(headers: Headers, shared: Caller | None = None) -> Caller:
    """Return the caller whose key is in `Authorization: Bearer` or `Api-Key`; else `shared`.

    Raises CredentialError for a missing key, text that cannot be a key, another scheme, and more
    than one key, since the server cannot know which one counts.
    """
    keys = [read_bearer(value) for value in headers.getlist("authorization")]
    keys += headers.getlist("api-key")
    if len(keys) > 1:
        raise CredentialError("Send one credential, in one header.", "several_credentials")
    if keys:
        try:
            return Caller.with_key(keys[0])
        except RetabError as error:
            raise CredentialError(error.message, "malformed_key") from None
    if shared is None:
        raise CredentialError(
            "Send a Retab API key with each request: Authorization: Bearer <key>, or "
            "Api-Key: <key>.",
            "no_credential",
        )
    return shared


def read_bearer(value: str) -> str:
    """Return the credential in an Authorization header; raise CredentialError without one."""
    if not value.lower().startswith(_BEARER):
        raise CredentialError("The Authorization header must be: Bearer <key>.", "not_bearer")
    return value[len(_BEARER) :]
