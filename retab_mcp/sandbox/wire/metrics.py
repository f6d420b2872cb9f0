"""Scores of an experiment run, from the jobs' own scores and their extractions' likelihoods."""

from collections.abc import Mapping

from retab_mcp.sandbox.records import Json, SampleExperiment, SampleJob, resolve
from retab_mcp.sandbox.store import Store
from retab_mcp.sandbox.wire.artifacts import is_older
from retab_mcp.sandbox.wire.common import Body


def metrics(
    generation: str,
    store: Store,
    experiment: SampleExperiment,
    view: str,
    document_id: str | None,
    target: str | None,
) -> Body:
    """The body for a view: summary, by_document, by_target or votes.

    Without any score it is the error that the API sends with status 200.
    """
    if all(job.score is None for job in experiment.jobs):
        return {
            **_kind(generation, "no_metrics"),
            "error": "no_metrics",
            "experiment_id": experiment.id,
            "message": "No metrics have been computed for this experiment run.",
        }
    jobs = [job for job in experiment.jobs if document_id in (None, job.document_id)]
    if view == "summary":
        return _summary(generation, store, experiment)
    body: Body = {
        **_kind(generation, view),
        "run_id": experiment.run_id,
        "view": view,
        "score": experiment.score,
        "prior_score": None,
    }
    if view == "by_target":
        return {**body, "target": target, "documents": [_cell(store, j, target) for j in jobs]}
    document = _document(jobs[0]) if jobs else {"id": document_id, "filename": ""}
    if view == "by_document":
        scores = _likelihoods(store, jobs[0]) if jobs else {}
        targets = [{"path": path, "score": score} for path, score in scores.items()]
        return {**body, "document": document, "targets": targets}
    votes = _votes(store, jobs[0], target or "") if jobs else []
    row = {"consensus": _value(store, jobs[0], target or "") if jobs else None, "votes": votes}
    return {**body, "document": document, "target": target, "rows": [row]}


def _kind(generation: str, kind: str) -> Body:
    return {} if is_older(generation) else {"kind": kind}


def _summary(generation: str, store: Store, experiment: SampleExperiment) -> Body:
    older = is_older(generation)
    body: Body = {
        "experiment_id": experiment.id,
        "run_id": experiment.run_id,
        **_kind(generation, "summary"),
        "view": "summary",
        "block_kind" if older else "block_type": experiment.block_type,
        "score": experiment.score,
        "prior_score": None,
        "documents": [
            {**_document(job), "score": job.score, "prior_score": None} for job in experiment.jobs
        ],
        "aggregate": {"likelihoods": _means(store, experiment)},
        "prior_run_id": None,
    }
    fingerprint = "block_execution_fingerprint" if generation == "g3" else "definition_fingerprint"
    body[fingerprint] = "fp_" + experiment.block_id
    if generation == "g3":
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
    """Likelihood by top-level field, where the artifact is an extraction with votes."""
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


def _cell(store: Store, job: SampleJob, target: str | None) -> Body:
    score = _likelihoods(store, job).get(target or "")
    value = _value(store, job, target or "")
    return {**_document(job), "score": score, "prior_score": None, "value": value}
