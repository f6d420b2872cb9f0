"""compare_runs from HTTP bytes to the text of the answer."""

from typing import Any

import pytest
from inline_snapshot import snapshot

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.records import SampleRun
from tests.samples import pairs_of_runs
from tests.support.asking import asking
from tests.support.tokens import count_tokens

GENERATIONS = ("g1", "g2b", "g2c", "g2e", "g3")
RECEIPT_BEFORE, RECEIPT_AFTER = pairs_of_runs()[0].runs
GOOD, BAD = pairs_of_runs()[1].runs
FEWER, MORE = pairs_of_runs()[2].runs


async def compare(generation: str, run: SampleRun, other: SampleRun, **more: Any) -> Any:
    async with asking(create_app(generation, pairs_of_runs())) as asker:
        return await asker.ask("compare_runs", run_id=run.id, other_run_id=other.id, **more)


async def test_a_changed_version_and_model() -> None:
    assert await compare("g3", RECEIPT_AFTER, RECEIPT_BEFORE) == snapshot(
        {
            "run": {
                "run_id": "run_NyzG9Pff9bsee9gMmgHMH",
                "status": "completed",
                "workflow_version_id": "ver_LK_suOhVVFBmm_BLQl0g-",
                "duration_ms": 2800,
            },
            "other": {
                "run_id": "run_sqjB9jwXFHhwpihzg3QXD",
                "status": "completed",
                "workflow_version_id": "ver_orNxYQnX7qBBGMHxiCN_h",
                "duration_ms": 2800,
            },
            "compared_steps": 3,
            "same_steps": 1,
            "first_difference": {
                "block_id": "extract-receipt",
                "differs": "output",
            },
            "workflow_version": {
                "changed": ["extract-receipt"],
                "config": [
                    {
                        "block_id": "extract-receipt",
                        "field": "/model",
                        "value": "retab-micro",
                        "other": "retab-small",
                    }
                ],
            },
            "models": [
                {
                    "block_id": "extract-receipt",
                    "model": "retab-micro",
                    "other_model": "retab-small",
                }
            ],
            "differences": [
                {
                    "block_id": "extract-receipt",
                    "differs": "output",
                    "same_inputs": 1,
                    "changes": [
                        {
                            "path": "/handle_outputs/output-json-0/data/total",
                            "value": 21.25,
                            "other": 21.5,
                        },
                        {
                            "path": "/handle_outputs/output-json-0/data/items/0",
                            "only_in": "other_run_id",
                            "other": {"name": "Reusable bag", "price": 0.25},
                        },
                    ],
                },
                {
                    "block_id": "book-receipt",
                    "differs": "output",
                    "changes": [
                        {
                            "path": "/handle_outputs/output-json-0/data/booked",
                            "value": 21.25,
                            "other": 21.5,
                        }
                    ],
                },
            ],
            "next_calls": [
                {
                    "tool": "get_step",
                    "arguments": {
                        "run_id": "run_NyzG9Pff9bsee9gMmgHMH",
                        "step_id": "extract-receipt",
                    },
                },
                {
                    "tool": "get_step",
                    "arguments": {
                        "run_id": "run_sqjB9jwXFHhwpihzg3QXD",
                        "step_id": "extract-receipt",
                    },
                },
            ],
            "untrusted_text": True,
        }
    )


async def test_a_wrong_value_that_fails_a_later_step() -> None:
    assert await compare("g3", BAD, GOOD) == snapshot(
        {
            "run": {
                "run_id": "run_etnSb9NDD1LkVqIKW1HMl",
                "status": "error",
                "duration_ms": 5250,
            },
            "other": {
                "run_id": "run_aseDyVPDnZU6J-IDvJD_W",
                "status": "completed",
                "duration_ms": 2050,
            },
            "compared_steps": 7,
            "same_steps": 1,
            "first_difference": {
                "block_id": "convert-euros",
                "step_id": "each-payment_iter_0_convert-euros",
                "differs": "output",
            },
            "differences": [
                {
                    "block_id": "send-payments",
                    "differs": "status",
                    "status": "error",
                    "other_status": "completed",
                    "message": "API call failed: 422 Unprocessable Entity",
                },
                {
                    "block_id": "convert-euros",
                    "differs": "output",
                    "count": 4,
                    "same_inputs": 4,
                    "step_id": "each-payment_iter_0_convert-euros",
                    "iteration": [0],
                    "changes": [
                        {
                            "path": "/handle_outputs/output-json-0/data/amount",
                            "value": 11500.0,
                            "other": 115.0,
                            "count": 4,
                        }
                    ],
                },
                {
                    "block_id": "each-payment",
                    "differs": "output",
                    "same_inputs": 1,
                    "changes": [
                        {
                            "path": "/handle_outputs/output-json-0/data/payments/0/amount",
                            "value": 11500.0,
                            "other": 115.0,
                            "count": 4,
                        }
                    ],
                },
            ],
            "durations": [{"block_id": "send-payments", "ms": 4000, "other_ms": 800, "ratio": 5.0}],
            "next_calls": [
                {
                    "tool": "get_step",
                    "arguments": {
                        "run_id": "run_etnSb9NDD1LkVqIKW1HMl",
                        "step_id": "each-payment_iter_0_convert-euros",
                    },
                },
                {
                    "tool": "get_step",
                    "arguments": {
                        "run_id": "run_aseDyVPDnZU6J-IDvJD_W",
                        "step_id": "each-payment_iter_0_convert-euros",
                    },
                },
                {
                    "tool": "compare_runs",
                    "arguments": {
                        "run_id": "run_etnSb9NDD1LkVqIKW1HMl",
                        "other_run_id": "run_aseDyVPDnZU6J-IDvJD_W",
                        "block_id": "convert-euros",
                    },
                },
            ],
            "untrusted_text": True,
        }
    )


