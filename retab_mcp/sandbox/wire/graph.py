"""Workflows, their blocks and edges, and the versions of a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from retab_mcp.sandbox.records import SampleBlock, SampleEdge, SampleRun
from retab_mcp.sandbox.wire.common import ORGANIZATION, Body

if TYPE_CHECKING:
    from retab_mcp.sandbox.generation import Generation


T = TypeVar("T", SampleBlock, SampleEdge)


def workflow_body(generation: Generation, versions: dict[str, SampleRun]) -> Body:
    """Return a workflow's own record; the newest version that ran is the published one."""
    runs = list(versions.values())
    newest, oldest = runs[0], runs[-1]
    body: Body = {
        "id": newest.workflow_id,
        "name": newest.workflow_name,
        "description": "",
        "created_at": oldest.created_at,
        "updated_at": newest.created_at,
    }
    if generation.names_owner:
        body["organization_id"] = ORGANIZATION
    return {**body, **generation.publication(newest)}


def live_block(generation: Generation, run: SampleRun, block: SampleBlock) -> Body:
    """Return a block of the workflow as it is now."""
    owner = {"organization_id": ORGANIZATION} if generation.nested else {}
    return {
        "id": block.id,
        "workflow_id": run.workflow_id,
        **owner,
        "type": generation.block_type(block.type),
        "label": block.label,
        "position_x": 0.0,
        "position_y": 0.0,
        "config": dict(block.config),
        "parent_id": block.parent_id,
        "updated_at": run.created_at,
    }


def live_edge(generation: Generation, run: SampleRun, edge: SampleEdge) -> Body:
    """Return an edge of the workflow as it is now: `source_block` and `target_block`."""
    owner = {"organization_id": ORGANIZATION} if generation.nested else {}
    return {
        "id": edge.id,
        "workflow_id": run.workflow_id,
        **owner,
        "source_block": edge.source,
        "target_block": edge.target,
        "source_handle": edge.source_handle,
        "target_handle": edge.target_handle,
        "updated_at": run.created_at,
    }


def version(run: SampleRun) -> Body:
    """Return the graph that a run executed: edges have `source` and `target` here."""
    return {
        "id": run.workflow_version_id,
        "workflow_id": run.workflow_id,
        "blocks": [
            {
                "id": block.id,
                "type": block.type,
                "position": {"x": 0.0, "y": 0.0},
                "label": block.label,
                "config": dict(block.config),
                "parent_id": block.parent_id,
            }
            for block in run.blocks
        ],
        "edges": [
            {
                "id": edge.id,
                "source": edge.source,
                "target": edge.target,
                "source_handle": edge.source_handle,
                "target_handle": edge.target_handle,
                "animated": False,
            }
            for edge in run.edges
        ],
        "block_version_ids": [f"bver_{block.id}" for block in run.blocks],
        "edge_version_ids": [f"ever_{edge.id}" for edge in run.edges],
        "created_at": run.created_at,
    }


def version_diff(earlier: SampleRun, later: SampleRun) -> Body:
    """Return the ids that were added, removed and changed from one version to another."""
    blocks = _changes({b.id: b for b in earlier.blocks}, {b.id: b for b in later.blocks})
    edges = _changes({e.id: e for e in earlier.edges}, {e.id: e for e in later.edges})
    return {
        "from_workflow_version_id": earlier.workflow_version_id,
        "to_workflow_version_id": later.workflow_version_id,
        **{f"{change}_block_ids": ids for change, ids in blocks.items()},
        **{f"{change}_edge_ids": ids for change, ids in edges.items()},
    }


def _changes(earlier: dict[str, T], later: dict[str, T]) -> dict[str, list[str]]:
    return {
        "added": [key for key in later if key not in earlier],
        "removed": [key for key in earlier if key not in later],
        "changed": [key for key in later if key in earlier and later[key] != earlier[key]],
    }
