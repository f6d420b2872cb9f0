"""GET /v1/workflows/runs and /v1/workflows/runs/{run_id}, the only paths that never changed."""

import json
from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import Route

from retab_mcp.sandbox.answers import record
from retab_mcp.sandbox.query import ApiError, Query
from retab_mcp.sandbox.records import SampleRun, moment
from retab_mcp.sandbox.routes.base import Routes
from retab_mcp.sandbox.wire.common import duration_ms

_LIMITS = (20, 100)
_TRIGGERS = ("manual", "api", "schedule", "webhook", "email", "restart")
_STATUSES = ("pending", "queued", "running", "completed", "error", "failed")

Test = Callable[[SampleRun], bool]


class RunRoutes(Routes):
    """Runs of one generation."""

    def routes(self) -> list[Route]:
        """Return the list and the get."""
        return [
            self.route("/v1/workflows/runs", self._list),
            self.route("/v1/workflows/runs/{run_id}", self._get),
        ]

    def _get(self, query: Query) -> Response:
        return record(self._body(self.run_of(query)))

    def _list(self, query: Query) -> Response:
        tests = self._tests(query)
        runs = [run for run in self.store.runs.values() if all(test(run) for test in tests)]
        by_start = (query.text("sort_by") or "").endswith("started_at")
        runs.sort(
            key=lambda run: (moment(run.started_at if by_start else run.created_at), run.id),
            reverse=query.choice("order", ("asc", "desc"), "desc") == "desc",
        )
        return self.page(query, runs, lambda run: run.id, self._body, _LIMITS)

    def _body(self, run: SampleRun) -> bytes:
        # Only the generations that embed the steps need them built.
        steps = self.store.steps(run.id) if self.generation.embeds_steps else ()
        return self.context.bodies.get(("run", run.id), lambda: self.generation.run(run, steps))

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
            + _time_tests(query, self.generation.nested)
            + self._more(query)
        )

    def _status_tests(self, query: Query) -> list[Test]:
        tests: list[Test] = []
        statuses = (*_STATUSES, self.generation.status("awaiting_review"), "cancelled")
        status = query.choice("status", statuses, None)
        excluded = query.choice("exclude_status", statuses, None)
        trigger = query.choice("trigger_type", _TRIGGERS, None)
        if status is not None:
            tests.append(lambda run: self._status(run) == status)
        if excluded is not None:
            tests.append(lambda run: self._status(run) != excluded)
        if trigger is not None:
            tests.append(lambda run: run.trigger["type"] == trigger)
        return tests

    def _status(self, run: SampleRun) -> str:
        return self.generation.status(run.status)

    def _more(self, query: Query) -> list[Test]:
        """Return the filters that not every generation has."""
        statuses, metadata = query.text("statuses"), query.text("metadata")
        if statuses and self.generation.filters_statuses:
            wanted = statuses.split(",")
            return [lambda run: self._status(run) in wanted]
        if metadata and self.generation.filters_metadata:
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
