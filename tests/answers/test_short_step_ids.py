"""get_step accepts every step id that an answer prints, in every generation."""

import json
from typing import Any

import pytest

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.generations import GENERATIONS
from retab_mcp.sandbox.records import resolve
from tests.samples import sample_named
from tests.support.asking import asking

NAMES = ("label-rejected", "claims-nested")


def printed(answer: Any) -> set[str]:
    """Return the step ids in an answer, besides those of suggested calls."""
    found: set[str] = set()
    if isinstance(answer, dict):
        for key, value in answer.items():
            if key == "step_id":
                found.add(value)
            elif key == "step_ids":
                found.update(value)
            elif key == "inputs_from":
                found.update(value.values())
            elif key not in ("next_calls", "truncated"):
                found |= printed(value)
    elif isinstance(answer, list):
        for each in answer:
            found |= printed(each)
    return found


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("name", NAMES)
async def test_printed_ids_are_found_again(name: str, generation: str) -> None:
    sample = sample_named(name)
    run = sample.runs[0]
    known = {step.step_id for step in resolve(run.steps)}
    known |= {step_id.removeprefix(f"{run.id}_") for step_id in known}
    known |= {step.block_id for step in resolve(run.steps)}
    async with asking(create_app(generation, [sample])) as asker:
        explained = await asker.ask("get_run", run_id=run.id)
        listed = await asker.ask("list_steps", run_id=run.id)
        ids = printed(explained) | printed(listed)
        assert ids
        assert ids <= known
        for step_id in sorted(ids)[:6]:
            read = await asker.ask("get_step", run_id=run.id, step_id=step_id)
            assert read["step_id"] == step_id
            full = await asker.ask("get_step", run_id=run.id, step_id=f"{run.id}_{step_id}")
            assert full["step_id"] == step_id


@pytest.mark.parametrize("generation", ["g1", "g2c", "g3"])
async def test_an_answer_names_its_run_once_and_once_in_each_call(generation: str) -> None:
    sample = sample_named("claims-nested")
    run_id = sample.runs[0].id
    async with asking(create_app(generation, [sample])) as asker:
        for tool in ("get_run", "list_steps"):
            answer = await asker.ask(tool, run_id=run_id)
            calls = answer.get("next_calls", [])
            assert json.dumps(answer).count(run_id) == 1 + len(calls)
