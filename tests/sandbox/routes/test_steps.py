"""Lists of steps and single steps, nested and flat."""

import pytest

from tests.sandbox.small import get, refusal

STEPS = "/v1/workflows/steps"
NESTED = "/v1/workflows/runs/run_1/steps"
ALL = ["run_1_read", "run_1_calc_0", "run_1_never"]


def ids(query: str, generation: str = "g3") -> list[str]:
    return [step["step_id"] for step in get(generation, f"{STEPS}?{query}")["data"]]


@pytest.mark.parametrize("generation", ["g2e", "g3"])
def test_steps_are_listed_by_start_time_and_unstarted_ones_last(generation: str) -> None:
    assert ids("run_id=run_1", generation) == ALL


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("run_id=run_1&status=error", ["run_1_calc_0"]),
        ("run_id=run_1&status=error&status=skipped", ["run_1_calc_0", "run_1_never"]),
        ("run_id=run_1&block_type=extract&block_type=function", ["run_1_read", "run_1_calc_0"]),
        ("run_id=run_1&status=unheard_of", []),
        ("block_id=read", ["run_1_read", "run_2_read"]),
        ("step_id=run_2_read", ["run_2_read"]),
        ("run_id=none", []),
        ("workflow_id=wf_2", []),
        ("workflow_id=wf_1&status=awaiting_review", ["run_2_read"]),
    ],
)
def test_steps_are_filtered(query: str, found: list[str]) -> None:
    assert ids(query) == found


def test_the_workflow_filter_came_with_g3() -> None:
    assert len(ids("workflow_id=wf_2", "g2e")) == 5


def test_steps_are_paged_by_step_id() -> None:
    page = get("g3", f"{STEPS}?run_id=run_1&limit=2")
    assert page["list_metadata"] == {"before": None, "after": "run_1_calc_0"}
    assert ids("run_id=run_1&limit=2&after=run_1_calc_0") == ["run_1_never"]
    assert ids("run_id=run_1&limit=1&before=run_1_never") == ["run_1_calc_0"]
    assert ids("run_id=run_1&after=garbage") == ALL


def test_bad_requests_are_refused() -> None:
    assert refusal("g3", f"{STEPS}?limit=1001")[0] == 422
    assert refusal("g3", f"{STEPS}?before=a&after=b")[0] == 400
    assert refusal("g3", f"{STEPS}/none") == (404, "Step 'none' not found")
    assert refusal("g3", f"{STEPS}/run_1_read?run_id=run_2")[0] == 404


@pytest.mark.parametrize("generation", ["g1", "g2a", "g2b", "g2c-bare"])
def test_steps_are_a_bare_array_until_g2c(generation: str) -> None:
    rows = get(generation, NESTED)
    assert [row["step_id"] for row in rows] == ALL


def test_steps_are_an_envelope_without_pages_in_g2c() -> None:
    body = get("g2c", NESTED + "?limit=1")
    assert [row["step_id"] for row in body["data"]] == ALL
    assert body["list_metadata"] == {"before": None, "after": None}


def test_g2b_lists_steps_without_payloads_and_returns_one_with_them() -> None:
    assert get("g2b", NESTED)[0]["handle_outputs"] == {}
    outputs = get("g2b", NESTED + "/read")["handle_outputs"]
    assert outputs == {"output-json-0": {"type": "json", "data": {"total": 3, "vat": None}}}


@pytest.mark.parametrize("generation", ["g1", "g2a", "g2b", "g2c-bare", "g2c"])
def test_a_nested_step_is_found_by_block_or_step_id(generation: str) -> None:
    assert get(generation, NESTED + "/calc") == get(generation, NESTED + "/run_1_calc_0")
    assert refusal(generation, NESTED + "/none") == (404, "Step not found")
    assert refusal(generation, "/v1/workflows/runs/none/steps")[0] == 404
