"""No text reaches an answer unsanitized: every tool, every text field, every generation.

A new tool is included automatically; a new argument needs a value in `drive.VARIATIONS`, and a new text
field a run that fills it (`scenes`, or one more sample in `drive.SAMPLE_NAMES`).
"""

from types import ModuleType
from typing import Any, get_type_hints

import pytest

from retab_mcp.retab import decode
from retab_mcp.safety import sealed
from retab_mcp.safety.sanitize import Sanitized
from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.generations import GENERATIONS as SERVED
from retab_mcp.tools.catalog import TOOLS
from tests.system.drive import Answered, drive, drive_failing, drive_through, samples
from tests.system.fields import poisoned_fields, text_fields
from tests.system.poison import (
    MARK,
    SECRETS,
    STRUCTURE,
    TYPES,
    PoisonedTransport,
    leaks_in,
    poisoned,
    poisoned_text,
    texts_in,
)

# Drives are long and kept in memory, so one worker runs all tests that use them.
# One test alone makes all of them, which takes minutes on a busy machine.
pytestmark = [pytest.mark.xdist_group("drive"), pytest.mark.timeout(1800)]

# The bare lists of g2c-bare hold the same rows as the envelopes of g2c.
GENERATIONS = tuple(name for name in SERVED if name != "g2c-bare")
# What is not poisoned: nothing, or statuses, types and times.
POISONED_STRUCTURES: tuple[tuple[str, frozenset[str]], ...] = (
    ("g1", frozenset()),
    ("g3", frozenset()),
    ("g3", STRUCTURE - TYPES),
)
# HTTP statuses, and the part of the path that is refused with each.
FAILURES = ((500, "artifacts"), (422, "runs"), (403, "steps"))

# Fields that hold only words of this package.
OUR_WORDS = {
    "Answer.instruction_paths",
    "CausePart.kind",
    "CompareRunsAnswer.b_chosen",
    "CompareRunsAnswer.same",
    "CompetingPart.why",
    "ConfigRow.only_in",
    "DifferenceRow.differs",
    "ExperimentRow.only_in",
    "FailedDocuments.kind",
    "FailurePart.kind",
    "FailureRow.began_on",
    "FailureRow.kind",
    "FailureRow.stopped_on",
    "FailureRow.trend",
    "FindFailuresAnswer.from_date",
    "FindFailuresAnswer.time_zone",
    "FindFailuresAnswer.to_date",
    "FindingPart.kind",
    "FirstDifference.differs",
    "GetStepAnswer.as_of",
    "HopPart.how",
    "HopPart.known_by",
    "MatchRow.hidden",
    "MetricsState.state",
    "MovedTarget.only_in",
    "NextCall.reason",
    "NextCall.tool",
    "RecordFinding.kind",
    "RelatedRunPart.found_by",
    "RestartPart.verdict",
    "SampledPart.kind",
    "SuspiciousInput.problem",
    "TimePart.differing",
    "Truncated.unit",
    "Truncated.why",
    "ValueChange.hidden",
    "ValueChange.only_in",
    "ValueChange.order",
}

# The id of the run that the caller asked for: another one is refused.
ASKED_FOR = {
    "ComparedRun.run_id",
    "GetRunAnswer.run_id",
    "GetStepAnswer.run_id",
    "ListStepsAnswer.run_id",
    "SearchRunAnswer.run_id",
    "TraceValueAnswer.run_id",
}

# Fields that no call of the drive fills: its scene has no eval run, no renamed field, no missing
# handle, no competing value, no suggestion with words of a called service, no value passed on by three blocks, no link, no called service and no
# two steps of one id, and its poisoned ids of workflows find no experiments. They pass the same
# client and the same encoder as all others.
NOT_REACHED = {
    "CausePart.suggestion",
    *("CommonPart.path", "CommonPart.value"),
    "CompetingPart.artifact_id",
    "CompetingPart.block_id",
    "CompetingPart.path",
    "CompetingPart.step_id",
    "CompetingPart.value",
    "ConfigRow.field",
    "EvalRow.actual",
    "EvalRow.expected",
    "EvalRunRow.counts",
    *("ExperimentListRow.block_id", "ExperimentListRow.experiment_id", "ExperimentListRow.name"),
    *("ExperimentListRow.last_run_id", "ExperimentListRow.status"),
    "ExperimentRow.document_id_before",
    "ExperimentRunRow.run_id",
    "ExperimentRunRow.status",
    "ExperimentRunRow.workflow_version_id",
    "FailurePart.completed_loop",
    "FailurePart.evidence",
    "FailurePart.items",
    "FailureRow.example_link",
    "FailureRow.survived",
    "FindFailuresAnswer.failed_per_day",
    "FindingPart.reason",
    "FindingPart.suggestion",
    "GetArtifactAnswer.unavailable",
    "GetEvalRunAnswer.message",
    "GetEvalRunAnswer.reason",
    "GetEvalRunAnswer.unavailable",
    "GetExperimentJobAnswer.handle_outputs",
    "GetExperimentJobAnswer.reason",
    "GetExperimentJobAnswer.status",
    "GetExperimentJobAnswer.workflow_id",
    "GetRunAnswer.run_link",
    "GetRunAnswer.same_ids",
    "GetStepAnswer.unavailable",
    "HandlesPart.arrived",
    "HandlesPart.expected",
    "HandlesPart.missing",
    "HopPart.last_path",
    "HopPart.last_step_id",
    "ListStepsAnswer.credits_by_block",
    "Matches.shown",
    "OtherFailuresPart.step_ids",
    "RecordFinding.message",
    "RecordFinding.paths",
    "RelatedRunPart.status",
    "RenamedPart.path",
    "RenamedPart.path_before",
    "RunSide.trigger",
    *("SampledPart.block_id", "SampledPart.message", "SampledPart.run_id"),
    "ServiceRow.a",
    "ServiceRow.b",
    "ServiceRow.block_id",
    "SettingPart.field",
    "SettingPart.value",
    "SettingPart.value_before",
    "TallyPart.step_counts",
    "TraceValueAnswer.unavailable",
    "ValueChange.step_id",
    "ValuePart.value",
}
MODELS = {spec.name: get_type_hints(spec.resolve())["return"] for spec in TOOLS}


