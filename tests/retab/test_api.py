"""The same questions about runs and steps to servers of every generation, through the client."""

from typing import Any

import httpx
import pytest

from retab_mcp.models import Run
from retab_mcp.retab.api import RetabApi
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.step_pages import StepPage
from tests.retab.api_scene import Server, api_of, paged, refusing
from tests.retab.wires import GENERATIONS, failed_run, failed_step

FLAT = ("g2d", "g2e", "g3")


def steps_of(count: int, generation: str = "g3") -> list[dict[str, Any]]:
    rows = [failed_step(generation) | {"step_id": f"step_{number}"} for number in range(count)]
    for row in rows[1:]:
        row["lifecycle"] = {"status": "completed"}
    return rows


def steps_path(generation: str) -> str:
    return "/v1/workflows/steps" if generation in FLAT else "/v1/workflows/runs/run_1/steps"


async def run_of(api: RetabApi) -> Run:
    return await api.get_run("run_1")


async def pages_of(api: RetabApi, run: Run, **wanted: Any) -> list[StepPage]:
    return [page async for page in api.step_pages(run, **wanted)]


def step_ids(pages: list[StepPage]) -> list[str]:
    return [step.summary.step_id for page in pages for step in page.steps]


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_run_and_steps_of_every_generation(generation: str) -> None:
    row = failed_step(generation)
    listed = {"data": [row], "list_metadata": {}} if generation in (*FLAT, "g2c") else [row]
    server = Server(
        {"/v1/workflows/runs/run_1": failed_run(generation), steps_path(generation): listed}
    )
    api = api_of(server)
    run = await run_of(api)
    pages = await pages_of(api, run)
    assert (run.generation, run.status) == (generation, "error")
    assert step_ids(pages) == ["mr1_iter_2_extract-1"]
    assert server.asked == ["/v1/workflows/runs/run_1", steps_path(generation)]


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_one_step_of_every_generation(generation: str) -> None:
    path = "/v1/workflows/steps" if generation in FLAT else "/v1/workflows/runs/run_1/steps"
    body = failed_step(generation)
    body.pop("step_id") if generation in ("g1", "g2a") else None
    server = Server(
        {
            "/v1/workflows/runs/run_1": failed_run(generation),
            f"{path}/mr1_iter_2_extract-1": body,
        }
    )
    api = api_of(server)
    step = await api.get_step(await run_of(api), "mr1_iter_2_extract-1")
    assert (step.summary.step_id, step.summary.status) == ("mr1_iter_2_extract-1", "error")
    assert step.payload.handle_inputs["input-file-0"]["document"]["id"] == "file_1"


async def test_the_first_flat_steps_came_with_a_run_of_the_older_shape() -> None:
    server = Server(
        {
            "/v1/workflows/runs/run_1": failed_run("g2c"),
            "/v1/workflows/steps": paged(steps_of(2)),
            "/v1/workflows/steps/step_0": steps_of(1)[0],
        }
    )
    api = api_of(server)
    run = await run_of(api)
    assert step_ids(await pages_of(api, run)) == ["step_0", "step_1"]
    assert (await api.get_step(run, "step_0")).summary.step_id == "step_0"


async def test_a_run_under_1000_steps_takes_two_pages() -> None:
    server = Server(
        {"/v1/workflows/runs/run_1": failed_run("g3"), "/v1/workflows/steps": paged(steps_of(999))}
    )
    api = api_of(server)
    pages = await pages_of(api, await run_of(api))
    assert [len(page.steps) for page in pages] == [500, 499]
    assert [page.has_more for page in pages] == [True, False]


async def test_g2d_pages_without_naming_a_cursor() -> None:
    server = Server(
        {
            "/v1/workflows/runs/run_1": failed_run("g2d"),
            "/v1/workflows/steps": paged(steps_of(501), tells_cursors=False),
        }
    )
    api = api_of(server)
    pages = await pages_of(api, await run_of(api))
    assert len(step_ids(pages)) == 501
    assert not pages[-1].may_be_incomplete


async def test_filters_are_sent_to_a_server_that_has_them() -> None:
    asked: list[httpx.QueryParams] = []
    listing = paged(steps_of(3))

    def answer(params: httpx.QueryParams) -> tuple[int, Any]:
        asked.append(params)
        return listing(params)

    server = Server({"/v1/workflows/runs/run_1": failed_run("g3"), "/v1/workflows/steps": answer})
    api = api_of(server)
    run = await run_of(api)
    assert step_ids(await pages_of(api, run, statuses=["error"])) == ["step_0"]
    assert asked[-1].get_list("status") == ["error"]
    assert step_ids(await pages_of(api, run, statuses=["paused"])) == []
    assert "status" not in asked[-1]
    assert step_ids(await pages_of(api, run, block_id="other")) == []
    assert asked[-1]["block_id"] == "other"


async def test_steps_are_filtered_here_when_the_server_cannot() -> None:
    rows = [failed_step("g1"), {"node_id": "end-1", "status": "pending"}]
    server = Server(
        {
            "/v1/workflows/runs/run_1": failed_run("g1"),
            "/v1/workflows/runs/run_1/steps": rows,
        }
    )
    api = api_of(server)
    run = await run_of(api)
    assert step_ids(await pages_of(api, run, statuses=["pending"])) == ["end-1"]
    assert step_ids(await pages_of(api, run, block_id="end-1")) == ["end-1"]


