"""Prints the tools, each with one real answer from the sample runs, as Markdown.

    python docs/answers.py [tool ...]

All of them are in tools.md, the first five in the README; a test holds both to what this prints.
"""

import json
import sys
from typing import Any

import anyio
import httpx
from mcp import Client
from mcp.types import CallToolResult, TextContent

from retab_mcp.queries.service import Service
from retab_mcp.sandbox.app import SANDBOX_KEY, create_app
from retab_mcp.sandbox.records import Sample, resolve
from retab_mcp.sandbox.samples import all_samples
from retab_mcp.server import build_server
from retab_mcp.settings import Settings

BASE_URL = "http://127.0.0.1"
GENERATION = "g3"
# Characters of a line that fields share; a field that is longer has its own.
WIDTH = 110


def calls() -> list[tuple[str, str, dict[str, Any]]]:
    """What each tool is for, and a call that shows it."""
    samples = {sample.name: sample for sample in all_samples()}
    loop = samples["orders-for-each"].runs[0].id
    week = samples["permits-week"].runs[0]
    experiment = samples["experiment-failed-job"].experiments[0]
    failed_job = next(job for job in experiment.jobs if job.status == "error")
    earlier, later = samples["payments-rate"].runs
    compared = samples["experiment-compared"].experiments[-1]
    return [
        (
            "get_run",
            "Why a run failed, waits or finished wrong.",
            {"run_id": samples["label-rejected"].runs[0].id},
        ),
        ("list_steps", "The steps of a run; a loop of 500 is one row.", {"run_id": loop}),
        (
            "get_step",
            "One step: its error, what went in, what came out.",
            {"run_id": loop, "step_id": "price-order"},
        ),
        ("get_artifact", "What a step produced.", _artifact_of(samples["expense-text"])),
        (
            "get_experiment_job",
            "One document of an experiment.",
            {"run_id": experiment.run_id, "document_id": failed_job.document_id},
        ),
        (
            "list_runs",
            "Runs, newest first, with filters.",
            {"workflow_id": week.workflow_id, "status": "error", "from_date": "2026-07-22"},
        ),
        (
            "find_failures",
            "What goes wrong most, and since when.",
            {"workflow_id": week.workflow_id, "days": 7, "to_date": week.created_at[:10]},
        ),
        (
            "compare_runs",
            "What changed between two runs.",
            {"run_id": earlier.id, "other_run_id": later.id},
        ),
        (
            "search_run",
            "Where a value came from.",
            {"run_id": samples["label-rejected"].runs[0].id, "query": "Lyon"},
        ),
        (
            "get_experiment_run",
            "The documents of an experiment run, worst first.",
            {"run_id": compared.run_id},
        ),
    ]


def _artifact_of(sample: Sample) -> dict[str, str]:
    refs = [step.artifact for step in resolve(sample.runs[0].steps)]
    ref = next(ref for ref in refs if ref and ref.operation == "conditional_evaluation")
    return {"artifact_id": ref.id, "operation": ref.operation}


async def answers() -> dict[str, str]:
    """By tool, what it is for and its answer, as Markdown."""
    transport = httpx.ASGITransport(app=create_app(GENERATION, all_samples()))
    settings = Settings(api_key=SANDBOX_KEY, base_url=BASE_URL)
    server = build_server(settings, Service(BASE_URL, transport=transport))
    parts = {}
    async with Client(server) as client:
        for tool, purpose, arguments in calls():
            result = await client.call_tool(tool, arguments)
            assert isinstance(result, CallToolResult)
            assert isinstance(result.content[0], TextContent)
            assert not result.is_error, result.content[0].text
            lines = "\n".join(_lines(json.loads(result.content[0].text)))
            parts[tool] = f"**`{tool}`**: {purpose}\n\n```json\n{lines}\n```\n"
    return parts


def _lines(answer: dict[str, Any]) -> list[str]:
    """Fields side by side as far as a line goes; a line for each row of a table."""
    lines = ["{"]
    for name, value in answer.items():
        if isinstance(value, list) and len(value) > 1 and isinstance(value[0], dict):
            lines.append(f'"{name}": [')
            lines += [f"  {_json(row)}," for row in value]
            lines[-1] = lines[-1][:-1] + "],"
            continue
        field = f'"{name}": {_json(value)},'
        if lines[-1][-2:] != "]," and len(lines[-1]) + len(field) < WIDTH:
            lines[-1] += ("" if lines[-1] == "{" else " ") + field
        else:
            lines.append(field)
    lines[-1] = lines[-1][:-1] + "}"
    return lines


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    wanted = sys.argv[1:]
    parts = anyio.run(answers)
    print("\n".join(part for tool, part in parts.items() if not wanted or tool in wanted))
