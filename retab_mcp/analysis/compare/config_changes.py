"""Say which fields of which blocks differ between two versions of a workflow."""

from collections.abc import Iterator
from dataclasses import dataclass

from retab_mcp.analysis.compare.json_diff import Change
from retab_mcp.analysis.compare.path_changes import path_changes
from retab_mcp.digest.hidden import same_text
from retab_mcp.models import Block, Graph, Json

# Characters shown of two long texts (code, a prompt): some before the first difference, the rest
# after it.
EXCERPT_CHARS = 80
_BEFORE_CHARS = 20


@dataclass(frozen=True, slots=True)
class ConfigChange:
    """A field of a block's configuration that differs; long texts are cut around the difference."""

    block_id: str
    change: Change


@dataclass(frozen=True, slots=True)
class GraphChanges:
    """What differs between two graphs: block ids, the number of edges, and fields of blocks."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    edges: int
    fields: tuple[ConfigChange, ...]


def graph_changes(graph: Graph, other: Graph) -> GraphChanges:
    """Return what differs from `graph` to `other`; `added` blocks are only in `other`."""
    mine = {block.id: block for block in graph.blocks}
    theirs = {block.id: block for block in other.blocks}
    fields = [
        ConfigChange(block_id, change)
        for block_id, block in mine.items()
        if block_id in theirs
        for change in _changes(block, theirs[block_id])
    ]
    return GraphChanges(
        added=tuple(block_id for block_id in theirs if block_id not in mine),
        removed=tuple(block_id for block_id in mine if block_id not in theirs),
        changed=tuple(dict.fromkeys(one.block_id for one in fields)),
        edges=len(set(graph.edges) ^ set(other.edges)),
        fields=tuple(fields),
    )


def _changes(block: Block, other: Block) -> Iterator[Change]:
    mine, theirs = _settings(block), _settings(other)
    for found in path_changes(mine, theirs):
        change = found.change
        value, their_value = _at(mine, change.path), _at(theirs, change.other_path)
        if isinstance(value, str) and isinstance(their_value, str):
            value, their_value = excerpts(value, their_value)
            yield Change(change.kind, change.place, change.other_place, value, their_value)
        else:
            yield change


def _settings(block: Block) -> dict[str, Json]:
    """Return what a person sets of a block; the label is in it, since prompts can use it."""
    return {"type": block.type, "label": block.label, **block.config}


def _at(record: Json, path: str) -> Json:
    """Return the text at a JSON Pointer, None if there is something else or nothing."""
    for token in path.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(record, dict):
            record = record.get(name)
        elif isinstance(record, list) and name.isdigit() and int(name) < len(record):
            record = record[int(name)]
        else:
            return None
    return record


def excerpts(text: str, other: str) -> tuple[str, str]:
    """Return both texts, or if one is long the parts of them around the first difference."""
    if max(len(text), len(other)) <= EXCERPT_CHARS or same_text(text, other):
        return text[:EXCERPT_CHARS], other[:EXCERPT_CHARS]
    shorter = min(len(text), len(other))
    same = next((at for at in range(shorter) if text[at] != other[at]), shorter)
    start = max(0, same - _BEFORE_CHARS)
    return _part(text, start), _part(other, start)


def _part(text: str, start: int) -> str:
    end = start + EXCERPT_CHARS
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
