"""Which version of a review put a value where it is."""

from datetime import UTC, datetime, timedelta
from typing import Any

from retab_mcp.analysis.lineage.tracing.review_edit import edit_facts
from retab_mcp.models import Review
from retab_mcp.models.review import DecidedReview, ReviewVersion

AT = datetime(2026, 9, 2, 6, 30, tzinfo=UTC)
READ = ReviewVersion(id="v0", author="model", snapshot={"total": 5})
FIRST = ReviewVersion(id="v1", author="human", snapshot={"total": 7}, note="By mail", created_at=AT)
SECOND = ReviewVersion(id="v2", author="agent", snapshot={"total": 7})


def facts(
    *versions: ReviewVersion, decided: ReviewVersion | None = None, total: Any = 7, **fields: Any
) -> dict[str, Any] | None:
    review = Review(id="rev_1", run_id="r", block_id="b", verdict="approved", **fields)
    return edit_facts(
        DecidedReview(review=review, versions=versions, decided=decided), ("total",), total
    )


def test_the_first_edit_with_the_value_made_it() -> None:
    assert facts(READ, FIRST, SECOND, decided=SECOND) == {
        "review_id": "rev_1",
        "by": "human",
        "at": "2026-09-02T06:30:00Z",
        "note": "By mail",
        "verdict": "approved",
    }


def test_the_review_says_what_the_version_does_not() -> None:
    fields = {"decided_by": "human", "decided_at": AT + timedelta(hours=1), "reason": "Wrong sum"}
    bare = ReviewVersion(id="v1", snapshot={"total": 7})
    assert facts(READ, bare, decided=bare, **fields) == {
        "review_id": "rev_1",
        "by": "human",
        "at": "2026-09-02T07:30:00Z",
        "note": "Wrong sum",
        "verdict": "approved",
    }
    assert facts(READ, bare) == {"review_id": "rev_1", "verdict": "approved"}


def test_a_decision_for_another_version_is_no_verdict_on_this_one() -> None:
    found = facts(READ, FIRST, decided=READ)
    assert found is not None
    assert "verdict" not in found


def test_what_the_step_made_itself_is_no_edit() -> None:
    assert facts(READ, FIRST, total=5) is None
    assert facts(READ, FIRST, total=9) is None
    assert facts() is None
    assert facts(FIRST) is not None
