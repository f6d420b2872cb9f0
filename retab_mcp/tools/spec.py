"""What a tool is: its words, its arguments, and where its answer is made."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Any

from mcp.types import ToolAnnotations

# All tools read only, end the same way when called twice, and speak to a server that others
# change meanwhile.
_READ_ONLY = {
    "read_only_hint": True,
    "destructive_hint": False,
    "idempotent_hint": True,
    "open_world_hint": True,
}


@dataclass(frozen=True)
class ToolSpec:
    """A tool: its words for the assistant and the function that answers.

    `function` takes the inspector of the call and the tool's arguments by name; its signature
    is the input schema. `answer` names the model of its answers, as "module:class".
    """

    title: str
    description: str
    function: Callable[..., Awaitable[Any]]
    answer: str

    @property
    def name(self) -> str:
        """The tool's name, which is that of its function."""
        return self.function.__name__

    @property
    def annotations(self) -> ToolAnnotations:
        """The four hints, all set: some hosts block a tool that leaves one open."""
        return ToolAnnotations(**_READ_ONLY)

    def input_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the SDK's schema of the arguments without the titles, which only cost tokens."""
        properties = {
            name: {key: value for key, value in prop.items() if key != "title"}
            for name, prop in schema.get("properties", {}).items()
        }
        return {key: value for key, value in schema.items() if key not in {"title", "$defs"}} | {
            "properties": properties
        }

    def output_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the answers, as they are written (empty fields left out)."""
        schema: dict[str, Any] = resolve_name(self.answer).model_json_schema(mode="validation")
        return schema
