"""Lists of artifacts, single ones, and the primitives behind them."""

import pytest

from tests.sandbox.small import get, refusal

ARTIFACTS = "/v1/workflows/artifacts"


def ids(query: str, generation: str = "g3") -> list[str]:
    return [row["id"] for row in get(generation, f"{ARTIFACTS}?{query}")["data"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("run_id=run_1", ["extr_1", "fninv_1"]),
        ("run_id=run_1&operation=function_invocation", ["fninv_1"]),
        ("run_id=run_1&block_id=read", ["extr_1"]),
        ("run_id=run_1&block_id=run_1_calc_0", ["fninv_1"]),
        ("step_id=run_1_calc_0", ["fninv_1"]),
        ("step_id=run_1_never", []),
        ("run_id=run_2&step_id=run_1_calc_0", []),
        ("run_id=run_1&after=run_1_read", ["fninv_1"]),
        ("run_id=run_1&before=run_1_calc_0", ["extr_1"]),
    ],
)
def test_artifacts_are_listed_in_g3(query: str, found: list[str]) -> None:
    assert ids(query) == found


def test_bad_requests_are_refused_in_g3() -> None:
    assert refusal("g3", ARTIFACTS)[0] == 400
    assert refusal("g3", f"{ARTIFACTS}?run_id=none") == (404, "workflow run not found")
    assert refusal("g3", f"{ARTIFACTS}?run_id=run_1&limit=201")[0] == 422
    assert refusal("g3", f"{ARTIFACTS}/extr_none") == (404, "Workflow artifact not found")
    status, detail = refusal("g3", f"{ARTIFACTS}/odd_1")
    assert status == 404
    assert "no known operation" in detail


@pytest.mark.parametrize("generation", ["g2b", "g2c-bare", "g2c"])
def test_the_path_contains_the_operation_in_g2b_and_g2c(generation: str) -> None:
    rows = get(generation, f"{ARTIFACTS}?run_id=run_2")
    rows = rows["data"] if generation == "g2c" else rows
    assert [row["operation"] for row in rows] == ["hil_evaluation"]
    assert get(generation, f"{ARTIFACTS}/hil_evaluation/heval_1") == rows[0]
    assert refusal(generation, f"{ARTIFACTS}/review_trigger_evaluation/heval_1")[0] == 404
    assert refusal(generation, f"{ARTIFACTS}/heval_1") == (404, "Not Found")
    status, (problem,) = refusal(generation, ARTIFACTS)
    assert (status, problem["type"], problem["loc"]) == (422, "missing", ["query", "run_id"])


@pytest.mark.parametrize("generation", ["g1", "g2a", "g2e", "g3"])
def test_primitives_have_their_own_routes(generation: str) -> None:
    extractions = get(generation, "/v1/extractions")["data"]
    assert {row["id"] for row in extractions} == {"extr_1", "extr_2"}
    assert get(generation, "/v1/extractions/extr_1")["id"] == "extr_1"
    assert refusal(generation, "/v1/extractions/none") == (404, "Extraction not found")


def test_a_missing_object_is_named() -> None:
    assert refusal("g3", "/v1/edits/edt_none") == (404, "Edit edt_none not found")
    assert refusal("g3", "/v1/splits/extr_1") == (404, "Split not found")
    assert refusal("g1", "/v1/splits/extr_1") == (404, "Not Found")
