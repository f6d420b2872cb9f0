"""Scores of an experiment run, from the jobs' own scores and their extractions' likelihoods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retab_mcp.sandbox.records import Json, SampleExperiment, SampleJob, resolve
from retab_mcp.sandbox.store import Store
from retab_mcp.sandbox.wire.common import Body

if TYPE_CHECKING:
    from retab_mcp.sandbox.generation import Generation


@dataclass(frozen=True)
class Compared:
    """An experiment run and the one before it, None without one."""

    run: SampleExperiment
    prior: SampleExperiment | None = None

    def prior_job(self, document_id: str) -> SampleJob | None:
        """Return the earlier run's job of a document."""
        jobs = self.prior.jobs if self.prior else ()
        return next((job for job in jobs if job.document_id == document_id), None)


def metrics(
    generation: Generation,
    store: Store,
    compared: Compared,
    view: str,
    document_id: str | None,
    target: str | None,
) -> Body:
    """Return the body for a view: summary, by_document, by_target or votes.

    Stale and missing scores are errors that the API sends with status 200.
    """
    experiment = compared.run
    if experiment.stale_reasons:
        return _stale(generation, experiment)
    if all(job.score is None for job in experiment.jobs):
        return {
            **_kind(generation, "no_metrics"),
            "error": "no_metrics",
            "experiment_id": experiment.id,
            "message": "No metrics have been computed for this experiment run.",
        }
    if view == "summary":
        return _summary(generation, store, compared)
    body: Body = {
        **_kind(generation, view),
        "run_id": experiment.run_id,
        "view": view,
        "score": experiment.score,
        "prior_score": _prior_score(compared.prior),
    }
    jobs = [job for job in experiment.jobs if document_id in (None, job.document_id)]
    if view == "by_target":
        cells = [_cell(store, compared, job, target or "") for job in jobs]
        return {**body, "target": target, "documents": cells}
    document = _document(jobs[0]) if jobs else {"id": document_id, "filename": ""}
    if view == "by_document":
        fields = _likelihoods(store, jobs[0]) if jobs else {}
        targets = [{"path": path, **_field(store, compared, jobs[0], path)} for path in fields]
        return {**body, "document": document, "targets": targets}
    votes = _votes(store, jobs[0], target or "") if jobs else []
    row = {"consensus": _value(store, jobs[0], target or "") if jobs else None, "votes": votes}
    return {**body, "document": document, "target": target, "rows": [row]}


def _kind(generation: Generation, kind: str) -> Body:
    return {} if generation.nested else {"kind": kind}


def _prior_score(prior: SampleExperiment | SampleJob | None) -> float | None:
    return prior.score if prior else None


def _stale(generation: Generation, experiment: SampleExperiment) -> Body:
    return {
        **_kind(generation, "stale_metrics"),
        "error": "stale_metrics",
        "experiment_id": experiment.id,
        "stale_reasons": list(experiment.stale_reasons),
        "last_run": {
            "run_id": experiment.run_id,
            generation.fingerprint: "fp_" + experiment.block_id,
            "score": experiment.score,
            "created_at": experiment.created_at,
        },
        generation.current_fingerprint: "fp_changed_" + experiment.block_id,
        "message": "The experiment has changed since its last run: run it again.",
    }


def _summary(generation: Generation, store: Store, compared: Compared) -> Body:
    older, experiment = generation.nested, compared.run
    body: Body = {
        "experiment_id": experiment.id,
        "run_id": experiment.run_id,
        **_kind(generation, "summary"),
        "view": "summary",
        "block_kind" if older else "block_type": experiment.block_type,
        "score": experiment.score,
        "prior_score": _prior_score(compared.prior),
        "documents": [
            {
                **_document(job),
                "score": job.score,
                "prior_score": _prior_score(compared.prior_job(job.document_id)),
            }
            for job in experiment.jobs
        ],
        "aggregate": {"likelihoods": _means(store, experiment)},
        "prior_run_id": compared.prior.run_id if compared.prior else None,
    }
    body[generation.fingerprint] = "fp_" + experiment.block_id
    if generation.counts_scored:
        scored = [job for job in experiment.jobs if job.score is not None]
        body["scored_document_count"] = len(scored)
        body["total_document_count"] = len(experiment.jobs)
    return body


def _document(job: SampleJob) -> Body:
    return {"id": job.document_id, "filename": job.filename}


def _data(store: Store, job: SampleJob) -> Mapping[str, Json]:
    stored = store.artifact(job.artifact.id) if job.artifact else None
    return resolve(stored.record.data) if stored else {}


def _likelihoods(store: Store, job: SampleJob) -> dict[str, float]:
    """Return likelihoods by top-level field, where the artifact is an extraction with votes."""
    consensus = _data(store, job).get("consensus") or {}
    likelihoods = consensus.get("likelihoods") if isinstance(consensus, Mapping) else None
    if not isinstance(likelihoods, Mapping):
        return {}
    return {path: score for path, score in likelihoods.items() if isinstance(score, (int, float))}


def _means(store: Store, experiment: SampleExperiment) -> dict[str, float]:
    by_path: dict[str, list[float]] = {}
    for job in experiment.jobs:
        for path, score in _likelihoods(store, job).items():
            by_path.setdefault(path, []).append(score)
    return {path: sum(scores) / len(scores) for path, scores in by_path.items()}


def _value(store: Store, job: SampleJob, target: str) -> Json:
    output = _data(store, job).get("output")
    return output.get(target) if isinstance(output, Mapping) else None


def _votes(store: Store, job: SampleJob, target: str) -> list[Json]:
    consensus = _data(store, job).get("consensus") or {}
    choices = consensus.get("choices", []) if isinstance(consensus, Mapping) else []
    return [choice.get(target) for choice in choices if isinstance(choice, Mapping)]


def _cell(store: Store, compared: Compared, job: SampleJob, target: str) -> Body:
    return {**_document(job), **_field(store, compared, job, target)}


def _field(store: Store, compared: Compared, job: SampleJob, path: str) -> Body:
    earlier = compared.prior_job(job.document_id)
    return {
        "score": _likelihoods(store, job).get(path),
        "prior_score": _likelihoods(store, earlier).get(path) if earlier else None,
        "value": _value(store, job, path),
    }
