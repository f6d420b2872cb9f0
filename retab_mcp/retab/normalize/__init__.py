"""Convert the JSON of every generation of the API into the models.

Pure functions. They tolerate fields that are missing, null, unknown or of the wrong type: the
API changed shape seven times in seven months, and stores rows that break its own contract. Only
a body that is neither an object nor a list is an error.
"""

from retab_mcp.retab.normalize.typed_output import record_in_output
from retab_mcp.retab.normalize.wire_artifact import artifact_from_wire
from retab_mcp.retab.normalize.wire_experiment_job import experiment_job_from_wire
from retab_mcp.retab.normalize.wire_list import Rows, rows_from_wire
from retab_mcp.retab.normalize.wire_run import run_from_wire
from retab_mcp.retab.normalize.wire_step import StepList, step_from_wire, steps_from_wire

__all__ = [
    "Rows",
    "StepList",
    "artifact_from_wire",
    "experiment_job_from_wire",
    "record_in_output",
    "rows_from_wire",
    "run_from_wire",
    "step_from_wire",
    "steps_from_wire",
]
