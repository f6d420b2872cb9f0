"""The tools of the server, in the order in which they are listed."""

from retab_mcp.tools import (
    compare_runs,
    find_failures,
    get_artifact,
    get_eval_run,
    get_experiment_job,
    get_experiment_run,
    get_run,
    get_step,
    list_runs,
    list_steps,
    search_run,
    trace_value,
)

TOOLS = (
    get_run.TOOL,
    list_steps.TOOL,
    get_step.TOOL,
    get_experiment_job.TOOL,
    get_artifact.TOOL,
    list_runs.TOOL,
    find_failures.TOOL,
    get_experiment_run.TOOL,
    get_eval_run.TOOL,
    compare_runs.TOOL,
    search_run.TOOL,
    trace_value.TOOL,
)
