import random
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.analysis.compare import step_pairs
from retab_mcp.analysis.compare.run_diff import RunDiff, diff_runs
from retab_mcp.analysis.compare.step_pairs import StepPairs
from retab_mcp.models import Step, StepPayload, StepSummary
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize.handles import SealedHandles
from retab_mcp.safety.sealed import Sealed
from tests.analysis.conftest import StepMaker


def step(summary: StepSummary, output: Any = None, given: Any = None) -> Step:
    payload = StepPayload(
        handle_inputs={} if given is None else {"in": {"type": "json", "data": given}},
        handle_outputs={} if output is None else {"out": {"type": "json", "data": output}},
    )
    return Step(summary=summary, payload=payload)


def compared(mine: list[Step], theirs: list[Step], block_id: str = "") -> RunDiff:
    pairs = StepPairs()
    for each in mine:
        pairs.add(0, each)
    for each in theirs:
        pairs.add(1, each)
    return diff_runs(pairs.pairs(), block_id=block_id)


def kinds(diff: RunDiff) -> list[tuple[str, str, int]]:
    return [(each.block_id, each.kind, each.count) for each in diff.differences]


def test_worst_first_and_earliest_difference(make_step: StepMaker) -> None:
    mine = [
        step(make_step("read", 0), {"total": 1}, {"page": 1}),
        step(make_step("book", 1, error="refused"), None, {"total": 1}),
        step(make_step("mail", None, status="skipped", reason="book failed")),
        step(make_step("only-mine", 3)),
    ]
    theirs = [
        step(make_step("read", 0), {"total": 2}, {"page": 1}),
        step(make_step("book", 1), {"id": 7}, {"total": 2}),
        step(make_step("mail", 2), {"sent": True}),
    ]
    diff = compared(mine, theirs)
    assert kinds(diff) == [
        ("book", "status", 1),
        ("only-mine", "only_in_a", 1),
        ("mail", "status", 1),
        ("read", "output", 1),
    ]
    assert diff.first is not None
    assert diff.first.block_id == "read"
    assert diff.first_with_same_inputs is not None
    assert diff.first_with_same_inputs.block_id == "read"
    assert (diff.compared, diff.same) == (3, 0)


def test_iterations_are_paired_by_number_and_grouped(make_step: StepMaker) -> None:
    def run(numbers: list[int], price: float) -> list[Step]:
        return [
            step(make_step("price", n, loops=(("each", n),)), {"n": n, "price": price}, {"n": n})
            for n in numbers
        ]

    diff = compared(run([0, 1, 2, 3], 1.0), run([3, 1, 0, 5], 2.0))
    assert kinds(diff) == [("price", "only_in_a", 1), ("price", "only_in_b", 1),
                           ("price", "output", 3)]  # fmt: skip
    (change,) = diff.differences[2].changes.values()
    assert (change.change.path, change.count) == ("/handle_outputs/out/data/price", 3)
    assert diff.differences[2].same_inputs == 3
    alone = compared(run([0, 1], 1.0), run([0, 1], 2.0), block_id="each")
    assert kinds(alone) == [("price", "output", 1), ("price", "output", 1)]


def test_additional_repetition_does_not_shift_later_ones(make_step: StepMaker) -> None:
    mine = [step(make_step("poll", n), {"seen": seen}) for n, seen in enumerate("abc")]
    theirs = [step(make_step("poll", n), {"seen": seen}) for n, seen in enumerate("abxc")]
    assert kinds(compared(mine, theirs)) == [("poll", "only_in_b", 1)]
    assert kinds(compared(theirs, mine)) == [("poll", "only_in_a", 1)]


