"""Arguments that several tools take, described in the same words everywhere."""

from typing import Annotated

from pydantic import Field

RunId = Annotated[str, Field(description="Run id (run_…), or a URL that holds it.")]
Path = Annotated[
    str,
    Field(
        description="JSON Pointer to one value to read in full, such as "
        "/handle_outputs/output-json-0/data/rows/100-120 (0-based slice, end excluded). "
        "Empty: the overview."
    ),
]
