"""The page of find_failures' answer: how many, what fails most, and since when."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from retab_mcp.analysis.cause.failure_kinds import CATALOGUE
from retab_mcp.cli.page.amounts import date_and_time, number_of
from retab_mcp.cli.page.parts import (
    Code,
    Fact,
    Heading,
    Line,
    Page,
    Quote,
    Tone,
    Url,
    Words,
    code,
    words,
)
from retab_mcp.cli.views.common_lines import common_lines
from retab_mcp.cli.views.next_commands import command_for, next_fact, truncated_fact
from retab_mcp.cli.views.other_fields import rest_of
from retab_mcp.cli.views.run_view import step_words
from retab_mcp.models import FailureKind

_SHOWN = {
    *("from_date", "to_date", "time_zone", "runs", "runs_at_least", "failed_runs", "failed_share"),
    *("failed_per_day", "groups", "newest_run", "workflow_id"),
}
_SHOWN_OF_GROUP = {
    *("workflow_id", "block_id", "label", "type", "kind", "message", "runs", "failures", "share"),
    *(
        "first_seen",
        "last_seen",
        "began_on",
        "runs_before",
        "stopped_on",
        "runs_after",
        "trend",
        "rate_since",
    ),
    *("example_run_id", "values", "values_total", "example_link", "in_common"),
}


def failures_page(fields: dict[str, Any], now: datetime | None = None) -> Page:
    """Return the groups of failures. `now` is the current UTC time, for "3 h ago"."""
    now = now or datetime.now(UTC)
    page: Page = [Heading(_headline(fields)), *_days(fields)]
    if newest := fields.get("newest_run"):
        at = newest.get("created_at")
        when = f"  {date_and_time(at, now)}" if at else ""
        page.append(Fact("Newest run", [(Code(newest["run_id"]), Words(when))]))
    for number, group in enumerate(fields["groups"], 1):
        page += _group(number, group, now)
    page += rest_of(fields, _SHOWN)
    return [*page, *truncated_fact(fields), *next_fact(fields)]


def _headline(fields: Mapping[str, Any]) -> Line:
    first, last = fields["from_date"], fields["to_date"]
    days = first if first == last else f"{first} to {last}"
    zone = fields.get("time_zone") or "UTC"
    failed = fields["failed_runs"]
    if "runs" in fields:
        of = f" of {number_of(fields['runs'], 'run')}"
    else:
        of = f" of at least {number_of(fields.get('runs_at_least', 0), 'run')}"
    share = f" ({fields['failed_share']:.0%})" if "failed_share" in fields else ""
    tone = Tone.BAD if failed else Tone.GOOD
    line: Line = (Words(f"{failed:,}{of} failed{share}", tone), Words(f"  {days} {zone}"))
    workflow = fields.get("workflow_id")
    return (*line, Words("  "), Code(workflow)) if workflow else line


def _days(fields: Mapping[str, Any]) -> Iterator[Fact]:
    per_day = fields.get("failed_per_day", {})
    if len(per_day) > 1:
        yield Fact("Per day", [words(f"{day}  {count}") for day, count in per_day.items()])


def _group(number: int, group: Mapping[str, Any], now: datetime) -> Page:
    runs = number_of(group["runs"], "run")
    share = f", {group['share']:.0%} of all" if "share" in group else ""
    step = {"step_id": group.get("block_id"), **group}
    meaning = CATALOGUE.get(group["kind"])
    page: Page = [
        Heading((Words(f"{number}. {runs}{share}  ", Tone.STRONG), *step_words(step))),
        Quote("Error", group["message"], Tone.BAD),
    ]
    if meaning and group["kind"] != FailureKind.UNKNOWN:
        page.append(Fact("Cause", [words(meaning.explanation)]))
    if since := _since(group, now):
        page.append(Fact("Since", since))
    if values := group.get("values"):
        counts: list[Line] = [
            (Code(one["value"]), Words(f"  {number_of(one['failures'], 'failure')}"))
            for one in values
        ]
        page.append(Fact("Values", counts))
    if common := group.get("in_common"):
        page.append(Fact("In common", common_lines(common)))
    page += rest_of(group, _SHOWN_OF_GROUP)
    example = command_for("get_run", {"run_id": group["example_run_id"]})
    lines: list[Line] = [code(example)]
    if link := group.get("example_link"):
        lines.append((Url(link),))
    page.append(Fact("Look at", lines))
    return page


def _since(group: Mapping[str, Any], now: datetime) -> list[Line]:
    lines: list[Line] = []
    if "began_on" in group:
        before = number_of(group.get("runs_before", 0), "run")
        rate = f", {group['rate_since']:.0%} of runs since" if "rate_since" in group else ""
        lines.append(words(f"began on {group['began_on']}, after {before} without it{rate}"))
    elif "first_seen" in group:
        lines.append(words(f"first seen {date_and_time(group['first_seen'], now)}"))
    if "stopped_on" in group:
        after = number_of(group.get("runs_after", 0), "run")
        lines.append(
            words(f"stopped on {group['stopped_on']}, {after} since without it", Tone.GOOD)
        )
    elif "last_seen" in group:
        lines.append(words(f"last seen {date_and_time(group['last_seen'], now)}"))
    if "trend" in group:
        lines.append(words(f"trend: {group['trend']}"))
    return lines
