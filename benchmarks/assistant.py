"""Let a scripted assistant look for known facts about runs, in every generation of the API.

    python -m benchmarks.assistant [--generation g3] [--unsolved] [--check | --write]

It asks the first call of each question (get_run about a run, or the tool that the question is about)
and then follows the first of `next_calls` that it has not made, at most six calls, until it has seen
every fact. Prints the share of questions solved in one call, in two, in more and not at all, and
calls and tokens (o200k). `--check` compares the figures with those of tests/system/assistant.json
and exits with 1 if they differ; `--write` renews them and docs/measurements.md.
"""

import argparse
import json
import statistics
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import httpx
from mcp import Client
from mcp.types import CallToolResult

from benchmarks.assistant_questions import Asked, Question, questions, samples
from benchmarks.sections import replace_section
from retab_mcp.queries.service import Service
from retab_mcp.sandbox.app import SANDBOX_KEY, create_app
from retab_mcp.sandbox.generations import GENERATIONS
from retab_mcp.server import build_server
from retab_mcp.settings import Settings
from tests.support.asking import BASE_URL, text_of
from tests.support.tokens import count_tokens
from tests.system.drive import Clock

MAX_CALLS = 6
FIGURES = Path(__file__).parent.parent / "tests" / "system" / "assistant.json"
RENEW = "python -m benchmarks.assistant --write"
# A sentence more or less in an answer must not stop a change; counts are compared exactly.
TOKENS_MARGIN = 0.02


@dataclass(frozen=True)
class Outcome:
    """What the assistant found: the facts that it did not see are `missing`."""

    question: Question
    calls: int
    tokens: int
    missing: tuple[str, ...]


def next_call(answer: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    """Yield the calls that an answer suggests, in their order; the rest of what was cut is last."""
    for call in answer.get("next_calls", []):
        yield call["tool"], call["arguments"]
    rest = (answer.get("truncated") or {}).get("next")
    if rest:
        yield rest["tool"], rest["arguments"]


async def look_for(question: Question, client: Client) -> Outcome:
    """Ask and follow the answers until all facts of the question are seen."""
    call: tuple[str, dict[str, Any]] | None = (question.tool, dict(question.arguments))
    missing, made, tokens = dict(question.wanted), [], 0
    while call is not None and missing and len(made) < MAX_CALLS:
        made.append(call)
        result = await client.call_tool(*call)
        assert isinstance(result, CallToolResult)
        text = text_of(result)
        tokens += count_tokens(text)
        asked = Asked(*call, json.loads(text))
        missing = {name: seen for name, seen in missing.items() if not seen(asked)}
        call = next((each for each in next_call(asked.answer) if each not in made), None)
    return Outcome(question, len(made), tokens, tuple(missing))


async def outcomes_of(generation: str) -> list[Outcome]:
    """Ask every question of a generation, in one session."""
    clock = Clock()
    transport = httpx.ASGITransport(app=create_app(generation, samples()))
    service = Service(BASE_URL, transport=transport, clock=lambda: clock.seconds, sleep=clock.sleep)
    server = build_server(Settings(api_key=SANDBOX_KEY, base_url=BASE_URL), service)
    async with Client(server) as client:
        found = [await look_for(each, client) for each in questions(generation)]
    await service.aclose()
    return found


def figures(outcomes: list[Outcome]) -> dict[str, float]:
    """Return the figures of the outcomes of a generation."""
    counts = Counter(_class_of(each) for each in outcomes)
    broken = sum(bool(each.missing) and each.question.promised for each in outcomes)
    tokens = sorted(each.tokens for each in outcomes)
    calls = sorted(each.calls for each in outcomes)
    return {
        "questions": len(outcomes),
        **{name: counts[name] for name in ("one_call", "two_calls", "more_calls", "unsolved")},
        "unsolved_though_promised": broken,
        "calls": sum(calls),
        "tokens_mean": round(statistics.fmean(tokens)),
        "tokens_median": round(statistics.median(tokens)),
        "tokens_p95": tokens[int(len(tokens) * 0.95)],
    }


def _class_of(outcome: Outcome) -> str:
    if outcome.missing:
        return "unsolved"
    return {1: "one_call", 2: "two_calls"}.get(outcome.calls, "more_calls")


def changes(measured: dict[str, float], committed: dict[str, float]) -> list[str]:
    """Describe each figure that differs from the committed one, better or worse."""
    found = []
    for name, value in measured.items():
        known = committed.get(name)
        margin = (known or 0) * TOKENS_MARGIN if name.startswith("tokens") else 0
        if known is None or abs(value - known) > margin:
            found.append(f"{name}: {known} -> {value}")
    return found


def committed_figures() -> dict[str, dict[str, float]]:
    """Return the committed figures by generation."""
    read: dict[str, dict[str, float]] = json.loads(FIGURES.read_text())
    return read


def table(by_generation: dict[str, list[Outcome]]) -> str:
    """Format the outcomes as a Markdown table: a row per theme and generation, and one for all."""
    lines = [
        "| | questions | one call | two | more | unsolved | calls, mean | tokens: mean | median "
        "| p95 |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for generation, outcomes in by_generation.items():
        lines.append(_row(generation, outcomes))
    everything = [each for outcomes in by_generation.values() for each in outcomes]
    themes = sorted({each.question.theme for each in everything})
    for theme in themes:
        lines.append(_row(theme, [each for each in everything if each.question.theme == theme]))
    lines.append(_row("**all**", everything))
    return "\n".join(lines)


def _row(name: str, outcomes: list[Outcome]) -> str:
    made = figures(outcomes)
    count = len(outcomes)
    shares = [
        f"{made[key] / count:.1%}" for key in ("one_call", "two_calls", "more_calls", "unsolved")
    ]
    tokens = [f"{made[f'tokens_{key}']:,}" for key in ("mean", "median", "p95")]
    return (
        "| "
        + " | ".join([name, str(count), *shares, f"{made['calls'] / count:.2f}", *tokens])
        + " |"
    )


def main() -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generation", choices=GENERATIONS)
    parser.add_argument("--unsolved", action="store_true", help="list what took more than one call")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    chosen = [options.generation] if options.generation else list(GENERATIONS)
    measured = {name: anyio.run(outcomes_of, name) for name in chosen}
    print(table(measured))
    if options.unsolved:
        for name, outcomes in measured.items():
            for each in outcomes:
                if each.missing or each.calls > 1:
                    seen = "unsolved" if each.missing else "solved"
                    promised = "" if each.question.promised else ", not promised"
                    print(
                        f"{name} {each.question.name}: {seen} in {each.calls} {each.missing}{promised}"
                    )
    summary = {name: figures(outcomes) for name, outcomes in measured.items()}
    if options.write:
        FIGURES.write_text(json.dumps(summary, indent=1) + "\n")
        replace_section("assistant", table(measured))
    if options.check:
        found = [c for name in chosen for c in changes(summary[name], committed_figures()[name])]
        print("\n".join(found))
        return bool(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
