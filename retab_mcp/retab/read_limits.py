"""Limits on what one tool call reads from Retab, even from a list that never ends."""

from retab_mcp.models import ErrorKind
from retab_mcp.retab.errors import RetabError

# A run of 10,000 steps takes 20 requests, or a few hundred if its payloads are large. Without a
# limit, a cursor that never ends would be followed until the deadline.
MAX_REQUESTS = 500
MAX_BYTES = 1_000_000_000


class ReadLimits:
    """Counts the requests and bytes of one call."""

    def __init__(self) -> None:
        """Start both counts at 0."""
        self._requests = 0
        self._bytes = 0

    def check(self) -> None:
        """Count a request about to be sent. Raises RetabError `timeout` beyond the limits.

        This kind makes readers keep what they have read so far.
        """
        if self._requests >= MAX_REQUESTS:
            raise _reached(f"{MAX_REQUESTS} requests")
        if self._bytes >= MAX_BYTES:
            raise _reached(f"{MAX_BYTES // 1_000_000} MB")
        self._requests += 1

    def spend(self, size: int) -> None:
        """Count the bytes of a response."""
        self._bytes += size


def _reached(limit: str) -> RetabError:
    return RetabError(
        ErrorKind.TIMEOUT, f"The limit of {limit} for one call was reached.", retryable=False
    )
