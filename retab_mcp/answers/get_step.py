"""get_step: one step, its error, inputs and outputs."""

from datetime import datetime
from functools import partial
from typing import ClassVar

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.loops.same_ids import same_id_note
from retab_mcp.analysis.loops.step_order import count_by_status
from retab_mcp.analysis.records import step_record
from retab_mcp.analysis.step_ids import short_step_id
from retab_mcp.answers.common.answer import Answer, NextCall, Part
from retab_mcp.answers.common.calls import list_steps_of, read_artifact
from retab_mcp.answers.common.cause import CausePart, cause_in, cause_of, cause_sections
from retab_mcp.answers.common.drill_down import read_value
from retab_mcp.answers.common.findings import FindingPart, finding_groups
from retab_mcp.answers.common.overview import Section, overview
from retab_mcp.answers.common.restart_part import RestartPart, restart_part
from retab_mcp.answers.common.said_once import paths_once
from retab_mcp.answers.common.shown import shown_of
from retab_mcp.answers.common.step_names import name_of
from retab_mcp.answers.common.step_parts import (
    HandlesPart,
    StepTimePart,
    TallyPart,
    context_record,
    explained,
    handles_part,
    step_time_part,
    tally_part,
)
from retab_mcp.models import ArtifactRef, Json, LoopPosition
from retab_mcp.queries.ids import RUN, STEP, read_id
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.step_config import read_config
from retab_mcp.queries.step_context import StepContext, step_context
from retab_mcp.queries.step_findings import step_findings
from retab_mcp.queries.step_lookup import FoundStep, find_step, with_known_matches
from retab_mcp.retab.off_loop import off_loop
from retab_mcp.tools.get_step import GetStep

# Estimated tokens of each section of the overview. Inputs explain a failure, outputs show a wrong
# result. Together with the cause they stay under the 2,000 tokens of an answer; small values are
# always whole.
INPUTS_BUDGET = 350
OUTPUTS_BUDGET = 350
TYPED_OUTPUT_BUDGET = 250

# The first part of paths to what is not in the record itself.
CONTEXT_PATHS = (
    ["cause"],
    ["findings"],
    ["inputs_from"],
    ["handles"],
    ["tally"],
    ["time"],
    ["restart"],
)

# Findings about the step.
MAX_FINDINGS = 3

# Fields of the record that are shown as they are.
SHOWN = (
    *("type", "started_at", "completed_at", "duration_ms"),
    *("model", "cost_usd", "tokens", "reason", "artifact"),
)


class LoopPart(Part):
    """The position of a step in a loop; iterations count from 0."""

    container_id: str
    iteration: int | None = None
    item_index: int | None = None


class Matches(Part):
    """The number of steps that the id matches, in all and by status.

    `shown` says which one the answer is about, if they have one step id.
    """

    count: int
    step_counts: dict[str, int]
    shown: str | None = None


class GetStepAnswer(Answer):
    """A step, or the value at `path` in it."""

    names_hidden: ClassVar[bool] = True

    run_id: str
    step_id: str
    block_id: str | None = None
    type: str | None = None
    label: str | None = None
    status: str
    started_at: datetime | None = None
    completed_at: datetime | None = None
    duration_ms: int | None = None
    retries: int | None = None
    model: str | None = None
    cost_usd: float | None = None
    tokens: int | None = None
    loop: list[LoopPart] = []
    matches: Matches | None = None
    cause: CausePart | None = None
    restart: RestartPart | None = None
    findings: list[FindingPart] = []
    inputs_from: dict[str, str] = {}
    handles: HandlesPart | None = None
    tally: TallyPart | None = None
    time: StepTimePart | None = None
    reason: str | None = None
    handle_inputs: Json = None
    handle_outputs: Json = None
    output: Json = None
    artifact: ArtifactRef | None = None
    unavailable: list[str] = []
    as_of: str | None = None
    path: str | None = None
    value: Json = None


async def get_step(inspector: Inspector, request: GetStep) -> GetStepAnswer:
    """Answer one call. Raises RetabError, QuestionError."""
    found = await find_step(inspector, read_id(request.run_id, RUN), read_id(request.step_id, STEP))
    if request.path.split("/")[1:2] == ["config"]:
        return await config_value(inspector, found, request.path)
    context, doubts = StepContext(), list[Finding]()
    if not request.path or request.path.split("/")[1:2] in CONTEXT_PATHS:
        context = await step_context(inspector, found.run, found.step)
        doubts = await step_findings(inspector, found.run, found.step)
        found = with_known_matches(inspector, found)
    size = found.step.payload.sealed_bytes
    return await off_loop(size, partial(_answer, found, context, doubts, request))


