"""list_steps: the steps of a run as rows, a loop or a skipped tail as one row."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from hashlib import blake2b
from typing import Any

from pydantic import TypeAdapter

from retab_mcp.analysis.loops.collapse import StepOrLoop, collapse_loops, select_steps
from retab_mcp.analysis.loops.idle_steps import group_idle_steps
from retab_mcp.analysis.loops.loop_summary import LoopSummary
from retab_mcp.analysis.loops.same_ids import same_ids
from retab_mcp.analysis.loops.step_order import count_by_status
from retab_mcp.analysis.step_ids import short_step_id
from retab_mcp.answers.common.answer import NextCall, Part, Truncated
from retab_mcp.answers.common.arguments import split_words
from retab_mcp.answers.common.calls import list_failures_of, read_step
from retab_mcp.answers.common.calls_from_nothing import calls_from_no_steps
from retab_mcp.answers.common.credits_part import credits_of_blocks, credits_of_steps
from retab_mcp.answers.common.rows_answer import SPARE_ROWS, RowsAnswer, fitting
from retab_mcp.answers.common.step_names import telling_label
from retab_mcp.models import Run, Status, normal_status
from retab_mcp.models.base import elapsed_ms
from retab_mcp.queries.block_check import check_block
from retab_mcp.queries.concurrently import concurrently
from retab_mcp.queries.credits import read_credits
from retab_mcp.queries.cursor import RowIndex
from retab_mcp.queries.ids import BLOCK, RUN, read_id, read_optional_id
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.loop_items import loop_items, read_with_items
from retab_mcp.queries.run_facts import StepsRead
from retab_mcp.queries.word_check import refuse_unknown
from retab_mcp.retab.usage import RunCredits
from retab_mcp.tools.list_steps import STEP_ROWS, ListSteps

# Estimated tokens of the rows in one answer; LONG_ if the caller asked for more than the default.
ROWS_BUDGET = 1200
LONG_ROWS_BUDGET = 6200
# An iteration is slow if it takes this many times the median.
SLOW_TIMES = 2
# Length of the hash that identifies the last row shown, in a cursor.
KEY_BYTES = 6
# Step ids shown of a row that counts steps; a filter by their status lists all.
MAX_STEP_IDS = 5

_MAY_MOVE = "the run is unfinished, so rows may change their place between pages"

# What one row shows: a step, a loop, or several steps that did not run.
_Group = tuple[StepOrLoop, ...]


class LoopFailure(Part):
    """A failing iteration of a loop, counted from 0."""

    iteration: int | None = None
    step_id: str
    block_id: str
    message: str | None = None


class FailureGroupPart(Part):
    """Failures in a loop whose messages differ only in ids and numbers."""

    message: str
    block_id: str
    count: int


class StepRow(Part):
    """A step, or a loop; `items` is how many it got, unless it had as many iterations.

    `same_id` counts the steps that have this step's id, if it is not the only one. `credits` are
    those of the block, if this is its only step.
    """

    block_id: str
    step_id: str | None = None
    type: str | None = None
    label: str | None = None
    status: str
    started_ms: int | None = None
    duration_ms: int | None = None
    credits: float | None = None
    message: str | None = None
    reason: str | None = None
    retries: int | None = None
    same_id: int | None = None
    iteration: list[int | None] = []
    artifact: str | None = None
    iterations: int | None = None
    items: int | None = None
    step_counts: dict[str, int] = {}
    failing: list[LoopFailure] = []
    failing_iterations: int | None = None
    failures: list[FailureGroupPart] = []
    median_ms: int | None = None
    slowest_iteration: int | None = None
    slowest_ms: int | None = None


class IdleRow(Part):
    """Consecutive steps that did not run for the same reason; `step_ids` are the first ones."""

    status: str
    reason: str | None = None
    count: int
    iteration: list[int | None] = []
    step_ids: list[str]


class ListStepsAnswer(RowsAnswer):
    """The matching rows, and the number of matching steps by status.

    `run_credits` are those of the whole run, `credits_by_block` those of matching blocks that have
    several steps, such as those in a loop: all their steps together.
    """

    run_id: str
    status: str
    step_counts: dict[str, int] = {}
    run_credits: float | None = None
    credits_by_block: dict[str, float] = {}
    rows: list[StepRow | IdleRow] = []

    def _keeps(self, name: str) -> bool:
        # No rows is an answer too.
        return name == "rows" or super()._keeps(name)


async def list_steps(inspector: Inspector, request: ListSteps) -> ListStepsAnswer:
    """Answer one call. Raises RetabError, QuestionError."""
    run = await inspector.run(read_id(request.run_id, RUN))
    block = read_optional_id(request.block_id, BLOCK)
    question = {
        "run_id": run.id,
        "status": request.status,
        "block_type": request.block_type,
        "block_id": block,
        "limit": request.limit,
    }
    statuses = [normal_status(word) for word in split_words(request.status)]
    read, spent = await _read(inspector, run, statuses)
    items = await loop_items(inspector, run, read)
    if read.complete:
        check_block(block, read.steps, f"The run has no step of block {block}.")
    types = split_words(request.block_type)
    selected = select_steps(read.steps, block, statuses, types)
    if not selected and read.complete:
        known = [*Status, *(step.status for step in read.steps)]
        refuse_unknown("status", request.status, known, normal_status)
        types_there = (step.type for step in read.steps if step.type)
        refuse_unknown("block_type", request.block_type, types_there)
    every = _grouped(collapse_loops(read.steps, selected, block), block, statuses)
    start = _start(inspector, request.cursor, question, every)
    cut = partial(_truncated, inspector, question, every, start, read, run)
    costs = credits_of_steps(spent, read)
    twins = same_ids(read.steps)
    shown = fitting(
        [
            _row(group, run, items, twins, costs, whole=read.complete)
            for group in every[start : start + request.limit + SPARE_ROWS]
        ],
        ROWS_BUDGET if request.limit <= STEP_ROWS else LONG_ROWS_BUDGET,
        limit=request.limit,
        left=len(every) - start,
        cut=cut,
    )
    answer = ListStepsAnswer(
        run_id=run.id,
        status=run.status,
        step_counts=count_by_status(selected),
        run_credits=(spent.total or None) if spent else None,
        credits_by_block=credits_of_blocks(spent, read, selected),
        rows=shown,
        truncated=cut(len(shown)),
        next_calls=_next_calls(run, shown) if selected else calls_from_no_steps(question),
    )
    answer._asked_for_many = request.limit > STEP_ROWS
    return answer


async def _read(
    inspector: Inspector, run: Run, statuses: list[str]
) -> tuple[StepsRead, RunCredits | None]:
    """Read the steps of the run and, at the same time, its credits."""
    read: list[StepsRead] = []
    spent: list[RunCredits | None] = []

    async def read_steps() -> None:
        read.append(await read_with_items(inspector, run, statuses))

    async def read_spent() -> None:
        spent.append(await read_credits(inspector, run))

    await concurrently([read_steps, read_spent])
    # Not before, since steps that were just read replace what was cached of the run.
    if spent[0]:
        inspector.cache_credits(run, spent[0])
    return read[0], spent[0]


def _grouped(rows: list[StepOrLoop], block: str, statuses: list[str]) -> list[_Group]:
    """Return the rows with steps that did not run grouped, unless the caller asked for those."""
    if rows and all(row.block_id == block for row in rows):
        return [(row,) for row in rows]
    return group_idle_steps(rows, statuses)


# The index after the last row shown, and its key.
_position: TypeAdapter[tuple[RowIndex, str]] = TypeAdapter(tuple[RowIndex, str])


def _start(inspector: Inspector, cursor: str, question: dict[str, Any], every: list[_Group]) -> int:
    """Return the index of the first row to show.

    A cursor names the last row shown, since rows of an unfinished run move; if that row is gone,
    its position is used.
    """
    if not cursor:
        return 0
    index, key = inspector.cursors.read(cursor, question, _position)
    for place, found in enumerate(_keys(every)):
        if found == key:
            return place + 1
    return min(index, len(every))


def _keys(every: Sequence[_Group]) -> list[str]:
    """Return a short hash of each row that identifies it by its last step: the first may start.

    Rows of one step id are told apart by their order.
    """
    seen: Counter[str] = Counter()
    keys = []
    for group in every:
        row = group[-1]
        named = repr((row.step_id, row.block_id, list(row.iteration)))
        seen[named] += 1
        text = f"{named} {seen[named]}" if seen[named] > 1 else named
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES)
        keys.append(digest.hexdigest())
    return keys


def _row(
    group: _Group,
    run: Run,
    items: Mapping[str, int],
    twins: Mapping[str, int],
    costs: Mapping[str, float],
    *,
    whole: bool = True,
) -> StepRow | IdleRow:
    """Return a row; how many iterations a loop had is known only if the `whole` list was read.

    `twins` are how many steps have one id, of ids that several have.
    """
    row = group[0]
    if len(group) > 1:
        return IdleRow(
            status=row.status,
            reason=row.reason,
            count=len(group),
            iteration=list(row.iteration),
            step_ids=[_step_id(each, run) or each.block_id for each in group[:MAX_STEP_IDS]],
        )
    fields: dict[str, Any] = {
        "block_id": row.block_id,
        "type": row.type,
        "label": telling_label(row.label, row.block_id),
        "status": row.status,
        "started_ms": elapsed_ms(run.started_at, row.started_at),
        "duration_ms": row.duration_ms,
        "credits": costs.get(row.block_id) if row.loop is None else None,
        "message": row.message,
        "reason": row.reason,
        "retries": row.retries or None,
        "iteration": list(row.iteration),
    }
    if row.loop is None:
        fields["step_id"] = _step_id(row, run)
        fields["same_id"] = twins.get(row.step_id or "")
        ref = row.artifact
        fields["artifact"] = ":".join(filter(None, (ref.operation, ref.id))) if ref else None
    else:
        fields |= _loop_fields(row.loop, run)
        if whole:
            given = items.get(row.step_id or "")
            fields |= _extent(row.loop)
            fields["items"] = given if given != row.loop.iterations else None
    return StepRow(**fields)


def _step_id(row: StepOrLoop, run: Run) -> str | None:
    """Return the short id of a row's step, None if it is the block id."""
    step_id = short_step_id(row.step_id or "", run.id)
    return step_id if step_id != row.block_id else None


