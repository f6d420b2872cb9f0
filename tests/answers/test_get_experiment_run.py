"""get_experiment_run, from HTTP bytes to the text of the answer, in all generations."""

import json
from typing import Any
from unittest.mock import patch

import pytest
from inline_snapshot import snapshot
from starlette.requests import Request
from starlette.responses import Response

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.generations import GENERATIONS
from tests.samples import sample_named, samples_named
from tests.support.asking import asking

COMPARED, STALE, GOING = samples_named(
    "experiment-compared", "experiment-stale", "experiment-running"
)
FIRST, SECOND = COMPARED.experiments
SAMPLES = (COMPARED, STALE, GOING, sample_named("experiment-failed-job"))
NESTED = ("g2a", "g2b", "g2c-bare")
HAVE_EXPERIMENTS = GENERATIONS[1:]

IDS = {"run_id": SECOND.run_id, "workflow_id": SECOND.workflow_id, "experiment_id": SECOND.id}


async def test_whole_answer_about_a_run() -> None:
    async with asking(create_app("g3", SAMPLES)) as asker:
        assert await asker.ask("get_experiment_run", run_id=SECOND.run_id) == snapshot(
            {
                "run_id": "exprun_fcEF0PSoooWW54rnHNv4o",
                "experiment_id": "exp_mWW5P27sdSf7MtSvGtd4N",
                "workflow_id": "wrk_wcGURjPnSar1FFt1o3Bzk",
                "block_id": "extract-order",
                "type": "extract",
                "status": "completed",
                "score": 0.9325,
                "n_consensus": 3,
                "created_at": "2026-08-20T09:00:00Z",
                "duration_ms": 6000,
                "documents": {"error": 1, "completed": 4},
                "failures": [
                    {
                        "kind": "timeout",
                        "message": "Model did not answer within 120 s",
                        "count": 1,
                        "document_ids": ["expdoc_2r1or-hExFu0hZJCSTq7_"],
                    }
                ],
                "rows": [
                    {
                        "document_id": "expdoc_2r1or-hExFu0hZJCSTq7_",
                        "filename": "QO-103.pdf",
                        "status": "error",
                        "duration_ms": 4000,
                    },
                    {
                        "document_id": "expdoc_Hgub_1lgpqUg9DNwjddUz",
                        "filename": "QO-101.pdf",
                        "status": "completed",
                        "score": 0.8,
                        "duration_ms": 4000,
                    },
                    {
                        "document_id": "expdoc_raSzKkK-rBZmb6sTK3Une",
                        "filename": "QO-105.pdf",
                        "status": "completed",
                        "score": 0.96,
                        "duration_ms": 4000,
                    },
                    {
                        "document_id": "expdoc_XuBv-xDhYYnpWi3zGchly",
                        "filename": "QO-102.pdf",
                        "status": "completed",
                        "score": 0.97,
                        "duration_ms": 4000,
                    },
                    {
                        "document_id": "expdoc_dlKr4kam2FDiq75j8yanw",
                        "filename": "QO-104.pdf",
                        "status": "completed",
                        "score": 1.0,
                        "duration_ms": 4000,
                    },
                ],
                "next_calls": [
                    {
                        "tool": "get_experiment_job",
                        "arguments": {
                            "run_id": "exprun_fcEF0PSoooWW54rnHNv4o",
                            "document_id": "expdoc_2r1or-hExFu0hZJCSTq7_",
                        },
                    },
                    {
                        "tool": "get_experiment_run",
                        "arguments": {
                            "run_id": "exprun_fcEF0PSoooWW54rnHNv4o",
                            "compare_to": "exprun_D4fOOxvjGFVA9ytyrYBHC",
                        },
                    },
                ],
                "untrusted_text": True,
            }
        )


