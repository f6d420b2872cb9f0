"""What the other runs of a workflow say about one run."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from retab_mcp.analysis.history import (
    BY_RECORD,
    SAME_FILE_NAMES,
    SAME_INPUTS,
    good_run,
    have_same_inputs,
    history_of,
)
from retab_mcp.models import ErrorDetails, Failure, Run, RunInputs

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def make_run(
    name: str,
    hour: float,
    status: str = "completed",
    message: str = "",
    *,
    trigger: str = "api",
    file: str = "",
    file_name: str = "order.pdf",
    **fields: Any,
) -> Run:
    block = fields.pop("block", None)
    details = ErrorDetails(block_id=block) if block else None
    documents = {"intake": {"id": file, "filename": file_name}} if file else {}
    inputs = RunInputs(documents=documents, json_data=fields.pop("json_data", {}))
    given: dict[str, Any] = {"type": trigger, **fields.pop("named", {})}
    return Run(
        id=f"run_{name}",
        generation="g3",
        status=status,
        workflow_id="wrk_orders",
        created_at=NOON + timedelta(hours=hour),
        trigger=given,
        failure=Failure(message=message, details=details) if message else None,
        inputs=inputs,
        **fields,
    )


def failed(name: str, hour: float, message: str = "took 503 s", **fields: Any) -> Run:
    return make_run(name, hour, "error", message, **fields)


def test_failures_with_the_same_message_are_counted_and_dated() -> None:
    others = [
        failed("a", -5),
        failed("b", -2, "took 77 s"),
        failed("c", -1, "Template is missing"),
        failed("d", 3),
        make_run("e", -4),
    ]
    found = history_of(failed("mine", 0), others)
    assert (found.other_runs, found.failed, found.same_failure) == (5, 4, 3)
    assert found.first_seen == NOON - timedelta(hours=5)
    assert found.last_seen == NOON + timedelta(hours=3)


def test_the_same_message_of_another_block_is_another_failure() -> None:
    others = [failed("a", -2, block="send"), failed("b", -1, block="fetch")]
    found = history_of(failed("mine", 0, block="fetch"), others)
    assert found.same_failure == 1


def test_a_new_failure_has_no_times_of_its_own() -> None:
    found = history_of(failed("mine", 0), [make_run("a", -1)])
    assert (found.failed, found.same_failure, found.first_seen) == (0, 0, None)


def test_a_failure_without_message_is_like_no_other() -> None:
    found = history_of(make_run("mine", 0, "error"), [make_run("a", -1, "error")])
    assert (found.failed, found.same_failure) == (1, None)


def test_the_run_itself_and_repeated_rows_count_once() -> None:
    mine, other = failed("mine", 0), failed("a", -1)
    found = history_of(mine, [mine, other, other])
    assert (found.other_runs, found.same_failure) == (1, 1)


def test_the_good_run_is_of_the_same_inputs_then_of_the_same_trigger_then_the_newest() -> None:
    mine = failed("mine", 0, file="file_1", trigger="email")
    newest = make_run("newest", -1)
    email = make_run("email", -2, trigger="email")
    same = make_run("same", -9, file="file_1")
    chosen = [
        good_run(mine, runs) for runs in ([newest], [newest, email], [same, newest, email], [])
    ]
    assert [good and good.run_id for good in chosen] == [
        "run_newest",
        "run_email",
        "run_same",
        None,
    ]
    assert chosen[2] is not None
    assert (chosen[2].same_inputs, chosen[2].same_trigger, chosen[2].trigger) == (
        True,
        False,
        "api",
    )


def test_a_run_before_is_better_than_one_after() -> None:
    mine = failed("mine", 0)
    good = good_run(mine, [make_run("after", 1), make_run("before", -8)])
    assert good is not None
    assert (good.run_id, good.later) == ("run_before", False)


def test_without_one_before_the_first_one_after_is_the_good_run() -> None:
    good = good_run(failed("mine", 0), [make_run("next", 1), make_run("last", 5)])
    assert good is not None
    assert (good.run_id, good.later) == ("run_next", True)


@pytest.mark.parametrize(
    ("mine", "theirs", "changed"),
    [("ver_1", "ver_2", True), ("ver_1", "ver_1", False), ("ver_1", None, None)],
)
def test_the_version_may_have_changed(
    mine: str | None, theirs: str | None, changed: bool | None
) -> None:
    run = failed("mine", 0, workflow_version_id=mine)
    good = good_run(run, [make_run("a", -1, workflow_version_id=theirs)])
    assert good is not None
    assert good.version_changed is changed


@pytest.mark.parametrize(
    ("fields", "other", "same"),
    [
        ({"file": "file_1"}, {"file": "file_1"}, True),
        ({"file": "file_1"}, {"file": "file_2"}, False),
        ({"json_data": {"intake": {"n": 1}}}, {"json_data": {"intake": {"n": 1}}}, True),
        ({"json_data": {"intake": {"n": 1}}}, {"json_data": {"intake": {"n": 2}}}, False),
        ({}, {}, False),
    ],
)
def test_same_inputs(fields: dict[str, Any], other: dict[str, Any], same: bool) -> None:
    assert have_same_inputs(make_run("a", 0, **fields), make_run("b", 1, **other)) is same


def test_a_restart_names_the_run_that_it_repeats() -> None:
    first, done = failed("first", -2, file="file_1"), make_run("done", -1, file="file_1")
    again = make_run("again", 0, trigger="restart", file="file_1")
    related = history_of(again, [first, done]).restart_of
    assert related is not None
    # The failed one, though another run of the document completed since.
    assert (related.run_id, related.status, related.found_by) == (
        "run_first",
        "error",
        SAME_INPUTS,
    )


def test_a_parent_in_the_trigger_is_certain_even_if_it_was_not_read() -> None:
    again = make_run("again", 0, trigger="restart", named={"parent_run_id": "run_old"})
    related = history_of(again, [failed("other", -1)]).restart_of
    assert related is not None
    assert (related.run_id, related.status, related.found_by) == ("run_old", None, BY_RECORD)


def test_a_restart_of_a_file_stored_anew_is_found_by_its_name() -> None:
    again = make_run("again", 0, trigger="restart", file="file_2", file_name="po-9.pdf")
    first = failed("first", -1, file="file_1", file_name="po-9.pdf")
    related = history_of(again, [first]).restart_of
    assert related is not None
    assert related.found_by == SAME_FILE_NAMES


@pytest.mark.parametrize(
    "other",
    [failed("a", -1, file="file_9", file_name="else.pdf"), failed("b", -1), failed("c", 1)],
)
def test_a_restart_without_a_run_like_it_names_none(other: Run) -> None:
    again = make_run("again", 0, trigger="restart", file="file_2", file_name="po-9.pdf")
    assert history_of(again, [other]).restart_of is None


def test_runs_that_are_no_restarts_repeat_nothing() -> None:
    found = history_of(make_run("mine", 0, file="file_1"), [failed("a", -1, file="file_1")])
    assert found.restart_of is None


def test_the_last_restart_and_their_number_are_told() -> None:
    restarts = [
        failed("second", 1, trigger="restart", file="file_1"),
        make_run("third", 2, trigger="restart", file="file_1"),
        make_run("other", 3, trigger="restart", file="file_2", file_name="else.pdf"),
    ]
    related = history_of(failed("mine", 0, file="file_1"), restarts).restarted_as
    assert related is not None
    assert (related.run_id, related.status, related.count) == ("run_third", "completed", 2)


def test_restarts_after_another_run_of_the_document_belong_to_that_run() -> None:
    others = [
        failed("anew", 1, file="file_1"),
        make_run("restart", 2, trigger="restart", file="file_1"),
    ]
    found = history_of(failed("mine", 0, file="file_1"), others)
    assert found.restarted_as is None
    assert found.later is not None
    assert found.later.run_id == "run_anew"


def test_a_restart_with_another_parent_is_not_of_this_run() -> None:
    named = {"parent_run_id": "run_other"}
    other = make_run("a", 1, trigger="restart", file="file_1", named=named)
    assert history_of(failed("mine", 0, file="file_1"), [other]).restarted_as is None


def test_without_a_like_run_the_newest_before_is_the_good_one() -> None:
    others = [make_run("a", -3), make_run("b", -2, trigger="email"), make_run("c", 5)]
    found = good_run(failed("mine", 0), others)
    assert found is not None
    assert (found.run_id, found.same_trigger, found.later) == ("run_a", True, False)
    history = history_of(failed("mine", 0), others)
    assert history.next_good is not None
    assert (history.next_good.run_id, history.next_good.later) == ("run_c", True)


def test_what_a_good_run_has_in_common_is_said() -> None:
    mine = failed("mine", 0, file="f1", workflow_version_id="v2")
    other = make_run("a", -1, file="f1", workflow_version_id="v1", trigger="email")
    found = good_run(mine, [other])
    assert found is not None
    assert (found.trigger, found.same_inputs, found.same_trigger) == ("email", True, False)
    assert (found.version_changed, found.same_time, found.created_at) == (
        *(True, False, other.created_at),
    )
    bare = make_run("b", 0).model_copy(update={"trigger": {}})
    unknown = good_run(mine, [bare])
    assert unknown is not None
    assert (unknown.trigger, unknown.version_changed, unknown.same_time) == ("unknown", None, True)


def test_runs_without_inputs_do_not_have_the_same() -> None:
    assert not have_same_inputs(make_run("a", 0), make_run("b", 1))
    assert have_same_inputs(
        make_run("a", 0, json_data={"x": 1}), make_run("b", 1, json_data={"x": 1})
    )
    assert not have_same_inputs(make_run("a", 0, file="f1"), make_run("b", 1, file="f2"))


def test_good_runs_since_the_last_failure_are_counted() -> None:
    others = [
        failed("a", -2),
        make_run("b", -1),
        make_run("c", 1),
        failed("d", 2),
        make_run("e", 3),
    ]
    found = history_of(failed("mine", 0), others)
    assert (found.good_since, found.last_seen) == (1, NOON + timedelta(hours=2))
    undated = others[-1].model_copy(update={"created_at": None})
    assert history_of(failed("mine", 0), [*others[:-1], undated]).good_since == 0
