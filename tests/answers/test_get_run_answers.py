"""get_run: whole answers as an assistant sees them."""

from datetime import UTC, datetime
from typing import Any

import httpx
from inline_snapshot import snapshot

from retab_mcp.queries.service import Service
from retab_mcp.sandbox.app import create_app
from tests.samples import all_samples
from tests.support.asking import BASE_URL, asking

SAMPLES = {sample.name: sample for sample in all_samples()}
# Ten minutes after the start of the unfinished run.
NOW = datetime(2026, 8, 12, 7, 40, tzinfo=UTC)


async def answer_of(name: str, generation: str = "g3") -> dict[str, Any]:
    app = create_app(generation, [SAMPLES[name]])
    service = Service(BASE_URL, transport=httpx.ASGITransport(app=app), now=lambda: NOW)
    async with asking(app, service=service) as asker:
        return await asker.ask("get_run", run_id=SAMPLES[name].runs[0].id)


async def test_a_called_api_that_is_down() -> None:
    assert await answer_of("erp-unavailable") == snapshot(
        {
            "run_id": "run_xppXjjwaN1TMefHs-vkfv",
            "status": "error",
            "workflow": {"id": "wrk_AqhUq1EpzYXq-VkdMzQdA", "name": "Purchase orders to ERP"},
            "trigger": {"type": "webhook"},
            "restart": {
                "verdict": "safe",
                "why": "the called service may be up again, and no call of this run changed anything",
            },
            "started_at": "2026-08-05T13:00:00.400Z",
            "duration_ms": 7200,
            "history": {"other_runs": 0},
            "inputs": {
                "documents": {
                    "start-order": {
                        "filename": "PO-88120.pdf",
                        "mime_type": "application/pdf",
                    }
                }
            },
            "step_counts": {"completed": 2, "error": 1, "skipped": 1},
            "cause": {
                "step_id": "create-order",
                "label": "Create order in ERP",
                "type": "api_call",
                "message": "API call failed after 3 attempts: 503 Service Unavailable",
                "stage": "execution",
                "category": "transient",
                "kind": "called_api_down",
                "evidence": {
                    "error_code": "http_error",
                    "attempts": 3,
                    "method": "POST",
                    "url": "erp.example.com/api/orders",
                    "status": 503,
                    "duration_ms": 310,
                    "response_body": {
                        "error": "service_unavailable",
                        "message": "The order service is down for maintenance until 15:00 UTC.",
                    },
                },
                "reasons": ["the only failed step", "the last attempt was answered with 503"],
                "suggestion": "Check that the called service is up.",
            },
            "inputs_from": {"input-json-0": "extract-order"},
            "downstream": {"count": 1, "step_ids": ["file-answer"]},
            "untrusted_text": True,
        }
    )


async def test_a_function_that_raised() -> None:
    assert await answer_of("payroll-traceback") == snapshot(
        {
            "run_id": "run_qH7ApAv-VTnfrxSNRQY3r",
            "status": "error",
            "workflow": {"id": "wrk_TsaJNzXctKW0Vw1SNfvGt", "name": "Monthly payroll"},
            "trigger": {"type": "schedule"},
            "restart": {
                "verdict": "useless",
                "why": "the same input fails again: no step before it can give another result",
            },
            "started_at": "2026-08-06T04:00:00.400Z",
            "duration_ms": 900,
            "inputs": {
                "json_data": {
                    "start-timesheets": {
                        "month": "2026-07",
                        "timesheets": [
                            {"employee": "E-1001", "grade": "B2", "hours": 160.0},
                            {"employee": "E-1002", "grade": "C1", "hours": 152.5},
                            {"employee": "E-1003", "grade": "C3", "hours": 148.0},
                        ],
                    }
                }
            },
            "history": {"other_runs": 0},
            "step_counts": {"completed": 1, "error": 1, "skipped": 1},
            "cause": {
                "step_id": "compute-pay",
                "label": "Compute gross pay",
                "type": "function",
                "message": "KeyError: 'C3'",
                "stage": "execution",
                "category": "permanent",
                "kind": "function_exception",
                "evidence": {
                    "error_code": "function_error",
                    "stack_trace": {
                        "frames": [
                            "/sandbox/block/main.py:61 in main: lines = [gross(sheet) for sheet in data['timesheets']]",
                            "/sandbox/block/main.py:48 in gross: return sheet['hours'] * rate_of(sheet['grade'])",
                            "/sandbox/block/main.py:23 in rate_of: return RATES[grade]",
                        ],
                        "frames_left_out": 28,
                    },
                },
                "reasons": ["the only failed step", "the function raised KeyError"],
                "suggestion": "Open the block's code in Retab, which the run does not record, at the line that raised, and compare it with the inputs.",
            },
            "inputs_from": {"input-json-0": "start-timesheets"},
            "suspicious_inputs": [
                {
                    "path": "/handle_inputs/input-json-0/data/timesheets/2/grade",
                    "problem": "quoted in the message",
                    "value": "C3",
                    "origin": 'start-timesheets timesheets/2/grade = "C3", run input',
                }
            ],
            "downstream": {"count": 1, "step_ids": ["send-to-payroll"]},
            "untrusted_text": True,
        }
    )


