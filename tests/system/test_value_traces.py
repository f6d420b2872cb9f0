"""trace_value on random runs whose origins are known, in every generation."""

import json
import statistics
from collections import Counter
from typing import Any

import pytest

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.generations import GENERATIONS
from tests.support.asking import asking
from tests.support.tokens import count_tokens
from tests.support.value_runs import Known, Question, value_run

# Seeds other than those that the tracer was written with.
SEEDS = range(7000, 7060)
SEEDS_OF_A_GENERATION = range(8000, 8012)
MIN_RIGHT, MAX_WRONG = 0.95, 0.01
MAX_MEDIAN_TOKENS = 450
MAX_REQUESTS = 14
# In one generation the steps are read one by one, so that a long way takes a second call.
MAX_CALLS = 2


def judge(question: Question, answer: dict[str, Any]) -> str:
    """Return right, wrong or unknown; of a value that occurs twice, naming both is right."""

    def is_at(place: dict[str, Any], known: Known) -> bool:
        return (place.get("step_id"), place.get("path")) == (known.step_id, known.path)

    origin = answer["origin"]
    if origin["kind"] == question.origin.kind and is_at(origin, question.origin):
        return "right"
    if origin["kind"] == "unknown":
        named = any(is_at(each, question.origin) for each in answer.get("competing", []))
        return "right" if question.twin is not None and named else "unknown"
    return "wrong"


async def measured(generation: str, seeds: range) -> tuple[Counter[str], list[int], int]:
    """Return the verdicts, the tokens of the answers, and the most requests of one of them."""
    runs = [value_run(seed) for seed in seeds]
    asked: list[str] = []

    async def note(request: Any) -> None:
        asked.append(request.url.path)

    verdicts: Counter[str] = Counter()
    tokens: list[int] = []
    most = 0
    app = create_app(generation, [run.sample for run in runs], intercept=note)
    async with asking(app) as asker:
        for run in runs:
            for question in run.questions:
                call = {"run_id": run.run_id, "step_id": question.step_id, "path": question.path}
                for _ in range(MAX_CALLS):
                    asked.clear()
                    text = await asker.text("trace_value", **call)
                    answer = json.loads(text)
                    most = max(most, len(asked))
                    tokens.append(count_tokens(text))
                    if "truncated" not in answer:
                        break
                    call = answer["truncated"]["next"]["arguments"]
                verdicts[judge(question, answer)] += 1
    return verdicts, tokens, most


async def test_origins_are_right_and_answers_short() -> None:
    verdicts, tokens, most = await measured("g3", SEEDS)
    count = verdicts.total()
    assert count > 200
    assert verdicts["right"] / count >= MIN_RIGHT, verdicts
    assert verdicts["wrong"] / count <= MAX_WRONG, verdicts
    assert statistics.median(tokens) < MAX_MEDIAN_TOKENS
    assert most <= MAX_REQUESTS


@pytest.mark.parametrize("generation", [name for name in GENERATIONS if name != "g3"])
async def test_origins_are_right_in_every_generation(generation: str) -> None:
    verdicts, tokens, most = await measured(generation, SEEDS_OF_A_GENERATION)
    assert verdicts["right"] / verdicts.total() >= MIN_RIGHT, verdicts
    assert verdicts["wrong"] / verdicts.total() <= MAX_WRONG + 0.03, verdicts
    assert statistics.median(tokens) < MAX_MEDIAN_TOKENS
    assert most <= MAX_REQUESTS
