"""get_artifact: the record behind a step."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from retab_mcp.tools.parameters import Path
from retab_mcp.tools.spec import ToolSpec, search_hint


@dataclass(frozen=True, kw_only=True)
class GetArtifact:
    """Arguments of get_artifact."""

    artifact_id: Annotated[
        str,
        Field(description="Artifact id (such as extr_…), ref (operation:id) or URL."),
    ]
    operation: Annotated[
        str,
        Field(
            description="Operation of the artifact ref, such as extraction or "
            "api_call_invocation. Default: by the id's prefix."
        ),
    ] = ""
    path: Path = ""


TOOL = ToolSpec(
    name="get_artifact",
    title="Read the record behind a step",
    description="Read the record behind a step of a Retab run: how confident an extraction is "
    "about each field, the votes, and what is missing, or an API call's attempts and last "
    "response. Also a function's exception, what the condition of a branch, review or loop "
    "compared, and what a review decided. Or which pages a split assigned to each document, or the "
    "text of a parse. Pass the artifact ref from get_step or list_steps.",
    meta=search_hint("Retab record: extraction, API call, review, split"),
    arguments=GetArtifact,
    answered_by="retab_mcp.answers.get_artifact:get_artifact",
)
