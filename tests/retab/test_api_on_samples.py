"""Facts of the sandbox's samples are read, cleaned, through the API of every generation."""

from collections.abc import AsyncIterator, Callable
from itertools import islice

import httpx
import pytest

from retab_mcp.models import Failure, Json, Run, StepSummary
from retab_mcp.retab.api import RetabApi
from retab_mcp.retab.client import RetabClient
from retab_mcp.retab.credential import Credential
from retab_mcp.retab.deadline import Deadline
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.route_cache import RouteCache
from retab_mcp.retab.run_list import RunFilter
from retab_mcp.safety.sanitize import sanitize
from retab_mcp.sandbox.app import SANDBOX_KEY, create_app
from retab_mcp.sandbox.generations import GENERATIONS
from retab_mcp.sandbox.records import SampleFailure, SampleRun, SampleStep, resolve
from tests.samples import all_samples

# How many steps of a sample are also read one by one; the others repeat the same iteration.
STEPS_READ_ALONE = 12


@pytest.fixture(scope="module", params=GENERATIONS)
def generation(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def new_call(generation: str) -> AsyncIterator[Callable[[], RetabApi]]:
    """Return the API of a new call; a call may send a limited number of requests."""
    app = create_app(generation, all_samples())
    client = RetabClient("http://127.0.0.1:1", transport=httpx.ASGITransport(app=app))
    routes = RouteCache()
    yield lambda: RetabApi(client, Credential(SANDBOX_KEY), Deadline(lambda: 0.0, 50), routes)
    await client.aclose()


@pytest.fixture
def api(new_call: Callable[[], RetabApi]) -> RetabApi:
    return new_call()


def runs_in(generation: str) -> list[SampleRun]:
    return [run for sample in all_samples() if sample.occurs_in(generation) for run in sample.runs]


def safe(value: Json) -> Json:
    """Clean and redact a value as the client does; what is safe already does not change."""
    return sanitize(value).value


def said(failure: Failure | SampleFailure | None) -> tuple[str | None, ...] | None:
    return (safe(failure.message), failure.stage, failure.category) if failure else None


def message(failure: Failure | SampleFailure | None) -> str | None:
    return safe(failure.message) if failure else None


def facts_of_run(run: Run | SampleRun) -> tuple[object, ...]:
    failure = run.failure
    return (run.id, run.status, run.workflow_id, failure and (safe(failure.message), failure.stage))


def facts_of_step(step: StepSummary | SampleStep) -> tuple[object, ...]:
    places = [(loop.container_id, loop.iteration, loop.item_index) for loop in step.loops]
    return (step.step_id, step.block_id, safe(step.label), step.status, said(step.failure), places)


async def test_runs_and_steps(api: RetabApi, generation: str) -> None:
    for sample in runs_in(generation):
        run = await api.get_run(sample.id)
        assert run.generation == generation.removesuffix("-bare")
        assert facts_of_run(run) == facts_of_run(sample)
        pages = [page async for page in api.step_pages(run)]
        found = {step.summary.step_id: step.summary for page in pages for step in page.steps}
        assert not any(page.may_be_incomplete or page.unread for page in pages)
        truth = resolve(sample.steps)
        assert sorted(found) == sorted(step.step_id for step in truth)
        for step in truth:
            assert facts_of_step(found[step.step_id]) == facts_of_step(step)


async def test_payloads_of_steps(new_call: Callable[[], RetabApi], generation: str) -> None:
    for sample in runs_in(generation):
        api = new_call()
        run = await api.get_run(sample.id)
        for step in islice(resolve(sample.steps), STEPS_READ_ALONE):
            found = await api.get_step(run, step.step_id, block_id=step.block_id)
            assert found.summary.step_id == step.step_id
            assert found.payload.handle_inputs == safe(dict(resolve(step.handle_inputs)))
            assert found.payload.handle_outputs == safe(dict(resolve(step.handle_outputs)))


async def test_artifacts_of_steps(api: RetabApi, generation: str) -> None:
    seen: set[str] = set()
    for sample in runs_in(generation):
        run = await api.get_run(sample.id)
        pages = [page async for page in api.step_pages(run)]
        refs = [step.summary.artifact for page in pages for step in page.steps]
        for ref in islice((ref for ref in refs if ref), STEPS_READ_ALONE):
            artifact = await api.get_artifact(ref.id, ref.operation, run.generation)
            assert (artifact.id, artifact.operation) == (ref.id, ref.operation)
            seen.add(artifact.operation)
    assert "extraction" in seen


async def test_experiment_jobs(api: RetabApi, generation: str) -> None:
    experiments = [experiment for sample in all_samples() for experiment in sample.experiments]
    jobs = [(experiment, job) for experiment in experiments for job in experiment.jobs]
    assert jobs
    for experiment, job in jobs:
        asked = api.get_experiment_job(
            experiment.run_id, job.document_id, experiment.workflow_id, experiment.id
        )
        if generation == "g1":
            with pytest.raises(RetabError) as refused:
                await asked
            assert refused.value.kind == "unsupported"
            continue
        found = await asked
        assert (found.id, found.document_id) == (job.id, job.document_id)
        # Until May 2026 a job that had not started was pending, queued or not.
        older = generation in ("g2a", "g2b", "g2c-bare", "g2c") and job.status == "queued"
        status = "pending" if older else job.status
        assert (found.status, message(found.failure)) == (status, message(job.failure))


async def test_graphs(api: RetabApi, generation: str) -> None:
    for sample in runs_in(generation):
        if sample.blocks:
            graph = await api.get_workflow_graph(await api.get_run(sample.id))
            assert graph.version_id in (sample.workflow_version_id, None)
            assert {block.id for block in graph.blocks} == {block.id for block in sample.blocks}
            ends = {(edge.source, edge.target_handle) for edge in graph.edges}
            assert ends == {(edge.source, edge.target_handle) for edge in sample.edges}


async def test_reviews(api: RetabApi, generation: str) -> None:
    reviewed = [sample for sample in runs_in(generation) if sample.reviews]
    assert reviewed
    for sample in reviewed:
        run = await api.get_run(sample.id)
        if generation in ("g1", "g2a", "g2b", "g2c-bare"):
            with pytest.raises(RetabError) as refused:
                await api.list_reviews(run)
            assert refused.value.kind == "unsupported"
            continue
        found = await api.list_reviews(run)
        waiting = {review.block_id for review in sample.reviews if review.decision is None}
        assert waiting <= {review.block_id for review in found.reviews}
        assert all(review.triggered_by["kind"] for review in found.reviews)


async def test_lists_of_runs(api: RetabApi, generation: str) -> None:
    truth = runs_in(generation)
    for status in ("error", "awaiting_review"):
        found = await api.list_runs(RunFilter(status=status))
        assert {run.id for run in found.runs} == {run.id for run in truth if run.status == status}
        assert {run.status for run in found.runs} == {status}
