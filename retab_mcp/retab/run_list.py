"""List runs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from retab_mcp.models import ErrorKind, Run
from retab_mcp.retab import routes
from retab_mcp.retab.client import Reply
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.generations.registry import names
from retab_mcp.retab.normalize import rows_from_wire, run_from_wire
from retab_mcp.retab.paging import Get

# The maximum in every generation.
MAX_RUNS_LIMIT = 100


@dataclass(frozen=True)
class RunFilter:
    """Which runs to list; an empty field means any.

    Statuses are normal words, dates YYYY-MM-DD (both inclusive), durations milliseconds above 0
    (the API ignores 0), `search` is a prefix of the run id. All pairs of `metadata` must match.
    `oldest_first` reverses the order.
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
    oldest_first: bool = False


@dataclass(frozen=True)
class RunList:
    """A page of runs, newest first; `next_cursor` is None at the end. `unread` counts bad rows."""

    runs: tuple[Run, ...]
    next_cursor: str | None = None
    unread: int = 0


async def runs_page(get: Get, wanted: RunFilter, *, limit: int, after: str | None) -> RunList:
    """Return a page of at most `limit` (1 to 100) runs after the cursor `after`.

    Raises RetabError, `unsupported` when the server cannot filter by metadata.
    """
    reply = await _ask(get, wanted, limit, after)
    rows = rows_from_wire(reply.json)
    # Until July 2026 servers ignored this filter and listed all runs.
    if wanted.metadata and any("metadata" not in row for row in rows.items):
        raise RetabError(ErrorKind.UNSUPPORTED, "This Retab server cannot filter runs by metadata.")
    runs = tuple(run_from_wire(row) for row in rows.items)
    return RunList(runs, rows.next_cursor, rows.unread)


async def _ask(get: Get, wanted: RunFilter, limit: int, after: str | None) -> Reply:
    params = {**_params(wanted), "limit": limit, "after": after}
    try:
        return await get(routes.RUNS, {}, params)
    except RetabError as error:
        older = {
            name: words[-1]
            for name in ("status", "exclude_status")
            if len(words := names("run_status", str(params[name]))) > 1
        }
        if not older or error.status != HTTPStatus.UNPROCESSABLE_ENTITY:
            raise
        return await get(routes.RUNS, {}, {**params, **older})


def _params(wanted: RunFilter) -> dict[str, str | int | None]:
    # Servers ignore filters that they do not know, so each is sent under all of its names.
    durations = {
        name: value or None
        for field, value in (
            ("min_duration_ms", wanted.min_duration_ms),
            ("max_duration_ms", wanted.max_duration_ms),
        )
        for name in names("run_filter", field)
    }
    return {
        "workflow_id": wanted.workflow_id or None,
        "status": wanted.status or None,
        "exclude_status": wanted.exclude_status or None,
        "trigger_type": wanted.trigger_type or None,
        "from_date": wanted.from_date or None,
        "to_date": wanted.to_date or None,
        **durations,
        "search": wanted.search or None,
        "order": "asc" if wanted.oldest_first else None,
        "metadata": json.dumps(dict(wanted.metadata)) if wanted.metadata else None,
    }
