"""get_step: a small step, a large one as its shape, a value by path, the steps of a block."""

from typing import Any

import pytest
from inline_snapshot import snapshot
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.generations import GENERATIONS
from tests.samples import all_samples
from tests.support.asking import asking

SAMPLES = {sample.name: sample for sample in all_samples()}


def run_id_of(name: str) -> str:
    return SAMPLES[name].runs[0].id


async def answer_of(name: str, step_id: str, path: str = "") -> dict[str, Any]:
    async with asking(create_app("g3", [SAMPLES[name]])) as asker:
        return await asker.ask("get_step", run_id=run_id_of(name), step_id=step_id, path=path)


async def test_a_small_step_is_shown_whole() -> None:
    assert await answer_of("label-rejected", "order-label") == snapshot(
        {
            "run_id": "run_yo03o9Swrn1WMAwsjAh1h",
            "step_id": "order-label",
            "type": "api_call",
            "label": "Order a label",
            "status": "error",
            "started_at": "2026-08-05T15:31:03.500Z",
            "duration_ms": 420,
            "cause": {
                "message": "API call failed: 422 Unprocessable Entity",
                "stage": "execution",
                "category": "permanent",
                "kind": "called_api_refused",
                "evidence": {
                    "attempts": 1,
                    "method": "POST",
                    "url": "carrier.example.com/labels",
                    "status": 422,
                    "duration_ms": 420,
                    "response_body": {
                        "errors": [{"field": "recipient.postcode", "reason": "must not be empty"}]
                    },
                    "request_body": {
                        "postcode": None,
                        "city": "Lyon",
                        "country": "FR",
                        "parcels": "3",
                    },
                    "sent": [{"path": "/attempts/0/request_body/postcode", "value": None}],
                },
                "reasons": ["the last attempt was answered with 422"],
                "suggestion": "Compare the request that was sent with what the called API accepts.",
                "details": {"error_code": "http_error"},
            },
            "restart": {
                "verdict": "may_help",
                "why": "the same request is refused again (422), unless extract-order gives another result, and no call of this run changed anything",
            },
            "inputs_from": {"input-json-0": "extract-order"},
            "handle_inputs": {
                "input-json-0": {
                    "type": "json",
                    "data": {"postcode": None, "city": "Lyon", "country": "FR", "parcels": "3"},
                }
            },
            "artifact": {
                "operation": "api_call_invocation",
                "id": "apiinv_dZY3qNF-Vk95_hG5cdHRk",
            },
            "next_calls": [
                {
                    "tool": "get_artifact",
                    "arguments": {
                        "artifact_id": "apiinv_dZY3qNF-Vk95_hG5cdHRk",
                        "operation": "api_call_invocation",
                    },
                }
            ],
            "untrusted_text": True,
        }
    )


