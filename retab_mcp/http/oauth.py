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
from mcp.server.auth.routes import build_resource_metadata_url, create_protected_resource_routes
from pydantic import AnyHttpUrl
from starlette.datastructures import Headers
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from retab_mcp.http.api_key_auth import CredentialError, read_bearer
from retab_mcp.http.caller import Caller, set_caller, subject_name
from retab_mcp.http.error_response import refuse
from retab_mcp.http.keys_file import KeysFile
from retab_mcp.http.metrics import Metrics
from retab_mcp.http.options import HttpOptions
from retab_mcp.settings import KeySource

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
_NO_METADATA = "it does not answer with its metadata"


# Why a token is refused: the word in the log, and the rest of the sentence for the caller.
_REFUSALS: dict[type, tuple[str, str]] = {
    jwt.ExpiredSignatureError: ("expired", "has expired. Get a new one"),
    jwt.InvalidAudienceError: ("audience", "is for another audience than this server"),
    jwt.InvalidIssuerError: ("issuer", "names another issuer"),
    jwt.ImmatureSignatureError: ("not_yet_valid", "is not valid yet. Check the issuer's clock"),
    jwt.InvalidIssuedAtError: ("not_yet_valid", "is not valid yet. Check the issuer's clock"),
    jwt.MissingRequiredClaimError: ("claims", "needs the claims exp, iss, aud and sub"),
    jwt.exceptions.InvalidSubjectError: ("claims", "needs a text as its subject"),
    jwt.InvalidSignatureError: ("signature", "has a wrong signature"),
    jwt.PyJWKClientError: ("unknown_key", "is signed by a key that the issuer does not publish"),
}
_MALFORMED = ("malformed_token", "is not a token of this server's issuer")


class IssuerError(CredentialError):
    """The issuer's keys cannot be fetched, so that no token can be checked."""

    def __init__(self) -> None:
        super().__init__("The keys of the token issuer cannot be fetched. Try again.", "no_issuer")


class JwtVerifier:
    """Check signature, issuer, audience and times of a JWT."""

    def __init__(self, issuer: str, audience: str) -> None:
        self._issuer = issuer
        self._audience = audience
        self._key_set: jwt.PyJWKClient | None = None
        self._threads = anyio.CapacityLimiter(MAX_THREADS)

    async def subject_of(self, token: str) -> str:
        """Return the subject of a valid token.

        Raises CredentialError for any other token, IssuerError if the keys cannot be fetched.
        """
        try:
            # Checked first, so that a forged token causes no request to the issuer.
            if jwt.get_unverified_header(token).get("alg") not in ALGORITHMS:
                raise jwt.InvalidAlgorithmError
            key = await anyio.to_thread.run_sync(self._signing_key, token, limiter=self._threads)
            subject: str = self._decode(token, key)["sub"]
        except jwt.PyJWKClientConnectionError as error:
            logger.error("The issuer's signing keys cannot be fetched: %s", error)
            raise IssuerError from None
        except (jwt.PyJWTError, ValueError) as error:
            raise _refusal(error, token) from None
        return subject

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


def _refusal(error: Exception, token: str) -> CredentialError:
    kind = next((kind for kind in type(error).__mro__ if kind in _REFUSALS), None)
    reason, sentence = _REFUSALS[kind] if kind is not None else _MALFORMED
    return CredentialError(f"The token {sentence}.", reason, _claimed_subject(token))


def _claimed_subject(token: str) -> str:
    """Return the name for the log of who a refused token claims to be for, empty if unreadable."""
    try:
        subject = jwt.decode(token, options={"verify_signature": False}).get("sub")
    except (jwt.PyJWTError, ValueError):
        return ""
    return f"{subject_name(subject)}?" if isinstance(subject, str) else ""


