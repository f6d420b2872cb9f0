"""The page of get_run's answer: status, cause, evidence, chain, what to do."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from retab_mcp.analysis.cause.failure_kinds import CATALOGUE
from retab_mcp.cli.page.amounts import date_and_time, number_of, plain
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
    words,
)
from retab_mcp.cli.page.statuses import TONES, sign_of, status_in_words
from retab_mcp.cli.views.common_lines import common_lines
from retab_mcp.cli.views.next_commands import next_fact, truncated_fact
from retab_mcp.cli.views.other_fields import lines_of, rest_of
from retab_mcp.digest.spoken_times import spoken_ms
from retab_mcp.models import FailureKind

_VERDICTS = {
    "safe": "yes",
    "may_help": "perhaps",
    "useless": "no",
    "may_repeat": "with care",
}
_SHOWN = {
    *("status", "step_counts", "cause", "restart", "inputs_from", "suspicious_inputs"),
    *("downstream", "other_failures", "findings", "history", "workflow", "created_at"),
    *("started_at", "completed_at", "duration_ms", "inputs", "run_link", "redacted"),
    *("hidden_characters", "instruction_paths", "unavailable"),
}


def status_words(status: str) -> Words:
    """Return the status of a run for a heading."""
    return Words(f"{sign_of(status)} {status_in_words(status)}", TONES.get(status, Tone.STRONG))


def run_page(fields: dict[str, Any], now: datetime | None = None) -> Page:
    """Return the explanation of a run. `now` is the current UTC time, for "3 h ago"."""
    now = now or datetime.now(UTC)
    page: Page = [Heading(_headline(fields))]
    if url := fields.get("run_link"):
        page.append(Fact("Link", [(Url(url),)]))
    page += _when(fields, now)
    page += _cause(fields)
    page += _inputs(fields)
    page += _consequences(fields)
    page += _findings(fields)
    page += _what_to_do(fields)
    page += _history(fields, now)
    page += rest_of(fields, _SHOWN)
    if given := fields.get("inputs"):
        page.append(Fact("Run inputs", list(lines_of(given))))
    page += _remarks(fields)
    page += [*truncated_fact(fields), *next_fact(fields)]
    return page


def _headline(fields: Mapping[str, Any]) -> Line:
    workflow = fields.get("workflow", {})
    name = Words(workflow["name"]) if workflow.get("name") else Code(workflow.get("id") or "")
    line: Line = (status_words(fields["status"]), Words("  "), Code(fields["run_id"], Tone.STRONG))
    return (*line, Words("  "), name) if name.text else line


def _when(fields: Mapping[str, Any], now: datetime) -> Iterator[Fact]:
    parts = [
        f"{verb} {date_and_time(fields[f'{verb}_at'], now)}"
        for verb in ("created", "started", "completed")
        if f"{verb}_at" in fields
    ]
    if "duration_ms" in fields:
        parts.append(f"took {spoken_ms(fields['duration_ms'])}")
    if parts:
        yield Fact("When", [words(", ".join(parts))])
    counts = fields.get("step_counts", {})
    if counts:
        yield Fact("Steps", [words(steps_by_status(counts))])


def steps_by_status(counts: Mapping[str, int]) -> str:
    """Return how many steps have each status."""
    return ", ".join(f"{count:,} {status_in_words(name)}" for name, count in counts.items())


def _cause(fields: Mapping[str, Any]) -> Iterator[Fact | Quote]:
    cause = fields.get("cause")
    if not cause:
        return
    meaning = CATALOGUE.get(cause.get("kind"))
    lines: list[Line] = []
    if meaning and cause.get("kind") != FailureKind.UNKNOWN:
        lines.append(words(meaning.explanation, Tone.STRONG))
    if step := step_words(cause):
        lines.append((Words("At "), *step))
    if lines:
        yield Fact("Cause", lines)
    if cause.get("message"):
        failed = fields["status"] == "error"
        label = "Error" if failed else "Message"
        yield Quote(label, cause["message"], Tone.BAD if failed else Tone.PLAIN)
    if cause.get("reasons"):
        yield Fact("Known by", [words("; ".join(cause["reasons"]))])
    if cause.get("evidence"):
        yield Fact("Evidence", list(lines_of(cause["evidence"])))
    if cause.get("details"):
        yield Fact("Details", list(lines_of(cause["details"])))


def step_words(step: Mapping[str, Any]) -> Line:
    """Return the name of a step: its label, its id and its type."""
    if not step.get("step_id"):
        return ()
    line: Line = (Code(step["step_id"]),)
    if step.get("label"):
        line = (Words(f"“{step['label']}” "), *line)
    kind = step.get("type")
    return (*line, Words(f" ({kind})")) if kind else line


def _inputs(fields: Mapping[str, Any]) -> Iterator[Fact]:
    if origins := fields.get("inputs_from"):
        yield Fact(
            "Inputs from",
            [(Code(step), Words(" → "), Code(handle)) for handle, step in origins.items()],
        )
    suspicious = []
    for one in fields.get("suspicious_inputs", []):
        line: Line = (Code(one["path"]), Words(f": {one['problem']}"))
        if one.get("value") not in (None, ""):
            line = (*line, Words(", here "), Code(plain(one["value"])))
        if one.get("count"):
            line = (*line, Words(f" ({one['count']} times)"))
        if one.get("origin"):
            line = (*line, Words(f" — from {one['origin']}"))
        suspicious.append(line)
    if suspicious:
        yield Fact("Doubtful", suspicious)


def _consequences(fields: Mapping[str, Any]) -> Iterator[Fact]:
    if below := fields.get("downstream"):
        more = " …" if below["count"] > len(below["step_ids"]) else ""
        ids = Code(", ".join(below["step_ids"]) + more)
        lines: list[Line] = [(Words(f"{number_of(below['count'], 'step')} after it: "), ids)]
        if below.get("message"):
            lines.append(words(below["message"]))
        yield Fact("Led to", lines)
    if others := fields.get("other_failures"):
        lines = [words(f"{number_of(others['count'], 'other step')} failed too")]
        for one in others.get("failures", []):
            times = f" ({one['count']} times)" if one.get("count") else ""
            lines.append((*step_words(one), Words(f"{times}: {one.get('message', one['kind'])}")))
        yield Fact("Also failed", lines)


def _findings(fields: Mapping[str, Any]) -> Iterator[Fact]:
    lines: list[Line] = []
    for one in fields.get("findings", []):
        times = f" ({one['count']} times)" if one.get("count") else ""
        where: Line = (*step_words(one), Words(f"{times}: ")) if one.get("step_id") else ()
        lines.append((*where, Words(one["message"], Tone.WARN)))
        lines += [words(f"→ {followed}") for followed in one.get("leads_to", [])]
        for name in ("reason", "origin"):
            if one.get(name):
                lines.append(words(f"   {name}: {one[name]}", Tone.DIM))
    if lines:
        yield Fact("Found", lines)
    elif fields["status"] == "completed" and not fields.get("cause"):
        yield Fact("Found", [words("nothing wrong in the record of this run")])


def _what_to_do(fields: Mapping[str, Any]) -> Iterator[Fact]:
    cause = fields.get("cause") or {}
    if cause.get("suggestion"):
        yield Fact("What to do", [words(cause["suggestion"], Tone.STRONG)])
    if again := fields.get("restart"):
        verdict = _VERDICTS.get(again["verdict"], again["verdict"])
        yield Fact("Run it again?", [words(f"{verdict}: {again['why']}")])


def _history(fields: Mapping[str, Any], now: datetime) -> Iterator[Fact]:
    history = dict(fields.get("history") or {})
    if not history:
        return
    lines: list[Line] = []
    others = history.pop("other_runs", None)
    if others is not None:
        parts = [number_of(others, "other run") if others else "no other runs of this workflow"]
        for name, said in (
            ("failed", "failed"),
            ("same_failure", "like this one"),
            ("by_own_words", "known by their own words only"),
        ):
            if name in history:
                parts.append(f"{history.pop(name)} {said}")
        lines.append(words(", ".join(parts)))
    for name, said in (("first_seen", "first seen"), ("last_seen", "last seen")):
        if history.get(name):
            lines.append(words(f"{said} {date_and_time(history.pop(name), now)}"))
    if count := history.pop("good_since", None):
        lines.append(words(f"{number_of(count, 'good run')} since"))
    lines += common_lines(history.pop("in_common", []))
    for name, said in (
        ("last_good", "last good run"),
        ("next_good", "next good run"),
        ("restart_of", "restarts"),
        ("restarted_as", "restarted as"),
        ("same_inputs_later", "same inputs later"),
    ):
        run = history.pop(name, None)
        if run:
            lines.append(_run_line(said, run, now))
    lines += lines_of(history) if history else []
    yield Fact("History", lines)


def _run_line(said: str, run: Mapping[str, Any], now: datetime) -> Line:
    notes = []
    if run.get("status"):
        notes.append(str(run["status"]))
    if run.get("created_at"):
        notes.append(date_and_time(run["created_at"], now))
    if run.get("same_inputs"):
        notes.append("same inputs")
    if run.get("version_changed") is not None:
        notes.append("another version" if run["version_changed"] else "same version")
    return (Words(f"{said} "), Code(run["run_id"]), Words("  " + ", ".join(notes)))


def _remarks(fields: Mapping[str, Any]) -> Iterator[Fact]:
    """Say what the answer lacks, and what was taken out of it."""
    lines = [words(f"not available: {one}", Tone.WARN) for one in fields.get("unavailable", [])]
    if count := fields.get("redacted"):
        lines.append(words(f"{number_of(count, 'secret')} hidden", Tone.DIM))
    if count := fields.get("hidden_characters"):
        lines.append(words(f"{number_of(count, 'invisible character')} removed", Tone.DIM))
    if paths := fields.get("instruction_paths"):
        lines.append(words(f"text that gives instructions at {', '.join(paths)}", Tone.WARN))
    if lines:
        yield Fact("Note", lines)
