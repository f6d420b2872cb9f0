"""A review reads the same from its first and its current form."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize.wire_review import (
    decision_from_wire,
    overlay_from_wire,
    review_from_wire,
    version_from_wire,
)
from tests.retab.wires import JSON

TRIGGER = {"kind": "confidence_lt", "threshold": 0.8}
CURRENT: dict[str, Any] = {
    "id": "rev_1",
    "run_id": "run_1",
    "block_id": "extract-1",
    "step_id": "step_1",
    "block_type": "extract",
    "triggered_by": TRIGGER,
    "created_at": "2026-06-01T09:00:00Z",
    "decision": {
        "verdict": "rejected",
        "reason": "wrong vendor",
        "created_at": "2026-06-01T10:00:00Z",
        "author": {"kind": "human", "id": "user_1", "display_name": "someone"},
    },
}
OLDER: dict[str, Any] = {
    "_id": "rev_1",
    "workflow_run_id": "run_1",
    "block_id": "extract-1",
    "block_run_id": "step_1",
    "block_type": "extract",
    "triggered_by": TRIGGER,
    "status": "rejected",
    "awaiting_since": "2026-06-01T09:00:00Z",
    "decided_at": "2026-06-01T10:00:00Z",
}


def test_a_review_has_the_kind_of_its_author_but_no_name() -> None:
    review = review_from_wire(CURRENT)
    assert review.model_dump(mode="json", exclude_defaults=True) == snapshot(
        {
            "id": "rev_1",
            "run_id": "run_1",
            "block_id": "extract-1",
            "step_id": "step_1",
            "block_type": "extract",
            "triggered_by": {"kind": "confidence_lt", "threshold": 0.8},
            "created_at": "2026-06-01T09:00:00Z",
            "verdict": "rejected",
            "reason": "wrong vendor",
            "decided_at": "2026-06-01T10:00:00Z",
            "decided_by": "human",
        }
    )


def test_an_older_review_lacks_fields_but_has_the_same_values() -> None:
    expected = review_from_wire(CURRENT).model_copy(update={"reason": None, "decided_by": None})
    assert review_from_wire(OLDER) == expected


def test_a_pending_review_has_no_verdict() -> None:
    assert review_from_wire(CURRENT | {"decision": None}).verdict is None
    assert review_from_wire(OLDER | {"status": "awaiting_review"}).verdict is None


def test_a_body_that_is_not_an_object_is_refused() -> None:
    with pytest.raises(RetabError):
        review_from_wire(None)


@given(st.dictionaries(st.sampled_from(sorted({*CURRENT, *OLDER})), JSON))
def test_wrong_types_never_fail(body: dict[str, Any]) -> None:
    assert review_from_wire(CURRENT | body).run_id is not None


VERSIONS: list[dict[str, Any]] = [
    {"id": "rvr_A", "author": {"kind": "model"}, "snapshot": {"total": 325.0}, "parent_id": None},
    {
        "id": "rvr_B",
        "author": {"kind": "human", "display_name": "someone"},
        "snapshot": {"total": None},
        "parent_id": "rvr_A",
        "note": "unreadable",
        "created_at": "2026-06-01T09:59:00Z",
    },
]


def test_a_version_has_the_kind_of_its_author_but_no_name() -> None:
    version = version_from_wire(VERSIONS[1])
    assert version.model_dump(mode="json", exclude_none=True) == {
        "id": "rvr_B",
        "author": "human",
        "snapshot": {"total": None},
        "note": "unreadable",
        "created_at": "2026-06-01T09:59:00Z",
    }


def test_an_embedded_version_is_chosen_by_its_number() -> None:
    versions = [{**version, "seq": at, "id": None} for at, version in enumerate(VERSIONS, 1)]
    decisions = [{"verdict": "approved", "decided_by": {"kind": "human"}, "effective_seq": 2}]
    found = overlay_from_wire({**OLDER, "versions": versions, "decisions": decisions})
    assert found.review.decided_by == "human"
    assert found.decided == found.versions[1]


def test_an_older_decision_is_a_version_of_its_own() -> None:
    body = {"decision_received": True, "approved": True, "modified_data": {"total": None}}
    found = decision_from_wire(body, run_id="run_1", block_id="read")
    assert found is not None
    assert found.decided is not None
    assert (found.review.verdict, found.decided.snapshot) == ("approved", {"total": None})


@pytest.mark.parametrize("body", [{}, {"decision_received": False, "modified_data": {"a": 1}}])
def test_no_decision_is_no_review(body: dict[str, Any]) -> None:
    assert decision_from_wire(body, run_id="run_1", block_id="read") is None


@given(JSON)
def test_any_version_can_be_read(value: Any) -> None:
    body = {"versions": [value], "decisions": [value], "effective_seq": value}
    assert overlay_from_wire(body).decided is None or isinstance(value, dict)
