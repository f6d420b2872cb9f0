"""The context of a run: its workflow, its trigger and its inputs."""

from retab_mcp.answers.common.answer import NextCall, Truncated
from retab_mcp.answers.common.truncation import whole_is_shorter
from retab_mcp.digest.digest import Digest, digest
from retab_mcp.models import Json, Run

# Estimated tokens of the run's inputs, which are context and not the answer.
INPUTS_BUDGET = 120
# A run that waited at least this long to start is worth reporting as queued.
QUEUED_SECONDS = 10
# Triggers of runs started by hand or by an API call, which explain nothing. A tuple, since a server
# may send an unhashable type.
PLAIN_TRIGGERS = (None, "api", "manual")


def workflow_of(run: Run, name: str | None = None) -> dict[str, Json]:
    """Return the id and the name of the run's workflow; `name` is used if the run lacks it."""
    known = {"id": run.workflow_id, "name": run.workflow_name or name}
    return {name: value for name, value in known.items() if value is not None}


def trigger_of(run: Run) -> dict[str, Json]:
    """Return what started the run, {} if that was a plain API call or a person."""
    return run.trigger if run.trigger.get("type") not in PLAIN_TRIGGERS else {}


def waited_to_start(run: Run) -> bool:
    """Return whether the run was created well before it started, or times are missing."""
    if run.created_at is None or run.started_at is None:
        return True
    return (run.started_at - run.created_at).total_seconds() >= QUEUED_SECONDS


def run_inputs(run: Run) -> Digest | None:
    documents = {block: _document(each) for block, each in run.inputs.documents.items()}
    inputs = {"documents": documents, "json_data": run.inputs.json_data}
    present = {name: value for name, value in inputs.items() if value}
    if not present:
        return None
    part = digest(present, INPUTS_BUDGET)
    if part.truncated and whole_is_shorter(present, part.value, rest_of_inputs(run, part)):
        return Digest(present, part.total, part.total, False, ())
    return part


def _document(ref: Json) -> Json:
    """Return a file without its id, which no tool accepts, if it has a name."""
    if not isinstance(ref, dict) or not ref.get("filename"):
        return ref
    return {name: value for name, value in ref.items() if name != "id"}


def rest_of_inputs(run: Run, inputs: Digest) -> Truncated:
    """Return what was left out; the start block's step outputs the JSON inputs in full."""
    block = next(iter(run.inputs.json_data), None)
    following = None
    if block is not None:
        arguments = {"run_id": run.id, "step_id": block, "path": "/handle_outputs"}
        following = NextCall(tool="get_step", arguments=arguments)
    return Truncated(shown=inputs.shown, total=inputs.total, unit="values", next=following)