async def test_a_large_input_becomes_its_shape_and_names_the_outlier() -> None:
    assert await answer_of("price-list-outlier", "value-stock") == snapshot(
        {
            "run_id": "run_3NGaouGAqGQxllqOAYhIy",
            "step_id": "value-stock",
            "type": "function",
            "label": "Value the stock",
            "status": "error",
            "started_at": "2026-08-06T05:30:03Z",
            "duration_ms": 1400,
            "cause": {
                "message": "TypeError: can't multiply sequence by non-int of type 'float'",
                "stage": "execution",
                "category": "permanent",
                "kind": "function_exception",
                "reasons": ["the only failed step", "the function raised TypeError"],
                "suggestion": "Open the block's code in Retab, which the run does not record, at the line that raised, and compare it with the inputs.",
                "details": {
                    "stack_trace": {
                        "exception": "TypeError: can't multiply sequence by non-int of type 'float'",
                        "frames": [
                            "/sandbox/block/main.py:19 in main: return {'value': sum(value_of(row) for row in data['rows'])}",
                            "/sandbox/block/main.py:19 in <genexpr>: return {'value': sum(value_of(row) for row in data['rows'])}",
                            "/sandbox/block/main.py:11 in value_of: return row['qty'] * row['unit_price'] * (1 - row['discount'])",
                        ],
                        "frames_left_out": 28,
                    },
                    "error_code": "function_error",
                },
            },
            "restart": {
                "verdict": "useless",
                "why": "the same input fails again: no step before it can give another result",
            },
            "inputs_from": {"input-json-0": "check-rows"},
            "handle_inputs": {
                "input-json-0": {
                    "type": "json",
                    "data": {
                        "currency": "EUR",
                        "rows": {
                            "$shape": "array",
                            "length": 20000,
                            "items": {
                                "type": "object",
                                "keys": {
                                    "sku": "string",
                                    "description": "string",
                                    "qty": {
                                        "types": {"integer": 19999, "string": 1},
                                        "min": 1,
                                        "max": 500,
                                    },
                                    "unit_price": {"type": "number", "min": 0.05, "max": 89.99},
                                    "discount": {
                                        "type": "number",
                                        "min": 0,
                                        "max": 0.1,
                                        "values": {"0": 11894, "0.1": 4056, "0.05": 4050},
                                    },
                                },
                            },
                            "outliers": [
                                {
                                    "path": "/handle_inputs/input-json-0/data/rows/13377/qty",
                                    "why": "string among integers",
                                    "value": "12 pcs",
                                }
                            ],
                            "first": [
                                {
                                    "sku": "F013489",
                                    "description": "Washer M16",
                                    "qty": 143,
                                    "unit_price": 43.24,
                                    "discount": 0.1,
                                },
                                {
                                    "sku": "B893817",
                                    "description": "Hex bolt M7",
                                    "qty": 386,
                                    "unit_price": 55.62,
                                    "discount": 0,
                                },
                                {
                                    "sku": "B365296",
                                    "description": "Ball bearing M15",
                                    "qty": 417,
                                    "unit_price": 35.51,
                                    "discount": 0,
                                },
                            ],
                        },
                    },
                }
            },
            "artifact": {
                "operation": "function_invocation",
                "id": "fninv_M8pW4WEZiz7IJTdQ3JRx4",
            },
            "truncated": {
                "shown": 24,
                "total": 100009,
                "unit": "values",
                "next": {
                    "tool": "get_step",
                    "arguments": {
                        "run_id": "run_3NGaouGAqGQxllqOAYhIy",
                        "step_id": "value-stock",
                        "path": "/handle_inputs/input-json-0/data/rows/3-20000",
                    },
                },
            },
            "next_calls": [
                {
                    "tool": "get_artifact",
                    "arguments": {
                        "artifact_id": "fninv_M8pW4WEZiz7IJTdQ3JRx4",
                        "operation": "function_invocation",
                    },
                }
            ],
            "untrusted_text": True,
        }
    )


async def test_the_first_failing_step_of_a_block_in_a_loop() -> None:
    assert await answer_of("orders-for-each", "price-order") == snapshot(
        {
            "run_id": "run_yrJ-gfgMFhLhhZgEqw_yS",
            "step_id": "each-order_iter_17_price-order",
            "block_id": "price-order",
            "type": "function",
            "status": "error",
            "started_at": "2026-08-07T02:00:07.270Z",
            "duration_ms": 90,
            "loop": [{"container_id": "each-order", "iteration": 17}],
            "matches": {"count": 500, "step_counts": {"completed": 497, "error": 3}},
            "cause": {
                "message": "TypeError: unsupported operand type(s) for *: 'int' and 'NoneType'",
                "stage": "execution",
                "category": "permanent",
                "kind": "function_exception",
                "reasons": ["the first failed step by time", "the function raised TypeError"],
                "suggestion": "Open the block in Retab and compare its code, which the run does not record, with the inputs that it received.",
                "details": {"error_code": "function_error"},
            },
            "restart": {
                "verdict": "useless",
                "why": "the same input fails again: no step before it can give another result",
            },
            "inputs_from": {"input-json-0": "each-order_iter_17_normalise-order"},
            "handle_inputs": {
                "input-json-0": {
                    "type": "json",
                    "data": {
                        "order": "PO-40017",
                        "sku": "C000629",
                        "quantity": 18,
                        "unit_price": None,
                    },
                }
            },
            "artifact": {
                "operation": "function_invocation",
                "id": "fninv_tJOMI6ob6gubytrVRKZ9U",
            },
            "next_calls": [
                {
                    "tool": "get_artifact",
                    "arguments": {
                        "artifact_id": "fninv_tJOMI6ob6gubytrVRKZ9U",
                        "operation": "function_invocation",
                    },
                },
                {
                    "tool": "list_steps",
                    "arguments": {
                        "run_id": "run_yrJ-gfgMFhLhhZgEqw_yS",
                        "block_id": "price-order",
                    },
                },
            ],
            "untrusted_text": True,
        }
    )


