"""What changed between two runs of an experiment."""

from typing import Any

from retab_mcp.analysis.compare.path_changes import path_changes
from retab_mcp.analysis.experiments.document_table import DocumentRow
from retab_mcp.analysis.experiments.run_changes import (
    RenamedField,
    ScoresInBoth,
    SettingChange,
    changed_settings,
    renamed_fields,
    scores_in_both,
    without_renamed,
)
from retab_mcp.models import ExperimentJob
from retab_mcp.models.experiment_run import ExperimentRun


def run(**settings: Any) -> ExperimentRun:
    return ExperimentRun(id="exprun_1", status="completed", **settings)


def row(value: Any = None, other: Any = None, **fields: Any) -> DocumentRow:
    job = ExperimentJob(id="j", run_id="r", document_id="d", status="completed")
    known = {"job": job, "score": None, "id_before": "d", **fields}
    return DocumentRow("d", None, changes=path_changes(value, other), **known)


def test_settings_that_differ_are_named_with_both_values() -> None:
    now = run(
        n_consensus=5, workflow_version_id="w", block_version_id="b2", documents_fingerprint="1"
    )
    before = run(
        n_consensus=3, workflow_version_id="w", block_version_id="b1", documents_fingerprint="2"
    )
    assert changed_settings(now, before) == [
        SettingChange("n_consensus", 5, 3),
        SettingChange("block_version_id", "b2", "b1"),
        SettingChange("documents"),
    ]
    configured = changed_settings(
        run(configuration_fingerprint="1"), run(configuration_fingerprint="2")
    )
    assert configured == [SettingChange("block configuration")]


def test_a_setting_that_one_run_lacks_is_no_change() -> None:
    known = run(n_consensus=5, configuration_fingerprint="1", documents_fingerprint="1")
    assert changed_settings(known, run()) == []
    assert changed_settings(run(), known) == []
    assert changed_settings(known, known) == []


def test_means_are_over_documents_that_both_runs_scored() -> None:
    rows = [
        row(score=1.0, score_before=0.5),
        row(score=0.5, score_before=0.5),
        row(score=0.0),
        row(score_before=0.0),
        row(score=0.0, score_before=0.0, id_before=None),
        row(score=0.0, score_before=0.0, job=None),
    ]
    assert scores_in_both(rows) == ScoresInBoth(documents=4, scored=2, score=0.75, before=0.5)
    assert scores_in_both([]) == ScoresInBoth(documents=0, scored=0, score=None, before=None)


def test_a_field_with_another_name_and_the_same_values_was_renamed() -> None:
    rows = [
        row({"out": {"sum": 5}}, {"out": {"total": 5}}),
        row({"out": {"sum": 7}}, {"out": {"total": 7}}),
    ]
    assert renamed_fields(rows) == [RenamedField(("out", "total"), ("out", "sum"))]


def test_fields_of_rows_are_renamed_in_every_row() -> None:
    now = {"lines": [{"price": 1, "id": "a"}, {"price": 2, "id": "b"}]}
    before = {"lines": [{"cost": 1, "id": "a"}, {"cost": 2, "id": "b"}]}
    assert renamed_fields([row(now, before)]) == [
        RenamedField(("lines", "*", "cost"), ("lines", "*", "price"))
    ]


def test_no_field_was_renamed_where_values_or_parents_differ() -> None:
    assert renamed_fields([row({"sum": 5}, {"total": 6})]) == []
    assert renamed_fields([row({"a": {"sum": 5}}, {"b": {"total": 5}})]) == []
    assert renamed_fields([row({"sum": None}, {"total": None})]) == []
    mixed = [row({"sum": 5}, {"total": 5}), row({"sum": 5}, {"total": 6})]
    assert renamed_fields(mixed) == []


def test_two_fields_of_one_value_are_not_told_apart() -> None:
    assert renamed_fields([row({"net": 5, "gross": 5}, {"total": 5})]) == []
    assert renamed_fields([row({"total": 5}, {"net": 5, "gross": 5})]) == []


def test_the_most_frequent_renaming_comes_first() -> None:
    rows = [
        row({"sum": 1}, {"total": 1}),
        row({"sum": 2, "day": "x"}, {"total": 2, "date": "x"}),
    ]
    assert [one.now for one in renamed_fields(rows)] == [("sum",), ("day",)]


def test_changes_of_renamed_fields_are_left_out() -> None:
    changed = row({"sum": 5, "day": 1, "new": 0}, {"total": 5, "day": 2})
    renamed = [RenamedField(("total",), ("sum",))]
    assert changed.changes is not None
    left = without_renamed(changed.changes, renamed)
    assert sorted(each.change.path for each in left) == ["/day", "/new"]
    same_name = without_renamed(changed.changes, [RenamedField(("day",), ("day",))])
    assert len(same_name) == len(changed.changes)
