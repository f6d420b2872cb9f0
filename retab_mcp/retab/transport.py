"""Send one HTTP request with httpx, within limits, and translate its failures.

Imported with the first request, since importing httpx takes longer than starting the server.
"""

import logging
import socket
import ssl
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TypeAlias
from urllib.parse import urlsplit

import httpx

from retab_mcp import __version__
from retab_mcp.models import ErrorKind
from retab_mcp.retab.base_url import is_loopback
from retab_mcp.retab.errors import RetabError, read_request_id

QueryParams: TypeAlias = Mapping[str, str | int | float | bool | Sequence[str]]

# A running server accepts a connection within this time.
CONNECT_SECONDS = 5.0

# Maximum wait between two parts of a body. Retab takes seconds for a page of large steps.
READ_SECONDS = 30.0

# An idle connection is kept for this long; httpx's default of 5 s is less than an assistant thinks.
KEEP_SECONDS = 30.0

# Error bodies are short; the start of a longer one, such as a proxy's page, is enough.
MAX_ERROR_BODY_BYTES = 64 * 1024

# Only gzip is accepted: it expands a part of 64 KB at most about 1,000 times. Other and nested
# encodings have no such bound.
_ENCODINGS = frozenset({"", "identity", "gzip"})

# For failures that a later call does not change.
_CHECK_NETWORK = (
    "Ask the person who runs this server to check RETAB_API_BASE_URL, HTTPS_PROXY and the network."
)
_TRUST = (
    "Ask the person who runs this server to name the file of the certificates that sign it (a "
    "company's own CA, a proxy) in SSL_CERT_FILE, and to restart it."
)

_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "User-Agent": f"retab-mcp/{__version__}",
}


@dataclass(frozen=True)
class Response:
    """A response: `headers` by lower-case name, `body` decompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytearray

    @property
    def request_id(self) -> str | None:
        """Return Retab's id of the request, None without one."""
        return read_request_id(self.headers)


def open_client(
    base_url: str,
    transport: httpx.AsyncBaseTransport | None = None,
    tls: ssl.SSLContext | None = None,
) -> httpx.AsyncClient:
    """Return a client for the API at `base_url` that keeps one connection.

    `transport` replaces the network; `tls` is by default a new `tls_context`. Raises RetabError
    not_configured if a proxy or a file of certificates that is set in the environment cannot be
    used.
    """
    for name in ("httpx", "httpcore"):
        # They log full URLs with ids and query.
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        return httpx.AsyncClient(
            transport=transport,
            verify=tls or (True if transport else tls_context(base_url)),
            headers=_HEADERS,
            limits=httpx.Limits(
                max_connections=1, max_keepalive_connections=1, keepalive_expiry=KEEP_SECONDS
            ),
            follow_redirects=False,
            # Cookies would pass from one caller's request to another's.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            trust_env=_trusts_environment(base_url),
        )
    except ImportError:
        raise _setting_error(
            "This machine's proxy is a SOCKS proxy, for which a package is missing.",
            "install httpx[socks] next to retab-mcp, or name an http proxy in HTTPS_PROXY",
        ) from None
    except (ValueError, httpx.InvalidURL):
        raise _setting_error(
            "The proxy that is set in the environment is not a URL.",
            "correct HTTPS_PROXY or ALL_PROXY (http://host:port)",
        ) from None


def tls_context(base_url: str) -> ssl.SSLContext:
    """Return which certificates to trust.

    Raises RetabError not_configured if the file that is set in the environment cannot be used.
    """
    try:
        return httpx.create_ssl_context(trust_env=_trusts_environment(base_url))
    except OSError:
        raise _setting_error(
            "The file of trusted certificates that is set in the environment cannot be read.",
            "correct SSL_CERT_FILE or SSL_CERT_DIR",
        ) from None


def _trusts_environment(base_url: str) -> bool:
    """Return whether the environment counts; its proxy would receive, in clear, a key for here."""
    return not is_loopback(urlsplit(base_url).hostname or "")


def _setting_error(message: str, correction: str) -> RetabError:
    hint = f"Ask the person who runs this server to {correction}, and to restart it."
    return RetabError(ErrorKind.NOT_CONFIGURED, message, hint=hint)


async def fetch(
    client: httpx.AsyncClient,
    url: str,
    query: QueryParams,
    headers: Mapping[str, str],
    *,
    seconds: float,
    max_body_bytes: int,
) -> Response:
    """GET `url` (percent-encoded, without query) and return the response, whatever its status.

    No single wait exceeds `seconds`; the whole request may. Raises RetabError: timeout,
    unavailable (no connection, or a broken one), too_large (a body over `max_body_bytes`,
    decompressed), bad_response (an unreadable encoding), invalid_argument (a query that does not
    fit a URL).
    """
    timeout = httpx.Timeout(
        min(READ_SECONDS, seconds), connect=min(CONNECT_SECONDS, seconds), pool=seconds
    )
    request = _build_request(client, url, query, headers, timeout)
    try:
        response = await client.send(request, stream=True)
        try:
            body = await _read_body(response, max_body_bytes)
        finally:
            await response.aclose()
    except httpx.DecodingError:
        raise RetabError(
            ErrorKind.BAD_RESPONSE, "Retab's response could not be decompressed."
        ) from None
    except httpx.TransportError as error:
        raise _describe(error, _proxy_of(url)) from None
    return Response(response.status_code, dict(response.headers), body)