def test_additional_item_does_not_shift_later_iterations(make_step: StepMaker) -> None:
    def run(items: str) -> list[Step]:
        return [
            each
            for n, item in enumerate(items)
            for each in (
                step(make_step("price", 2 * n, loops=(("each", n),)), {"of": item}, {"item": item}),
                step(make_step("send", 2 * n + 1, loops=(("each", n),)), {"sent": True}, {"of": 1}),
            )
        ]

    diff = compared(run("abcd"), run("xabcd"))
    assert kinds(diff) == [("price", "only_in_b", 1), ("send", "only_in_b", 1)]
    assert diff.differences[0].example.loops[0].iteration == 0
    assert (diff.compared, diff.same) == (8, 8)
    assert kinds(compared(run("abcd"), run("acd"))) == [
        ("price", "only_in_a", 1),
        ("send", "only_in_a", 1),
    ]
    # Without inputs that identify them, iterations are paired by everything they did.
    without = [step(each.summary, each.payload.handle_outputs["out"]) for each in run("abc")]
    more = [step(each.summary, each.payload.handle_outputs["out"]) for each in run("xabc")]
    assert kinds(compared(without, more))[0] == ("price", "only_in_b", 1)
    assert compared(without, more).same == 6


def test_replaced_iteration_is_compared_with_its_replacement(make_step: StepMaker) -> None:
    def run(items: str) -> list[Step]:
        return [
            step(make_step("price", n, loops=(("each", n),)), {"of": item}, {"item": item})
            for n, item in enumerate(items)
        ]

    diff = compared(run("abc"), run("xaBc"))
    assert kinds(diff) == [("price", "only_in_b", 1), ("price", "output", 1)]
    (change,) = diff.differences[1].changes.values()
    assert (change.change.value, change.change.other) == ("b", "B")
    assert diff.differences[1].unread == 0


@pytest.mark.parametrize("order", ["dcba", "bcda", "cadb"])
def test_items_of_a_parallel_loop_are_paired_by_what_they_got(
    make_step: StepMaker, order: str
) -> None:
    def run(items: str, wrong: str = "") -> list[Step]:
        return [
            step(
                make_step("price", n, loops=(("each", n),)),
                {"of": item, "price": 9 if item == wrong else 1},
                {"item": item},
            )
            for n, item in enumerate(items)
        ]

    assert kinds(compared(run("abcd"), run(order))) == []
    diff = compared(run("abcd"), run(order, wrong="c"))
    assert kinds(diff) == [("price", "output", 1)]
    assert diff.differences[0].same_inputs == 1
    (change,) = diff.differences[0].changes.values()
    assert (change.change.path, change.change.other) == ("/handle_outputs/out/data/price", 9)


def test_a_shift_of_items_is_no_difference_in_each_of_them(make_step: StepMaker) -> None:
    def run(items: str) -> list[Step]:
        return [
            step(make_step("price", n, loops=(("each", n),)), {"of": item}, {"item": item})
            for n, item in enumerate(items)
        ]

    # One item was added at the start and one is gone at the end.
    diff = compared(run("abcd"), run("xabc"))
    assert sorted(kinds(diff)) == [("price", "only_in_a", 1), ("price", "only_in_b", 1)]


def test_loop_differs_after_the_steps_inside(make_step: StepMaker) -> None:
    def run(price: int) -> list[Step]:
        return [
            step(make_step("each", 0, 10, type="for_each"), {"prices": [price]}, {"n": 1}),
            step(make_step("price", 1, loops=(("each", 0),)), {"price": price}, {"n": 1}),
        ]

    diff = compared(run(1), run(2))
    assert diff.first is not None
    assert diff.first.block_id == "price"


def test_messages_that_differ_in_ids_only_are_the_same(make_step: StepMaker) -> None:
    mine = [step(make_step("call", error="no order 17")), step(make_step("post", error="HTTP 500"))]
    theirs = [step(make_step("call", error="no order 18")), step(make_step("post", error="closed"))]
    assert kinds(compared(mine, theirs)) == [("post", "message", 1)]


