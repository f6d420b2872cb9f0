"""compare_runs from HTTP bytes to the text of the answer."""

from typing import Any

import pytest
from inline_snapshot import snapshot

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.builder.graph import block, workflow
from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.records import Sample, SampleRun
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
            "a": {
                "run_id": "run_NyzG9Pff9bsee9gMmgHMH",
                "status": "completed",
                "created_at": "2026-08-11T07:30:00Z",
                "workflow_version_id": "ver_LK_suOhVVFBmm_BLQl0g-",
                "duration_ms": 2800,
            },
            "b": {
                "run_id": "run_sqjB9jwXFHhwpihzg3QXD",
                "status": "completed",
                "created_at": "2026-08-11T07:30:00Z",
                "workflow_version_id": "ver_orNxYQnX7qBBGMHxiCN_h",
                "duration_ms": 2800,
            },
            "same": ["inputs"],
            "compared_steps": 3,
            "same_steps": 1,
            "first_difference": {
                "block_id": "extract-receipt",
                "differs": "output",
                "same_inputs": True,
                "path": "/handle_outputs/output-json-0/data/total",
                "a": 21.25,
                "b": 21.5,
            },
            "workflow_version": {
                "changed": ["extract-receipt"],
                "config": [
                    {
                        "block_id": "extract-receipt",
                        "field": "/model",
                        "a": "retab-micro",
                        "b": "retab-small",
                    }
                ],
            },
            "models": [{"block_id": "extract-receipt", "a": "retab-micro", "b": "retab-small"}],
            "differences": [
                {
                    "block_id": "extract-receipt",
                    "differs": "output",
                    "same_inputs": 1,
                    "changes": [
                        {"path": "/handle_outputs/output-json-0/data/total", "a": 21.25, "b": 21.5},
                        {
                            "path": "/handle_outputs/output-json-0/data/items/0",
                            "only_in": "b",
                            "b": {"name": "Reusable bag", "price": 0.25},
                        },
                    ],
                },
                {
                    "block_id": "book-receipt",
                    "differs": "output",
                    "changes": [
                        {"path": "/handle_outputs/output-json-0/data/booked", "a": 21.25, "b": 21.5}
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
            "a": {
                "run_id": "run_etnSb9NDD1LkVqIKW1HMl",
                "status": "error",
                "created_at": "2026-08-12T05:00:00Z",
                "duration_ms": 5250,
            },
            "b": {
                "run_id": "run_aseDyVPDnZU6J-IDvJD_W",
                "status": "completed",
                "created_at": "2026-08-12T05:00:00Z",
                "duration_ms": 2050,
            },
            "same": ["inputs", "workflow version"],
            "compared_steps": 7,
            "same_steps": 1,
            "first_difference": {
                "block_id": "convert-euros",
                "step_id": "each-payment_iter_0_convert-euros",
                "differs": "output",
                "same_inputs": True,
                "path": "/handle_outputs/output-json-0/data/amount",
                "a": 11500.0,
                "b": 115.0,
                "ratio": 100.0,
            },
            "differences": [
                {
                    "block_id": "send-payments",
                    "differs": "status",
                    "a_status": "error",
                    "b_status": "completed",
                    "a_message": "API call failed: 422 Unprocessable Entity",
                },
                {
                    "block_id": "convert-euros",
                    "differs": "output",
                    "count": 4,
                    "same_inputs": 4,
                    "step_id": "each-payment_iter_0_convert-euros",
                    "iteration_from_0": [0],
                    "changes": [
                        {
                            "path": "/handle_outputs/output-json-0/data/amount",
                            "a": 11500.0,
                            "b": 115.0,
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
                            "a": 11500.0,
                            "b": 115.0,
                            "count": 4,
                        }
                    ],
                },
            ],
            "durations": [{"block_id": "send-payments", "a_ms": 4000, "b_ms": 800, "ratio": 5.0}],
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
            "a": {
                "run_id": "run_Yp-ma87bJCh3F0SuOD8bZ",
                "status": "completed",
                "created_at": "2026-08-12T05:00:00Z",
                "duration_ms": 2050,
            },
            "b": {
                "run_id": "run_2u6B-AWwQx1iheIVzwEyq",
                "status": "completed",
                "created_at": "2026-08-12T05:00:00Z",
                "duration_ms": 1900,
            },
            "same": ["workflow version"],
            "compared_steps": 6,
            "same_steps": 0,
            "first_difference": {
                "block_id": "start-payments",
                "differs": "output",
            },
            "inputs": [
                {
                    "path": "/json_data/start-payments/payments/0",
                    "only_in": "a",
                    "a": {"reference": "PAY-8000", "amount": 100, "currency": "GBP"},
                },
                {
                    "path": "/json_data/start-payments/payments/1/amount",
                    "b_path": "/json_data/start-payments/payments/0/amount",
                    "a": 107,
                    "b": 100,
                    "count": 3,
                },
            ],
            "differences": [
                {
                    "block_id": "convert-euros",
                    "differs": "only_in_a",
                    "step_id": "each-payment_iter_3_convert-euros",
                    "iteration_from_0": [3],
                    "a_status": "completed",
                },
                {
                    "block_id": "convert-euros",
                    "differs": "output",
                    "count": 3,
                    "step_id": "each-payment_iter_0_convert-euros",
                    "iteration_from_0": [0],
                    "changes": [
                        {
                            "path": "/handle_outputs/output-json-0/data/reference",
                            "a": "PAY-8000",
                            "b": "PAY-8001",
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
                            "only_in": "a",
                            "a": {"reference": "PAY-8000", "amount": 115.0, "currency": "EUR"},
                        },
                        {
                            "path": "/handle_outputs/output-json-0/data/payments/1/amount",
                            "b_path": "/handle_outputs/output-json-0/data/payments/0/amount",
                            "a": 123.05,
                            "b": 115.0,
                            "count": 3,
                        },
                    ],
                },
                {
                    "block_id": "send-payments",
                    "differs": "output",
                    "changes": [
                        {"path": "/handle_outputs/output-json-0/data/accepted", "a": 4, "b": 3}
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
    assert [row.get("iteration_from_0") for row in answer["differences"]] == [
        [0],
        [1],
        [2],
        [3],
        None,
    ]


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
    assert answer["models"][0]["a"] == "retab-micro"


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
                assert value["value"] == change["a"]


async def test_answers_stay_short() -> None:
    async with asking(create_app("g3", pairs_of_runs())) as asker:
        for run, other in ((BAD, GOOD), (MORE, FEWER), (RECEIPT_AFTER, RECEIPT_BEFORE)):
            text = await asker.text("compare_runs", run_id=run.id, other_run_id=other.id)
            assert count_tokens(text) < 1_000


async def test_the_older_run_and_what_is_the_same_are_named() -> None:
    async with asking(create_app("g3", pairs_of_runs())) as asker:
        answer = await asker.ask("compare_runs", run_id=BAD.id, other_run_id=GOOD.id)
    assert [side for side in "ab" if answer[side].get("older")] in (["a"], ["b"], [])
    assert "inputs" in answer["same"]


async def test_the_message_of_a_step_that_only_one_run_has() -> None:
    graph = workflow(
        "crates", "Crates", block("in", "start_json", "In"), block("stack", "function", "Stack")
    )
    plain = RunBuilder("crates-plain", graph, "2026-09-02T06:30:00Z")
    failed = RunBuilder("crates-failed", graph, "2026-09-02T07:30:00Z")
    for build in (plain, failed):
        build.start("in", {"crates": 4})
    failed.fail("stack", "no room for crate 4")
    runs = plain.run("completed", 1.0), failed.run("error", 1.0, failure=None)
    app = create_app("g3", [Sample("crates", "Crates in two runs", runs)])
    async with asking(app) as asker:
        ids = {"run_id": runs[0].id, "other_run_id": runs[1].id}
        answer = await asker.ask("compare_runs", **ids)
    (row,) = answer["differences"]
    assert (row["differs"], row["b_message"]) == ("only_in_b", "no room for crate 4")
