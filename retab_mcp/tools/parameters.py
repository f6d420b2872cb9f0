"""Arguments that several tools take, with one description each."""

from typing import Annotated

from pydantic import Field

RunId = Annotated[str, Field(description="Run id (run_…) or URL.")]
ExperimentRunId = Annotated[str, Field(description="Experiment run id (exprun_…) or URL.")]
Path = Annotated[
    str,
    Field(
        description="JSON Pointer to a value to read in full, such as "
        "/handle_outputs/output-json-0/data/rows/100-120 (0-based, end exclusive). "
        "Default: the overview."
    ),
]
WorkflowFilter = Annotated[
    str, Field(description="Workflow id (wrk_…) or URL. Default: all workflows.")
]
Statuses = Annotated[
    str, Field(description="Statuses, comma separated, such as error,skipped. Default: all.")
]
BlockFilter = Annotated[
    str, Field(description="Only steps of this block, or inside this loop. Default: all steps.")
]
Cursor = Annotated[
    str,
    Field(
        description="Cursor from `truncated.next`; keep the other arguments. Default: the start."
    ),
]
FromDate = Annotated[
    str, Field(description="First day, YYYY-MM-DD, in place of days. Default: by days.")
]
ToDate = Annotated[str, Field(description="Last day, YYYY-MM-DD. Default: today.")]
TimeZone = Annotated[
    str, Field(description="IANA name of the zone of the days, such as Europe/Paris. Default: UTC.")
]
# Servers from before 18 May 2026 have an experiment's ids in their paths.
ExperimentWorkflowId = Annotated[
    str, Field(description="Workflow id, if an error asks for it. Default: none.")
]
ExperimentId = Annotated[
    str, Field(description="Experiment id, if an error asks for it. Default: none.")
]
