"""Finding samples by id and in order."""

from dataclasses import replace

from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.records import Sample, SampleRun, SampleStep, after
from retab_mcp.sandbox.store import Store
from tests.sandbox.small import BILLS, FAILED, SMALL, START


def test_steps_are_sorted_by_start_time_with_unstarted_ones_last() -> None:
    steps = Store([SMALL]).steps("run_1")
    assert [step.step_id for step in steps] == ["run_1_read", "run_1_calc_0", "run_1_never"]


def test_a_step_is_found_in_the_named_run_or_in_the_newest() -> None:
    def run(number: int) -> SampleRun:
        build = RunBuilder("twice", BILLS, after(START, number), run_id=f"run_{number}")
        build.step("read", step_id="same")
        return build.run("completed")

    store = Store([Sample(name="twice", title="", runs=(run(1), run(2)))])
    newest, named = store.find_step("same", None), store.find_step("same", "run_1")
    assert newest is not None
    assert newest[0].id == "run_2"
    assert named is not None
    assert named[0].id == "run_1"
    assert store.find_step("same", "run_3") is None


def test_artifacts_know_the_step_that_made_them() -> None:
    store = Store([SMALL])
    stored = store.artifact("fninv_1")
    assert stored is not None
    assert (stored.run_id, stored.step_id, stored.block_id) == ("run_1", "run_1_calc_0", "calc")
    assert [entry.record.id for entry in store.artifacts("run_1")] == ["extr_1", "fninv_1"]
    assert store.artifact("extr_2") is not None
    assert store.artifact("nothing") is None


def test_steps_and_artifacts_are_built_on_first_use() -> None:
    built = []

    def steps() -> tuple[SampleStep, ...]:
        built.append("steps")
        return ()

    run = replace(RunBuilder("lazy", BILLS, START, run_id="run_lazy").run("completed"), steps=steps)
    store = Store([Sample(name="lazy", title="", runs=(run,))])
    assert built == []
    assert store.steps("run_lazy") == store.steps("run_lazy") == ()
    assert built == ["steps"]


def test_a_workflow_has_its_versions_newest_first() -> None:
    graphs = Store([SMALL]).graphs("wf_1")
    assert list(graphs) == ["ver_1", "ver_2"]
    assert graphs["ver_1"].id == FAILED.id, "the newest run with a graph of that version"
