"""Workflows, their blocks and edges, and the versions of a graph."""

from collections.abc import Callable
from typing import TypeVar

from retab_mcp.sandbox.records import SampleBlock, SampleEdge, SampleRun
from retab_mcp.sandbox.wire.artifacts import is_older
from retab_mcp.sandbox.wire.common import ORGANIZATION, Body, snapshot_id

T = TypeVar("T", SampleBlock, SampleEdge)


def workflow(generation: str, versions: dict[str, SampleRun]) -> Body:
    """A workflow's own record; the newest version that ran is the published one."""
    runs = list(versions.values())
    newest, oldest = runs[0], runs[-1]
    body: Body = {
        "id": newest.workflow_id,
        "name": newest.workflow_name,
        "description": "",
        "created_at": oldest.created_at,
        "updated_at": newest.created_at,
    }
    if generation == "g1":
        published = {"is_published": True, "published_snapshot_id": snapshot_id(newest)}
        return {**body, **published, "organization_id": ORGANIZATION}
    if generation in ("g2a", "g2b"):
        body["organization_id"] = ORGANIZATION
    if not is_older(generation):
        body["project_id"] = None
        body["published"] = {
            "version_id": newest.workflow_version_id,
            "published_at": newest.created_at,
            "description": "",
        }
    return body


def live_block(
    generation: str, run: SampleRun, block: SampleBlock, word: Callable[[str], str]
) -> Body:
    """A block of the workflow as it stands; `word` gives the generation's word for its type."""
    owner = {"organization_id": ORGANIZATION} if is_older(generation) else {}
    return {
        "id": block.id,
        "workflow_id": run.workflow_id,
        **owner,
        "type": word(block.type),
        "label": block.label,
        "position_x": 0.0,
        "position_y": 0.0,
        "config": dict(block.config),
        "parent_id": block.parent_id,
        "updated_at": run.created_at,
    }


def live_edge(generation: str, run: SampleRun, edge: SampleEdge) -> Body:
    """An edge of the workflow as it stands: `source_block` and `target_block`."""
    owner = {"organization_id": ORGANIZATION} if is_older(generation) else {}
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
    """The graph that a run executed: edges have `source` and `target` here."""
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
    """What came, went and changed from one version to another, by id."""
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
