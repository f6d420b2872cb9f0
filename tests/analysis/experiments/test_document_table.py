"""The documents of an experiment run, alone and compared with another run."""

from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.analysis.experiments.document_table import (
    MIN_CHANGE,
    RunTable,
    document_rows,
    group_document_failures,
    moved_fields,
    moved_targets,
)
from retab_mcp.models import ExperimentJob, Failure
from retab_mcp.models.experiment_run import DocumentScore, ExperimentMetrics, TargetScore

STATUSES = ("completed", "error", "running", "cancelled", "thawing")


def job(document_id: str, status: str, message: str = "") -> ExperimentJob:
    failure = Failure(message=message) if status == "error" else None
    return ExperimentJob(
        id=f"job_{document_id}",
        run_id="exprun_1",
        document_id=document_id,
        status=status,
        failure=failure,
    )


def table(statuses: dict[str, str], scores: dict[str, float]) -> RunTable:
    documents = tuple(
        DocumentScore(document_id=name, filename=f"{name}.pdf", score=score)
        for name, score in scores.items()
    )
    metrics = ExperimentMetrics(kind="summary", documents=documents)
    return RunTable([job(name, status) for name, status in statuses.items()], {}, metrics)


names = st.sampled_from([f"doc_{n}" for n in range(8)])
tables = st.builds(
    table,
    st.dictionaries(names, st.sampled_from(STATUSES)),
    st.dictionaries(names, st.floats(0, 1)),
)


@given(tables)
def test_worst_document_comes_first(run: RunTable) -> None:
    rows = document_rows(run)
    assert sorted(row.document_id for row in rows) == sorted(each.document_id for each in run.jobs)
    failed = [row.status == "error" for row in rows]
    assert failed == sorted(failed, reverse=True)
    scores = [row.score for row in rows if row.status == "completed" and row.score is not None]
    assert scores == sorted(scores)
    assert not any(row.flipped for row in rows)


@given(tables, tables)
def test_comparison_has_one_row_per_document_of_either_run(run: RunTable, other: RunTable) -> None:
    rows = document_rows(run, other)
    wanted = {each.document_id for each in (*run.jobs, *other.jobs)}
    assert sorted(row.document_id for row in rows) == sorted(wanted)
    flips = [row.flipped for row in rows]
    assert flips == sorted(flips, reverse=True)
    before = {each.document_id: each.status for each in other.jobs}
    for row in rows:
        both = row.job is not None and row.document_id in before
        assert row.flipped == (both and row.status != before[row.document_id])


@given(tables)
def test_comparison_with_itself_has_no_changes(run: RunTable) -> None:
    assert not any(row.flipped or row.change for row in document_rows(run, run))


scores = st.dictionaries(st.sampled_from("abcdef"), st.floats(0, 1))


@given(scores, scores)
def test_moved_targets(now: dict[str, float], before: dict[str, float]) -> None:
    moved = {change.path for change in moved_targets(now, before)}
    for path in {*now, *before}:
        if path in now and path in before:
            assert (path in moved) == (abs(now[path] - before[path]) >= MIN_CHANGE)
        else:
            assert path in moved


def test_the_largest_loss_comes_first() -> None:
    changes = moved_targets({"a": 0.5, "b": 0.9, "new": 0.2}, {"a": 0.6, "b": 0.2, "gone": 0.9})
    assert [change.path for change in changes] == ["gone", "a", "new", "b"]


def test_changed_values_come_before_changed_scores() -> None:
    now = [
        TargetScore(path="total", score=0.2, value=4),
        TargetScore(path="date", score=0.9, value="2026-09-01"),
        TargetScore(path="name", score=1.0, value="same"),
        TargetScore(path="note", score=1.0, value=None),
    ]
    before = [
        TargetScore(path="total", score=0.9, value=4),
        TargetScore(path="date", score=0.9, value="2026-09-11"),
        TargetScore(path="name", score=1.0, value="same"),
        TargetScore(path="note", score=1.0, value=""),
    ]
    assert [change.path for change in moved_fields(now, before)] == ["date", "note", "total"]


def test_failures_that_differ_in_numbers_are_one_group() -> None:
    jobs = [
        job("doc_1", "error", "Could not read page 3: it has no text"),
        job("doc_2", "error", "Could not read page 17: it has no text"),
        job("doc_3", "error", "Model did not answer within 120 s"),
        job("doc_4", "completed"),
    ]
    groups = group_document_failures(document_rows(RunTable(jobs, {}, None)))
    assert [(group.message, group.document_ids) for group in groups] == [
        ("Could not read page 3: it has no text", ("doc_1", "doc_2")),
        ("Model did not answer within 120 s", ("doc_3",)),
    ]
    assert groups[1].kind == "timeout"