async def test_whole_answer_about_a_comparison() -> None:
    async with asking(create_app("g3", SAMPLES)) as asker:
        answer = await asker.ask(
            "get_experiment_run", run_id=SECOND.run_id, compare_to=FIRST.run_id
        )
    assert answer == snapshot(
        {
            "run_id": "exprun_fcEF0PSoooWW54rnHNv4o",
            "experiment_id": "exp_mWW5P27sdSf7MtSvGtd4N",
            "workflow_id": "wrk_wcGURjPnSar1FFt1o3Bzk",
            "block_id": "extract-order",
            "type": "extract",
            "status": "completed",
            "score": 0.9325,
            "n_consensus": 3,
            "created_at": "2026-08-20T09:00:00Z",
            "duration_ms": 6000,
            "compared_to": {
                "run_id": "exprun_D4fOOxvjGFVA9ytyrYBHC",
                "status": "completed",
                "created_at": "2026-08-19T09:00:00Z",
                "score": 0.9833,
            },
            "in_both": {
                "documents": 5,
                "scored": 3,
                "score": 0.9233,
                "score_before": 0.9889,
                "values_changed": 1,
            },
            "documents": {"error": 1, "completed": 4},
            "flipped": 2,
            "failures": [
                {
                    "kind": "timeout",
                    "message": "Model did not answer within 120 s",
                    "count": 1,
                    "document_ids": ["expdoc_2r1or-hExFu0hZJCSTq7_"],
                }
            ],
            "rows": [
                {
                    "document_id": "expdoc_2r1or-hExFu0hZJCSTq7_",
                    "filename": "QO-103.pdf",
                    "status": "error",
                    "status_before": "completed",
                    "score_before": 0.9667,
                    "duration_ms": 4000,
                },
                {
                    "document_id": "expdoc_raSzKkK-rBZmb6sTK3Une",
                    "filename": "QO-105.pdf",
                    "status": "completed",
                    "status_before": "error",
                    "score": 0.96,
                    "duration_ms": 4000,
                },
                {
                    "document_id": "expdoc_Hgub_1lgpqUg9DNwjddUz",
                    "filename": "QO-101.pdf",
                    "status": "completed",
                    "score": 0.8,
                    "score_before": 0.9867,
                    "duration_ms": 4000,
                },
                {
                    "document_id": "expdoc_XuBv-xDhYYnpWi3zGchly",
                    "filename": "QO-102.pdf",
                    "status": "completed",
                    "score": 0.97,
                    "score_before": 0.98,
                    "duration_ms": 4000,
                },
                {
                    "document_id": "expdoc_dlKr4kam2FDiq75j8yanw",
                    "filename": "QO-104.pdf",
                    "status": "completed",
                    "score": 1.0,
                    "duration_ms": 4000,
                },
            ],
            "targets": [{"path": "delivery_date", "score": 0.7975, "score_before": 0.95}],
            "moved": [
                {
                    "document_id": "expdoc_Hgub_1lgpqUg9DNwjddUz",
                    "filename": "QO-101.pdf",
                    "fields": [
                        {
                            "path": "delivery_date",
                            "score": 0.4,
                            "score_before": 0.96,
                            "value": "2026-09-01",
                            "value_before": "2026-09-11",
                        }
                    ],
                },
                {
                    "document_id": "expdoc_XuBv-xDhYYnpWi3zGchly",
                    "filename": "QO-102.pdf",
                    "fields": [{"path": "delivery_date", "score": 0.91, "score_before": 0.94}],
                },
            ],
            "next_calls": [
                {
                    "tool": "get_experiment_job",
                    "arguments": {
                        "run_id": "exprun_fcEF0PSoooWW54rnHNv4o",
                        "document_id": "expdoc_2r1or-hExFu0hZJCSTq7_",
                    },
                }
            ],
            "untrusted_text": True,
        }
    )


