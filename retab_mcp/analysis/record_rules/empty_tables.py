"""Rules about tables: arrays of objects that the schema requires and that hold nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.values.artifact_fields import MAX_NAMED, OUTPUT, output_of
from retab_mcp.analysis.values.json_types import as_dict, as_text, plain_values
from retab_mcp.digest.pointer import format_pointer
from retab_mcp.models import Artifact, FindingKind, Json

# Tables of a schema are looked for this deep.
_MAX_DEPTH = 6
# Rows that are looked at for a value.
_MAX_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class _Table:
    """A required array of objects: its place in the output, and what is there."""

    place: tuple[str, ...]
    rows: Json


def find_empty_tables(artifact: Artifact) -> Iterator[Finding]:
    """Yield a finding for required tables without rows, or whose rows hold nothing but null."""
    output = output_of(artifact)
    schema = artifact.data.get("json_schema")
    if not isinstance(output, dict) or not isinstance(schema, dict):
        return
    found = [
        (table, said)
        for table in _tables(output, schema, schema, ())
        if (said := _nothing_in(table.rows))
    ]
    if found:
        names = "; ".join(f"{table.place[-1]} {said}" for table, said in found[:MAX_NAMED])
        message = f"a table that the schema requires came out empty: {names}"
        paths = tuple(OUTPUT + format_pointer(table.place) for table, _ in found[:MAX_NAMED])
        yield Finding(FindingKind.TABLE_EMPTY, message, "json_schema", paths=paths)


def _tables(
    value: dict[str, Json], schema: dict[str, Json], root: dict[str, Json], place: tuple[str, ...]
) -> Iterator[_Table]:
    required = schema.get("required")
    for name, own in as_dict(schema.get("properties")).items():
        described = _resolved(own, root)
        inner = value.get(name)
        if isinstance(required, list) and name in required and _is_table(described, root):
            if isinstance(inner, list):
                yield _Table((*place, name), inner)
        elif isinstance(inner, dict) and len(place) < _MAX_DEPTH:
            yield from _tables(inner, described, root, (*place, name))


def _is_table(schema: dict[str, Json], root: dict[str, Json]) -> bool:
    items = _resolved(schema.get("items"), root)
    return "properties" in items or items.get("type") == "object"


def _resolved(schema: Json, root: dict[str, Json]) -> dict[str, Json]:
    """Return a schema, following one reference inside the document, else an empty one."""
    found = as_dict(schema)
    reference = as_text(found.get("$ref"))
    if not reference.startswith("#/"):
        branches = found.get("anyOf")
        if isinstance(branches, list):
            return next((each for one in branches if "items" in (each := as_dict(one))), found)
        return found
    node: Json = root
    for token in reference[2:].split("/"):
        node = as_dict(node).get(token)
    return as_dict(node)


def _nothing_in(rows: Json) -> str:
    """Return what is wrong with the rows of a table, "" where one of them holds a value."""
    if not isinstance(rows, list):
        return ""
    if not rows:
        return "has no rows"
    if len(rows) <= _MAX_ROWS and not any(map(_holds_value, rows)):
        return f"has {len(rows)} rows, all of them null" if len(rows) > 1 else "has 1 row of nulls"
    return ""


def _holds_value(value: Json) -> bool:
    return any(one is not None and one != "" for one in plain_values(value))
