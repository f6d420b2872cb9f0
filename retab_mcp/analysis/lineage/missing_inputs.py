"""Inputs that a step should have received by the graph and did not."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from retab_mcp.analysis.lineage.inputs import inputs_from
from retab_mcp.models import Graph, Json, Step, StepSummary

# Says that the source block of an input has no step in the run.
NO_STEP = "has no step"


@dataclass(frozen=True, slots=True)
class ExpectedInputs:
    """The input handles that edges lead to, those that arrived, and why the others did not.

    `missing` names the block and the status of its step by handle.
    """

    expected: tuple[str, ...]
    arrived: tuple[str, ...]
    missing: dict[str, str] = field(default_factory=dict)


def expected_inputs(
    step: Step, steps: Sequence[StepSummary], graph: Graph, *, reports_missing: bool
) -> ExpectedInputs | None:
    """Return the inputs that `step` should have received; None if they are not known.

    An input that is null, or a file without an id, did not arrive. A record without any input
    shows that none arrived only where the step `reports_missing` input. Raises RetabError if the
    payload cannot be read.
    """
    summary = step.summary
    sources = {
        edge.target_handle: edge.source
        for edge in graph.edges
        if edge.target == summary.block_id and edge.target_handle
    }
    inputs = step.payload.handle_inputs
    if not sources or not (inputs or reports_missing):
        return None
    arrived = {handle for handle, value in inputs.items() if _has_arrived(value)}
    made = inputs_from(summary, steps, graph)
    missing = {
        handle: f"{source}: {made[handle].status if handle in made else NO_STEP}"
        for handle, source in sources.items()
        if handle not in arrived
    }
    return ExpectedInputs(tuple(sources), tuple(h for h in sources if h in arrived), missing)


def _has_arrived(value: Json) -> bool:
    if not isinstance(value, dict):
        return value is not None
    document = value.get("document")
    if value.get("type") == "file":
        return isinstance(document, dict) and bool(document.get("id"))
    return value.get("data", value) is not None
