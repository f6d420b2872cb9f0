"""Check the base URL of the Retab API."""

import ipaddress
import re
from urllib.parse import urlsplit

# A name, an IPv4 address or an IPv6 address in brackets, with an optional port: no user names,
# spaces or look-alike letters.
_AUTHORITY = re.compile(
    r"([a-z0-9][a-z0-9.-]*|\[[0-9a-f:.]+\])(:\d{1,5})?", re.ASCII | re.IGNORECASE
)

# The path of a gateway in front of the API.
_PREFIX = re.compile(r"(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*", re.ASCII)

_VERSION_SUFFIX = "/v1"


def parse_base_url(text: str) -> str:
    """Return the base URL of a Retab API without trailing slash and `/v1`.

    A trailing `/v1` is accepted because Retab's older clients required it. http is accepted on
    loopback only, so that the key is never sent in clear over a network. Raises ValueError with a
    message that does not repeat `text`, which may contain a password.
    """
    url = text.strip()
    if not re.match(r"https?://", url, re.IGNORECASE):
        raise ValueError("The base URL of Retab must start with https://.")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ValueError("The base URL of Retab is not a valid URL.") from None
    if "@" in parts.netloc:
        raise ValueError("The base URL of Retab must not contain a user name or password.")
    if "?" in url or "#" in url:
        raise ValueError("The base URL of Retab must not have a query or fragment.")
    prefix = parts.path.rstrip("/").removesuffix(_VERSION_SUFFIX)
    if not _AUTHORITY.fullmatch(parts.netloc) or not _PREFIX.fullmatch(prefix):
        raise ValueError("The base URL of Retab is not a plain https://host[:port].")
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError("The base URL of Retab must use https, except on loopback.")
    return f"{parts.scheme}://{parts.netloc.lower()}{prefix}"


def is_loopback(host: str) -> bool:
    """Return whether `host`, a name or an address without brackets, is this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
