"""The time that one question may take, shared by all that is done for it."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

# A monotonic clock: seconds since some point in the past. Injected, so that tests need not wait.
Clock: TypeAlias = Callable[[], float]
Sleep: TypeAlias = Callable[[float], Awaitable[None]]


class Deadline:
    """A point in time, `seconds` after it is made, by `clock`."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._end = clock() + seconds

    def remaining(self) -> float:
        """Seconds left, 0 when none are."""
        return max(0.0, self._end - self._clock())

    @property
    def expired(self) -> bool:
        """Whether no time is left."""
        return self.remaining() == 0.0
