"""Say whether it helps, or harms, to run the same input again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from retab_mcp.analysis.cause.restarts.effects import Effects, effects_of, first_names
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
    kind, None where that one holds. `by_inputs` is True where it fails again only if the steps
    before the failed one give the same again.
    """

    verdict: str
    why: str
    suggestion: str | None = None
    by_inputs: bool = False


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
        return _repeats(effects, prospect)
    if prospect.outlook == Outlook.FAILS:
        return Restart(USELESS, prospect.why, prospect.suggestion, prospect.by_inputs)
    if effects.unknown:
        names = first_names(effects.unknown)
        why = f"no record shows what {names} changed, so check that first; {prospect.why}"
        return Restart(MAY_REPEAT, why)
    if not complete:
        why = f"not all steps were read, so a call may have changed something; {prospect.why}"
        return Restart(MAY_REPEAT, why)
    verdict = SAFE if prospect.outlook == Outlook.PASSES else MAY_HELP
    why = f"{prospect.why}, and no call of this run changed anything"
    return Restart(verdict, why, prospect.suggestion)


def restart_of_stuck_run(
    steps: Sequence[StepSummary], records: Mapping[str, Artifact], *, complete: bool = True
) -> Restart:
    """Return whether to start a run again that makes no progress: never "safe", and never useless.

    `records` and `complete` are as in `restart_of_run`.
    """
    effects = effects_of(steps, records, None)
    after = "cancel this run first, since it may still go on"
    if effects.said:
        repeats = _repeats(effects, Prospect(Outlook.UNCLEAR, after))
        return Restart(MAY_REPEAT, f"{repeats.why}; {after}")
    if effects.unknown:
        names = first_names(effects.unknown)
        return Restart(MAY_REPEAT, f"no record shows what {names} changed; {after}")
    if not complete:
        return Restart(MAY_REPEAT, f"not all steps were read; {after}")
    return Restart(MAY_HELP, f"no call of this run changed anything; {after}")


def restart_after_other_output(restart: Restart, step: StepSummary, *, is_by_code: bool) -> Restart:
    """Return `restart` of a run in which `step` gave another value than in a run that worked.

    Both got the same input. Code (`is_by_code`) should give the same value each time, so what
    changed it is to be found first; a model or a service may give the good value again.
    """
    name = step.block_id
    suggestion = restart.suggestion
    if is_by_code:
        why = f"{name} gave another value for the same input, which code should not: explain first"
        suggestion = f"Find out why {name} gave another value than in the good run, then restart."
    else:
        why = f"{name} may give again what it gave in the good run, from the same input"
    if restart.verdict == MAY_REPEAT:
        return Restart(MAY_REPEAT, f"{restart.why}; {why}", suggestion)
    return Restart(MAY_HELP, why, suggestion)


def _repeats(effects: Effects, prospect: Prospect) -> Restart:
    others = effects.blocks[1:]
    more = f" (and the calls of {first_names(others)})" if others else ""
    fails = f"; {prospect.why}" if prospect.outlook == Outlook.FAILS else ""
    why = effects.said[0] + more + fails
    return Restart(MAY_REPEAT, why, prospect.suggestion, prospect.by_inputs)
