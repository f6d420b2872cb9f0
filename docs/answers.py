"""Print the tools as Markdown, each with a real answer about a sample run.

    python docs/answers.py [tool ...]
    python docs/answers.py --write

`--write` updates docs/tools.md and the example in README.md; a test checks that both are current.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

import anyio
import httpx
from mcp import Client
from mcp.types import CallToolResult, TextContent

from retab_mcp.queries.service import Service
from retab_mcp.sandbox.app import SANDBOX_KEY, create_app
from retab_mcp.sandbox.records import Sample, resolve
from retab_mcp.server import build_server, sdk_tool
from retab_mcp.settings import Settings
from retab_mcp.tools.catalog import TOOLS
from retab_mcp.tools.spec import ToolSpec
from tests.samples import all_samples

BASE_URL = "http://127.0.0.1"
GENERATION = "g3"
# Characters of a line that fields share; a longer field has its own line.
WIDTH = 110


def calls() -> list[tuple[str, str, dict[str, Any]]]:
    """Return for each tool its name, what it answers, and a call that shows it."""
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
            "Why a run failed, is waiting or finished wrong.",
            {"run_id": samples["label-rejected"].runs[0].id},
        ),
        ("list_steps", "The steps of a run; a loop of 500 is one row.", {"run_id": loop}),
        (
            "get_step",
            "One step: its error, what went in, what came out.",
            {"run_id": loop, "step_id": "price-order"},
        ),
        (
            "get_artifact",
            "The record behind a step: votes, conditions, attempts, fields.",
            _artifact_of(samples["expense-text"]),
        ),
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
            "What fails most, and since when.",
            {"workflow_id": week.workflow_id, "days": 7, "to_date": week.created_at[:10]},
        ),
        (
            "compare_runs",
            "What differs between two runs.",
            {"run_id": earlier.id, "other_run_id": later.id},
        ),
        (
            "search_run",
            "Where a text or value occurs.",
            {"run_id": samples["label-rejected"].runs[0].id, "query": "Lyon"},
        ),
        (
            "trace_value",
            "Where a value came from.",
            {
                "run_id": loop,
                "step_id": "price-order",
                "path": "/handle_inputs/input-json-0/data/unit_price",
            },
        ),
        (
            "get_experiment_run",
            "The documents of an experiment run, worst first.",
            {"run_id": compared.run_id},
        ),
        (
            "get_eval_run",
            "Which evals of a workflow failed, and why.",
            {"run_id": samples["lease-evals"].eval_runs[-1].id},
        ),
    ]


def _artifact_of(sample: Sample) -> dict[str, str]:
    refs = [step.artifact for step in resolve(sample.runs[0].steps)]
    ref = next(ref for ref in refs if ref and ref.operation == "conditional_evaluation")
    return {"artifact_id": ref.id, "operation": ref.operation}


def _limits(schema: dict[str, Any]) -> str:
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is None:
        return ""
    return f"{least} or more" if most is None else f"{least} to {most}"


async def answers() -> dict[str, str]:
    """Return by tool what it answers and a real answer, as Markdown."""
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
    """Return the lines of an answer: fields share lines up to WIDTH, table rows have their own."""
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


ROOT = Path(__file__).parent.parent
README_TOOL = "get_run"
TOOLS_PAGE = """\
# The tools

All twelve are read-only. Each is shown with its arguments and a real answer about a sample run; the
assistant receives it without line breaks. `python docs/answers.py --write` updates this page.

"""


def tools_page(parts: dict[str, str]) -> str:
    """Return the text of docs/tools.md for the answers by tool."""
    specs = {spec.name: spec for spec in TOOLS}
    return TOOLS_PAGE + "\n".join(
        f"{part}\n{arguments_table(specs[tool])}" for tool, part in parts.items()
    )


def arguments_table(spec: ToolSpec) -> str:
    """Return the arguments of a tool as a Markdown table, with types, defaults and limits."""
    schema = sdk_tool(spec, structured=False).parameters
    required = schema.get("required", [])
    rows = ["| argument | type | default | limits | meaning |", "|---|---|---|---|---|"]
    for name, each in schema["properties"].items():
        default = "required" if name in required else f"`{json.dumps(each['default'])}`"
        meaning = each["description"].replace("|", "\\|")
        rows.append(f"| `{name}` | {each['type']} | {default} | {_limits(each)} | {meaning} |")
    return "\n".join(rows) + "\n"


def readme_with(parts: dict[str, str], readme: str) -> str:
    """Return the README with the current answer of README_TOOL between its markers."""
    block = parts[README_TOOL].split("\n\n", 1)[1]
    marked = rf"(<!-- answer: {README_TOOL} -->\n).*?(<!-- end of answer -->)"
    return re.sub(marked, lambda found: found[1] + block + found[2], readme, flags=re.DOTALL)


def write(parts: dict[str, str]) -> None:
    """Update README.md and docs/tools.md."""
    readme = ROOT / "README.md"
    readme.write_text(readme_with(parts, readme.read_text(encoding="utf-8")), encoding="utf-8")
    (ROOT / "docs" / "tools.md").write_text(tools_page(parts), encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Print the answers of the tools named in `arguments` (default: all), or write them."""
    parts = anyio.run(answers)
    if arguments == ["--write"]:
        write(parts)
        return
    print("\n".join(part for tool, part in parts.items() if not arguments or tool in arguments))


if __name__ == "__main__":
    main(sys.argv[1:])