async def config_value(inspector: Inspector, found: FoundStep, path: str) -> GetStepAnswer:
    """Return a part of the configuration of the step's block. Raises RetabError, QuestionError."""
    summary = found.step.summary
    config = await read_config(inspector, found.run, summary)
    step_id = name_of(summary, found.run.id)["step_id"]
    arguments: dict[str, Json] = {"run_id": found.run.id, "step_id": step_id}
    value = read_value({"config": config.values}, path, "get_step", arguments)
    return GetStepAnswer(
        run_id=found.run.id,
        step_id=step_id,
        status=summary.status,
        unavailable=[] if config.values else ["no configuration is recorded for this block"],
        as_of=config.as_of,
        path=value.path,
        value=value.value,
        truncated=value.truncated,
    )


def _answer(
    found: FoundStep, context: StepContext, doubts: list[Finding], request: GetStep
) -> GetStepAnswer:
    summary = found.step.summary
    name = name_of(summary, found.run.id)
    arguments = {"run_id": found.run.id, "step_id": name["step_id"]}
    record = step_record(found.step)
    around = {
        "findings": paths_once(finding_groups(doubts, found.run))[:MAX_FINDINGS],
        "inputs_from": {
            handle: short_step_id(source.step_id, found.run.id)
            for handle, source in context.inputs_from.items()
        },
        "handles": handles_part(context.inputs),
        "tally": tally_part(context.loop, found.run),
        "time": step_time_part(summary, context.time, context.inputs_from),
    }
    head = {**arguments, "status": summary.status}
    cause = explained(cause_of(record), context.cause, context.waiting)
    restart = restart_part(context.restart)
    if request.path:
        record |= context_record(record["cause"], cause, {**around, "restart": restart})
        value = read_value(record, request.path, "get_step", arguments)
        return GetStepAnswer(
            **head,
            path=value.path,
            value=value.value,
            truncated=value.truncated,
        )
    sections = overview(
        {
            **cause_sections(cause),
            "handle_inputs": Section(record["handle_inputs"], INPUTS_BUDGET),
            "handle_outputs": Section(record["handle_outputs"], OUTPUTS_BUDGET),
            "output": Section(_typed_output(found), TYPED_OUTPUT_BUDGET),
        },
        "get_step",
        arguments,
    )
    return GetStepAnswer(
        **head,
        **shown_of(record, SHOWN),
        block_id=name["block_id"],
        label=name["label"],
        retries=summary.retry_count or None,
        loop=[_loop_part(position) for position in summary.loops],
        matches=_matches(found),
        cause=cause_in(sections, cause),
        restart=restart,
        **around,
        handle_inputs=sections.values["handle_inputs"],
        handle_outputs=sections.values["handle_outputs"],
        output=sections.values["output"],
        unavailable=list(context.gaps),
        truncated=sections.truncated,
        next_calls=_next_calls(found),
    )


def _loop_part(position: LoopPosition) -> LoopPart:
    return LoopPart(
        container_id=position.container_id,
        iteration=position.iteration,
        item_index=position.item_index,
    )


def _typed_output(found: FoundStep) -> Json:
    """Return the typed output of the oldest generations, unless a handle has the same value."""
    output = found.step.payload.output
    shown = [
        handle.get("data")
        for handle in found.step.payload.handle_outputs.values()
        if isinstance(handle, dict)
    ]
    return None if output in shown else output


def _matches(found: FoundStep) -> Matches | None:
    if len(found.matches) < 2:
        return None
    return Matches(
        count=len(found.matches),
        step_counts=count_by_status(found.matches),
        shown=same_id_note(found.step.summary, found.matches),
    )


def _next_calls(found: FoundStep) -> list[NextCall]:
    summary = found.step.summary
    calls = []
    if summary.artifact is not None:
        calls.append(read_artifact(summary.artifact))
    if len(found.matches) > 1:
        calls.append(list_steps_of(found.run.id, summary.block_id))
    return calls
