"""What is doubtful in a run that completed."""

from collections.abc import Callable
from typing import Any

from inline_snapshot import snapshot

from retab_mcp.analysis.findings.findings import Finding, findings, worth_reading
from retab_mcp.models import Artifact, ArtifactRef, FindingKind, Review, StepSummary

Make = Callable[..., StepSummary]


def _of(make: Make, operation: str, data: dict[str, Any]) -> list[tuple[str, str]]:
    """Kind and message of the findings of one artifact."""
    found = findings([], [(make("a"), Artifact(id="x", operation=operation, data=data))])
    assert all(one.step_id == "step_a" and one.block_id == "a" for one in found)
    return [(one.kind, one.message) for one in found]


def test_a_clean_run_has_no_findings(make_step: Make) -> None:
    steps = [make_step("a", 0), make_step("b", 1)]
    clean = Artifact(id="x", operation="extraction", data={"output": {"total": 1}})
    assert findings(steps, [(steps[0], clean)]) == []


def test_steps_that_failed_were_skipped_or_tried_again(make_step: Make) -> None:
    steps = [
        make_step("each", 0, 9, type="for_each"),
        make_step("work", 1, error="bad row", loops=(("each", 0),)),
        make_step("call", 9, retry_count=2),
        make_step("b1", None, status="skipped", reason="branch not taken"),
        make_step("b2", None, status="skipped", reason="branch not taken"),
        make_step("b3", None, status="skipped"),
    ]
    assert [(one.kind, one.message, one.block_id) for one in findings(steps)] == snapshot(
        [
            ("failed_step", "1 failed; first: bad row", "work"),
            ("retries", "2 retries", "call"),
            ("steps_skipped", "3 skipped; 2 of them: branch not taken", "b1"),
        ]
    )


def test_a_step_that_took_most_of_the_time(make_step: Make) -> None:
    steps = [make_step("a", 0, 1), make_step("slow", 1, 60), make_step("c", 61, 2)]
    assert [(one.kind, one.block_id) for one in findings(steps)] == [("slow_step", "slow")]
    even = [make_step("a", 0, 30), make_step("b", 30, 60), make_step("c", 90, 40)]
    assert findings(even) == []
    assert findings([make_step("alone", 0, 500)]) == []
    loop = [make_step("each", 0, 600, type="for_each"), make_step("a", 0, 1), make_step("b", 1, 1)]
    assert findings(loop) == []


def test_extraction(make_step: Make) -> None:
    data = {
        "output": {"date": None, "total": "12"},
        "json_schema": {
            "required": ["date"],
            "properties": {"date": {"type": "string"}, "total": {"type": "number"}},
        },
        "consensus": {"likelihoods": {"date": 0.2, "total": 0.9}},
    }
    assert _of(make_step, "extraction", data) == snapshot(
        [
            ("type_mismatch", "1 of another type than the schema's, first: expected number"),
            ("required_missing", "1 required null or missing: date"),
            ("low_likelihood", "1 under 0.75, lowest 0.2"),
        ]
    )


def test_split_with_a_gap(make_step: Make) -> None:
    data = {"output": [{"name": "A", "pages": [1, 2]}, {"name": "B", "pages": [2, 5]}]}
    assert _of(make_step, "split", data) == snapshot(
        [
            ("pages_unassigned", "pages 3-4 are in no part"),
            ("pages_overlapping", "pages 2 are in more than one part"),
        ]
    )
    assert _of(make_step, "partition", {**data, "allow_overlap": True}) == [
        ("pages_unassigned", "pages 3-4 are in no part")
    ]


def test_classification(make_step: Make) -> None:
    data = {
        "output": {"category": "Invoice"},
        "consensus": {
            "likelihoods": 0.67,
            "choices": [{"category": "Invoice"}, {"category": "Invoice"}, {"category": "Other"}],
        },
    }
    assert _of(make_step, "classification", data) == snapshot(
        [
            ("low_likelihood", "category Invoice at 0.67"),
            ("votes_disagree", "votes: Invoice 2, Other 1"),
        ]
    )


def test_a_text_compared_with_a_number(make_step: Make) -> None:
    condition = {
        "path": "$.amount",
        "operator": "is_greater_than",
        "expected": 1000,
        "actual": "4,999.00 EUR",
        "matched": False,
    }
    assert _of(make_step, "conditional_evaluation", {"evaluations": [condition]}) == snapshot(
        [
            ("condition_types_differ", "$.amount is_greater_than: expected number, actual string"),
            ("default_branch", "no condition matched: the default branch"),
        ]
    )


def test_loop_limit_review_attempts_and_forms(make_step: Make) -> None:
    loop = {"termination_reason": "max_iterations_reached"}
    assert _of(make_step, "while_loop_termination", loop) == [
        ("loop_limit", "the loop ran out of iterations")
    ]
    review = {"review_decision": "rejected", "review_notes": "too old"}
    assert _of(make_step, "review_trigger_evaluation", review) == [
        ("review_rejected", "rejected: too old")
    ]
    attempts = [
        {"error": "timed out", "duration_ms": 30_000},
        {"response_status": 502, "duration_ms": 100},
        {"response_status": 200},
    ]
    assert _of(make_step, "api_call_invocation", {"attempts": attempts}) == [
        ("failed_attempts", "2 of 3 attempts failed, 30100 ms lost: timed out")
    ]
    form = {"output": {"form_data": [{"key": "a", "value": "x"}, {"key": "b", "value": None}]}}
    assert _of(make_step, "edit", form) == [("fields_left_empty", "1 of 2 empty: b")]
    assert _of(make_step, "parse", {"output": {"pages": [], "text": " "}}) == [
        ("no_text", "no text was found in the document")
    ]
    assert _of(make_step, "something_new", {"output": None}) == []


def test_a_rejected_review() -> None:
    rejected = Review(
        id="rev_1", run_id="r", block_id="b", step_id="s", verdict="rejected", reason="too old"
    )
    approved = Review(id="rev_2", run_id="r", block_id="c", verdict="approved")
    assert findings([], reviews=[rejected, approved]) == [
        Finding(FindingKind.REVIEW_REJECTED, "rejected: too old", "review rev_1", "s", "b")
    ]


def test_worst_first(make_step: Make) -> None:
    steps = [make_step("c", 0, retry_count=1), make_step("a", 1, error="x")]
    kinds = [one.kind for one in findings(steps)]
    assert kinds == sorted(kinds, key=list(FindingKind).index)


def test_what_was_tried_again_is_read_first(make_step: Make) -> None:
    def made(block: str, operation: str, **fields: Any) -> StepSummary:
        return make_step(block, artifact=ArtifactRef(operation=operation, id=block), **fields)

    steps = [
        made("parse", "parse"),
        made("new", "something_new"),
        made("extract", "extraction"),
        made("call", "api_call_invocation", retry_count=1),
        make_step("none"),
    ]
    assert [step.block_id for step in worth_reading(steps)] == ["call", "extract", "parse", "new"]
