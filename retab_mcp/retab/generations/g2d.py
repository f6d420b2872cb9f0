"""G2d, 21 to 30 May 2026: the first flat routes, which changed from day to day."""

from collections.abc import Mapping
from dataclasses import replace

from retab_mcp.models import Json
from retab_mcp.retab.generations.g2e import G2E
from retab_mcp.retab.generations.generation import part, status_is_kind


def _recognizes(run: Mapping[str, Json]) -> bool:
    workflow = part(run, "workflow")
    if not workflow or status_is_kind(run):
        return False
    # In its first days it sent runs in G2c's shape, which are recognized as G2c.
    return "name_at_run_time" not in workflow or "duration_ms" in part(run, "timing")


G2D = replace(
    G2E,
    name="g2d",
    recognizes=_recognizes,
    # Workflow versions can be read since 2 June only.
    families={**G2E.families, "graph": ("flat",)},
    # Some revisions page without ever naming a cursor.
    step_cursors=False,
)
