"""trace_value: the way of a value from a place in a run back to its origin."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import groupby
from typing import Any, ClassVar

from retab_mcp.analysis.lineage.tracing.asked_spot import asked_spot, paths_of_values
from retab_mcp.analysis.lineage.tracing.trace import Competing, Hop, Origin, Spot, Trace
from retab_mcp.analysis.records import artifact_record, step_record
from retab_mcp.analysis.step_ids import short_step_id, steps_named
from retab_mcp.answers.common.answer import Answer, NextCall, Part, Truncated
from retab_mcp.answers.common.step_names import name_of
from retab_mcp.digest.digest import digest
from retab_mcp.digest.pointer import PathError
from retab_mcp.digest.text import clip
from retab_mcp.models import ErrorKind, Json, Run, Step, StepSummary
from retab_mcp.models.lineage import How
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.ids import RUN, STEP, read_id
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.step_lookup import one_of, step_not_found
from retab_mcp.queries.value_trace import MAX_REQUESTS, ValueTracer, read_surrounding
from retab_mcp.tools.trace_value import TraceValue

# Estimated tokens of one value, and of one text among the evidence.
VALUE_BUDGET = 40
FACT_BUDGET = 60
# Equal hops that become one row: two are as short.
MIN_FOLDED = 3


class HopPart(Part):
    """A place on the way back: what its step did with the value, and what shows it.

    Several hops that only pass the value on are one row of `blocks` blocks: from its own step, the
    nearest to the asked place, to `last_step_id`, at `last_path` there if that differs.
    """

    step_id: str
    block_id: str | None = None
    label: str | None = None
    type: str | None = None
    path: str
    value: Json = None
    how: str
    known_by: str | None = None
    blocks: int | None = None
    last_step_id: str | None = None
    last_path: str | None = None

    def _keeps(self, name: str) -> bool:
        return name == "value"


class CompetingPart(Part):
    """A value that could have been taken instead, or is as likely."""

    step_id: str
    block_id: str | None = None
    artifact_id: str | None = None
    path: str
    value: Json = None
    why: str | None = None

    def _keeps(self, name: str) -> bool:
        return name == "value"


class TraceValueAnswer(Answer):
    """The way of the value at `path`: `hops` lead from it to its origin."""

    names_hidden: ClassVar[bool] = True

    run_id: str
    step_id: str
    path: str
    value: Json = None
    origin: dict[str, Json] = {}
    competing: list[CompetingPart] = []
    hops: list[HopPart] = []
    unavailable: list[str] = []


async def trace_value(inspector: Inspector, request: TraceValue) -> TraceValueAnswer:
    """Answer one call. Raises RetabError, QuestionError."""
    inspector.api.limits.allow(MAX_REQUESTS)
    run = await inspector.run(read_id(request.run_id, RUN))
    asked = read_id(request.step_id, STEP)
    surrounding, tracer = await read_surrounding(inspector, run)
    named = steps_named(asked, run.id, surrounding.steps)
    if not named:
        raise step_not_found(run, asked, surrounding.steps)
    step = one_of(named)
    spot = await _spot(tracer, step, request.path)
    trace = await tracer.trace(spot)
    return TraceValueAnswer(
        run_id=run.id,
        step_id=short_step_id(step.step_id, run.id),
        path=spot.path,
        value=_short(spot.value),
        origin=_origin(trace.origin, run),
        competing=[_competing(one, run) for one in trace.competing],
        hops=[_hop_row(hops, run) for hops in folded_hops(trace.hops)],
        unavailable=tracer.asked.gaps,
        truncated=_truncated(trace, trace.stopped_at, run) if trace.stopped_at else None,
        untrusted_text=True,
    )


async def _spot(tracer: ValueTracer, step: StepSummary, path: str) -> Spot:
    """Return the place that `path` means in the step's record, else in that of its artifact."""
    payload = await tracer.payload(step)
    if payload is None:
        raise QuestionError(
            ErrorKind.UNAVAILABLE,
            "The values of the step could not be read.",
            hint="Retry, or call get_step.",
        )
    record = step_record(Step(summary=step, payload=payload))
    try:
        found = asked_spot(step, payload, record, path)
    except PathError as error:
        artifact = await tracer.artifact(step)
        if artifact is None:
            raise _no_such_path(error) from None
        inner = artifact_record(artifact)
        try:
            found = asked_spot(step, payload, inner, path)
        except PathError:
            raise _no_such_path(error) from None
        for other in paths_of_values(inner, payload, path) if found is None else ():
            for where in (record, inner):
                with suppress(PathError):
                    found = found or asked_spot(step, payload, where, other)
    if found is None:
        raise QuestionError(
            ErrorKind.INVALID_ARGUMENT,
            "The value at this path is in no input or output of the step.",
            hint="The step's own record made it: get_artifact reads this path. To trace a value,"
            " pass its path below /handle_inputs or /handle_outputs, as get_step shows it.",
        )
    return found


