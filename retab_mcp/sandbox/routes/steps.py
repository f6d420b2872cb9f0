"""Steps: under their run until 2026-05-21 (nested), at /v1/workflows/steps since (flat)."""

from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import Route

from retab_mcp.sandbox.answers import page, record
from retab_mcp.sandbox.context import Context
from retab_mcp.sandbox.query import ApiError, Query
from retab_mcp.sandbox.records import SampleRun, SampleStep

_LIMIT, _MOST = 20, 1000


class NestedStepRoutes:
    """g1 to g2c: all steps of a run in one body, and one by block id."""

    def __init__(self, context: Context) -> None:
        """Take the server's state."""
        self._context = context

    def routes(self) -> list[Route]:
        """The list and the get."""
        path = "/v1/workflows/runs/{run_id}/steps"
        return [
            self._context.route(path, self.list_steps),
            self._context.route(path + "/{block_id}", self.get_step),
        ]

    def list_steps(self, query: Query) -> Response:
        """Every step of the run: an array, from 2026-05-18 an envelope; never a page."""
        context, run = self._context, self._run(query)
        rows = [self._row(run, step) for step in context.store.steps(run.id)]
        return context.generation.rows(rows)

    def get_step(self, query: Query) -> Response:
        """One step by block id, or by step id inside a loop."""
        context, run = self._context, self._run(query)
        step = context.store.find_nested_step(run.id, query.path("block_id"))
        if step is None:
            raise ApiError(404, "Step not found")
        key = ("step", run.id, step.step_id)
        return record(context.bodies.get(key, lambda: context.generation.step(run, step)))

    def _row(self, run: SampleRun, step: SampleStep) -> bytes:
        key = ("row", run.id, step.step_id)
        return self._context.bodies.get(key, lambda: self._context.generation.step_row(run, step))

    def _run(self, query: Query) -> SampleRun:
        run = self._context.store.runs.get(query.path("run_id"))
        if run is None:
            raise ApiError(404, "Workflow run not found")
        return run


class FlatStepRoutes:
    """g2e and g3: filtered and paged, across runs when no run is named."""

    def __init__(self, context: Context) -> None:
        """Take the server's state."""
        self._context = context

    def routes(self) -> list[Route]:
        """The list and the get."""
        return [
            self._context.route("/v1/workflows/steps", self.list_steps),
            self._context.route("/v1/workflows/steps/{step_id}", self.get_step),
        ]

    def list_steps(self, query: Query) -> Response:
        """A page of steps by start time; an unknown run has none."""
        passes = self._filter(query)
        steps = [pair for pair in self._candidates(query) if passes(*pair)]
        limit = query.integer("limit", _LIMIT, 1, _MOST)
        return page(steps, lambda pair: pair[1].step_id, self._body, query.cursor(), limit)

    def get_step(self, query: Query) -> Response:
        """One step; `run_id` tells apart steps of the same id."""
        step_id = query.path("step_id")
        found = self._context.store.find_step(step_id, query.text("run_id"))
        if found is None:
            raise ApiError(404, f"Step '{step_id}' not found")
        return record(self._body(found))

    def _candidates(self, query: Query) -> list[tuple[SampleRun, SampleStep]]:
        store, run_id = self._context.store, query.text("run_id")
        if run_id is None:
            return store.all_steps()
        run = store.runs.get(run_id)
        return [] if run is None else [(run, step) for step in store.steps(run_id)]

    def _filter(self, query: Query) -> Callable[[SampleRun, SampleStep], bool]:
        workflow_id = query.text("workflow_id")
        if not self._context.generation.filters_metadata:
            workflow_id = None
        block_id, step_id = query.text("block_id"), query.text("step_id")
        statuses, types = query.texts("status"), query.texts("block_type")

        def passes(run: SampleRun, step: SampleStep) -> bool:
            return (
                block_id in (None, step.block_id)
                and step_id in (None, step.step_id)
                and workflow_id in (None, run.workflow_id)
                and (not statuses or step.status in statuses)
                and (not types or step.type in types)
            )

        return passes

    def _body(self, pair: tuple[SampleRun, SampleStep]) -> bytes:
        run, step = pair
        key = ("step", run.id, step.step_id)
        return self._context.bodies.get(key, lambda: self._context.generation.step(run, step))
