"""The failing step, from the run's own record."""

import pytest

from retab_mcp.analysis.cause.failing_step import FailingStep, failing_step, found_by_block
from retab_mcp.models import ErrorDetails, Failure, Run
from tests.analysis.conftest import StepMaker


def failed(**fields: object) -> Run:
    return Run.model_validate({"id": "run_1", "generation": "g3", "status": "error", **fields})


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        ("run_1_send", FailingStep("send", "run_1_send")),
        ("send", FailingStep("send", "send")),
        ("run_1_each_iter_3_send", FailingStep(None, "run_1_each_iter_3_send")),
        (None, FailingStep()),
    ],
)
def test_failing_step_id_is_used(hint: str | None, expected: FailingStep) -> None:
    run = failed(failing_step_id=hint)
    assert failing_step(run) == expected
    assert found_by_block(run, expected) == (expected.block_id is not None)


def test_details_name_the_block() -> None:
    details = ErrorDetails(block_id="send")
    run = failed(
        failing_step_id="run_1_each_iter_3_send", failure=Failure(message="no", details=details)
    )
    step = failing_step(run)
    assert step == FailingStep("send", "run_1_each_iter_3_send")
    assert not found_by_block(run, step)


def test_embedded_steps_overrule_failing_step_id(make_step: StepMaker) -> None:
    steps = (make_step("read", 0, error="no pages"), make_step("merge", 3, error="missing input"))
    run = failed(failing_step_id="run_1_merge", steps=steps)
    assert failing_step(run) == FailingStep("read", "step_read")


def test_only_failed_runs_have_a_failing_step() -> None:
    run = Run(id="run_1", generation="g3", status="completed", failing_step_id="run_1_send")
    assert failing_step(run) == FailingStep()