async def test_a_skipped_step_says_why() -> None:
    answer = await answer_of("erp-unavailable", "file-answer")
    assert answer["status"] == "skipped"
    assert "create-order" in answer["reason"]


@pytest.mark.parametrize(
    "path",
    [
        "/handle_inputs/input-json-0/data/rows/13377/qty",
        "$.handle_inputs['input-json-0'].data.rows[13377].qty",
    ],
)
async def test_a_value_by_its_path(path: str) -> None:
    answer = await answer_of("price-list-outlier", "value-stock", path)
    assert answer["value"] == "12 pcs"
    assert answer["path"] == "/handle_inputs/input-json-0/data/rows/13377/qty"


async def test_a_null_is_shown() -> None:
    path = "/handle_inputs/input-json-0/data/unit_price"
    answer = await answer_of("orders-for-each", "price-order", path)
    assert answer["value"] is None


async def test_the_pages_of_an_array_reach_its_end() -> None:
    run_id, path, read = run_id_of("price-list-outlier"), "", 0
    arguments = {"path": "/handle_inputs/input-json-0/data/rows/19700-20000"}
    async with asking(create_app("g3", [SAMPLES["price-list-outlier"]])) as asker:
        while arguments:
            answer = await asker.ask(
                "get_step", run_id=run_id, step_id="value-stock", path=arguments["path"]
            )
            read += len(answer["value"])
            truncated = answer.get("truncated")
            arguments = truncated["next"]["arguments"] if truncated else {}
            path = answer["path"]
    assert read == 300
    assert path.endswith("-20000")


async def test_a_wrong_path_leads_to_its_parent_and_its_children() -> None:
    async with asking(create_app("g3", [SAMPLES["price-list-outlier"]])) as asker:
        refused = await asker.refused(
            "get_step",
            run_id=run_id_of("price-list-outlier"),
            step_id="value-stock",
            path="/handle_inputs/input-json-0/data/lines",
        )
    assert refused == snapshot(
        {
            "error": "There is no key lines at /handle_inputs/input-json-0/data, an object of 2 keys.",
            "kind": "invalid_argument",
            "hint": "Take one of `children`, or leave path out for the overview.",
            "retryable": False,
            "run_id": "run_3NGaouGAqGQxllqOAYhIy",
            "step_id": "value-stock",
            "nearest": "/handle_inputs/input-json-0/data",
            "children": [
                "/handle_inputs/input-json-0/data/currency",
                "/handle_inputs/input-json-0/data/rows",
            ],
            "untrusted_text": True,
        }
    )


async def test_an_artifact_id_is_not_found_as_a_step() -> None:
    async with asking(create_app("g3", [SAMPLES["label-rejected"]])) as asker:
        refused = await asker.refused(
            "get_step", run_id=run_id_of("label-rejected"), step_id="extr_000000000000000000000"
        )
    assert refused["kind"] == "not_found"
    assert "order-label" in refused["blocks"]


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_the_same_path_leads_to_the_same_value_in_every_generation(generation: str) -> None:
    async with asking(create_app(generation, [SAMPLES["label-rejected"]])) as asker:
        answer = await asker.ask(
            "get_step",
            run_id=run_id_of("label-rejected"),
            step_id="order-label",
            path="/handle_inputs/input-json-0/data/city",
        )
    assert answer["value"] == "Lyon"


async def test_a_skip_reason_is_marked_as_untrusted() -> None:
    answer = await answer_of("erp-unavailable", "file-answer")
    assert answer["status"] == "skipped"
    assert answer["reason"]
    assert not {"handle_inputs", "handle_outputs", "cause"} & set(answer)
    assert answer["untrusted_text"] is True


async def test_a_step_without_third_party_text_is_not_marked() -> None:
    async def bare(request: Request) -> Response | None:
        if not request.url.path.startswith("/v1/workflows/steps/"):
            return None
        step_id = request.url.path.rpartition("/")[2]
        body = {"run_id": run_id_of("label-rejected"), "step_id": step_id, "block_id": "order"}
        return JSONResponse(body | {"lifecycle": {"status": "running"}})

    app = create_app("g3", [SAMPLES["label-rejected"]], intercept=bare)
    async with asking(app) as asker:
        answer = await asker.ask("get_step", run_id=run_id_of("label-rejected"), step_id="order")
    assert answer["status"] == "running"
    assert "untrusted_text" not in answer
