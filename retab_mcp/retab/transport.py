"""One HTTP request by httpx, its bounds, and its failures in our words.

Imported when the first request is made: httpx costs more to import than a server to start.
"""

import logging
import socket
import ssl
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

# A server that is up accepts within this; more only delays saying that it is down.
CONNECT_SECONDS = 5.0

# Between two pieces of an answer. A page of steps with large payloads takes Retab seconds.
READ_SECONDS = 30.0

# httpx would keep 20 of them, for 5 s: with more callers than that at once, most requests would
# begin with a new connection and its TLS.
MAX_CONNECTIONS = 100
KEEP_SECONDS = 30.0

# Bodies of errors are short; of a longer one (a proxy's page) the beginning tells enough.
MAX_ERROR_BODY_BYTES = 64 * 1024

# Of the encodings only this is asked for and read: its ratio of about 1,000 to 1 keeps one piece
# of 64 KB within bounds, which those of other and of nested encodings do not.
_ENCODINGS = frozenset({"", "identity", "gzip"})

_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "User-Agent": f"retab-mcp/{__version__}",
}


@dataclass(frozen=True)
class Response:
    """What came back: `headers` by lower-case name, `body` decompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytearray

    @property
    def request_id(self) -> str | None:
        """Retab's id of the request, None when it gave none."""
        return read_request_id(self.headers)


def open_client(
    base_url: str, transport: httpx.AsyncBaseTransport | None = None
) -> httpx.AsyncClient:
    """A pooled client for the API at `base_url`; `transport` replaces the network in tests."""
    for name in ("httpx", "httpcore"):
        # They log whole URLs, ids and query included.
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return httpx.AsyncClient(
        transport=transport,
        headers=_HEADERS,
        limits=httpx.Limits(
            max_connections=MAX_CONNECTIONS,
            max_keepalive_connections=MAX_CONNECTIONS,
            keepalive_expiry=KEEP_SECONDS,
        ),
        follow_redirects=False,
        # Cookies would carry from one caller's request to another's.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        # A proxy from the environment would be sent, in clear, the key meant for this machine.
        trust_env=not is_loopback(urlsplit(base_url).hostname or ""),
    )


async def fetch(
    client: httpx.AsyncClient,
    url: str,
    query: QueryParams,
    headers: Mapping[str, str],
    *,
    seconds: float,
    max_body_bytes: int,
) -> Response:
    """GET `url` (percent-encoded, without query) and read the whole answer, whatever its status.

    No wait within the request is longer than `seconds`; the request as a whole may be. Raises
    RetabError: timeout, unavailable (no connection, or one that broke), too_large (a body over
    `max_body_bytes`, decompressed), bad_response (an encoding that cannot be read),
    invalid_argument (a query that no URL can hold).
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
            ErrorKind.BAD_RESPONSE, "Retab's answer could not be decompressed."
        ) from None
    except httpx.TransportError as error:
        raise _describe(error) from None
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
            "An argument is too long or holds characters no URL can hold.",
        ) from None
    # Whatever was checked about the path holds only as long as httpx sends it as it is.
    if request.url.raw_path.decode().partition("?")[0] != urlsplit(url).path:
        raise RetabError(
            ErrorKind.INTERNAL, "The URL of a request came out other than it was checked."
        )
    return request


async def _read_body(response: httpx.Response, max_body_bytes: int) -> bytearray:
    if response.headers.get("content-encoding", "").strip().lower() not in _ENCODINGS:
        raise RetabError(
            ErrorKind.BAD_RESPONSE,
            "Retab's answer is compressed in a way that was not asked for.",
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
        f"Retab's answer is larger than {limit:,} bytes.",
        status=response.status_code,
        request_id=read_request_id(response.headers),
    )


def _is_over(announced: str, limit: int) -> bool:
    return announced.isascii() and announced.isdigit() and int(announced) > limit


def _describe(error: httpx.TransportError) -> RetabError:
    if isinstance(error, httpx.ConnectTimeout):
        return RetabError(ErrorKind.TIMEOUT, "Retab did not accept a connection in time.")
    if isinstance(error, httpx.TimeoutException):
        return RetabError(ErrorKind.TIMEOUT, "Retab did not answer in time.")
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return RetabError(
                ErrorKind.UNAVAILABLE,
                "The host name of the Retab API could not be found.",
                retryable=cause.errno == socket.EAI_AGAIN,
            )
        if isinstance(cause, ssl.SSLCertVerificationError):
            return RetabError(
                ErrorKind.UNAVAILABLE,
                "The certificate of the Retab API is not trusted on this machine.",
                retryable=False,
            )
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError):
            return RetabError(
                ErrorKind.UNAVAILABLE,
                "No secure connection (TLS) could be made to the Retab API.",
                retryable=False,
            )
        if isinstance(cause, ConnectionRefusedError):
            return RetabError(ErrorKind.UNAVAILABLE, "The Retab API refuses connections.")
    if isinstance(error, httpx.ProxyError):
        return RetabError(
            ErrorKind.UNAVAILABLE, "The proxy on the way to Retab refuses the connection."
        )
    if isinstance(error, httpx.ConnectError):
        return RetabError(ErrorKind.UNAVAILABLE, "No connection to the Retab API could be made.")
    if isinstance(error, httpx.LocalProtocolError | httpx.UnsupportedProtocol):
        return RetabError(ErrorKind.INTERNAL, "The request to Retab could not be written.")
    return RetabError(
        ErrorKind.UNAVAILABLE, "The connection to Retab broke before the answer was whole."
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The chain that led to `error`, through the groups that anyio makes of several addresses."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                yield from _causes(inner)
        error = error.__cause__ or error.__context__
