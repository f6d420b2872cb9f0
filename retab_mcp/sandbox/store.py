"""The samples, found by id and in the order in which the API lists them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from retab_mcp.sandbox.records import (
    Sample,
    SampleArtifact,
    SampleExperiment,
    SampleJob,
    SampleReview,
    SampleRun,
    SampleStep,
    moment,
    resolve,
)


@dataclass(frozen=True)
class StoredArtifact:
    """An artifact and the step that made it (empty ids for an experiment's)."""

    record: SampleArtifact
    run_id: str
    step_id: str
    block_id: str


class Store:
    """All samples that one server serves. Step lists and artifacts are built on first use."""

    def __init__(self, samples: Iterable[Sample]) -> None:
        """Take the samples; a later run with the same id replaces an earlier one."""
        samples = tuple(samples)
        self.runs = {run.id: run for sample in samples for run in sample.runs}
        self.eval_runs = {run.id: run for sample in samples for run in sample.eval_runs}
        tried = [experiment for sample in samples for experiment in sample.experiments]
        tried.sort(key=lambda experiment: moment(experiment.created_at))
        self.experiment_runs = {experiment.run_id: experiment for experiment in tried}
        # The newest run of an experiment replaces earlier ones.
        self.experiments = {experiment.id: experiment for experiment in tried}
        self._steps: dict[str, tuple[SampleStep, ...]] = {}
        self._artifacts: dict[str, tuple[StoredArtifact, ...]] = {}
        self._by_artifact_id: dict[str, StoredArtifact] = {}

    def steps(self, run_id: str) -> tuple[SampleStep, ...]:
        """Return the steps of a run by start time, then step id; those that never started last."""
        if run_id not in self._steps:
            steps = resolve(self.runs[run_id].steps)
            self._steps[run_id] = tuple(sorted(steps, key=_by_start))
        return self._steps[run_id]

    def all_steps(self) -> list[tuple[SampleRun, SampleStep]]:
        """Return the steps of every run, in the same order."""
        pairs = [(run, step) for run in self.runs.values() for step in self.steps(run.id)]
        return sorted(pairs, key=lambda pair: _by_start(pair[1]))

    def find_step(self, step_id: str, run_id: str | None) -> tuple[SampleRun, SampleStep] | None:
        """Return a step by its id, in one run or else in the newest run that has it."""
        newest_first = sorted(
            self.runs.values(), key=lambda run: moment(run.created_at), reverse=True
        )
        for run in newest_first:
            if run_id is not None and run.id != run_id:
                continue
            for step in self.steps(run.id):
                if step.step_id == step_id:
                    return run, step
        return None

    def find_nested_step(self, run_id: str, wanted: str) -> SampleStep | None:
        """Return a step of a run by step id, or else the first one of a block."""
        steps = self.steps(run_id)
        by_id = next((step for step in steps if step.step_id == wanted), None)
        return by_id or next((step for step in steps if step.block_id == wanted), None)

    def artifacts(self, run_id: str) -> tuple[StoredArtifact, ...]:
        """Return the artifacts of a run in the order of the steps that made them."""
        if run_id not in self._artifacts:
            run = self.runs[run_id]
            records = {record.id: record for record in resolve(run.artifacts)}
            self._artifacts[run_id] = tuple(
                StoredArtifact(records[step.artifact.id], run_id, step.step_id, step.block_id)
                for step in self.steps(run_id)
                if step.artifact is not None and step.artifact.id in records
            )
        return self._artifacts[run_id]

    def all_artifacts(self) -> Sequence[StoredArtifact]:
        """Return every artifact, of runs and of experiments."""
        stored = [entry for run_id in self.runs for entry in self.artifacts(run_id)]
        for experiment in self.experiment_runs.values():
            stored += [
                StoredArtifact(record, experiment.run_id, "", experiment.block_id)
                for record in resolve(experiment.artifacts)
            ]
        return stored

    def artifact(self, artifact_id: str) -> StoredArtifact | None:
        """Return an artifact by its id."""
        if not self._by_artifact_id:
            self._by_artifact_id = {entry.record.id: entry for entry in self.all_artifacts()}
        return self._by_artifact_id.get(artifact_id)

    def experiment_of_run(self, run_id: str) -> SampleExperiment | None:
        """Return the experiment that an experiment run belongs to."""
        return self.experiment_runs.get(run_id)

    def runs_of_experiment(self, experiment_id: str) -> list[SampleExperiment]:
        """Return the runs of an experiment, newest first."""
        return [e for e in reversed(self.experiment_runs.values()) if e.id == experiment_id]

    def run_before(self, experiment: SampleExperiment) -> SampleExperiment | None:
        """Return the run of the same experiment before this one."""
        earlier = self.runs_of_experiment(experiment.id)
        place = [each.run_id for each in earlier].index(experiment.run_id)
        return earlier[place + 1] if place + 1 < len(earlier) else None

    def job(self, result_id: str) -> tuple[SampleExperiment, SampleJob] | None:
        """Return a job by its own id."""
        for experiment in self.experiment_runs.values():
            for job in experiment.jobs:
                if job.id == result_id:
                    return experiment, job
        return None

    def reviews(self) -> list[tuple[SampleRun, SampleReview]]:
        """Return every review, oldest first."""
        pairs = [(run, review) for run in self.runs.values() for review in run.reviews]
        return sorted(pairs, key=lambda pair: (moment(pair[1].created_at), pair[1].id))

    def graphs(self, workflow_id: str) -> dict[str, SampleRun]:
        """Return, by version id and newest first, the run that shows the graph of that version."""
        runs = [run for run in self.runs.values() if run.workflow_id == workflow_id]
        runs.sort(key=lambda run: moment(run.created_at), reverse=True)
        versions: dict[str, SampleRun] = {}
        for run in runs:
            shown = versions.get(run.workflow_version_id)
            if shown is None or (run.blocks and not shown.blocks):
                versions[run.workflow_version_id] = run
        return versions


def _by_start(step: SampleStep) -> tuple[datetime, str]:
    # The API does not specify where steps that never started are: here they are last.
    return moment(step.started_at), step.step_id
