"""Values of loops: items of the loop's input, and results of its iterations."""

from typing import Any

from retab_mcp.analysis.lineage.tracing.trace import Spot
from retab_mcp.models import Block, StepPayload
from tests.analysis.lineage.tracing.tracing import Make, TracedRun, data, hops, said

LINES = [{"sku": f"S-{number}", "price": 10.5 + number} for number in range(4)]


def looped(make_step: Make, *numbers: int, items: Any = LINES, kind: str = "for_each") -> TracedRun:
    """Return a run of a loop over `items` with a step "work" in each iteration of `numbers`."""
    run = TracedRun(("begin > each",), (Block(id="work", parent_id="each"),))
    run.add(make_step("begin", 0, type="start_json"), made={"lines": items})
    run.add(make_step("each", 1, 60, type=kind), {"lines": items})
    for number in numbers:
        item = items[number]
        step = make_step("work", number + 2, loops=(("each", number),))
        run.add(step, item, {"sku": item["sku"], "done": f"D-{number}"})
    return run


def test_an_item_is_found_by_the_number_of_its_iteration(make_step: Make) -> None:
    run = looped(make_step, 0, 1, 2)
    trace = run.trace(run.steps[-1], "price")
    assert hops(trace) == [
        ("work", "item_of_loop", "position"),
        ("begin", "run_input", "record"),
    ]
    assert said(trace) == "step_begin lines/2/price = 12.5, run input"


def test_an_item_that_stands_elsewhere_is_found_by_its_value(make_step: Make) -> None:
    run = looped(make_step)
    work = run.add(make_step("work", 3, loops=(("each", 0),)), LINES[3])
    trace = run.trace(work, "price")
    assert hops(trace)[0] == ("work", "item_of_loop", "equal_value")
    assert said(trace) == "step_begin lines/3/price = 13.5, run input"


def test_a_wrapped_item_is_found(make_step: Make) -> None:
    run = looped(make_step)
    work = run.add(make_step("work", 3, loops=(("each", 1),)), {"item": LINES[1], "index": 1})
    assert said(run.trace(work, "item", "sku")) == 'step_begin lines/1/sku = "S-1", run input'


def test_equal_items_elsewhere_are_not_told_apart(make_step: Make) -> None:
    run = looped(make_step, items=[{"sku": "other"}, LINES[0], LINES[0]])
    work = run.add(make_step("work", 3, loops=(("each", 0),)), LINES[0])
    assert said(run.trace(work, "price")) is None


def test_an_item_is_found_in_what_fed_the_loop_where_the_loop_shows_no_input(
    make_step: Make,
) -> None:
    run = looped(make_step, 1)
    del run.payloads["step_each"]
    trace = run.trace(run.steps[-1], "price")
    assert said(trace) == "step_begin lines/1/price = 11.5, run input"


def test_a_file_of_a_loop_over_documents_is_the_loops_own(make_step: Make) -> None:
    def file(name: str) -> dict[str, Any]:
        return {"in": {"type": "file", "document": {"id": name, "filename": f"{name}.pdf"}}}

    run = TracedRun((), (Block(id="work", parent_id="each"),))
    run.add(make_step("each", 1, type="for_each"), file("whole"))
    work = run.add(make_step("work", 2, loops=(("each", 0),)), file("part"))
    spot = Spot(work, "handle_inputs", ("in", "document", "filename"), "part.pdf")
    assert hops(run.follow(spot))[0] == ("work", "item_of_loop", "position")


def test_a_result_of_a_loop_leads_into_its_iteration(make_step: Make) -> None:
    run = looped(make_step, 0, 1, 2)
    each = run.steps[1]
    made = [{"sku": LINES[n]["sku"], "done": f"D-{n}"} for n in range(3)]
    run.payloads[each.step_id] = StepPayload({"in": data({"lines": LINES})}, {"out": data(made)})
    trace = run.trace(each, 1, "done", made=True)
    assert [(hop.spot.step.step_id, hop.how) for hop in trace.hops] == [
        ("step_each", "item_of_loop"),
        ("step_each_1_work", "computed"),
    ]


def test_results_skip_iterations_that_failed(make_step: Make) -> None:
    run = TracedRun((), (Block(id="work", parent_id="each"),))
    each = run.add(
        make_step("each", 0, 60, type="for_each"), {"lines": LINES}, [{"id": "A"}, {"id": "C"}]
    )
    run.add(make_step("work", 1, loops=(("each", 0),)), {"a": 1}, {"id": "A"})
    run.add(make_step("work", 2, loops=(("each", 1),), error="no"), {"a": 1})
    run.add(make_step("work", 3, loops=(("each", 2),)), {"a": 1}, {"id": "C"})
    trace = run.trace(each, 1, "id", made=True)
    assert [hop.spot.step.step_id for hop in trace.hops] == ["step_each", "step_each_2_work"]


