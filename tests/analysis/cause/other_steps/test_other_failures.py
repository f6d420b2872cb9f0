"""Failures that the root cause does not explain."""

from collections.abc import Callable
from typing import Any

import pytest

from retab_mcp.analysis.cause.other_steps.other_failures import (
    item_name,
    iterations_of,
    other_failures,
)
from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.models import Artifact, FailureKind, StepPayload, StepSummary

Make = Callable[..., StepSummary]


def cause_of(step: StepSummary | None, others: Any = (), tolerated: Any = ()) -> RootCause:
    return RootCause(
        step=step,
        message="",
        stage=None,
        category=None,
        kind=FailureKind.UNKNOWN,
        suggestion="",
        reasons=(),
        others=tuple(others),
        tolerated=tuple(tolerated),
    )


def test_failures_of_one_block_that_differ_in_numbers_are_one_group(make_step: Make) -> None:
    root = make_step("root", error="no")
    steps = [
        make_step("each", 0, 99, type="for_each"),
        root,
        *(make_step("work", n, error=f"row {n} is wrong", loops=(("each", n),)) for n in range(10)),
        make_step("mail", 3, error="refused"),
        make_step("fine"),
    ]
    tolerated = [step.step_id for step in steps if step.block_id == "work"]
    payloads = {
        step_id: StepPayload({"in": {"type": "json", "data": {"sku": f"A-{n // 2}"}}})
        for n, step_id in enumerate(tolerated)
    }
    found = other_failures(cause_of(root, ["step_mail"], tolerated), steps, {}, payloads)
    assert found is not None
    assert (found.count, found.step_ids) == (11, ("step_mail", *tolerated))
    mail, work = found.groups
    assert (mail.step.block_id, mail.message, mail.count) == ("mail", "refused", 1)
    assert (mail.iterations, mail.items, mail.completed_loop) == ((), (), None)
    assert (work.step.step_id, work.message, work.count) == (
        *("step_each_0_work", "row 0 is wrong", 10),
    )
    assert (work.iterations, work.completed_loop) == (tuple(range(8)), "each")
    assert work.items == ("sku A-0", "sku A-1", "sku A-2")


def test_four_groups_are_shown_and_those_that_say_what_the_cause_says_go_first(
    make_step: Make,
) -> None:
    root = make_step("root", error="no 1")
    steps = [
        root,
        make_step("same", 1, error="no 2"),
        *(make_step(f"b{n}", n + 2, error=f"{'abcd'[n]} failed") for n in range(4)),
    ]
    ids = [step.step_id for step in steps[1:]]
    found = other_failures(cause_of(root, ids), steps, {}, {})
    assert found is not None
    assert [group.step.block_id for group in found.groups] == ["b0", "b1", "b2", "b3"]
    assert found.count == 5


def test_a_step_whose_record_was_read_speaks_for_its_group(make_step: Make) -> None:
    steps = [make_step("a", n, error="x", loops=(("each", n),)) for n in range(2)]
    record = Artifact(id="a", operation="function_invocation", data={"error": "KeyError: 'k'"})
    ids = [step.step_id for step in steps]
    found = other_failures(cause_of(None, ids), steps, {ids[1]: record}, {})
    assert found is not None
    assert found.groups[0].step.step_id == ids[1]
    assert other_failures(cause_of(None), steps, {}, {}) is None


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ({"sku": "A-1", "name": "Bolt"}, "name Bolt"),
        *(
            ({key: 7}, f"{key} 7")
            for key in [
                "filename",
                "file_name",
                "name",
                "title",
                "label",
                "number",
                "id",
                "key",
                "code",
                "sku",
            ]
        ),
        ({"reference": "R"}, "reference R"),
        ({"ref": "R"}, "ref R"),
        ({"id": "", "code": "C"}, "code C"),
        ({"id": True}, None),
        ({"total": 5}, None),
        ("A-1", "A-1"),
        (7, "7"),
        (True, None),
        ([1], None),
        (None, None),
    ],
)
def test_what_an_item_is_called(data: Any, name: str | None) -> None:
    assert item_name(StepPayload({"in": {"type": "json", "data": data}})) == name


def test_a_file_name_comes_first() -> None:
    file = {"type": "file", "document": {"id": "f", "filename": "scan.pdf"}}
    payload = StepPayload({"x": None, "in": {"type": "json", "data": "A-1"}, "doc": file})
    assert item_name(payload) == "scan.pdf"
    assert item_name(None) is None


def test_iterations_of_the_innermost_loop_each_once(make_step: Make) -> None:
    steps = [make_step("a", loops=(("x", 5), ("y", n % 3))) for n in range(6)]
    assert iterations_of([*steps, make_step("b")]) == (0, 1, 2)
