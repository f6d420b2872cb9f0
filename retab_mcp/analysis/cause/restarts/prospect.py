"""Judge if the same input fails again when a run is restarted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from retab_mcp.analysis.cause.restarts.cancelled import (
    NEW_INPUT,
    NEW_RUN,
    NO_RUN,
    NOT_WANTED,
    is_about_no_need,
    is_about_wrong_input,
)
from retab_mcp.analysis.cause.restarts.renewal import renewal_time
from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.analysis.records import to_iso_time
from retab_mcp.analysis.values.call_attempts import response_status
from retab_mcp.analysis.values.json_types import as_dicts
from retab_mcp.digest.text import clip
from retab_mcp.models import Artifact, Category, FailureKind, Operation, Status, StepSummary


class Outlook(StrEnum):
    """What another run with the same input does."""

    PASSES = "passes"
    UNCLEAR = "unclear"
    FAILS = "fails"


@dataclass(frozen=True, slots=True)
class Prospect:
    """What another run with the same input does, and why, in a clause.

    `by_inputs` is True where it fails only if the steps before give the same again. `suggestion`
    replaces that of the failure's kind, None where that one holds.
    """

    outlook: Outlook
    why: str
    by_inputs: bool = False
    suggestion: str | None = None


# Steps whose output can differ from one run to the next.
_MODEL_TYPES = frozenset({"extract", "parse", "split", "classifier", "edit", "hil"})
_FOR_EACH = "for_each"
_NEVER_RAN = frozenset({Status.SKIPPED, Status.PENDING, Status.QUEUED})
# Failures that another run may not meet, and why.
_PASSING: dict[FailureKind, str] = {
    FailureKind.CALLED_API_DOWN: "the called service may be up again",
    FailureKind.TIMEOUT: "the next call may be faster",
    FailureKind.RATE_LIMITED: "the limit only lasts for a while",
    FailureKind.STORAGE: "the storage may work again",
}
# Failures that depend on nothing but a step's inputs and configuration.
_DETERMINED = frozenset(
    {
        *(FailureKind.SCHEMA_VIOLATION, FailureKind.MISSING_INPUT),
        *(FailureKind.FUNCTION_EXCEPTION, FailureKind.ROUTING),
    }
)
# Statuses that refuse the request as such; a conflict or a missing record may pass.
_REFUSES_REQUEST = frozenset({400, 405, 406, 410, 411, 413, 414, 415, 422, 431})
# Those that refuse what the request holds, which the steps before made.
_REFUSES_CONTENT = frozenset({400, 413, 422})
# Statuses by which a service says that its own data do not allow the request.
_CONFLICTS = frozenset({409, 412, 423})
# Facts of such an answer that are repeated, and the tokens of each.
MAX_FACTS = 3
FACT_TOKENS = 12
_USELESS: dict[FailureKind, str] = {
    FailureKind.DOCUMENT_UNREADABLE: "the same document fails again",
    FailureKind.CREDENTIALS: "it fails again until the credentials are replaced",
    FailureKind.CREDITS_EXHAUSTED: "it fails again until there are credits",
}
_AFTER_RENEWAL = "Nothing needs to change: the limit was renewed after the run failed."
_UNDECIDED: dict[FailureKind, str] = {
    FailureKind.LOOP_LIMIT: "the loop may end in time if what its condition reads has changed",
    FailureKind.CALLED_API_REFUSED: "the called service may accept it once its own data changed",
}


def prospect_of(
    cause: RootCause,
    steps: Sequence[StepSummary],
    records: Mapping[str, Artifact],
    now: datetime | None = None,
) -> Prospect:
    """Return what another run with the same input does.

    `steps` are those of the run, `records` their artifacts by step id, as far as they were read.
    `now` is the current time, None where a limit that ends at a known time does not matter.
    """
    kind, category = cause.kind, cause.category
    if kind == FailureKind.CANCELLED:
        return _of_cancelled(cause)
    renewed = renewal_time(cause)
    if renewed is not None and now is not None:
        time = to_iso_time(renewed)
        if renewed > now:
            return Prospect(Outlook.FAILS, f"it fails again until {time}, when the limit renews")
        why = f"the limit was renewed at {time}"
        return Prospect(Outlook.PASSES, why, suggestion=_AFTER_RENEWAL)
    if category == Category.TRANSIENT:
        surely = kind in _PASSING or kind not in (_DETERMINED | set(_USELESS))
        why = _PASSING.get(kind, "the error is marked transient")
        return Prospect(Outlook.PASSES if surely else Outlook.UNCLEAR, why)
    if kind in _USELESS:
        return Prospect(Outlook.FAILS, _USELESS[kind])
    if kind in _PASSING:
        why = _PASSING[kind]
        if category == Category.PERMANENT:
            return Prospect(Outlook.UNCLEAR, f"{why}, but the error is marked permanent")
        return Prospect(Outlook.PASSES, why)
    return _by_status(cause, steps, records) or _by_inputs(cause, steps)


def _of_cancelled(cause: RootCause) -> Prospect:
    if is_about_wrong_input(cause.message):
        return Prospect(Outlook.FAILS, NEW_INPUT, suggestion=NEW_RUN)
    if is_about_no_need(cause.message):
        return Prospect(Outlook.FAILS, NOT_WANTED, suggestion=NO_RUN)
    if cause.others:
        return Prospect(Outlook.UNCLEAR, "steps had failed before the run was cancelled")
    return Prospect(Outlook.PASSES, "nothing failed: the run was cancelled")


def _by_status(
    cause: RootCause, steps: Sequence[StepSummary], records: Mapping[str, Artifact]
) -> Prospect | None:
    """Judge by the last answer of the call that failed, None where none refused it."""
    root = cause.step
    record = records.get(root.step_id) if root is not None else None
    attempts = as_dicts(record.data.get("attempts")) if record is not None else []
    status = response_status(attempts[-1]) if attempts else None
    if root is not None and status in _REFUSES_REQUEST:
        why = f"the same request is refused again ({status})"
        model = _model_before(root, steps) if status in _REFUSES_CONTENT else None
        if model is None:
            return Prospect(Outlook.FAILS, why, by_inputs=status in _REFUSES_CONTENT)
        return Prospect(Outlook.UNCLEAR, f"{why}, unless {model.block_id} gives another result")
    if cause.kind != FailureKind.CALLED_API_REFUSED:
        return None
    if cause.category == Category.PERMANENT:
        answer = f" ({status})" if status is not None else ""
        why = f"the same request is refused again{answer} until the called service's data changes"
        return Prospect(Outlook.FAILS, why, suggestion=_of_conflict(cause, status))
    return None


def _of_conflict(cause: RootCause, status: int | None) -> str | None:
    """Return what to check in a service that refused a request for the state of its own data."""
    body = cause.evidence.get("response_body")
    if status not in _CONFLICTS or not isinstance(body, dict):
        return None
    facts = [
        f"{name} {clip(str(value), FACT_TOKENS)}"
        for name, value in body.items()
        if isinstance(value, str | int) and not isinstance(value, bool) and value != ""
    ]
    if not facts:
        return None
    said = ", ".join(facts[:MAX_FACTS])
    return f"Check this record in the called service, which answered: {said}."


def _by_inputs(cause: RootCause, steps: Sequence[StepSummary]) -> Prospect:
    root = cause.step
    if cause.kind in _UNDECIDED:
        return Prospect(Outlook.UNCLEAR, _UNDECIDED[cause.kind])
    if cause.kind in _DETERMINED and root is not None:
        model = _model_before(root, steps)
        if model is None:
            why = "the same input fails again: no step before it can give another result"
            return Prospect(Outlook.FAILS, why, by_inputs=True)
        return Prospect(Outlook.UNCLEAR, f"{model.block_id} may give another result next time")
    if cause.category == Category.PERMANENT:
        why = "no record shows what would change, and the error is marked permanent"
        return Prospect(Outlook.UNCLEAR, why)
    return Prospect(Outlook.UNCLEAR, "no record shows why it failed")


def _model_before(root: StepSummary, steps: Sequence[StepSummary]) -> StepSummary | None:
    """Return a step, up to `root`, whose output can differ from one run to the next."""
    # Since April 2026, artifacts show which loops a model cut a document into.
    shown = any(step.artifact is not None for step in steps)
    for step in (root, *steps):
        is_partition = step.artifact is not None and step.artifact.operation == Operation.PARTITION
        by_model = step.type in _MODEL_TYPES or (
            step.type == _FOR_EACH and (is_partition or not shown)
        )
        if by_model and (step is root or _started_by(step, root)):
            return step
    return None


def _started_by(step: StepSummary, root: StepSummary) -> bool:
    """Return whether a step had run when `root` started; True where a time is unknown."""
    if step.status in _NEVER_RAN:
        return False
    if step.started_at is None or root.started_at is None:
        return True
    return step.started_at <= root.started_at
