"""Say from the other runs of a workflow if a failure is new, and which run restarted which."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from retab_mcp.analysis.failures.same_failure import SameFailures, same_failures
from retab_mcp.analysis.failures.traits import CommonTrait, RunTraits, common_traits, traits_of
from retab_mcp.models import Json, Run, Status

RESTART = "restart"

SAME_INPUTS, SAME_FILE_NAMES, BY_RECORD = "same inputs", "same file names", "its trigger"


@dataclass(frozen=True, slots=True)
class GoodRun:
    """A completed run to compare with, and what it has in common with the failed one.

    `later` means that it ran after the other one, `same_time` that both have the same creation
    time. `version_changed` is None if a version is unknown.
    """

    run_id: str
    created_at: datetime | None
    trigger: str
    same_inputs: bool
    same_trigger: bool
    version_changed: bool | None
    later: bool = False
    same_time: bool = False


@dataclass(frozen=True, slots=True)
class RelatedRun:
    """A run that repeats another; `found_by` says how that is known, `count` is of such runs.

    `status` is None if the run was not read.
    """

    run_id: str
    status: str | None
    found_by: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class RunHistory:
    """What the other runs of the workflow that were read say about one run.

    `failed` and `same_failure` count among `other_runs`; `same_failure` is None if the run reports
    no message. `by_own_words` counts the failed runs that were compared by what they report, as
    their steps were not read. `first_seen` and `last_seen` include the run itself, `good_since`
    counts the completed runs after `last_seen`. `in_common` is what the runs with this failure
    have and completed ones lack. `good` is the run to compare with, `next_good` the first
    completed one after the run, if that is another. `workflow_name` is the workflow's name now,
    None if it was not read.
    """

    other_runs: int
    failed: int = 0
    same_failure: int | None = None
    by_own_words: int = 0
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    good_since: int = 0
    in_common: tuple[CommonTrait, ...] = ()
    good: GoodRun | None = None
    next_good: GoodRun | None = None
    restart_of: RelatedRun | None = None
    restarted_as: RelatedRun | None = None
    later: RelatedRun | None = None
    workflow_name: str | None = None


def history_of(run: Run, others: Iterable[Run], same: SameFailures | None = None) -> RunHistory:
    """Return the history of `run` from `others`, runs of its workflow in any order.

    `same` are those that failed like it; None if only their own words are known.
    """
    others = list(others)
    ordered = _by_time(run, others)
    found = same or same_failures(run, ordered)
    alike = [other for other in ordered if other.id in found.run_ids]
    times = [at for each in (*alike, run) if (at := each.created_at) is not None]
    last_seen = max(times, default=None)
    completed = [other for other in ordered if other.status == Status.COMPLETED]
    good = good_run(run, ordered)
    return RunHistory(
        other_runs=len(ordered),
        failed=sum(other.status == Status.ERROR for other in ordered),
        same_failure=len(alike) if found.known else None,
        by_own_words=found.by_own_words,
        first_seen=min(times, default=None) if alike else None,
        last_seen=last_seen if alike else None,
        good_since=_count_after(completed, last_seen) if found.known else 0,
        in_common=_in_common(run, [*alike, run], others, completed) if found.known else (),
        good=good,
        next_good=None if good is None or good.later else _good_after(run, completed),
        restart_of=_restart_of(run, ordered),
        restarted_as=_restarted_as(run, ordered),
        later=_later(run, ordered),
    )


def _count_after(runs: Iterable[Run], at: datetime | None) -> int:
    times = (run.created_at for run in runs)
    return sum(at is not None and time is not None and time > at for time in times)


def _in_common(
    run: Run, failed: Sequence[Run], others: Sequence[Run], completed: Sequence[Run]
) -> tuple[CommonTrait, ...]:
    """Return what `failed` runs have in common; all as listed, since lists may lack fields."""
    listed = next((other for other in others if other.id == run.id), run)
    rows = [listed if one.id == run.id else one for one in failed]
    return tuple(common_traits(_traits(rows), _traits(completed), UTC))


def _traits(runs: Iterable[Run]) -> list[RunTraits]:
    return [RunTraits(run.created_at, traits_of(run)) for run in runs if run.created_at is not None]


def good_run(run: Run, others: Iterable[Run]) -> GoodRun | None:
    """Return the completed run that `run` is best compared with, None if there is none.

    One before it with the same inputs is best, then one with the same trigger, then any; of these
    the newest. Runs created at the same time count as before it. Without one before it, it is the
    first one after it.
    """
    ordered = [one for one in _by_time(run, others) if one.status == Status.COMPLETED]
    before = [one for one in ordered if not _is_before(run, one)]
    chosen = max(before, key=lambda one: _likeness(run, one), default=None)
    return _as_good(run, chosen) if chosen is not None else _good_after(run, ordered)


def _good_after(run: Run, ordered: Iterable[Run]) -> GoodRun | None:
    """Return the first completed run after `run`, best one like it; None if there is none."""
    after = [one for one in ordered if _is_before(run, one)]
    chosen = max(after, key=lambda one: _likeness(run, one)[:2], default=None)
    return _as_good(run, chosen) if chosen is not None else None


def _as_good(run: Run, chosen: Run) -> GoodRun:
    mine, theirs = run.workflow_version_id, chosen.workflow_version_id
    return GoodRun(
        run_id=chosen.id,
        created_at=chosen.created_at,
        trigger=str(_trigger(chosen) or "unknown"),
        same_inputs=have_same_inputs(run, chosen),
        same_trigger=_trigger(run) == _trigger(chosen),
        version_changed=mine != theirs if mine and theirs else None,
        later=_is_before(run, chosen),
        same_time=_time(run) == _time(chosen),
    )


def have_same_inputs(run: Run, other: Run) -> bool:
    """Return whether two runs got the same documents and the same JSON, and not nothing."""
    mine, theirs = _inputs(run, "id"), _inputs(other, "id")
    return bool(mine == theirs and any(map(bool, mine)))


def is_restart(run: Run) -> bool:
    """Return whether a run was started as the restart of another."""
    return str(_trigger(run)) == RESTART


def parent_of(run: Run) -> str | None:
    """Return the id of the run that a restart names as its parent; few servers send it."""
    parent = run.trigger.get("parent_run_id")
    return parent if isinstance(parent, str) and parent else None


def _by_time(run: Run, others: Iterable[Run]) -> list[Run]:
    """Return the runs but `run`, each once, oldest first; runs without a time are left out."""
    known = {one.id: one for one in others if one.id != run.id and one.created_at is not None}
    return sorted(known.values(), key=lambda one: (_time(one), one.id))


def _time(run: Run) -> float:
    return run.created_at.timestamp() if run.created_at is not None else 0.0


def _is_before(run: Run, other: Run) -> bool:
    """Return whether `run` came first; of two runs of the same time, the one that is no restart."""
    if _time(run) == _time(other):
        return is_restart(other) and not is_restart(run)
    return _time(run) < _time(other)


def _likeness(run: Run, other: Run) -> tuple[bool, bool, float]:
    return have_same_inputs(run, other), _trigger(run) == _trigger(other), _time(other)


def _trigger(run: Run) -> Json:
    return run.trigger.get("type")


def _inputs(run: Run, name: str) -> tuple[dict[str, Json], dict[str, Json]]:
    """Return the documents, each by its field `name` where it has one, and the JSON inputs."""
    documents = {
        block: (document.get(name) or document) if isinstance(document, dict) else document
        for block, document in run.inputs.documents.items()
    }
    return documents, run.inputs.json_data


def _relation(run: Run, other: Run) -> str | None:
    """Return what says that one of the runs repeats the other, None if nothing does."""
    if have_same_inputs(run, other):
        return SAME_INPUTS
    mine, theirs = _inputs(run, "filename"), _inputs(other, "filename")
    return SAME_FILE_NAMES if mine[0] and mine == theirs else None


def _restart_of(run: Run, ordered: Sequence[Run]) -> RelatedRun | None:
    """Return the run that `run` restarted.

    It is the one that its trigger names, else the last one before it with the same inputs that did
    not complete, else the last one with the same inputs.
    """
    if not is_restart(run):
        return None
    parent = parent_of(run)
    before = [one for one in reversed(ordered) if _is_before(one, run)]
    if parent is not None:
        status = next((one.status for one in ordered if one.id == parent), None)
        return RelatedRun(parent, status, BY_RECORD)
    for found_by in (SAME_INPUTS, SAME_FILE_NAMES):
        repeated = [one for one in before if _relation(run, one) == found_by]
        failed = (one for one in repeated if one.status != Status.COMPLETED)
        chosen = next(failed, repeated[0] if repeated else None)
        if chosen is not None:
            return RelatedRun(chosen.id, chosen.status, found_by)
    return None


def _restarted_as(run: Run, ordered: Sequence[Run]) -> RelatedRun | None:
    """Return the last restart of `run`, with the number of its restarts.

    After another run with the same inputs, restarts belong to that one.
    """
    found: list[tuple[Run, str]] = []
    for one in (one for one in ordered if _is_before(run, one)):
        parent = parent_of(one) if is_restart(one) else None
        if parent is None:
            relation = _relation(run, one)
        else:
            relation = BY_RECORD if parent == run.id else None
        if relation is not None and not is_restart(one):
            break
        if relation is not None:
            found.append((one, relation))
    if not found:
        return None
    last, relation = found[-1]
    return RelatedRun(last.id, last.status, relation, len(found))


def _later(run: Run, ordered: Sequence[Run]) -> RelatedRun | None:
    """Return the last run after `run` with the same inputs that is no restart."""
    for one in reversed(ordered):
        if _is_before(run, one) and not is_restart(one) and have_same_inputs(run, one):
            return RelatedRun(one.id, one.status, SAME_INPUTS)
    return None
