"""g2a (2026-04-15 to 2026-05-10): g1 with blocks for nodes, and refs to the six primitives."""

from collections.abc import Mapping
from types import MappingProxyType

from retab_mcp.sandbox.records import SampleRun, SampleStep
from retab_mcp.sandbox.wire.common import PRIMITIVES, Body, artifact_ref, older_status
from retab_mcp.sandbox.wire.node import NodeWire


class BlockWire(NodeWire):
    """Bodies of g2a."""

    word = "block"
    block_types: Mapping[str, str] = MappingProxyType({})

    def step_summary(self, step: SampleStep) -> Body:
        """An element of the `steps` that a run embeds; the list rows build on it."""
        return {**super().step_summary(step), "artifact": _primitive_ref(step)}

    def step(self, run: SampleRun, step: SampleStep) -> Body:
        """The body of GET …/steps/{block_id}: eight fields, no id of the step, no times."""
        body = super().step(run, step)
        return {
            **{key: body[key] for key in ("block_id", "block_type", "block_label")},
            "status": older_status(step.status),
            "error": step.failure.message if step.failure else None,
            "artifact": _primitive_ref(step),
            "handle_outputs": body["handle_outputs"],
            "handle_inputs": body["handle_inputs"],
        }


def _primitive_ref(step: SampleStep) -> Body | None:
    # Only primitives had records that could be referred to.
    if step.artifact is None or step.artifact.operation not in PRIMITIVES:
        return None
    return artifact_ref(step)
