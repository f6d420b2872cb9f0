"""Group the failures that the root cause does not explain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from retab_mcp.analysis.cause.choice.candidates import tolerant_loop
from retab_mcp.analysis.cause.root_cause import RootCause, cause_of_step
from retab_mcp.analysis.loops.loop_containers import iteration_number
from retab_mcp.analysis.message_folding import fold_message
from retab_mcp.models import Artifact, FailureKind, Json, StepPayload, StepSummary

# Groups shown, and iterations and names of items in each, next to the counts of all.
MAX_GROUPS = 4
MAX_ITERATIONS = 8
MAX_ITEMS = 3
# Fields that name an item of a loop, best first.
_NAMES = (
    *("filename", "file_name", "name", "title", "label", "number", "id", "key", "code", "sku"),
    *("reference", "ref"),
)


@dataclass(frozen=True, slots=True)
class AlikeFailures:
    """Failed steps of one block whose messages differ only in ids and numbers.

    `step` is the first of `count`; `message`, `kind` and `evidence` are its own. Inside a loop,
    `iterations` are the first ones that failed, counted from 0, and `items` the names of what they
    worked on. `completed_loop` is the loop that completed in spite of these failures.
    """

    step: StepSummary
    message: str
    kind: FailureKind
    evidence: dict[str, Json]
    count: int
    iterations: tuple[int, ...] = ()
    items: tuple[str, ...] = ()
    completed_loop: str | None = None


@dataclass(frozen=True, slots=True)
class OtherFailures:
    """The failures next to the root cause: how many, and the first groups of them."""

    count: int
    step_ids: tuple[str, ...]
    groups: tuple[AlikeFailures, ...] = field(default=())


def other_failures(
    cause: RootCause,
    steps: Sequence[StepSummary],
    artifacts: Mapping[str, Artifact],
    payloads: Mapping[str, StepPayload],
) -> OtherFailures | None:
    """Return the failures that do not follow from `cause`, None if there are none.

    `artifacts` and `payloads` are by step id, as far as they were read.
    """
    wanted = {*cause.others, *cause.tolerated}
    if not wanted:
        return None
    groups: dict[tuple[str, str], list[StepSummary]] = {}
    for step in steps:
        if step.step_id in wanted and step is not cause.step:
            groups.setdefault((step.block_id, _folded(step)), []).append(step)
    step_ids = (*cause.others, *(each for each in cause.tolerated if each not in cause.others))
    # Those that ended the run come before those that a loop tolerated.
    order = {step_id: number for number, step_id in enumerate(step_ids)}
    ordered = sorted(groups.values(), key=lambda group: order[group[0].step_id])
    # A message that is like one before it, of another block, is left out before one that is not.
    known = {_folded(cause.step)} if cause.step is not None else set()
    alike = [known == (known := known | {_folded(group[0])}) for group in ordered]
    chosen = sorted(range(len(ordered)), key=lambda at: alike[at])[:MAX_GROUPS]
    shown = [ordered[at] for at in sorted(chosen)]
    return OtherFailures(
        len(step_ids),
        step_ids,
        tuple(_group(members, steps, artifacts, payloads) for members in shown),
    )


def iterations_of(steps: Sequence[StepSummary]) -> tuple[int, ...]:
    """Return the iterations of their innermost loop in which `steps` ran, counted from 0."""
    numbers = [iteration_number(step.loops[-1]) for step in steps if step.loops]
    return tuple(sorted({number for number in numbers if number is not None})[:MAX_ITERATIONS])


def item_name(payload: StepPayload | None) -> str | None:
    """Return the name of what a step in a loop worked on: a file name, else an id or a number."""
    if payload is None:
        return None
    handles = [handle for handle in payload.handle_inputs.values() if isinstance(handle, dict)]
    for handle in handles:
        document = handle.get("document")
        if isinstance(document, dict) and document.get("filename"):
            return str(document["filename"])
    return next((name for handle in handles if (name := _name_in(handle.get("data")))), None)


def _name_in(data: Json) -> str | None:
    if isinstance(data, str | int | float) and not isinstance(data, bool):
        return str(data)
    if not isinstance(data, dict):
        return None
    for name in _NAMES:
        value = data.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            return f"{name} {value}"
    return None


def _group(
    members: list[StepSummary],
    steps: Sequence[StepSummary],
    artifacts: Mapping[str, Artifact],
    payloads: Mapping[str, StepPayload],
) -> AlikeFailures:
    first = next((step for step in members if step.step_id in artifacts), members[0])
    found = cause_of_step(first, artifacts.get(first.step_id))
    items = [item_name(payloads.get(step.step_id)) for step in members if step.loops]
    return AlikeFailures(
        step=first,
        message=found.message,
        kind=found.kind,
        evidence=found.evidence,
        count=len(members),
        iterations=iterations_of(members),
        items=tuple(dict.fromkeys(name for name in items if name is not None))[:MAX_ITEMS],
        completed_loop=tolerant_loop(first, steps) if first.loops else None,
    )


def _folded(step: StepSummary) -> str:
    return fold_message(step.failure.message) if step.failure is not None else ""
