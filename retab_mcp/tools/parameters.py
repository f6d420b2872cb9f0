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
WorkflowFilter = Annotated[str, Field(description="Only this workflow (wrk_…, or a URL with it).")]
Statuses = Annotated[
    str, Field(description="Only these statuses, comma separated, such as error,skipped.")
]
BlockFilter = Annotated[
    str, Field(description="Only the steps of this block; a loop's id opens the loop.")
]
Cursor = Annotated[
    str, Field(description="From `truncated.next` of the answer before; same other arguments.")
]
ToDate = Annotated[str, Field(description="Last day, YYYY-MM-DD (UTC); empty: today.")]
# An experiment's ids in the paths of servers from before 18 May 2026.
ExperimentWorkflowId = Annotated[
    str, Field(description="Workflow id; only when an error asks for it.")
]
ExperimentId = Annotated[
    str, Field(description="Experiment id (exp_…); only when an error asks for it.")
]
