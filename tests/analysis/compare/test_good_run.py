"""Which step before a failure gave another value than in a run that worked."""

from typing import Any

import pytest

from retab_mcp.analysis.compare.good_run import OtherOutput, other_output, ratio_of
from retab_mcp.analysis.compare.step_pairs import StepPairs
from retab_mcp.models import Step, StepPayload, StepSummary
from tests.analysis.conftest import StepMaker


def handles(data: Any) -> dict[str, Any]:
    return {} if data is None else {"h": {"type": "json", "data": data}}


def step(summary: StepSummary, given: Any, made: Any = None) -> Step:
    return Step(summary=summary, payload=StepPayload(handles(given), handles(made)))


def found(failed: list[Step], good: list[Step]) -> OtherOutput | None:
    """Return the step that gave another value; the last of `failed` is the one that failed."""
    pairs = StepPairs()
    for side, steps in ((0, failed), (1, good)):
        for each in steps:
            pairs.add(side, each)
    return other_output(pairs.pairs(), failed[-1].summary)


def runs(make_step: StepMaker, value: Any, other: Any, **fields: Any) -> tuple[list[Step], ...]:
    read = make_step("read", 0, 1, **{"type": "extract", **fields})
    return (
        [
            step(read, {"page": 1}, {"total": value}),
            step(make_step("book", 1, error="refused"), {"total": value}),
        ],
        [
            step(read, {"page": 1}, {"total": other}),
            step(make_step("book", 1), {"total": other}, {"id": 7}),
        ],
    )


@pytest.mark.parametrize(
    ("value", "other", "said"),
    [
        (
            4100,
            41,
            "total is 4100, but in the good run, from the same input, 41 (100 times as much)",
        ),
        (
            "4.1",
            41,
            'total is "4.1", but in the good run, from the same input, 41 (0.1 times as much)',
        ),
        ("EUR", "USD", 'total is "EUR", but in the good run, from the same input, "USD"'),
        (11, 10, "total is 11, but in the good run, from the same input, 10"),
        (None, 10, "total is null, but in the good run, from the same input, 10"),
    ],
)
def test_the_step_that_gave_another_value_is_named(
    make_step: StepMaker, value: Any, other: Any, said: str
) -> None:
    one = found(*runs(make_step, value, other))
    assert one is not None
    finding = one.finding()
    assert (finding.kind, finding.block_id, finding.message) == (
        *("differs_from_good_run", "read", said),
    )
    assert finding.paths == ("/handle_outputs/h/data/total",)
    assert finding.reason == "the good run"
    assert not one.is_by_code


def test_a_value_by_code_is_marked(make_step: StepMaker) -> None:
    one = found(*runs(make_step, 1, 2, type="function"))
    assert one is not None
    assert one.is_by_code


def test_a_value_in_a_row_is_named_by_its_field(make_step: StepMaker) -> None:
    failed, good = runs(make_step, [{"net": 1}], [{"net": 9}])
    one = found(failed, good)
    assert one is not None
    assert one.finding().message.startswith("net is 1, ")


def test_an_item_of_a_list_is_named_by_the_list(make_step: StepMaker) -> None:
    one = found(*runs(make_step, ["a", "b"], ["a", "c"]))
    assert one is not None
    assert one.finding().message.startswith('total is "b", ')


def test_a_failed_step_of_the_same_input_blames_no_other(make_step: StepMaker) -> None:
    failed, good = runs(make_step, 1, 2)
    same = [failed[0], step(make_step("book", 1, error="refused"), {"total": 2})]
    assert found(same, good) is None


def test_a_value_that_followed_from_another_input_is_not_blamed(make_step: StepMaker) -> None:
    failed, good = runs(make_step, 1, 2)
    other = [step(failed[0].summary, {"page": 2}, {"total": 1}), failed[1]]
    assert found(other, good) is None


def test_a_step_that_ended_after_the_failure_began_is_not_blamed(make_step: StepMaker) -> None:
    failed, good = runs(make_step, 1, 2)
    for times in ({"at": 0.5, "seconds": 5}, {"at": 0, "completed_at": None}):
        late = make_step("read", type="extract", **times)
        assert found([step(late, {"page": 1}, {"total": 1}), failed[1]], good) is None


def test_steps_that_one_run_lacks_and_containers_are_not_blamed(make_step: StepMaker) -> None:
    failed, good = runs(make_step, 1, 2)
    assert found(failed, good[1:]) is None
    assert found(failed, good[:1]) is None
    loops = runs(make_step, 1, 2, type="for_each")
    assert found(*loops) is None


def test_an_order_or_rounding_is_not_blamed(make_step: StepMaker) -> None:
    assert found(*runs(make_step, 0.1 + 0.2, 0.3)) is None


def test_steps_of_a_loop_that_gave_other_values_are_counted(make_step: StepMaker) -> None:
    def run(price: int, error: str | None) -> list[Step]:
        turns = [
            step(make_step("price", n, 1, loops=(("each", n),)), {"n": n}, {"price": price})
            for n in range(3)
        ]
        return [*turns, step(make_step("book", 9, error=error), {"sum": price})]

    one = found(run(2, "refused"), run(4, None))
    assert one is not None
    assert one.count == 3
    assert one.finding().message == (
        "price is 2, but in the good run, from the same input, 4 (0.5 times as much), in 3 steps"
    )


@pytest.mark.parametrize(
    ("value", "other", "ratio"),
    [
        (3, 2, 1.5),
        (2, 3, 0.667),
        (14, 10, None),
        ("1.234,50", "1234.5", None),
        ("12,345.67", 1, 12300),
        (-4, 2, None),
        (0, 5, None),
        (5, 0, None),
        ("a", 5, None),
        ("1.234", 1, None),
    ],
)
def test_a_ratio_is_said_where_two_numbers_are_far_apart(
    value: Any, other: Any, ratio: float | None
) -> None:
    assert ratio_of(value, other) == ratio
