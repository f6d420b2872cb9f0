"""G2c, 13 to 21 May 2026: `lifecycle.status`, routes nested under the run."""

from collections.abc import Mapping
from dataclasses import replace

from retab_mcp.models import Json
from retab_mcp.retab.generations.g2d import G2D
from retab_mcp.retab.generations.generation import part, status_is_kind


def _recognizes(run: Mapping[str, Json]) -> bool:
    return bool(part(run, "workflow")) and not status_is_kind(run)


G2C = replace(
    G2D,
    name="g2c",
    recognizes=_recognizes,
    families={
        "steps": ("nested",),
        "artifact": ("by_operation",),
        "experiment_job": ("result_of_run",),
        "graph": ("run_config", "nested"),
    },
    step_cursors=True,
    artifact_pages=False,
    reviews_by_run=False,
    older_names={
        "run_filter": {"min_duration": "min_duration_ms", "max_duration": "max_duration_ms"},
        "run_status": {"waiting_for_human": "awaiting_review"},
        # Human waiting became review waiting on 20 May.
        "timing": {
            "human_waiting_started_at": "review_waiting_started_at",
            "accumulated_human_waiting_ms": "accumulated_review_waiting_ms",
        },
        "block": {"block_kind": "block_type"},
        "artifact": {"workflow_run_id": "run_id", "_id": "id"},
        # Documentation examples only.
        "evaluation": {"per_item": "items", "left_value": "actual", "right_value": "expected"},
        "review": {
            "_id": "id",
            "workflow_run_id": "run_id",
            "block_run_id": "step_id",
            "awaiting_since": "created_at",
        },
    },
)
