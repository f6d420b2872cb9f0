"""get_experiment_job: one document of an experiment, by the ids that each generation needs."""

from typing import Any

import pytest
from inline_snapshot import snapshot

from retab_mcp.sandbox.app import create_app
from tests.samples import all_samples
from tests.support.asking import asking

SAMPLE = next(sample for sample in all_samples() if sample.name == "experiment-failed-job")
EXPERIMENT = SAMPLE.experiments[0]
FAILED = next(job for job in EXPERIMENT.jobs if job.status == "error")
COMPLETED = next(job for job in EXPERIMENT.jobs if job.status == "completed")


async def answer_of(generation: str, **arguments: Any) -> dict[str, Any]:
    async with asking(create_app(generation, [SAMPLE])) as asker:
        return await asker.ask("get_experiment_job", run_id=EXPERIMENT.run_id, **arguments)


async def test_a_job_that_failed() -> None:
    assert await answer_of("g3", document_id=FAILED.document_id) == snapshot(
        {
            "run_id": "exprun_1BkOsR8nWk_JGbfMijDOn",
            "document_id": "expdoc_Ift5K1YIZ6MMT_H6B_lhv",
            "job_id": "expjob_vkQeDHKx9xNMJF57BD6EY",
            "status": "error",
            "experiment_id": "exp_DZQ-Ap0MVTTkKc08SPAKt",
            "type": "extract",
            "attempt": 2,
            "created_at": "2026-08-18T12:00:00Z",
            "started_at": "2026-08-18T12:00:00.700Z",
            "duration_ms": 1500,
            "cause": {
                "message": "Could not read document: it has no pages",
                "kind": "document_unreadable",
                "suggestion": "Open the document to see what is wrong, then start a new run with a readable one.",
                "details": {"error_code": "empty_document"},
            },
            "handle_inputs": {
                "input-file-0": {
                    "type": "file",
                    "document": {
                        "id": "file_GnnaTZo3Q3J7XDHS4SAum",
                        "filename": "INV-2026-0402.pdf",
                        "mime_type": "application/pdf",
                    },
                }
            },
            "untrusted_text": True,
        }
    )


async def test_a_job_by_its_own_id() -> None:
    answer = await answer_of("g3", document_id=COMPLETED.id)
    assert answer["document_id"] == COMPLETED.document_id


@pytest.mark.parametrize("generation", ["g2c", "g2e", "g3"])
async def test_newer_servers_need_no_more_ids(generation: str) -> None:
    answer = await answer_of(generation, document_id=FAILED.document_id)
    assert answer["status"] == "error"


@pytest.mark.parametrize("generation", ["g2a", "g2b"])
async def test_older_servers_say_which_ids_are_missing(generation: str) -> None:
    async with asking(create_app(generation, [SAMPLE])) as asker:
        refused = await asker.refused(
            "get_experiment_job",
            run_id=EXPERIMENT.run_id,
            document_id=FAILED.document_id,
            workflow_id=EXPERIMENT.workflow_id,
        )
    assert refused["kind"] == "invalid_argument"
    assert "Pass experiment_id" in refused["error"]


async def test_a_value_by_its_path() -> None:
    answer = await answer_of("g3", document_id=FAILED.document_id, path="/cause/message")
    assert answer["value"]


async def test_the_id_of_a_workflow_run_is_refused_with_the_tool_that_takes_it() -> None:
    async with asking(create_app("g3", [SAMPLE])) as asker:
        refused = await asker.refused("get_experiment_job", run_id="run_1", document_id="expdoc_1")
    assert refused["hint"] == "get_run takes it as run_id."


@pytest.mark.parametrize("generation", ["g2c", "g2e", "g3"])
async def test_a_failed_job_has_a_kind_and_a_suggestion(generation: str) -> None:
    ids: dict[str, Any] = {"document_id": FAILED.document_id}
    if generation != "g3":
        ids |= {"workflow_id": EXPERIMENT.workflow_id, "experiment_id": EXPERIMENT.id}
    cause = (await answer_of(generation, **ids))["cause"]
    assert cause["kind"] == "document_unreadable"
    assert cause["suggestion"].startswith("Open the document")
    read = await answer_of(generation, **ids, path="/cause/kind")
    assert read["value"] == "document_unreadable"


async def test_a_job_that_did_not_fail_has_no_kind() -> None:
    assert "cause" not in await answer_of("g3", document_id=COMPLETED.document_id)
