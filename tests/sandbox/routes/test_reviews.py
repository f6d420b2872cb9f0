"""Reviews in the three forms they have had."""

import pytest

from tests.sandbox.small import SEED, get, refusal

REVIEWS = "/v1/workflows/reviews"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["rev_1"]),
        ("decision_status=rejected", ["rev_2"]),
        ("decision_status=decided", ["rev_2"]),
        ("decision_status=approved", []),
        ("decision_status=all", ["rev_2", "rev_1"]),
        ("decision_status=all&order=desc", ["rev_1", "rev_2"]),
        ("decision_status=all&run_id=run_3", ["rev_2"]),
        ("step_id=run_2_read", ["rev_1"]),
        ("block_id=calc", []),
    ],
)
def test_reviews_are_listed_in_g3(query: str, found: list[str]) -> None:
    assert [row["id"] for row in get("g3", f"{REVIEWS}?{query}")["data"]] == found


def test_one_review_and_its_versions_in_g3() -> None:
    assert get("g3", f"{REVIEWS}/rev_2")["decision"]["reason"] == "Unreadable"
    versions = get("g3", f"{REVIEWS}/versions?review_id=rev_1")["data"]
    assert versions == [get("g3", f"{REVIEWS}/versions/{SEED}")]
    assert versions[0]["parent_id"] is None
    assert refusal("g3", f"{REVIEWS}/none")[0] == 404
    assert refusal("g3", f"{REVIEWS}/versions/none")[0] == 404
    assert refusal("g3", f"{REVIEWS}/versions")[0] == 422


def test_the_overlay_of_g2c() -> None:
    queue = get("g2c", REVIEWS)
    assert [row["workflow_run_id"] for row in queue["data"]] == ["run_2"]
    assert queue["has_more"] is False
    overlay = get("g2c", f"{REVIEWS}/run_3/read")
    assert (overlay["status"], overlay["decisions"][0]["on_seq"]) == ("rejected", 1)
    assert refusal("g2c", f"{REVIEWS}/run_1/read")[0] == 404


@pytest.mark.parametrize("generation", ["g1", "g2a", "g2b", "g2c-bare"])
def test_decisions_by_block_before_g2c(generation: str) -> None:
    path = "/v1/workflows/runs/{}/hil-decisions/read"
    waiting = get(generation, path.format("run_2"))
    assert (waiting["block_status"], waiting["approved"]) == ("waiting_for_human", None)
    assert get(generation, path.format("run_3"))["approved"] is False
    assert refusal(generation, path.format("run_1"))[0] == 404
