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


# Names of blocks that are shown next to the first one.
_MAX_NAMES = 2


@dataclass(frozen=True, slots=True)
class Effects:
    """What calls changed or may have changed, a sentence for each block, surest first.

    `blocks` are the blocks of the sentences, `unknown` those whose calls no record shows.
    """

    said: tuple[str, ...]
    blocks: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(slots=True)
class _Sent:
    """The calls of one block that worked: how many, and the status that the first one got."""

    method: str
    count: int = 0
    status: int | None = None

    def said(self, block_id: str) -> str:
        """Return what a restart sends again."""
        if self.count > 1:
            got = f" (got {self.status})" if self.status is not None else ""
            what = f"{block_id} has sent {self.count} {self.method} requests{got}"
        elif self.status is None:
            what = f"{block_id} has sent its {self.method}"
        else:
            what = f"{block_id} got {self.status} for its {self.method}"
        return f"{what}, which a restart sends again"


def calls_to_read(steps: Sequence[StepSummary]) -> list[StepSummary]:
    """Return the steps whose records show what a restart would do again."""
    return [step for step in steps if step.type == _API_CALL and step.started_at is not None]


def effects_of(
    steps: Sequence[StepSummary], records: Mapping[str, Artifact], graph: Graph | None
) -> Effects:
    """Return what the calls of `steps` changed; `records` are their artifacts by step id."""
    taken: dict[str, _Sent] = {}
    uncertain: dict[str, str] = {}
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
                taken.setdefault(step.block_id, _Sent(method)).count += 1
            continue
        if not all(one.get("request_method") for one in attempts):
            unknown.append(step.block_id)
        known = [(effect_of(attempt), attempt) for attempt in attempts]
        worst = max(known, key=lambda pair: pair[0])
        if worst[0] == Effect.TAKEN:
            sent = taken.setdefault(step.block_id, _Sent(str(worst[1]["request_method"])))
            sent.count += 1
            sent.status = sent.status or response_status(worst[1])
        elif worst[0] == Effect.UNCERTAIN:
            method = worst[1].get("request_method")
            may = f"{step.block_id}'s {method} ({outcome(worst[1])}) may have taken effect"
            uncertain.setdefault(step.block_id, may + _after(attempts, worst[1]))
    # What surely happened says more than that a call of the same block may have.
    for block_id in taken:
        uncertain.pop(block_id, None)
    said = [sent.said(block_id) for block_id, sent in taken.items()]
    return Effects(
        said=(*said, *uncertain.values()),
        blocks=(*taken, *uncertain),
        unknown=tuple(dict.fromkeys(unknown)),
    )


def first_names(blocks: Sequence[str]) -> str:
    """Return the first blocks and the number of the others: "pay and tell", "pay and 2 more"."""
    more = len(blocks) - _MAX_NAMES
    first = list(blocks) if more <= 0 else [*blocks[: _MAX_NAMES - 1], f"{more + 1} more"]
    return " and ".join(first)


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
