"""One set of questions to servers of every generation, over the real client."""

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
from retab_mcp.retab.generations import Memory
from retab_mcp.retab.step_pages import StepPage
from tests.retab.wires import GENERATIONS, failed_run, failed_step

FLAT = ("g2d", "g2e", "g3")
Answer = Callable[[httpx.QueryParams], tuple[int, Any]]


class Server:
    """Answers by path; a path it does not have gets what an old server says of it."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append(path)
        if path in self.answers:
            answer = self.answers[path]
            status, body = answer(request.url.params) if callable(answer) else (200, answer)
            return httpx.Response(status, content=json.dumps(body))
        # One word behind /v1/workflows/ is the id of a workflow to a server without that route.
        trap = path.count("/") == 3 and path.startswith("/v1/workflows/")
        return httpx.Response(404, json={"detail": "Workflow not found" if trap else "Not Found"})


def api_of(server: Server, memory: Memory | None = None, max_body_bytes: int = 10**6) -> RetabApi:
    client = RetabClient(
        "https://api.example.com",
        clock=lambda: 0.0,
        transport=httpx.MockTransport(server),
        max_body_bytes=max_body_bytes,
    )
    return RetabApi(client, Credential("k"), Deadline(lambda: 0.0, 50), memory or Memory())


def refusing(status: int, detail: str) -> Answer:
    return lambda params: (status, {"detail": detail})


def paged(rows: list[dict[str, Any]], *, tells_cursors: bool = True) -> Answer:
    """A list in the flat form, with the filters and cursors that it has."""

    def answer(params: httpx.QueryParams) -> tuple[int, Any]:
        found = rows
        if statuses := params.get_list("status"):
            found = [row for row in found if row["lifecycle"]["status"] in statuses]
        ids = [row["step_id"] for row in found]
        start = ids.index(params["after"]) + 1 if "after" in params else 0
        page = found[start : start + int(params["limit"])]
        more = start + len(page) < len(found) and tells_cursors
        cursor = page[-1]["step_id"] if more else None
        return 200, {"data": page, "list_metadata": {"before": None, "after": cursor}}

    return answer


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


async def test_first_days_of_flat_steps_sent_the_older_run() -> None:
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


async def test_run_under_1000_steps_takes_two_pages() -> None:
    server = Server(
        {"/v1/workflows/runs/run_1": failed_run("g3"), "/v1/workflows/steps": paged(steps_of(999))}
    )
    api = api_of(server)
    pages = await pages_of(api, await run_of(api))
    assert [len(page.steps) for page in pages] == [500, 499]
    assert [page.has_more for page in pages] == [True, False]


async def test_late_may_pages_without_telling() -> None:
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


async def test_filters_reach_the_server_where_it_has_them() -> None:
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


async def test_filters_hold_where_the_server_has_none() -> None:
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


async def test_too_large_a_body_leaves_the_steps_of_the_run() -> None:
    big = [failed_step("g2a") | {"output": "x" * 5000}]
    server = Server(
        {"/v1/workflows/runs/run_1": failed_run("g2a"), "/v1/workflows/runs/run_1/steps": big}
    )
    api = api_of(server, max_body_bytes=4000)
    [page] = await pages_of(api, await run_of(api))
    assert page.summaries_only
    assert [step.summary.failure.message for step in page.steps if step.summary.failure] == ["boom"]


async def test_too_large_a_body_without_embedded_steps_is_an_error() -> None:
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


async def test_server_from_before_step_lists_still_has_the_run() -> None:
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
async def test_run_that_is_not_there(generation: str) -> None:
    answers = {"/v1/workflows/runs/run_1": refusing(404, "Workflow run not found")}
    api = api_of(Server(answers))
    with pytest.raises(RetabError) as refused:
        await api.get_run("run_1")
    assert (refused.value.kind, refused.value.route_missing) == ("not_found", False)


async def test_step_that_is_not_there() -> None:
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


async def test_older_route_knows_the_step_by_its_block() -> None:
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


EXTRACTION = {"id": "extr_1", "output": {"total": 1}}
ARTIFACT_PATHS = {
    "g1": "/v1/extractions/extr_1",
    "g2a": "/v1/extractions/extr_1",
    "g2b": "/v1/workflows/artifacts/extraction/extr_1",
    "g2c": "/v1/workflows/artifacts/extraction/extr_1",
    "g2d": "/v1/workflows/artifacts/extr_1",
    "g2e": "/v1/workflows/artifacts/extr_1",
    "g3": "/v1/workflows/artifacts/extr_1",
}


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_artifact_of_every_generation(generation: str) -> None:
    server = Server({ARTIFACT_PATHS[generation]: EXTRACTION})
    api = api_of(server)
    artifact = await api.get_artifact("extr_1", generation=generation)
    assert (artifact.operation, artifact.data["output"]) == ("extraction", {"total": 1})
    assert len(server.asked) == 1


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_artifact_of_an_unknown_generation_is_found_once_and_for_all(generation: str) -> None:
    server = Server({ARTIFACT_PATHS[generation]: EXTRACTION})
    memory = Memory()
    await api_of(server, memory).get_artifact("extr_1")
    before = len(server.asked)
    await api_of(server, memory).get_artifact("extr_1")
    assert len(server.asked) == before + 1


async def test_server_that_was_upgraded_is_found_out() -> None:
    memory = Memory()
    await api_of(Server({ARTIFACT_PATHS["g1"]: EXTRACTION}), memory).get_artifact("extr_1")
    upgraded = Server({ARTIFACT_PATHS["g3"]: EXTRACTION, ARTIFACT_PATHS["g1"]: None})
    upgraded.answers.pop(ARTIFACT_PATHS["g1"])
    artifact = await api_of(upgraded, memory).get_artifact("extr_1")
    assert artifact.id == "extr_1"


async def test_failure_is_not_remembered() -> None:
    missing = refusing(404, "Extraction not found")
    memory = Memory()
    api = api_of(Server({"/v1/extractions/extr_1": missing}), memory)
    with pytest.raises(RetabError) as refused:
        await api.get_artifact("extr_1")
    assert refused.value.kind == "not_found"
    assert memory.order(("https://api.example.com", "x"), "artifact")[0] == "by_id"


async def test_unknown_prefix_needs_the_operation_on_older_servers_only() -> None:
    by_operation = {"/v1/workflows/artifacts/api_call_invocation/zz_1": {"attempts": []}}
    with pytest.raises(RetabError) as refused:
        await api_of(Server(by_operation)).get_artifact("zz_1")
    assert refused.value.kind == "invalid_argument"
    assert "api_call_invocation" in refused.value.message
    found = await api_of(Server(by_operation)).get_artifact("zz_1", "api_call_invocation")
    assert found.operation == "api_call_invocation"
    newer = {"/v1/workflows/artifacts/zz_1": {"operation": "api_call_invocation", "attempts": []}}
    assert (await api_of(Server(newer)).get_artifact("zz_1")).operation == "api_call_invocation"


async def test_prefix_that_the_server_does_not_know() -> None:
    unknown = refusing(404, "The prefix of ext_1 matches no known operation")
    server = Server({"/v1/workflows/artifacts/ext_1": unknown, "/v1/extractions/ext_1": EXTRACTION})
    assert (await api_of(server).get_artifact("ext_1")).operation == "extraction"


@pytest.mark.parametrize("word", ["hil_evaluation", "review_trigger_evaluation"])
async def test_operation_that_was_renamed_is_asked_by_both_words(word: str) -> None:
    other = {"hil_evaluation", "review_trigger_evaluation"} - {word}
    base = "/v1/workflows/artifacts"
    server = Server(
        {
            f"{base}/{word}/heval_1": {"id": "heval_1", "review_decision": "approved"},
            f"{base}/{other.pop()}/heval_1": refusing(422, "unknown operation"),
        }
    )
    artifact = await api_of(server).get_artifact("heval_1", "hil_evaluation", "g2b")
    assert artifact.operation == "review_trigger_evaluation"


async def test_artifact_that_such_a_server_does_not_keep() -> None:
    with pytest.raises(RetabError) as refused:
        await api_of(Server({})).get_artifact("ceval_1")
    assert refused.value.kind == "unsupported"


async def test_address_that_is_no_api_is_told_apart() -> None:
    client = RetabClient(
        "https://api.example.com",
        transport=httpx.MockTransport(lambda request: httpx.Response(404, text="<html>")),
    )
    api = RetabApi(client, Credential("k"), Deadline(lambda: 0.0, 50), Memory())
    with pytest.raises(RetabError) as refused:
        await api.get_artifact("extr_1")
    assert refused.value.kind == "bad_response"


JOB = {"id": "expjob_1", "document_id": "expdoc_1", "run_id": "exprun_1"}
FLAT_JOB = {"id": "expresult_1", "document_id": "expdoc_1", "experiment_run_id": "exprun_1"}
NESTED_JOB_PATH = "/v1/workflows/wf_1/experiments/exp_1/runs/exprun_1/documents/expdoc_1"
RESULT_OF_RUN_PATH = "/v1/workflows/experiments/runs/exprun_1/results/expdoc_1"
RESULTS_PATH = "/v1/workflows/experiments/results"


@pytest.mark.parametrize(
    "answers",
    [
        {RESULTS_PATH: {"data": [{"document_id": "other"}, FLAT_JOB]}},
        {RESULT_OF_RUN_PATH: JOB},
        {NESTED_JOB_PATH: JOB},
    ],
)
async def test_experiment_job_of_every_generation(answers: dict[str, Any]) -> None:
    server = Server(answers)
    memory = Memory()
    job = await api_of(server, memory).get_experiment_job("exprun_1", "expdoc_1", "wf_1", "exp_1")
    assert (job.run_id, job.document_id) == ("exprun_1", "expdoc_1")
    before = len(server.asked)
    await api_of(server, memory).get_experiment_job("exprun_1", "expdoc_1", "wf_1", "exp_1")
    assert len(server.asked) == before + 1


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, "workflow_id, experiment_id"),
        ({"workflow_id": "wf_1"}, "missing: experiment_id"),
        ({"experiment_id": "exp_1"}, "missing: workflow_id"),
    ],
)
async def test_older_servers_need_more_ids(given: dict[str, str], missing: str) -> None:
    api = api_of(Server({NESTED_JOB_PATH: JOB}))
    with pytest.raises(RetabError) as refused:
        await api.get_experiment_job("exprun_1", "expdoc_1", **given)
    assert refused.value.kind == "invalid_argument"
    assert missing in refused.value.message


async def test_job_by_its_own_id() -> None:
    server = Server({f"{RESULTS_PATH}/expresult_1": FLAT_JOB})
    job = await api_of(server).get_experiment_job("exprun_1", "expresult_1")
    assert job.document_id == "expdoc_1"
    with pytest.raises(RetabError) as refused:
        await api_of(server).get_experiment_job("exprun_2", "expresult_1")
    assert refused.value.kind == "not_found"


async def test_job_on_a_later_page() -> None:
    rows = [FLAT_JOB | {"id": f"r_{n}", "document_id": f"expdoc_{n}"} for n in range(250)]

    def answer(params: httpx.QueryParams) -> tuple[int, Any]:
        start = 200 if "after" in params else 0
        after = None if start else "r_199"
        return 200, {"data": rows[start : start + 200], "list_metadata": {"after": after}}

    job = await api_of(Server({RESULTS_PATH: answer})).get_experiment_job("exprun_1", "expdoc_249")
    assert job.id == "r_249"


async def test_document_without_a_job() -> None:
    api = api_of(Server({RESULTS_PATH: {"data": []}}))
    with pytest.raises(RetabError) as refused:
        await api.get_experiment_job("exprun_1", "expdoc_9")
    assert refused.value.kind == "not_found"


async def test_result_too_large_to_be_read_is_not_called_missing() -> None:
    big = {"data": [FLAT_JOB | {"handle_inputs": {"a": "x" * 5000}}]}
    api = api_of(Server({RESULTS_PATH: big}), max_body_bytes=4000)
    with pytest.raises(RetabError) as refused:
        await api.get_experiment_job("exprun_1", "expdoc_9")
    assert refused.value.kind == "too_large"
