"""The credential probe, usage, and the route of secrets, which no client may call."""

from starlette.responses import Response
from starlette.routing import Route

from retab_mcp.sandbox.answers import answer
from retab_mcp.sandbox.query import Query
from retab_mcp.sandbox.records import SampleRun, SampleStep
from retab_mcp.sandbox.routes.base import Routes
from retab_mcp.sandbox.wire.common import Body, duration_ms

_LIMITS = (20, 10_000)


class AccountRoutes(Routes):
    """Routes about the caller rather than one workflow."""

    def routes(self) -> list[Route]:
        """Return the routes of all generations."""
        return [
            self.route("/v1/auth/status", self._get_status),
            self.route("/v1/secrets/{name}/value", self._get_secret),
        ]

    def usage_routes(self) -> list[Route]:
        """Return the route of usage, since 2026-07-14."""
        return [self.route("/v1/usage/primitives", self._list_primitives)]

    def _get_status(self, query: Query) -> Response:
        method = "bearer_token" if self.generation.bearer else "api_key"
        return answer({"authenticated": True, "auth_method": method, "environment": "test"})

    def _get_secret(self, query: Query) -> Response:
        # In clear, as from the real API: the log shows whether a client read it.
        return answer({"name": query.path("name"), "value": "in" + "-the-clear"})

    def _list_primitives(self, query: Query) -> Response:
        run_id, block_id = query.text("run_id"), query.text("block_id")
        billed = [
            (run, step)
            for run, step in self.store.all_steps()
            if step.credits is not None
            and run_id in (None, run.id)
            and block_id in (None, step.block_id)
        ]
        if query.choice("order", ("asc", "desc"), "desc") == "desc":
            billed.reverse()
        return self.page(
            query, billed, lambda pair: _execution_id(*pair), lambda pair: _usage(*pair), _LIMITS
        )


def _execution_id(run: SampleRun, step: SampleStep) -> str:
    return f"{run.id}_{step.step_id}"


def _usage(run: SampleRun, step: SampleStep) -> Body:
    return {
        "primitive_execution_id": _execution_id(run, step),
        "operation": step.artifact.operation if step.artifact else "extraction",
        "status": "failed" if step.status == "error" else "completed",
        "credits": step.credits,
        "page_count": step.page_count or 0,
        "duration_ms": duration_ms(step.started_at, step.completed_at),
        "model": step.model,
        "run_id": run.id,
        "block_id": step.block_id,
        "workflow_id": run.workflow_id,
        "documents": None,
        "resource_kind": "workflow_run",
        "metadata": None,
        "environment_id": None,
        "project_id": None,
        "created_at": step.created_at or step.started_at,
        "completed_at": step.completed_at,
    }
