"""Groups of failures in many runs, and their trend."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.analysis.failures.failure_groups import (
    FALLING,
    MIN_RUNS_FOR_TREND,
    RISING,
    STEADY,
    Halves,
    RunFailure,
    failures_of,
    group_failures,
    trend,
)
from retab_mcp.models import ErrorDetails, Failure, FailureKind, Run
from tests.analysis.conftest import StepMaker

MIDDLE = datetime(2026, 7, 9, 12, tzinfo=UTC)
HALVES = Halves(MIDDLE)

failures = st.lists(
    st.builds(
        RunFailure,
        run_id=st.sampled_from([f"run_{n}" for n in range(12)]),
        workflow_id=st.sampled_from(["wrk_a", "wrk_b", None]),
        at=st.none()
        | st.datetimes(datetime(2026, 7, 6), datetime(2026, 7, 12)).map(
            lambda moment: moment.replace(tzinfo=UTC)
        ),
        block_id=st.sampled_from(["read", "send", None]),
        step_id=st.none(),
        type=st.none(),
        label=st.none(),
        kind=st.sampled_from([FailureKind.TIMEOUT, FailureKind.UNKNOWN]),
        message=st.sampled_from(["No answer in 5 s", "No answer in 120 s", "Not found: 'x'"]),
    ),
    max_size=40,
)


@given(failures)
def test_every_failure_is_in_one_group(found: list[RunFailure]) -> None:
    groups = group_failures(found, HALVES)
    assert sum(group.count for group in groups) == len(found)
    assert len(groups) == len({failure.signature for failure in found})
    for group in groups:
        members = [one for one in found if one.signature == group.latest.signature]
        times = [one.at for one in members if one.at]
        assert group.count == len(members)
        assert group.runs == len({one.run_id for one in members}) <= group.count
        assert group.first_seen == min(times, default=None)
        assert group.last_seen == max(times, default=None) == (group.latest.at if times else None)


@given(failures, st.randoms(use_true_random=False))
def test_order_of_failures_does_not_matter(found: list[RunFailure], random: Random) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    summary = [
        (g.latest.signature, g.count, g.runs, g.trend) for g in group_failures(found, HALVES)
    ]
    again = [
        (g.latest.signature, g.count, g.runs, g.trend) for g in group_failures(shuffled, HALVES)
    ]
    assert summary == again
    assert [runs for _, _, runs, _ in summary] == sorted((s[2] for s in summary), reverse=True)


@pytest.mark.parametrize(
    ("before", "after", "share_after", "expected"),
    [
        (0, 4, 0.5, None),
        (0, 5, 0.5, RISING),
        (5, 0, 0.5, FALLING),
        (1, 4, 0.5, STEADY),
        (50, 50, 0.5, STEADY),
        (40, 60, 0.5, STEADY),
        (38, 62, 0.5, RISING),
        # Twice as many failures in twice as many runs are a steady rate.
        (50, 100, 2 / 3, STEADY),
        # All runs are in one half: there is no trend.
        (0, 20, 1.0, None),
        (20, 0, 0.0, None),
    ],
)
def test_trend(before: int, after: int, share_after: float, expected: str | None) -> None:
    assert trend(before, after, share_after) == expected


@given(st.integers(0, 200), st.integers(0, 200), st.floats(0.05, 0.95))
def test_reversed_trend_is_the_opposite(before: int, after: int, share: float) -> None:
    opposite = {RISING: FALLING, FALLING: RISING, STEADY: STEADY, None: None}
    assert trend(after, before, 1 - share) == opposite[trend(before, after, share)]
    assert (trend(before, after, share) is None) == (before + after < MIN_RUNS_FOR_TREND)


def test_halves_are_weighted_by_runs_and_equal_where_unknown() -> None:
    assert Halves(MIDDLE, 24, 18).share_after == pytest.approx(18 / 42)
    assert Halves(MIDDLE).share_after == 0.5


def test_a_loop_that_fails_often_is_one_run_and_no_trend() -> None:
    often = [
        RunFailure(
            "run_1",
            "wrk_a",
            MIDDLE + timedelta(hours=n),
            "read",
            None,
            None,
            None,
            FailureKind.UNKNOWN,
            "y",
        )
        for n in range(30)
    ]
    (group,) = group_failures(often, HALVES)
    assert (group.count, group.runs, group.trend) == (30, 1, None)


def test_downstream_failures_are_left_out_and_independent_ones_count(make_step: StepMaker) -> None:
    run = Run(
        id="run_1", generation="g3", status="error", failure=Failure(message="2 steps failed")
    )
    steps = [
        make_step("read", 0, error="Could not read document: no pages"),
        make_step("merge", 5, error="Missing required input 'input-json-0'"),
        make_step("send", 2, error="KeyError: 'C3'"),
    ]
    found = failures_of(run, steps, by_record=True)
    assert [failure.block_id for failure in found] == ["read", "send"]
    assert [failure.kind for failure in found] == ["document_unreadable", "function_exception"]
    # By words alone, no step is known to be independent.
    assert [failure.block_id for failure in failures_of(run, steps)] == ["read"]


def test_without_steps_the_run_record_is_used() -> None:
    run = Run(
        id="run_1",
        generation="g3",
        status="error",
        failing_step_id="run_1_send",
        failure=Failure(
            message="Model did not answer within 120 s",
            details=ErrorDetails(block_id="send", block_name="Send it"),
        ),
    )
    (found,) = failures_of(run, None)
    assert (found.block_id, found.label, found.kind) == ("send", "Send it", "timeout")


def test_a_run_that_did_not_fail_has_none(make_step: StepMaker) -> None:
    run = Run(id="run_1", generation="g3", status="completed")
    assert failures_of(run, [make_step("read", error="put up with")]) == []


def test_a_group_lists_the_names_by_which_its_messages_differ() -> None:
    def failed(number: int, field: str) -> RunFailure:
        at = MIDDLE + timedelta(hours=number)
        place = ("read", None, None, None)
        return RunFailure(
            f"run_{number}", "wrk_a", at, *place, FailureKind.UNKNOWN, f"KeyError: '{field}'"
        )

    found = [failed(1, "vendor_id"), failed(2, "vendor_id"), failed(3, "iban")]
    (group,) = group_failures(found, HALVES)
    listed = [(each.value, each.count, each.first_seen) for each in group.values]
    assert listed == [
        ("'vendor_id'", 2, MIDDLE + timedelta(hours=1)),
        ("'iban'", 1, MIDDLE + timedelta(hours=3)),
    ]


def test_error_codes_keep_groups_apart(make_step: StepMaker) -> None:
    def failure(number: int, code: str) -> list[RunFailure]:
        details = ErrorDetails(error_code=code)
        run = Run(
            id=f"run_{number}",
            generation="g3",
            status="error",
            failure=Failure(message="The call failed", details=details),
        )
        return failures_of(run, None)

    found = [*failure(1, "NO_STOCK"), *failure(2, "NO_STOCK"), *failure(3, "SOLD_OUT")]
    assert [group.runs for group in group_failures(found, HALVES)] == [2, 1]


def test_a_failure_known_by_words_joins_the_only_group_of_its_block_and_message() -> None:
    def failed(run_id: str, kind: FailureKind, step_type: str | None) -> RunFailure:
        place = ("wrk_a", MIDDLE, "read", None, step_type, None)
        is_read = step_type is not None
        return RunFailure(run_id, *place, kind, "KeyError: 'iban'", by_record=is_read)

    read = failed("run_1", FailureKind.FUNCTION_EXCEPTION, "function")
    other = failed("run_2", FailureKind.TIMEOUT, "function")
    words = failed("run_3", FailureKind.UNKNOWN, None)
    (group,) = group_failures([read, words], HALVES)
    assert (group.runs, group.by_own_words) == (2, 1)
    assert group.latest.kind == FailureKind.FUNCTION_EXCEPTION
    # Of two groups, neither is more likely.
    assert len(group_failures([read, other, words], HALVES)) == 3


def test_independent_failures_of_the_same_block_are_counted_by_their_own_words(
    make_step: StepMaker,
) -> None:
    run = Run(id="run_1", generation="g3", status="error", failure=Failure(message="x"))
    steps = [make_step("work", n, error="row 1 is wrong", loops=(("each", n),)) for n in range(2)]
    steps.append(make_step("mail", 3, error="refused"))
    by_words = failures_of(run, steps)
    by_record = failures_of(run, steps, by_record=True)
    assert [one.message for one in by_words] == ["row 1 is wrong", "row 1 is wrong"]
    assert [(one.message, one.is_cause) for one in by_record] == [
        *(("row 1 is wrong", True), ("row 1 is wrong", False), ("refused", False)),
    ]
    assert {one.by_record for one in by_record} == {True}
