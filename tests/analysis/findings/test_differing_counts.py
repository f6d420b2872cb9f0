"""Retries and attempts that do not agree."""

from collections.abc import Callable
from typing import Any

import pytest

from retab_mcp.analysis.findings.differing_counts import find_differing_counts
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.models import Artifact, ArtifactRef, StepSummary

Make = Callable[..., StepSummary]


def counted(make_step: Make, retries: int, attempts: Any, **fields: Any) -> list[tuple[str, Any]]:
    operation = fields.pop("operation", "api_call_invocation")
    step = make_step(
        "book", retry_count=retries, artifact=ArtifactRef(operation=operation, id="a"), **fields
    )
    record = Artifact(id="a", operation=operation, data={"attempts": attempts})
    facts = RunFacts((make_step("none"), step), artifacts={step.step_id: record})
    return [(one.message, one.paths) for one in find_differing_counts(facts)]


def test_retries_and_attempts_that_differ_are_said(make_step: Make) -> None:
    assert counted(make_step, 3, [{}, {}]) == [
        ("the step counts 3 retries, its record 2 attempts", ("/attempts",))
    ]


@pytest.mark.parametrize(
    ("retries", "attempts"), [(1, [{}, {}]), (0, [{}, {}, {}]), (2, [{}]), (2, None)]
)
def test_counts_that_agree_or_say_nothing_are_no_finding(
    make_step: Make, retries: int, attempts: Any
) -> None:
    assert counted(make_step, retries, attempts) == []


def test_counts_of_failed_steps_and_other_records_are_no_finding(make_step: Make) -> None:
    assert counted(make_step, 3, [{}, {}], error="no") == []
    assert counted(make_step, 3, [{}, {}], operation="extraction") == []
