"""Each suggested call works, and its answer has a fact that the answer before did not have."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.records import SampleRun
from tests.samples import all_samples
from tests.support.asking import Asker, asking, text_of

RUNS = [run for sample in all_samples() for run in sample.runs]
APP = create_app("g3", all_samples())
# The runs of a week are alike.
SHOWN = [run for place, run in enumerate(RUNS) if len(RUNS) < 60 or place % 3 == 0]
# Says nothing about a run: how an answer is built, and what the caller asked for.
NO_FACTS = frozenset(("tool", "arguments", "next_calls", "untrusted_text", "truncated", "reason"))

# What a suggested step has to read.
READ_IN_STEPS = {"handle_inputs", "handle_outputs", "output", "artifact", "findings", "tally"}


def facts_in(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield the fields of an answer with their values; places in lists do not matter."""
    if isinstance(value, dict):
        for key, member in value.items():
            if key not in NO_FACTS:
                yield from facts_in(member, key)
    elif isinstance(value, list):
        for member in value:
            yield from facts_in(member, name)
    else:
        yield name, json.dumps(value)


@pytest.mark.parametrize("run", SHOWN, ids=lambda run: run.id)
async def test_suggested_calls_of_get_run_add_facts(run: SampleRun) -> None:
    async with asking(APP) as asker:
        answer = await asker.ask("get_run", run_id=run.id)
        known = set(facts_in(answer))
        for call in answer.get("next_calls", []):
            if "wait_seconds" in call["arguments"]:
                # Sample runs never end.
                continue
            following = await asker.ask(call["tool"], **call["arguments"])
            assert set(facts_in(following)) - known, call
            if call["tool"] == "get_step" and "path" not in call["arguments"]:
                assert following.keys() & READ_IN_STEPS, call


# Many of the samples are alike; each generation follows other ones.
PLACES = {"g1": 1, "g2a": 4, "g3": 7}


def questions_about(run: SampleRun, generation: str) -> list[tuple[str, dict[str, Any]]]:
    day = run.created_at[:10]
    window = {"workflow_id": run.workflow_id, "from_date": day, "to_date": day}
    found: list[tuple[str, dict[str, Any]]] = [
        ("get_run", {"run_id": run.id}),
        ("list_steps", {"run_id": run.id, "limit": 3}),
        ("list_runs", {"workflow_id": run.workflow_id, "limit": 2}),
        ("find_failures", window),
        ("compare_runs", {"run_id": run.id}),
        ("search_run", {"run_id": run.id, "query": "a"}),
    ]
    steps = run.steps() if callable(run.steps) else run.steps
    failed = [step for step in steps if step.status == "error"][:1]
    found += [("get_step", {"run_id": run.id, "step_id": step.step_id}) for step in failed]
    if generation == "g3":
        refs = [step.artifact.id for step in failed if step.artifact is not None]
        found += [("get_artifact", {"artifact_id": one}) for one in refs]
    return found


def questions_about_experiments() -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    for experiment in (each for sample in all_samples() for each in sample.experiments):
        ids = {"workflow_id": experiment.workflow_id, "experiment_id": experiment.id}
        found += [
            ("get_experiment_run", {"run_id": experiment.workflow_id}),
            ("get_experiment_run", {"run_id": experiment.run_id, **ids}),
        ]
    return found


@pytest.mark.parametrize("generation", PLACES)
async def test_suggested_calls_of_every_tool_add_facts(generation: str) -> None:
    app = create_app(generation, all_samples())
    questions = [
        one for run in SHOWN[PLACES[generation] :: 9] for one in questions_about(run, generation)
    ]
    if generation != "g1":
        questions += questions_about_experiments()
    known: dict[str, dict[str, Any]] = {}

    async def ask(asker: Asker, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
        key = json.dumps([tool, arguments], sort_keys=True)
        if key not in known:
            result = await asker.client.call_tool(tool, arguments)
            known[key] = {"is_error": result.is_error, **json.loads(text_of(result))}
        return known[key]

    async with asking(app) as asker:
        for tool, arguments in questions:
            answer = await ask(asker, tool, arguments)
            for call in calls_in(answer):
                following = await ask(asker, call["tool"], call["arguments"])
                assert not following["is_error"], (tool, arguments, call, following)
                added = set(facts_in(following)) - set(facts_in(answer))
                assert added, (tool, arguments, call)


def calls_in(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the suggested calls of an answer; sample runs never end, so none waits."""
    calls = [*answer.get("next_calls", []), (answer.get("truncated") or {}).get("next")]
    return [call for call in calls if call and "wait_seconds" not in call["arguments"]]
