"""The caller's API key: sent to Retab and never shown."""

import hashlib
import re
import secrets
import string
from typing import Literal, TypeAlias

from retab_mcp.models import ErrorKind
from retab_mcp.retab.errors import RetabError

# Retab accepts Bearer since 16 June 2026; older servers accept Api-Key only.
AuthScheme: TypeAlias = Literal["Bearer", "Api-Key"]

# Printable ASCII, as in every Retab key (about 50 characters). The HTTP library would quote any
# other value in its error.
_KEY = re.compile(r"[!-~]{1,1024}", re.ASCII)

# What a client sends in place of a key if its configuration is not right. No key looks like it.
_MISTAKES = (
    (
        re.compile(r"""["'`].*|.*["'`]""", re.DOTALL),
        "The Retab API key is set with quotation marks around it. Remove them.",
    ),
    (
        re.compile(r"\$[{(].*[)}]|\$\w+|%\w+%|\{\{.*\}\}|<.*>", re.DOTALL),
        "The Retab API key is a placeholder that was not replaced, such as ${NAME}. Set the key "
        "itself.",
    ),
    (
        re.compile(r"(bearer|api-key)[\s:].*", re.DOTALL | re.IGNORECASE),
        "The Retab API key is set with the name of its header in front. Set only the key.",
    ),
)

# Caches use fingerprints in place of keys. The hash is keyed per process, so that a fingerprint
# cannot be matched to a key from outside.
_FINGERPRINT_KEY = secrets.token_bytes(32)
_FINGERPRINT_BYTES = 16


class Credential:
    """An API key that can be sent and compared; its representation does not show it."""

    __slots__ = ("_key", "fingerprint")

    def __init__(self, key: str) -> None:
        """Accept a `key` as configured; surrounding ASCII whitespace is removed.

        Raises RetabError (not_configured) when it is empty or cannot be a key.
        """
        key = key.strip(string.whitespace)
        if not key:
            raise RetabError(ErrorKind.NOT_CONFIGURED, "No Retab API key is set.")
        for form, message in _MISTAKES:
            if form.fullmatch(key):
                raise RetabError(ErrorKind.NOT_CONFIGURED, message)
        if not _KEY.fullmatch(key):
            raise RetabError(
                ErrorKind.NOT_CONFIGURED,
                "The Retab API key contains characters that no Retab key has: keys consist of "
                "printable ASCII characters without spaces.",
            )
        self._key = key
        self.fingerprint = hashlib.blake2b(
            key.encode(), key=_FINGERPRINT_KEY, digest_size=_FINGERPRINT_BYTES
        ).hexdigest()

    def __repr__(self) -> str:
        return "Credential([redacted])"

    def header(self, scheme: AuthScheme) -> dict[str, str]:
        """Return the header that authenticates a request by `scheme`."""
        if scheme == "Bearer":
            return {"Authorization": f"Bearer {self._key}"}
        return {"Api-Key": self._key}
