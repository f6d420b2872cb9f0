"""What a step received and passed on, from its handles or its artifact."""

from collections.abc import Mapping
from dataclasses import dataclass

from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.analysis.values.json_types import as_dict
from retab_mcp.analysis.values.walk import Place
from retab_mcp.models import Json, Operation, StepSummary

Value = tuple[Json, Place]


@dataclass(frozen=True, slots=True)
class StepValues:
    """The JSON values that a step received and passed on, each with its place in the record."""

    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]


def values_of(step: StepSummary, facts: RunFacts) -> StepValues | None:
    """Return the values of a step, None where they are not known on both sides."""
    payload = facts.payloads.get(step.step_id)
    if payload is not None:
        inputs = json_handles(payload.handle_inputs, "handle_inputs")
        outputs = json_handles(payload.handle_outputs, "handle_outputs")
        if inputs and outputs:
            return StepValues(inputs, outputs)
    artifact = facts.artifacts.get(step.step_id)
    if artifact is None or artifact.operation != Operation.FUNCTION_INVOCATION:
        return None
    given, made = artifact.data.get("inputs"), artifact.data.get("output")
    if not given or made is None:
        return None
    return StepValues(((given, (None, "inputs")),), ((made, (None, "output")),))


def json_handles(handles: Mapping[str, Json], name: str) -> tuple[Value, ...]:
    """Return the data of the JSON handles, in order."""
    return tuple(
        (content["data"], (((None, name), handle), "data"))
        for handle, content in handles.items()
        if "data" in as_dict(content) and content["data"] is not None
    )
