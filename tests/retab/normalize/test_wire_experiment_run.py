"""Experiment runs and their scores, from every generation and from arbitrary JSON."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.models.experiment_run import DocumentScore, TargetScore
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize.wire_experiment_run import (
    experiment_run_from_wire,
    metrics_from_wire,
    target_scores_from_wire,
)

READERS = (experiment_run_from_wire, metrics_from_wire, target_scores_from_wire)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
KNOWN = (
    *("id", "kind", "error", "status", "lifecycle", "timing", "score", "n_consensus", "documents"),
    *("aggregate", "likelihoods", "diag", "targets", "path", "workflow", "stale_reasons"),
)
bodies = st.dictionaries(st.sampled_from(KNOWN), json_values)


@pytest.mark.parametrize("read", READERS)
@given(body=bodies)
def test_no_object_fails(read: Any, body: dict[str, Any]) -> None:
    read(body)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("body", [None, [], "text", 3])
def test_anything_but_an_object_is_refused(read: Any, body: Any) -> None:
    with pytest.raises(RetabError) as refused:
        read(body)
    assert refused.value.kind == "bad_response"


@pytest.mark.parametrize(
    "body",
    [
        {"id": "exprun_1", "status": "completed", "block_kind": "extract", "score": 0.5,
         "created_at": "2026-05-01T10:00:00Z", "duration_ms": 1500},
        {"id": "exprun_1", "lifecycle": {"status": "completed"}, "block_type": "extract",
         "score": 0.5, "timing": {"created_at": "2026-05-01T10:00:00Z", "duration_ms": 1500}},
    ],
)  # fmt: skip
def test_a_run_of_any_generation(body: dict[str, Any]) -> None:
    run = experiment_run_from_wire(body, experiment_id="exp_1")
    assert (run.id, run.experiment_id, run.status) == ("exprun_1", "exp_1", "completed")
    assert (run.type, run.score, run.elapsed_ms) == ("extract", 0.5, 1500)


@pytest.mark.parametrize("named", [{"kind": "stale_metrics"}, {"error": "stale_metrics"}])
def test_stale_scores_with_status_200(named: dict[str, str]) -> None:
    body = {**named, "stale_reasons": ["inputs_changed"], "message": "Run it again.", "score": 1}
    metrics = metrics_from_wire(body)
    assert (metrics.kind, metrics.stale_reasons) == ("stale_metrics", ("inputs_changed",))
    assert (metrics.message, metrics.score) == ("Run it again.", None)


def test_scores_of_an_extraction_and_of_a_classification() -> None:
    document = {"id": "expdoc_1", "filename": "a.pdf", "score": 0.4, "prior_score": None}
    extraction = metrics_from_wire(
        {"kind": "summary", "score": 0.4, "documents": [document, None], "prior_run_id": "exprun_0",
         "aggregate": {"likelihoods": {"total": 0.4, "date": None}}}
    )  # fmt: skip
    assert extraction.documents == (
        DocumentScore(document_id="expdoc_1", filename="a.pdf", score=0.4),
    )
    assert (extraction.targets, extraction.prior_run_id) == ({"total": 0.4}, "exprun_0")
    classification = metrics_from_wire({"aggregate": {"diag": {"invoice": 0.9}, "flows": []}})
    assert (classification.kind, classification.targets) == ("summary", {"invoice": 0.9})


def test_fields_of_a_document_keep_a_null() -> None:
    fields = target_scores_from_wire({"targets": [{"path": "total", "score": 1, "value": None}]})
    assert fields == (TargetScore(path="total", score=1.0, value=None),)
