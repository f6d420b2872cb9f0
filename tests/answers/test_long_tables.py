"""Tables that are too long: whole rows are omitted, and the answer says how many."""

import json
from typing import Any

import pytest

from retab_mcp.models import ExperimentJob, Failure, Run
from retab_mcp.models.experiment_run import (
    DocumentFile,
    DocumentScore,
    ExperimentMetrics,
    ExperimentRun,
    TargetScore,
)
from retab_mcp.retab.api import RetabApi
from retab_mcp.retab.experiment_run_routes import ExperimentIds, JobList
from retab_mcp.retab.run_list import RunFilter, RunList
from retab_mcp.sandbox.app import create_app
from tests.support.asking import asking
from tests.support.tokens import count_tokens

LONG = "The carrier's answer number {0} was refused as it is not what was agreed upon. " * 30
WORDS = ("port", "cargo", "weight", "terminal", "customs", "vessel", "berth", "seal", "hatch")
FIELDS = tuple(f"lines_{number}_of_the_consignment" for number in range(40))
USUAL_TOKENS, MOST_TOKENS = 2000, 8000


async def list_failed_runs(
    self: RetabApi, wanted: RunFilter, *, limit: int = 100, after: str | None = None
) -> RunList:
    first = int(after.removeprefix("run_")) + 1 if after else 0
    runs = tuple(
        Run.model_validate(
            {
                "id": f"run_{number:06d}",
                "generation": "g1",
                "status": "error",
                "workflow_id": f"wrk_{number % 7}",
                "created_at": "2026-07-12T08:00:00Z",
                "failing_step_id": f"{WORDS[number % 9]}-{WORDS[number % 8]}",
                "failure": Failure(message=WORDS[number % 9] + LONG.format(number)),
            }
        )
        for number in range(first, min(first + limit, 300))
    )
    return RunList(runs, runs[-1].id if first + limit < 300 else None)


async def get_experiment_run(self: RetabApi, ids: ExperimentIds) -> ExperimentRun:
    return ExperimentRun(id=ids.run_id, status="completed", type="extract")


async def list_experiment_jobs(self: RetabApi, ids: ExperimentIds) -> JobList:
    documents = [f"expdoc_{number:021d}" for number in range(300)]
    jobs = tuple(
        ExperimentJob(
            id=f"expjob_{document}",
            run_id=ids.run_id,
            document_id=document,
            status="error" if ids.run_id.endswith("2") and number % 3 else "completed",
            failure=Failure(message=WORDS[number % 9] + LONG.format(number))
            if number % 3
            else None,
        )
        for number, document in enumerate(documents)
    )
    files = {
        document: DocumentFile(id=document, filename=f"{document} of the consignment.pdf")
        for document in documents
    }
    return JobList(jobs, files, {})


async def get_experiment_metrics(self: RetabApi, ids: ExperimentIds) -> ExperimentMetrics:
    score = 0.25 if ids.run_id.endswith("2") else 0.75
    documents = tuple(
        DocumentScore(document_id=f"expdoc_{number:021d}", score=score) for number in range(300)
    )
    return ExperimentMetrics(
        kind="summary", documents=documents, targets=dict.fromkeys(FIELDS, score)
    )


async def get_target_scores(
    self: RetabApi, ids: ExperimentIds, document_id: str
) -> tuple[TargetScore, ...]:
    value = LONG.format(ids.run_id)
    return tuple(TargetScore(path=path, score=0.5, value=value) for path in FIELDS)


@pytest.fixture(autouse=True)
def _much(monkeypatch: pytest.MonkeyPatch) -> None:
    for answer in (
        get_experiment_run,
        list_experiment_jobs,
        get_experiment_metrics,
        get_target_scores,
    ):
        monkeypatch.setattr(RetabApi, answer.__name__, answer)
    monkeypatch.setattr(RetabApi, "list_runs", list_failed_runs)


@pytest.mark.parametrize(
    ("tool", "arguments", "rows"),
    [
        ("list_runs", {}, "rows"),
        ("list_runs", {"limit": 100}, "rows"),
        ("find_failures", {"to_date": "2026-07-12"}, "groups"),
        ("get_experiment_run", {"run_id": "exprun_2"}, "rows"),
        ("get_experiment_run", {"run_id": "exprun_2", "compare_to": "exprun_1"}, "rows"),
        (
            "get_experiment_run",
            {"run_id": "exprun_2", "compare_to": "exprun_1", "limit": 200},
            "rows",
        ),
    ],
)
async def test_tables_are_cut_between_rows_to_fit_the_budget(
    tool: str, arguments: Any, rows: str
) -> None:
    async with asking(create_app("g3", [])) as asker:
        text = await asker.text(tool, **arguments)
    answer = json.loads(text)
    assert count_tokens(text) < (MOST_TOKENS if "limit" in arguments else USUAL_TOKENS)
    assert isinstance(answer[rows], list)
    assert all(isinstance(row, dict) for row in answer[rows])
    assert "$shape" not in text
    assert answer["truncated"]["shown"] == len(answer[rows])
    assert answer["truncated"]["next"]["tool"] == tool


async def test_omitted_rows_of_a_comparison_are_counted() -> None:
    async with asking(create_app("g3", [])) as asker:
        answer = await asker.ask("get_experiment_run", run_id="exprun_2", compare_to="exprun_1")
    assert (answer["failure_groups"], len(answer["failures"])) == (6, 3)
    assert (answer["targets_moved"], len(answer["targets"])) == (40, 5)
    assert (answer["documents_moved"], len(answer["moved"])) == (300, 3)
    assert (answer["moved"][0]["fields_moved"], len(answer["moved"][0]["fields"])) == (40, 3)
