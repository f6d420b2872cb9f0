"""Define a tool: its description, its arguments, and the function that answers it."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

from mcp.types import ToolAnnotations

# Every tool is read-only and idempotent, and reads data that others change (open world). Some hosts
# block a tool that leaves one of the four hints unset.
READ_ONLY = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=True
)

# For clients that load the other tools on demand: the tool to begin with is worth its tokens.
ALWAYS_LOAD: Mapping[str, Any] = {"anthropic/alwaysLoad": True}


def search_hint(hint: str) -> Mapping[str, Any]:
    """Return the metadata of a tool that a client can load on demand, found by these words."""
    return {"anthropic/searchHint": hint}


def drawn_by(page: str) -> Mapping[str, Any]:
    """Return the metadata of a tool whose answers a page (an MCP App) draws, given its URI."""
    return {"ui": {"resourceUri": page}}


@dataclass(frozen=True, kw_only=True)
class ToolSpec:
    """A tool: its description for the assistant, its arguments, and the answering function.

    `meta` is for the client, not for the assistant. `arguments` is a dataclass; its fields are the
    input schema, and an instance of it is passed to the answering function. `answered_by` names
    that function as "module:function". It is a string so that starting the server, which only lists
    the tools, imports nothing else.
    """

    name: str
    title: str
    description: str
    meta: Mapping[str, Any]
    arguments: type[Any]
    answered_by: str

    def resolve(self) -> Any:
        """Import and return the function `(inspector, arguments) -> Answer`."""
        module, _, function = self.answered_by.partition(":")
        return getattr(importlib.import_module(module), function)

    def output_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the answers as sent: empty fields are left out."""
        model = get_type_hints(self.resolve())["return"]
        schema: dict[str, Any] = _slim(model.model_json_schema(mode="validation"))
        return schema


# Keywords of a schema that cost tokens and say nothing to a client: names of classes, their
# docstrings, and defaults of fields that an answer leaves out if they are empty.
_DROPPED = frozenset({"title", "description", "default"})
_SCHEMAS_BY_NAME = ("properties", "$defs")


def _slim(schema: Any) -> Any:
    """Return an output schema without what costs tokens only.

    A field that is null is left out of answers, so null is not one of its types.
    """
    if isinstance(schema, list):
        return [_slim(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    slim = {
        name: {key: _slim(each) for key, each in value.items()}
        if name in _SCHEMAS_BY_NAME
        else _slim(value)
        for name, value in schema.items()
        if name not in _DROPPED
    }
    types = [each for each in slim.get("anyOf", []) if each != {"type": "null"}]
    if len(types) == 1:
        del slim["anyOf"]
        slim |= types[0]
    elif types:
        slim["anyOf"] = types
    return slim


def without_titles(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the SDK's input schema without titles, which only cost tokens."""
    properties = {
        name: {key: value for key, value in prop.items() if key != "title"}
        for name, prop in schema.get("properties", {}).items()
    }
    return {key: value for key, value in schema.items() if key not in {"title", "$defs"}} | {
        "properties": properties
    }
