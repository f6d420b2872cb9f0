"""Conditions on a key that is not there, and those that only look so."""

from collections.abc import Callable
from typing import Any

import pytest

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.analysis.findings.with_records.absent_keys import find_absent_keys
from retab_mcp.models import Artifact, ArtifactRef, StepPayload, StepSummary

Make = Callable[..., StepSummary]
STATE = {"path": "$.state", "operator": "is_equal_to", "expected": "done", "actual": None}


def handles(*values: Any) -> dict[str, Any]:
    return {f"json-{at}": {"type": "json", "data": value} for at, value in enumerate(values)}


def decided(
    make_step: Make,
    *conditions: dict[str, Any],
    given: Any = None,
    made: Any = None,
    operation: str = "conditional_evaluation",
    more: tuple[StepSummary, ...] = (),
    payloads: dict[str, StepPayload] | None = None,
    artifacts: dict[str, Artifact] | None = None,
) -> list[Finding]:
    step = make_step("route", 9, artifact=ArtifactRef(operation=operation, id="ceval_1"))
    payload = StepPayload(
        handles(given) if given is not None else {}, handles(made) if made is not None else {}
    )
    record = Artifact(id="ceval_1", operation=operation, data={"evaluations": list(conditions)})
    facts = RunFacts(
        (*more, step),
        artifacts={step.step_id: record, **(artifacts or {})},
        payloads={step.step_id: payload, **(payloads or {})},
    )
    return list(find_absent_keys(facts))


def test_the_key_that_is_near_is_named_first(make_step: Make) -> None:
    (found,) = decided(make_step, STATE, given={"id": 7, "status": "done"})
    assert found.message == (
        '$.state is equal to "done": the input has no state, it has status "done", id 7'
        " (near: status)"
    )
    assert (found.kind, found.block_id, found.artifact_id) == (
        *("condition_key_absent", "route", "ceval_1"),
    )
    assert found.paths == ("/evaluations/0",)
    assert found.reason == "evaluations"


def test_five_keys_are_shown_and_the_others_counted(make_step: Make) -> None:
    (found,) = decided(make_step, STATE, given={f"k{n}": n for n in range(8)})
    assert found.message.endswith("has no state, it has k0 0, k1 1, k2 2, k3 3, k4 4 and 3 more")


@pytest.mark.parametrize(
    ("condition", "given"),
    [
        # It is there, if null.
        (STATE, {"state": None}),
        # The condition read something.
        (STATE | {"actual": "open"}, {"status": "done"}),
        (STATE | {"items": [{"index": 0}]}, {"status": "done"}),
        # Nothing is known of what it read.
        (STATE, None),
        (STATE, {}),
        (STATE | {"path": "$"}, {"status": "done"}),
        # It asks whether the key is there, and no other name is near.
        (STATE | {"operator": "exists"}, {"id": 7}),
        (STATE | {"operator": "does_not_exist"}, {"id": 7}),
        (STATE | {"operator": "is_empty"}, {"id": 7}),
        (STATE | {"operator": "is_not_empty"}, {"id": 7}),
        # The path begins with the handle.
        (STATE | {"path": "json-0.state"}, {"state": "open"}),
    ],
)
def test_nothing_is_said_where_the_key_is_there_or_not_expected(
    make_step: Make, condition: dict[str, Any], given: Any
) -> None:
    assert decided(make_step, condition, given=given) == []


def test_a_question_for_presence_with_a_near_name_is_a_mistake(make_step: Make) -> None:
    (found,) = decided(make_step, STATE | {"operator": "exists"}, given={"status": "done"})
    assert found.message == (
        '$.state exists: the input has no state, it has status "done" (near: status)'
    )


