"""Evals, which were called tests until 2026-06-19: definitions, runs and results."""

from starlette.responses import Response
from starlette.routing import Route

from retab_mcp.sandbox.answers import answer
from retab_mcp.sandbox.query import ApiError, Query
from retab_mcp.sandbox.records import SampleEvalResult, SampleEvalRun, moment
from retab_mcp.sandbox.routes.base import Routes
from retab_mcp.sandbox.wire.common import Body, duration_ms, error_details
from retab_mcp.sandbox.wire.lifecycle import failure_fields

_LIMITS, _RESULT_LIMITS = (50, 100), (20, 100)


class EvalRoutes(Routes):
    """Evals of one generation; `word` is eval or test."""

    def routes(self, word: str) -> list[Route]:
        """Return the routes at paths of their own, the literal paths first."""
        self._word = word
        route, path = self.route, f"/v1/workflows/{word}s"
        return [
            route(path, self._list_evals),
            route(path + "/runs", self._list_runs),
            route(path + "/runs/{run_id}", self._get_run),
            route(path + "/results", self._list_results),
        ]

    def _list_evals(self, query: Query) -> Response:
        workflow_id = query.required("workflow_id")
        found = {
            result.eval_id: result
            for run in self.store.eval_runs.values()
            if run.workflow_id == workflow_id
            for result in run.results
        }
        return self.page(query, list(found.values()), _eval_id, self._eval, _LIMITS)

    def _list_runs(self, query: Query) -> Response:
        workflow_id = query.text("workflow_id")
        runs = [
            run for run in self.store.eval_runs.values() if workflow_id in (None, run.workflow_id)
        ]
        runs.sort(key=lambda run: moment(run.created_at), reverse=True)
        return self.page(query, runs, lambda run: run.id, self._run, _LIMITS)

    def _get_run(self, query: Query) -> Response:
        return answer(self._run(self._found(query.path("run_id"))))

    def _list_results(self, query: Query) -> Response:
        run = self._found(query.required("run_id"))
        return self.page(
            query,
            run.results,
            lambda result: result.id,
            lambda result: self._result(run, result),
            _RESULT_LIMITS,
        )

    def _found(self, run_id: str) -> SampleEvalRun:
        found = self.store.eval_runs.get(run_id)
        if found is None:
            raise ApiError(404, f"{self._word.capitalize()} run not found: {run_id}")
        return found

    def _eval(self, result: SampleEvalResult) -> Body:
        return {"id": result.eval_id, "name": result.name, "source": {"type": "manual"}}

    def _run(self, run: SampleEvalRun) -> Body:
        verdicts = [result.verdict for result in run.results]
        lifecycle: Body = {"status": run.status}
        if run.failure is not None:
            lifecycle |= failure_fields(run.failure, error_details)
        return {
            "id": run.id,
            "workflow_id": run.workflow_id,
            "workflow_version_id": run.workflow_version_id,
            "trigger": {"type": "manual"},
            "lifecycle": lifecycle,
            "timing": {
                "created_at": run.created_at,
                "started_at": run.started_at,
                "completed_at": run.completed_at,
                "duration_ms": duration_ms(run.started_at, run.completed_at),
            },
            "target": None,
            f"{self._word}_id": None,
            f"total_{self._word}s": len(run.results),
            "counts": {
                "lifecycle_counts": {run.status: len(run.results)},
                "outcome": {
                    verdict: verdicts.count(verdict) for verdict in ("passed", "failed", "blocked")
                },
            },
        }

    def _result(self, run: SampleEvalRun, result: SampleEvalResult) -> Body:
        lifecycle: Body = {"status": result.status}
        if result.failure is not None:
            lifecycle |= failure_fields(result.failure, error_details)
        asserted = result.assertion
        return {
            "id": result.id,
            f"workflow_{self._word}_run_id": run.id,
            f"{self._word}_id": result.eval_id,
            "lifecycle": lifecycle,
            "timing": None,
            "verdict": result.verdict,
            "workflow_id": run.workflow_id,
            "block_id": result.block_id,
            "block_type": result.block_type,
            "artifact": None,
            "handle_inputs": {},
            "handle_outputs": None,
            "routing_decisions": None,
            "warnings": list(result.warnings),
            "assertion_result": None
            if asserted is None
            else {"outcome": result.verdict, "score": None, "threshold": None, **asserted},
            "verdict_summary": None,
        }


def _eval_id(result: SampleEvalResult) -> str:
    return result.eval_id
