"""Say which runs failed like another: by their failed steps, else by their own words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from retab_mcp.analysis.cause.failing_step import failing_step
from retab_mcp.analysis.message_folding import fold_message
from retab_mcp.models import Run, Status, StepSummary

# The block that failed, None if it is unknown, and the folded message.
Signature: TypeAlias = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class SameFailures:
    """The ids of the runs that failed like one run.

    `known` is false if that run reports no message. `by_own_words` counts the failed runs of which
    only their own words are known: they may name another step than the one that failed first.
    """

    run_ids: frozenset[str] = frozenset()
    known: bool = True
    by_own_words: int = 0


def reported(run: Run) -> Signature | None:
    """Return the block and the message that a failed run reports; None without message."""
    if run.status != Status.ERROR or run.failure is None or not run.failure.message:
        return None
    return failing_step(run).block_id, fold_message(run.failure.message)


def signature_of(step: StepSummary | None) -> Signature | None:
    """Return the block and the message of a failed step; None without message."""
    if step is None or step.failure is None or not step.failure.message:
        return None
    return step.block_id, fold_message(step.failure.message)


def unclear(run: Run, cause: StepSummary | None, others: Iterable[Run]) -> list[Run]:
    """Return the failed runs whose steps have to be read to say if they failed like `run`.

    `cause` is the step at the root of `run`. Left out are runs that report its failure, and those
    that embed their steps.
    """
    wanted = signature_of(cause)
    if wanted is None:
        return []
    failed = (one for one in others if one.status == Status.ERROR and one.id != run.id)
    return [one for one in failed if not _failed_steps(one) and reported(one) != wanted]


def same_failures(
    run: Run,
    others: Iterable[Run],
    cause: StepSummary | None = None,
    read: Mapping[str, Sequence[StepSummary]] | None = None,
) -> SameFailures:
    """Return which of `others` failed like `run`.

    `cause` is the step at the root of `run`, `read` the failed steps of other runs by run id, as
    far as they were read. A run of which neither is known counts by what it reports.
    """
    own, wanted = reported(run), signature_of(cause)
    if own is None and wanted is None:
        return SameFailures(known=False)
    found: set[str] = set()
    by_words = 0
    for one in others:
        if one.status != Status.ERROR or one.id == run.id:
            continue
        steps = _failed_steps(one) or (read or {}).get(one.id)
        said = reported(one)
        if wanted is not None and steps is not None:
            is_same = wanted in map(signature_of, steps)
        else:
            is_same = said is not None and said in (own, wanted)
            by_words += wanted is not None and said != wanted
        if is_same:
            found.add(one.id)
    return SameFailures(frozenset(found), by_own_words=by_words)


def _failed_steps(run: Run) -> list[StepSummary]:
    return [step for step in run.steps or () if step.status == Status.ERROR]
