"""The examples on five pages of Retab's reference: served unchanged, their facts in answers."""

import httpx
import pytest
from inline_snapshot import snapshot

from retab_mcp.sandbox.app import SANDBOX_KEY
from tests.documented import EXAMPLES, DocumentedExample, create_documented_app
from tests.support.asking import asking

BY_NAME = {example.name: example for example in EXAMPLES}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
async def test_is_served_byte_for_byte(example: DocumentedExample) -> None:
    transport = httpx.ASGITransport(app=create_documented_app(example))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        reply = await http.get(example.path, headers={"Api-Key": SANDBOX_KEY})
    assert reply.content == example.body()


async def test_steps_with_node_names_as_a_bare_list() -> None:
    example = BY_NAME["g1_steps"]
    async with asking(create_documented_app(example)) as asker:
        listed = await asker.ask("list_steps", **example.ids)
        step = await asker.ask("get_step", **example.ids, step_id="split-node-1")
    assert listed == snapshot(
        {
            "run_id": "run_abc123xyz",
            "status": "completed",
            "step_counts": {"completed": 2},
            "rows": [
                {
                    "block_id": "extract-node-1",
                    "type": "extract",
                    "label": "Extract Invoice",
                    "status": "completed",
                    "started_ms": 0,
                    "duration_ms": 3000,
                },
                {
                    "block_id": "split-node-1",
                    "type": "split",
                    "label": "Split Documents",
                    "status": "completed",
                    "started_ms": 3000,
                    "duration_ms": 1000,
                },
            ],
            "untrusted_text": True,
        }
    )
    assert step == snapshot(
        {
            "run_id": "run_abc123xyz",
            "step_id": "split-node-1",
            "type": "split",
            "label": "Split Documents",
            "status": "completed",
            "started_at": "2026-03-12T09:00:03Z",
            "duration_ms": 1000,
            "handle_inputs": {
                "input-file-0": {
                    "type": "file",
                    "document": {
                        "id": "file_123",
                        "filename": "invoice.pdf",
                        "mime_type": "application/pdf",
                    },
                }
            },
            "handle_outputs": {
                "output-file-Invoice": {
                    "type": "file",
                    "document": {
                        "id": "file_456",
                        "filename": "invoice_page_1.pdf",
                        "mime_type": "application/pdf",
                    },
                }
            },
            "untrusted_text": True,
        }
    )


async def test_a_step_by_its_block_with_flat_fields() -> None:
    example = BY_NAME["g2a_step"]
    async with asking(create_documented_app(example)) as asker:
        assert await asker.ask("get_step", **example.ids) == snapshot(
            {
                "run_id": "run_abc123xyz",
                "step_id": "extract-block-1",
                "type": "extract",
                "label": "Extract Data",
                "status": "completed",
                "started_at": "2026-03-12T09:00:00Z",
                "duration_ms": 3000,
                "findings": [
                    {
                        "kind": "output_changed",
                        "message": 'the output differs from the step\'s own record: vendor_name added as "Acme Corp"',
                        "step_id": "extract-block-1",
                        "artifact_id": "ext_abc123",
                        "paths": ["/output/vendor_name"],
                    }
                ],
                "handle_inputs": {
                    "input-file-0": {
                        "type": "file",
                        "document": {
                            "id": "file_123",
                            "filename": "invoice.pdf",
                            "mime_type": "application/pdf",
                        },
                    }
                },
                "handle_outputs": {
                    "output-json-0": {
                        "type": "json",
                        "data": {
                            "invoice_number": "INV-2024-001",
                            "total_amount": 1234.56,
                            "vendor_name": "Acme Corp",
                        },
                    }
                },
                "artifact": {"operation": "extraction", "id": "ext_abc123"},
                "next_calls": [
                    {
                        "tool": "get_artifact",
                        "arguments": {"artifact_id": "ext_abc123", "operation": "extraction"},
                    }
                ],
                "untrusted_text": True,
            }
        )


