"""The time limit of one tool call, shared by all its requests."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

# A monotonic clock in seconds, and a sleep in seconds: injected, so that tests need not wait.
Clock: TypeAlias = Callable[[], float]
Sleep: TypeAlias = Callable[[float], Awaitable[None]]


class Deadline:
    """A time limit that ends `seconds` after its creation, measured by `clock`."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._end = clock() + seconds

    def remaining(self) -> float:
        """Return the seconds left, at least 0."""
        return max(0.0, self._end - self._clock())

    @property
    def expired(self) -> bool:
        """Return whether no time is left."""
        return self.remaining() == 0.0
