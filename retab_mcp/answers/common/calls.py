"""Calls that several tools suggest as the next one."""

from retab_mcp.analysis.step_ids import short_step_id
from retab_mcp.answers.common.answer import NextCall
from retab_mcp.models import ArtifactRef, Json, Status


def read_step(
    run_id: str, step_id: str, *, path: str | None = None, reason: str | None = None
) -> NextCall:
    """Return the call that reads a step, or the value at `path` in it."""
    arguments: dict[str, Json] = {"run_id": run_id, "step_id": short_step_id(step_id, run_id)}
    return _call("get_step", arguments, path, reason)


def read_artifact(
    ref: ArtifactRef, *, path: str | None = None, reason: str | None = None
) -> NextCall:
    """Return the call that reads an artifact, or the value at `path` in it."""
    arguments: dict[str, Json] = {"artifact_id": ref.id}
    if ref.operation:
        arguments["operation"] = ref.operation
    return _call("get_artifact", arguments, path, reason)


def list_steps_of(run_id: str, block_id: str, reason: str | None = None) -> NextCall:
    """Return the call that lists all steps of a block or loop."""
    arguments: dict[str, Json] = {"run_id": run_id, "block_id": block_id}
    return NextCall(tool="list_steps", arguments=arguments, reason=reason)


def list_failures_of(run_id: str, loop_id: str, reason: str | None = None) -> NextCall:
    """Return the call that lists the failed steps of a loop."""
    arguments: dict[str, Json] = {"run_id": run_id, "block_id": loop_id, "status": Status.ERROR}
    return NextCall(tool="list_steps", arguments=arguments, reason=reason)


def _call(tool: str, arguments: dict[str, Json], path: str | None, reason: str | None) -> NextCall:
    if path:
        arguments["path"] = path
    return NextCall(tool=tool, arguments=arguments, reason=reason)
