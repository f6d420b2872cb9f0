"""Make reads that an answer can do without: a failure becomes a gap, not an error."""

from collections.abc import Awaitable
from typing import TypeVar

from retab_mcp.models import ErrorKind
from retab_mcp.queries.errors import QuestionError
from retab_mcp.retab.errors import RetabError

T = TypeVar("T")


class Asked:
    """Makes optional reads; `gaps` are sentences about what could not be read."""

    def __init__(self) -> None:
        """Begin without gaps."""
        self.gaps: list[str] = []

    async def unless_failed(self, what: str, asking: Awaitable[T]) -> T | None:
        """Return the result of `asking`; if it fails, None, and add a gap that names `what`."""
        return await self._unless(what, asking, spared=())

    async def unless_unsupported(self, what: str, asking: Awaitable[T]) -> T | None:
        """Do as `unless_failed`, but add no gap if the server does not support the read."""
        return await self._unless(what, asking, spared=(ErrorKind.UNSUPPORTED,))

    async def _unless(
        self, what: str, asking: Awaitable[T], spared: tuple[ErrorKind, ...]
    ) -> T | None:
        try:
            return await asking
        except (RetabError, QuestionError) as error:
            if error.kind not in spared:
                self.gaps.append(f"{what}: {error.message}")
            return None