def every_drive() -> list[tuple[Answered, ...]]:
    return [
        *(drive(generation) for generation in GENERATIONS),
        *(drive(generation, keep) for generation, keep in POISONED_STRUCTURES),
        *(drive_failing(status, part) for status, part in FAILURES),
    ]


def assert_clean(answered: tuple[Answered, ...]) -> None:
    leaks = [(one.tool, one.arguments, leaks_in(one.answer)) for one in answered]
    assert not [leak for leak in leaks if leak[2]][:5]
    faults = [one for one in answered if one.is_error and one.answer["kind"] == "internal"]
    assert not faults[:5]


@pytest.mark.parametrize("generation", GENERATIONS)
def test_no_answer_has_a_secret_or_an_invisible_character(generation: str) -> None:
    assert_clean(drive(generation))


@pytest.mark.parametrize(("generation", "keep"), POISONED_STRUCTURES)
def test_no_answer_leaks_poisoned_statuses_types_and_times(
    generation: str, keep: frozenset[str]
) -> None:
    assert_clean(drive(generation, keep))


@pytest.mark.parametrize(("status", "part"), FAILURES)
def test_no_answer_leaks_where_some_requests_fail(status: int, part: str) -> None:
    answered = drive_failing(status, part)
    assert_clean(answered)
    assert any(one.is_error and one.answer.get("status") == status for one in answered)


def test_answers_with_text_of_third_parties_say_so() -> None:
    unmarked = [
        (one.tool, one.arguments, text)
        for answered in every_drive()
        for one in answered
        if not one.answer.get("untrusted_text")
        for text in texts_in(_without_ids(one.answer))
        if MARK in text
    ]
    assert unmarked == []


def _without_ids(answer: Any) -> Any:
    """Return the fields of an answer that are no ids and no calls that repeat them."""
    if isinstance(answer, list):
        return [_without_ids(item) for item in answer]
    if not isinstance(answer, dict):
        return answer
    return {
        name: _without_ids(value)
        for name, value in answer.items()
        if not name.endswith(("_id", "_ids")) and name not in ("next_calls", "truncated")
    }


def test_the_drive_gets_an_answer_from_every_tool() -> None:
    answering = {one.tool for answered in every_drive() for one in answered if not one.is_error}
    assert answering == set(MODELS)


def test_the_drive_poisons_every_text_field() -> None:
    fields = set().union(*(text_fields(model) for model in MODELS.values()))
    seen = set().union(
        *(
            poisoned_fields(MODELS[one.tool], one.answer)
            for answered in every_drive()
            for one in answered
            if not one.is_error
        )
    )
    assert sorted(fields - seen - OUR_WORDS - ASKED_FOR - NOT_REACHED) == []
    assert sorted(seen & OUR_WORDS) == []


def test_error_answers_with_text_from_retab_are_covered() -> None:
    """The drive sees error answers that contain block ids and paths."""
    errors = [one for answered in every_drive() for one in answered if one.is_error]
    assert any(MARK in text for one in errors for text in texts_in(one.answer))


@pytest.mark.parametrize("module", [decode, sealed], ids=["bodies", "sealed payloads"])
def test_a_leak_is_detected(monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> None:
    """The drive finds leaks if bodies of the API, or payloads alone, are not sanitized."""
    monkeypatch.setattr(module, "sanitize", lambda body: Sanitized(body, 0))
    app = create_app("g3", samples())
    answered = drive_through(PoisonedTransport(app), variations=False)
    assert any(leaks_in(one.answer) for one in answered)


@pytest.mark.parametrize("secret", SECRETS, ids=lambda secret: secret.text[:12])
def test_half_a_secret_is_detected(secret: Any) -> None:
    half = secret.private[len(secret.private) // 2 :][:8]
    assert leaks_in({"text": [f"so {half}"]})
    assert leaks_in({f"so {half}": 1})
    assert not leaks_in({"text": f"so {half[:7]}"})


def test_every_text_is_poisoned() -> None:
    body = {
        "id": "run_1",
        "status": "completed",
        "data": {"a": ["b"]},
        "at": "2026-01-01T00:00:00Z",
    }
    spoiled = poisoned(body)
    assert spoiled["status"] == "completed"
    assert spoiled["id"] == poisoned_text("run_1")
    assert spoiled["data"]["a"] == [poisoned_text("b")]
    assert spoiled["at"] == "2026-01-01T00:00:00Z"
    assert leaks_in(spoiled)
    assert poisoned(body, frozenset())["status"] == poisoned_text("completed")
