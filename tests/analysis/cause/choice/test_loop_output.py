"""Loops whose missing output made a later step fail."""

from collections.abc import Callable

import pytest

from retab_mcp.analysis.cause.choice.loop_output import LoopFailures, loop_behind
from retab_mcp.analysis.cause.word_dependencies import WordDependencies
from retab_mcp.analysis.lineage.dependencies import GraphDependencies
from retab_mcp.models import Block, Edge, FailureKind, Graph, StepSummary

Make = Callable[..., StepSummary]


def loop_of(make_step: Make, name: str = "each", at: float = 0) -> list[StepSummary]:
    """Return a completed loop in which the second of three iterations failed."""
    return [
        make_step(name, at, 9, type="for_each"),
        *(
            make_step("work", at + n, loops=((name, n),), error="no" if n == 1 else None)
            for n in range(3)
        ),
    ]


def behind(
    make_step: Make,
    message: str = "KeyError: 'total'",
    *,
    kind: FailureKind = FailureKind.FUNCTION_EXCEPTION,
    loops: tuple[str, ...] = ("each",),
    lacking: tuple[str, ...] = (),
    at: float = 20,
    graph: Graph | None = None,
    stage: str | None = None,
) -> LoopFailures | None:
    steps = [step for name in loops for step in loop_of(make_step, name)]
    later = make_step("book", at, error=message, stage=stage)
    tolerated = [step for step in steps if step.failure is not None]
    known = GraphDependencies(graph) if graph is not None else WordDependencies([*steps, later])
    return loop_behind(later, kind, tolerated, [*steps, later], known, lacking)


@pytest.mark.parametrize(
    "message",
    [
        "KeyError: 'total'",
        "total is required",
        "expected 3 rows but got 2",
        "only 2 of 3 rows",
        "received 2 instead of 3",
        "list index out of range: too few rows",
        "Cannot read properties of undefined",
        "no values",
        "the list is not complete",
        "NoneType is not iterable",
    ],
)
def test_a_step_that_found_less_than_it_needs_lacks_the_loops_output(
    make_step: Make, message: str
) -> None:
    found = behind(make_step, message)
    assert found is not None
    assert [step.step_id for step in found.failed] == ["step_each_1_work"]
    assert found.reason == "loop each completed though a step in it failed"


@pytest.mark.parametrize("message", ["refused", "division by zero", "nonesuch", "expected 3 rows"])
def test_a_step_that_says_something_else_lacks_nothing(make_step: Make, message: str) -> None:
    assert behind(make_step, message) is None


def test_the_inputs_or_the_stage_show_it_whatever_the_message(make_step: Make) -> None:
    assert behind(make_step, "refused", lacking=("step_book",)) is not None
    assert behind(make_step, "refused", lacking=("step_other",)) is None
    assert behind(make_step, "refused", stage="input_collection") is not None


@pytest.mark.parametrize(
    "kind",
    [
        *("called_api_down", "credentials", "credits_exhausted", "document_unreadable"),
        *("rate_limited", "storage", "timeout"),
    ],
)
def test_a_failure_of_its_own_kind_needs_no_loop(make_step: Make, kind: str) -> None:
    assert behind(make_step, kind=FailureKind(kind)) is None


def test_of_two_loops_neither_is_blamed(make_step: Make) -> None:
    assert behind(make_step, loops=("each", "second")) is None
    assert behind(make_step, loops=()) is None


def test_a_step_that_started_before_the_failure_is_not_explained(make_step: Make) -> None:
    assert behind(make_step, at=0.5) is None


def test_the_graph_says_which_loop_a_step_depends_on(make_step: Make) -> None:
    each, work = Block(id="each", type="for_each"), Block(id="work", parent_id="each")
    blocks = (each, work, Block(id="book"))
    into = Graph(blocks=blocks, edges=(Edge(source="each", target="book"),))
    assert behind(make_step, graph=into) is not None
    apart = Graph(blocks=blocks, edges=(Edge(source="book", target="each"),))
    assert behind(make_step, graph=apart) is None


def test_several_failed_iterations_are_counted(make_step: Make) -> None:
    steps = [make_step("a", n, error="no", loops=(("each", n),)) for n in range(2)]
    assert LoopFailures("each", steps).reason == ("loop each completed though 2 steps in it failed")
