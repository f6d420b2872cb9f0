"""Artifacts and experiment jobs from servers of every generation, over the real client."""

from typing import Any

import httpx
import pytest

from retab_mcp.retab.api import RetabApi
from retab_mcp.retab.client import RetabClient
from retab_mcp.retab.credential import Credential
from retab_mcp.retab.deadline import Deadline
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.route_cache import RouteCache
from tests.retab.api_scene import Server, api_of, refusing
from tests.retab.wires import GENERATIONS

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
async def test_the_route_to_artifacts_is_cached(generation: str) -> None:
    server = Server({ARTIFACT_PATHS[generation]: EXTRACTION})
    cache = RouteCache()
    await api_of(server, cache).get_artifact("extr_1")
    before = len(server.asked)
    await api_of(server, cache).get_artifact("extr_1")
    assert len(server.asked) == before + 1


async def test_an_upgraded_server_is_detected() -> None:
    cache = RouteCache()
    await api_of(Server({ARTIFACT_PATHS["g1"]: EXTRACTION}), cache).get_artifact("extr_1")
    upgraded = Server({ARTIFACT_PATHS["g3"]: EXTRACTION, ARTIFACT_PATHS["g1"]: None})
    upgraded.answers.pop(ARTIFACT_PATHS["g1"])
    artifact = await api_of(upgraded, cache).get_artifact("extr_1")
    assert artifact.id == "extr_1"


async def test_a_failure_is_not_cached() -> None:
    missing = refusing(404, "Extraction not found")
    cache = RouteCache()
    api = api_of(Server({"/v1/extractions/extr_1": missing}), cache)
    with pytest.raises(RetabError) as refused:
        await api.get_artifact("extr_1")
    assert refused.value.kind == "not_found"
    assert cache.order(("https://api.example.com", "x"), "artifact")[0] == "by_id"


async def test_unknown_prefix_needs_the_operation_on_older_servers_only() -> None:
    by_operation: dict[str, Any] = {
        "/v1/workflows/artifacts/api_call_invocation/zz_1": {"attempts": []}
    }
    with pytest.raises(RetabError) as refused:
        await api_of(Server(by_operation)).get_artifact("zz_1")
    assert refused.value.kind == "invalid_argument"
    assert "api_call_invocation" in refused.value.message
    found = await api_of(Server(by_operation)).get_artifact("zz_1", "api_call_invocation")
    assert found.operation == "api_call_invocation"
    newer = {"/v1/workflows/artifacts/zz_1": {"operation": "api_call_invocation", "attempts": []}}
    assert (await api_of(Server(newer)).get_artifact("zz_1")).operation == "api_call_invocation"


async def test_the_route_of_the_operation_serves_a_prefix_unknown_to_the_server() -> None:
    unknown = refusing(404, "The prefix of ext_1 matches no known operation")
    server = Server({"/v1/workflows/artifacts/ext_1": unknown, "/v1/extractions/ext_1": EXTRACTION})
    assert (await api_of(server).get_artifact("ext_1")).operation == "extraction"


@pytest.mark.parametrize("word", ["hil_evaluation", "review_trigger_evaluation"])
async def test_a_renamed_operation_is_requested_by_both_names(word: str) -> None:
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


async def test_an_operation_without_a_route_is_unsupported() -> None:
    with pytest.raises(RetabError) as refused:
        await api_of(Server({})).get_artifact("ceval_1")
    assert refused.value.kind == "unsupported"


async def test_a_server_that_is_not_retab_is_reported() -> None:
    client = RetabClient(
        "https://api.example.com",
        transport=httpx.MockTransport(lambda request: httpx.Response(404, text="<html>")),
    )
    api = RetabApi(client, Credential("k"), Deadline(lambda: 0.0, 50), RouteCache())
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
    cache = RouteCache()
    job = await api_of(server, cache).get_experiment_job("exprun_1", "expdoc_1", "wf_1", "exp_1")
    assert (job.run_id, job.document_id) == ("exprun_1", "expdoc_1")
    before = len(server.asked)
    await api_of(server, cache).get_experiment_job("exprun_1", "expdoc_1", "wf_1", "exp_1")
    assert len(server.asked) == before + 1


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, "Pass workflow_id and experiment_id."),
        ({"workflow_id": "wf_1"}, "Pass experiment_id."),
        ({"experiment_id": "exp_1"}, "Pass workflow_id."),
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


async def test_a_document_without_a_job_is_not_found() -> None:
    api = api_of(Server({RESULTS_PATH: {"data": []}}))
    with pytest.raises(RetabError) as refused:
        await api.get_experiment_job("exprun_1", "expdoc_9")
    assert refused.value.kind == "not_found"


async def test_a_result_too_large_to_read_is_not_reported_as_missing() -> None:
    big = {"data": [FLAT_JOB | {"handle_inputs": {"a": "x" * 5000}}]}
    api = api_of(Server({RESULTS_PATH: big}), max_body_bytes=4000)
    with pytest.raises(RetabError) as refused:
        await api.get_experiment_job("exprun_1", "expdoc_9")
    assert refused.value.kind == "too_large"
