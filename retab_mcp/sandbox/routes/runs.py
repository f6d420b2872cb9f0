"""GET /v1/workflows/runs and /v1/workflows/runs/{run_id}, the only paths that never changed."""

import json
from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import Route

from retab_mcp.sandbox.answers import page, record
from retab_mcp.sandbox.context import Context
from retab_mcp.sandbox.query import ApiError, Query
from retab_mcp.sandbox.records import SampleRun, moment
from retab_mcp.sandbox.wire.common import duration_ms

_LIMIT, _MOST = 20, 100
_TRIGGERS = ("manual", "api", "schedule", "webhook", "email", "restart")
_STATUSES = ("pending", "queued", "running", "completed", "error", "failed")

Test = Callable[[SampleRun], bool]


class RunRoutes:
    """Runs of one generation."""

    def __init__(self, context: Context) -> None:
        """Take the server's state."""
        self._context = context
        self._statuses = (*_STATUSES, context.generation.status("awaiting_review"), "cancelled")

    def routes(self) -> list[Route]:
        """The list and the get."""
        return [
            self._context.route("/v1/workflows/runs", self.list_runs),
            self._context.route("/v1/workflows/runs/{run_id}", self.get_run),
        ]

    def get_run(self, query: Query) -> Response:
        """One run, 404 when it is unknown."""
        run = self._context.store.runs.get(query.path("run_id"))
        if run is None:
            raise ApiError(404, "Workflow run not found")
        return record(self._body(run))

    def list_runs(self, query: Query) -> Response:
        """Runs that pass every filter, newest first unless `order` is asc."""
        tests = self._tests(query)
        runs = [run for run in self._context.store.runs.values() if all(t(run) for t in tests)]
        descending = query.choice("order", ("asc", "desc"), "desc") == "desc"
        by_start = (query.text("sort_by") or "").endswith("started_at")
        runs.sort(
            key=lambda run: (moment(run.started_at if by_start else run.created_at), run.id),
            reverse=descending,
        )
        limit = query.integer("limit", _LIMIT, 1, _MOST)
        return page(runs, lambda run: run.id, self._body, query.cursor(), limit)

    def _body(self, run: SampleRun) -> bytes:
        context = self._context
        # Only the generations that embed the steps need them built.
        steps = context.store.steps(run.id) if context.generation.embeds_steps else ()
        return context.bodies.get(("run", run.id), lambda: context.generation.run(run, steps))

    def _tests(self, query: Query) -> list[Test]:
        tests: list[Test] = []
        workflow_id, prefix = query.text("workflow_id"), query.text("search")
        if workflow_id is not None:
            tests.append(lambda run: run.workflow_id == workflow_id)
        if prefix:
            tests.append(lambda run: run.id.startswith(prefix))
        return (
            tests
            + self._status_tests(query)
            + _time_tests(query, self._context.generation.nested)
            + self._more(query)
        )

    def _status_tests(self, query: Query) -> list[Test]:
        tests: list[Test] = []
        status = query.choice("status", self._statuses, None)
        excluded = query.choice("exclude_status", self._statuses, None)
        trigger = query.choice("trigger_type", _TRIGGERS, None)
        if status is not None:
            tests.append(lambda run: self._status(run) == status)
        if excluded is not None:
            tests.append(lambda run: self._status(run) != excluded)
        if trigger is not None:
            tests.append(lambda run: run.trigger["type"] == trigger)
        return tests

    def _status(self, run: SampleRun) -> str:
        return self._context.generation.status(run.status)

    def _more(self, query: Query) -> list[Test]:
        """Filters that not every generation has."""
        generation = self._context.generation
        statuses, metadata = query.text("statuses"), query.text("metadata")
        if statuses and generation.filters_statuses:
            wanted = statuses.split(",")
            return [lambda run: self._status(run) in wanted]
        if metadata and generation.filters_metadata:
            pairs = _metadata(metadata)
            return [lambda run: pairs.items() <= dict(run.metadata).items()]
        return []


def _metadata(text: str) -> dict[str, str]:
    try:
        pairs = json.loads(text)
    except ValueError:
        pairs = None
    if not isinstance(pairs, dict):
        raise ApiError(400, "metadata must be a JSON object")
    return pairs


def _time_tests(query: Query, nested: bool) -> list[Test]:
    tests: list[Test] = []
    first, last = query.date("from_date"), query.date("to_date")
    if first is not None:
        tests.append(lambda run: run.created_at[:10] >= first)
    if last is not None:
        tests.append(lambda run: run.created_at[:10] <= last)
    unit = "" if nested else "_ms"
    shortest, longest = query.number("min_duration" + unit), query.number("max_duration" + unit)
    if shortest is not None:
        tests.append(lambda run: (_elapsed(run) or 0) >= shortest)
    if longest is not None:
        tests.append(lambda run: 0 <= (_elapsed(run) or -1) <= longest)
    return tests


def _elapsed(run: SampleRun) -> int | None:
    return duration_ms(run.started_at, run.completed_at)
