"""Which callers have a key that Retab has accepted."""

import time
from collections.abc import Callable
from http import HTTPStatus

from cachetools import TTLCache

# Longer than a working session pauses. A caller that returns later is a stranger for one call.
TTL_SECONDS = 3600.0
# Only Retab adds to them, so strangers cannot push callers out.
MAX_CALLERS = 10_000


class AcceptedCallers:
    """Fingerprints of keys that Retab has accepted within the last hour.

    Until then a key may be made up, so such callers share the few places of strangers.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._accepted: TTLCache[str, None] = TTLCache(MAX_CALLERS, TTL_SECONDS, timer=clock)

    def __contains__(self, fingerprint: str) -> bool:
        return fingerprint in self._accepted

    def answered(self, fingerprint: str, status: int | None) -> None:
        """Record the `status` of Retab's response to a caller, None without a response."""
        if status is None:
            return
        if status < HTTPStatus.MULTIPLE_CHOICES:
            self._accepted[fingerprint] = None
        elif status == HTTPStatus.UNAUTHORIZED:
            self._accepted.pop(fingerprint, None)
