"""Find a step by its id, in full or as answers print it, or by the id of its block."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from retab_mcp.analysis.loops.same_ids import same_id_note
from retab_mcp.analysis.step_ids import full_step_ids, name_rank, steps_named
from retab_mcp.models import ErrorKind, Run, Status, Step, StepSummary
from retab_mcp.queries.concurrently import concurrently
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.inspector import Inspector
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.generations.registry import generation_of

# Block ids listed when a step is not found: enough to show what ids look like.
MAX_NAMED_BLOCKS = 20

# Errors that mean that the step's own route does not have it: some servers refuse malformed ids,
# and a server without the route may still list the steps.
_NO_SUCH_STEP = frozenset({ErrorKind.NOT_FOUND, ErrorKind.INVALID_ARGUMENT, ErrorKind.UNSUPPORTED})


@dataclass(frozen=True)
class FoundStep:
    """The step that was asked for, and all steps that its id matches, itself included."""

    run: Run
    step: Step
    matches: tuple[StepSummary, ...] = ()


async def find_step(inspector: Inspector, run_id: str, text: str) -> FoundStep:
    """Return the step that `text` names: its id, its id without the run's, or its block.

    If a block ran more than once (in a loop), it is the first step that failed, else the last.
    Raises RetabError, QuestionError (not_found, naming blocks that exist).
    """
    run = await inspector.run(run_id)
    look = _flat_step if generation_of(run).flat_steps else _nested_step
    found = await look(inspector, run, text)
    if found is None:
        known = (await inspector.steps(run, embedded=True)).steps
        raise step_not_found(run, text, known)
    return found


def with_known_matches(inspector: Inspector, found: FoundStep) -> FoundStep:
    """Add the steps of the same id that were read since, without a request."""
    if found.matches:
        return found
    step_id = found.step.summary.step_id
    return replace(
        found, matches=tuple(steps_named(step_id, found.run.id, inspector.cached_steps(found.run)))
    )


async def _flat_step(inspector: Inspector, run: Run, text: str) -> FoundStep | None:
    cached = steps_named(text, run.id, inspector.cached_steps(run))
    if cached and same_id_note(one_of(cached), cached):
        # The step's own route has only one of the steps of this id.
        return await _listed(inspector, run, text, only_block=one_of(cached).block_id)
    names = (one_of(cached).step_id,) if cached else full_step_ids(text, run.id)
    reads = [partial(_own, inspector, run, step_id) for step_id in names]
    own = next((step for step in await concurrently(reads) if step is not None), None)
    if own is not None:
        return FoundStep(run, own, tuple(cached))
    by_block = await _listed(inspector, run, text, only_block=text)
    return by_block or await _listed(inspector, run, text)


async def _nested_step(inspector: Inspector, run: Run, text: str) -> FoundStep | None:
    """Merge a step's own record (payloads) with its row in the list (times, retries, loops).

    Either of them is enough.
    """
    own = await _own(inspector, run, text)
    try:
        listed = await _listed(inspector, run, text)
    except RetabError:
        if own is None:
            raise
        listed = None
    if listed is None or own is None:
        return FoundStep(run, own) if own else await _with_payload(inspector, run, listed)
    if len(listed.matches) > 1:
        return await _with_payload(inspector, run, listed)
    return FoundStep(run, _merged(own, listed.step))


async def _own(inspector: Inspector, run: Run, step_id: str) -> Step | None:
    try:
        return await inspector.api.get_step(run, step_id)
    except RetabError as error:
        if error.kind not in _NO_SUCH_STEP:
            raise
        return None


async def _listed(
    inspector: Inspector, run: Run, text: str, *, only_block: str = ""
) -> FoundStep | None:
    """Return the step from the list; payloads of other steps are dropped page by page."""
    names = full_step_ids(text, run.id)
    best = len(names)
    chosen: Step | None = None
    matches: list[StepSummary] = []
    async for page in inspector.api.step_pages(run, block_id=only_block):
        for step in page.steps:
            rank = name_rank(step.summary, text, names)
            if rank is None or rank > best:
                continue
            if rank < best:
                best, chosen, matches = rank, None, []
            matches.append(step.summary)
            if chosen is None or chosen.summary.status != Status.ERROR:
                chosen = step
    return FoundStep(run, chosen, tuple(matches)) if chosen else None


def one_of(steps: Sequence[StepSummary]) -> StepSummary:
    """Return the first of the steps that failed, else the last."""
    return next((step for step in steps if step.status == Status.ERROR), steps[-1])


async def _with_payload(
    inspector: Inspector, run: Run, found: FoundStep | None
) -> FoundStep | None:
    """Add the payload if the list leaves it out, as in g2b."""
    if found is None or not found.step.payload.is_empty:
        return found
    own = await inspector.payload(run, found.step.summary)
    started_at = own.summary.started_at
    alone = same_id_note(found.step.summary, found.matches) is None
    if not alone and (started_at is None or started_at != found.step.summary.started_at):
        # The step's own route may have returned another step of this id.
        return found
    return FoundStep(run, _merged(own, found.step), found.matches)


def _merged(own: Step, listed: Step) -> Step:
    """Merge two records of a step: its own is more recent, the list's has more fields.

    The list's error is preferred, since it comes with stage and category.
    """
    fields = {name: getattr(own.summary, name) for name in StepSummary.model_fields}
    for name in StepSummary.model_fields:
        known = getattr(listed.summary, name)
        if fields[name] in (None, 0, ()) or name == "step_id":
            fields[name] = known
    fields["failure"] = listed.summary.failure or own.summary.failure
    payload = listed.payload if own.payload.is_empty else own.payload
    if payload.output is None:
        payload = payload.with_output(listed.payload.output)
    return Step(summary=StepSummary(**fields), payload=payload)


def step_not_found(run: Run, step_id: str, known: Iterable[StepSummary]) -> QuestionError:
    """Return the error for a step that a run does not have, naming blocks that it has."""
    blocks = list(dict.fromkeys(step.block_id for step in known))
    if not blocks:
        message = "The run has no steps." if run.finished else "The run has no steps yet."
        return QuestionError(ErrorKind.NOT_FOUND, message, hint="Call get_run to see why.")
    return QuestionError(
        ErrorKind.NOT_FOUND,
        f"The run has no step or block {step_id}.",
        hint="Take a step_id or block_id from list_steps.",
        facts={"blocks": blocks[:MAX_NAMED_BLOCKS], "blocks_in_all": len(blocks)},
    )
