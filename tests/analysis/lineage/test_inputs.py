"""The steps that produced a step's inputs."""

from collections.abc import Callable

from retab_mcp.analysis.lineage.inputs import inputs_from
from retab_mcp.models import Edge, Graph, StepSummary


def test_producing_step_is_in_the_same_iteration(make_step: Callable[..., StepSummary]) -> None:
    steps = [make_step("read", n, loops=(("each", n),)) for n in range(3)]
    steps += [make_step("start", 0)]
    failing = make_step("price", 9, loops=(("each", 1),))
    graph = Graph(
        edges=(
            Edge(source="read", target="price", target_handle="input-json-0"),
            Edge(source="start", target="price", target_handle="input-file-0"),
            Edge(source="unknown", target="price", target_handle="input-json-1"),
            Edge(source="read", target="other", target_handle="input-json-0"),
        )
    )
    feeders = inputs_from(failing, steps, graph)
    assert {handle: step.step_id for handle, step in feeders.items()} == {
        "input-json-0": "step_each_1_read",
        "input-file-0": "step_start",
    }
