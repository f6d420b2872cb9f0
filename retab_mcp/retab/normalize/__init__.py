"""The wire of every generation of the API, read into the one set of models.

Pure functions. What is missing, null, of another type than declared or not known yet is no
reason to fail: the API changed shape seven times in seven months, and stores rows that break
its own contract. Only a body that is neither an object nor a list is refused.
"""

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
    "rows_from_wire",
    "run_from_wire",
    "step_from_wire",
    "steps_from_wire",
]
