"""Dependencies by words and time."""

from collections.abc import Callable

from retab_mcp.analysis.cause.word_dependencies import WordDependencies
from retab_mcp.analysis.lineage.dependencies import PassedOn
from retab_mcp.models import StepPayload, StepSummary

Make = Callable[..., StepSummary]
MISSING = "Missing required input"


def test_a_step_without_input_depends_on_what_ended_before(make_step: Make) -> None:
    early = make_step("early", 0, 1, error="refused")
    late = make_step("late", 5, 9, error="refused")
    step = make_step("step", 2, 1, error=MISSING)
    known = WordDependencies([early, late, step])
    assert known.depends(step, early)
    assert not known.depends(step, late)
    assert not known.depends(early, step)
    assert not known.depends(step, step)


def test_the_stage_says_it_whatever_the_words(make_step: Make) -> None:
    early = make_step("early", 0, error="refused")
    step = make_step("step", 2, error="refused", stage="input_collection")
    assert WordDependencies([early, step]).depends(step, early)
    plain = make_step("step", 2, error="refused")
    assert not WordDependencies([early, plain]).depends(plain, early)


def test_of_two_steps_without_input_the_later_one_depends(make_step: Make) -> None:
    first = make_step("first", 0, 9, error=MISSING)
    second = make_step("second", 1, 2, error=MISSING)
    known = WordDependencies([first, second])
    assert known.depends(second, first)
    assert not known.depends(first, second)


def test_a_step_of_unknown_end_is_compared_by_its_start(make_step: Make) -> None:
    other = make_step("other", 3, error="refused", completed_at=None)
    step = make_step("step", 2, 9, error=MISSING)
    later = make_step("step", 4, 9, error=MISSING)
    assert not WordDependencies([other, step]).depends(step, other)
    assert WordDependencies([other, later]).depends(later, other)


def test_iterations_of_a_loop_are_independent(make_step: Make) -> None:
    other = make_step("a", 0, error="refused", loops=(("each", 0),))
    step = make_step("b", 5, error=MISSING, loops=(("each", 1),))
    same = make_step("b", 5, error=MISSING, loops=(("each", 0),))
    assert not WordDependencies([other, step]).depends(step, other)
    assert WordDependencies([other, same]).depends(same, other)


def test_a_file_that_was_passed_on_is_a_dependency(make_step: Make) -> None:
    file = {"h": {"type": "file", "document": {"id": "f1"}}}
    other, step = make_step("a", 0, error="x"), make_step("b", 1, error="y")
    files = PassedOn([(other, StepPayload({}, file)), (step, StepPayload(file, {}))])
    assert WordDependencies([other, step], files).depends(step, other)
    assert not WordDependencies([other, step], files).depends(other, step)
