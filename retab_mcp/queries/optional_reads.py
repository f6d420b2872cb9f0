"""Reads that an answer can do without: a failure becomes a gap in words."""

from collections.abc import Awaitable
from typing import TypeVar

from retab_mcp.models import ErrorKind
from retab_mcp.queries.errors import QuestionError
from retab_mcp.retab.errors import RetabError

T = TypeVar("T")


class Asked:
    """Makes optional reads and keeps in `gaps`, in words, what could not be read."""

    def __init__(self) -> None:
        """Begin without gaps."""
        self.gaps: list[str] = []

    async def unless_failed(self, what: str, asking: Awaitable[T]) -> T | None:
        """Return what `asking` gives; None, and a gap of the name `what`, where it fails."""
        return await self._unless(what, asking, spared=())

    async def unless_unsupported(self, what: str, asking: Awaitable[T]) -> T | None:
        """Like `unless_failed`; what this server has never had is not missing."""
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
