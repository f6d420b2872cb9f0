"""For any values in Retab's responses, a tool gives an answer or an error in its own words."""

import json
import random
from typing import Any

import httpx
import pytest

from retab_mcp.queries.service import Service
from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.generations import GENERATIONS
from retab_mcp.sandbox.records import Sample, resolve
from tests.samples import all_samples
from tests.support.asking import BASE_URL, Asker, asking, text_of

# Samples of few steps, so that a change is likely to hit what matters.
SAMPLES = tuple(
    sample
    for sample in all_samples()
    if any(len(list(resolve(run.steps))) < 50 for run in sample.runs)
)
ODD: tuple[Any, ...] = (
    *(None, "", 0, -1, 1e308, 10**30, True, [], {}, [[]], {"": ""}, float("nan")),
    *("x" * 300, ["a", None, 3], {"a": {"b": [1]}}, "2026-13-45T99:99:99Z", "ERROR", "\ud800"),
)
# Shares of the values that are replaced, and of the fields that are left out.
SHARES = (0.005, 0.03, 0.1)


class Scrambled(httpx.AsyncBaseTransport):
    """Pass on the application's responses with some values replaced and some fields left out."""

    def __init__(self, app: Any, chance: random.Random, share: float) -> None:
        self._inner = httpx.ASGITransport(app=app)
        self._chance = chance
        self._share = share

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        body = await response.aread()
        if response.status_code != 200:
            return httpx.Response(response.status_code, headers=response.headers, content=body)
        return httpx.Response(200, content=json.dumps(self._scramble(json.loads(body))))

    def _scramble(self, value: Any) -> Any:
        if self._chance.random() < self._share:
            return self._chance.choice(ODD)
        if isinstance(value, dict):
            kept = {k: v for k, v in value.items() if self._chance.random() >= self._share}
            return {name: self._scramble(member) for name, member in kept.items()}
        if isinstance(value, list):
            return [self._scramble(item) for item in value]
        return value


def questions(sample: Sample) -> list[tuple[str, dict[str, Any]]]:
    first, last = sample.runs[0], sample.runs[-1]
    asked: list[tuple[str, dict[str, Any]]] = [
        ("get_run", {"run_id": first.id}),
        ("list_steps", {"run_id": first.id}),
        ("search_run", {"run_id": first.id, "query": "invoice"}),
        ("list_runs", {}),
        ("find_failures", {}),
    ]
    if first is not last:
        asked.append(("compare_runs", {"run_id": first.id, "other_run_id": last.id}))
    for step in list(resolve(first.steps))[:5]:
        asked.append(("get_step", {"run_id": first.id, "step_id": step.step_id}))
        if step.artifact:
            ref = {"artifact_id": step.artifact.id, "operation": step.artifact.operation}
            asked.append(("get_artifact", ref))
    for experiment in sample.experiments[:1]:
        ids = {
            "run_id": experiment.run_id,
            "workflow_id": experiment.workflow_id,
            "experiment_id": experiment.id,
        }
        asked.append(("get_experiment_run", ids))
        document = {"document_id": experiment.jobs[0].document_id}
        asked.append(("get_experiment_job", ids | document))
    return asked


async def kind_of(asker: Asker, tool: str, arguments: dict[str, Any]) -> str:
    """Return the kind of an error answer, empty for any other."""
    result = await asker.client.call_tool(tool, arguments)
    kind: str = json.loads(text_of(result))["kind"] if result.is_error else ""
    return kind


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("generation", GENERATIONS)
async def test_no_response_of_retab_causes_an_internal_error(
    generation: str, seed: int, share: float
) -> None:
    # Seeded by text, which hashes the same in every process: each test run has the same data.
    chance = random.Random(f"{generation} {seed} {share}")
    sample = chance.choice([each for each in SAMPLES if each.occurs_in(generation)])
    app = create_app(generation, [sample])
    service = Service(BASE_URL, transport=Scrambled(app, chance, share))
    async with asking(app, service=service) as asker:
        for tool, arguments in questions(sample):
            assert await kind_of(asker, tool, arguments) != "internal", (sample.name, tool)
