"""Which fields of which blocks differ between two versions."""

from typing import Any

import pytest

from retab_mcp.analysis.compare.config_changes import EXCERPT_CHARS, excerpts, graph_changes
from retab_mcp.models import Block, Edge, Graph


def graph(*edges: tuple[str, str], **blocks: dict[str, Any]) -> Graph:
    return Graph(
        blocks=tuple(
            Block(id=name, type="function", config=config) for name, config in blocks.items()
        ),
        edges=tuple(Edge(source=source, target=target) for source, target in edges),
    )


def fields(mine: dict[str, Any], theirs: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    found = graph_changes(graph(score=mine), graph(score=theirs)).fields
    return [(one.change.path, one.change.value, one.change.other) for one in found]


def test_added_removed_and_changed_blocks_and_edges() -> None:
    before = graph(("a", "b"), a={}, b={"url": "https://one.example"}, c={})
    after = graph(("a", "b"), ("b", "d"), a={}, b={"url": "https://two.example"}, d={})
    found = graph_changes(before, after)
    assert (found.added, found.removed, found.changed) == (("d",), ("c",), ("b",))
    assert found.edges == 1


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ({"model": "small"}, {"model": "large"}, [("/model", "small", "large")]),
        ({"n_consensus": 3}, {"n_consensus": 5}, [("/n_consensus", 3, 5)]),
        ({"retry": {"max": 2}}, {"retry": {"max": 0}}, [("/retry/max", 2, 0)]),
        ({}, {"timeout": 5}, [("/timeout", None, 5)]),
        ({"a/b": 1}, {"a/b": 2}, [("/a~1b", 1, 2)]),
        ({"same": [1, {"x": 2}]}, {"same": [1, {"x": 2}]}, []),
    ],
)
def test_fields(mine: dict[str, Any], theirs: dict[str, Any], expected: list[Any]) -> None:
    assert fields(mine, theirs) == expected


def test_a_renamed_block_is_a_change_of_its_label() -> None:
    mine, theirs = Block(id="a", label="Old"), Block(id="a", label="New")
    found = graph_changes(Graph(blocks=(mine,)), Graph(blocks=(theirs,)))
    assert [one.change.path for one in found.fields] == ["/label"]


def test_code_is_shown_around_the_first_difference() -> None:
    lines = [f"line_{number} = {number}" for number in range(100)]
    edited = [*lines[:60], "line_60 = total / 0", *lines[61:]]
    ((path, value, other),) = fields({"code": "\n".join(lines)}, {"code": "\n".join(edited)})
    assert path == "/code"
    assert "line_60 = 60" in value
    assert "line_60 = total / 0" in other
    assert len(value) <= EXCERPT_CHARS + 2


def test_excerpts_of_short_texts_are_the_texts() -> None:
    assert excerpts("warm", "cold") == ("warm", "cold")


def test_a_text_that_only_goes_on_shows_where_it_goes_on() -> None:
    _, other = excerpts("x" * 90, "x" * 90 + " and a new rule")
    assert "and a new rule" in other