async def test_three_of_500_iterations_failed() -> None:
    assert await answer_of("orders-for-each") == snapshot(
        {
            "run_id": "run_yrJ-gfgMFhLhhZgEqw_yS",
            "status": "error",
            "workflow": {"id": "wrk_PODMPUsrvreiZ5O_3HrsC", "name": "Purchase order batch"},
            "trigger": {"type": "schedule"},
            "restart": {
                "verdict": "useless",
                "why": "the same input fails again: no step before it can give another result",
            },
            "started_at": "2026-08-07T02:00:00.400Z",
            "duration_ms": 190000,
            "step_counts": {"completed": 1498, "error": 4, "skipped": 1},
            "cause": {
                "step_id": "each-order_iter_17_price-order",
                "block_id": "price-order",
                "type": "function",
                "message": "TypeError: unsupported operand type(s) for *: 'int' and 'NoneType'",
                "stage": "execution",
                "category": "permanent",
                "kind": "function_exception",
                "evidence": {"error_code": "function_error"},
                "reasons": [
                    "the first failed step by time",
                    "the function raised TypeError",
                ],
                "suggestion": "Open the block in Retab and compare its code, which the run does not record, with the inputs that it received.",
            },
            "history": {"other_runs": 0},
            "inputs_from": {"input-json-0": "each-order_iter_17_normalise-order"},
            "suspicious_inputs": [
                {
                    "path": "/handle_inputs/input-json-0/data/unit_price",
                    "problem": "null",
                    "value": None,
                    "origin": "start-batch orders/17/unit_price = null, run input",
                }
            ],
            "downstream": {
                "count": 2,
                "step_ids": [
                    "each-order",
                    "send-batch",
                ],
                "message": "3 of 500 iterations failed",
            },
            "other_failures": {
                "count": 2,
                "step_ids": [
                    "each-order_iter_203_price-order",
                    "each-order_iter_488_price-order",
                ],
                "failures": [
                    {
                        "step_id": "each-order_iter_203_price-order",
                        "block_id": "price-order",
                        "message": "TypeError: unsupported operand type(s) for *: 'int' and 'NoneType'",
                        "kind": "function_exception",
                        "evidence": {"error_code": "function_error"},
                        "count": 2,
                        "iterations_from_0": [203, 488],
                        "items": ["sku C007511", "sku C008083"],
                    }
                ],
            },
            "next_calls": [
                {
                    "tool": "list_steps",
                    "arguments": {
                        "run_id": "run_yrJ-gfgMFhLhhZgEqw_yS",
                        "block_id": "each-order",
                        "status": "error",
                    },
                    "reason": "other failures in this loop",
                }
            ],
            "untrusted_text": True,
        }
    )


async def test_failing_step_id_names_the_wrong_step() -> None:
    assert await answer_of("credit-wrong-hint") == snapshot(
        {
            "run_id": "run_kOWh8B7oUgTozzQRdxF17",
            "status": "error",
            "workflow": {"id": "wrk_Zajz9fGNCPmeckBx0ly0B", "name": "Credit file"},
            "started_at": "2026-08-17T08:00:00.400Z",
            "restart": {"verdict": "useless", "why": "the same document fails again"},
            "duration_ms": 5000,
            "inputs": {
                "documents": {
                    "start-accounts": {
                        "filename": "accounts-fabrikam-2025.pdf",
                        "mime_type": "application/pdf",
                    },
                    "start-application": {
                        "filename": "application-fabrikam-2025.pdf",
                        "mime_type": "application/pdf",
                    },
                }
            },
            "history": {"other_runs": 0},
            "step_counts": {"completed": 3, "error": 3, "skipped": 1},
            "cause": {
                "step_id": "extract-accounts",
                "label": "Extract annual accounts",
                "type": "extract",
                "message": "Could not read document: the PDF is damaged (no cross-reference table)",
                "stage": "document_fetch",
                "category": "permanent",
                "kind": "document_unreadable",
                "evidence": {"error_code": "document_corrupt"},
                "reasons": [
                    "the first failed step in the executed graph",
                    "the error code is document_corrupt",
                ],
                "suggestion": "Open the document to see what is wrong, then start a new run with a readable one.",
            },
            "inputs_from": {"input-file-0": "start-accounts"},
            "downstream": {
                "count": 3,
                "step_ids": [
                    "merge-file",
                    "score-file",
                    "send-score",
                ],
                "message": "Missing required input 'input-json-0'",
            },
            "untrusted_text": True,
        }
    )


