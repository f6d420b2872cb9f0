"""Workflows, documents and handles."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from retab_mcp.sandbox.builder.ids import identifier
from retab_mcp.sandbox.records import Json, SampleBlock, SampleEdge

# The model of blocks that need one.
MODEL = "retab-small"
# Types of blocks that pass on the document itself.
_FILE_SOURCES = frozenset({"start_document", "classifier", "split"})


def document(filename: str, mime_type: str = "application/pdf") -> dict[str, str]:
    """Return the reference of a stored file."""
    return {"id": identifier("file", filename), "filename": filename, "mime_type": mime_type}


def file_handle(stored: Mapping[str, str]) -> dict[str, Json]:
    """Return the payload of a file handle."""
    return {"type": "file", "document": dict(stored)}


def json_handle(data: Json) -> dict[str, Json]:
    """Return the payload of a JSON handle; `data` is an object, which all generations allow."""
    return {"type": "json", "data": data}


def block(
    block_id: str, block_type: str, label: str, parent: str | None = None, **config: Json
) -> SampleBlock:
    """Return a block of a workflow; `parent` is the id of the loop container around it."""
    return SampleBlock(id=block_id, type=block_type, label=label, parent_id=parent, config=config)


def edge(
    source: str, target: str, kind: str = "json", out: str = "0", into: str = "0"
) -> SampleEdge:
    """Return an edge between the handles output-<kind>-<out> and input-<kind>-<into>."""
    return SampleEdge(
        id=identifier("edge", f"{source}/{kind}/{out}/{target}/{into}"),
        source=source,
        source_handle=f"output-{kind}-{out}",
        target=target,
        target_handle=f"input-{kind}-{into}",
    )


def edges(
    blocks: Sequence[SampleBlock], *paths: str, taken: Sequence[SampleEdge] = ()
) -> tuple[SampleEdge, ...]:
    """Return the edges of paths like "a > b > c": one from each block to the next.

    "a.approved > b" leaves a by the output handle "approved" rather than "0". An edge carries the
    document where its source passes one on, else JSON. Several edges into a block take the input
    handles 0, 1 and so on, after those of the edges in `taken`.
    """
    types = {each.id: each.type for each in blocks}
    found = []
    inputs = Counter(each.target for each in taken)
    for path in paths:
        for left, right in pairwise(name.strip() for name in path.split(">")):
            source, _, out = left.partition(".")
            target = right.partition(".")[0]
            kind = "file" if types[source] in _FILE_SOURCES else "json"
            found.append(edge(source, target, kind, out or "0", str(inputs[target])))
            inputs[target] += 1
    return tuple(found)


@dataclass(frozen=True)
class Workflow:
    """A workflow and the graph of its one version; its ids are drawn from `slug`."""

    slug: str
    name: str
    blocks: tuple[SampleBlock, ...]
    edges: tuple[SampleEdge, ...]

    @property
    def id(self) -> str:
        """Return the workflow's id."""
        return identifier("wrk", self.slug)

    @property
    def version_id(self) -> str:
        """Return the id of the version whose graph this is."""
        return identifier("ver", self.slug)


def workflow(slug: str, name: str, *parts: SampleBlock | str) -> Workflow:
    """Return a workflow of blocks and of paths between them (see `edges`)."""
    blocks = tuple(part for part in parts if isinstance(part, SampleBlock))
    paths = [part for part in parts if isinstance(part, str)]
    return Workflow(slug, name, blocks, edges(blocks, *paths))
