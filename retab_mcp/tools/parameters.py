"""Arguments that several tools take, with one description each."""

from typing import Annotated

from pydantic import Field

RunId = Annotated[str, Field(description="Run id (run_…), or a URL that contains it.")]
ExperimentRunId = Annotated[
    str, Field(description="Experiment run id (exprun_…), or a URL that contains it.")
]
Path = Annotated[
    str,
    Field(
        description="JSON Pointer to one value to read in full, such as "
        "/handle_outputs/output-json-0/data/rows/100-120 (slices are 0-based, end exclusive). "
        "Default: an overview."
    ),
]
WorkflowFilter = Annotated[
    str, Field(description="Workflow id (wrk_…) or a URL that contains it. Default: all workflows.")
]
Statuses = Annotated[
    str, Field(description="Statuses, comma separated, such as error,skipped. Default: all.")
]
BlockFilter = Annotated[
    str, Field(description="Only steps of this block; the id of a loop lists its steps.")
]
Cursor = Annotated[
    str, Field(description="Cursor from `truncated.next`; repeat the other arguments.")
]
ToDate = Annotated[str, Field(description="Last day, YYYY-MM-DD in UTC. Default: today.")]
# Servers from before 18 May 2026 have an experiment's ids in their paths.
ExperimentWorkflowId = Annotated[
    str, Field(description="Workflow id, only if an error asks for it.")
]
ExperimentId = Annotated[
    str, Field(description="Experiment id (exp_…), only if an error asks for it.")
]
