"""compare_runs: the differences between two runs of a workflow, step by step."""

from datetime import datetime
from functools import partial
from typing import Any

from retab_mcp.analysis.compare.json_diff import REORDERED
from retab_mcp.analysis.compare.path_changes import PathChange
from retab_mcp.analysis.compare.run_diff import Difference
from retab_mcp.analysis.history import GoodRun
from retab_mcp.analysis.loops.loop_containers import iteration_number
from retab_mcp.analysis.step_ids import short_step_id
from retab_mcp.analysis.time_account.run_time import WORTH_MS, RunTime
from retab_mcp.answers.common.answer import NextCall, Part, Truncated
from retab_mcp.answers.common.calls import read_step
from retab_mcp.answers.common.comparable import not_comparable, refuse_other_workflow
from retab_mcp.answers.common.first_difference import FirstDifference, first_difference
from retab_mcp.answers.common.rows_answer import SPARE_ROWS, RowsAnswer, fitting
from retab_mcp.answers.common.services_part import ServiceRow, service_rows
from retab_mcp.answers.common.versions import ONLY_IN, VersionRow, version_row, why_chosen
from retab_mcp.digest.hidden import hidden_difference
from retab_mcp.digest.text import clip
from retab_mcp.models import ErrorKind, Json, Run, StepSummary
from retab_mcp.queries.concurrently import concurrently
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.ids import BLOCK, RUN, read_id, read_optional_id
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.run_comparison import Comparison, compare
from retab_mcp.queries.run_history import choose_good_run
from retab_mcp.tools.compare_runs import DIFFERENCE_ROWS, MAX_DIFFERENCE_ROWS, CompareRuns

# Estimated tokens of the differences in one answer; LONG_ if the caller asked for more than the
# default.
ROWS_BUDGET = 1100
LONG_ROWS_BUDGET = 5500
# Maximum paths shown per step that differs, without and with block_id.
MAX_CHANGES, MAX_CLOSE_CHANGES = 3, 10
MAX_INPUTS = 5
MAX_MODELS = 5
MAX_DURATIONS = 3
MESSAGE_TOKENS = 60


class RunSide(Part):
    """One of the two runs; `older` is true for the one that was created first.

    `trigger` is set if the runs were started in different ways.
    """

    run_id: str
    status: str
    created_at: datetime | None = None
    older: bool | None = None
    trigger: str | None = None
    workflow_version_id: str | None = None
    duration_ms: int | None = None
    waiting_for_review_ms: int | None = None
    queued_ms: int | None = None


class ValueChange(Part):
    """A change at a path that get_step accepts, in `count` rows of an array or steps.

    `a` and `b` are the values in the two runs; the path in run b is `b_path` if it is another. The
    worst change is shown; `step_id` is its step if it is not the row's, `rounding_only` counts
    the numbers that differ by rounding. `only_in` is a or b if only that run has the value.
    `hidden` names the invisible characters by which two values differ that read the same.
    `order` says that the items of an array are in another order.
    """

    path: str
    step_id: str | None = None
    b_path: str | None = None
    only_in: str | None = None
    a: Json = None
    b: Json = None
    hidden: str | None = None
    count: int | None = None
    rounding_only: int | None = None
    order: str | None = None

    def _keeps(self, name: str) -> bool:
        if self.order is not None:
            return False
        # A null is often the difference.
        return name in ({self.only_in} if self.only_in else {"a", "b"})


class DifferenceRow(Part):
    """Steps of a block that differ in the same way; ids and values are those of the first.

    `step_id` is that of run a, `b_step_id` that of run b if it is another.
    """

    block_id: str
    differs: str
    count: int | None = None
    same_inputs: int | None = None
    step_id: str | None = None
    b_step_id: str | None = None
    iteration_from_0: list[int | None] = []
    a_status: str | None = None
    b_status: str | None = None
    a_message: str | None = None
    b_message: str | None = None
    changes: list[ValueChange] = []
    more_changes: int | None = None
    not_compared: int | None = None


class ModelRow(Part):
    """A block that ran with another model."""

    block_id: str
    a: str | None = None
    b: str | None = None
    count: int | None = None


class DurationRow(Part):
    """A block that ran much longer in one of the runs, over all its steps, without reviews."""

    block_id: str
    a_ms: int
    b_ms: int
    ratio: float | None = None


