"""Say whether it helps, or harms, to run the same input again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.analysis.values.call_attempts import (
    IDEMPOTENT,
    Effect,
    effect_of,
    outcome,
    response_status,
)
from retab_mcp.analysis.values.json_types import as_dicts
from retab_mcp.models import (
    Artifact,
    Category,
    FailureKind,
    Graph,
    Operation,
    Run,
    Status,
    StepSummary,
)

SAFE, USELESS, MAY_REPEAT = "safe", "useless", "may_repeat"

_API_CALL = "api_call"
# Steps whose output can differ from one run to the next.
_MODEL_TYPES = frozenset({"extract", "parse", "split", "classifier", "edit", "for_each", "hil"})
# Failures that another run may not meet, and why.
_PASSING: dict[FailureKind, str] = {
    FailureKind.CALLED_API_DOWN: "the called service may be up again",
    FailureKind.TIMEOUT: "the next call may be faster",
    FailureKind.RATE_LIMITED: "the limit only lasts for a while",
}
# Failures that depend on nothing but a step's inputs and configuration.
_DETERMINED = frozenset(
    {
        *(FailureKind.SCHEMA_VIOLATION, FailureKind.MISSING_INPUT),
        *(FailureKind.FUNCTION_EXCEPTION, FailureKind.ROUTING),
    }
)
# Statuses that refuse the request as such; a conflict or a missing record may pass.
_REFUSES_REQUEST = frozenset({400, 405, 406, 410, 411, 413, 414, 415, 422, 431})
_USELESS: dict[FailureKind, str] = {
    FailureKind.DOCUMENT_UNREADABLE: "the same document fails again",
    FailureKind.CREDENTIALS: "it fails again until the credentials are replaced",
    FailureKind.CREDITS_EXHAUSTED: "it fails again until there are credits",
}
# Keys of a block's configuration that hold the method of its call.
_METHOD_KEYS = ("method", "http_method", "request_method")


@dataclass(frozen=True, slots=True)
class Restart:
    """Whether to run the same input again: "safe", "useless" or "may_repeat", and why."""

    verdict: str
    why: str


def restart_of_run(
    run: Run,
    steps: Sequence[StepSummary],
    cause: RootCause,
    records: Mapping[str, Artifact],
    graph: Graph | None = None,
    *,
    complete: bool = True,
) -> Restart | None:
    """Return whether to run a failed or cancelled run again, None where the facts do not show it.

    `records` are the artifacts of steps by step id, as far as they were read. `complete` is False
    if `steps` are not all steps of the run.
    """
    if run.status not in (Status.ERROR, Status.CANCELLED):
        return None
    effects, all_known = _effects(steps, records, graph)
    useless = _useless(cause, steps, records)
    if effects:
        count = len(effects) - 1
        more = f" (and {count} more {'call' if count == 1 else 'calls'})" if count else ""
        why = effects[0] + more
        return Restart(MAY_REPEAT, f"{why}; {useless}" if useless else why)
    if useless:
        return Restart(USELESS, useless)
    passing = _PASSING.get(cause.kind) if cause.category != Category.PERMANENT else None
    if passing and complete and all_known:
        return Restart(SAFE, f"{passing}, and no call of this run changed anything")
    return None


def restart_of_step(step: StepSummary, cause: RootCause, record: Artifact | None) -> Restart | None:
    """Return whether a failed step may fail, or do something, again; None if that is unclear.

    Never "safe": other steps of its run may have changed something.
    """
    effects, _ = _effects([step], {step.step_id: record} if record is not None else {}, None)
    records = {step.step_id: record} if record is not None else {}
    useless = _useless(cause, None, records)
    if effects:
        return Restart(MAY_REPEAT, f"{effects[0]}; {useless}" if useless else effects[0])
    return Restart(USELESS, useless) if useless else None


def calls_to_read(steps: Sequence[StepSummary]) -> list[StepSummary]:
    """Return the steps whose records show what a restart would do again."""
    return [step for step in steps if step.type == _API_CALL and step.started_at is not None]


def _effects(
    steps: Sequence[StepSummary], records: Mapping[str, Artifact], graph: Graph | None
) -> tuple[list[str], bool]:
    """Return what calls changed or may have changed, surest first, and whether all are known."""
    taken: list[str] = []
    uncertain: list[str] = []
    all_known = True
    for step in calls_to_read(steps):
        record = records.get(step.step_id)
        attempts = as_dicts(record.data.get("attempts")) if record is not None else []
        if record is None or record.operation != Operation.API_CALL_INVOCATION or not attempts:
            method = _configured_method(step, graph)
            if method in IDEMPOTENT or (record is not None and record.failure is not None):
                continue
            all_known = False
            if method and step.status == Status.COMPLETED:
                taken.append(f"{step.block_id} has sent its {method}, which a restart sends again")
            continue
        known = [(effect_of(attempt), attempt) for attempt in attempts]
        all_known = all_known and all(one.get("request_method") for one in attempts)
        worst = max(known, key=lambda pair: pair[0])
        method = worst[1].get("request_method")
        if worst[0] == Effect.TAKEN:
            got = response_status(worst[1])
            taken.append(f"{step.block_id} got {got} for its {method}, which a restart sends again")
        elif worst[0] == Effect.UNCERTAIN:
            said = f"{step.block_id}'s {method} ({outcome(worst[1])}) may have taken effect"
            uncertain.append(said + _after(attempts, worst[1]))
    return taken + uncertain, all_known


def _after(attempts: list[dict[str, object]], uncertain: dict[str, object]) -> str:
    """Return what speaks for it that an uncertain attempt took effect."""
    is_conflict = attempts[-1] is not uncertain and attempts[-1].get("response_status") == 409
    return ": the next attempt got 409" if is_conflict else ""


def _configured_method(step: StepSummary, graph: Graph | None) -> str | None:
    for block in graph.blocks if graph is not None else ():
        if block.id == step.block_id:
            named = (block.config.get(key) for key in _METHOD_KEYS)
            return next((word.upper() for word in named if isinstance(word, str)), None)
    return None


def _useless(
    cause: RootCause, steps: Sequence[StepSummary] | None, records: Mapping[str, Artifact]
) -> str | None:
    """Return why the same input fails again, None if it may not.

    `steps` are those of the run, None if they are not known.
    """
    if cause.category == Category.TRANSIENT:
        return None
    if cause.kind in _USELESS:
        return _USELESS[cause.kind]
    record = records.get(cause.step.step_id) if cause.step is not None else None
    attempts = as_dicts(record.data.get("attempts")) if record is not None else []
    if attempts and (status := response_status(attempts[-1])) in _REFUSES_REQUEST:
        return f"the same request is refused again ({status})"
    root = cause.step
    if cause.kind not in _DETERMINED or root is None or steps is None:
        return None
    if any(step.type in _MODEL_TYPES for step in (root, *steps)):
        return None
    return "the same input fails again: no step before it can give another result"