async def test_an_added_row_and_iteration() -> None:
    assert await compare("g3", MORE, FEWER) == snapshot(
        {
            "run": {
                "run_id": "run_Yp-ma87bJCh3F0SuOD8bZ",
                "status": "completed",
                "duration_ms": 2050,
            },
            "other": {
                "run_id": "run_2u6B-AWwQx1iheIVzwEyq",
                "status": "completed",
                "duration_ms": 1900,
            },
            "compared_steps": 6,
            "same_steps": 0,
            "first_difference": {
                "block_id": "start-payments",
                "differs": "output",
            },
            "inputs": [
                {
                    "path": "/json_data/start-payments/payments/0",
                    "only_in": "run_id",
                    "value": {"reference": "PAY-8000", "amount": 100, "currency": "GBP"},
                },
                {
                    "path": "/json_data/start-payments/payments/1/amount",
                    "other_path": "/json_data/start-payments/payments/0/amount",
                    "value": 107,
                    "other": 100,
                    "count": 3,
                },
            ],
            "differences": [
                {
                    "block_id": "convert-euros",
                    "differs": "only_in_run",
                    "step_id": "each-payment_iter_3_convert-euros",
                    "iteration": [3],
                    "status": "completed",
                },
                {
                    "block_id": "start-payments",
                    "differs": "output",
                    "changes": [
                        {
                            "path": "/handle_outputs/output-json-0/data/payments/0",
                            "only_in": "run_id",
                            "value": {
                                "reference": "PAY-8000",
                                "amount": 100,
                                "currency": "GBP",
                            },
                        },
                        {
                            "path": "/handle_outputs/output-json-0/data/payments/1/amount",
                            "other_path": "/handle_outputs/output-json-0/data/payments/0/amount",
                            "value": 107,
                            "other": 100,
                            "count": 3,
                        },
                    ],
                },
                {
                    "block_id": "convert-euros",
                    "differs": "output",
                    "count": 3,
                    "step_id": "each-payment_iter_0_convert-euros",
                    "iteration": [0],
                    "changes": [
                        {
                            "path": "/handle_outputs/output-json-0/data/reference",
                            "value": "PAY-8000",
                            "other": "PAY-8001",
                            "count": 3,
                        }
                    ],
                },
                {
                    "block_id": "each-payment",
                    "differs": "output",
                    "changes": [
                        {
                            "path": "/handle_outputs/output-json-0/data/payments/0",
                            "only_in": "run_id",
                            "value": {
                                "reference": "PAY-8000",
                                "amount": 115.0,
                                "currency": "EUR",
                            },
                        },
                        {
                            "path": "/handle_outputs/output-json-0/data/payments/1/amount",
                            "other_path": "/handle_outputs/output-json-0/data/payments/0/amount",
                            "value": 123.05,
                            "other": 115.0,
                            "count": 3,
                        },
                    ],
                },
                {
                    "block_id": "send-payments",
                    "differs": "output",
                    "changes": [
                        {
                            "path": "/handle_outputs/output-json-0/data/accepted",
                            "value": 4,
                            "other": 3,
                        }
                    ],
                },
            ],
            "next_calls": [
                {
                    "tool": "get_step",
                    "arguments": {
                        "run_id": "run_Yp-ma87bJCh3F0SuOD8bZ",
                        "step_id": "each-payment_iter_3_convert-euros",
                    },
                },
                {
                    "tool": "compare_runs",
                    "arguments": {
                        "run_id": "run_Yp-ma87bJCh3F0SuOD8bZ",
                        "other_run_id": "run_2u6B-AWwQx1iheIVzwEyq",
                        "block_id": "convert-euros",
                    },
                },
            ],
            "untrusted_text": True,
        }
    )


