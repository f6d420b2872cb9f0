"""The read-only routes that peers offer as tools, and an OpenAPI document of them."""

from typing import Any, NamedTuple

Json = Any


class Route(NamedTuple):
    """A GET route; arguments are the names in braces, `query`, and `lists` with many values."""

    name: str
    path: str
    about: str
    query: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


_PAGE = ("before", "after", "limit")
_BASE = "/v1/workflows"
ROUTES = (
    Route("list_workflows", _BASE, "List workflows.", _PAGE),
    Route("get_workflow", f"{_BASE}/{{workflow_id}}", "Get a workflow."),
    Route(
        "list_runs",
        f"{_BASE}/runs",
        "List workflow runs, newest first.",
        ("workflow_id", "status", "exclude_status", "trigger_type", "from_date", "to_date", *_PAGE),
    ),
    Route("get_run", f"{_BASE}/runs/{{run_id}}", "Get a workflow run."),
    Route(
        "list_steps",
        f"{_BASE}/steps",
        "List the steps of a run with status, inputs and outputs.",
        ("run_id", "workflow_id", "block_id", "step_id", *_PAGE),
        ("block_type", "status"),
    ),
    Route("get_step", f"{_BASE}/steps/{{step_id}}", "Get one step by its id.", ("run_id",)),
    Route(
        "list_artifacts",
        f"{_BASE}/artifacts",
        "List the artifacts of a run.",
        ("run_id", "operation", "block_id", "step_id", *_PAGE),
    ),
    Route("get_artifact", f"{_BASE}/artifacts/{{artifact_id}}", "Get an artifact by its id."),
    Route("list_blocks", f"{_BASE}/blocks", "List a workflow's blocks.", ("workflow_id", *_PAGE)),
    Route("list_edges", f"{_BASE}/edges", "List a workflow's edges.", ("workflow_id", *_PAGE)),
    Route(
        "list_versions", f"{_BASE}/versions", "List a workflow's versions.", ("workflow_id", *_PAGE)
    ),
    Route(
        "get_version",
        f"{_BASE}/versions/{{workflow_version_id}}",
        "Get the graph of a workflow version.",
        ("workflow_id",),
    ),
    Route(
        "list_reviews",
        f"{_BASE}/reviews",
        "List reviews.",
        ("workflow_id", "run_id", "block_id", "step_id", "decision_status", *_PAGE),
    ),
    Route("get_review", f"{_BASE}/reviews/{{review_id}}", "Get a review."),
    Route(
        "list_experiment_runs",
        f"{_BASE}/experiments/runs",
        "List experiment runs.",
        ("workflow_id", "experiment_id", "block_id", "status", *_PAGE),
    ),
    Route("get_experiment_run", f"{_BASE}/experiments/runs/{{run_id}}", "Get an experiment run."),
    Route(
        "list_experiment_results",
        f"{_BASE}/experiments/results",
        "List the results of an experiment run.",
        ("run_id", *_PAGE),
    ),
    Route("list_eval_runs", f"{_BASE}/evals/runs", "List eval runs.", ("workflow_id", *_PAGE)),
    Route("get_eval_run", f"{_BASE}/evals/runs/{{run_id}}", "Get an eval run."),
    Route("list_eval_results", f"{_BASE}/evals/results", "List results.", ("run_id", *_PAGE)),
    Route("get_extraction", "/v1/extractions/{extraction_id}", "Get an extraction."),
    Route(
        "get_extraction_sources",
        "/v1/extractions/{extraction_id}/sources",
        "Get where an extraction found its values.",
    ),
)


def ids_in(path: str) -> list[str]:
    """Return the names in braces."""
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def schema_of(route: Route, name: str) -> dict[str, Json]:
    """Return the JSON Schema of one argument."""
    if name in route.lists:
        return {"type": "array", "items": {"type": "string"}}
    return {"type": "integer" if name == "limit" else "string"}


def openapi(base_url: str) -> dict[str, Json]:
    """Return an OpenAPI document of the routes."""
    paths = {}
    for route in ROUTES:
        ids = ids_in(route.path)
        parameters = [
            {
                "name": name,
                "in": "path" if name in ids else "query",
                "required": name in ids,
                "schema": schema_of(route, name),
            }
            for name in (*ids, *route.query, *route.lists)
        ]
        content = {"application/json": {"schema": {"type": "object"}}}
        paths[route.path] = {
            "get": {
                "operationId": route.name,
                "summary": route.about,
                "parameters": parameters,
                "responses": {"200": {"description": "OK", "content": content}},
            }
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Retab workflows", "version": "1"},
        "servers": [{"url": base_url}],
        "paths": paths,
    }
