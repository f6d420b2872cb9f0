"""Read the rows of a list in any of its five forms."""

from dataclasses import dataclass

from retab_mcp.models import ErrorKind, Json
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize.fields import first_text, mapping


@dataclass(frozen=True)
class Rows:
    """The rows of a list, and the cursor of the next page.

    `unread` counts items that are not objects. `next_cursor` is None at the end, and when the API
    does not name it. `has_more` is as sent (reviews of May 2026), else None. `found` is False when
    the body contains no list in any known place.
    """

    items: tuple[dict[str, Json], ...] = ()
    unread: int = 0
    next_cursor: str | None = None
    has_more: bool | None = None
    found: bool = True


def rows_from_wire(body: Json) -> Rows:
    """Return the rows of a list body of any generation.

    The forms: a bare list; {data, list_metadata {before, after}}; {data, has_more}; {runs};
    {content: {jobs}}; {outputs: a map by id}, whose keys become the `step_id` of rows without
    one. Raises RetabError (bad_response) for anything but an object or a list.
    """
    if isinstance(body, list):
        return _rows(body)
    if not isinstance(body, dict):
        raise RetabError(
            ErrorKind.BAD_RESPONSE, "Retab returned neither an object nor a list of rows."
        )
    more = body.get("has_more")
    return _rows(
        _list_in(body),
        next_cursor=first_text(mapping(body.get("list_metadata")), "after"),
        has_more=more if isinstance(more, bool) else None,
    )


def _list_in(body: dict[str, Json]) -> list[Json] | None:
    candidates = (body.get("data"), body.get("runs"), mapping(body.get("content")).get("jobs"))
    for candidate in candidates:
        if isinstance(candidate, list):
            return candidate
    outputs = body.get("outputs")
    if isinstance(outputs, list):
        return outputs
    if isinstance(outputs, dict):
        return [_with_id(key, row) for key, row in mapping(outputs).items()]
    return None


def _with_id(key: str, row: Json) -> Json:
    if not isinstance(row, dict) or first_text(row, "step_id"):
        return row
    return {**row, "step_id": key}


def _rows(
    items: list[Json] | None, next_cursor: str | None = None, has_more: bool | None = None
) -> Rows:
    objects = tuple(item for item in items or () if isinstance(item, dict))
    return Rows(
        items=objects,
        unread=len(items or ()) - len(objects),
        next_cursor=next_cursor,
        has_more=has_more,
        found=items is not None,
    )
