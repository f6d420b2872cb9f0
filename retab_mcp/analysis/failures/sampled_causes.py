"""Name the cause behind the words of runs that were not examined, by those that were."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.analysis.failures.failure_groups import reported_failure
from retab_mcp.analysis.message_folding import fold_message
from retab_mcp.models import FailureKind, Run


@dataclass(frozen=True, slots=True)
class SampledCause:
    """The one cause of all `runs` that report the same and whose records were read."""

    runs: int
    block_id: str | None
    kind: FailureKind
    message: str
    run_id: str


def sampled_causes(
    failed: Sequence[Run], causes: Mapping[str, RootCause]
) -> dict[tuple[str, str, str], SampledCause]:
    """Return the one cause of the runs with a cause, by what they report (RunFailure.said).

    `causes` are the causes by run id as their records show them. Runs that report the same and
    have several causes are left out.
    """
    examined: dict[tuple[str, str, str], list[tuple[Run, RootCause]]] = defaultdict(list)
    for run in failed:
        if run.id in causes:
            examined[reported_failure(run).said].append((run, causes[run.id]))
    found = {}
    for said, members in examined.items():
        if len({_core(cause) for _, cause in members}) == 1:
            run, cause = members[0]
            block_id = cause.step.block_id if cause.step is not None else None
            found[said] = SampledCause(len(members), block_id, cause.kind, cause.message, run.id)
    return found


def _core(cause: RootCause) -> tuple[str | None, FailureKind, str]:
    block_id = cause.step.block_id if cause.step is not None else None
    return block_id, cause.kind, fold_message(cause.message)
