"""Which addresses a Retab API may have."""

import ipaddress
import re
from urllib.parse import urlsplit

# Name or IPv4 address, or IPv6 address in brackets, and perhaps a port: what is left of a URL's
# authority when user names, spaces and look-alike letters are not let in.
_AUTHORITY = re.compile(
    r"([a-z0-9][a-z0-9.-]*|\[[0-9a-f:.]+\])(:\d{1,5})?", re.ASCII | re.IGNORECASE
)

# A path before the API's own, for a gateway: plain words.
_PREFIX = re.compile(r"(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*", re.ASCII)

_VERSION_SUFFIX = "/v1"


def parse_base_url(text: str) -> str:
    """Check the base URL of a Retab API and return it without trailing slash and `/v1`.

    That `/v1` may stand at its end is the vendor's rule: older clients wanted it there. https
    anywhere, http on loopback only, so that the key is never sent in clear over a network.
    Raises ValueError with a sentence that does not repeat `text` (it may hold a password).
    """
    url = text.strip()
    if not re.match(r"https?://", url, re.IGNORECASE):
        raise ValueError("The base URL of Retab must begin with https://.")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ValueError("The base URL of Retab is not a URL.") from None
    if "@" in parts.netloc:
        raise ValueError("The base URL of Retab must not hold a user name or password.")
    if "?" in url or "#" in url:
        raise ValueError("The base URL of Retab must not have a query or fragment.")
    prefix = parts.path.rstrip("/").removesuffix(_VERSION_SUFFIX)
    if not _AUTHORITY.fullmatch(parts.netloc) or not _PREFIX.fullmatch(prefix):
        raise ValueError("The base URL of Retab is not a plain https://host[:port].")
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError("The base URL of Retab must be https, except on this machine itself.")
    return f"{parts.scheme}://{parts.netloc.lower()}{prefix}"


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address without brackets, is this machine itself."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