@pytest.mark.parametrize("generation", HAVE_EXPERIMENTS)
async def test_every_generation_with_experiments_says_the_same(generation: str) -> None:
    async with asking(create_app("g3", SAMPLES)) as asker:
        expected = await asker.ask("get_experiment_run", **IDS, compare_to=FIRST.run_id)
    async with asking(create_app(generation, SAMPLES)) as asker:
        answer = await asker.ask("get_experiment_run", **IDS, compare_to=FIRST.run_id)
    if generation in NESTED:
        # The nested list of runs does not name the block.
        del expected["block_id"]
    if "values_not_compared" in answer["in_both"]:
        # Before 21 May 2026 the results have no outputs.
        assert generation in (*NESTED, "g2c")
        assert answer["in_both"].pop("values_not_compared") == 3
        del expected["in_both"]["values_changed"]
    assert answer == expected


@pytest.mark.parametrize("generation", NESTED)
async def test_older_servers_need_the_ids_of_workflow_and_experiment(generation: str) -> None:
    async with asking(create_app(generation, SAMPLES)) as asker:
        refused = await asker.refused("get_experiment_run", run_id=SECOND.run_id)
        assert refused["kind"] == "invalid_argument"
        assert "workflow_id and experiment_id" in refused["error"]
        missing = await asker.refused("get_experiment_run", **{**IDS, "run_id": "exprun_none"})
        assert missing["kind"] == "not_found"


async def test_servers_without_experiments_are_unsupported() -> None:
    async with asking(create_app("g1", SAMPLES)) as asker:
        assert (await asker.refused("get_experiment_run", **IDS))["kind"] == "unsupported"


@pytest.mark.parametrize("generation", ["g2c", "g2e", "g3"])
async def test_a_missing_run_is_not_found(generation: str) -> None:
    async with asking(create_app(generation, SAMPLES)) as asker:
        refused = await asker.refused("get_experiment_run", run_id="exprun_none")
        assert refused["kind"] == "not_found"
        other = {"run_id": SECOND.run_id, "compare_to": "exprun_none"}
        assert "exprun_none" in (await asker.refused("get_experiment_run", **other))["error"]


@pytest.mark.parametrize("generation", HAVE_EXPERIMENTS)
async def test_stale_and_missing_scores_are_not_shown(generation: str) -> None:
    (stale,), (going,) = STALE.experiments, GOING.experiments
    async with asking(create_app(generation, SAMPLES)) as asker:
        for experiment, state in ((stale, "stale_metrics"), (going, "no_metrics")):
            ids = {
                "run_id": experiment.run_id,
                "workflow_id": experiment.workflow_id,
                "experiment_id": experiment.id,
            }
            answer = await asker.ask("get_experiment_run", **ids)
            assert answer["metrics"]["state"] == state
            assert answer["metrics"]["message"]
            assert all("score" not in row for row in answer["rows"])
            assert len(answer["rows"]) == len(experiment.jobs)


async def test_a_comparison_without_scores_still_names_changed_statuses() -> None:
    async def unscored(request: Request) -> Response | None:
        if not request.url.path.endswith("/metrics"):
            return None
        body = {
            "kind": "no_metrics",
            "error": "no_metrics",
            "experiment_id": "",
            "message": "None.",
        }
        return Response(json.dumps(body), media_type="application/json")

    async with asking(create_app("g3", SAMPLES, intercept=unscored)) as asker:
        answer = await asker.ask(
            "get_experiment_run", run_id=SECOND.run_id, compare_to=FIRST.run_id
        )
    assert answer["flipped"] == 2
    assert answer["compared_to"]["metrics"]["state"] == "no_metrics"
    assert "targets" not in answer
    assert all("score" not in field for each in answer["moved"] for field in each["fields"])


async def test_unreadable_scores_are_unavailable() -> None:
    async def forbidden(request: Request) -> Response | None:
        if not request.url.path.endswith("/metrics"):
            return None
        return Response(b'{"detail":"No"}', 403, media_type="application/json")

    async with asking(create_app("g3", SAMPLES, intercept=forbidden)) as asker:
        answer = await asker.ask("get_experiment_run", run_id=SECOND.run_id)
    assert answer["metrics"] == {"state": "unread"}
    assert "the scores of" in answer["truncated"]["why"]
    assert len(answer["rows"]) == 5


