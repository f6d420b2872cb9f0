"""Repeated calls answered from the cache."""

import json

import pytest
from mcp.types import CallToolResult, TextContent

from retab_mcp.http.answer_cache import MAX_BYTES, TTL_SECONDS, AnswerCache, answer_cache_key
from retab_mcp.http.caller import Caller
from retab_mcp.sandbox.app import create_app as create_sandbox
from tests.http.scene import (
    HEADERS,
    KEY_OF_ACME,
    KEY_OF_GLOBEX,
    MODERN,
    Tenants,
    ask,
    bearer,
    connected,
    message,
    modern_headers,
    service_app,
)
from tests.samples import all_samples

ANSWER = CallToolResult(content=[TextContent(type="text", text="answer")])
ACME = Caller.with_key(KEY_OF_ACME)
SAMPLES = all_samples()
FINISHED = SAMPLES[0].runs[0]
UNFINISHED = next(run for sample in SAMPLES for run in sample.runs if run.status == "running")


def test_same_call_of_same_caller_is_a_hit() -> None:
    memory = AnswerCache()
    memory.put(answer_cache_key(ACME, "get_run", {"run_id": "run_1"}), ANSWER, 6)
    assert memory.get(answer_cache_key(ACME, "get_run", {"run_id": "run_1"})) is ANSWER


@pytest.mark.parametrize(
    ("caller", "tool", "arguments"),
    [
        (Caller.with_key(KEY_OF_GLOBEX), "get_run", {"run_id": "run_1"}),
        (ACME, "list_steps", {"run_id": "run_1"}),
        (ACME, "get_run", {"run_id": "run_2"}),
        (ACME, "get_run", {"run_id": "run_1", "more": None}),
        (ACME, "get_run", {}),
    ],
)
def test_any_other_call_is_a_miss(caller: Caller, tool: str, arguments: dict[str, object]) -> None:
    memory = AnswerCache()
    memory.put(answer_cache_key(ACME, "get_run", {"run_id": "run_1"}), ANSWER, 6)
    assert memory.get(answer_cache_key(caller, tool, arguments)) is None


def test_an_answer_expires_after_a_minute() -> None:
    now = 0.0
    memory = AnswerCache(lambda: now)
    key = answer_cache_key(ACME, "get_run", {})
    memory.put(key, ANSWER, 6)
    now = TTL_SECONDS - 1
    assert memory.get(key) is ANSWER
    now = TTL_SECONDS
    assert memory.get(key) is None


def test_the_cache_is_bounded_in_bytes() -> None:
    memory = AnswerCache()
    keys = [answer_cache_key(ACME, "get_run", {"run_id": str(number)}) for number in range(4)]
    for key in keys:
        memory.put(key, ANSWER, MAX_BYTES // 2 - 100)
    assert [memory.get(key) is not None for key in keys] == [False, False, True, True]
    memory.put(keys[0], ANSWER, MAX_BYTES)
    assert memory.get(keys[0]) is None


def upstream() -> Tenants:
    return Tenants({KEY_OF_ACME: create_sandbox("g3", SAMPLES, key=KEY_OF_ACME)})


async def test_a_repeated_call_about_a_finished_run_is_answered_from_the_cache() -> None:
    retab = upstream()
    async with connected(service_app(retab)) as client:
        answers = [
            await ask(client, KEY_OF_ACME, "list_steps", {"run_id": FINISHED.id}) for _ in range(4)
        ]
    assert answers == [answers[0]] * 4
    assert retab.paths.count(f"/v1/workflows/runs/{FINISHED.id}") == 1


async def test_an_unfinished_run_is_fetched_each_time() -> None:
    retab = upstream()
    async with connected(service_app(retab)) as client:
        for _ in range(4):
            await ask(client, KEY_OF_ACME, "list_steps", {"run_id": UNFINISHED.id})
    assert retab.paths.count(f"/v1/workflows/runs/{UNFINISHED.id}") == 4


async def test_an_error_is_not_cached() -> None:
    retab = upstream()
    async with connected(service_app(retab)) as client:
        for _ in range(3):
            answer = await ask(client, KEY_OF_ACME, "list_steps", {"run_id": "run_none"})
            assert answer["kind"] == "not_found"
    assert retab.paths.count("/v1/workflows/runs/run_none") >= 3


@pytest.mark.parametrize("era", ["legacy", "modern"])
async def test_a_lone_surrogate_in_an_argument_is_accepted(era: str) -> None:
    meta = MODERN if era == "modern" else {}
    headers = HEADERS | bearer(KEY_OF_ACME)
    headers |= modern_headers("list_steps") if era == "modern" else {}
    body = json.dumps(message("list_steps", {"run_id": "run_\ud800"}, **meta))
    async with connected(service_app(upstream())) as client:
        response = await client.post("/mcp", content=body, headers=headers)
    assert response.status_code in (200, 400)
    answer = response.json()
    assert "error" in answer or answer["result"]["isError"]
