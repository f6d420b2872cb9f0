"""list_steps: rows as an assistant sees them, collapsed loops, and paging by rows."""

from typing import Any

import pytest
from inline_snapshot import snapshot

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.generations import GENERATIONS
from tests.samples import all_samples
from tests.support.asking import Asker, asking

SAMPLES = {sample.name: sample for sample in all_samples()}
LOOP = SAMPLES["orders-for-each"].runs[0].id
NESTED = SAMPLES["claims-nested"].runs[0].id
LONG = SAMPLES["manifest-2000"].runs[0].id
BRANCH = SAMPLES["expense-small"].runs[0].id


def app_of(*names: str, generation: str = "g3") -> Any:
    return create_app(generation, [SAMPLES[name] for name in names])


async def every_row(asker: Asker, **arguments: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    while True:
        answer = await asker.ask("list_steps", **arguments)
        rows += answer["rows"]
        truncated = answer.get("truncated")
        if truncated is None:
            return rows
        assert truncated["shown"] == len(answer["rows"])
        arguments = truncated["next"]["arguments"]


async def test_a_loop_of_500_is_one_row() -> None:
    async with asking(app_of("orders-for-each")) as asker:
        assert await asker.ask("list_steps", run_id=LOOP) == snapshot(
            {
                "run_id": "run_yrJ-gfgMFhLhhZgEqw_yS",
                "status": "error",
                "step_counts": {"completed": 1498, "error": 4, "skipped": 1},
                "rows": [
                    {
                        "block_id": "start-batch",
                        "type": "start_json",
                        "label": "Batch of orders",
                        "status": "completed",
                        "started_ms": 0,
                        "duration_ms": 300,
                    },
                    {
                        "block_id": "each-order",
                        "type": "for_each",
                        "label": "For each order",
                        "status": "error",
                        "started_ms": 350,
                        "duration_ms": 185000,
                        "message": "3 of 500 iterations failed",
                        "iterations": 500,
                        "step_counts": {"completed": 1497, "error": 3},
                        "failing": [
                            {
                                "iteration": 17,
                                "step_id": "each-order_iter_17_price-order",
                                "block_id": "price-order",
                            },
                            {
                                "iteration": 203,
                                "step_id": "each-order_iter_203_price-order",
                                "block_id": "price-order",
                            },
                            {
                                "iteration": 488,
                                "step_id": "each-order_iter_488_price-order",
                                "block_id": "price-order",
                            },
                        ],
                        "failing_iterations": 3,
                        "failures": [
                            {
                                "message": "TypeError: unsupported operand type(s) for *: 'int' and 'NoneType'",
                                "block_id": "price-order",
                                "count": 3,
                            }
                        ],
                        "median_ms": 320,
                    },
                    {
                        "block_id": "send-batch",
                        "type": "api_call",
                        "label": "Send batch to ERP",
                        "status": "skipped",
                        "reason": "Upstream block 'each-order' failed",
                    },
                ],
                "next_calls": [
                    {
                        "tool": "get_step",
                        "arguments": {
                            "run_id": "run_yrJ-gfgMFhLhhZgEqw_yS",
                            "step_id": "each-order_iter_17_price-order",
                        },
                    }
                ],
                "untrusted_text": True,
            }
        )


async def test_a_branch_that_was_not_taken() -> None:
    async with asking(app_of("expense-small")) as asker:
        assert await asker.ask("list_steps", run_id=BRANCH) == snapshot(
            {
                "run_id": "run_fJSUPZ4srPNRl7CMeSQQ6",
                "status": "completed",
                "step_counts": {"completed": 4, "skipped": 1},
                "rows": [
                    {
                        "block_id": "start-receipt",
                        "type": "start_document",
                        "label": "Receipt",
                        "status": "completed",
                        "started_ms": 0,
                        "duration_ms": 100,
                    },
                    {
                        "block_id": "extract-receipt",
                        "type": "extract",
                        "status": "completed",
                        "started_ms": 150,
                        "duration_ms": 2200,
                        "artifact": "extraction:extr_dw7i17J_ZTy25V-Qcb6ku",
                    },
                    {
                        "block_id": "check-amount",
                        "type": "conditional",
                        "label": "Above the limit?",
                        "status": "completed",
                        "started_ms": 2400,
                        "duration_ms": 100,
                        "artifact": "conditional_evaluation:ceval_nKy3uWDr5djGLP1Z7895g",
                    },
                    {
                        "block_id": "pay-out",
                        "type": "api_call",
                        "status": "completed",
                        "started_ms": 2550,
                        "duration_ms": 700,
                    },
                    {
                        "block_id": "ask-approval",
                        "type": "api_call",
                        "label": "Ask cost centre for approval",
                        "status": "skipped",
                        "reason": "Branch 'above-limit' of 'check-amount' was not taken",
                    },
                ],
                "untrusted_text": True,
            }
        )


async def test_a_nested_loop() -> None:
    async with asking(app_of("claims-nested")) as asker:
        assert await asker.ask("list_steps", run_id=NESTED) == snapshot(
            {
                "run_id": "run_IF32xqRGhYvDhjyhBLaPM",
                "status": "error",
                "step_counts": {"completed": 26, "error": 3, "skipped": 1},
                "rows": [
                    {
                        "block_id": "start-claims",
                        "type": "start_json",
                        "label": "Open claims",
                        "status": "completed",
                        "started_ms": 0,
                        "duration_ms": 100,
                    },
                    {
                        "block_id": "until-settled",
                        "type": "while_loop",
                        "label": "Until all are settled",
                        "status": "error",
                        "started_ms": 150,
                        "duration_ms": 3930,
                        "message": "Iteration 2 failed",
                        "iterations": 3,
                        "step_counts": {"completed": 25, "error": 2},
                        "failing": [
                            {
                                "iteration": 2,
                                "step_id": "until-settled_iter_2_each-claim_iter_1_book-reserve",
                                "block_id": "book-reserve",
                            }
                        ],
                        "failing_iterations": 1,
                        "failures": [
                            {
                                "message": "API call failed: 409 Conflict",
                                "block_id": "book-reserve",
                                "count": 1,
                            }
                        ],
                        "median_ms": 1260,
                    },
                    {
                        "block_id": "report-settled",
                        "type": "function",
                        "label": "Report",
                        "status": "skipped",
                        "reason": "Upstream block 'until-settled' failed",
                    },
                ],
                "next_calls": [
                    {
                        "tool": "get_step",
                        "arguments": {
                            "run_id": "run_IF32xqRGhYvDhjyhBLaPM",
                            "step_id": "until-settled_iter_2_each-claim_iter_1_book-reserve",
                        },
                    }
                ],
                "untrusted_text": True,
            }
        )


async def test_only_the_failures_in_a_loop() -> None:
    async with asking(app_of("orders-for-each")) as asker:
        answer = await asker.ask("list_steps", run_id=LOOP, block_id="each-order", status="error")
    assert [row["iteration"] for row in answer["rows"]] == [[17], [203], [488]]
    assert answer["step_counts"] == {"error": 3}
    assert "truncated" not in answer


# 37 divides neither the 1,000 rows nor an iteration, and needs far fewer calls than 7 would.
@pytest.mark.parametrize("limit", [1, 37, 50, 200])
async def test_pages_cover_every_row_once_and_in_order(limit: int) -> None:
    async with asking(app_of("orders-for-each")) as asker:
        rows = (
            await every_row(
                asker, run_id=LOOP, block_id="each-order", status="completed,error", limit=limit
            )
            if limit > 1
            else await every_row(asker, run_id=LOOP, limit=1)
        )
    if limit == 1:
        assert [row["block_id"] for row in rows] == ["start-batch", "each-order", "send-batch"]
        return
    ids = [row["step_id"] for row in rows]
    assert len(ids) == len(set(ids)) == 1000
    assert [row["iteration"][0] for row in rows] == sorted(row["iteration"][0] for row in rows)


async def test_an_exactly_full_page_is_not_truncated() -> None:
    async with asking(app_of("orders-for-each")) as asker:
        answer = await asker.ask("list_steps", run_id=LOOP, limit=3)
        assert len(answer["rows"]) == 3
        assert "truncated" not in answer
        answer = await asker.ask("list_steps", run_id=LOOP, limit=1)
        assert (answer["truncated"]["shown"], answer["truncated"]["total"]) == (1, 3)


async def test_a_last_row_shorter_than_its_truncation_note_is_shown() -> None:
    async with asking(app_of("orders-for-each")) as asker:
        answer = await asker.ask("list_steps", run_id=LOOP, limit=2)
        assert answer == await asker.ask("list_steps", run_id=LOOP)


async def test_a_cursor_is_refused_with_other_arguments() -> None:
    async with asking(app_of("orders-for-each")) as asker:
        answer = await asker.ask("list_steps", run_id=LOOP, limit=1)
        cursor = answer["truncated"]["next"]["arguments"]["cursor"]
        refused = await asker.refused("list_steps", run_id=LOOP, limit=3, cursor=cursor)
        assert refused["kind"] == "invalid_argument"
        refused = await asker.refused("list_steps", run_id=LOOP, limit=1, cursor=cursor + "x")
        assert "not issued by this server" in refused["error"]


async def test_filters_take_old_and_unknown_words() -> None:
    async with asking(app_of("claim-waiting")) as asker:
        run_id = SAMPLES["claim-waiting"].runs[0].id
        old = await asker.ask("list_steps", run_id=run_id, status="waiting_for_human")
        assert [row["status"] for row in old["rows"]] == ["awaiting_review"]
        unknown = await asker.refused("list_steps", run_id=run_id, status="levitating")
        other = await asker.refused("list_steps", run_id=run_id, block_type="teleport")
    assert "error" in unknown["status_words"]
    assert "extract" in other["block_type_words"]


async def test_an_unknown_block_is_refused_with_the_known_ones() -> None:
    async with asking(app_of("orders-for-each")) as asker:
        refused = await asker.refused("list_steps", run_id=LOOP, block_id="nowhere")
    assert refused["kind"] == "not_found"
    assert set(refused["blocks"]) >= {"start-batch", "each-order", "price-order", "send-batch"}


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_2000_steps_in_every_generation(generation: str) -> None:
    async with asking(app_of("manifest-2000", generation=generation)) as asker:
        answer = await asker.ask("list_steps", run_id=LONG)
    assert sum(answer["step_counts"].values()) == 2000
    (loop,) = [row for row in answer["rows"] if "iterations" in row]
    assert loop["iterations"] == 285
