"""The resources that the server offers: what tools answer, by URI, and the guide."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pydantic_core
from mcp.server.mcpserver.resources import (
    DEFAULT_RESOURCE_SECURITY,
    FunctionResource,
    Resource,
)
from mcp.shared.exceptions import MCPError
from mcp.shared.uri_template import UriTemplate
from mcp.types import INTERNAL_ERROR, INVALID_PARAMS, ResourceTemplate

from retab_mcp.guide import guide_text

GUIDE_URI = "retab://guide"
TEMPLATE_MIME_TYPE = "application/json"
# Kinds of error answers that are due to the URI.
_BAD_URI = frozenset({"not_found", "invalid_argument"})


@dataclass(frozen=True)
class ToolResource:
    """A resource template whose variables are the arguments of the tool that answers it.

    The SDK's own templates would build a model of arguments for each, which takes as long as a
    twentieth of the start.
    """

    uri: str
    name: str
    title: str
    description: str
    tool: str

    @cached_property
    def _template(self) -> UriTemplate:
        return UriTemplate.parse(self.uri)

    def arguments_in(self, uri: str) -> dict[str, Any] | None:
        """Return the tool's arguments in a URI, None if it does not match or could be an attack."""
        found = self._template.match(uri)
        if found is None or DEFAULT_RESOURCE_SECURITY.validate(found) is not None:
            return None
        return dict(found)

    def listed(self) -> ResourceTemplate:
        """Return the template as clients see it."""
        return ResourceTemplate(
            uri_template=self.uri,
            name=self.name,
            title=self.title,
            description=self.description,
            mime_type=TEMPLATE_MIME_TYPE,
        )


TOOL_RESOURCES = (
    ToolResource(
        "retab://runs/{run_id}",
        "run",
        "Workflow run",
        "Why a Retab workflow run failed, is waiting or finished wrong.",
        "get_run",
    ),
    ToolResource(
        "retab://runs/{run_id}/steps/{step_id}",
        "step",
        "Step of a workflow run",
        "The error, inputs and outputs of a step of a Retab run.",
        "get_step",
    ),
    ToolResource(
        "retab://artifacts/{artifact_id}",
        "artifact",
        "Record behind a step",
        "The extraction, API call or other record behind a step of a Retab run.",
        "get_artifact",
    ),
    ToolResource(
        "retab://workflows/{workflow_id}",
        "workflow",
        "Latest runs of a workflow",
        "The latest runs of a Retab workflow, with the cause of those that failed.",
        "list_runs",
    ),
)


def tool_call_of(uri: str) -> tuple[str, dict[str, Any]] | None:
    """Return the tool and arguments that answer a URI, None for a URI of no template."""
    for resource in TOOL_RESOURCES:
        arguments = resource.arguments_in(uri)
        if arguments is not None:
            return resource.tool, arguments
    return None


def error_of(answer: str) -> MCPError:
    """Return the protocol's error for a tool's error answer, which becomes its data."""
    error = pydantic_core.from_json(answer)
    code = INVALID_PARAMS if error["kind"] in _BAD_URI else INTERNAL_ERROR
    return MCPError(code, error["error"], error)


def guide_resource() -> Resource:
    """Return the guide, which is written when it is read."""
    return FunctionResource(
        uri=GUIDE_URI,
        name="guide",
        title="Guide to the answers",
        description="Words, units, marks, statuses and kinds of failure in answers about Retab.",
        mime_type="text/markdown",
        fn=guide_text,
    )
