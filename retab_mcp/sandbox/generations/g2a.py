"""g2a (2026-04-15 to 2026-05-10): g1 with blocks for nodes, and refs to the six primitives."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from starlette.routing import Route

from retab_mcp.sandbox.generation import Context, Generation
from retab_mcp.sandbox.generations.g1 import G1
from retab_mcp.sandbox.records import SampleArtifact, SampleRun, SampleStep
from retab_mcp.sandbox.routes.experiments import NestedExperimentRoutes
from retab_mcp.sandbox.wire.common import PRIMITIVES, Body, older_status


class G2a(G1):
    """g2a."""

    name = "g2a"
    word = "block"
    block_types: Mapping[str, str] = MappingProxyType({})
    says_resolution = True
    primitives: ClassVar[tuple[str, ...]] = PRIMITIVES
    # Only primitives had records that could be referred to.
    referable: ClassVar[tuple[str, ...]] = PRIMITIVES

    def step_summary(self, step: SampleStep) -> Body:
        """Return an element of the `steps` that a run embeds; the list rows build on it."""
        return {**super().step_summary(step), "artifact": self.ref(step.artifact)}

    def step(self, run: SampleRun, step: SampleStep) -> Body:
        """Return the body of GET …/steps/{block_id}: eight fields, no id of the step, no times."""
        body = super().step(run, step)
        return {
            **{key: body[key] for key in ("block_id", "block_type", "block_label")},
            "status": older_status(step.status),
            "error": step.failure.message if step.failure else None,
            "artifact": self.ref(step.artifact),
            "handle_outputs": body["handle_outputs"],
            "handle_inputs": body["handle_inputs"],
        }

    def routes(self, context: Context) -> list[Route]:
        """Add experiments, below their workflow."""
        return [*NestedExperimentRoutes(context).routes(), *super().routes(context)]

    def primitive(self, record: SampleArtifact, *, include_output: bool = True) -> Body:
        """Return a primitive in today's names."""
        return Generation.primitive(self, record, include_output=include_output)

    def publication(self, newest: SampleRun) -> Body:
        """Return nothing."""
        return {}
