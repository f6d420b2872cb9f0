"""Categories that differ from the record of a classification: changed in a review, or as it was."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.analysis.findings.with_records.changed_outputs import (
    corrected_artifacts,
    find_changed_outputs,
)
from retab_mcp.models import Artifact, ArtifactRef, Review, ReviewVerdict, StepPayload, StepSummary

Make = Callable[..., StepSummary]
CATEGORIES = [{"name": "Lab report", "handle_key": "lab"}, {"name": "referral"}]


def sorted_as(make_step: Make, outputs: dict[str, Any]) -> RunFacts:
    """Return a run that classified a document as a lab report, with a review that was approved."""
    step = make_step(
        "sort", type="classifier", artifact=ArtifactRef(operation="classification", id="clss_1")
    )
    data = {
        "categories": CATEGORIES,
        "output": {"category": "Lab report", "reasoning": "values"},
        "consensus": {"likelihoods": 0.4, "choices": [{"category": "Lab report"}]},
    }
    artifact = Artifact(id="clss_1", operation="classification", data=data)
    review = Review(
        id="rev_1",
        run_id="run_1",
        block_id="sort",
        verdict=ReviewVerdict.APPROVED,
        decided_by="human",
    )
    return RunFacts(
        (step,),
        payloads={step.step_id: StepPayload({}, outputs)},
        artifacts={step.step_id: artifact},
        reviews=(review,),
    )


@pytest.mark.parametrize(
    "outputs",
    [
        {"output-json-0": {"type": "json", "data": {"category": "referral"}}},
        {"output-file-referral": {"type": "file", "document": {"id": "file_1"}}},
    ],
)
def test_a_category_that_a_person_changed(make_step: Make, outputs: dict[str, Any]) -> None:
    facts = sorted_as(make_step, outputs)
    (found,) = find_changed_outputs(facts)
    assert found.message.endswith('a person approved: category "Lab report" → "referral"')
    (corrected,) = corrected_artifacts(facts).values()
    assert corrected.data["output"]["category"] == "referral"
    assert corrected.data["consensus"] == {"likelihoods": None, "choices": []}


@pytest.mark.parametrize(
    "outputs",
    [
        {"output-json-0": {"type": "json", "data": {"category": "Lab report"}}},
        {"output-json-0": {"type": "json", "data": {"patient": 7}}},
        {"output-file-lab": {"type": "file", "document": {"id": "file_1"}}},
        {"output-file-0": {"type": "file", "document": {"id": "file_1"}}},
        {},
    ],
)
def test_a_category_as_it_was(make_step: Make, outputs: dict[str, Any]) -> None:
    assert list(find_changed_outputs(sorted_as(make_step, outputs))) == []


def extracted(make_step: Make, made: Any, *reviews: Review, **fields: Any) -> RunFacts:
    """Return a run that extracted an order whose output is `made`."""
    step = make_step(
        "read", type="extract", artifact=ArtifactRef(operation="extraction", id="extr_1"), **fields
    )
    data = {
        "output": {"total": 5, "to": "Ulm", "lines": [{"n": 1}, {"n": 2}]},
        "consensus": {
            "likelihoods": {"total": 0.4, "to": 0.9, "lines": [{"n": 0.3}, {"n": 0.9}]},
            "choices": [{"total": 5, "to": "Ulm"}, {"total": 6, "to": "Ulm"}],
        },
    }
    return RunFacts(
        (step,),
        payloads={step.step_id: StepPayload({}, {"out": {"type": "json", "data": made}})},
        artifacts={step.step_id: Artifact(id="extr_1", operation="extraction", data=data)},
        reviews=reviews,
    )


def reviewed(**fields: Any) -> Review:
    return Review(
        id="rev_1", run_id="run_1", **{"block_id": "read", "verdict": "approved", **fields}
    )


MADE = {"total": 7, "to": "Ulm", "lines": [{"n": 1}, {"n": 3}]}


def test_changed_fields_are_named_with_both_values(make_step: Make) -> None:
    (found,) = find_changed_outputs(extracted(make_step, MADE))
    assert (found.kind, found.block_id, found.reason) == (
        *("output_changed", "read", "handle_outputs"),
    )
    assert found.message == (
        "the output differs from the step's own record: total 5 → 7, lines.1.n 2 → 3"
    )
    assert found.paths == ("/output/total", "/output/lines/1/n")


def test_added_and_removed_fields_are_said_and_three_at_most_named(make_step: Make) -> None:
    made = {"to": "Ulm", "lines": [{"n": 1}, {"n": 3}], "vat": 19, "net": 1}
    (found,) = find_changed_outputs(extracted(make_step, made))
    assert found.message.endswith(": total 5 removed, lines.1.n 2 → 3, vat added as 19 and 1 more")
    assert len(found.paths) == 3


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"decided_by": "human"}, "changed in the review that a person approved"),
        ({"decided_by": "agent"}, "changed in the review that an agent approved"),
        ({"decided_by": "model"}, "changed in the review that a model approved"),
        ({}, "changed in the review that a reviewer approved"),
        (
            {"decided_at": datetime(2026, 9, 2, 6, 30, tzinfo=UTC)},
            "changed in the review that a reviewer approved at 2026-09-02T06:30:00Z",
        ),
        ({"verdict": "rejected"}, "changed, and the review was rejected by a reviewer"),
    ],
)
def test_who_changed_an_output_is_said(make_step: Make, fields: dict[str, Any], said: str) -> None:
    (found,) = find_changed_outputs(extracted(make_step, MADE, reviewed(**fields)))
    assert found.message.startswith(f"{said}: ")
    assert found.reason == "review rev_1"


def test_a_review_of_another_step_or_without_a_verdict_changed_nothing(make_step: Make) -> None:
    for review in (reviewed(block_id="other"), reviewed(verdict=None)):
        (found,) = find_changed_outputs(extracted(make_step, MADE, review))
        assert found.message.startswith("the output differs")
    loops = (("each", 1),)
    other = reviewed(step_id="step_each_0_read")
    (found,) = find_changed_outputs(extracted(make_step, MADE, other, loops=loops))
    assert found.message.startswith("the output differs")
    own = reviewed(step_id="step_each_1_read")
    (found,) = find_changed_outputs(extracted(make_step, MADE, own, loops=loops))
    assert found.message.startswith("changed in the review")


def test_what_a_person_corrected_is_no_longer_doubtful(make_step: Make) -> None:
    facts = extracted(make_step, MADE, reviewed(decided_by="human"))
    (corrected,) = corrected_artifacts(facts).values()
    assert corrected.data["output"] == MADE
    assert corrected.data["consensus"] == {
        "likelihoods": {"total": None, "to": 0.9, "lines": [{"n": 0.3}, {"n": None}]},
        "choices": [{"total": None, "to": "Ulm"}, {"total": None, "to": "Ulm"}],
    }
    by_agent = extracted(make_step, MADE, reviewed(decided_by="agent"))
    assert corrected_artifacts(by_agent) == {}
    emptied = extracted(make_step, {**MADE, "total": None}, reviewed())
    (kept,) = corrected_artifacts(emptied).values()
    assert kept.data["output"]["total"] == 5


@pytest.mark.parametrize(
    "made",
    [
        {"total": 5, "to": "Ulm", "lines": [{"n": 1}, {"n": 2}]},
        {"total": 7, "a": 1},
        [7],
        None,
    ],
)
def test_an_output_that_is_the_record_or_something_else(make_step: Make, made: Any) -> None:
    assert list(find_changed_outputs(extracted(make_step, made))) == []


def test_a_step_that_did_not_complete_changed_nothing(make_step: Make) -> None:
    assert list(find_changed_outputs(extracted(make_step, MADE, error="no"))) == []


def test_keys_with_a_slash_or_a_tilde_are_corrected(make_step: Make) -> None:
    facts = extracted(make_step, {"a/b": 2, "c~d": 3}, reviewed())
    step = facts.steps[0]
    record = facts.artifacts[step.step_id]
    record.data["output"] = {"a/b": 1, "c~d": 1}
    (corrected,) = corrected_artifacts(facts).values()
    assert corrected.data["output"] == {"a/b": 2, "c~d": 3}


def test_a_category_that_the_handle_names_by_its_key(make_step: Make) -> None:
    facts = sorted_as(make_step, {"output-file-lab": {"type": "file"}})
    facts.artifacts["step_sort"].data["output"]["category"] = "referral"
    (found,) = find_changed_outputs(facts)
    assert found.message.endswith(': category "referral" → "Lab report"')
