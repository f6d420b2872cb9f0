"""What changed between two runs of an experiment: settings, outputs, and names of fields."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retab_mcp.analysis.compare.json_diff import ADDED, REMOVED
from retab_mcp.analysis.compare.path_changes import PathChange
from retab_mcp.analysis.experiments.document_table import DocumentRow
from retab_mcp.models import Json
from retab_mcp.models.experiment_run import ExperimentRun

# Settings with a value that says something to a reader.
_SETTINGS = ("n_consensus", "workflow_version_id", "block_version_id")
# Settings of which only fingerprints are known.
_FINGERPRINTS = {
    "configuration_fingerprint": "block configuration",
    "documents_fingerprint": "documents",
}


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A setting that differs between two runs; the values are None where only that is known."""

    name: str
    value: Json = None
    before: Json = None


@dataclass(frozen=True, slots=True)
class ScoresInBoth:
    """The mean scores of the documents that both runs scored, from 0 to 1."""

    documents: int
    scored: int
    score: float | None
    before: float | None


@dataclass(frozen=True, slots=True)
class RenamedField:
    """A field that has another name in this run, with the same values.

    The names are tokens of pointers into a job's outputs, without array indexes.
    """

    before: tuple[str, ...]
    now: tuple[str, ...]


def changed_settings(run: ExperimentRun, before: ExperimentRun) -> list[SettingChange]:
    """Return the settings that differ between two runs, as far as both are known."""
    found = [
        SettingChange(name, value, known)
        for name in _SETTINGS
        if None not in (value := getattr(run, name), known := getattr(before, name))
        and value != known
    ]
    found += [
        SettingChange(name)
        for fingerprint, name in _FINGERPRINTS.items()
        if None not in (value := getattr(run, fingerprint), known := getattr(before, fingerprint))
        and value != known
    ]
    return found


def scores_in_both(rows: Iterable[DocumentRow]) -> ScoresInBoth:
    """Return the mean scores over the documents that are in both runs."""
    both = [row for row in rows if row.in_both]
    scored = [
        (row.score, row.score_before)
        for row in both
        if row.score is not None and row.score_before is not None
    ]
    count = len(scored)
    return ScoresInBoth(
        documents=len(both),
        scored=count,
        score=sum(score for score, _ in scored) / count if count else None,
        before=sum(before for _, before in scored) / count if count else None,
    )


def renamed_fields(rows: Iterable[DocumentRow]) -> list[RenamedField]:
    """Return the fields that were renamed, most frequent first.

    A field was renamed if one name is only in this run, the other only in the run before, under
    the same parent, and they have equal values that no other field could explain, in every
    document that has both.
    """
    equal: Counter[RenamedField] = Counter()
    unequal: set[RenamedField] = set()
    for row in rows:
        for one, values in _candidates(row.changes or ()).items():
            if all(values):
                equal[one] += 1
            else:
                unequal.add(one)
    found = [one for one, _ in equal.most_common() if one not in unequal]
    names = Counter(one.now for one in found), Counter(one.before for one in found)
    return [one for one in found if names[0][one.now] == names[1][one.before] == 1]


def without_renamed(
    changes: Sequence[PathChange], renamed: Iterable[RenamedField]
) -> list[PathChange]:
    """Return the changes that are no renaming."""
    names = {name for one in renamed for name in (one.now, one.before)}
    return [
        each
        for each in changes
        if each.change.kind not in (ADDED, REMOVED) or each.change.folded not in names
    ]


def _candidates(changes: Iterable[PathChange]) -> dict[RenamedField, list[bool]]:
    """Return pairs of fields of which each run has one, and if their values are equal."""
    now: dict[tuple[str, ...], list[PathChange]] = defaultdict(list)
    before: dict[tuple[str, ...], list[PathChange]] = defaultdict(list)
    for each in changes:
        parent = each.change.folded[:-1]
        if each.change.kind == REMOVED:
            now[parent].append(each)
        elif each.change.kind == ADDED:
            before[parent].append(each)
    return {
        RenamedField(old.change.folded, new.change.folded): [
            new.change.value == old.change.other and new.count == old.count
        ]
        for parent, news in now.items()
        for new in news
        for old in before.get(parent, ())
        if new.change.value is not None or old.change.other is not None
    }
