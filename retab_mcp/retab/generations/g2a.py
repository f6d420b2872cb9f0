"""G2a, 15 April to 10 May 2026: flat runs and steps; artifacts only as primitives."""

from collections.abc import Mapping
from dataclasses import replace

from retab_mcp.models import Json
from retab_mcp.retab.generations.g2b import G2B

# Blocks were called nodes until 14 April.
_NODE_FIELDS = ("waiting_for_node_ids", "pending_node_outputs", "executed_node_ids")
_BLOCK_FIELDS = ("waiting_for_block_ids", "pending_block_outputs", "executed_block_ids")


def _recognizes(run: Mapping[str, Json]) -> bool:
    if any(name in run for name in _NODE_FIELDS):
        return False
    steps = run.get("steps")
    first = steps[0] if isinstance(steps, list) and steps else None
    return any(name in run for name in _BLOCK_FIELDS) or (
        isinstance(first, dict) and "block_id" in first
    )


G2A = replace(
    G2B,
    name="g2a",
    recognizes=_recognizes,
    families={**G2B.families, "artifact": ("primitive",)},
    artifact_list=False,
    older_names={
        "run": {"config_snapshot_id": "workflow_version_id"},
        "timing": {"human_waiting_duration_ms": "accumulated_review_waiting_ms"},
    },
)