def test_changed_models_and_durations_are_reported(make_step: StepMaker) -> None:
    mine = [step(make_step("read", 0, 9, model="small")), step(make_step("book", 9, 0.2))]
    theirs = [step(make_step("read", 0, 3, model="large")), step(make_step("book", 9, 0.1))]
    diff = compared(mine, theirs)
    assert [(swap.block_id, swap.model, swap.other) for swap in diff.models] == [
        ("read", "small", "large")
    ]
    assert [(each.block_id, each.ms, each.other_ms) for each in diff.durations] == [
        ("read", 9000, 3000)
    ]


def test_produced_files_are_compared_by_name_and_input_files_by_id(make_step: StepMaker) -> None:
    def run(file_id: str) -> Step:
        document = {"id": file_id, "filename": "page.pdf", "mime_type": "application/pdf"}
        handle = {"type": "file", "document": document, "download_url": f"https://x/{file_id}"}
        return Step(summary=make_step("split"), payload=StepPayload(handle_outputs={"out": handle}))

    assert kinds(compared([run("file_1")], [run("file_2")])) == []
    pairs = StepPairs({"file_1", "file_2"})
    pairs.add(0, run("file_1"))
    pairs.add(1, run("file_2"))
    (difference,) = diff_runs(pairs.pairs()).differences
    (change,) = difference.changes.values()
    assert change.change.path == "/handle_outputs/out/document/id"


@pytest.mark.parametrize("odd", [["file_1"], {"id": "file_1"}, None, 7])
def test_malformed_file_ids_are_tolerated(make_step: StepMaker, odd: Any) -> None:
    def run(name: str) -> Step:
        handle = {"type": "file", "document": {"id": odd, "filename": name}}
        return Step(summary=make_step("split"), payload=StepPayload(handle_outputs={"out": handle}))

    assert kinds(compared([run("a.pdf")], [run("a.pdf")])) == []
    assert kinds(compared([run("a.pdf")], [run("b.pdf")])) == [("split", "output", 1)]


def test_payloads_that_are_too_large_to_wait_are_compared_without_details(
    make_step: StepMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step_pairs, "MAX_HELD_BYTES", 1_000)
    blocks = [f"block-{n}" for n in range(50)]
    mine = [step(make_step(block, n), {"text": "x" * 100}) for n, block in enumerate(blocks)]
    theirs = [step(make_step(block, n), {"text": "y" * 100}) for n, block in enumerate(blocks)]
    diff = compared(mine, [*theirs[:25], *mine[25:]])
    assert len(diff.differences) == 25
    assert all(each.unread == 1 and not each.changes for each in diff.differences)


@given(st.integers(0, 2**32))
def test_order_of_steps_does_not_matter(seed: int) -> None:
    draw = random.Random(seed)

    def run(side: int) -> list[Step]:
        return [
            step(
                StepSummary(run_id="run_1", step_id=f"{side}-{n}", block_id=f"b{n}",
                            status="completed"),
                {"n": draw.randint(0, 1)},
            )
            for n in range(draw.randint(0, 6))
        ]  # fmt: skip

    arrivals = [(side, each) for side in (0, 1) for each in run(side)]
    in_order, shuffled = StepPairs(), StepPairs()
    for side, each in arrivals:
        in_order.add(side, each)
    draw.shuffle(arrivals)
    for side, each in arrivals:
        shuffled.add(side, each)
    expected = sorted(kinds(diff_runs(in_order.pairs())))
    assert sorted(kinds(diff_runs(shuffled.pairs()))) == expected


def sealed_step(summary: StepSummary, output: str, given: str = "1") -> Step:
    def handles(data: str) -> SealedHandles:
        text = f'{{"h": {{"type": "json", "data": {data}}}}}'
        return SealedHandles(Sealed(msgspec.Raw(text.encode())))

    return Step(summary=summary, payload=StepPayload(handles(given), handles(output)))


