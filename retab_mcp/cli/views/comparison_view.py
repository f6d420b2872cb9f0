"""The page of compare_runs' answer: what changed between two runs."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from retab_mcp.cli.page.amounts import date_and_time, number_of, plain
from retab_mcp.cli.page.parts import Code, Fact, Heading, Line, Page, Tone, Words, words
from retab_mcp.cli.views.next_commands import next_fact, truncated_fact
from retab_mcp.cli.views.other_fields import rest_of
from retab_mcp.cli.views.run_view import status_words
from retab_mcp.digest.spoken_times import spoken_ms

_SHOWN = {
    *("a", "b", "b_chosen", "same", "inputs", "metadata", "models", "compared_steps", "same_steps"),
    *("first_difference", "first_with_same_inputs", "differences", "durations"),
}


def comparison_page(fields: dict[str, Any], now: datetime | None = None) -> Page:
    """Return what differs between two runs. `now` is the current UTC time, for "3 h ago"."""
    now = now or datetime.now(UTC)
    differing = fields["compared_steps"] - fields["same_steps"]
    said = f"{differing} of {number_of(fields['compared_steps'], 'compared step')} differ"
    page: Page = [Heading(words(said, Tone.STRONG))]
    page += [Fact(f"Run {name}", [_side(fields[name], now)]) for name in ("a", "b")]
    if chosen := fields.get("b_chosen"):
        page.append(Fact("Run b is", [words(chosen)]))
    if same := fields.get("same"):
        page.append(Fact("Same in both", [words(", ".join(same))]))
    page += rest_of(fields, _SHOWN)
    if inputs := fields.get("inputs"):
        page.append(Fact("Inputs", [_change(change) for change in inputs]))
    if metadata := fields.get("metadata"):
        page.append(Fact("Metadata", [_change(change) for change in metadata]))
    if models := fields.get("models"):
        page.append(Fact("Models", [_model(row) for row in models]))
    for name, label in (
        ("first_difference", "First differs"),
        ("first_with_same_inputs", "Same inputs"),
    ):
        if first := fields.get(name):
            line: Line = (
                Code(first.get("step_id") or first["block_id"]),
                Words(f": {first['differs']}"),
            )
            page.append(Fact(label, [line]))
    page += [_difference(row) for row in fields["differences"]]
    if durations := fields.get("durations"):
        page.append(Fact("Durations", [_duration(row) for row in durations]))
    return [*page, *truncated_fact(fields), *next_fact(fields)]


def _side(side: Mapping[str, Any], now: datetime) -> Line:
    notes = []
    if side.get("created_at"):
        notes.append(date_and_time(side["created_at"], now))
    if side.get("duration_ms") is not None:
        notes.append(f"took {spoken_ms(side['duration_ms'])}")
    if side.get("older"):
        notes.append("older")
    return (
        Code(side["run_id"]),
        Words(" "),
        status_words(side["status"]),
        Words("  " + ", ".join(notes)),
    )


def _model(row: Mapping[str, Any]) -> Line:
    return (Code(row["block_id"]), Words(f": a {row.get('a')}, b {row.get('b')}"))


def _duration(row: Mapping[str, Any]) -> Line:
    said = f": a {spoken_ms(row['a_ms'])}, b {spoken_ms(row['b_ms'])}"
    return (Code(row["block_id"]), Words(said))


def _difference(row: Mapping[str, Any]) -> Fact:
    lines: list[Line] = []
    said = row["differs"].replace("_", " ")
    if row.get("count"):
        said += f" in {number_of(row['count'], 'step')}"
    if row.get("same_inputs"):
        said += ", with the same inputs"
    if row.get("a_status") or row.get("b_status"):
        said += f": a {row.get('a_status', 'absent')}, b {row.get('b_status', 'absent')}"
    lines.append(words(said, Tone.WARN))
    lines += [
        words(f"{side}: {row[f'{side}_message']}", Tone.BAD)
        for side in ("a", "b")
        if row.get(f"{side}_message")
    ]
    lines += [_change(change) for change in row.get("changes", [])]
    if more := row.get("more_changes"):
        lines.append(words(f"and {number_of(more, 'more change')}", Tone.DIM))
    return Fact(row["block_id"], lines)


def _change(change: Mapping[str, Any]) -> Line:
    line: Line = (Code(change["path"]), *_values(change))
    notes = [f"{change['count']} times"] if change.get("count") else []
    notes += [str(change[name]) for name in ("hidden", "order") if change.get(name)]
    return (*line, Words(f"  ({'; '.join(notes)})", Tone.DIM)) if notes else line


def _values(change: Mapping[str, Any]) -> Iterator[Words | Code]:
    only = change.get("only_in")
    for number, side in enumerate(only or ("a", "b")):
        if side in change:
            yield Words((", " if number else ": ") + (f"only in {side} " if only else f"{side} "))
            yield Code(plain(change[side]))
