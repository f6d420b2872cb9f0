"""From the neutral truth of a sample to the exact wire shape of each generation."""

from typing import Protocol

from retab_mcp.sandbox.records import SampleRun, SampleStep
from retab_mcp.sandbox.wire.block import BlockWire
from retab_mcp.sandbox.wire.common import Body
from retab_mcp.sandbox.wire.flat import BearerWire, FlatWire
from retab_mcp.sandbox.wire.kind import KindWire
from retab_mcp.sandbox.wire.node import NodeWire
from retab_mcp.sandbox.wire.status import StatusWire


class RunWire(Protocol):
    """How a generation writes runs and steps."""

    def run(self, run: SampleRun, steps: tuple[SampleStep, ...]) -> Body: ...

    def step_row(self, run: SampleRun, step: SampleStep) -> Body: ...

    def step(self, run: SampleRun, step: SampleStep) -> Body: ...

    def block_type(self, block_type: str) -> str: ...


_WIRES: dict[str, RunWire] = {
    "g1": NodeWire(),
    "g2a": BlockWire(),
    "g2b": KindWire(),
    "g2c-bare": StatusWire(),
    "g2c": StatusWire(),
    "g2e": FlatWire(),
    "g3": BearerWire(),
}


def run_wire(generation: str) -> RunWire:
    """Return how `generation` (one of GENERATIONS) writes runs and steps."""
    return _WIRES[generation]
