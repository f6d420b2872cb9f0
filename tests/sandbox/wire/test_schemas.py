"""Every answer of every generation fits the vendor's schema of that generation."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.generations import GENERATIONS, generation_named
from retab_mcp.sandbox.records import Sample
from tests.samples import all_samples
from tests.sandbox import openapi
from tests.sandbox.small import SMALL, headers

# A page of a run of 2,000 steps is enough.
PAGE = 60
# Steps of one run that are checked, since a loop of 500 would take a minute.
MOST_ARTIFACTS = 12
NESTED = tuple(name for name in GENERATIONS if generation_named(name).nested)

PRIMITIVES = {
    "extraction": ("extractions", "extraction_id"),
    "split": ("splits", "split_id"),
    "classification": ("classifications", "classification_id"),
    "parse": ("parses", "parse_id"),
    "edit": ("edits", "edit_id"),
    "partition": ("partitions", "partition_id"),
}

Asked = tuple[str, str]


class Sandbox:
    """A client of a sandbox of one generation."""

    def __init__(self, generation: str) -> None:
        self.generation = generation
        self.samples = [s for s in (SMALL, *all_samples()) if s.occurs_in(generation)]
        self._client = TestClient(create_app(generation, self.samples), headers=headers(generation))

    def get(self, path: str) -> Any:
        response = self._client.get(path)
        assert response.status_code == 200, f"{path}: {response.text}"
        return response.json()


def of_runs(sandbox: Sandbox, sample: Sample) -> Iterator[Asked]:
    for run in sample.runs:
        root = f"/v1/workflows/runs/{run.id}"
        yield root, "/v1/workflows/runs/{run_id}"
        yield f"/v1/workflows/{run.workflow_id}", "/v1/workflows/{workflow_id}"
        if sandbox.generation in NESTED:
            yield root + "/steps", "/v1/workflows/runs/{run_id}/steps"
            entities = f"/v1/workflows/{run.workflow_id}/entities"
            yield entities, "/v1/workflows/{workflow_id}/entities"
        else:
            version = f"/v1/workflows/versions/{run.workflow_version_id}"
            yield (
                f"{version}?workflow_id={run.workflow_id}",
                "/v1/workflows/versions/{workflow_version_id}",
            )
            yield f"/v1/workflows/blocks?workflow_id={run.workflow_id}", "/v1/workflows/blocks"
            yield f"/v1/workflows/edges?workflow_id={run.workflow_id}", "/v1/workflows/edges"
            page = f"/v1/workflows/steps?run_id={run.id}&limit={PAGE}"
            yield page, "/v1/workflows/steps"
    yield "/v1/workflows/runs", "/v1/workflows/runs"


def of_one_step(sandbox: Sandbox, sample: Sample) -> Iterator[Asked]:
    for run in sample.runs:
        if sandbox.generation in NESTED:
            rows = sandbox.get(f"/v1/workflows/runs/{run.id}/steps")
            rows = rows["data"] if isinstance(rows, dict) else rows
            name = "node_id" if sandbox.generation == "g1" else "block_id"
            for row in rows[-1:]:
                path = f"/v1/workflows/runs/{run.id}/steps/{row[name]}"
                yield path, f"/v1/workflows/runs/{{run_id}}/steps/{{{name}}}"
        else:
            rows = sandbox.get(f"/v1/workflows/steps?run_id={run.id}&limit=1")["data"]
            for row in rows:
                yield f"/v1/workflows/steps/{row['step_id']}", "/v1/workflows/steps/{step_id}"


def of_artifacts(sandbox: Sandbox, sample: Sample) -> Iterator[Asked]:
    for run in sample.runs:
        if sandbox.generation in ("g1", "g2a"):
            return
        listed = f"/v1/workflows/artifacts?run_id={run.id}"
        if sandbox.generation != "g2c-bare":
            yield listed, "/v1/workflows/artifacts"
        rows = sandbox.get(listed)
        rows = rows["data"] if isinstance(rows, dict) else rows
        for row in rows[:MOST_ARTIFACTS]:
            operation, artifact_id = row["operation"], row["id"]
            if sandbox.generation in NESTED:
                yield (
                    f"/v1/workflows/artifacts/{operation}/{artifact_id}",
                    "/v1/workflows/artifacts/{operation}/{artifact_id}",
                )
            else:
                yield (
                    f"/v1/workflows/artifacts/{artifact_id}",
                    "/v1/workflows/artifacts/{artifact_id}",
                )


def of_primitives(sandbox: Sandbox, sample: Sample) -> Iterator[Asked]:
    for operation, (resource, name) in PRIMITIVES.items():
        if sandbox.generation == "g1" and operation != "extraction":
            continue
        listed = sandbox.get(f"/v1/{resource}?limit=100")
        yield f"/v1/{resource}", f"/v1/{resource}"
        for row in listed["data"][:MOST_ARTIFACTS]:
            yield f"/v1/{resource}/{row['id']}", f"/v1/{resource}/{{{name}}}"


def of_experiments(sandbox: Sandbox, sample: Sample) -> Iterator[Asked]:
    generation = sandbox.generation
    for experiment in sample.experiments:
        nested = f"/v1/workflows/{experiment.workflow_id}/experiments/{experiment.id}"
        template = "/v1/workflows/{workflow_id}/experiments/{experiment_id}"
        flat, run_id = "/v1/workflows/experiments", experiment.run_id
        documents = [job.document_id for job in experiment.jobs]
        if generation in ("g2a", "g2b"):
            yield nested, template
            yield nested + "/runs", template + "/runs"
            yield nested + "/content", template + "/content"
            yield nested + "/metrics", template + "/metrics"
            for document in documents:
                path = "/runs/{run_id}/documents/{document_id}"
                yield f"{nested}/runs/{run_id}/documents/{document}", template + path
        elif generation == "g2c":
            yield nested, template
            yield f"{flat}/runs/{run_id}", flat + "/runs/{run_id}"
            yield f"{flat}/runs/{run_id}/results", flat + "/runs/{run_id}/results"
            yield f"{flat}/runs/{run_id}/metrics", flat + "/runs/{run_id}/metrics"
            for document in documents:
                path = "/runs/{run_id}/results/{document_id}"
                yield f"{flat}/runs/{run_id}/results/{document}", flat + path
        elif generation not in NESTED:
            yield f"{flat}/{experiment.id}", flat + "/{experiment_id}"
            yield f"{flat}?workflow_id={experiment.workflow_id}", flat
            yield f"{flat}/runs/{run_id}", flat + "/runs/{run_id}"
            yield f"{flat}/runs", flat + "/runs"
            yield f"{flat}/results?run_id={run_id}", flat + "/results"
            for job in experiment.jobs:
                yield f"{flat}/results/{job.id}", flat + "/results/{result_id}"
            yield from of_metrics(run_id, documents[0])


def of_metrics(run_id: str, document: str) -> Iterator[Asked]:
    path = "/v1/workflows/experiments/metrics"
    yield f"{path}?run_id={run_id}", path
    yield f"{path}?run_id={run_id}&view=by_document&document_id={document}", path
    yield f"{path}?run_id={run_id}&view=by_target&target_path=total", path
    yield f"{path}?run_id={run_id}&view=votes&document_id={document}&target_path=total", path


def of_reviews(sandbox: Sandbox, sample: Sample) -> Iterator[Asked]:
    path = "/v1/workflows/reviews"
    for run in sample.runs:
        for review in run.reviews:
            if sandbox.generation not in NESTED:
                yield f"{path}/{review.id}", path + "/{review_id}"
                yield f"{path}/versions?review_id={review.id}", path + "/versions"
                for version in review.versions:
                    yield f"{path}/versions/{version.id}", path + "/versions/{version_id}"
                yield f"{path}?decision_status=all", path
            elif sandbox.generation == "g2c":
                yield path, path
                yield f"{path}/{run.id}/{review.block_id}", path + "/{run_id}/{block_id}"
            elif sandbox.generation in ("g2a", "g2b"):
                decision = f"/v1/workflows/runs/{run.id}/hil-decisions/{review.block_id}"
                yield decision, "/v1/workflows/runs/{run_id}/hil-decisions/{block_id}"


def cut_lists(body: Any) -> None:
    """Drop the page fields of lists that older generations send whole."""
    for rows in (body, *body.values()) if isinstance(body, dict) else (body,):
        if isinstance(rows, list):
            del rows[PAGE:]


def wrong(sandbox: Sandbox, asked: Asked) -> list[str]:
    """Return the problems of an answer; g2c-bare's list is checked by its rows."""
    path, template = asked
    body = sandbox.get(path)
    if sandbox.generation == "g2c-bare" and isinstance(body, list):
        body = {"data": body, "list_metadata": {"before": None, "after": None}}
    cut_lists(body)
    validator = openapi.answer_of(sandbox.generation, template)
    return [f"{path}{problem}" for problem in openapi.problems(validator, body)]


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize(
    "question", [of_runs, of_one_step, of_artifacts, of_primitives, of_experiments, of_reviews]
)
def test_answers_fit_the_schema(generation: str, question: Any) -> None:
    openapi.document(generation)
    sandbox = Sandbox(generation)
    asked = {pair for sample in sandbox.samples for pair in question(sandbox, sample)}
    problems = [problem for pair in sorted(asked) for problem in wrong(sandbox, pair)]
    assert problems == []


@pytest.mark.parametrize("generation", GENERATIONS)
def test_refused_parameters_fit_the_schema(generation: str) -> None:
    app = TestClient(create_app(generation, (SMALL,)), headers=headers(generation))
    validator = openapi.component(generation, "HTTPValidationError")
    for query in ("limit=0", "limit=1000", "limit=many", "order=sideways", "status=unheard"):
        response = app.get(f"/v1/workflows/runs?{query}")
        assert response.status_code == 422, query
        assert openapi.problems(validator, response.json()) == []


def test_the_schemas_refuse_wrong_bodies() -> None:
    validator = openapi.answer_of("g3", "/v1/workflows/runs/{run_id}")
    body = Sandbox("g3").get("/v1/workflows/runs/run_1")
    assert openapi.problems(validator, body) == []
    assert openapi.problems(validator, {**body, "workflow_id": 3})
    assert openapi.problems(validator, {**body, "lifecycle": {"status": "failed"}})
