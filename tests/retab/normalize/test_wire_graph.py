"""A graph reads the same from a version, a run's configuration and the live lists."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.models import Block, Edge
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize.wire_graph import blocks_from_wire, edges_from_wire, graph_from_wire
from tests.retab.wires import JSON

BLOCK = {"id": "extract-1", "type": "extract", "label": "Extract", "parent_id": "loop-1"}
HANDLES = {"source_handle": "output-file-0", "target_handle": "input-file-0"}


@pytest.mark.parametrize("word", ["blocks", "nodes"])
def test_version_and_configuration(word: str) -> None:
    edge = {"source": "start-1", "target": "extract-1", **HANDLES}
    graph = graph_from_wire(
        {word: [BLOCK, {"type": "note"}, 5], "edges": [edge, {"source": "x"}, None]},
        workflow_id="wf_1",
        version_id="ver_1",
    )
    assert (graph.workflow_id, graph.version_id) == ("wf_1", "ver_1")
    assert graph.blocks == (
        Block(id="extract-1", type="extract", label="Extract", parent_id="loop-1"),
    )
    assert graph.edges == (Edge(source="start-1", target="extract-1", **HANDLES),)


def test_live_edges_have_other_names() -> None:
    live = {"id": "edge_1", "source_block": "start-1", "target_block": "extract-1", **HANDLES}
    assert edges_from_wire([live]) == (Edge(source="start-1", target="extract-1", **HANDLES),)


def test_configuration_of_a_block_is_kept() -> None:
    assert blocks_from_wire([BLOCK | {"config": {"n": None}}])[0].config == {"n": None}
    assert blocks_from_wire([BLOCK | {"config": None}])[0].config == {}


def test_a_body_that_is_not_an_object_is_refused() -> None:
    with pytest.raises(RetabError):
        graph_from_wire([])


FIELDS = ["id", "workflow_id", "blocks", "nodes", "edges", "type", "source", "target", "config"]


@given(st.recursive(JSON, lambda inner: st.dictionaries(st.sampled_from(FIELDS), inner)))
def test_wrong_types_never_fail(body: Any) -> None:
    if not isinstance(body, dict):
        with pytest.raises(RetabError):
            graph_from_wire(body)
        return
    graph = graph_from_wire(body)
    assert all(block.id for block in graph.blocks)
    assert all(edge.source and edge.target for edge in graph.edges)
