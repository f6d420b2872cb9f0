"""Read a graph: a version, a run's configuration, or lists of blocks and edges."""

from collections.abc import Iterable, Mapping

from retab_mcp.models import Block, Edge, Graph, Json
from retab_mcp.retab.normalize.fields import first_text, listing, mapping, record


def graph_from_wire(
    body: Json, *, workflow_id: str | None = None, version_id: str | None = None
) -> Graph:
    """Return the graph of a version or of a run's configuration (nodes until April 2026).

    The given ids are used when the body lacks them. Raises RetabError (bad_response) when the body
    is not an object.
    """
    row = record(body, "graph")
    blocks = listing(row.get("blocks")) or listing(row.get("nodes"))
    return Graph(
        workflow_id=first_text(row, "workflow_id") or workflow_id,
        version_id=first_text(row, "id") or version_id,
        blocks=blocks_from_wire(item for item in blocks if isinstance(item, dict)),
        edges=edges_from_wire(item for item in listing(row.get("edges")) if isinstance(item, dict)),
    )


def blocks_from_wire(rows: Iterable[Mapping[str, Json]]) -> tuple[Block, ...]:
    """Return the blocks that have an id."""
    return tuple(
        Block(
            id=block_id,
            type=first_text(row, "type"),
            label=first_text(row, "label"),
            parent_id=first_text(row, "parent_id"),
            config=mapping(row.get("config")),
            input_schemas=mapping(mapping(row.get("resolved_schemas")).get("input_schemas")),
        )
        for row in rows
        if (block_id := first_text(row, "id"))
    )


def edges_from_wire(rows: Iterable[Mapping[str, Json]]) -> tuple[Edge, ...]:
    """Return the edges that have both ends.

    Versions name them `source` and `target`, the live list `source_block` and `target_block`.
    """
    return tuple(
        Edge(
            source=source,
            target=target,
            source_handle=first_text(row, "source_handle"),
            target_handle=first_text(row, "target_handle"),
        )
        for row in rows
        if (source := first_text(row, "source", "source_block"))
        and (target := first_text(row, "target", "target_block"))
    )
