"""Graphs, reviews and lists of runs, from servers of every generation."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from retab_mcp.models import Run
from retab_mcp.retab.api import RetabApi
from retab_mcp.retab.client import RetabClient
from retab_mcp.retab.credential import Credential
from retab_mcp.retab.deadline import Deadline
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize import run_from_wire
from retab_mcp.retab.route_cache import RouteCache
from retab_mcp.retab.run_list import RunFilter
from tests.retab.wires import GENERATIONS, failed_run

Answer = Callable[[httpx.QueryParams], tuple[int, Any]]


def api_of(answers: dict[str, Answer | dict[str, Any]]) -> RetabApi:
    def serve(request: httpx.Request) -> httpx.Response:
        answer = answers.get(request.url.path)
        if answer is None:
            return httpx.Response(404, json={"detail": "Not Found"})
        status, body = answer(request.url.params) if callable(answer) else (200, answer)
        return httpx.Response(status, content=json.dumps(body))

    client = RetabClient(
        "https://api.example.com", clock=lambda: 0.0, transport=httpx.MockTransport(serve)
    )
    return RetabApi(client, Credential("k"), Deadline(lambda: 0.0, 50), RouteCache())


def run_of(generation: str) -> Run:
    return run_from_wire(failed_run(generation))


BLOCKS = [{"id": "start-1", "type": "start"}, {"id": "extract-1", "type": "extract"}]
EDGES = [{"id": "e", "source": "start-1", "target": "extract-1"}]
LIVE_EDGES = [{"id": "e", "source_block": "start-1", "target_block": "extract-1"}]
GRAPHS: dict[str, dict[str, Any]] = {
    "/v1/workflows/runs/run_1/config": {"blocks": BLOCKS, "edges": EDGES},
    "/v1/workflows/versions/ver_1": {"id": "ver_1", "blocks": BLOCKS, "edges": EDGES},
}
LIVE: dict[str, dict[str, Any]] = {
    "/v1/workflows/blocks": {"data": BLOCKS, "list_metadata": {}},
    "/v1/workflows/edges": {"data": LIVE_EDGES, "list_metadata": {}},
}


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("path", GRAPHS)
async def test_graph_that_a_run_executed(generation: str, path: str) -> None:
    graph = await api_of({path: GRAPHS[path]}).get_workflow_graph(run_of(generation))
    assert (graph.workflow_id, graph.version_id) == ("wf_1", "ver_1")
    assert [block.id for block in graph.blocks] == ["start-1", "extract-1"]
    assert [(edge.source, edge.target) for edge in graph.edges] == [("start-1", "extract-1")]


async def test_the_graph_of_g2d_is_the_current_one_without_version() -> None:
    graph = await api_of({**LIVE}).get_workflow_graph(run_of("g2d"))
    assert (graph.version_id, len(graph.blocks), len(graph.edges)) == (None, 2, 1)


async def test_the_oldest_graph_is_the_current_one_without_version() -> None:
    path = "/v1/workflows/wf_1/entities"
    entities = {"workflow": {"id": "wf_1"}, "blocks": BLOCKS, "edges": LIVE_EDGES}

    def older(params: httpx.QueryParams) -> tuple[int, Any]:
        return 404, {"detail": "Workflow not found"}

    api = api_of({path: entities, "/v1/workflows/blocks": older})
    graph = await api.get_workflow_graph(run_of("g1"))
    assert (graph.workflow_id, graph.version_id, len(graph.edges)) == ("wf_1", None, 1)
    nameless = run_of("g1").model_copy(update={"workflow_id": None})
    with pytest.raises(RetabError) as refused:
        await api.get_workflow_graph(nameless)
    assert refused.value.kind == "unsupported"


async def test_a_run_without_version_has_no_graph_by_version() -> None:
    run = run_of("g3").model_copy(update={"workflow_version_id": None})
    assert (await api_of({**LIVE}).get_workflow_graph(run)).version_id is None
    nameless = run.model_copy(update={"workflow_id": None})
    with pytest.raises(RetabError) as refused:
        await api_of({**LIVE}).get_workflow_graph(nameless)
    assert refused.value.kind == "unsupported"


def review(run_id: str, **more: Any) -> dict[str, Any]:
    return {"id": "rev_1", "run_id": run_id, "block_id": "extract-1", **more}


async def test_decided_reviews_are_requested_too() -> None:
    def answer(params: httpx.QueryParams) -> tuple[int, Any]:
        assert (params["run_id"], params["decision_status"]) == ("run_1", "all")
        return 200, {"data": [review("run_1")], "list_metadata": {"after": None}}

    found = await api_of({"/v1/workflows/reviews": answer}).list_reviews(run_of("g3"))
    assert [item.id for item in found.reviews] == ["rev_1"]
    assert not found.may_be_incomplete


async def test_reviews_of_other_runs_are_dropped() -> None:
    def answer(params: httpx.QueryParams) -> tuple[int, Any]:
        assert params["workflow_id"] == "wf_1"
        rows = [review("run_2"), {"workflow_run_id": "run_1", "block_id": "extract-1"}]
        return 200, {"data": rows, "has_more": False}

    found = await api_of({"/v1/workflows/reviews": answer}).list_reviews(run_of("g2c"))
    assert [item.run_id for item in found.reviews] == ["run_1"]
    assert found.may_be_incomplete


@pytest.mark.parametrize("generation", ["g1", "g2a", "g2b"])
async def test_a_server_older_than_reviews_is_not_asked(generation: str) -> None:
    def answer(_params: httpx.QueryParams) -> tuple[int, Any]:
        raise AssertionError("asked for reviews")

    with pytest.raises(RetabError) as refused:
        await api_of({"/v1/workflows/reviews": answer}).list_reviews(run_of(generation))
    assert refused.value.kind == "unsupported"


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_missing_list_of_reviews_is_unsupported(generation: str) -> None:
    with pytest.raises(RetabError) as refused:
        await api_of({}).list_reviews(run_of(generation))
    assert refused.value.kind == "unsupported"


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_runs_of_every_generation(generation: str) -> None:
    page = {"data": [failed_run(generation), 7], "list_metadata": {"after": "run_1"}}
    found = await api_of({"/v1/workflows/runs": page}).list_runs(RunFilter())
    assert [(run.id, run.status) for run in found.runs] == [("run_1", "error")]
    assert (found.next_cursor, found.unread) == ("run_1", 1)


async def test_renamed_filters_are_sent_under_both_names() -> None:
    asked: list[dict[str, str]] = []

    def answer(params: httpx.QueryParams) -> tuple[int, Any]:
        asked.append(dict(params))
        return 200, {"data": []}

    wanted = RunFilter(workflow_id="wf_1", min_duration_ms=5, metadata={"customer": "c-9"})
    await api_of({"/v1/workflows/runs": answer}).list_runs(wanted, limit=3, after="run_0")
    assert asked == [
        {
            "workflow_id": "wf_1",
            "min_duration": "5",
            "min_duration_ms": "5",
            "metadata": '{"customer": "c-9"}',
            "limit": "3",
            "after": "run_0",
        }
    ]


async def test_runs_awaiting_review_are_found_under_the_older_status() -> None:
    def answer(params: httpx.QueryParams) -> tuple[int, Any]:
        if params.get("status") != "waiting_for_human":
            return 422, {"detail": [{"loc": ["query", "status"], "msg": "bad", "type": "enum"}]}
        return 200, {"data": [{"id": "run_1", "status": "waiting_for_human"}]}

    api = api_of({"/v1/workflows/runs": answer})
    found = await api.list_runs(RunFilter(status="awaiting_review"))
    assert [run.status for run in found.runs] == ["awaiting_review"]
    with pytest.raises(RetabError) as refused:
        await api.list_runs(RunFilter(status="paused"))
    assert refused.value.kind == "invalid_argument"


async def test_a_filter_that_the_server_ignores_is_unsupported() -> None:
    api = api_of({"/v1/workflows/runs": {"data": [failed_run("g2e")]}})
    with pytest.raises(RetabError) as refused:
        await api.list_runs(RunFilter(metadata={"customer": "c-9"}))
    assert refused.value.kind == "unsupported"
