"""The labelled runs: unique ids, valid graphs, and labels that fit the runs."""

from collections import Counter
from collections.abc import Iterator

import pytest

from retab_mcp.sandbox.generations import GENERATIONS
from retab_mcp.sandbox.records import resolve
from tests.labelled import all_scenarios
from tests.labelled.scenario import Label, Scenario, verdict
from tests.samples import all_samples

SCENARIOS = all_scenarios()
each_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)


def test_the_set_is_wide_enough() -> None:
    assert len(SCENARIOS) >= 40
    assert sum(scenario.misleads for scenario in SCENARIOS) >= 10
    assert sum(scenario.label.kind == "unknown" for scenario in SCENARIOS) >= 5
    assert sum(len(scenario.generations) > 1 for scenario in SCENARIOS) >= 12
    assert {scenario.run.status for scenario in SCENARIOS} == {
        "awaiting_review",
        "cancelled",
        "completed",
        "error",
    }


def ids_of(scenario: Scenario) -> Iterator[str]:
    yield scenario.name
    yield scenario.run.id
    yield scenario.run.workflow_id
    yield from (step.step_id for step in resolve(scenario.run.steps))
    yield from (artifact.id for artifact in resolve(scenario.run.artifacts))
    yield from (review.id for review in scenario.run.reviews)


def test_ids_are_unique_and_none_is_a_samples() -> None:
    ids = [each for scenario in SCENARIOS for each in ids_of(scenario)]
    assert [each for each, count in Counter(ids).items() if count > 1] == []
    runs = [run for sample in all_samples() for run in sample.runs]
    assert not {run.id for run in runs} & set(ids)
    assert not {run.workflow_id for run in runs} & set(ids)


@each_scenario
def test_edges_and_loops_are_between_blocks_of_the_run(scenario: Scenario) -> None:
    run = scenario.run
    blocks = {block.id for block in run.blocks}
    assert len({block.label for block in run.blocks}) == len(blocks)
    assert {end for edge in run.edges for end in (edge.source, edge.target)} <= blocks
    assert {block.parent_id for block in run.blocks} <= blocks | {None}
    for step in resolve(run.steps):
        assert step.block_id in blocks
        assert {loop.container_id for loop in step.loops} <= blocks


@each_scenario
def test_every_label_names_steps_of_its_run(scenario: Scenario) -> None:
    steps = {step.step_id: step for step in resolve(scenario.run.steps)}
    label = scenario.label
    assert set(scenario.generations) <= set(GENERATIONS)
    assert label.downstream < len(steps)
    if label.step_id is None:
        assert label.kind == "unknown"
    elif scenario.run.status == "error":
        assert steps[label.step_id].status == "error"
    else:
        assert label.step_id in steps


def test_a_verdict_is_read_from_the_cause_else_from_the_first_finding() -> None:
    cause = {"kind": "timeout", "step_id": "s1"}
    assert verdict({"cause": cause, "downstream": {"count": 2}}) == Label(
        kind="timeout", step_id="s1", downstream=2
    )
    assert verdict({"cause": {"kind": "unknown"}}) == Label(kind="unknown", step_id=None)
    findings = [{"kind": "no_text", "step_id": "s2"}, {"kind": "slow_step", "step_id": "s3"}]
    assert verdict({"findings": findings}) == Label(kind="no_text", step_id="s2")
    assert verdict({"status": "completed"}) == Label(kind="nothing", step_id=None)
