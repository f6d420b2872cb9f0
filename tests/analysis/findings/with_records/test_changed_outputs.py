"""Categories that differ from the record of a classification: changed in a review, or as it was."""

from collections.abc import Callable
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
