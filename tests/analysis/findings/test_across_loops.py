"""Loops that ran without some of their items, and loops that only look so."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from retab_mcp.analysis.findings import find_in_run
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.models import Artifact, Block, Graph, LoopPosition, StepPayload, StepSummary

Make = Callable[..., StepSummary]
ITEMS = [{"sku": f"S{number}"} for number in range(6)]


def handles(*values: Any) -> dict[str, Any]:
    return {f"json-{at}": {"type": "json", "data": value} for at, value in enumerate(values)}


class Loop:
    """A run of one loop: `given` is what it got, `ran` the iterations with their items."""

    def __init__(self, make_step: Make) -> None:
        self.make_step = make_step
        self.steps: list[StepSummary] = []
        self.payloads: dict[str, StepPayload] = {}

    def add(self, step: StepSummary, given: Any = None, made: Any = None) -> StepSummary:
        self.steps.append(step)
        inputs = handles(given) if given is not None else {}
        outputs = handles(made) if made is not None else {}
        self.payloads[step.step_id] = StepPayload(inputs, outputs)
        return step

    def turns(self, numbers: Sequence[int], items: Sequence[Any] = ITEMS, **fields: Any) -> None:
        for number in numbers:
            step = self.make_step("work", number + 1, loops=(("each", number),), **fields)
            made = {"number": number}
            self.add(step, items[number] if number < len(items) else None, made)

    def said(self, **known: Any) -> list[str]:
        facts = RunFacts(tuple(self.steps), payloads=self.payloads, **known)
        return [f"{one.kind} {one.block_id}: {one.message}" for one in find_in_run(facts)]


@pytest.fixture
def loop(make_step: Make) -> Loop:
    return Loop(make_step)


def container(make_step: Make, **fields: Any) -> StepSummary:
    return make_step("each", 0, 9, **{"type": "for_each", **fields})


@pytest.mark.parametrize(
    "given",
    [
        ITEMS,
        {"items": ITEMS},
        {"order": {"lines": ITEMS}, "id": 7},
        {"notes": [1, 2, 3], "a": ITEMS},
    ],
)
def test_a_loop_that_stopped_early(loop: Loop, make_step: Make, given: Any) -> None:
    loop.add(container(make_step), given)
    loop.turns([0, 1])
    assert loop.said() == ["loop_incomplete each: only 2 of 6 items ran"]


def test_what_a_loop_got_is_found_in_what_ran_before(loop: Loop, make_step: Make) -> None:
    loop.add(make_step("read", -1, type="extract"), {"x": 1}, {"lines": ITEMS})
    loop.add(container(make_step))
    loop.turns([0, 1])
    assert loop.said() == ["loop_incomplete each: only 2 of 6 items ran"]


def test_what_a_loop_got_is_found_in_its_partition(loop: Loop, make_step: Make) -> None:
    each = loop.add(container(make_step))
    loop.turns([0, 1], [])
    data = {"output": [{"key": str(number), "pages": [number + 1]} for number in range(3)]}
    artifacts = {each.step_id: Artifact(id="prtn_1", operation="partition", data=data)}
    assert loop.said(artifacts=artifacts) == ["loop_incomplete each: only 2 of 3 items ran"]


def test_a_configured_limit_is_named(loop: Loop, make_step: Make) -> None:
    loop.add(container(make_step), ITEMS)
    loop.turns([0, 1])
    graph = Graph(blocks=(Block(id="each", config={"max_iterations": 2, "model": "m"}),))
    assert loop.said(graph=graph) == [
        "loop_incomplete each: only 2 of 6 items ran: the block's max_iterations is 2"
    ]


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ([0, 1, 3], "3 iterations ran up to 3, without iteration 2 (from 0)"),
        ([0, 5], "2 iterations ran up to 5, without iterations 1, 2, 3, 4 (from 0)"),
        ([1, 2, 4], "3 iterations ran up to 4, without iteration 3 (from 0)"),
    ],
)
@pytest.mark.parametrize("loop_type", ["for_each", "while_loop"])
def test_a_gap(
    loop: Loop, make_step: Make, numbers: list[int], message: str, loop_type: str
) -> None:
    loop.add(container(make_step, type=loop_type))
    loop.turns(numbers, [])
    assert loop.said() == [f"loop_incomplete each: {message}"]


def test_a_gap_of_a_parallel_loop(loop: Loop, make_step: Make) -> None:
    loop.add(container(make_step))
    for index in (0, 2):
        place = LoopPosition(container_id="each", iteration=0, is_parallel=True, item_index=index)
        step = make_step("work", 1, step_id=f"work_{index}")
        loop.add(step.model_copy(update={"loops": (place,)}))
    assert loop.said() == [
        "loop_incomplete each: 2 iterations ran up to 2, without iteration 1 (from 0)"
    ]


def test_a_gap_in_one_run_of_a_nested_loop(loop: Loop, make_step: Make) -> None:
    loop.add(make_step("outer", 0, 99, type="for_each"))
    for outer, numbers in ((0, (0, 1, 2)), (1, (0, 2))):
        around = (("outer", outer),)
        loop.add(make_step("inner", 10 * outer, 9, type="for_each", loops=around))
        for number in numbers:
            loop.add(make_step("work", 10 * outer + number, loops=(*around, ("inner", number))))
    facts = RunFacts(tuple(loop.steps))
    (found,) = find_in_run(facts)
    assert (found.step_id, found.kind) == ("step_outer_1_inner", "loop_incomplete")
    assert "without iteration 1" in found.message


def test_failures_that_a_loop_tolerated_come_first(loop: Loop, make_step: Make) -> None:
    loop.add(container(make_step), ITEMS, [{"number": number} for number in (0, 2, 3, 4, 5)])
    loop.turns([0, 2, 3, 4, 5])
    loop.add(make_step("work", 2, error="KeyError: 'kg'", loops=(("each", 1),)), ITEMS[1])
    (found,) = find_in_run(RunFacts(tuple(loop.steps), payloads=loop.payloads))
    assert found.kind == "failed_step"
    assert found.leads_to == (
        "each: completed without 1 of 6 items, which failed: iteration 1 (from 0)",
    )


def test_a_failure_with_a_fallback_lost_no_item(loop: Loop, make_step: Make) -> None:
    loop.add(container(make_step), ITEMS[:2], [{"number": 0}, {"number": 1}])
    loop.turns([0])
    loop.add(make_step("work", 2, error="KeyError: 'kg'", loops=(("each", 1),)), ITEMS[1])
    (found,) = find_in_run(RunFacts(tuple(loop.steps), payloads=loop.payloads))
    assert (found.kind, found.leads_to) == ("failed_step", ())


@pytest.mark.parametrize("made", [[{"number": 3}], {"results": [{"number": 3}]}, {"number": 3}])
def test_only_one_item_in_the_output(loop: Loop, make_step: Make, made: Any) -> None:
    loop.add(container(make_step), ITEMS[:4], made)
    loop.turns(range(4))
    assert loop.said() == [
        "loop_incomplete each: the output has 1 item of 4 iterations, that of iteration 3 (from 0)"
    ]


@pytest.mark.parametrize("key", ["results", None])
def test_an_output_without_the_results_of_some(
    loop: Loop, make_step: Make, key: str | None
) -> None:
    made = [{"number": number} for number in (0, 1, 3)]
    loop.add(container(make_step), ITEMS[:5], {key: made} if key else made)
    loop.turns(range(5))
    assert loop.said() == [
        "loop_incomplete each: the output has 3 items of 5 iterations, not iterations 2, 4 (from 0)"
    ]


@pytest.mark.parametrize(
    "made", [[{"pair": 1}, {"pair": 2}], {"kept": [{"number": 0}] * 2, "dropped": [{"number": 1}]}]
)
def test_an_output_of_another_shape_than_the_results(
    loop: Loop, make_step: Make, made: Any
) -> None:
    loop.add(container(make_step), ITEMS[:4], made)
    loop.turns(range(4))
    assert loop.said() == []


def test_an_item_in_the_output_is_recognized_by_its_key(loop: Loop, make_step: Make) -> None:
    loop.add(container(make_step), ITEMS[:4], [{"sku": "S0", "price": 4.5}])
    loop.turns(range(4))
    assert len(loop.said()) == 1


@pytest.mark.parametrize(
    "made", [[{"total": 6}], {"total": 6}, [{"number": n} for n in range(4)], [{"number": 1}] * 2]
)
def test_an_output_of_all_items(loop: Loop, make_step: Make, made: Any) -> None:
    loop.add(container(make_step), ITEMS[:4], made)
    loop.turns(range(4))
    assert loop.said() == []


def test_a_filter_in_a_loop_is_no_loss(loop: Loop, make_step: Make) -> None:
    loop.add(container(make_step), ITEMS[:3], [{"number": 2}])
    loop.turns(range(3))
    loop.add(make_step("keep", 1, type="conditional", loops=(("each", 0),)))
    assert loop.said() == []


@pytest.mark.parametrize(
    ("given", "numbers"),
    [
        (ITEMS, range(6)),
        ([], []),
        ({"tags": ["a", "b", "c"], "skus": ITEMS[:2]}, [0, 1]),
        ({"other": [{"x": 1}] * 9, "name": "n"}, [0, 1]),
        (None, [1, 2, 3]),
        ({"pages": 40}, [0]),
    ],
)
def test_a_complete_loop(loop: Loop, make_step: Make, given: Any, numbers: Sequence[int]) -> None:
    loop.add(container(make_step), given)
    loop.turns(numbers)
    assert loop.said() == []


@pytest.mark.parametrize("status", ["running", "error", "cancelled"])
def test_a_loop_that_did_not_complete_is_not_judged(
    loop: Loop, make_step: Make, status: str
) -> None:
    loop.add(container(make_step, status=status), ITEMS)
    loop.turns([0, 1])
    assert not any(one.startswith("loop_incomplete") for one in loop.said())


def test_an_incomplete_list_of_steps_shows_no_gap(loop: Loop, make_step: Make) -> None:
    loop.add(container(make_step), ITEMS)
    loop.turns([0, 3])
    assert loop.said(complete=False) == []


def test_a_loop_without_a_body_ran_nothing(loop: Loop, make_step: Make) -> None:
    loop.add(container(make_step), {"items": ITEMS})
    assert loop.said(graph=Graph()) == []
    body = Graph(blocks=(Block(id="each"), Block(id="work", parent_id="each")))
    assert loop.said(graph=body) == ["loop_incomplete each: only 0 of 6 items ran"]
