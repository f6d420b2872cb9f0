"""The page of list_steps' answer: a timeline of bars, then the messages."""

from collections.abc import Mapping
from typing import Any

from retab_mcp.cli.page.parts import (
    Bar,
    Code,
    Fact,
    Heading,
    Line,
    Page,
    Timeline,
    Tone,
    Words,
    words,
)
from retab_mcp.cli.views.next_commands import next_fact, truncated_fact
from retab_mcp.cli.views.run_view import status_words, steps_by_status
from retab_mcp.digest.spoken_times import spoken_ms


def steps_page(fields: dict[str, Any]) -> Page:
    """Return the steps of a run."""
    rows = fields["rows"]
    run = Code(fields["run_id"], Tone.STRONG)
    ends = [row["started_ms"] + row.get("duration_ms", 0) for row in rows if "started_ms" in row]
    total = max(ends, default=0)
    took = f", in {spoken_ms(total)}" if ends else ""
    counts = steps_by_status(fields.get("step_counts", {})) or "none"
    page: Page = [
        Heading((status_words(fields["status"]), Words("  "), run)),
        Fact("Steps", [words(counts + took)]),
    ]
    if "run_credits" in fields:
        page.append(Fact("Credits", [words(_credits(fields))]))
    page.append(Timeline([_bar(row) for row in rows], total))
    page += [fact for row in rows for fact in _messages(row)]
    return [*page, *truncated_fact(fields), *next_fact(fields)]


def _credits(fields: Mapping[str, Any]) -> str:
    rows = [(row["block_id"], row["credits"]) for row in fields["rows"] if "credits" in row]
    rows += fields.get("credits_by_block", {}).items()
    parts = ", ".join(f"{name} {spent:g}" for name, spent in rows)
    return f"{fields['run_credits']:g}" + (f": {parts}" if parts else "")


def _bar(row: Mapping[str, Any]) -> Bar:
    if "step_ids" in row:
        return Bar(f"{row['count']} steps", row["status"], None, None, ", ".join(row["step_ids"]))
    notes = []
    if row.get("iterations"):
        notes.append(f"{row['iterations']:,} iterations")
    if row.get("failing_iterations") or row.get("failing"):
        notes.append(f"{row.get('failing_iterations') or len(row['failing'])} failed")
    if row.get("retries"):
        notes.append(f"retried {row['retries']} times" if row["retries"] > 1 else "retried once")
    return Bar(
        row["block_id"],
        "error" if row.get("failing") and row["status"] != "completed" else row["status"],
        row.get("started_ms"),
        row.get("duration_ms"),
        ", ".join(notes),
    )


def _messages(row: Mapping[str, Any]) -> list[Fact]:
    lines: list[Line] = []
    if row.get("message"):
        lines.append(words(row["message"], Tone.BAD))
    if row.get("reason"):
        lines.append(words(row["reason"], Tone.DIM))
    lines += [
        (
            Words(f"{one['count']} × ", Tone.BAD),
            Code(one["block_id"]),
            Words(f": {one['message']}"),
        )
        for one in row.get("failures", [])
    ]
    lines += [
        (Words(f"iteration {one['iteration']} (from 0) "), Code(one["step_id"]))
        if one.get("iteration") is not None
        else (Code(one["step_id"]),)
        for one in row.get("failing", [])
    ]
    name = row["block_id"] if "block_id" in row else ", ".join(row["step_ids"])
    return [Fact(name, lines)] if lines else []
