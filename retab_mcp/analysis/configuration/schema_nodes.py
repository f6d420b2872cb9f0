"""Find the schema nodes of the fields that an extraction misses or got wrong."""

from collections.abc import Iterator, Mapping

from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.analysis.values.json_types import as_dict
from retab_mcp.digest.pointer import parse_path
from retab_mcp.digest.text import clip
from retab_mcp.models import Json

_SCHEMA_KEYS = ("json_schema", "schema", "output_schema")
# What says how a field is to be extracted.
_SHOWN = ("type", "format", "enum", "pattern", "minimum", "maximum", "description", "X-Prompt")
MAX_NODES = 2
DESCRIPTION_BUDGET = 50
# A schema can refer to itself; fields beyond these limits are not looked for.
_MAX_DEPTH = 20
_MAX_FIELDS = 2_000


def schema_nodes(config: Mapping[str, Json], cause: RootCause) -> dict[str, Json]:
    """Return the nodes of the fields that the evidence or the message names, by path."""
    schema = next((config[key] for key in _SCHEMA_KEYS if isinstance(config.get(key), dict)), None)
    if schema is None:
        return {}
    fields = dict(_fields(schema))
    named = [path for path in _paths(cause) if path in fields]
    if not named:
        named = [path for path in fields if _says(cause.message, path)]
    return {path: _shown(fields[path]) for path in list(dict.fromkeys(named))[:MAX_NODES]}


def _paths(cause: RootCause) -> Iterator[str]:
    """Yield the paths of fields in the evidence, without the indexes of lists."""
    for name in ("required_missing", "type_mismatches"):
        found = cause.evidence.get(name)
        rows = found.get("first") if isinstance(found, dict) and "first" in found else found
        for row in rows if isinstance(rows, list) else [rows]:
            path = row if isinstance(row, str) else as_dict(row).get("path")
            if isinstance(path, str):
                tokens = [part for part in parse_path(path) if not part.isdigit()]
                yield "/".join(tokens[1:] if tokens[:1] == ["output"] else tokens)


def _fields(schema: Json) -> Iterator[tuple[str, dict[str, Json]]]:
    """Yield the fields of a schema by path, the outermost first."""
    definitions = as_dict(as_dict(schema).get("$defs")) or as_dict(schema).get("definitions")
    open_nodes: list[tuple[str, Json, int]] = [("", schema, 0)]
    for path, found, depth in open_nodes:
        node = _resolved(found, as_dict(definitions))
        if depth > _MAX_DEPTH or len(open_nodes) > _MAX_FIELDS:
            continue
        for name, child in as_dict(node.get("properties")).items():
            inner = f"{path}/{name}" if path else name
            field = _resolved(child, as_dict(definitions))
            yield inner, field
            open_nodes.append((inner, field, depth + 1))
        if isinstance(node.get("items"), dict):
            open_nodes.append((path, node["items"], depth + 1))


def _resolved(node: Json, definitions: Mapping[str, Json]) -> dict[str, Json]:
    reference = as_dict(node).get("$ref")
    if isinstance(reference, str):
        return as_dict(definitions.get(reference.rpartition("/")[2]))
    return as_dict(node)


def _shown(node: Mapping[str, Json]) -> dict[str, Json]:
    return {
        key: clip(value, DESCRIPTION_BUDGET) if isinstance(value, str) else value
        for key, value in node.items()
        if key in _SHOWN
    }


def _says(message: str, path: str) -> bool:
    """Return whether a message names a field: quoted, or by its whole path."""
    name = path.rpartition("/")[2]
    dotted = path.replace("/", ".")
    return f"'{name}'" in message or f'"{name}"' in message or ("." in dotted and dotted in message)
