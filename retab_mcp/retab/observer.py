"""Hooks for monitoring requests to Retab; they see counts, never contents."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass


@dataclass
class Attempt:
    """A request to Retab; `status` and `size` are set when it ends.

    `template` is the path of the route with the names of its ids in braces. `number` is 0 for
    the first attempt and counts retries from 1. `size` is the decompressed body in bytes, `date`
    the time that the server sent in its header of this name.
    """

    template: str
    number: int
    status: int | None = None
    size: int = 0
    date: str | None = None


class Observer:
    """Receives every request to Retab and every cache look-up; this base class ignores them."""

    def attempt(self, attempt: Attempt) -> AbstractContextManager[None]:
        """Return the context in which `attempt` is made; a failure leaves it as RetabError."""
        return nullcontext()

    def looked_up(self, *, hit: bool) -> None:
        """Receive whether a run was found in the cache."""
