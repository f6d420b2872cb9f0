"""The graph of a workflow: blocks, and edges between their handles."""

from pydantic import Field

from retab_mcp.models.base import Json, Record


class Block(Record):
    """A block of a workflow version.

    `parent_id` is the loop container that contains it. `input_schemas` are the JSON Schemas of
    its input handles that Retab derived from the graph, if sent.
    """

    id: str
    type: str | None = None
    label: str | None = None
    parent_id: str | None = None
    config: dict[str, Json] = Field(default_factory=dict)
    input_schemas: dict[str, Json] = Field(default_factory=dict)


class Edge(Record):
    """A connection from an output handle of block `source` to an input handle of `target`."""

    source: str
    target: str
    source_handle: str | None = None
    target_handle: str | None = None


class Graph(Record):
    """A version of a workflow.

    Version ids are hashes of the content, so two workflows can share one.
    """

    workflow_id: str | None = None
    version_id: str | None = None
    blocks: tuple[Block, ...] = ()
    edges: tuple[Edge, ...] = ()
