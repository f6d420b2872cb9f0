"""Steps collapsed to rows: one per step or loop, in execution order, each counted once."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Collection
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from retab_mcp.analysis.loops.collapse import StepOrLoop, collapse_loops, select_steps
from retab_mcp.analysis.loops.loop_containers import container_ids, owner
from retab_mcp.analysis.loops.loop_summary import MAX_FAILING
from retab_mcp.analysis.loops.step_order import count_by_status
from retab_mcp.models import LoopPosition, StepSummary

Make = Callable[..., StepSummary]


def rows_of(
    steps: list[StepSummary],
    block_id: str = "",
    statuses: Collection[str] = (),
    types: Collection[str] = (),
) -> list[StepOrLoop]:
    return collapse_loops(steps, select_steps(steps, block_id, statuses, types), block_id)


def test_steps_are_in_execution_order(make_step: Make) -> None:
    never = make_step("never", None, status="skipped", reason="branch not taken")
    steps = [make_step("third", 3), never, make_step("first", 1), make_step("second", 2)]
    assert [row.block_id for row in rows_of(steps)] == ["first", "second", "third", "never"]


def test_step_has_error_reason_and_duration(make_step: Make) -> None:
    failed, skipped = rows_of(
        [
            make_step("call", 0, 2.5, error="503 Service Unavailable", retry_count=2),
            make_step("file", None, status="skipped", reason="upstream failed"),
        ]
    )
    assert (failed.message, failed.duration_ms, failed.retries) == (
        "503 Service Unavailable",
        2500,
        2,
    )
    assert (skipped.reason, skipped.duration_ms, skipped.message) == ("upstream failed", None, None)


def _loop_of_ten(make: Make) -> list[StepSummary]:
    """Return a start, a for_each of ten iterations with two steps, of which two fail, an end."""
    steps = [make("start", 0)]
    steps.append(make("each", 1, 100, type="for_each", error="2 of 10 failed", label="Each line"))
    for number in range(10):
        here = (("each", number),)
        steps.append(make("read", 2 + number * 3, loops=here))
        message = f"KeyError: 'sku-{number}'" if number in (3, 7) else None
        steps.append(make("price", 3 + number * 3, 1 + (number == 8), error=message, loops=here))
    steps.append(make("end", None, status="skipped"))
    return steps


def test_a_loop_is_one_row_with_its_failing_iterations(make_step: Make) -> None:
    _, loop, _ = rows_of(_loop_of_ten(make_step))
    assert _shown(loop) == snapshot(
        {
            "block_id": "each",
            "step_id": "step_each",
            "type": "for_each",
            "label": "Each line",
            "status": "error",
            "duration_ms": 100000,
            "message": "2 of 10 failed",
            "loop": {
                "iterations": 10,
                "step_counts": {"completed": 18, "error": 2},
                "failing": [
                    {
                        "iteration": 3,
                        "step_id": "step_each_3_price",
                        "block_id": "price",
                        "message": "KeyError: 'sku-3'",
                    },
                    {
                        "iteration": 7,
                        "step_id": "step_each_7_price",
                        "block_id": "price",
                        "message": "KeyError: 'sku-7'",
                    },
                ],
                "failing_count": 2,
                "failures": [{"message": "KeyError: 'sku-3'", "block_id": "price", "count": 2}],
                "failure_kinds": 1,
                "median_ms": 2000,
                "slowest_iteration": 8,
                "slowest_ms": 3000,
            },
        }
    )


def _shown(row: StepOrLoop) -> dict[str, Any]:
    """Return the fields of a row that are not empty, without the start time."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            fields = {key: plain(inner) for key, inner in value.items()}
            return {key: inner for key, inner in fields.items() if inner not in (None, [], 0)}
        return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value

    fields = plain(dataclasses.asdict(row))
    fields.pop("started_at")
    return dict(fields)


def test_loop_is_at_the_place_of_its_first_step(make_step: Make) -> None:
    steps = [make_step("a", 1, loops=(("each", 0),)), make_step("between", 2)]
    steps += [make_step("a", 3, loops=(("each", 1),)), make_step("after", 4)]
    assert [row.block_id for row in rows_of(steps)] == ["each", "between", "after"]


def test_opening_a_container_shows_its_steps_with_their_iteration(make_step: Make) -> None:
    opened = rows_of(_loop_of_ten(make_step), "each")
    assert len(opened) == 20
    assert [(row.block_id, row.iteration) for row in opened[:3]] == [
        ("read", (0,)),
        ("price", (0,)),
        ("read", (1,)),
    ]


def test_a_block_inside_a_loop_is_listed_step_by_step(make_step: Make) -> None:
    listed = rows_of(_loop_of_ten(make_step), "price", statuses=("error",))
    assert [(row.step_id, row.iteration) for row in listed] == [
        ("step_each_3_price", (3,)),
        ("step_each_7_price", (7,)),
    ]


def test_filters_accept_unknown_statuses_and_types(make_step: Make) -> None:
    steps = [make_step("a", 1, status="OnHold", type="Quantum"), make_step("b", 2)]
    assert [step.block_id for step in select_steps(steps, statuses=["onhold"])] == ["a"]
    assert [step.block_id for step in select_steps(steps, types=["quantum"])] == ["a"]
    assert select_steps(steps, statuses=["hold"]) == []


def test_filter_keeps_a_loop_with_a_match_and_counts_all_its_steps(make_step: Make) -> None:
    (loop,) = rows_of(_loop_of_ten(make_step), statuses=("error",))
    assert loop.loop is not None
    assert loop.loop.step_counts == {"completed": 18, "error": 2}
    assert rows_of(_loop_of_ten(make_step), types=("extract",)) == []