def _build_request(
    client: httpx.AsyncClient,
    url: str,
    query: QueryParams,
    headers: Mapping[str, str],
    timeout: httpx.Timeout,
) -> httpx.Request:
    try:
        request = client.build_request("GET", url, params=query, headers=headers, timeout=timeout)
    except (httpx.InvalidURL, UnicodeEncodeError):
        raise RetabError(
            ErrorKind.INVALID_ARGUMENT,
            "An argument is too long for a URL or contains characters that are not allowed in one.",
        ) from None
    # The path was checked before; make sure that httpx did not change it.
    if request.url.raw_path.decode().partition("?")[0] != urlsplit(url).path:
        raise RetabError(
            ErrorKind.INTERNAL,
            "The HTTP library changed the URL after it was checked.",
        )
    return request


async def _read_body(response: httpx.Response, max_body_bytes: int) -> bytearray:
    if response.headers.get("content-encoding", "").strip().lower() not in _ENCODINGS:
        raise RetabError(
            ErrorKind.BAD_RESPONSE,
            "Retab's response has a compression that was not requested.",
            status=response.status_code,
        )
    is_error = response.status_code >= HTTPStatus.BAD_REQUEST
    limit = MAX_ERROR_BODY_BYTES if is_error else max_body_bytes
    announced = response.headers.get("content-length", "")
    body = bytearray()
    if is_error or not _is_over(announced, limit):
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > limit:
                break
        else:
            return body
    if is_error:
        return body[:limit]
    raise RetabError(
        ErrorKind.TOO_LARGE,
        f"Retab's response is larger than {limit:,} bytes.",
        status=response.status_code,
        request_id=read_request_id(response.headers),
    )


def _is_over(announced: str, limit: int) -> bool:
    return announced.isascii() and announced.isdigit() and int(announced) > limit


def _proxy_of(url: str) -> bool:
    """Return whether requests to `url` go through a proxy that is set in the environment."""
    host = urlsplit(url).hostname or ""
    proxies = urllib.request.getproxies()
    return bool(proxies.get("https") or proxies.get("all")) and not (
        is_loopback(host) or urllib.request.proxy_bypass(host)
    )


def _describe(error: httpx.TransportError, proxied: bool) -> RetabError:
    other = "proxy in front of Retab (HTTPS_PROXY)" if proxied else "Retab API"
    if isinstance(error, httpx.ConnectTimeout):
        return RetabError(ErrorKind.TIMEOUT, "Retab did not accept a connection in time.")
    if isinstance(error, httpx.TimeoutException):
        return RetabError(ErrorKind.TIMEOUT, "Retab did not answer in time.")
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return RetabError(
                ErrorKind.UNAVAILABLE,
                f"The host name of the {other} could not be resolved.",
                hint="" if cause.errno == socket.EAI_AGAIN else _CHECK_NETWORK,
                retryable=cause.errno == socket.EAI_AGAIN,
            )
        if isinstance(cause, ssl.SSLCertVerificationError):
            return RetabError(
                ErrorKind.UNAVAILABLE,
                "The certificate of the Retab API is not trusted on this machine.",
                hint=_TRUST,
                retryable=False,
            )
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError):
            return RetabError(
                ErrorKind.UNAVAILABLE,
                "The TLS handshake with the Retab API failed.",
                hint=_CHECK_NETWORK,
                retryable=False,
            )
        if isinstance(cause, ConnectionRefusedError):
            return RetabError(ErrorKind.UNAVAILABLE, f"The {other} refused the connection.")
    if isinstance(error, httpx.ProxyError):
        return _describe_proxy_error(error)
    if isinstance(error, httpx.ConnectError):
        return RetabError(ErrorKind.UNAVAILABLE, f"The connection to the {other} failed.")
    if isinstance(error, httpx.LocalProtocolError | httpx.UnsupportedProtocol):
        return RetabError(ErrorKind.INTERNAL, "The request to Retab could not be sent.")
    return RetabError(
        ErrorKind.UNAVAILABLE, "The connection to Retab broke before the response was complete."
    )


def _describe_proxy_error(error: httpx.ProxyError) -> RetabError:
    """Return the error for a proxy that answers, but not with a connection to Retab."""
    if str(error).startswith(str(HTTPStatus.PROXY_AUTHENTICATION_REQUIRED.value)):
        return RetabError(
            ErrorKind.UNAVAILABLE,
            "The proxy in front of Retab asks for a user name and a password.",
            hint="Ask the person who runs this server to put them into HTTPS_PROXY "
            "(http://user:password@host:port), and to restart it.",
            retryable=False,
        )
    return RetabError(ErrorKind.UNAVAILABLE, "The proxy refused the connection to Retab.")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield `error` and its causes, through the groups that anyio makes of several addresses."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                yield from _causes(inner)
        error = error.__cause__ or error.__context__
