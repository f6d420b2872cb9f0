"""Each suggested call works, and its answer has a fact that the answer before did not have."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.records import SampleRun
from tests.samples import all_samples
from tests.support.asking import asking

RUNS = [run for sample in all_samples() for run in sample.runs]
APP = create_app("g3", all_samples())
# The runs of a week are alike.
SHOWN = [run for place, run in enumerate(RUNS) if len(RUNS) < 60 or place % 3 == 0]
# Says nothing about a run: how an answer is built, and what the caller asked for.
NO_FACTS = frozenset(("tool", "arguments", "next_calls", "untrusted_text", "truncated", "reason"))


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


async def test_suggested_calls_of_lists_work() -> None:
    failed = [run for run in SHOWN if run.status == "error"]
    async with asking(APP) as asker:
        for run in failed[:12]:
            questions: list[tuple[str, dict[str, Any]]] = [
                ("list_steps", {"run_id": run.id}),
                ("list_runs", {"workflow_id": run.workflow_id, "limit": 2}),
                ("find_failures", {"workflow_id": run.workflow_id, "to_date": run.created_at[:10]}),
            ]
            for tool, arguments in questions:
                answer = await asker.ask(tool, **arguments)
                calls = [*answer.get("next_calls", []), (answer.get("truncated") or {}).get("next")]
                for call in filter(None, calls):
                    await asker.ask(call["tool"], **call["arguments"])