class CompareRunsAnswer(RowsAnswer):
    """Both runs, what changed between them, their first difference, and all, worst first.

    `b_chosen` says why run b was taken if the caller named none, `not_comparable` which
    differences say nothing about a change. `same` lists what both runs have
    in common of what can explain a difference.
    """

    a: RunSide
    b: RunSide
    b_chosen: str | None = None
    not_comparable: list[str] = []
    same: list[str] = []
    workflow_version: VersionRow | None = None
    inputs: list[ValueChange] = []
    metadata: list[ValueChange] = []
    models: list[ModelRow] = []
    services: list[ServiceRow] = []
    first_difference: FirstDifference | None = None
    first_with_same_inputs: FirstDifference | None = None
    compared_steps: int
    same_steps: int
    differences: list[DifferenceRow] = []
    durations: list[DurationRow] = []

    def _keeps(self, name: str) -> bool:
        # No differences is an answer too.
        return name == "differences" or super()._keeps(name)


async def compare_runs(inspector: Inspector, request: CompareRuns) -> CompareRunsAnswer:
    """Answer one call. Raises RetabError, QuestionError."""
    first_id = read_id(request.run_id, RUN)
    other_id = read_optional_id(request.other_run_id, RUN)
    block = read_optional_id(request.block_id, BLOCK)
    if first_id == other_id:
        raise QuestionError(ErrorKind.INVALID_ARGUMENT, "run_id and other_run_id are the same run.")
    good: GoodRun | None = None
    if other_id:
        run, other = await concurrently(
            [partial(inspector.run, first_id), partial(inspector.run, other_id)]
        )
        refuse_other_workflow(run, other, first_id, other_id)
    else:
        run = await inspector.run(first_id)
        good = await choose_good_run(inspector, run)
        other = await inspector.run(good.run_id)
    found = await compare(inspector, run, other, block)
    diff = found.diff
    asked_for_many = bool(block) or request.limit > DIFFERENCE_ROWS
    most = MAX_CLOSE_CHANGES if block else MAX_CHANGES
    question = {
        "run_id": run.id,
        "other_run_id": other.id,
        "block_id": block,
        "limit": request.limit,
    }
    cut = partial(_truncated, found, question)
    rows = fitting(
        [
            _row(difference, most, run, other)
            for difference in diff.differences[: request.limit + SPARE_ROWS]
        ],
        LONG_ROWS_BUDGET if asked_for_many else ROWS_BUDGET,
        limit=request.limit,
        left=len(diff.differences),
        cut=cut,
    )
    answer = CompareRunsAnswer(
        a=_side(run, other, found.times[0]),
        b=_side(other, run, found.times[1]),
        b_chosen=why_chosen(good) if good else None,
        not_comparable=not_comparable(run, other),
        same=_same(run, other, found),
        compared_steps=diff.compared,
        same_steps=diff.same,
        first_difference=first_difference(diff.first, run, other),
        first_with_same_inputs=first_difference(diff.first_with_same_inputs, run, other)
        if diff.first_with_same_inputs is not diff.first
        else None,
        inputs=[_change(change) for change in found.inputs[:MAX_INPUTS]],
        metadata=[_change(change) for change in found.metadata[:MAX_INPUTS]],
        workflow_version=version_row(found.version_changes),
        models=[
            ModelRow(
                block_id=swap.block_id,
                a=swap.model,
                b=swap.other,
                count=swap.count if swap.count > 1 else None,
            )
            for swap in diff.models[:MAX_MODELS]
        ],
        services=service_rows(found.services),
        differences=rows,
        durations=[
            DurationRow(
                block_id=each.block_id,
                a_ms=each.ms,
                b_ms=each.other_ms,
                ratio=round(each.ms / each.other_ms, 1) if each.other_ms else None,
            )
            for each in diff.durations[:MAX_DURATIONS]
        ],
        truncated=cut(len(rows)),
        next_calls=_next_calls(run, other, found, block),
    )
    answer._asked_for_many = asked_for_many
    return answer


def _side(run: Run, other: Run, time: RunTime | None) -> RunSide:
    same_version = run.workflow_version_id == other.workflow_version_id
    times = run.created_at, other.created_at
    trigger = run.trigger.get("type")
    return RunSide(
        run_id=run.id,
        status=run.status,
        created_at=run.created_at,
        older=(times[0] is not None and times[1] is not None and times[0] < times[1]) or None,
        trigger=str(trigger) if trigger and trigger != other.trigger.get("type") else None,
        workflow_version_id=None if same_version else run.workflow_version_id,
        duration_ms=run.elapsed_ms,
        waiting_for_review_ms=(time.review_ms or None) if time else None,
        queued_ms=time.queued_ms if time and time.queued_ms >= WORTH_MS else None,
    )


