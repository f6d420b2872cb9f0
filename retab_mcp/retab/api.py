"""The Retab API, independent of its generation."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from retab_mcp.models import Artifact, ErrorKind, ExperimentJob, Graph, Run, Step, StepSummary
from retab_mcp.models.eval_run import EvalRun
from retab_mcp.models.experiment import Experiment
from retab_mcp.models.experiment_run import ExperimentMetrics, ExperimentRun, TargetScore
from retab_mcp.models.review import DecidedReview
from retab_mcp.retab import routes
from retab_mcp.retab.artifact_pages import ArtifactPage, artifact_pages
from retab_mcp.retab.artifact_routes import artifact_by_id, artifact_by_operation, primitive
from retab_mcp.retab.client import Params, Reply, RetabClient
from retab_mcp.retab.credential import Credential
from retab_mcp.retab.deadline import Deadline
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.eval_routes import (
    EvalResults,
    eval_names,
    eval_results,
    eval_run,
    eval_runs,
)
from retab_mcp.retab.experiment_job_routes import flat_result, nested_job, result_of_run
from retab_mcp.retab.experiment_list import experiments_of
from retab_mcp.retab.experiment_run_routes import (
    ExperimentIds,
    JobList,
    experiment_jobs,
    experiment_metrics,
    experiment_run,
    runs_of_experiment,
    target_scores,
)
from retab_mcp.retab.extraction_sources import ExtractionSources, extraction_sources
from retab_mcp.retab.failing_steps import FailingSteps, failing_steps_before, failing_steps_near
from retab_mcp.retab.generations.generation import Family, Resource
from retab_mcp.retab.graph_routes import (
    entities_graph,
    live_graph,
    run_config_graph,
    version_graph,
)
from retab_mcp.retab.normalize import run_from_wire, step_from_wire
from retab_mcp.retab.operations import normal_operation, operation_of_id
from retab_mcp.retab.paging import Get
from retab_mcp.retab.read_limits import ReadLimits
from retab_mcp.retab.review_history import review_of_step
from retab_mcp.retab.reviews import ReviewList, reviews_of
from retab_mcp.retab.route_cache import CallerKey, RouteCache
from retab_mcp.retab.routes import Route
from retab_mcp.retab.run_list import MAX_RUNS_LIMIT, RunFilter, RunList, runs_page
from retab_mcp.retab.step_pages import (
    StepFilter,
    StepPage,
    embedded_page,
    flat_pages,
    nested_pages,
)
from retab_mcp.retab.usage import RunCredits, run_credits
from retab_mcp.retab.version_changes import VersionChanges, version_changes
from retab_mcp.retab.workflows import workflow_name, workflow_names

T = TypeVar("T")

# A run has as many of these as it has steps.
_PAGES_OF_STEPS = (routes.STEPS, routes.RUN_STEPS)


@dataclass(frozen=True)
class RetabApi:
    """Reads from one Retab server for one tool call, with its credential and deadline.

    Every method raises RetabError: of any kind that the client raises, and `unsupported` when the
    server has no route for the request in any generation.
    """

    client: RetabClient
    credential: Credential
    deadline: Deadline
    route_cache: RouteCache
    limits: ReadLimits = field(default_factory=ReadLimits)

    async def get_run(self, run_id: str) -> Run:
        """Return a run; its `generation` is detected from its shape."""
        reply = await self._get(routes.RUN, {"run_id": run_id})
        run = run_from_wire(reply.json, run_id=run_id)
        if run.id != run_id:
            # A cache or a proxy may have mixed up two answers.
            raise RetabError(
                ErrorKind.BAD_RESPONSE, "Retab returned another run than the one asked for."
            )
        self.route_cache.remember_run(self._caller, run.generation)
        return run

    async def step_pages(
        self, run: Run, *, statuses: Collection[str] = (), block_id: str = ""
    ) -> AsyncIterator[StepPage]:
        """Yield the steps of a run page by page, each step once.

        `statuses` (normal or unknown words) and `block_id` filter the steps, on the server where
        it can filter. Older servers send all steps in one body; when that is too large or has no
        route, the steps embedded in the run are returned.
        """
        wanted = StepFilter(statuses, block_id)
        for family in self.route_cache.order(self._caller, "steps", run.generation):
            flat = family == "flat"
            pages = flat_pages(self._get, run, wanted) if flat else nested_pages(self._get, run)
            try:
                page = await anext(pages)
            except RetabError as error:
                if not error.route_missing:
                    raise
                continue
            self.route_cache.remember(self._caller, "steps", family, run.generation)
            yield wanted.apply(page)
            async for page in pages:
                yield wanted.apply(page)
            return
        if run.steps is None:
            raise RetabError(
                ErrorKind.UNSUPPORTED, "This Retab server does not list the steps of a run."
            )
        yield wanted.apply(embedded_page(run))

    async def get_step(self, run: Run, step_id: str, *, block_id: str | None = None) -> Step:
        """Return a step of a run from its own route.

        Older routes omit times and retries, and find a step outside loops by its block:
        `block_id`, if given, is tried when they do not find `step_id`.
        """
        return await self._first_served(
            "steps",
            run.generation,
            {
                "flat": partial(self._flat_step, run, step_id),
                "nested": partial(self._nested_step, run, step_id, block_id),
            },
            noun="a step",
        )

    async def get_artifact(
        self, artifact_id: str, operation: str | None = None, generation: str | None = None
    ) -> Artifact:
        """Return an artifact.

        `operation` is needed when the server finds artifacts by operation and the id's prefix
        does not name it (invalid_argument lists the known ones). `generation` is that of the run
        that refers to the artifact, if known.
        """
        word = normal_operation(operation) if operation else operation_of_id(artifact_id)
        return await self._first_served(
            "artifact",
            generation,
            {
                "by_id": partial(artifact_by_id, self._get, artifact_id, word),
                "by_operation": partial(artifact_by_operation, self._get, artifact_id, word),
                "primitive": partial(primitive, self._get, artifact_id, word),
            },
            noun="this artifact",
        )

    async def get_experiment_job(
        self,
        run_id: str,
        document_id: str,
        workflow_id: str | None = None,
        experiment_id: str | None = None,
    ) -> ExperimentJob:
        """Return the job of one document in an experiment run.

        `document_id` may be the id of the job (result) itself. Only servers from before
        18 May 2026 need `workflow_id` and `experiment_id`; invalid_argument then says so.
        """
        ids = {
            "workflow_id": workflow_id,
            "experiment_id": experiment_id,
            "run_id": run_id,
            "document_id": document_id,
        }
        return await self._first_served(
            "experiment_job",
            None,
            {
                "flat": partial(flat_result, self._get, run_id, document_id),
                "result_of_run": partial(result_of_run, self._get, run_id, document_id),
                "nested": partial(nested_job, self._get, ids),
            },
            noun="the jobs of an experiment run",
        )

    async def get_experiment_run(self, ids: ExperimentIds) -> ExperimentRun:
        """Return a run of an experiment."""
        return await self._of_experiment(experiment_run, ids)

    async def list_experiment_runs(self, ids: ExperimentIds) -> list[ExperimentRun]:
        """Return the newest runs of an experiment, newest first."""
        return await self._of_experiment(runs_of_experiment, ids)

    async def list_experiments(self, workflow_id: str, block_id: str) -> list[Experiment]:
        """Return the newest experiments of a workflow, or of one of its blocks, newest first."""
        return await experiments_of(self._get, workflow_id, block_id)

    async def list_experiment_jobs(self, ids: ExperimentIds) -> JobList:
        """Return the documents of an experiment run."""
        return await self._of_experiment(experiment_jobs, ids)

    async def get_experiment_metrics(self, ids: ExperimentIds) -> ExperimentMetrics:
        """Return the scores of an experiment run; they may be stale or missing."""
        return await self._of_experiment(experiment_metrics, ids)

    async def get_target_scores(
        self, ids: ExperimentIds, document_id: str
    ) -> tuple[TargetScore, ...]:
        """Return the scores of the fields of one document of an experiment run."""
        return await self._of_experiment(partial(target_scores, document_id=document_id), ids)

    async def get_workflow_graph(self, run: Run) -> Graph:
        """Return the graph that a run executed.

        Its `version_id` is None when only the workflow's current graph is available.
        """
        return await self._first_served(
            "graph",
            run.generation,
            {
                "version": partial(version_graph, self._get, run),
                "run_config": partial(run_config_graph, self._get, run),
                "flat": partial(live_graph, self._get, run),
                "nested": partial(entities_graph, self._get, run),
            },
            noun="the graph of a workflow",
        )

    async def artifact_pages(self, run: Run) -> AsyncIterator[ArtifactPage]:
        """Yield the artifacts of a run page by page, in the order of its steps."""
        async for page in artifact_pages(self._get, run):
            yield page

    async def get_version_changes(
        self, workflow_id: str, from_version_id: str, to_version_id: str
    ) -> VersionChanges:
        """Return what changed from one version of a workflow to another."""
        return await version_changes(self._get, workflow_id, from_version_id, to_version_id)

    async def list_reviews(self, run: Run) -> ReviewList:
        """Return the reviews of a run, waiting and decided, oldest first."""
        return await reviews_of(self._get, run)

    async def get_sources(self, extraction_id: str) -> ExtractionSources:
        """Return where in its document an extraction found its values."""
        return await extraction_sources(self._get, extraction_id)

    async def get_review(self, run: Run, step: StepSummary) -> DecidedReview | None:
        """Return the latest review of a step with its versions, None if it has none."""
        return await review_of_step(self._get, run, step)

    async def list_runs(
        self, wanted: RunFilter, *, limit: int = MAX_RUNS_LIMIT, after: str | None = None
    ) -> RunList:
        """Return a page of at most `limit` (1 to 100) runs after cursor `after`, newest first."""
        return await runs_page(self._get, wanted, limit=limit, after=after)

    async def list_workflows(self) -> dict[str, str]:
        """Return the names of the workflows by id, at most 500."""
        return await workflow_names(self._get)

    async def get_workflow_name(self, workflow_id: str) -> str | None:
        """Return the name of a workflow, None if it has none."""
        return await workflow_name(self._get, workflow_id)

    async def get_eval_run(self, run_id: str) -> EvalRun:
        """Return a run of evals."""
        return await eval_run(self._get, run_id)

    async def list_eval_runs(self, workflow_id: str) -> tuple[EvalRun, ...]:
        """Return the newest runs of evals of a workflow, newest first."""
        return await eval_runs(self._get, workflow_id)

    async def list_eval_results(self, run_id: str) -> EvalResults:
        """Return the results of a run of evals."""
        return await eval_results(self._get, run_id)

    async def list_eval_names(self, workflow_id: str) -> dict[str, str]:
        """Return the names of the evals of a workflow by id, at most 100."""
        return await eval_names(self._get, workflow_id)

    async def get_run_credits(self, run: Run) -> RunCredits | None:
        """Return what the blocks of a run cost; None if that is not known as a whole.

        Only for generations with `usage`.
        """
        return await run_credits(self._get, run)

    async def failing_steps_before(self, workflow_id: str, step_id: str) -> FailingSteps:
        """Return up to 100 failing steps of a workflow ("" for all) that started before a step.

        Only for generations with `steps_by_workflow`.
        """
        return await failing_steps_before(self._get, workflow_id, step_id)

    async def failing_steps_near(
        self, workflow_id: str, step: StepSummary, *, later: bool
    ) -> FailingSteps:
        """Return up to 100 failing steps of a step's block that started before or after it.

        Only for generations with `steps_by_workflow`.
        """
        return await failing_steps_near(self._get, workflow_id, step, later=later)

    async def _of_experiment(
        self, read: Callable[[Get, Family, ExperimentIds], Awaitable[T]], ids: ExperimentIds
    ) -> T:
        families: tuple[Family, ...] = ("flat", "result_of_run", "nested")
        return await self._first_served(
            "experiment_job",
            None,
            {family: partial(read, self._get, family, ids) for family in families},
            noun="experiment runs",
        )

    @property
    def _caller(self) -> CallerKey:
        return (self.client.base_url, self.credential.fingerprint)

    async def _get(
        self, route: Route, ids: Mapping[str, str], params: Params | None = None
    ) -> Reply:
        self.limits.check(page_of_steps=route in _PAGES_OF_STEPS)
        reply = await self.client.get(
            route, ids, params, credential=self.credential, deadline=self.deadline
        )
        self.limits.spend(reply.size)
        return reply

    async def _first_served(
        self,
        resource: Resource,
        generation: str | None,
        attempts: Mapping[Family, Callable[[], Awaitable[T]]],
        *,
        noun: str,
    ) -> T:
        """Return the result of the first family of routes that this server has."""
        missing: list[RetabError] = []
        for family in self.route_cache.order(self._caller, resource, generation):
            try:
                found = await attempts[family]()
            except RetabError as error:
                if not error.route_missing:
                    raise
                missing.append(error)
            else:
                self.route_cache.remember(self._caller, resource, family, generation)
                return found
        # A missing argument can be added, and a wrong base URL be corrected: both say more than
        # that there is no route.
        for reason in missing:
            if reason.kind in (ErrorKind.INVALID_ARGUMENT, ErrorKind.BAD_RESPONSE):
                raise reason
        raise RetabError(ErrorKind.UNSUPPORTED, f"This Retab server has no route for {noun}.")

    async def _flat_step(self, run: Run, step_id: str) -> Step:
        reply = await self._get(routes.STEP, {"step_id": step_id}, {"run_id": run.id})
        step = step_from_wire(reply.json, run_id=run.id, step_id=step_id)
        if step.summary.run_id != run.id:
            raise RetabError(ErrorKind.NOT_FOUND, "This step belongs to another run.")
        return step

    async def _nested_step(self, run: Run, step_id: str, block_id: str | None) -> Step:
        try:
            return await self._nested_get(run, step_id, step_id)
        except RetabError as error:
            if error.route_missing or error.kind != ErrorKind.NOT_FOUND:
                raise
            if not block_id or block_id == step_id:
                raise
        step = await self._nested_get(run, step_id, block_id)
        if step.summary.step_id != step_id:
            raise RetabError(
                ErrorKind.NOT_FOUND, "The run has a step of this block, but with another id."
            )
        return step

    async def _nested_get(self, run: Run, step_id: str, path_id: str) -> Step:
        reply = await self._get(routes.RUN_STEP, {"run_id": run.id, "step_id": path_id})
        return step_from_wire(reply.json, run_id=run.id, step_id=step_id)
