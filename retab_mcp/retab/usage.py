"""Read what the blocks of a run cost in credits, from /v1/usage/primitives (since 14 July 2026)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

from retab_mcp.models import Run
from retab_mcp.retab import routes
from retab_mcp.retab.client import Params
from retab_mcp.retab.normalize import rows_from_wire
from retab_mcp.retab.normalize.fields import first_text
from retab_mcp.retab.paging import Get

# The API's maximum; a row is small, and there is one for each document that a model read.
USAGE_PAGE_SIZE = 10_000
# Credits are sums of decimal fractions.
_DIGITS = 6


@dataclass(frozen=True)
class RunCredits:
    """The credits of a run: `total`, and of each block that used any, over all its steps."""

    total: float = 0.0
    by_block: Mapping[str, float] = field(default_factory=dict)


async def run_credits(get: Get, run: Run) -> RunCredits | None:
    """Return the credits of a finished run; None if the list is not known to be whole.

    Only for generations with `usage`. Raises RetabError.
    """
    if run.created_at is None or run.completed_at is None:
        return None
    params: Params = {
        "run_id": run.id,
        "from_date": run.created_at.date().isoformat(),
        "to_date": run.completed_at.date().isoformat(),
        "limit": USAGE_PAGE_SIZE,
    }
    rows = rows_from_wire((await get(routes.USAGE_PRIMITIVES, {}, params)).json)
    total, by_block = 0.0, defaultdict[str, float](float)
    for row in rows.items:
        spent = row.get("credits")
        # A server that does not know the filter lists all runs, perhaps not all of this one.
        if first_text(row, "run_id") != run.id or not isinstance(spent, int | float):
            return None
        if not isfinite(spent):
            return None
        total += spent
        if block_id := first_text(row, "block_id"):
            by_block[block_id] += spent
    if rows.next_cursor is not None or rows.unread or not rows.found:
        return None
    return RunCredits(
        round(total, _DIGITS), {name: round(sum_, _DIGITS) for name, sum_ in by_block.items()}
    )
