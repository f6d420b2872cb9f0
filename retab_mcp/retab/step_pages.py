"""Read the steps of a run page by page, from flat and nested routes."""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, replace

from retab_mcp.models import ErrorKind, Json, Run, Status, Step
from retab_mcp.retab import routes
from retab_mcp.retab.client import Params
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.generations.registry import generation_of
from retab_mcp.retab.normalize import Rows, rows_from_wire, step_from_wire, steps_from_wire
from retab_mcp.retab.normalize.fields import first_text
from retab_mcp.retab.paging import Get, read_pages

# The API's maximum is 1,000. With 500, a run of 1,000 steps has two pages, and the first is
# processed while the second is requested.
STEPS_PAGE_SIZE = 500

# The flat list rejects other words as a filter; steps of other statuses are filtered here.
_FILTERABLE = frozenset(Status)


@dataclass(frozen=True)
class StepPage:
    """Some steps of a run, in the API's order.

    `has_more` says whether another page follows. `unread` counts steps that exist but could not
    be read (too large, or not objects); `may_be_incomplete` says that there may be unreachable
    steps. `summaries_only` says that payloads are missing rather than empty: the steps are those
    embedded in the run, since the list is too large or does not exist.
    """

    steps: tuple[Step, ...]
    has_more: bool = False
    unread: int = 0
    may_be_incomplete: bool = False
    summaries_only: bool = False


@dataclass(frozen=True)
class StepFilter:
    """Which steps to read: with one of these statuses, of this block; empty means any."""

    statuses: Collection[str] = ()
    block_id: str = ""

    def apply(self, page: StepPage) -> StepPage:
        """Return the page without the steps that do not match."""
        kept = tuple(step for step in page.steps if self._wants(step))
        return replace(page, steps=kept)

    def params(self) -> dict[str, str | list[str] | None]:
        """Return the filter as query parameters of the flat list."""
        filterable = _FILTERABLE.issuperset(self.statuses)
        return {
            "block_id": self.block_id or None,
            "status": sorted(self.statuses) if self.statuses and filterable else None,
        }

    def _wants(self, step: Step) -> bool:
        summary = step.summary
        if self.statuses and summary.status not in self.statuses:
            return False
        return not self.block_id or summary.block_id == self.block_id


async def flat_pages(get: Get, run: Run, wanted: StepFilter) -> AsyncIterator[StepPage]:
    """Yield the pages of /v1/workflows/steps (since 21 May 2026).

    Raises RetabError, with `route_missing` where the server has no such route.
    """

    async def fetch(limit: int, after: str | None) -> tuple[Rows, int]:
        params: Params = {"run_id": run.id, "limit": limit, "after": after, **wanted.params()}
        reply = await get(routes.STEPS, {}, params)
        return rows_from_wire(reply.json), reply.size

    pages = read_pages(
        fetch,
        lambda row: first_text(row, "step_id"),
        limit=STEPS_PAGE_SIZE,
        guess_cursor=not generation_of(run).step_cursors,
        # A block that ran twice can have one id. In an unfinished run, the start of a step changes.
        identity=_execution if run.finished else None,
    )
    async for page in pages:
        steps = tuple(step_from_wire(row, run_id=run.id) for row in page.items)
        yield StepPage(steps, page.has_more, page.unread, page.may_be_incomplete)


def _execution(row: Mapping[str, Json]) -> tuple[str, str | None] | None:
    step_id = first_text(row, "step_id")
    return (step_id, first_text(row, "started_at")) if step_id else None


async def nested_pages(get: Get, run: Run) -> AsyncIterator[StepPage]:
    """Yield the one page of /v1/workflows/runs/{run_id}/steps (until 21 May 2026).

    Raises RetabError, with `route_missing` where the server has no such route.
    """
    try:
        reply = await get(routes.RUN_STEPS, {"run_id": run.id})
    except RetabError as error:
        if error.kind != ErrorKind.TOO_LARGE or run.steps is None:
            raise
        yield embedded_page(run)
        return
    found = steps_from_wire(reply.json, run_id=run.id)
    yield StepPage(
        found.steps,
        unread=found.unread,
        may_be_incomplete=not found.found or found.next_cursor is not None,
    )


def embedded_page(run: Run) -> StepPage:
    """Return the steps embedded in a run, without payloads."""
    steps = tuple(Step(summary=summary) for summary in run.steps or ())
    return StepPage(steps, summaries_only=True)