def find_key_set(issuer: str) -> str:
    """Return the URL of the issuer's signing keys from its OpenID Connect metadata; blocks.

    For an issuer without metadata that is `/.well-known/jwks.json`. Raises
    PyJWKClientConnectionError if the issuer does not answer, or not with metadata of its own.
    """
    base = issuer.rstrip("/")
    try:
        with urllib.request.urlopen(base + _METADATA_PATH, timeout=FETCH_SECONDS) as response:  # noqa: S310 (HttpOptions.check accepts only http and https)
            metadata = json.loads(response.read(MAX_METADATA_BYTES))
        url, named = str(metadata["jwks_uri"]), str(metadata["issuer"])
    except HTTPError as error:
        error.close()
        if error.code != HTTPStatus.NOT_FOUND:
            raise jwt.PyJWKClientConnectionError(_NO_METADATA) from None
        return base + _KEY_SET_PATH
    except (URLError, OSError, ValueError, LookupError, TypeError):
        raise jwt.PyJWKClientConnectionError(_NO_METADATA) from None
    # OpenID Connect Discovery 1.0, 4.3: keys of another issuer must not be accepted as this one's.
    if named.rstrip("/") != base:
        raise jwt.PyJWKClientConnectionError("its metadata names another issuer")
    if url.partition(":")[0] != issuer.partition(":")[0]:
        raise jwt.PyJWKClientConnectionError("its keys are not on the scheme of the issuer")
    return url


class TokenAuth:
    """Serve requests with a valid token, using the Retab key of the token's subject.

    A request without one is refused with the URL of the metadata that names the issuer (RFC 9728).
    """

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        keys: KeysFile,
        verifier: JwtVerifier,
        metadata_url: str,
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._keys = keys
        self._verifier = verifier
        self._challenge = {
            "WWW-Authenticate": f'Bearer error="invalid_token", resource_metadata="{metadata_url}"'
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        headers: dict[str, str] = {}
        refusal: CredentialError
        try:
            subject = await self._verifier.subject_of(_token_in(Headers(scope=scope)))
        except IssuerError as error:
            status, refusal = HTTPStatus.SERVICE_UNAVAILABLE, error
        except CredentialError as error:
            status, refusal, headers = HTTPStatus.UNAUTHORIZED, error, self._challenge
        else:
            key = self._keys.key_of(subject)
            if key:
                set_caller(scope, Caller.with_key(key, subject=subject, source=KeySource.KEYS_FILE))
                await self._app(scope, receive, send)
                return
            status, refusal = self._without_key(subject)
        await refuse(
            *(scope, receive, send, self._metrics, status, str(refusal), headers),
            reason=refusal.reason,
            caller=refusal.caller,
        )

    def _without_key(self, subject: str) -> tuple[HTTPStatus, CredentialError]:
        name = subject_name(subject)
        if self._keys.problem():
            message = "This server cannot read its keys. Ask its operator to check its log."
            return HTTPStatus.SERVICE_UNAVAILABLE, CredentialError(message, "keys_file", name)
        message = "The subject of the token has no Retab key on this server. Ask its operator."
        return HTTPStatus.FORBIDDEN, CredentialError(message, "no_key_for_subject", name)


def _token_in(headers: Headers) -> str:
    tokens = [read_bearer(value) for value in headers.getlist("authorization")]
    if "api-key" in headers:
        message = "Send a token of this server's issuer (Authorization: Bearer), no Retab key."
        raise CredentialError(message, "retab_key")
    if len(tokens) != 1:
        message = "Send a token of this server's issuer: Authorization: Bearer <token>."
        raise CredentialError(message, "several_credentials" if tokens else "no_credential")
    return tokens[0]


def with_oauth(app: ASGIApp, metrics: Metrics, options: HttpOptions, keys: KeysFile) -> ASGIApp:
    """Wrap `app` so that it serves only requests with a valid token."""
    metadata_url = str(build_resource_metadata_url(AnyHttpUrl(options.audience)))
    verifier = JwtVerifier(options.issuer, options.audience)
    return TokenAuth(app, metrics, keys, verifier, metadata_url)


def metadata_routes(options: HttpOptions) -> list[Route]:
    """Return the route of the metadata that names this server's token issuer (RFC 9728)."""
    return create_protected_resource_routes(
        AnyHttpUrl(options.audience), [AnyHttpUrl(options.issuer)]
    )
