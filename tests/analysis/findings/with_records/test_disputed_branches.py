"""Votes that split, and the branches that hung on them."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings import find_in_run
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.models import Artifact, ArtifactRef, Json, StepSummary

Make = Callable[..., StepSummary]


def found(make_step: Make, votes: Sequence[Json], **condition: Any) -> list[Finding]:
    read = make_step("read", 0, 1, artifact=ArtifactRef(operation="extraction", id="extr_1"))
    large = make_step(
        "large", 2, 1, artifact=ArtifactRef(operation="conditional_evaluation", id="ceval_1")
    )
    consensus = {"choices": [{"sum": vote, "place": "Ulm"} for vote in votes]}
    data = {"output": {"sum": votes[0], "place": "Ulm"}, "consensus": consensus}
    check = {"path": "$.sum", "actual": votes[0], "branch_name": "big", **condition}
    return find_in_run(
        RunFacts(
            (read, large),
            artifacts={
                read.step_id: Artifact(id="extr_1", operation="extraction", data=data),
                large.step_id: Artifact(
                    id="ceval_1",
                    operation="conditional_evaluation",
                    data={"evaluations": [check], "matched_branch_id": "b"},
                ),
            },
        )
    )


def test_a_branch_hung_on_one_vote_of_five(make_step: Make) -> None:
    [one] = found(
        make_step,
        [4100, 4100, 4100, 4100, 410],
        operator="is_greater_than",
        expected=1000,
        matched=True,
    )
    assert (one.kind, one.block_id, one.artifact_id) == ("votes_disagree", "read", "extr_1")
    assert one.message == (
        "the votes split on sum: 4100 (4), 410 (1); large took big by it: $.sum is greater than "
        "1000: yes, it is 4100"
    )


@pytest.mark.parametrize(
    ("votes", "condition"),
    [
        # Every vote leads to the same branch.
        ([4100, 4100, 4100, 4100, 4200], {"operator": "is_greater_than", "expected": 1000}),
        # The condition reads another field of the same value.
        ([4, 4, 4, 4, 5], {"path": "$.count", "operator": "is_equal_to", "expected": 4}),
        # The condition got another value.
        ([4, 4, 4, 4, 5], {"actual": 9, "operator": "is_equal_to", "expected": 9}),
        # The votes agree.
        ([4, 4.0, 4, 4, 4], {"operator": "is_equal_to", "expected": 4}),
        (["Ulm", "ULM", "ulm.", "Ulm", "Ulm"], {"operator": "contains", "expected": "Ulm"}),
    ],
)
def test_no_branch_hung_on_the_votes(
    make_step: Make, votes: Sequence[Json], condition: dict[str, Any]
) -> None:
    assert found(make_step, votes, matched=True, **condition) == []


def test_votes_without_a_clear_majority(make_step: Make) -> None:
    condition = {"path": "$.other", "operator": "is_equal_to", "expected": 1, "actual": 1}
    [one] = found(make_step, [120.0, 120.0, None], matched=True, **condition)
    assert one.message == "the votes split on sum: 120.0 (2), null (1)"
    assert one.paths == ("/output/sum",)
