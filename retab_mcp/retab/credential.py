"""The caller's API key: sent to Retab, shown nowhere else."""

import hashlib
import re
import secrets
import string
from typing import Literal, TypeAlias

from retab_mcp.models import ErrorKind
from retab_mcp.retab.errors import RetabError

# Bearer is the header of the current API, Api-Key that of every generation before 2026-06-16.
AuthScheme: TypeAlias = Literal["Bearer", "Api-Key"]

# What a header can carry and a key of Retab's consists of. Longer is no key (about 50), and
# anything else would be quoted by the HTTP library in its complaint.
_KEY = re.compile(r"[!-~]{1,1024}", re.ASCII)

# Fingerprints stand for keys in caches: keyed per process, so that none can be told from another
# process or a dump what key it is of.
_FINGERPRINT_KEY = secrets.token_bytes(32)
_FINGERPRINT_BYTES = 16


class Credential:
    """An API key that can be sent and told from another, and that no text ever shows."""

    __slots__ = ("_key", "fingerprint")

    def __init__(self, key: str) -> None:
        """Take the `key` as it was configured; surrounding ASCII whitespace is dropped.

        Raises RetabError not_configured when it is empty or cannot be a key.
        """
        key = key.strip(string.whitespace)
        if not key:
            raise RetabError(ErrorKind.NOT_CONFIGURED, "No API key of Retab is set.")
        if not _KEY.fullmatch(key):
            raise RetabError(
                ErrorKind.NOT_CONFIGURED,
                "The API key holds characters that no key of Retab's holds.",
            )
        self._key = key
        self.fingerprint = hashlib.blake2b(
            key.encode(), key=_FINGERPRINT_KEY, digest_size=_FINGERPRINT_BYTES
        ).hexdigest()

    def __repr__(self) -> str:
        return "Credential([redacted])"

    def header(self, scheme: AuthScheme) -> dict[str, str]:
        """The one header that authenticates a request by `scheme`."""
        if scheme == "Bearer":
            return {"Authorization": f"Bearer {self._key}"}
        return {"Api-Key": self._key}
