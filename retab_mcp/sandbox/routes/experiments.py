"""Experiments: under their workflow until 2026-05-18, half flat for three days, flat since."""

from starlette.responses import Response
from starlette.routing import Route

from retab_mcp.sandbox.answers import answer, envelope, to_bytes
from retab_mcp.sandbox.query import ApiError, Query
from retab_mcp.sandbox.records import SampleExperiment, SampleJob, moment
from retab_mcp.sandbox.routes.base import Routes
from retab_mcp.sandbox.wire import experiments as wire
from retab_mcp.sandbox.wire.common import Body
from retab_mcp.sandbox.wire.metrics import Compared, metrics

_LIMITS, _RUN_LIMITS, _RESULT_LIMITS = (50, 100), (20, 100), (100, 1000)
_VIEWS = ("summary", "by_document", "by_target", "votes")


class ExperimentRoutes(Routes):
    """The parts that all generations share."""

    def _of_workflow(self, workflow_id: str) -> list[SampleExperiment]:
        found = [e for e in self.store.experiments.values() if e.workflow_id == workflow_id]
        return sorted(found, key=lambda experiment: moment(experiment.created_at), reverse=True)

    def _nested(self, query: Query) -> SampleExperiment:
        """Return the experiment that the path names, which must be the workflow's own."""
        wanted = query.path("experiment_id")
        found = self.store.experiments.get(wanted)
        if found is None or found.workflow_id != query.path("workflow_id"):
            raise ApiError(404, f"Experiment not found: {wanted}")
        return found

    def _experiment(self, experiment: SampleExperiment) -> Body:
        return wire.experiment(experiment, older=self.generation.nested)

    def _by_run(self, run_id: str) -> SampleExperiment:
        found = self.store.experiment_of_run(run_id)
        if found is None:
            raise ApiError(404, f"Experiment run not found: {run_id}")
        return found

    def _nested_run(self, query: Query, run_id: str | None) -> SampleExperiment:
        """Return a run of the experiment that the path names, by default the last."""
        newest = self._nested(query)
        if run_id is None:
            return newest
        found = self.store.experiment_of_run(run_id)
        if found is None or found.id != newest.id:
            raise ApiError(404, f"Experiment run not found: {run_id}")
        return found

    def _metrics(self, query: Query, experiment: SampleExperiment) -> Response:
        view = query.choice("view", _VIEWS, "summary") or "summary"
        document_id, target = query.text("document_id"), query.text("target_path")
        if view in ("by_document", "votes") and document_id is None:
            raise ApiError(422, f"document_id is required for view={view}")
        if view in ("by_target", "votes") and target is None:
            raise ApiError(422, f"target_path is required for view={view}")
        prior_id = query.text("prior_run_id")
        prior = self._by_run(prior_id) if prior_id else self.store.run_before(experiment)
        if query.text("include_prior") == "false":
            prior = None
        pair = Compared(experiment, prior)
        return answer(metrics(self.generation, self.store, pair, view, document_id, target))


def _job_of(experiment: SampleExperiment, document_id: str) -> SampleJob:
    for job in experiment.jobs:
        if job.document_id == document_id:
            return job
    raise ApiError(404, f"Experiment result not found: {document_id}")


class NestedExperimentRoutes(ExperimentRoutes):
    """g2a, g2b and the first half of g2c."""

    def routes(self) -> list[Route]:
        """Return everything under /v1/workflows/{workflow_id}/experiments."""
        route, root = self.route, "/v1/workflows/{workflow_id}/experiments"
        one = root + "/{experiment_id}"
        return [
            route(root, self._list_experiments),
            route(one, self._get_experiment),
            route(one + "/runs", self._list_runs),
            route(one + "/content", self._get_content),
            route(one + "/metrics", self._get_metrics),
            route(one + "/runs/{run_id}/documents/{document_id}", self._get_job),
        ]

    def _list_experiments(self, query: Query) -> Response:
        found = self._of_workflow(query.path("workflow_id"))
        return self.generation.rows([to_bytes(self._experiment(entry)) for entry in found])

    def _get_experiment(self, query: Query) -> Response:
        return answer(self._experiment(self._nested(query)))

    def _list_runs(self, query: Query) -> Response:
        runs = self.store.runs_of_experiment(self._nested(query).id)
        return answer({"runs": [wire.run_summary(entry) for entry in runs]})

    def _get_content(self, query: Query) -> Response:
        experiment = self._nested_run(query, query.text("run_id"))
        jobs = [wire.job(self.generation, experiment, job) for job in experiment.jobs]
        content = {"jobs": jobs}
        return answer(
            {"experiment_id": experiment.id, "run_id": experiment.run_id, "content": content}
        )

    def _get_metrics(self, query: Query) -> Response:
        return self._metrics(query, self._nested_run(query, query.text("run_id")))

    def _get_job(self, query: Query) -> Response:
        experiment = self._nested_run(query, query.path("run_id"))
        job = _job_of(experiment, query.path("document_id"))
        return answer(wire.job(self.generation, experiment, job))