async def test_one_block_of_a_loop_in_detail() -> None:
    answer = await compare("g3", BAD, GOOD, block_id="each-payment")
    assert [row.get("iteration") for row in answer["differences"]] == [[0], [1], [2], [3], None]


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_every_generation_says_the_same(generation: str) -> None:
    answer, newest = [await compare(each, BAD, GOOD) for each in (generation, "g3")]
    assert answer["differences"] == newest["differences"]
    assert answer["first_difference"] == newest["first_difference"]


@pytest.mark.parametrize("generation", ["g1", "g2b", "g2c"])
async def test_older_servers_do_not_say_what_changed_in_the_version(generation: str) -> None:
    answer = await compare(generation, RECEIPT_AFTER, RECEIPT_BEFORE)
    assert "workflow_version" not in answer
    assert "versions" in answer["truncated"]["why"]
    assert answer["models"][0]["model"] == "retab-micro"


async def test_omitted_rows_are_counted_and_the_next_call_returns_them() -> None:
    async with asking(create_app("g3", pairs_of_runs())) as asker:
        arguments = {"run_id": MORE.id, "other_run_id": FEWER.id}
        whole = await asker.ask("compare_runs", **arguments)
        cut = await asker.ask("compare_runs", **arguments, limit=1)
        total = len(whole["differences"])
        assert "truncated" not in whole
        assert cut["differences"] == whole["differences"][:1]
        assert (cut["truncated"]["shown"], cut["truncated"]["total"]) == (1, total)
        following = cut["truncated"]["next"]
        again = await asker.ask(following["tool"], **following["arguments"])
        assert again["differences"] == whole["differences"]
        exact = await asker.ask("compare_runs", **arguments, limit=total)
        assert "truncated" not in exact


async def test_next_calls_can_be_made() -> None:
    async with asking(create_app("g3", pairs_of_runs())) as asker:
        answer = await asker.ask("compare_runs", run_id=BAD.id, other_run_id=GOOD.id)
        assert answer["next_calls"]
        for call in answer["next_calls"]:
            await asker.ask(call["tool"], **call["arguments"])


async def test_paths_are_those_of_get_step() -> None:
    async with asking(create_app("g3", pairs_of_runs())) as asker:
        answer = await asker.ask("compare_runs", run_id=BAD.id, other_run_id=GOOD.id)
        changed = [row for row in answer["differences"] if "changes" in row]
        assert changed
        for row in changed:
            for change in row["changes"]:
                step_id = row.get("step_id", row["block_id"])
                path = {"path": change["path"]}
                value = await asker.ask("get_step", run_id=BAD.id, step_id=step_id, **path)
                assert value["value"] == change["value"]


async def test_two_equal_runs() -> None:
    async with asking(create_app("g3", pairs_of_runs())) as asker:
        refused = await asker.refused("compare_runs", run_id=BAD.id, other_run_id=BAD.id)
        assert refused["kind"] == "invalid_argument"


@pytest.mark.parametrize("missing", ["run_id", "other_run_id"])
async def test_a_missing_run_is_not_found(missing: str) -> None:
    arguments = {"run_id": BAD.id, "other_run_id": GOOD.id, missing: "run_none"}
    async with asking(create_app("g3", pairs_of_runs())) as asker:
        refused = await asker.refused("compare_runs", **arguments)
    assert refused["kind"] == "not_found"
    assert "run_none" in refused["error"]


async def test_answers_stay_short() -> None:
    async with asking(create_app("g3", pairs_of_runs())) as asker:
        for run, other in ((BAD, GOOD), (MORE, FEWER), (RECEIPT_AFTER, RECEIPT_BEFORE)):
            text = await asker.text("compare_runs", run_id=run.id, other_run_id=other.id)
            assert count_tokens(text) < 1_000


async def test_a_block_in_neither_run_is_refused() -> None:
    arguments = {"run_id": BAD.id, "other_run_id": GOOD.id, "block_id": "each-paiment"}
    async with asking(create_app("g3", pairs_of_runs())) as asker:
        refused = await asker.refused("compare_runs", **arguments)
    assert refused["kind"] == "not_found"
    assert "each-payment" in refused["blocks"]
