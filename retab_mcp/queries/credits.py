"""Read what a run cost, next to other reads and only if that takes little."""

import anyio

from retab_mcp.models import Run
from retab_mcp.queries.inspector import Inspector
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.generations.registry import generation_of
from retab_mcp.retab.usage import RunCredits

# Credits add to an answer that is complete without them.
READ_SECONDS = 5.0


async def read_credits(inspector: Inspector, run: Run) -> RunCredits | None:
    """Return the credits of a finished run: none used if they are unknown, None to ask again."""
    if not run.finished or not generation_of(run).usage:
        return None
    if cached := inspector.cached_credits(run):
        return cached
    with anyio.move_on_after(READ_SECONDS):
        try:
            return await inspector.api.get_run_credits(run) or RunCredits()
        except RetabError as error:
            # Servers from before 14 July 2026 lack the route, and not every key may read it.
            return None if error.retryable else RunCredits()
    return None