def _same(run: Run, other: Run, found: Comparison) -> list[str]:
    """Return which of inputs, version and models are known to be the same in both runs."""
    versions = run.workflow_version_id, other.workflow_version_id
    same = {
        "inputs": not found.inputs,
        "workflow version": None not in versions and versions[0] == versions[1],
        "models": found.diff.models_known and not found.diff.models,
    }
    return [name for name, is_same in same.items() if is_same]


def _row(difference: Difference, most: int, run: Run, other_run: Run) -> DifferenceRow:
    step, other = difference.step, difference.other
    fields: dict[str, Any] = {}
    if difference.kind in ("status", "message"):
        fields = {
            "a_status": step.status if step else None,
            "b_status": other.status if other and difference.kind == "status" else None,
            "a_message": _message(step),
            "b_message": _message(other),
        }
    elif step is None or other is None:
        side = "a" if other is None else "b"
        fields = {
            f"{side}_status": difference.example.status,
            f"{side}_message": _message(difference.example),
        }
    changes = list(difference.changes.values())
    step_id = _step_id(step, run, difference.block_id)
    other_id = _step_id(other, other_run, step_id or difference.block_id)
    return DifferenceRow(
        block_id=difference.block_id,
        differs=difference.kind,
        count=difference.count if difference.count > 1 else None,
        same_inputs=difference.same_inputs or None,
        step_id=step_id,
        b_step_id=other_id,
        iteration_from_0=[iteration_number(position) for position in difference.example.loops],
        changes=[_change(change, run, step) for change in changes[:most]],
        more_changes=max(0, len(changes) - most) or None,
        not_compared=difference.unread or None,
        **fields,
    )


def _step_id(step: StepSummary | None, run: Run, known: str) -> str | None:
    """Return a step's short id, None if the row shows it already (`known`)."""
    short = short_step_id(step.step_id, run.id) if step is not None else None
    return short if short != known else None


def _message(step: StepSummary | None) -> str | None:
    if step is None:
        return None
    text = step.failure.message if step.failure else step.reason
    return clip(text, MESSAGE_TOKENS) if text else None


def _change(
    found: PathChange, run: Run | None = None, of: StepSummary | None = None
) -> ValueChange:
    change = found.change
    other_path = change.other_path if change.other_path != change.path else None
    elsewhere = found.step if run is not None and found.step is not of else None
    place = ValueChange(
        path=change.path,
        step_id=short_step_id(elsewhere.step_id, run.id) if elsewhere and run else None,
        b_path=other_path,
        count=found.count if found.count > 1 else None,
    )
    if change.kind == REORDERED:
        order = f"items are in another order ({change.value} of {change.other} moved)"
        return place.model_copy(update={"order": order})
    return place.model_copy(
        update={
            "only_in": ONLY_IN.get(change.kind),
            "a": change.value,
            "b": change.other,
            "hidden": hidden_difference(change.value, change.other, ("a", "b")),
            "rounding_only": found.rounding or None,
        }
    )


def _truncated(found: Comparison, question: dict[str, Json], shown: int) -> Truncated | None:
    total = len(found.diff.differences)
    if shown == total and not found.gaps:
        return None
    following = None
    if shown < total:
        wider: dict[str, Json] = {"limit": MAX_DIFFERENCE_ROWS}
        if question["limit"] == MAX_DIFFERENCE_ROWS:
            wider = {"block_id": found.diff.differences[shown].block_id}
        arguments = {name: value for name, value in {**question, **wider}.items() if value}
        if arguments != question:
            following = NextCall(tool="compare_runs", arguments=arguments)
    return Truncated(
        shown=shown,
        total=None if found.gaps else total,
        at_least=total if found.gaps else None,
        unit="differences",
        why="; ".join(found.gaps) or None,
        next=following,
    )


def _next_calls(run: Run, other: Run, found: Comparison, block: str) -> list[NextCall]:
    """Suggest calls that explain the differences.

    They read, in both runs, the first step with the same inputs and another outcome, else the worst
    one, and list the steps of the first row that groups several.
    """
    worst = found.diff.differences[0] if found.diff.differences else None
    first = found.diff.first_with_same_inputs or worst
    sides = [(run, first.step), (other, first.other)] if first else []
    calls = [read_step(side.id, step.step_id) for side, step in sides if step is not None]
    many = next((each for each in found.diff.differences if each.count > 1), None)
    if many is not None and not block:
        arguments = {"run_id": run.id, "other_run_id": other.id, "block_id": many.block_id}
        calls.append(NextCall(tool="compare_runs", arguments=arguments))
    return calls