def _loop_fields(loop: LoopSummary, run: Run) -> dict[str, Any]:
    return {
        "step_counts": loop.step_counts,
        "failing": [
            LoopFailure(
                iteration=one.iteration,
                step_id=short_step_id(one.step_id, run.id),
                block_id=one.block_id,
                message=one.message if len(loop.failures) != 1 else None,
            )
            for one in loop.failing
        ],
        "failing_iterations": loop.failing_count or None,
        "failures": [
            FailureGroupPart(message=group.message, block_id=group.block_id, count=group.count)
            for group in loop.failures
        ],
    }


def _extent(loop: LoopSummary) -> dict[str, Any]:
    return {
        "iterations": loop.iterations,
        "median_ms": loop.median_ms,
        **_slowest(loop),
    }


def _slowest(loop: LoopSummary) -> dict[str, int]:
    """Return the slowest iteration if it took much longer than the median."""
    if loop.slowest_iteration is None or loop.slowest_ms is None or loop.median_ms is None:
        return {}
    if loop.slowest_ms < SLOW_TIMES * loop.median_ms:
        return {}
    return {"slowest_iteration": loop.slowest_iteration, "slowest_ms": loop.slowest_ms}


def _truncated(
    inspector: Inspector,
    question: dict[str, Any],
    every: list[_Group],
    start: int,
    read: StepsRead,
    run: Run,
    shown: int,
) -> Truncated | None:
    end = start + shown
    if end >= len(every) and read.complete:
        return None
    following = None
    if end >= len(every):
        # The list ended early: its failed steps can be asked for alone, or are what was read.
        only_run = {"run_id": question["run_id"]}
        if all(step.status == Status.ERROR for step in read.steps):
            following = NextCall(tool="get_run", arguments=only_run)
        else:
            only_failed = {**only_run, "status": str(Status.ERROR)}
            following = NextCall(tool="list_steps", arguments=only_failed)
    else:
        arguments = {name: value for name, value in question.items() if value}
        arguments["cursor"] = inspector.cursors.write([end, _keys(every)[end - 1]], question)
        following = NextCall(tool="list_steps", arguments=arguments)
    return Truncated(
        shown=shown,
        total=len(every) if read.complete else None,
        at_least=None if read.complete else len(every),
        unit="rows",
        why=read.why or (None if run.finished else _MAY_MOVE),
        next=following,
    )


def _next_calls(run: Run, shown: list[StepRow | IdleRow]) -> list[NextCall]:
    """Suggest reading the failed step, and the other failures of its loop if there are more.

    If several steps failed on their own, get_run says which of them is the root cause.
    """
    failing = [row for row in shown if isinstance(row, StepRow) and _is_failing(row)]
    if not failing:
        return []
    row = failing[0]
    calls = []
    if len(failing) > 1 and run.status in (Status.ERROR, Status.CANCELLED):
        reason = "which failure is the root cause"
        calls.append(NextCall(tool="get_run", arguments={"run_id": run.id}, reason=reason))
    if row.failing:
        calls.append(read_step(run.id, row.failing[0].step_id))
        if (row.failing_iterations or 0) > len(row.failing):
            calls.append(list_failures_of(run.id, row.block_id))
    else:
        calls.append(read_step(run.id, row.step_id or row.block_id))
    return calls


def _is_failing(row: StepRow) -> bool:
    return bool(row.failing) or row.status == Status.ERROR