async def test_embedded_steps_replace_a_list_that_is_too_large() -> None:
    big = [failed_step("g2a") | {"output": "x" * 5000}]
    server = Server(
        {"/v1/workflows/runs/run_1": failed_run("g2a"), "/v1/workflows/runs/run_1/steps": big}
    )
    api = api_of(server, max_body_bytes=4000)
    [page] = await pages_of(api, await run_of(api))
    assert page.summaries_only
    assert [step.summary.failure.message for step in page.steps if step.summary.failure] == ["boom"]


async def test_a_list_that_is_too_large_is_an_error_without_embedded_steps() -> None:
    big = [failed_step("g2b") | {"handle_outputs": {"a": "x" * 5000}}]
    server = Server(
        {"/v1/workflows/runs/run_1": failed_run("g2b"), "/v1/workflows/runs/run_1/steps": big}
    )
    api = api_of(server, max_body_bytes=4000)
    with pytest.raises(RetabError) as refused:
        await pages_of(api, await run_of(api))
    assert refused.value.kind == "too_large"


async def test_large_flat_pages_are_halved() -> None:
    server = Server(
        {"/v1/workflows/runs/run_1": failed_run("g3"), "/v1/workflows/steps": paged(steps_of(40))}
    )
    api = api_of(server, max_body_bytes=6000)
    pages = await pages_of(api, await run_of(api))
    assert len(step_ids(pages)) == 40
    assert sum(page.unread for page in pages) == 0


async def test_embedded_steps_replace_a_missing_list() -> None:
    server = Server({"/v1/workflows/runs/run_1": failed_run("g1")})
    api = api_of(server)
    [page] = await pages_of(api, await run_of(api))
    assert (page.summaries_only, step_ids([page])) == (True, ["extract-1"])


async def test_no_route_to_steps_is_unsupported() -> None:
    api = api_of(Server({"/v1/workflows/runs/run_1": failed_run("g2c")}))
    run = await run_of(api)
    with pytest.raises(RetabError) as refused:
        await pages_of(api, run)
    assert refused.value.kind == "unsupported"
    with pytest.raises(RetabError) as refused:
        await api.get_step(run, "step_1")
    assert refused.value.kind == "unsupported"


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_missing_run_is_not_found(generation: str) -> None:
    answers = {"/v1/workflows/runs/run_1": refusing(404, "Workflow run not found")}
    api = api_of(Server(answers))
    with pytest.raises(RetabError) as refused:
        await api.get_run("run_1")
    assert (refused.value.kind, refused.value.route_missing) == ("not_found", False)


async def test_a_missing_step_is_not_found() -> None:
    server = Server(
        {
            "/v1/workflows/runs/run_1": failed_run("g3"),
            "/v1/workflows/steps/step_9": refusing(404, "Step 'step_9' not found"),
        }
    )
    api = api_of(server)
    with pytest.raises(RetabError) as refused:
        await api.get_step(await run_of(api), "step_9")
    assert refused.value.kind == "not_found"
    assert len(server.asked) == 2


async def test_step_of_another_run_is_not_shown() -> None:
    server = Server(
        {
            "/v1/workflows/runs/run_1": failed_run("g3"),
            "/v1/workflows/steps/extract-1": failed_step("g3") | {"run_id": "run_2"},
        }
    )
    api = api_of(server)
    with pytest.raises(RetabError) as refused:
        await api.get_step(await run_of(api), "extract-1")
    assert refused.value.kind == "not_found"


async def test_an_older_route_finds_a_step_by_its_block() -> None:
    body = failed_step("g2b") | {"step_id": "step_extract_1"}
    nested = "/v1/workflows/runs/run_1/steps"
    server = Server(
        {
            "/v1/workflows/runs/run_1": failed_run("g2b"),
            f"{nested}/step_extract_1": refusing(404, "Step not found"),
            f"{nested}/step_other": refusing(404, "Step not found"),
            f"{nested}/extract-1": body,
        }
    )
    api = api_of(server)
    run = await run_of(api)
    step = await api.get_step(run, "step_extract_1", block_id="extract-1")
    assert step.summary.step_id == "step_extract_1"
    for block_id in (None, "step_other", "extract-1"):
        with pytest.raises(RetabError) as refused:
            await api.get_step(run, "step_other", block_id=block_id)
        assert refused.value.kind == "not_found"


@pytest.mark.parametrize("name", ["id", "run_id"])
async def test_the_answer_for_another_run_is_refused(name: str) -> None:
    api = api_of(Server({"/v1/workflows/runs/run_1": {name: "run_2", "status": "completed"}}))
    with pytest.raises(RetabError, match="another run") as caught:
        await api.get_run("run_1")
    assert caught.value.kind == "bad_response"


async def test_a_run_without_an_id_is_the_one_asked_for() -> None:
    api = api_of(Server({"/v1/workflows/runs/run_1": {"status": "completed"}}))
    assert (await api.get_run("run_1")).id == "run_1"
