"""Find what the API calls of a run changed, or may have changed: a restart makes them again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retab_mcp.analysis.values.call_attempts import (
    IDEMPOTENT,
    Effect,
    effect_of,
    outcome,
    response_status,
)
from retab_mcp.analysis.values.json_types import as_dicts
from retab_mcp.models import Artifact, Graph, Operation, Status, StepSummary

_API_CALL = "api_call"
# Keys of a block's configuration that hold the method of its call.
_METHOD_KEYS = ("method", "http_method", "request_method")


@dataclass(frozen=True, slots=True)
class Effects:
    """Sentences about calls that changed or may have changed something, surest first.

    `unknown` are the blocks whose calls no record shows.
    """

    said: tuple[str, ...]
    unknown: tuple[str, ...]


def calls_to_read(steps: Sequence[StepSummary]) -> list[StepSummary]:
    """Return the steps whose records show what a restart would do again."""
    return [step for step in steps if step.type == _API_CALL and step.started_at is not None]


def effects_of(
    steps: Sequence[StepSummary], records: Mapping[str, Artifact], graph: Graph | None
) -> Effects:
    """Return what the calls of `steps` changed; `records` are their artifacts by step id."""
    taken: list[str] = []
    uncertain: list[str] = []
    unknown: list[str] = []
    for step in calls_to_read(steps):
        record = records.get(step.step_id)
        attempts = as_dicts(record.data.get("attempts")) if record is not None else []
        if record is None or record.operation != Operation.API_CALL_INVOCATION or not attempts:
            method = _configured_method(step, graph)
            if method in IDEMPOTENT or (record is not None and record.failure is not None):
                continue
            unknown.append(step.block_id)
            if method and step.status == Status.COMPLETED:
                taken.append(f"{step.block_id} has sent its {method}, which a restart sends again")
            continue
        if not all(one.get("request_method") for one in attempts):
            unknown.append(step.block_id)
        known = [(effect_of(attempt), attempt) for attempt in attempts]
        worst = max(known, key=lambda pair: pair[0])
        method = worst[1].get("request_method")
        if worst[0] == Effect.TAKEN:
            got = response_status(worst[1])
            taken.append(f"{step.block_id} got {got} for its {method}, which a restart sends again")
        elif worst[0] == Effect.UNCERTAIN:
            said = f"{step.block_id}'s {method} ({outcome(worst[1])}) may have taken effect"
            uncertain.append(said + _after(attempts, worst[1]))
    return Effects((*taken, *uncertain), tuple(dict.fromkeys(unknown)))


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
