"""Where experiments are found in each generation."""

import pytest

from tests.sandbox.small import get, refusal

NESTED = "/v1/workflows/wf_1/experiments"
FLAT = "/v1/workflows/experiments"


@pytest.mark.parametrize("generation", ["g2a", "g2b", "g2c-bare"])
def test_nested_routes(generation: str) -> None:
    assert [entry["id"] for entry in get(generation, NESTED)] == ["exp_1"]
    assert get(generation, f"{NESTED}/exp_1")["block_kind"] == "extract"
    (run,) = get(generation, f"{NESTED}/exp_1/runs")["runs"]
    assert (run["id"], run["error_count"]) == ("exprun_1", 1)
    jobs = get(generation, f"{NESTED}/exp_1/content")["content"]["jobs"]
    assert [job["document_id"] for job in jobs] == ["expdoc_1", "expdoc_2"]
    job = get(generation, f"{NESTED}/exp_1/runs/exprun_1/documents/expdoc_2")
    assert job == jobs[1]
    assert get(generation, f"{NESTED}/exp_1/metrics")["view"] == "summary"


@pytest.mark.parametrize("generation", ["g2a", "g2b", "g2c-bare"])
def test_nested_routes_answer_404(generation: str) -> None:
    job = "runs/exprun_1/documents/expdoc_1"
    assert refusal(generation, f"{NESTED}/none/{job}") == (404, "Experiment not found: none")
    assert refusal(generation, f"/v1/workflows/wf_2/experiments/exp_1/{job}")[0] == 404
    assert refusal(generation, f"{NESTED}/exp_1/runs/none/documents/expdoc_1")[0] == 404
    assert refusal(generation, f"{NESTED}/exp_1/runs/exprun_1/documents/none")[0] == 404
    assert refusal(generation, f"{NESTED}/exp_1/content?run_id=none")[0] == 404


def test_half_flat_routes_of_g2c() -> None:
    assert [entry["id"] for entry in get("g2c", NESTED)["data"]] == ["exp_1"]
    assert get("g2c", f"{NESTED}/exp_1")["id"] == "exp_1"
    assert get("g2c", f"{FLAT}/runs")["data"] == [get("g2c", f"{FLAT}/runs/exprun_1")]
    results = get("g2c", f"{FLAT}/runs/exprun_1/results")["data"]
    assert get("g2c", f"{FLAT}/runs/exprun_1/results/expdoc_2") == results[1]
    assert get("g2c", f"{FLAT}/runs/exprun_1/metrics")["score"] == 0.66
    assert refusal("g2c", f"{FLAT}/runs/exprun_1/results/none")[0] == 404


@pytest.mark.parametrize("generation", ["g2e", "g3"])
def test_flat_routes(generation: str) -> None:
    assert get(generation, f"{FLAT}?workflow_id=wf_1")["data"] == [get(generation, f"{FLAT}/exp_1")]
    assert get(generation, f"{FLAT}/runs?experiment_id=exp_1")["data"] == [
        get(generation, f"{FLAT}/runs/exprun_1")
    ]
    assert get(generation, f"{FLAT}/runs?workflow_id=wf_2")["data"] == []
    results = get(generation, f"{FLAT}/results?run_id=exprun_1")["data"]
    assert [row["id"] for row in results] == ["expresult_2", "expresult_1"]
    assert get(generation, f"{FLAT}/results/expresult_1") == results[1]


@pytest.mark.parametrize("generation", ["g2e", "g3"])
def test_flat_routes_answer_404(generation: str) -> None:
    assert refusal(generation, FLAT)[0] == 422
    assert refusal(generation, f"{FLAT}/none") == (404, "Experiment not found: none")
    assert refusal(generation, f"{FLAT}/results/none")[1] == "Experiment result not found: none"
    assert refusal(generation, f"{FLAT}/results?run_id=none")[0] == 404
    assert refusal(generation, f"{FLAT}/metrics?run_id=exprun_1&view=votes")[0] == 422


def test_g1_has_no_experiments() -> None:
    assert refusal("g1", NESTED) == (404, "Not Found")
