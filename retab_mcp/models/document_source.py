"""Where in its document an extraction found a value."""

from pydantic import Field

from retab_mcp.models.base import Json, Record


class DocumentSource(Record):
    """The place in a document where an extraction found a value.

    `page` counts from 1. `text` is what the document says there. `place` has what else locates it:
    sheet, row, column, cell. `found` is False if the document does not contain the value.
    """

    found: bool = True
    page: int | None = None
    text: str | None = None
    place: dict[str, Json] = Field(default_factory=dict)
