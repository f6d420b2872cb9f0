"""Let a scripted assistant look for known facts about runs, in every generation of the API.

    python -m benchmarks.assistant [--generation g3] [--more] [--write]

It makes the first call of each question (get_run, or the tool that the question is about) and then
follows the first of `next_calls` that it has not made, at most six calls, until it has seen every
fact. Prints the share of questions solved in one call, in two, in more and not at all, and calls
and tokens (o200k). `--more` lists the questions that took more than one call. `--write` renews the
figures that tests/system/test_assistant.py holds, of the labelled runs whose facts a generation can
show, and docs/measurements.md.
"""

import argparse
import json
import statistics
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import httpx
from mcp import Client
from mcp.types import CallToolResult

from benchmarks.assistant_questions import (
    Asked,
    Question,
    labelled_questions,
    labelled_samples,
    other_questions,
    other_samples,
)
from benchmarks.sections import replace_section
from retab_mcp.queries.service import Service
from retab_mcp.sandbox.app import SANDBOX_KEY, create_app
from retab_mcp.sandbox.generations import GENERATIONS
from retab_mcp.sandbox.records import Sample
from retab_mcp.server import build_server
from retab_mcp.settings import Settings
from tests.support.asking import BASE_URL, text_of
from tests.support.tokens import count_tokens
from tests.system.drive import Clock

MAX_CALLS = 6
FIGURES = Path(__file__).parent.parent / "tests" / "system" / "assistant.json"
RENEW = "python -m benchmarks.assistant --write"
# A sentence more or less in an answer must not stop a change; counts are compared exactly.
TOKENS_MARGIN = 0.05


_TOKENS = ("tokens_mean", "tokens_median", "tokens_p95")


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
    made: list[tuple[str, dict[str, Any]]] = []
    missing, tokens = dict(question.wanted), 0
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


async def outcomes_of(
    generation: str, asked: list[Question], samples: list[Sample]
) -> list[Outcome]:
    """Ask questions of a generation, in one session."""
    clock = Clock()
    transport = httpx.ASGITransport(app=create_app(generation, samples))
    service = Service(BASE_URL, transport=transport, clock=lambda: clock.seconds, sleep=clock.sleep)
    server = build_server(Settings(api_key=SANDBOX_KEY, base_url=BASE_URL), service)
    async with Client(server) as client:
        found = [await look_for(each, client) for each in asked]
    await service.aclose()
    return found


async def labelled_outcomes(generation: str) -> list[Outcome]:
    """Ask about the labelled runs."""
    return await outcomes_of(generation, labelled_questions(generation), labelled_samples())


async def promised_outcomes(generation: str) -> list[Outcome]:
    """Ask about the labelled runs whose facts the generation can show."""
    asked = [each for each in labelled_questions(generation) if each.promised]
    return await outcomes_of(generation, asked, labelled_samples())


async def other_outcomes(generation: str) -> list[Outcome]:
    """Ask about samples and random runs."""
    return await outcomes_of(generation, other_questions(generation), other_samples())


def figures(outcomes: list[Outcome]) -> dict[str, int]:
    """Return the figures of the outcomes of a generation."""
    counts = Counter(_class_of(each) for each in outcomes)
    tokens = sorted(each.tokens for each in outcomes)
    calls = sorted(each.calls for each in outcomes)
    return {
        "questions": len(outcomes),
        **{name: counts[name] for name in ("one_call", "two_calls", "more_calls", "unsolved")},
        "calls": sum(calls),
        "tokens_mean": round(statistics.fmean(tokens)),
        "tokens_median": round(statistics.median(tokens)),
        "tokens_p95": tokens[int(len(tokens) * 0.95)],
    }


def _class_of(outcome: Outcome) -> str:
    if outcome.missing:
        return "unsolved"
    return {1: "one_call", 2: "two_calls"}.get(outcome.calls, "more_calls")


def compare(measured: dict[str, int], committed: dict[str, int]) -> tuple[list[str], list[str]]:
    """Describe the figures that are worse than the committed ones, and those that are better.

    A question that one call answers may be added without renewing the figures.
    """
    worse, better = [], []
    for name in ("two_calls", "more_calls", "unsolved", *_TOKENS):
        known, value = committed[name], measured[name]
        margin = known * TOKENS_MARGIN if name in _TOKENS else 0
        change = f"{name}: {known} -> {value}"
        if value > known + margin:
            worse.append(change)
        elif value < known - margin:
            better.append(change)
    return worse, better


def committed_figures() -> dict[str, dict[str, int]]:
    """Return the committed figures by generation."""
    read: dict[str, dict[str, int]] = json.loads(FIGURES.read_text())
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
    lines += [
        _row(theme, [each for each in everything if each.question.theme == theme])
        for theme in themes
    ]
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


def more_than_one_call(outcomes: list[Outcome]) -> list[str]:
    """Describe the questions that one call did not answer."""
    return [
        f"{each.question.name}: {each.calls} calls"
        + (f", not seen: {', '.join(each.missing)}" if each.missing else "")
        + ("" if each.question.promised else " (this generation may not show it)")
        for each in outcomes
        if each.missing or each.calls > 1
    ]


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generation", choices=GENERATIONS)
    parser.add_argument("--more", action="store_true", help="list what took more than one call")
    parser.add_argument("--write", action="store_true", help="renew the committed figures")
    options = parser.parse_args()
    chosen = [options.generation] if options.generation else list(GENERATIONS)
    labelled = {name: anyio.run(labelled_outcomes, name) for name in chosen}
    others = {name: anyio.run(other_outcomes, name) for name in chosen}
    printed = table({name: [*labelled[name], *others[name]] for name in chosen})
    print(printed)
    if options.more:
        for name in chosen:
            print(name, *more_than_one_call([*labelled[name], *others[name]]), sep="\n  ")
    if options.write:
        promised = {name: [e for e in labelled[name] if e.question.promised] for name in chosen}
        made = {name: figures(outcomes) for name, outcomes in promised.items() if outcomes}
        FIGURES.write_text(json.dumps(committed_figures() | made, indent=1) + "\n")
        if not options.generation:
            replace_section("assistant", printed)


if __name__ == "__main__":
    main()