async def test_a_review_that_waits() -> None:
    assert await answer_of("claim-waiting") == snapshot(
        {
            "run_id": "run_1zwem5y-uzIVgx01JAb1q",
            "status": "awaiting_review",
            "workflow": {"id": "wrk_5QffviXZLvcs3scLgOWdN"},
            "trigger": {"type": "email"},
            "started_at": "2026-08-11T08:40:00.400Z",
            "inputs": {
                "documents": {
                    "start-claim-form": {
                        "filename": "travel-claim-3391.pdf",
                        "mime_type": "application/pdf",
                    }
                }
            },
            "step_counts": {"completed": 1, "awaiting_review": 1, "pending": 1},
            "time": {"active_ms": 5950, "waiting_for_review_ms": 82793600, "between_steps_ms": 50},
            "cause": {
                "step_id": "extract-claim",
                "type": "extract",
                "message": "waiting for the review of Extract claim for 22 h 59 min",
                "kind": "waiting_for_review",
                "evidence": {
                    "below_limit": {
                        "limit": 0.8,
                        "count": 1,
                        "lowest": [{"path": "/output/amount", "value": 1860.4, "likelihood": 0.41}],
                    },
                    "review_id": "rev_AYUFXXHGC5W45XMC75W4EETY25",
                    "triggered_by": {"kind": "confidence_lt", "threshold": 0.8},
                    "waiting_since": "2026-08-11T08:40:06.400Z",
                },
                "reasons": ["the run's status is awaiting_review"],
                "suggestion": "Have a reviewer of this workflow approve or reject it in Retab; the run then continues.",
            },
            "untrusted_text": True,
        }
    )


async def test_a_cancelled_run() -> None:
    assert await answer_of("lading-cancelled") == snapshot(
        {
            "run_id": "run_WPiN4ZwTu0ARD2LnR_YnE",
            "status": "cancelled",
            "workflow": {"id": "wrk_AL90pvqWtqQiWhK2Qp0by", "name": "Bills of lading"},
            "started_at": "2026-08-12T07:00:00.400Z",
            "restart": {
                "verdict": "useless",
                "why": "it was cancelled since its input was wrong, and a restart runs the same input",
            },
            "duration_ms": 11000,
            "history": {"other_runs": 0},
            "inputs": {
                "documents": {
                    "start-lading": {
                        "filename": "BL-HAM-20991.pdf",
                        "mime_type": "application/pdf",
                    }
                }
            },
            "step_counts": {"completed": 2, "cancelled": 2},
            "cause": {
                "step_id": "extract-lading",
                "label": "Extract cargo",
                "type": "extract",
                "message": "Cancelled from the dashboard: wrong document uploaded",
                "kind": "cancelled",
                "reasons": ["the run's status is cancelled"],
                "suggestion": "Start a new run with the right input instead of restarting this one.",
            },
            "downstream": {
                "count": 1,
                "step_ids": ["notify-forwarder"],
            },
            "untrusted_text": True,
        }
    )


async def test_a_run_that_failed_before_any_step() -> None:
    assert await answer_of("lading-protected") == snapshot(
        {
            "run_id": "run_Kkwhfm1PhKVGK7gmF1tJ8",
            "status": "error",
            "workflow": {"id": "wrk_AL90pvqWtqQiWhK2Qp0by", "name": "Bills of lading"},
            "restart": {"verdict": "useless", "why": "the same document fails again"},
            "history": {"other_runs": 0},
            "started_at": "2026-08-12T08:00:00.400Z",
            "duration_ms": 1200,
            "inputs": {
                "documents": {
                    "start-lading": {
                        "filename": "BL-LEH-50112-protected.pdf",
                        "mime_type": "application/pdf",
                    }
                }
            },
            "cause": {
                "message": "Could not fetch input document: the file is password protected",
                "stage": "document_fetch",
                "category": "permanent",
                "kind": "document_unreadable",
                "evidence": {
                    "error_code": "document_password_protected",
                    "details": {
                        "file_id": "file_jtKjj7QZ5aLVdLbVJq-c_",
                        "start_block": "start-lading",
                    },
                },
                "reasons": [
                    "the run's own error; no failed step was found",
                    "the error code is document_password_protected",
                ],
                "suggestion": "Open the document to see what is wrong, then start a new run with a readable one.",
            },
            "untrusted_text": True,
        }
    )


