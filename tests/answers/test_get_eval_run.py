"""get_eval_run, from HTTP bytes to the text of the answer."""

from typing import Any

import pytest
from inline_snapshot import snapshot
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.generations import GENERATIONS
from tests.samples import sample_named
from tests.support.asking import asking

SAMPLE = sample_named("lease-evals")
BEFORE, AFTER = SAMPLE.eval_runs


async def test_failed_results_come_first_with_expected_and_actual() -> None:
    async with asking(create_app("g3", [SAMPLE])) as asker:
        assert await asker.ask("get_eval_run", run_id=AFTER.id) == snapshot(
            {
                "run_id": "wfevalrun_jIWGSqUCilSGQD94ntvWT",
                "workflow_id": "wrk_XY4_T-EfyFmmXGNGqbS1y",
                "workflow_version_id": "ver_h_bDWvL6QIUKfYA8ZbnYq",
                "status": "completed",
                "counts": {"failed": 2, "error": 1, "blocked": 1, "passed": 1},
                "created_at": "2026-08-25T07:00:00Z",
                "duration_ms": 30000,
                "rows": [
                    {
                        "eval_id": "wfnodeeval_NoXIyW6Mp5ior9fRV1NBp",
                        "name": "term in months",
                        "block_id": "read-lease",
                        "verdict": "failed",
                        "assertion": "Term is in months",
                        "condition": "equals",
                        "expected": 36,
                        "actual": 3,
                        "message": "values differ",
                    },
                    {
                        "eval_id": "wfnodeeval_zTXHypana9tqsYk2MWaPw",
                        "name": "deposit",
                        "block_id": "read-lease",
                        "verdict": "failed",
                        "assertion": "Deposit is read",
                        "condition": "equals",
                        "expected": 1800,
                        "actual": None,
                    },
                    {
                        "eval_id": "wfnodeeval_hqcisEtAhLqtwzcekxdJG",
                        "name": "long lease",
                        "block_id": "read-lease",
                        "status": "error",
                        "message": "Model did not answer within 120 s",
                    },
                    {
                        "eval_id": "wfnodeeval_7bhgWntI035igoaawjcvu",
                        "name": "starts later",
                        "block_id": "read-lease",
                        "verdict": "blocked",
                        "warnings": ["the upstream block failed"],
                    },
                    {
                        "eval_id": "wfnodeeval_JKK3U0Afevy-CekQe8zzA",
                        "name": "names the tenant",
                        "block_id": "read-lease",
                        "verdict": "passed",
                        "condition": "equals",
                    },
                ],
                "next_calls": [
                    {
                        "tool": "get_eval_run",
                        "arguments": {"run_id": "wrk_XY4_T-EfyFmmXGNGqbS1y"},
                        "reason": "earlier eval runs of this workflow",
                    }
                ],
                "untrusted_text": True,
            }
        )


async def test_a_workflow_lists_its_eval_runs_and_each_can_be_read() -> None:
    async with asking(create_app("g3", [SAMPLE])) as asker:
        answer = await asker.ask("get_eval_run", run_id=AFTER.workflow_id)
        (call,) = answer["next_calls"]
        newest = await asker.ask(call["tool"], **call["arguments"])
    assert [run["run_id"] for run in answer["runs"]] == [AFTER.id, BEFORE.id]
    assert newest["run_id"] == AFTER.id


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_every_generation_with_evals_says_the_same(generation: str) -> None:
    async with asking(create_app(generation, [SAMPLE])) as asker:
        if generation not in ("g2e", "g3"):
            refused = await asker.refused("get_eval_run", run_id=AFTER.id)
            assert refused["kind"] in ("unsupported", "not_found")
            return
        answer = await asker.ask("get_eval_run", run_id=AFTER.id)
    assert [row.get("verdict") for row in answer["rows"]] == [
        *("failed", "failed", None, "blocked", "passed")
    ]


async def test_results_under_their_run_are_read_too() -> None:
    """For three days in May 2026 results had no path of their own."""
    result = {
        "id": "r1",
        "test_id": "t1",
        "verdict": "failed",
        "lifecycle": {"status": "completed"},
    }

    async def intercept(request: Request) -> Response | None:
        path = request.url.path
        if path == "/v1/workflows/tests/runs/wftestrun_1":
            return JSONResponse({"id": "wftestrun_1", "lifecycle": {"status": "completed"}})
        if path == "/v1/workflows/tests/runs/wftestrun_1/results":
            return JSONResponse({"data": [result], "list_metadata": {}})
        return JSONResponse({"detail": "Not Found"}, 404)

    async with asking(create_app("g2e", [], intercept=intercept)) as asker:
        answer = await asker.ask("get_eval_run", run_id="wftestrun_1")
    assert [(row["eval_id"], row["verdict"]) for row in answer["rows"]] == [("t1", "failed")]


async def test_pages_show_every_result_once() -> None:
    seen: list[str] = []
    arguments: dict[str, Any] = {"run_id": AFTER.id, "limit": 1}
    async with asking(create_app("g3", [SAMPLE])) as asker:
        while True:
            answer = await asker.ask("get_eval_run", **arguments)
            seen += [row["eval_id"] for row in answer["rows"]]
            if "truncated" not in answer:
                break
            arguments = answer["truncated"]["next"]["arguments"]
    assert sorted(seen) == sorted(result.eval_id for result in AFTER.results)


@pytest.mark.parametrize(
    ("run_id", "kind"),
    [("wfevalrun_none", "not_found"), ("run_1", "invalid_argument"), ("", "invalid_argument")],
)
async def test_other_ids_are_refused(run_id: str, kind: str) -> None:
    async with asking(create_app("g3", [SAMPLE])) as asker:
        assert (await asker.refused("get_eval_run", run_id=run_id))["kind"] == kind


async def test_an_eval_run_given_to_another_tool_names_this_one() -> None:
    async with asking(create_app("g3", [SAMPLE])) as asker:
        refused = await asker.refused("get_run", run_id=AFTER.id)
    assert "get_eval_run" in refused["hint"]
