"""An answer about a step says each fact once."""

import pytest

from retab_mcp.answers.common.findings import FindingPart
from retab_mcp.answers.common.said_once import (
    details_without_evidence,
    evidence_without_details,
    paths_once,
)
from retab_mcp.models import Json


def low(*paths: str, artifact_id: str = "extr_1") -> FindingPart:
    return FindingPart(
        kind="low_likelihood", message="doubtful", artifact_id=artifact_id, paths=list(paths)
    )


@pytest.mark.parametrize(
    ("context", "left"),
    [
        ({"credits_left": 0, "renews_at": "tomorrow"}, {}),
        ({"credits_left": 0}, {"details": {"renews_at": "tomorrow"}}),
        # The artifact's own error says something else.
        ({"credits_left": 5, "renews_at": "tomorrow"}, {"details": {"credits_left": 0}}),
        (None, {"details": {"credits_left": 0, "renews_at": "tomorrow"}}),
    ],
)
def test_evidence_leaves_out_what_the_details_show(context: Json, left: Json) -> None:
    evidence: dict[str, Json] = {"details": {"credits_left": 0, "renews_at": "tomorrow"}}
    assert evidence_without_details({"context": context}, evidence) == left


def test_evidence_that_is_a_part_of_the_details_is_left_out() -> None:
    facts: dict[str, Json] = {"violations": [{"path": "$.total"}]}
    context: Json = {"violations": [{"path": "$.total", "value": "1.180,00"}]}
    assert evidence_without_details({"context": context}, {"details": facts}) == {}


def test_details_leave_out_the_call_that_the_evidence_shows() -> None:
    evidence: dict[str, Json] = {"attempts": 3, "status": 503}
    context: Json = {"attempts": 3, "response_status": 503, "host": "erp"}
    assert details_without_evidence(evidence, {"error_code": "http_error", "context": context}) == {
        "error_code": "http_error",
        "context": {"host": "erp"},
    }
    # Another status or count is news.
    other: Json = {"attempts": 4, "response_status": 500}
    assert details_without_evidence(evidence, {"context": other}) == {"context": other}
    assert details_without_evidence({}, {"context": context}) == {"context": context}


def test_details_of_any_depth_are_searched() -> None:
    deep: Json = "end"
    for _ in range(20_000):
        deep = [deep]
    assert evidence_without_details({"context": {"deep": deep}}, {"details": {"deep": "end"}}) == {}


def test_a_path_is_listed_by_the_worst_finding_only() -> None:
    missing = FindingPart(
        kind="required_missing", message="null", artifact_id="extr_1", paths=["/output/issued"]
    )
    found = paths_once(
        [missing, low("/output/issued", "/output/total"), low("/output/total"), low()]
    )
    assert [one.paths for one in found] == [
        ["/output/issued"],
        ["/output/total"],
        ["/output/total"],
        [],
    ]
    # The same path in another record is another place.
    other = low("/output/issued", "/output/total", artifact_id="extr_2")
    assert paths_once([missing, other])[1].paths == ["/output/issued", "/output/total"]