def _no_such_path(error: PathError) -> QuestionError:
    return QuestionError(
        ErrorKind.INVALID_ARGUMENT,
        error.message,
        hint="Take one of `children`, or a path that get_step shows.",
        facts={"nearest": error.nearest, "children": list(error.children)},
    )


def folded_hops(hops: Sequence[Hop]) -> Iterator[list[Hop]]:
    """Yield the hops of each row: at least MIN_FOLDED together if they are alike, else one."""
    for _, group in groupby(hops, _alike):
        alike = list(group)
        if len(alike) >= MIN_FOLDED and alike[0].how == How.PASSED_ON:
            yield alike
        else:
            yield from ([hop] for hop in alike)


def _alike(hop: Hop) -> tuple[Any, ...]:
    return hop.how, hop.known_by, repr(_short(hop.spot.value))


def _hop_row(hops: list[Hop], run: Run) -> HopPart:
    row = _hop(hops[0], run)
    if len(hops) == 1:
        return row
    last = hops[-1].spot
    return row.model_copy(
        update={
            "blocks": len({hop.spot.step.block_id for hop in hops}),
            "last_step_id": short_step_id(last.step.step_id, run.id),
            "last_path": last.path if last.path != row.path else None,
        }
    )


def _hop(hop: Hop, run: Run) -> HopPart:
    return HopPart(
        **name_of(hop.spot.step, run.id),
        type=hop.spot.step.type,
        path=hop.spot.path,
        value=_short(hop.spot.value),
        how=hop.how,
        known_by=hop.known_by,
    )


def _origin(origin: Origin, run: Run) -> dict[str, Json]:
    facts = {name: _fact(fact) for name, fact in origin.facts.items() if fact is not None}
    if origin.spot is None:
        return {"kind": origin.kind, **facts}
    name = name_of(origin.spot.step, run.id)
    place = {"path": origin.spot.path, "value": _short(origin.spot.value)}
    block = {"block_id": name["block_id"]} if name["block_id"] else {}
    return {"kind": origin.kind, "step_id": name["step_id"], **block, **place, **facts}


def _competing(one: Competing, run: Run) -> CompetingPart:
    name = name_of(one.step, run.id)
    ref = one.step.artifact if one.in_artifact else None
    return CompetingPart(
        step_id=name["step_id"],
        block_id=name["block_id"],
        artifact_id=ref.id if ref else None,
        path=one.path,
        value=_short(one.value),
        why=one.why,
    )


def _truncated(trace: Trace, stopped: Spot, run: Run) -> Truncated:
    """Return the call that continues from the last place of a trace that ran out of requests."""
    step_id = short_step_id(stopped.step.step_id, run.id)
    arguments = {"run_id": run.id, "step_id": step_id, "path": stopped.path}
    return Truncated(
        shown=len(trace.hops),
        at_least=len(trace.hops) + 1,
        unit="hops",
        why="the limit of requests was reached",
        next=NextCall(tool="trace_value", arguments=arguments),
    )


def _short(value: Json) -> Json:
    return digest(value, VALUE_BUDGET).value


def _fact(fact: Json) -> Json:
    return clip(fact, FACT_BUDGET) if isinstance(fact, str) else digest(fact, FACT_BUDGET * 2).value
