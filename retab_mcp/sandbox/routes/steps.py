"""Steps: under their run until 2026-05-21 (nested), at /v1/workflows/steps since (flat)."""

from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import Route

from retab_mcp.sandbox.answers import record
from retab_mcp.sandbox.query import ApiError, Query
from retab_mcp.sandbox.records import SampleRun, SampleStep
from retab_mcp.sandbox.routes.base import Routes

_LIMITS = (20, 1000)


class NestedStepRoutes(Routes):
    """g1 to g2c: all steps of a run in one body, and one by block id."""

    def routes(self) -> list[Route]:
        """Return the list and the get."""
        path = "/v1/workflows/runs/{run_id}/steps"
        return [self.route(path, self._list), self.route(path + "/{block_id}", self._get)]

    def _list(self, query: Query) -> Response:
        run = self.run_of(query)
        return self.generation.rows([self._row(run, step) for step in self.store.steps(run.id)])

    def _get(self, query: Query) -> Response:
        run = self.run_of(query)
        step = self.store.find_nested_step(run.id, query.path("block_id"))
        if step is None:
            raise ApiError(404, "Step not found")
        key = ("step", run.id, step.step_id)
        return record(self.context.bodies.get(key, lambda: self.generation.step(run, step)))

    def _row(self, run: SampleRun, step: SampleStep) -> bytes:
        key = ("row", run.id, step.step_id)
        return self.context.bodies.get(key, lambda: self.generation.step_row(run, step))


class FlatStepRoutes(Routes):
    """g2e and g3: filtered and paged, across runs when no run is named."""

    def routes(self) -> list[Route]:
        """Return the list and the get."""
        path = "/v1/workflows/steps"
        return [self.route(path, self._list), self.route(path + "/{step_id}", self._get)]

    def _list(self, query: Query) -> Response:
        passes = self._filter(query)
        steps = [pair for pair in self._candidates(query) if passes(*pair)]
        return self.page(query, steps, lambda pair: pair[1].step_id, self._body, _LIMITS)

    def _get(self, query: Query) -> Response:
        step_id = query.path("step_id")
        found = self.store.find_step(step_id, query.text("run_id"))
        if found is None:
            raise ApiError(404, f"Step '{step_id}' not found")
        return record(self._body(found))

    def _candidates(self, query: Query) -> list[tuple[SampleRun, SampleStep]]:
        run_id = query.text("run_id")
        if run_id is None:
            return self.store.all_steps()
        # An unknown run has no steps, and is no error.
        run = self.store.runs.get(run_id)
        return [] if run is None else [(run, step) for step in self.store.steps(run_id)]

    def _filter(self, query: Query) -> Callable[[SampleRun, SampleStep], bool]:
        workflow_id = query.text("workflow_id") if self.generation.filters_metadata else None
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
        key = ("step", pair[0].id, pair[1].step_id)
        return self.context.bodies.get(key, lambda: self.generation.step(*pair))
