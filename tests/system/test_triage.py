"""get_run's first answer matches the label of every labelled run, within a limit of requests."""

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import fields, is_dataclass, replace
from random import Random
from typing import Any
from unittest.mock import patch

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from retab_mcp.models import Run
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.run_facts import StepsRead
from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.records import SampleRun, resolve
from tests.labelled import all_scenarios
from tests.labelled.scenario import Label, Scenario, verdict
from tests.samples import all_samples
from tests.support.asking import Asker, asking

SCENARIOS = all_scenarios()
CASES = [
    pytest.param(scenario, generation, id=f"{scenario.name}-{generation}")
    for scenario in SCENARIOS
    for generation in scenario.generations
]

# Upstream requests of one answer, without those that detect the generation.
MAX_REQUESTS_FAILED = 9
MAX_REQUESTS_COMPLETED = 9
# A failed run that is read first, so that generation and routes are known.
KNOWN = next(sample for sample in all_samples() if sample.name == "erp-unavailable")


def served(
    scenario: Scenario, generation: str
) -> tuple[Starlette, AbstractAsyncContextManager[Asker]]:
    app = create_app(generation, [KNOWN, scenario.sample])
    return app, asking(app)


async def said_of(scenario: Scenario, generation: str) -> tuple[Label, int]:
    """Return the verdict of the first answer, and the number of requests that it took."""
    app, connected = served(scenario, generation)
    async with connected as asker:
        await asker.ask("get_run", run_id=KNOWN.runs[0].id)
        app.state.requests.clear()
        answer = await asker.ask("get_run", run_id=scenario.run.id)
        return verdict(answer), len(app.state.requests)


@pytest.mark.parametrize(("scenario", "generation"), CASES)
async def test_the_first_answer_matches_the_label(scenario: Scenario, generation: str) -> None:
    said, requests = await said_of(scenario, generation)
    assert said == scenario.label
    completed = scenario.run.status == "completed"
    assert requests <= (MAX_REQUESTS_COMPLETED if completed else MAX_REQUESTS_FAILED)


# Only the graph shows which of these failures is downstream, or which one has more downstream.
ONLY_BY_GRAPH = {"value-of-nothing", "two-reasons-one-heavy", "join-started-first"}


async def without_graph(request: Request) -> Response | None:
    hidden = request.url.path.startswith(("/v1/workflows/versions", "/v1/workflows/blocks"))
    return JSONResponse({"detail": "Forbidden"}, 403) if hidden else None


async def test_without_the_graph_the_step_and_its_kind_are_still_found() -> None:
    scenarios = [each for each in SCENARIOS if each.name not in ONLY_BY_GRAPH]
    app = create_app("g3", [each.sample for each in scenarios], intercept=without_graph)
    wrong = []
    async with asking(app) as asker:
        for scenario in scenarios:
            answer = await asker.ask("get_run", run_id=scenario.run.id)
            said = verdict(answer)
            if replace(said, downstream=scenario.label.downstream) != scenario.label:
                wrong.append((scenario.name, said))
            if scenario.run.status == "error" and scenario.label.step_id is not None:
                assert answer["unavailable"] == snapshot(
                    [
                        "the workflow's graph: This API key may not read the "
                        "workflow version (HTTP 403)."
                    ]
                )
    assert not wrong


# Names that would suggest a failure kind if names were read as text.
NAMES = (
    "timeout",
    "rate-limit",
    "missing-input",
    "credits-used-up",
    "http-503",
    "expired-token",
    "branch-not-taken",
    "condition",
    "schema-validation-error",
    "password-protected-pdf",
    "loop-limit",
    "bucket-not-found",
    "upstream-failed",
    "KeyError",
    "a",
    "zz-9",
)


def rewritten(value: Any, change: Callable[[str], str]) -> Any:
    """Return the record with every string in it changed."""
    if isinstance(value, str):
        return change(value)
    if callable(value):
        return rewritten(resolve(value), change)
    if is_dataclass(value) and not isinstance(value, type):
        parts = {each.name: getattr(value, each.name) for each in fields(value)}
        return replace(value, **{name: rewritten(part, change) for name, part in parts.items()})
    if isinstance(value, Mapping):
        return {change(key): rewritten(part, change) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(rewritten(part, change) for part in value)
    return value


def renamed(scenario: Scenario, random: Random) -> Scenario:
    """Return the same run with other block ids and labels, and numbered step ids."""
    run: SampleRun = scenario.run
    blocks = run.blocks
    names = random.sample(NAMES, len(blocks))
    ids = {block.id: name for block, name in zip(blocks, names, strict=True)}
    labels = {
        block.label: f"Check {name}!" for block, name in zip(blocks, names[::-1], strict=True)
    }
    steps = [step.step_id for step in resolve(run.steps)]
    numbers = random.sample(range(10**9, 10**10), len(steps))
    # Answers omit the run id, with which the label's step id begins.
    step_ids = {
        step_id: f"{run.id}_step_{number}" for step_id, number in zip(steps, numbers, strict=True)
    }
    named = re.compile(
        r"(?<![A-Za-z0-9-])(?:" + "|".join(map(re.escape, ids)) + r")(?![A-Za-z0-9-])"
    )
    labelled = re.compile("'(" + "|".join(map(re.escape, labels)) + ")'")

    def change(text: str) -> str:
        if text in step_ids or text in labels:
            return step_ids.get(text) or labels[text]
        text = labelled.sub(lambda found: f"'{labels[found[1]]}'", text)
        return named.sub(lambda found: ids[found[0]], text)

    label = replace(scenario.label, step_id=step_ids.get(scenario.label.step_id or ""))
    return replace(scenario, run=rewritten(run, change), label=label)


@pytest.mark.parametrize("part", range(4))
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_names_and_order_of_steps_do_not_change_the_verdict(
    part: int, data: st.DataObject, seed: int
) -> None:
    scenario = data.draw(st.sampled_from(SCENARIOS[part::4]))
    generation = data.draw(st.sampled_from(scenario.generations))
    random = Random(seed)
    story = renamed(scenario, random)
    steps = Inspector.steps

    async def in_any_order(self: Inspector, run: Run, **reading: Any) -> StepsRead:
        read = await steps(self, run, **reading)
        return replace(read, steps=tuple(random.sample(read.steps, len(read.steps))))

    with patch.object(Inspector, "steps", in_any_order):
        said, _ = anyio.run(said_of, story, generation)
    assert said == story.label, story.name
