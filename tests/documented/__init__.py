"""The example bodies of five pages of Retab's API reference, served byte for byte.

Each page documents another version of the API. Its route answers with the example; the other routes
answer from a companion sample of the same run, since a tool that reads a step may also read its run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.responses import Response

from retab_mcp.sandbox.answers import envelope, record
from retab_mcp.sandbox.app import SANDBOX_KEY, assemble, routes
from retab_mcp.sandbox.generation import Context
from retab_mcp.sandbox.generations import generation_named
from retab_mcp.sandbox.query import Query
from retab_mcp.sandbox.store import Store
from tests.documented.companion import companion

RUN_ID = "run_abc123xyz"


@dataclass(frozen=True)
class DocumentedExample:
    """A page's example: `path` is the request that it answers, `ids` what a tool is asked with."""

    name: str
    generation: str
    path: str
    ids: Mapping[str, str]

    def body(self) -> bytes:
        """Return the example as it is in the page."""
        return Path(__file__).with_name(f"{self.name}.json").read_bytes()


EXAMPLES = (
    DocumentedExample("g1_steps", "g1", f"/v1/workflows/runs/{RUN_ID}/steps", {"run_id": RUN_ID}),
    DocumentedExample(
        "g2a_step",
        "g2a",
        f"/v1/workflows/runs/{RUN_ID}/steps/extract-block-1",
        {"run_id": RUN_ID, "step_id": "extract-block-1"},
    ),
    DocumentedExample(
        "g2b_experiment_job",
        "g2b",
        "/v1/workflows/wf_abc123/experiments/exp_abc/runs/exprun_1/documents/expdoc_xyz",
        {
            "workflow_id": "wf_abc123",
            "experiment_id": "exp_abc",
            "run_id": "exprun_1",
            "document_id": "expdoc_xyz",
        },
    ),
    DocumentedExample("g2b_run", "g2b", f"/v1/workflows/runs/{RUN_ID}", {"run_id": RUN_ID}),
    DocumentedExample("g2e_steps", "g2e", "/v1/workflows/steps", {"run_id": RUN_ID}),
)


def create_documented_app(example: DocumentedExample, *, key: str = SANDBOX_KEY) -> Starlette:
    """Return the application in which the example's route answers with the example."""
    store = Store([companion(example.generation)])
    context = Context(generation_named(example.generation), store, key)

    def show(query: Query) -> Response:
        # A list page shows one run's steps: another run has none.
        if query.text("run_id") not in (None, RUN_ID):
            return envelope([])
        return record(example.body())

    return assemble([context.route(example.path, show), *routes(context)])
