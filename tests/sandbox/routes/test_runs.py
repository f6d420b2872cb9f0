"""The list of runs: order, filters, pages, refusals."""

import pytest

from retab_mcp.sandbox.generations import GENERATIONS
from tests.sandbox.small import get, refusal

RUNS = "/v1/workflows/runs"


def ids(generation: str, query: str) -> list[str]:
    return [run["id"] for run in get(generation, f"{RUNS}?{query}")["data"]]


@pytest.mark.parametrize("generation", GENERATIONS)
def test_runs_are_listed_newest_first_by_default(generation: str) -> None:
    assert ids(generation, "") == ["run_3", "run_2", "run_1"]
    assert ids(generation, "order=asc") == ["run_1", "run_2", "run_3"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=error", ["run_1"]),
        ("status=awaiting_review", ["run_2"]),
        ("status=failed", []),
        ("exclude_status=error", ["run_3", "run_2"]),
        ("trigger_type=email", ["run_1"]),
        ("workflow_id=wf_2", []),
        ("search=run_3", ["run_3"]),
        ("search=_3", []),
        ("from_date=2026-03-13", []),
        ("to_date=2026-03-12", ["run_3", "run_2", "run_1"]),
        ("min_duration_ms=3000", ["run_1"]),
        ("min_duration_ms=0", ["run_3", "run_2", "run_1"]),
        ("max_duration_ms=2999", []),
        ('metadata={"tenant":"north"}', ["run_1"]),
        ('metadata={"tenant":"south"}', []),
    ],
)
def test_runs_are_filtered_in_g3(query: str, found: list[str]) -> None:
    assert ids("g3", query) == found


def test_older_filters_use_older_words() -> None:
    assert ids("g1", "status=waiting_for_human") == ["run_2"]
    assert ids("g2c", "statuses=error,cancelled") == ["run_3", "run_1"]
    assert ids("g1", "min_duration=3000") == ["run_1"]
    assert refusal("g1", f"{RUNS}?status=awaiting_review")[0] == 422


@pytest.mark.parametrize("generation", GENERATIONS)
def test_runs_are_paged(generation: str) -> None:
    first = get(generation, f"{RUNS}?limit=2")
    assert first["list_metadata"] == {"before": None, "after": "run_2"}
    second = get(generation, f"{RUNS}?limit=2&after=run_2")
    assert [run["id"] for run in second["data"]] == ["run_1"]
    assert second["list_metadata"] == {"before": "run_1", "after": None}


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("limit=0", "greater_than_equal"),
        ("limit=101", "less_than_equal"),
        ("limit=ten", "int_parsing"),
        ("status=odd", "literal_error"),
        ("order=up", "literal_error"),
    ],
)
def test_an_invalid_parameter_is_a_422(generation: str, query: str, kind: str) -> None:
    status, (problem,) = refusal(generation, f"{RUNS}?{query}")
    assert (status, problem["type"]) == (422, kind)
    assert problem["loc"] == ["query", query.partition("=")[0]]


@pytest.mark.parametrize("query", ["before=run_1&after=run_2", "from_date=12/03/2026"])
def test_contradictory_parameters_are_a_400(query: str) -> None:
    assert refusal("g3", f"{RUNS}?{query}")[0] == 400


@pytest.mark.parametrize("metadata", ["north", "[1]"])
def test_metadata_must_be_an_object(metadata: str) -> None:
    assert refusal("g3", f"{RUNS}?metadata={metadata}")[0] == 400