def test_one_condition_of_a_step_is_named_the_last_one(make_step: Make) -> None:
    sound = STATE | {"path": "$.id", "actual": 7}
    other = STATE | {"path": "$.phase"}
    (found,) = decided(make_step, STATE, other, sound, given={"id": 7})
    assert found.paths == ("/evaluations/1",)
    assert found.message.startswith("$.phase")
    parted = {"sub_evaluations": [sound, STATE], "path": "$.x"}
    (found,) = decided(make_step, parted, given={"id": 7})
    assert found.message.startswith("$.state")


def test_every_step_with_conditions_is_looked_at(make_step: Make) -> None:
    first = make_step("first", 1, artifact=ArtifactRef(operation="extraction", id="extr_1"))
    second = make_step(
        "second", 2, artifact=ArtifactRef(operation="conditional_evaluation", id="ceval_2")
    )
    found = decided(
        make_step,
        STATE,
        given={"id": 7},
        more=(first, second),
        artifacts={
            first.step_id: Artifact(id="extr_1", operation="extraction", data={}),
            second.step_id: Artifact(
                id="ceval_2", operation="conditional_evaluation", data={"evaluations": [STATE]}
            ),
        },
        payloads={second.step_id: StepPayload(handles({"no": 1}), {})},
    )
    assert [one.block_id for one in found] == ["second", "route"]


def test_a_handle_that_holds_the_key_is_enough(make_step: Make) -> None:
    step = make_step("a", artifact=ArtifactRef(operation="conditional_evaluation", id="c"))
    record = Artifact(id="c", operation="conditional_evaluation", data={"evaluations": [STATE]})
    for other, count in (({"state": None}, 0), ({"id": 2}, 1), ("text", 1)):
        payload = StepPayload({"null": None, "file": {"type": "file"}, **handles({"id": 1}, other)})
        facts = RunFacts(
            (step,), artifacts={step.step_id: record}, payloads={step.step_id: payload}
        )
        assert len(list(find_absent_keys(facts))) == count


def test_a_review_may_read_the_output_as_well(make_step: Make) -> None:
    review = "review_trigger_evaluation"
    assert decided(make_step, STATE, given={"id": 7}, made={"state": 1}, operation=review) == []
    (found,) = decided(make_step, STATE, made={"id": 7}, operation=review)
    assert "the output has no state" in found.message
    assert decided(make_step, STATE, made={"id": 7}) == []


def test_a_loop_reads_what_its_last_iteration_put_out(make_step: Make) -> None:
    loop = "while_loop_termination"
    turns = tuple(make_step("poll", n, loops=(("route", n),)) for n in range(2))
    outputs = {
        turns[0].step_id: StepPayload({}, handles({"state": "open"})),
        turns[1].step_id: StepPayload({}, handles({"status": "open"})),
    }
    (found,) = decided(make_step, STATE, operation=loop, more=turns, payloads=outputs)
    assert found.message == (
        '$.state is equal to "done": the output of poll has no state, it has status "open"'
        " (near: status)"
    )
    assert decided(make_step, STATE, operation=loop, more=turns[:1], payloads=outputs) == []


def test_a_loop_without_payloads_reads_the_last_response(make_step: Make) -> None:
    loop = "while_loop_termination"
    turn = make_step("poll", 1, loops=(("route", 0),))
    attempts = [{"response_body": {"state": 1}}, {"response_body": {"status": "open"}}]
    call = Artifact(id="a", operation="api_call_invocation", data={"attempts": attempts})
    (found,) = decided(
        make_step, STATE, operation=loop, more=(turn,), artifacts={turn.step_id: call}
    )
    assert "the response to poll has no state" in found.message
    texts = call.model_copy(update={"data": {"attempts": [{"response_body": "open"}]}})
    assert (
        decided(make_step, STATE, operation=loop, more=(turn,), artifacts={turn.step_id: texts})
        == []
    )


def test_a_loop_of_which_nothing_else_is_known_reads_its_own_output(make_step: Make) -> None:
    (found,) = decided(make_step, STATE, made={"id": 7}, operation="while_loop_termination")
    assert "the output has no state" in found.message
