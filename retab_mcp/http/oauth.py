"""Authentication by token: this server as an OAuth 2 resource server.

The issuer's signing keys are the only thing that the server fetches from anyone but Retab.
"""

import json
import logging
import urllib.request
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError, URLError

import anyio
import anyio.to_thread
import jwt
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser, BearerAuthBackend
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.routes import build_resource_metadata_url, create_protected_resource_routes
from pydantic import AnyHttpUrl
from starlette.datastructures import Headers
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from retab_mcp.http.caller import Caller, set_caller
from retab_mcp.http.error_response import refuse
from retab_mcp.http.keys_file import KeysFile
from retab_mcp.http.metrics import Metrics
from retab_mcp.http.options import HttpOptions

logger = logging.getLogger("retab_mcp.http")

# Asymmetric algorithms only: with symmetric ones, anyone who can check a token could also sign one.
ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA"),
)

# Tolerated difference between the issuer's clock and this one.
LEEWAY_SECONDS = 30

# Short, since the caller waits while its token is checked.
FETCH_SECONDS = 5.0
MAX_METADATA_BYTES = 256 * 1024

# A revoked signing key is accepted for at most this long.
KEY_SET_SECONDS = 300

# Fetching keys blocks a thread; this bounds how many threads can wait for a slow issuer.
MAX_THREADS = 8

_METADATA_PATH = "/.well-known/openid-configuration"
# The usual location of the keys of issuers without metadata.
_KEY_SET_PATH = "/.well-known/jwks.json"


class JwtVerifier:
    """Check signature, issuer, audience and times of a JWT (a TokenVerifier of the SDK)."""

    def __init__(self, issuer: str, audience: str) -> None:
        self._issuer = issuer
        self._audience = audience
        self._key_set: jwt.PyJWKClient | None = None
        self._threads = anyio.CapacityLimiter(MAX_THREADS)

    async def verify_token(self, token: str) -> AccessToken | None:
        """Return the claims of a valid token, or None for any other."""
        try:
            # Checked first, so that a forged token causes no request to the issuer.
            if jwt.get_unverified_header(token).get("alg") not in ALGORITHMS:
                return None
            key = await anyio.to_thread.run_sync(self._signing_key, token, limiter=self._threads)
            claims = self._decode(token, key)
        except jwt.PyJWKClientConnectionError:
            logger.error("The issuer's signing keys cannot be fetched.")
            return None
        except (jwt.PyJWTError, ValueError):
            return None
        return AccessToken(
            token=token,
            client_id=str(claims.get("azp") or claims.get("client_id") or claims["sub"]),
            scopes=[],
            resource=self._audience,
            subject=claims["sub"],
            claims={"iss": self._issuer},
        )

    def _signing_key(self, token: str) -> jwt.PyJWK:
        if self._key_set is None:
            self._key_set = jwt.PyJWKClient(
                find_key_set(self._issuer), lifespan=KEY_SET_SECONDS, timeout=FETCH_SECONDS
            )
        return self._key_set.get_signing_key_from_jwt(token)

    def _decode(self, token: str, key: jwt.PyJWK) -> dict[str, Any]:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=list(ALGORITHMS),
            audience=self._audience,
            issuer=self._issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
        return claims


def find_key_set(issuer: str) -> str:
    """Return the URL of the issuer's signing keys from its OpenID Connect metadata; blocks.

    For an issuer without metadata that is `/.well-known/jwks.json`. Raises
    PyJWKClientConnectionError if the issuer does not answer, or not with metadata.
    """
    base = issuer.rstrip("/")
    try:
        with urllib.request.urlopen(base + _METADATA_PATH, timeout=FETCH_SECONDS) as response:  # noqa: S310 (HttpOptions.check accepts only http and https)
            metadata = json.loads(response.read(MAX_METADATA_BYTES))
        url = str(metadata["jwks_uri"])
    except HTTPError as error:
        error.close()
        if error.code != HTTPStatus.NOT_FOUND:
            raise jwt.PyJWKClientConnectionError("no metadata") from None
        return base + _KEY_SET_PATH
    except (URLError, OSError, ValueError, LookupError, TypeError):
        raise jwt.PyJWKClientConnectionError("no metadata") from None
    if url.partition(":")[0] != issuer.partition(":")[0]:
        raise jwt.PyJWKClientConnectionError("the key set is not on the scheme of the issuer")
    return url


class TokenAuth:
    """Serve requests with a valid token, using the Retab key of the token's subject.

    A request without one is refused with the URL of the metadata that names the issuer (RFC 9728).
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, keys: KeysFile, metadata_url: str) -> None:
        self._app = app
        self._metrics = metrics
        self._keys = keys
        self._challenge = {
            "WWW-Authenticate": f'Bearer error="invalid_token", resource_metadata="{metadata_url}"'
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        user = scope["user"]
        if not isinstance(user, AuthenticatedUser) or "api-key" in Headers(scope=scope):
            status = HTTPStatus.UNAUTHORIZED
            message = "Send a token of this server's issuer (Authorization: Bearer), no Retab key."
            await refuse(scope, receive, send, self._metrics, status, message, self._challenge)
            return
        key = self._keys.key_of(user.access_token.subject or "")
        if not key:
            status = HTTPStatus.FORBIDDEN
            message = "The subject of the token has no Retab key on this server."
            await refuse(scope, receive, send, self._metrics, status, message)
            return
        set_caller(scope, Caller.with_key(key))
        await self._app(scope, receive, send)


def with_oauth(app: ASGIApp, metrics: Metrics, options: HttpOptions) -> ASGIApp:
    """Wrap `app` so that it serves only requests with a valid token; raise KeysFileError."""
    metadata_url = str(build_resource_metadata_url(AnyHttpUrl(options.audience)))
    app = TokenAuth(app, metrics, KeysFile(options.keys_file), metadata_url)
    verifier = JwtVerifier(options.issuer, options.audience)
    return AuthenticationMiddleware(app, backend=BearerAuthBackend(verifier))


def metadata_routes(options: HttpOptions) -> list[Route]:
    """Return the route of the metadata that names this server's token issuer (RFC 9728)."""
    return create_protected_resource_routes(
        AnyHttpUrl(options.audience), [AnyHttpUrl(options.issuer)]
    )
