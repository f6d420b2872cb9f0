"""G3, since 16 June 2026: Bearer authentication; runs have metadata since 10 July."""

from collections.abc import Mapping

from retab_mcp.models import Json
from retab_mcp.retab.generations.generation import Generation, part, status_is_kind


def is_settled(run: Mapping[str, Json]) -> bool:
    """Return whether a run has the shape of 30 May 2026 and later, metadata or not."""
    if part(run, "workflow") or status_is_kind(run):
        return False
    return bool(part(run, "lifecycle")) or "workflow_version_id" in run


def _recognizes(run: Mapping[str, Json]) -> bool:
    return is_settled(run) and "metadata" in run


G3 = Generation(
    name="g3",
    recognizes=_recognizes,
    families={
        "steps": ("flat",),
        "artifact": ("by_id",),
        "experiment_job": ("flat",),
        "graph": ("version",),
    },
)