class HalfFlatExperimentRoutes(NestedExperimentRoutes):
    """g2c from 2026-05-18 to 2026-05-21: definitions nested, runs flat."""

    def routes(self) -> list[Route]:
        """Return definitions under their workflow, runs at /v1/workflows/experiments/runs."""
        route, root = self.route, "/v1/workflows/{workflow_id}/experiments"
        runs = "/v1/workflows/experiments/runs"
        return [
            route(runs, self._list_runs),
            route(runs + "/{run_id}", self._get_run),
            route(runs + "/{run_id}/results", self._list_results),
            route(runs + "/{run_id}/results/{document_id}", self._get_result),
            route(runs + "/{run_id}/metrics", self._get_metrics),
            route(root, self._list_experiments),
            route(root + "/{experiment_id}", self._get_experiment),
        ]

    def _list_runs(self, query: Query) -> Response:
        rows = [to_bytes(wire.older_run(entry)) for entry in self.store.experiment_runs.values()]
        return envelope(rows)

    def _get_run(self, query: Query) -> Response:
        return answer(wire.older_run(self._by_run(query.path("run_id"))))

    def _list_results(self, query: Query) -> Response:
        experiment = self._by_run(query.path("run_id"))
        return envelope(
            [
                to_bytes(wire.older_result(self.generation, experiment, job))
                for job in experiment.jobs
            ]
        )

    def _get_result(self, query: Query) -> Response:
        experiment = self._by_run(query.path("run_id"))
        return answer(
            wire.older_result(
                self.generation, experiment, _job_of(experiment, query.path("document_id"))
            )
        )

    def _get_metrics(self, query: Query) -> Response:
        return self._metrics(query, self._by_run(query.path("run_id")))


class FlatExperimentRoutes(ExperimentRoutes):
    """g2e and g3."""

    def routes(self) -> list[Route]:
        """Return everything at /v1/workflows/experiments; the literal paths first."""
        route, root = self.route, "/v1/workflows/experiments"
        return [
            route(root, self._list_experiments),
            route(root + "/runs", self._list_runs),
            route(root + "/runs/{run_id}", self._get_run),
            route(root + "/results", self._list_results),
            route(root + "/results/{result_id}", self._get_result),
            route(root + "/metrics", self._get_metrics),
            route(root + "/{experiment_id}", self._get_experiment),
        ]

    def _list_experiments(self, query: Query) -> Response:
        found = self._of_workflow(query.required("workflow_id"))
        return self.page(
            query,
            found,
            lambda entry: entry.id,
            lambda entry: self._experiment(entry),
            _LIMITS,
        )

    def _get_experiment(self, query: Query) -> Response:
        wanted = query.path("experiment_id")
        found = self.store.experiments.get(wanted)
        if found is None:
            raise ApiError(404, f"Experiment not found: {wanted}")
        return answer(self._experiment(found))

    def _list_runs(self, query: Query) -> Response:
        experiment_id, workflow_id = query.text("experiment_id"), query.text("workflow_id")
        found = [
            entry
            for entry in self.store.experiment_runs.values()
            if experiment_id in (None, entry.id) and workflow_id in (None, entry.workflow_id)
        ]
        found.sort(key=lambda entry: moment(entry.created_at), reverse=True)
        return self.page(
            query,
            found,
            lambda entry: entry.run_id,
            lambda entry: wire.run(self.generation, entry),
            _RUN_LIMITS,
        )

    def _get_run(self, query: Query) -> Response:
        return answer(wire.run(self.generation, self._by_run(query.path("run_id"))))

    def _list_results(self, query: Query) -> Response:
        experiment = self._by_run(query.required("run_id"))
        descending = query.choice("order", ("asc", "desc"), "desc") == "desc"
        jobs = sorted(
            experiment.jobs, key=lambda job: (moment(job.created_at), job.id), reverse=descending
        )
        return self.page(
            query,
            jobs,
            lambda job: job.id,
            lambda job: wire.result(experiment, job),
            _RESULT_LIMITS,
        )

    def _get_result(self, query: Query) -> Response:
        wanted = query.path("result_id")
        found = self.store.job(wanted)
        if found is None:
            raise ApiError(404, f"Experiment result not found: {wanted}")
        return answer(wire.result(*found))

    def _get_metrics(self, query: Query) -> Response:
        return self._metrics(query, self._by_run(query.required("run_id")))