def _nested(make: Make) -> list[StepSummary]:
    """Return a while loop of two iterations, each with a for_each of three; one item fails."""
    steps = [make("rounds", 0, 50, type="while_loop", error="round 1 failed")]
    for outer in range(2):
        at = 1 + outer * 20
        around = (("rounds", outer),)
        failed = {"error": "an item failed"} if outer == 1 else {}
        steps.append(make("items", at, 10, type="for_each", loops=around, **failed))
        for inner in range(3):
            bad = {"error": "boom"} if (outer, inner) == (1, 1) else {}
            steps.append(make("work", at + inner, loops=(*around, ("items", inner)), **bad))
    return steps


def test_nested_loops_collapse_and_open_level_by_level(make_step: Make) -> None:
    steps = _nested(make_step)
    (outer,) = rows_of(steps)
    assert outer.loop is not None
    assert (outer.loop.iterations, outer.loop.step_counts) == (2, {"completed": 6, "error": 2})
    inner = rows_of(steps, "rounds")
    assert [(row.block_id, row.iteration, row.status) for row in inner] == [
        ("items", (0,), "completed"),
        ("items", (1,), "error"),
    ]
    assert [row.iteration for row in rows_of(steps, "items")][3:] == [(1, 0), (1, 1), (1, 2)]


def test_the_innermost_failure_names_the_iteration(make_step: Make) -> None:
    (outer,) = rows_of(_nested(make_step))
    assert outer.loop is not None
    assert [failed.step_id for failed in outer.loop.failing] == ["step_rounds_1_items_1_work"]
    assert [group.message for group in outer.loop.failures] == ["boom"]


def test_a_parallel_loop_counts_its_items(make_step: Make) -> None:
    def item(number: int) -> StepSummary:
        position = LoopPosition(
            container_id="fan", iteration=0, is_parallel=True, item_index=number
        )
        return make_step("work", number, step_id=f"s{number}").model_copy(
            update={"loops": (position,)}
        )

    (row,) = rows_of([item(number) for number in range(4)])
    assert row.loop is not None
    assert row.loop.iterations == 4


def test_sentinels_belong_to_their_loop(make_step: Make) -> None:
    steps = [
        make_step("each", 0, type="for_each"),
        make_step("each-start", 1, type="for_each_sentinel_start"),
        make_step("each-check", 1, type="for_each_sentinel_start", loops=(("each", 0),)),
        make_step("work", 2, loops=(("each", 0),)),
        make_step("each-check", 3, type="for_each_sentinel_start", loops=(("each", 1),)),
        make_step("stray", 4, type="while_loop_sentinel_end"),
    ]
    assert [row.block_id for row in rows_of(steps)] == ["each", "stray"]
    loop = rows_of(steps)[0].loop
    assert loop is not None
    assert loop.iterations == 1  # the second check ended the loop
    assert [row.block_id for row in rows_of(steps, "each")] == ["work"]


def test_loop_without_own_step_has_the_worst_status_inside(make_step: Make) -> None:
    steps = [make_step("a", 0, loops=(("each", 0),)), make_step("a", 1, loops=(("each", 1),))]
    assert rows_of(steps)[0].status == "completed"
    running = make_step("a", 2, status="running", completed_at=None, loops=(("each", 2),))
    row = rows_of([*steps, running])[0]
    assert (row.status, row.step_id, row.duration_ms) == ("running", None, None)


def test_only_some_of_many_failing_iterations_are_named(make_step: Make) -> None:
    steps = [make_step("a", n, error=f"line {n} broke", loops=(("each", n),)) for n in range(40)]
    loop = rows_of(steps)[0].loop
    assert loop is not None
    assert (len(loop.failing), loop.failing_count) == (MAX_FAILING, 40)
    assert [(group.count, group.message) for group in loop.failures] == [(40, "line 0 broke")]


def test_no_steps_no_rows() -> None:
    assert rows_of([]) == []
    assert rows_of([], "anything") == []
    assert count_by_status([]) == {}


@st.composite
def _runs(draw: st.DrawFn) -> list[tuple[str, float | None, str, tuple[tuple[str, int], ...]]]:
    places = st.sampled_from(
        [(), (("a", 0),), (("a", 1),), (("b", 0),), (("a", 0), ("c", 0)), (("a", 0), ("c", 1))]
    )
    return draw(
        st.lists(
            st.tuples(
                st.sampled_from(["x", "y", "a", "c"]),
                st.none() | st.integers(0, 50),
                st.sampled_from(["completed", "error", "skipped", "running"]),
                places,
            ),
            max_size=25,
        )
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(drawn=_runs())
def test_every_step_is_counted_once(make_step: Make, drawn: list[Any]) -> None:
    steps = [
        make_step(block, at, status=status, loops=place, step_id=f"s{number}")
        for number, (block, at, status, place) in enumerate(drawn)
    ]
    containers = container_ids(steps)
    counted: Counter[str] = Counter()
    own = 0
    for row in rows_of(steps):
        if row.loop is None:
            counted[row.status] += 1
        else:
            counted.update(row.loop.step_counts)
    for step in steps:
        if owner(step, containers) is not None and not step.loops:
            own += 1  # the loop's own step is its row
    assert sum(counted.values()) + own == len(steps)
    assert len({(row.block_id, row.iteration) for row in rows_of(steps) if row.loop}) == len(
        [row for row in rows_of(steps) if row.loop]
    )
    for container in containers:
        inside = select_steps(steps, container)
        shown = sum(
            1 if row.loop is None else sum(row.loop.step_counts.values())
            for row in rows_of(steps, container)
        )
        assert shown <= len(inside)
