"""The most direct way to the cause of a run and to the origin of a value, over each kind of peer.

A way knows what a competent assistant would find out (which block feeds which) without paying for
it. A fact is found when the answer shows it at the field that states it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.peer_runs import PeerRun
from retab_mcp.digest.pointer import PathError, resolve_pointer
from retab_mcp.sandbox.records import Json

# The steps that an assistant asks for at once: those that failed, without a second page.
STEPS_PAGE = 100

# The facts: the step that failed first and its message; what the called API answered, if it was a
# call; the step and path that the value at fault comes from.
CAUSE, REASON, ORIGIN = "cause", "reason", "origin"


@dataclass
class Trail:
    """The calls made (tokens and seconds of each), and by which of them a fact was found."""

    tokens: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    found_by: dict[str, list[int]] = field(default_factory=dict)

    @property
    def so_far(self) -> list[int]:
        """Return the places of the calls made until now."""
        return list(range(len(self.tokens)))


# Makes a call, notes it in the trail, and returns the answer as JSON.
Ask = Callable[[str, dict[str, Json]], Awaitable[Json]]
Way = Callable[[PeerRun, Ask, Trail], Awaitable[None]]


async def over_ours(run: PeerRun, ask: Ask, trail: Trail) -> None:
    """Explain the run, read its step if the value is not shown, and trace the value."""
    run_id = run.run.id
    answer = await ask("get_run", {"run_id": run_id})
    cause = answer.get("cause") or {}
    if _is(run, cause.get("step_id"), run.cause) and _says(run, cause):
        trail.found_by[CAUSE] = trail.so_far
        if run.reason in (None, (cause.get("evidence") or {}).get("response_body")):
            trail.found_by[REASON] = trail.so_far
    here = {"run_id": run_id, "step_id": cause["step_id"]}
    if not _names_path(answer, run):
        answer = await ask("get_step", here)
        assert _at(answer, run.path) == (run.value,)
    answer = await ask("trace_value", {**here, "path": run.path})
    origin = answer["origin"]
    if _is(run, origin.get("step_id"), run.origin) and origin.get("path") == run.origin_path:
        trail.found_by[ORIGIN] = trail.so_far


async def over_api(run: PeerRun, ask: Ask, trail: Trail) -> None:
    """Read the run, the failed steps, the graph, and each step that the value passed.

    The record of the refused call is read last, since the origin does not need it.
    """
    answer = await ask("get_run", {"run_id": run.run.id})
    if _record_names(run, answer):
        trail.found_by[CAUSE] = trail.so_far
    failed = {"run_id": run.run.id, "status": ["error"], "limit": STEPS_PAGE}
    answer = await ask("list_steps", failed)
    step = next((each for each in _rows(answer) if _is_failed_step(run, each)), None)
    if step is None:
        return
    trail.found_by.setdefault(CAUSE, trail.so_far)
    to_step = trail.so_far
    graph = {"workflow_version_id": run.run.workflow_version_id, "workflow_id": run.run.workflow_id}
    await ask("get_version", graph)
    for step_id in run.way:
        answer = await ask("get_step", {"step_id": step_id, "run_id": run.run.id})
    (origin,) = _rows(answer)
    if origin["step_id"] == run.origin and _at(origin, run.origin_path) == (run.value,):
        trail.found_by[ORIGIN] = trail.so_far
    if run.reason is None:
        trail.found_by[REASON] = trail.found_by[CAUSE]
        return
    answer = await ask("get_artifact", {"artifact_id": step["artifact"]["id"]})
    (artifact,) = _rows(answer)
    if artifact["attempts"][-1]["response_body"] == run.reason:
        trail.found_by[REASON] = [*to_step, len(trail.tokens) - 1]


def _is(run: PeerRun, named: str | None, step_id: str) -> bool:
    return named is not None and step_id in (named, f"{run.run.id}_{named}")


def _says(run: PeerRun, cause: dict[str, Any]) -> bool:
    quoted = any(f'"{run.message}"' in reason for reason in cause.get("reasons", []))
    return cause.get("message") == run.message or quoted


def _names_path(answer: Json, run: PeerRun) -> bool:
    """Return whether an answer of get_run gives the path of the value at fault."""
    suspicious = answer.get("suspicious_inputs", [])
    sent = (answer["cause"].get("evidence") or {}).get("sent", [])
    return run.path in [one.get(key) for one in (*suspicious, *sent) for key in ("path", "input")]


def _at(record: Json, path: str) -> tuple[Json, ...]:
    """Return the value at a path as a tuple of one; empty if nothing is there."""
    try:
        return (resolve_pointer(record, path).value,)
    except PathError:
        return ()


def _rows(answer: Json) -> list[Json]:
    """Return the records of an answer: of a list, of the lines of a client, or the one."""
    if isinstance(answer, list):
        return answer
    return list(answer.get("data") or [answer])


def _record_names(run: PeerRun, answer: Json) -> bool:
    """Return whether the run's own record names the step and its message."""
    lifecycle = _rows(answer)[0]["lifecycle"]
    named = lifecycle.get("failing_step_id") == run.cause
    return named and bool(lifecycle.get("message") == run.message)


def _is_failed_step(run: PeerRun, record: Json) -> bool:
    same = record["step_id"] == run.cause
    return same and bool(record["lifecycle"].get("message") == run.message)