def test_only_payloads_of_other_bytes_are_opened(make_step: StepMaker) -> None:
    pairs = StepPairs()
    mine = [
        sealed_step(make_step("a", 0), '{"total": 1}'),
        sealed_step(make_step("b", 1), '{"total": 1}'),
        sealed_step(make_step("c", 2), '{"total": 1}'),
    ]
    for each in mine:
        assert not pairs.to_open(0, each)
        pairs.add(0, each)
    same = sealed_step(make_step("a", 0), '{"total": 1}')
    changed = sealed_step(make_step("b", 1), '{"total": 2}')
    assert not pairs.to_open(1, same)
    assert pairs.to_open(1, changed) == [changed, mine[1]]
    assert not pairs.to_open(1, sealed_step(make_step("d", 3), '{"total": 1}'))
    pairs.add(1, same)
    pairs.add(1, changed)
    assert [len(each.payload.sealed_handles) for each in (*mine, same, changed)] == [2, 0, 2, 2, 0]
    found = {pair.step.block_id: pair for pair in pairs.pairs() if pair.step is not None}
    assert (found["a"].same_inputs, found["a"].outputs_differ) == (True, False)
    assert (found["b"].same_inputs, found["b"].outputs_differ) == (True, True)
    assert found["c"].other is None
    assert [change.change.path for change in found["b"].changes] == ["/handle_outputs/h/data/total"]


def test_sealed_payloads_that_are_too_large_to_wait_are_compared_without_details(
    make_step: StepMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step_pairs, "MAX_HELD_BYTES", 100)
    pairs = StepPairs()
    for number, total in enumerate((1, 1, 1)):
        pairs.add(0, sealed_step(make_step(f"b{number}", number), f'{{"total": {total}}}'))
    for number, total in enumerate((2, 1, 2)):
        pairs.add(1, sealed_step(make_step(f"b{number}", number), f'{{"total": {total}}}'))
    found = pairs.pairs()
    assert [pair.outputs_differ for pair in found] == [True, False, True]
    assert [len(pair.changes) for pair in found] == [0, 0, 1]
    assert [pair.same_inputs for pair in found] == [True, True, True]


def test_several_steps_of_one_block_are_opened_to_be_paired(make_step: StepMaker) -> None:
    pairs = StepPairs()
    for number, total in enumerate((1, 2)):
        pairs.add(0, sealed_step(make_step("a", number), f'{{"total": {total}}}'))
    pairs.add(1, sealed_step(make_step("a", 0), '{"total": 2}'))
    assert sorted((pair.other is None, pair.outputs_differ) for pair in pairs.pairs()) == [
        (False, False),
        (True, False),
    ]


def test_iterations_are_opened_to_be_told_apart(make_step: StepMaker) -> None:
    inside = make_step("a", 0, loops=(("each", 0),))
    assert len(StepPairs().to_open(0, sealed_step(inside, "1"))) == 1


def test_an_unreadable_counterpart_is_named_and_compared_as_empty(make_step: StepMaker) -> None:
    unreadable = []

    def open_payload(each: Step) -> None:
        try:
            each.payload.open()
        except RetabError:
            unreadable.append(each.summary.step_id)
            each.payload.drop()

    pairs = StepPairs(open_payload=open_payload)
    broken = sealed_step(make_step("a", 0, step_id="broken"), "[" * 100_000 + "]" * 100_000)
    pairs.add(0, broken)
    pairs.add(1, sealed_step(make_step("a", 0), "1"))
    (pair,) = pairs.pairs()
    assert unreadable == ["broken"]
    assert pair.outputs_differ


def test_payloads_of_other_bytes_can_still_be_the_same(make_step: StepMaker) -> None:
    pairs = StepPairs()
    pairs.add(0, sealed_step(make_step("a", 0), '{"x": 1, "y": 2}', "{}"))
    pairs.add(1, sealed_step(make_step("a", 0), '{"y": 2, "x": 1}', "{ }"))
    (pair,) = pairs.pairs()
    assert (pair.same_inputs, pair.outputs_differ) == (True, False)
