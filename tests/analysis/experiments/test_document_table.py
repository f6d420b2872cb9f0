"""The documents of an experiment run, alone and compared with another run."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.analysis.experiments.document_table import (
    MIN_CHANGE,
    RunTable,
    TargetChange,
    document_rows,
    group_document_failures,
    moved_fields,
    moved_targets,
    paired_documents,
)
from retab_mcp.models import ExperimentJob, Failure
from retab_mcp.models.experiment_run import (
    DocumentFile,
    DocumentScore,
    ExperimentMetrics,
    TargetScore,
)

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


def files(**named: tuple[str | None, str | None]) -> dict[str, DocumentFile]:
    return {key: DocumentFile(id=each, filename=name) for key, (each, name) in named.items()}


def test_failed_documents_come_first_then_unfinished_then_by_score() -> None:
    statuses = {"a": "completed", "b": "error", "c": "running", "d": "cancelled", "e": "completed"}
    rows = document_rows(table(statuses | {"f": "completed"}, {"a": 0.9, "e": 0.4}))
    assert [row.document_id for row in rows] == ["b", "d", "c", "e", "a", "f"]
    assert [row.filename for row in rows][-3:] == ["e.pdf", "a.pdf", None]


def test_documents_of_both_runs_are_paired_by_id_then_file_then_name() -> None:
    run = RunTable(
        [job(name, "completed") for name in "abcd"],
        files(a=("f1", "x.pdf"), b=("f2", "y.pdf"), c=("f3", "z.pdf"), d=(None, None)),
        None,
    )
    before = RunTable(
        [job(name, "completed") for name in "apqr"],
        files(a=("f9", "x.pdf"), p=("f2", "other.pdf"), q=("f8", "z.pdf"), r=(None, None)),
        None,
    )
    assert paired_documents(run, before) == {"a": "a", "b": "p", "c": "q"}
    rows = {row.document_id: row for row in document_rows(run, before)}
    assert [name for name, row in sorted(rows.items()) if row.file_replaced] == ["a"]
    assert (rows["b"].id_before, rows["b"].in_both) == ("p", True)
    assert (rows["d"].in_both, rows["r"].in_both, rows["r"].job) == (False, False, None)


def test_a_name_that_two_documents_share_pairs_neither() -> None:
    run = RunTable(
        [job("a", "completed"), job("b", "completed")],
        files(a=(None, "x.pdf"), b=(None, "x.pdf")),
        None,
    )
    before = RunTable([job("p", "completed")], files(p=(None, "x.pdf")), None)
    assert paired_documents(run, before) == {}
    assert paired_documents(before, run) == {}


def test_a_file_is_replaced_only_where_both_ids_are_known() -> None:
    run = RunTable([job("a", "completed")], files(a=("f1", "x.pdf")), None)
    for other in (files(a=(None, "y.pdf")), files(a=("f1", "x.pdf")), {}):
        (row,) = document_rows(run, RunTable([job("a", "completed")], other, None))
        assert not row.file_replaced


def test_compared_documents_come_by_flip_then_loss_then_changed_values() -> None:
    outputs = {name: {"out": {"data": 1}} for name in "abcdef"}
    run = replace(
        table(
            {"a": "completed", "b": "error", "c": "completed", "d": "completed", "e": "completed"},
            {"a": 0.9, "c": 0.5, "d": 0.7, "e": 0.7},
        ),
        outputs=outputs,
    )
    before = replace(
        table(
            {"a": "error", "b": "completed", "c": "completed", "d": "completed", "e": "completed"},
            {"a": 0.9, "c": 0.8, "d": 0.7, "e": 0.702},
        ),
        outputs=outputs | {"e": {"out": {"data": 2}}},
    )
    rows = document_rows(run, before)
    assert [row.document_id for row in rows] == ["b", "a", "c", "e", "d"]
    assert [row.flipped for row in rows] == [True, True, False, False, False]
    assert [row.change for row in rows] == [None, 0.0, pytest.approx(-0.3), 0.0, 0.0]
    changed = rows[3].changes
    assert changed is not None
    assert [each.change.path for each in changed] == ["/handle_outputs/out/data"]
    assert rows[4].changes == ()


def test_outputs_that_one_run_lacks_are_not_compared() -> None:
    run = replace(table({"a": "completed"}, {}), outputs={"a": {}})
    (row,) = document_rows(run, table({"a": "completed"}, {}))
    assert row.changes is None


def test_a_document_that_only_the_other_run_has_keeps_what_is_known_of_it() -> None:
    (row,) = document_rows(table({}, {}), table({"a": "error"}, {"a": 0.4}))
    assert (row.document_id, row.filename, row.status, row.score) == ("a", "a.pdf", None, None)
    assert (row.status_before, row.score_before, row.flipped) == ("error", 0.4, False)


@pytest.mark.parametrize(
    ("status", "ended", "state"),
    [
        ("completed", True, "completed"),
        ("pending", True, "never_ran"),
        ("queued", True, "never_ran"),
        ("queued", False, "queued"),
        ("running", True, "never_ended"),
        ("running", False, "running"),
    ],
)
def test_a_document_without_a_result_says_why(status: str, ended: bool, state: str) -> None:
    (row,) = document_rows(table({"a": status}, {}))
    assert row.state(run_ended=ended) == state


def test_a_placeholder_and_a_missing_job_say_so() -> None:
    placeholder = job("a", "queued").model_copy(update={"is_placeholder": True})
    (row,) = document_rows(RunTable([placeholder], {}, None))
    assert row.state(run_ended=True) == "placeholder"
    (gone,) = document_rows(table({}, {}), table({"a": "completed"}, {}))
    assert gone.state(run_ended=True) is None


def test_the_name_in_the_scores_comes_before_that_of_the_file() -> None:
    run = replace(table({"a": "completed"}, {"a": 1.0}), files=files(a=("f1", "upload.pdf")))
    assert document_rows(run)[0].filename == "a.pdf"
    alone = RunTable([job("a", "completed")], files(a=("f1", "upload.pdf")), None)
    assert document_rows(alone)[0].filename == "upload.pdf"


def test_moved_fields_have_both_values_and_scores() -> None:
    now = [TargetScore(path="total", score=0.2, value=4), TargetScore(path="new", score=0.5)]
    before = [TargetScore(path="total", score=0.9, value=5)]
    assert moved_fields(now, before) == [
        TargetChange("total", 0.2, 0.9, 4, 5),
        TargetChange("new", 0.5, None),
    ]
    assert moved_fields(before, before) == []


def test_groups_of_failures_come_by_size_then_kind() -> None:
    jobs = [
        job("doc_1", "error", "connection refused"),
        job("doc_2", "error", "no such thing"),
        job("doc_3", "error", "no such thing"),
        ExperimentJob(id="j", run_id="r", document_id="doc_4", status="error"),
    ]
    groups = group_document_failures(document_rows(RunTable(jobs, {}, None)))
    assert [group.document_ids for group in groups] == [
        ("doc_2", "doc_3"),
        *sorted([("doc_1",), ("doc_4",)], key=lambda ids: ids != ("doc_1",)),
    ]


def test_a_score_that_changed_by_half_a_percent_moved() -> None:
    assert [each.path for each in moved_targets({"a": 0.005, "b": 0.0049}, {"a": 0, "b": 0})] == [
        "a"
    ]
