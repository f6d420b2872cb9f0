"""Lists of runs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from retab_mcp.models import ErrorKind, Run, Status
from retab_mcp.retab import routes
from retab_mcp.retab.client import Reply
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize import rows_from_wire, run_from_wire
from retab_mcp.retab.paging import Get

# The page that every generation takes at most.
MAX_RUNS_LIMIT = 100

# What `awaiting_review` was called until 20 May 2026.
_OLDER_AWAITING_REVIEW = "waiting_for_human"


@dataclass(frozen=True)
class RunFilter:
    """Which runs to list; empty fields mean any.

    Statuses are words of the one vocabulary, dates YYYY-MM-DD (both ends included), durations
    milliseconds over 0 (the API ignores 0), `search` the beginning of a run id. All pairs of
    `metadata` must match. Runs are newest first.
    """

    workflow_id: str = ""
    status: str = ""
    exclude_status: str = ""
    trigger_type: str = ""
    from_date: str = ""
    to_date: str = ""
    min_duration_ms: int = 0
    max_duration_ms: int = 0
    search: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RunList:
    """A page of runs; `next_cursor` is None at the end. `unread` counts rows that were no runs."""

    runs: tuple[Run, ...]
    next_cursor: str | None = None
    unread: int = 0


async def runs_page(get: Get, wanted: RunFilter, *, limit: int, after: str | None) -> RunList:
    """Return a page of runs, at most `limit` (1 to 100), behind the cursor `after`.

    Raises RetabError, `unsupported` for a metadata filter that the server does not have.
    """
    reply = await _ask(get, wanted, limit, after)
    rows = rows_from_wire(reply.json)
    # Until July 2026 servers ignored a filter by metadata and listed all runs.
    if wanted.metadata and any("metadata" not in row for row in rows.items):
        raise RetabError(
            ErrorKind.UNSUPPORTED, "This Retab server does not filter runs by metadata."
        )
    runs = tuple(run_from_wire(row) for row in rows.items)
    return RunList(runs, rows.next_cursor, rows.unread)


async def _ask(get: Get, wanted: RunFilter, limit: int, after: str | None) -> Reply:
    params = {**_params(wanted), "limit": limit, "after": after}
    try:
        return await get(routes.RUNS, {}, params)
    except RetabError as error:
        older = {
            name: _OLDER_AWAITING_REVIEW
            for name in ("status", "exclude_status")
            if params[name] == Status.AWAITING_REVIEW
        }
        if not older or error.status != HTTPStatus.UNPROCESSABLE_ENTITY:
            raise
        return await get(routes.RUNS, {}, {**params, **older})


def _params(wanted: RunFilter) -> dict[str, str | int | None]:
    shortest, longest = wanted.min_duration_ms or None, wanted.max_duration_ms or None
    return {
        "workflow_id": wanted.workflow_id or None,
        "status": wanted.status or None,
        "exclude_status": wanted.exclude_status or None,
        "trigger_type": wanted.trigger_type or None,
        "from_date": wanted.from_date or None,
        "to_date": wanted.to_date or None,
        # Until 21 May 2026 the names were without the unit; a server ignores the other ones.
        "min_duration": shortest,
        "min_duration_ms": shortest,
        "max_duration": longest,
        "max_duration_ms": longest,
        "search": wanted.search or None,
        "metadata": json.dumps(dict(wanted.metadata)) if wanted.metadata else None,
    }