def test_a_result_comes_from_the_step_that_ends_an_iteration(make_step: Make) -> None:
    run = TracedRun(
        ("first > last",), (Block(id="first", parent_id="each"), Block(id="last", parent_id="each"))
    )
    each = run.add(make_step("each", 0, 60, type="for_each"), {"l": LINES}, [{"id": "A-1"}])
    run.add(make_step("last", 1, loops=(("each", 0),)), {"x": 1}, {"id": "A-1"})
    run.add(make_step("first", 2, loops=(("each", 0),)), {"x": 1}, {"id": "A-1"})
    trace = run.trace(each, 0, "id", made=True)
    assert trace.hops[1].spot.step.block_id == "last"


def test_a_round_of_a_while_loop_goes_on_from_the_round_before(make_step: Make) -> None:
    run = TracedRun((), (Block(id="poll", parent_id="until"),))
    run.add(make_step("until", 0, 60, type="while_loop"), {"token": "T-0"})
    for number in range(2):
        run.add(
            make_step("poll", number + 1, loops=(("until", number),)),
            {"token": f"T-{number}"},
            {"token": f"T-{number + 1}"},
        )
    trace = run.trace(run.steps[-1], "token")
    assert [(hop.spot.step.step_id, hop.how, hop.known_by) for hop in trace.hops] == [
        ("step_until_1_poll", "item_of_loop", "equal_value"),
        ("step_until_0_poll", "computed", None),
    ]
    first = run.trace(run.steps[1], "token")
    assert hops(first)[0] == ("poll", "item_of_loop", "equal_value")
    assert first.hops[0].spot.step.step_id == "step_until_0_poll"


def test_the_result_of_a_while_loop_is_that_of_its_last_round(make_step: Make) -> None:
    run = TracedRun((), (Block(id="poll", parent_id="until"),))
    until = run.add(
        make_step("until", 0, 60, type="while_loop"), {"token": "T-0"}, {"token": "T-9"}
    )
    run.add(make_step("poll", 1, loops=(("until", 0),)), {"a": 1}, {"token": "T-9"})
    run.add(make_step("poll", 2, loops=(("until", 1),)), {"a": 1}, {"token": "T-9"})
    trace = run.trace(until, "token", made=True)
    assert (trace.hops[0].how, trace.hops[1].spot.step.step_id) == (
        *("passed_on", "step_until_1_poll"),
    )


def test_a_whole_result_of_a_for_each_is_made_by_the_loop(make_step: Make) -> None:
    run = TracedRun((), (Block(id="work", parent_id="each"),))
    each = run.add(make_step("each", 0, 60, type="for_each"), {"l": LINES}, {"count": 41})
    run.add(make_step("work", 1, loops=(("each", 0),)), {"a": 1}, {"count": 41})
    assert hops(run.trace(each, "count", made=True)) == [("each", "computed", None)]


def test_the_first_step_of_an_iteration_passes_its_item_on(make_step: Make) -> None:
    run = TracedRun(("begin > each",), (Block(id="start", parent_id="each"),))
    run.add(make_step("begin", 0, type="start_json"), made={"lines": LINES})
    run.add(make_step("each", 1, 60, type="for_each"), {"lines": LINES})
    first = run.add(
        make_step("start", 2, loops=(("each", 2),), type="for_each_sentinel_start"), None, LINES[2]
    )
    trace = run.trace(first, "sku", made=True)
    assert hops(trace) == [
        ("start", "item_of_loop", "position"),
        ("begin", "run_input", "record"),
    ]


def test_steps_of_a_nested_loop_belong_to_the_outer_iteration(make_step: Make) -> None:
    run = TracedRun((), (Block(id="work", parent_id="inner"), Block(id="inner", parent_id="outer")))
    for number in range(2):
        lines = [{"sku": f"S-{number}-{at}"} for at in range(2)]
        run.add(
            make_step("inner", number, 9, loops=(("outer", number),), type="for_each"),
            {"lines": lines},
        )
        for at in range(2):
            run.add(make_step("work", 3, loops=(("outer", number), ("inner", at))), lines[at])
    trace = run.trace(run.steps[-1], "sku")
    assert trace.hops[0].spot.step.step_id == "step_outer_1_inner_1_work"
    assert trace.origin.spot is not None
    assert trace.origin.spot.step.step_id == "step_outer_1_inner"
