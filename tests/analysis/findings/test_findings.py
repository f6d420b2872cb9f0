"""Findings of a run: by its steps and reviews, and together with those of artifacts."""

from collections.abc import Callable, Sequence
from typing import Any

from inline_snapshot import snapshot

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings import find_in_artifact, find_in_run, worst_first, worth_reading
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.models import Artifact, ArtifactRef, FindingKind, Review, StepSummary

Make = Callable[..., StepSummary]


def found_in(steps: Sequence[StepSummary], reviews: Sequence[Review] = ()) -> list[Finding]:
    return find_in_run(RunFacts(tuple(steps), tuple(reviews)))


def test_a_clean_run_has_no_findings(make_step: Make) -> None:
    steps = [make_step("a", 0), make_step("b", 1)]
    clean = Artifact(id="x", operation="extraction", data={"output": {"total": 1}})
    assert found_in(steps) == []
    assert find_in_artifact(steps[0], clean) == []


def test_failed_skipped_and_retried_steps(make_step: Make) -> None:
    steps = [
        make_step("each", 0, 9, type="for_each"),
        make_step("work", 1, error="bad row", loops=(("each", 0),)),
        make_step("call", 9, retry_count=2),
        make_step("b1", None, status="skipped", reason="branch not taken"),
        make_step("b2", None, status="skipped", reason="branch not taken"),
        make_step("b3", None, status="skipped"),
    ]
    assert [(one.kind, one.message, one.block_id) for one in found_in(steps)] == snapshot(
        [
            ("failed_step", "1 step failed: bad row", "work"),
            ("retries", "completed after 2 retries", "call"),
            ("steps_skipped", "1 step skipped: no reason given", "b3"),
            ("steps_skipped", "2 steps skipped: branch not taken", "b1"),
        ]
    )


def test_slow_step_is_a_finding(make_step: Make) -> None:
    steps = [make_step("a", 0, 1), make_step("slow", 1, 60), make_step("c", 61, 2)]
    assert [(one.kind, one.block_id) for one in found_in(steps)] == [("slow_step", "slow")]
    even = [make_step("a", 0, 30), make_step("b", 30, 60), make_step("c", 90, 40)]
    assert found_in(even) == []
    assert found_in([make_step("alone", 0, 500)]) == []
    loop = [make_step("each", 0, 600, type="for_each"), make_step("a", 0, 1), make_step("b", 1, 1)]
    assert found_in(loop) == []


def test_rejected_review_is_a_finding() -> None:
    rejected = Review(
        id="rev_1", run_id="r", block_id="b", step_id="s", verdict="rejected", reason="too old"
    )
    approved = Review(id="rev_2", run_id="r", block_id="c", verdict="approved")
    assert found_in([], [rejected, approved]) == [
        Finding(FindingKind.REVIEW_REJECTED, "review rejected: too old", "review rev_1", "s", "b")
    ]


def test_worst_finding_comes_first(make_step: Make) -> None:
    steps = [make_step("c", 0, retry_count=1), make_step("a", 1, error="x")]
    kinds = [one.kind for one in found_in(steps)]
    assert kinds == sorted(kinds, key=list(FindingKind).index)


def test_artifacts_of_retried_steps_are_read_first(make_step: Make) -> None:
    def step_with(block: str, operation: str, **fields: Any) -> StepSummary:
        return make_step(block, artifact=ArtifactRef(operation=operation, id=block), **fields)

    steps = [
        step_with("parse", "parse"),
        step_with("new", "something_new"),
        step_with("extract", "extraction"),
        step_with("call", "api_call_invocation", retry_count=1),
        make_step("none"),
    ]
    assert [step.block_id for step in worth_reading(steps)] == ["call", "extract", "parse", "new"]


def test_retries_and_failed_attempts_are_one_finding(make_step: Make) -> None:
    step = make_step("call", retry_count=2)
    attempts = [{"response_status": 503, "duration_ms": 9}, {"response_status": 200}]
    artifact = Artifact(id="x", operation="api_call_invocation", data={"attempts": attempts})
    found = worst_first([*found_in([step]), *find_in_artifact(step, artifact)])
    assert [(one.kind, one.message, one.step_id) for one in found] == [
        ("failed_attempts", "1 of 2 attempts failed and took 9 ms: status 503", "step_call")
    ]


def test_attempts_of_a_failed_step_are_no_finding(make_step: Make) -> None:
    step = make_step("call", error="timed out")
    data = {"attempts": [{"error": "timed out"}]}
    artifact = Artifact(id="x", operation="api_call_invocation", data=data)
    assert find_in_artifact(step, artifact) == []
    assert [one.kind for one in found_in([step])] == ["failed_step"]


def test_a_rejection_in_review_and_artifact_is_one_finding(make_step: Make) -> None:
    step = make_step("b")
    review = Review(
        id="rev_1", run_id="r", block_id="b", step_id="step_b", verdict="rejected", reason="old"
    )
    data = {"review_decision": "rejected", "review_notes": "too old"}
    artifact = Artifact(id="x", operation="review_trigger_evaluation", data=data)
    found = worst_first([*found_in([step], [review]), *find_in_artifact(step, artifact)])
    assert [one.message for one in found] == ["review rejected: old"]


def test_skipped_steps_are_part_of_the_finding_that_explains_them(make_step: Make) -> None:
    steps = [make_step("check"), make_step("b", None, status="skipped", reason="not taken")]
    condition = {"operator": "is_equal_to", "expected": 1, "actual": 2, "matched": False}
    artifact = Artifact(
        id="x", operation="conditional_evaluation", data={"evaluations": [condition]}
    )
    artifacts = {steps[0].step_id: artifact}
    (found,) = find_in_run(RunFacts(tuple(steps), artifacts=artifacts))
    assert found.kind == "default_branch"
    assert found.leads_to == ("b: 1 step skipped: not taken",)
    assert [one.kind for one in found_in(steps)] == ["steps_skipped"]