async def test_an_experiments_job_under_its_workflow() -> None:
    example = BY_NAME["g2b_experiment_job"]
    async with asking(create_documented_app(example)) as asker:
        assert await asker.ask("get_experiment_job", **example.ids) == snapshot(
            {
                "run_id": "exprun_1",
                "document_id": "expdoc_xyz",
                "job_id": "expjob_1",
                "status": "completed",
                "experiment_id": "exp_abc",
                "workflow_id": "wf_abc123",
                "type": "extract",
                "created_at": "2026-05-02T11:00:00Z",
                "started_at": "2026-05-02T11:00:01Z",
                "duration_ms": 4120,
                "handle_inputs": {
                    "input-document-0": {"type": "file", "document": {"filename": "invoice_q1.pdf"}}
                },
                "artifact": {"operation": "extraction", "id": "ext_xyz"},
                "next_calls": [
                    {
                        "tool": "get_artifact",
                        "arguments": {"artifact_id": "ext_xyz", "operation": "extraction"},
                    }
                ],
                "untrusted_text": True,
            }
        )
        refused = await asker.refused(
            "get_experiment_job", run_id="exprun_1", document_id="expdoc_xyz"
        )
    assert refused == snapshot(
        {
            "error": "This Retab server finds the jobs of an experiment run only by their workflow and experiment. Pass workflow_id and experiment_id.",
            "kind": "invalid_argument",
            "hint": "Correct the argument and call again.",
            "retryable": False,
            "run_id": "exprun_1",
            "document_id": "expdoc_xyz",
        }
    )


async def test_a_run_with_lifecycle_kind() -> None:
    example = BY_NAME["g2b_run"]
    async with asking(create_documented_app(example)) as asker:
        assert await asker.ask("get_run", **example.ids) == snapshot(
            {
                "run_id": "run_abc123xyz",
                "status": "completed",
                "workflow": {"id": "wf_abc123xyz", "name": "Invoice Processing"},
                "started_at": "2024-01-15T10:30:00Z",
                "duration_ms": 15000,
                "inputs": {
                    "documents": {
                        "start-block-1": {
                            "filename": "invoice.pdf",
                            "mime_type": "application/pdf",
                        }
                    }
                },
                "step_counts": {"completed": 2},
                "untrusted_text": True,
            }
        )


async def test_steps_in_an_envelope_with_lifecycle_status() -> None:
    example = BY_NAME["g2e_steps"]
    async with asking(create_documented_app(example)) as asker:
        assert await asker.ask("list_steps", **example.ids) == snapshot(
            {
                "run_id": "run_abc123xyz",
                "status": "completed",
                "step_counts": {"completed": 2},
                "rows": [
                    {
                        "block_id": "extract-block-1",
                        "type": "extract",
                        "label": "Extract Invoice",
                        "status": "completed",
                        "started_ms": 0,
                        "duration_ms": 3000,
                        "artifact": "extraction:ext_abc123",
                    },
                    {
                        "block_id": "split-block-1",
                        "type": "split",
                        "label": "Split Documents",
                        "status": "completed",
                        "started_ms": 3000,
                        "duration_ms": 1000,
                        "artifact": "split:spl_def456",
                    },
                ],
                "untrusted_text": True,
            }
        )
        step = await asker.ask("get_step", **example.ids, step_id="split-block-1")
    assert step == snapshot(
        {
            "run_id": "run_abc123xyz",
            "step_id": "split-block-1",
            "type": "split",
            "label": "Split Documents",
            "status": "completed",
            "started_at": "2026-03-12T09:00:03Z",
            "duration_ms": 1000,
            "handle_inputs": {
                "input-file-0": {
                    "type": "file",
                    "document": {
                        "id": "file_123",
                        "filename": "invoice.pdf",
                        "mime_type": "application/pdf",
                    },
                }
            },
            "handle_outputs": {
                "output-file-invoice": {
                    "type": "file",
                    "document": {
                        "id": "file_456",
                        "filename": "invoice_page_1.pdf",
                        "mime_type": "application/pdf",
                    },
                }
            },
            "artifact": {"operation": "split", "id": "spl_def456"},
            "next_calls": [
                {
                    "tool": "get_artifact",
                    "arguments": {"artifact_id": "spl_def456", "operation": "split"},
                }
            ],
            "untrusted_text": True,
        }
    )
