"""Find which input a merge took a value from, and what it overwrote."""

from collections.abc import Mapping

from retab_mcp.analysis.lineage.matching.leaves import value_at
from retab_mcp.analysis.lineage.matching.likeness import same
from retab_mcp.analysis.lineage.matching.source_in_step import Provenance, Source
from retab_mcp.analysis.lineage.tracing.trace import Spot
from retab_mcp.models import Json
from retab_mcp.models.lineage import How, KnownBy


def find_merged(spot: Spot, inputs: Mapping[str, Json]) -> Provenance | None:
    """Return which inputs have the value of `spot` at its own place.

    Inputs with another value there were overwritten. None if no input has the value there.
    """
    at_place = [
        Source((handle, *spot.tokens[1:]), value)
        for handle in inputs
        for there, value in (value_at(inputs, (handle, *spot.tokens[1:])),)
        if there
    ]
    taken = tuple(each for each in at_place if same(each.value, spot.value))
    if not taken:
        return None
    others = tuple(each for each in at_place if not same(each.value, spot.value))
    how = How.PASSED_ON
    if spot.step.type == "merge_dicts":
        how = How.OVERWRITTEN if others else How.MERGED
    return Provenance(how, KnownBy.EDGE, taken, others)
