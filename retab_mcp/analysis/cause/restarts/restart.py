"""Say whether it helps, or harms, to run the same input again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from retab_mcp.analysis.cause.restarts.effects import effects_of
from retab_mcp.analysis.cause.restarts.prospect import Outlook, Prospect, prospect_of
from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.models import Artifact, Graph, Run, Status, StepSummary

SAFE, MAY_HELP, USELESS, MAY_REPEAT = "safe", "may_help", "useless", "may_repeat"


@dataclass(frozen=True, slots=True)
class Restart:
    """Whether to run the same input again, and why.

    The verdict is "safe" (it should pass, and does nothing twice), "may_help" (it may pass, and
    does nothing twice), "useless" (it fails again until something changes, which `why` names) or
    "may_repeat" (it does something twice, or may). `suggestion` replaces that of the failure's
    kind, None where that one holds.
    """

    verdict: str
    why: str
    suggestion: str | None = None


def restart_of_run(
    run: Run,
    steps: Sequence[StepSummary],
    cause: RootCause,
    records: Mapping[str, Artifact],
    graph: Graph | None = None,
    *,
    complete: bool = True,
    now: datetime | None = None,
) -> Restart | None:
    """Return whether to run a failed or cancelled run again, None for other runs.

    `records` are the artifacts of steps by step id, as far as they were read. `complete` is False
    if `steps` are not all steps of the run. `now` is the current time.
    """
    if run.status not in (Status.ERROR, Status.CANCELLED):
        return None
    effects = effects_of(steps, records, graph)
    prospect = prospect_of(cause, steps, records, now)
    if effects.said:
        return _repeats(effects.said, prospect)
    if prospect.outlook == Outlook.FAILS:
        return Restart(USELESS, prospect.why)
    if effects.unknown:
        first, more = effects.unknown[0], len(effects.unknown) - 1
        names = f"{first} and {more} more" if more else first
        why = f"no record shows what {names} changed, so check that first; {prospect.why}"
        return Restart(MAY_REPEAT, why)
    if not complete:
        why = f"not all steps were read, so a call may have changed something; {prospect.why}"
        return Restart(MAY_REPEAT, why)
    verdict = SAFE if prospect.outlook == Outlook.PASSES else MAY_HELP
    why = f"{prospect.why}, and no call of this run changed anything"
    return Restart(verdict, why, prospect.suggestion)


def restart_of_step(
    step: StepSummary,
    cause: RootCause,
    record: Artifact | None,
    now: datetime | None = None,
) -> Restart | None:
    """Return whether a failed step may fail, or do something, again; None if that is unclear.

    Never "safe": other steps of its run may have changed something.
    """
    records = {step.step_id: record} if record is not None else {}
    effects = effects_of([step], records, None)
    prospect = prospect_of(cause, [step], records, now)
    if effects.said:
        return _repeats(effects.said, prospect)
    # Which steps came before it, and what they can give next time, is not known here.
    is_certain = prospect.outlook == Outlook.FAILS and not prospect.depends_on_steps
    return Restart(USELESS, prospect.why) if is_certain else None


def _repeats(said: Sequence[str], prospect: Prospect) -> Restart:
    count = len(said) - 1
    more = f" (and {count} more {'call' if count == 1 else 'calls'})" if count else ""
    fails = f"; {prospect.why}" if prospect.outlook == Outlook.FAILS else ""
    return Restart(MAY_REPEAT, said[0] + more + fails, prospect.suggestion)
