"""Read where an extraction found its values."""

from collections.abc import Mapping, Sequence

from retab_mcp.models import Json
from retab_mcp.models.document_source import DocumentSource
from retab_mcp.retab.normalize.fields import fields_of, first_text, listing, whole

# What locates a value in a table; coordinates on a page are left out, since they explain nothing.
_PLACE = ("sheet", "sheet_name", "row", "row_index", "column", "column_index", "cell", "line")
_PAGES = ("page", "page_number")


def source_from_wire(tree: Json, tokens: Sequence[str | int]) -> DocumentSource | None:
    """Return the source of the value at `tokens` of an extraction's output.

    `tree` mirrors the output; its leaves are {"value", "source"}. None where it has no such leaf.
    """
    node = tree
    for token in tokens:
        if isinstance(node, dict) and str(token) in node:
            node = node[str(token)]
        elif isinstance(node, list) and isinstance(token, int) and token < len(node):
            node = node[token]
        else:
            return None
    is_leaf = isinstance(node, dict) and "value" in node and {"source", "sources"} & node.keys()
    if not is_leaf:
        return None
    source = node.get("source")
    if source is None:
        source = next(iter(listing(node.get("sources"))), None)
    return DocumentSource(found=False) if source is None else _source(fields_of(source))


def _source(source: Mapping[str, Json]) -> DocumentSource:
    anchor = fields_of(source.get("anchor"))
    places = (anchor, fields_of(anchor.get("bbox")), source)
    pages = (whole(place.get(name)) for place in places for name in _PAGES)
    indexes = (whole(place.get("page_index")) for place in places)
    page = next((page for page in pages if page is not None), None)
    if page is None:
        page = next((index + 1 for index in indexes if index is not None), None)
    return DocumentSource(
        page=page,
        text=first_text(source, "content", "text", "quote"),
        place={
            name: anchor[name]
            for name in _PLACE
            if isinstance(anchor.get(name), str | int) and anchor[name] != ""
        },
    )
