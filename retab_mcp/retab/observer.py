"""What whoever watches this server may see of its dealings with Retab: counts, never contents."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass


@dataclass
class Attempt:
    """One request to Retab, as it is sent; `status` and `size` are filled in when it ends.

    `template` is the path of the route with the names of its ids in place of the ids. `number`
    counts from 0 and is over that where the same question was sent again. `size` is the body in
    bytes, decompressed.
    """

    template: str
    number: int
    status: int | None = None
    size: int = 0


class Observer:
    """Is told of every request to Retab and every look into the cache; this one does nothing."""

    def attempt(self, attempt: Attempt) -> AbstractContextManager[None]:
        """Return the context in which `attempt` is made; a failed one ends it with RetabError."""
        return nullcontext()

    def looked_up(self, *, hit: bool) -> None:
        """Take note of whether a run was remembered."""