async def test_completed_but_doubtful() -> None:
    assert await answer_of("invoice-unsure") == snapshot(
        {
            "run_id": "run_2hzZdNDFeYQsDSp74kXlg",
            "status": "completed",
            "workflow": {"id": "wrk_fEG-sNlZhZ3kFEuPCKdwT"},
            "started_at": "2026-08-03T08:25:00.400Z",
            "duration_ms": 9900,
            "inputs": {
                "documents": {
                    "start-invoice": {
                        "filename": "scan_0093.tiff",
                        "mime_type": "image/tiff",
                    }
                }
            },
            "step_counts": {"completed": 3},
            "findings": [
                {
                    "kind": "required_missing",
                    "message": "1 required field is null: issue_date",
                    "step_id": "extract-invoice",
                    "artifact_id": "extr_uJgx73IuqT8_sF1IRHxEy",
                    "paths": ["/output/issue_date"],
                    "origin": "issue_date: not found in the document",
                },
                {
                    "kind": "low_likelihood",
                    "message": "6 values have a likelihood under 0.75, lowest 0.31",
                    "step_id": "extract-invoice",
                    "artifact_id": "extr_uJgx73IuqT8_sF1IRHxEy",
                    "paths": [
                        "/output/issue_date",
                        "/output/lines/1/quantity",
                        "/output/total_amount",
                    ],
                    "origin": "issue_date: not found in the document; lines/1/quantity: page 1: '14'",
                },
                {
                    "kind": "votes_disagree",
                    "message": "the votes split on total_amount: 8410.0 (1), 3410.0 (1), 8470.0 (1)",
                    "step_id": "extract-invoice",
                    "artifact_id": "extr_uJgx73IuqT8_sF1IRHxEy",
                    "paths": ["/output/total_amount"],
                    "origin": "total_amount: page 1: '8410.0'",
                },
            ],
            "next_calls": [
                {
                    "tool": "get_artifact",
                    "arguments": {
                        "artifact_id": "extr_uJgx73IuqT8_sF1IRHxEy",
                        "operation": "extraction",
                    },
                }
            ],
            "untrusted_text": True,
        }
    )


async def test_an_unfinished_run() -> None:
    assert await answer_of("lading-running") == snapshot(
        {
            "run_id": "run_WTAuu0D8fbrva5Qk6uk_H",
            "status": "running",
            "workflow": {"id": "wrk_AL90pvqWtqQiWhK2Qp0by"},
            "started_at": "2026-08-12T07:30:00.400Z",
            "queued": [
                {
                    "step_id": "notify-forwarder",
                    "type": "api_call",
                    "since": "2026-08-12T07:30:08.600Z",
                }
            ],
            "inputs": {
                "documents": {
                    "start-lading": {
                        "filename": "BL-RTM-11804.pdf",
                        "mime_type": "application/pdf",
                    }
                }
            },
            "step_counts": {"completed": 2, "running": 1, "queued": 1},
            "running": [
                {
                    "step_id": "extract-lading",
                    "type": "extract",
                    "label": "Extract cargo",
                    "running_ms": 591400,
                }
            ],
            "next_calls": [
                {
                    "tool": "get_run",
                    "arguments": {"run_id": "run_WTAuu0D8fbrva5Qk6uk_H", "wait_seconds": 40},
                }
            ],
            "untrusted_text": True,
        }
    )


async def test_the_oldest_generation() -> None:
    assert await answer_of("erp-unavailable", "g1") == snapshot(
        {
            "run_id": "run_xppXjjwaN1TMefHs-vkfv",
            "status": "error",
            "workflow": {"id": "wrk_AqhUq1EpzYXq-VkdMzQdA", "name": "Purchase orders to ERP"},
            "trigger": {"type": "webhook"},
            "restart": {
                "verdict": "safe",
                "why": "the called service may be up again, and no call of this run changed anything",
            },
            "started_at": "2026-08-05T13:00:00.400Z",
            "duration_ms": 7200,
            "history": {"other_runs": 0},
            "inputs": {
                "documents": {
                    "start-order": {
                        "filename": "PO-88120.pdf",
                        "mime_type": "application/pdf",
                    }
                }
            },
            "step_counts": {"completed": 2, "error": 1, "skipped": 1},
            "cause": {
                "step_id": "create-order",
                "label": "Create order in ERP",
                "type": "api_call",
                "message": "API call failed after 3 attempts: 503 Service Unavailable",
                "stage": "execution",
                "category": "transient",
                "kind": "called_api_down",
                "evidence": {
                    "error_code": "http_error",
                    "method": "POST",
                    "url": "erp.example.com/api/orders",
                    "status": 503,
                    "response_body": {
                        "error": "service_unavailable",
                        "message": "The order service is down for maintenance until 15:00 UTC.",
                    },
                    "details": {"attempts": 3},
                },
                "reasons": ["the only failed step", "the last attempt was answered with 503"],
                "suggestion": "Check that the called service is up.",
            },
            "inputs_from": {"input-json-0": "extract-order"},
            "downstream": {"count": 1, "step_ids": ["file-answer"]},
            "untrusted_text": True,
        }
    )