async def test_pages_show_every_document_once() -> None:
    arguments: dict[str, Any] = {"run_id": SECOND.run_id, "compare_to": FIRST.run_id, "limit": 2}
    shown = []
    async with asking(create_app("g3", SAMPLES)) as asker:
        while arguments:
            answer = await asker.ask("get_experiment_run", **arguments)
            shown.append([row["filename"] for row in answer["rows"]])
            arguments = answer.get("truncated", {}).get("next", {}).get("arguments", {})
    # The last document is shorter than a `next` call, so it is shown.
    assert [len(page) for page in shown] == [2, 3]
    assert len({name for page in shown for name in page}) == 5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"run_id": "run_123"}, "run_id was given the id of a run"),
        ({"run_id": SECOND.run_id, "compare_to": SECOND.run_id}, "are the same run"),
        ({"run_id": SECOND.run_id, "limit": 0}, "between 1 and 200"),
    ],
)
async def test_bad_arguments_are_refused(arguments: dict[str, Any], said: str) -> None:
    async with asking(create_app("g3", SAMPLES)) as asker:
        refused = await asker.refused("get_experiment_run", **arguments)
    assert refused["kind"] == "invalid_argument"
    assert said in refused["error"]


async def test_documents_are_read_page_by_page_where_there_are_pages() -> None:
    app = create_app("g3", SAMPLES)
    with patch("retab_mcp.retab.experiment_run_routes.RESULTS_PAGE_SIZE", 2):
        async with asking(app) as asker:
            answer = await asker.ask("get_experiment_run", run_id=SECOND.run_id)
    assert len(answer["rows"]) == 5
    assert "truncated" not in answer
    assert sum(entry.path.endswith("/results") for entry in app.state.requests) > 2


async def test_a_full_list_without_cursors_may_be_cut() -> None:
    with patch("retab_mcp.retab.experiment_run_routes.RESULTS_PAGE_SIZE", 5):
        async with asking(create_app("g2c", SAMPLES)) as asker:
            answer = await asker.ask("get_experiment_run", **IDS)
    assert answer["truncated"]["at_least"] == 5
    assert "not all documents" in answer["truncated"]["why"]


@pytest.mark.parametrize("generation", HAVE_EXPERIMENTS)
async def test_the_experiments_of_a_workflow_and_of_a_block(generation: str) -> None:
    async with asking(create_app(generation, SAMPLES)) as asker:
        listed = await asker.ask("get_experiment_run", run_id=SECOND.workflow_id)
        (call,) = listed["next_calls"]
        runs = await asker.ask(call["tool"], **call["arguments"])
        of_block = await asker.ask(
            "get_experiment_run", run_id=SECOND.block_id, workflow_id=SECOND.workflow_id
        )
        other = await asker.refused(
            "get_experiment_run", run_id="no-such-block", workflow_id=SECOND.workflow_id
        )
        unknown = await asker.refused("get_experiment_run", run_id="block_alone")
    rows = listed["experiments"]
    assert rows == sorted(rows, key=lambda row: row["created_at"], reverse=True)
    (row,) = [row for row in rows if row["experiment_id"] == SECOND.id]
    assert row["block_id"] == SECOND.block_id
    assert row["document_count"] == len(SECOND.jobs)
    assert runs["experiment_id"] == rows[0]["experiment_id"]
    assert of_block["experiments"] == [r for r in rows if r["block_id"] == SECOND.block_id]
    assert other["kind"] == "not_found"
    assert "workflow_id" in unknown["error"]


async def test_a_server_without_experiments_says_so() -> None:
    async with asking(create_app("g1", SAMPLES)) as asker:
        refused = await asker.refused("get_experiment_run", run_id=SECOND.workflow_id)
    assert refused["kind"] in ("unsupported", "not_found")
