"""Which Retab key a request is answered with: the one that it brings."""

from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from retab_mcp.http.caller import set_key
from retab_mcp.http.metrics import Metrics
from retab_mcp.http.refusal import refuse
from retab_mcp.retab.credential import Credential
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
        self._shared_key = shared_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        try:
            set_key(scope, read_key(Headers(scope=scope)) or self._required_key())
        except CredentialError as error:
            status = HTTPStatus.UNAUTHORIZED
            await refuse(scope, receive, send, self._metrics, status, str(error), CHALLENGE)
            return
        await self._app(scope, receive, send)

    def _required_key(self) -> str:
        if not self._shared_key:
            raise CredentialError(
                "Send a Retab API key with each request: Authorization: Bearer <key>, or "
                "Api-Key: <key>."
            )
        return self._shared_key


def read_key(headers: Headers) -> str:
    """Return the Retab key in `Authorization: Bearer` or `Api-Key`; empty when there is none.

    Raises CredentialError for what is no key, for another scheme, and for more than one key:
    which of them would count is not for the server to guess.
    """
    keys = [_read_bearer(value) for value in headers.getlist("authorization")]
    keys += headers.getlist("api-key")
    if not keys:
        return ""
    if len(keys) > 1:
        raise CredentialError("Send one credential, in one header.")
    try:
        Credential(keys[0])
    except RetabError:
        raise CredentialError("What was sent is no Retab API key.") from None
    return keys[0].strip()


def _read_bearer(value: str) -> str:
    if not value.lower().startswith(_BEARER):
        raise CredentialError("The Authorization header takes: Bearer <Retab API key>.")
    return value[len(_BEARER) :]
