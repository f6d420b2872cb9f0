"""The credential probe, usage, and the route that nobody who only inspects runs may call."""

from starlette.responses import Response
from starlette.routing import Route

from retab_mcp.sandbox.answers import answer, page, to_bytes
from retab_mcp.sandbox.context import Context
from retab_mcp.sandbox.query import Query
from retab_mcp.sandbox.records import SampleRun, SampleStep
from retab_mcp.sandbox.wire.common import Body, duration_ms

_LIMIT, _MOST = 20, 10_000


class AccountRoutes:
    """What belongs to the caller and not to one workflow."""

    def __init__(self, context: Context) -> None:
        """Take the server's state."""
        self._context = context

    def routes(self) -> list[Route]:
        """All generations."""
        route = self._context.route
        return [
            route("/v1/auth/status", self.get_status),
            route("/v1/secrets/{name}/value", self.get_secret),
        ]

    def usage_routes(self) -> list[Route]:
        """What was billed, since 2026-07-14."""
        return [self._context.route("/v1/usage/primitives", self.list_primitives)]

    def get_status(self, query: Query) -> Response:
        """Whether and how the caller is known."""
        method = "bearer_token" if self._context.generation.bearer else "api_key"
        return answer({"authenticated": True, "auth_method": method, "environment": "test"})

    def get_secret(self, query: Query) -> Response:
        """A secret in the clear, as the real API gives it; the request log shows who asked."""
        return answer({"name": query.path("name"), "value": "in" + "-the-clear"})

    def list_primitives(self, query: Query) -> Response:
        """A page of what was billed, by step."""
        run_id, block_id = query.text("run_id"), query.text("block_id")
        billed = [
            (run, step)
            for run, step in self._context.store.all_steps()
            if step.credits is not None
            and run_id in (None, run.id)
            and block_id in (None, step.block_id)
        ]
        if query.choice("order", ("asc", "desc"), "desc") == "desc":
            billed.reverse()
        limit = query.integer("limit", _LIMIT, 1, _MOST)
        return page(
            billed,
            lambda pair: _execution_id(*pair),
            lambda pair: to_bytes(_usage(*pair)),
            query.cursor(),
            limit,
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
