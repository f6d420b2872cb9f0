"""Step ids without the run's id: short in answers, found again by each tool."""

from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.analysis.step_ids import full_step_ids, short_step_id, steps_named
from retab_mcp.models import StepSummary
from retab_mcp.queries.ids import STEP, read_id

RUN = "run_4k2Jx8"


def step(step_id: str, block_id: str = "block") -> StepSummary:
    return StepSummary(run_id=RUN, step_id=step_id, block_id=block_id, status="completed")


def test_the_id_of_the_run_is_left_out() -> None:
    assert short_step_id(f"{RUN}_each_iter_2_price", RUN) == "each_iter_2_price"


def test_other_ids_stay_as_they_are() -> None:
    assert short_step_id("extract-1", RUN) == "extract-1"
    assert short_step_id("run_other_extract-1", RUN) == "run_other_extract-1"
    assert short_step_id(f"{RUN}_", RUN) == f"{RUN}_"


def test_an_ambiguous_id_is_not_shortened() -> None:
    for rest in ("(a)", "/a", "https://a/b", " a", '"a"'):
        assert short_step_id(f"{RUN}_{rest}", RUN) == f"{RUN}_{rest}"


def test_an_exact_id_comes_first_then_the_short_one_then_the_block() -> None:
    exact, short, block = step("a"), step(f"{RUN}_a"), step("b", block_id="a")
    assert steps_named("a", RUN, [block, short, exact]) == [exact]
    assert steps_named("a", RUN, [block, short]) == [short]
    assert steps_named("a", RUN, [block]) == [block]
    assert steps_named("a", RUN, [step("c")]) == []


def test_all_steps_of_a_block_are_named_by_it() -> None:
    inside = [step(f"{RUN}_each_iter_{number}_a", block_id="a") for number in range(3)]
    assert steps_named("a", RUN, inside) == inside


def test_a_full_id_is_not_prefixed_again() -> None:
    assert full_step_ids(f"{RUN}_a", RUN) == (f"{RUN}_a",)


@given(st.text(min_size=1, max_size=20), st.booleans())
def test_a_short_id_finds_its_step(text: str, has_run_id: bool) -> None:
    one = step(f"{RUN}_{text}" if has_run_id else text)
    short = short_step_id(one.step_id, RUN)
    assert steps_named(short, RUN, [step("other"), one]) == [one]
    if has_run_id and short != one.step_id:
        assert read_id(short, STEP) == short
