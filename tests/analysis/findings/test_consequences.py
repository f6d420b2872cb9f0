"""Causes come before consequences, which are part of them."""

from collections.abc import Callable
from typing import Any

import pytest

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.findings import find_in_run
from retab_mcp.analysis.findings.consequences import fold_consequences, graph_would_help
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.models import Artifact, Block, Edge, FindingKind, Graph, StepSummary

Make = Callable[..., StepSummary]


def decided(path: str, actual: Any, *, matched: bool = False) -> Artifact:
    condition = {
        "condition_id": "c",
        "path": path,
        "operator": "is_equal_to",
        "expected": "invoice",
        "actual": actual,
        "matched": matched,
    }
    data = {"evaluations": [condition], "matched_branch_id": "b" if matched else None}
    return Artifact(id="ceval_1", operation="conditional_evaluation", data=data)


def doubt(step: StepSummary, path: str, kind: FindingKind = FindingKind.LOW_LIKELIHOOD) -> Finding:
    return Finding(kind, "in doubt", "likelihoods", paths=(path,)).about(step)


def run_of(make_step: Make) -> dict[str, StepSummary]:
    return {
        "read": make_step("read", 0, type="extract"),
        "route": make_step("route", 5, type="conditional"),
        "post": make_step("post", None, status="skipped", reason="Branch 'post' was not taken"),
    }


def test_a_branch_hangs_on_a_doubtful_field(make_step: Make) -> None:
    steps = run_of(make_step)
    for matched, said in ((False, "no"), (True, "yes")):
        artifacts = {steps["route"].step_id: decided("$.doc.category", "receipt", matched=matched)}
        facts = RunFacts(tuple(steps.values()), artifacts=artifacts)
        (found,) = fold_consequences([doubt(steps["read"], "/output/category")], facts)
        assert found.leads_to == (
            f'route: $.doc.category is equal to "invoice": {said}, it is "receipt", skipped post',
        )


def test_another_field_hangs_on_nothing(make_step: Make) -> None:
    steps = run_of(make_step)
    artifacts = {steps["route"].step_id: decided("$.category", "receipt", matched=True)}
    facts = RunFacts(tuple(steps.values()), artifacts=artifacts)
    (found,) = fold_consequences([doubt(steps["read"], "/output/total")], facts)
    assert found.leads_to == ()


def test_a_condition_before_the_doubt_does_not_follow_from_it(make_step: Make) -> None:
    steps = run_of(make_step)
    late = make_step("late", 9, type="extract")
    artifacts = {steps["route"].step_id: decided("$.category", "receipt", matched=True)}
    facts = RunFacts((*steps.values(), late), artifacts=artifacts)
    (found,) = fold_consequences([doubt(late, "/output/category")], facts)
    assert found.leads_to == ()


def test_the_graph_decides_what_follows(make_step: Make) -> None:
    steps = run_of(make_step)
    artifacts = {steps["route"].step_id: decided("$.category", "receipt", matched=True)}
    blocks = tuple(Block(id=name) for name in steps)
    for edge, count in ((("read", "route"), 1), (("route", "post"), 0)):
        graph = Graph(blocks=blocks, edges=(Edge(source=edge[0], target=edge[1]),))
        facts = RunFacts(tuple(steps.values()), artifacts=artifacts, graph=graph)
        (found,) = fold_consequences([doubt(steps["read"], "/output/category")], facts)
        assert len(found.leads_to) == count


def test_a_chain_is_one_finding(make_step: Make) -> None:
    steps = run_of(make_step)
    artifacts = {steps["route"].step_id: decided("$.category", 7)}
    facts = RunFacts(tuple(steps.values()), artifacts=artifacts)
    typed = [
        one.about(steps["route"])
        for one in (
            Finding(
                FindingKind.CONDITION_TYPES_DIFFER, "compares", "evaluations", field="category"
            ),
        )
    ]
    skipped = Finding(FindingKind.STEPS_SKIPPED, "1 step skipped", "status").about(steps["post"])
    (found,) = fold_consequences([*typed, doubt(steps["read"], "/output/category"), skipped], facts)
    assert found.kind == "low_likelihood"
    assert found.leads_to == ("route: compares", "post: 1 step skipped")
    assert found.rank == FindingKind.CONDITION_TYPES_DIFFER.rank


def test_a_cause_ranks_with_the_worst_that_followed(make_step: Make) -> None:
    steps = run_of(make_step)
    other = make_step("other", 1)
    empty = Finding(FindingKind.REQUIRED_MISSING, "x is null", "output").about(other)
    late = Finding(FindingKind.DEFAULT_BRANCH, "default", "evaluations", field="category")
    found = fold_consequences(
        [empty, doubt(steps["read"], "/output/category"), late.about(steps["route"])],
        RunFacts((*steps.values(), other)),
    )
    assert [one.kind for one in found] == ["required_missing", "low_likelihood"]


def test_steps_of_a_branch_that_was_not_taken_are_no_finding(make_step: Make) -> None:
    steps = run_of(make_step)
    assert find_in_run(RunFacts(tuple(steps.values()))) == []
    failed = make_step("pay", None, status="skipped", reason="Upstream block 'post' failed")
    (found,) = find_in_run(RunFacts((*steps.values(), failed)))
    assert (found.kind, found.block_id) == ("steps_skipped", "pay")


def test_retries_explain_a_slow_step(make_step: Make) -> None:
    steps = (make_step("a", 0, 1), make_step("b", 1, 1), make_step("c", 2, 60, retry_count=3))
    (found,) = find_in_run(RunFacts(steps))
    assert found.kind == "retries"
    assert len(found.leads_to) == 1
    assert "took 1 min" in found.leads_to[0]


@pytest.mark.parametrize(
    ("kinds", "helps"),
    [
        (["value_overwritten"], True),
        (["loop_incomplete"], True),
        (["low_likelihood"], False),
        (["low_likelihood", "slow_step"], True),
        (["slow_step", "retries"], False),
        ([], False),
    ],
)
def test_the_graph_is_worth_reading_for_what_it_explains(kinds: list[str], helps: bool) -> None:
    found = [Finding(FindingKind(kind), "x", "y") for kind in kinds]
    assert graph_would_help(found) is helps
