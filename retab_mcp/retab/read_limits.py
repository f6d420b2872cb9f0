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
        self._allowed: int | None = None

    def allow(self, requests: int) -> None:
        """Permit this many more requests, not counting pages of steps."""
        self._allowed = requests

    @property
    def left(self) -> int:
        """The requests that may still be sent, not counting pages of steps."""
        every = MAX_REQUESTS - self._requests
        return every if self._allowed is None else min(every, self._allowed)

    def check(self, *, page_of_steps: bool = False) -> None:
        """Count a request about to be sent. Raises RetabError `timeout` beyond the limits.

        This kind makes readers keep what they have read so far.
        """
        if self._requests >= MAX_REQUESTS:
            raise _reached(f"{MAX_REQUESTS} requests")
        if self._bytes >= MAX_BYTES:
            raise _reached(f"{MAX_BYTES // 1_000_000} MB")
        if self._allowed is not None and not page_of_steps:
            if self._allowed <= 0:
                raise _reached("requests")
            self._allowed -= 1
        self._requests += 1

    def spend(self, size: int) -> None:
        """Count the bytes of a response."""
        self._bytes += size


def _reached(limit: str) -> RetabError:
    return RetabError(
        ErrorKind.TIMEOUT, f"The limit of {limit} for one call was reached.", retryable=False
    )
