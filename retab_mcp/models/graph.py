"""The graph that a run executed: blocks and the edges between their handles."""

from pydantic import Field

from retab_mcp.models.base import Json, Record


class Block(Record):
    """A block of a workflow version.

    `parent_id` is the loop container around it, `input_schemas` the JSON Schemas of its input
    handles that the vendor derives from the graph, where it says them.
    """

    id: str
    type: str | None = None
    label: str | None = None
    parent_id: str | None = None
    config: dict[str, Json] = Field(default_factory=dict)
    input_schemas: dict[str, Json] = Field(default_factory=dict)


class Edge(Record):
    """What leaves `source` by one handle enters `target` by another; both are block ids."""

    source: str
    target: str
    source_handle: str | None = None
    target_handle: str | None = None


class Graph(Record):
    """A version of a workflow. The same version id can belong to two workflows (the vendor's ids
    are made from the content), so both together say which."""

    workflow_id: str | None = None
    version_id: str | None = None
    blocks: tuple[Block, ...] = ()
    edges: tuple[Edge, ...] = ()
