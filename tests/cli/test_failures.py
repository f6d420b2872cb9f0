"""`retab-mcp failures`."""

import json
from datetime import UTC, date, datetime, timedelta

import click
import pytest

from retab_mcp.cli.day_words import last_day, window_of
from tests.cli.conftest import Run
from tests.samples import sample_named

WEEK = sample_named("permits-week").runs[0]


def test_shows_what_fails_most_and_since_when(run: Run) -> None:
    ran = run(
        "failures", "--workflow", WEEK.workflow_id, "--since", "2026-07-20", "--until", "2026-07-26"
    )
    assert (ran.code, ran.err) == (0, "")
    first = ran.out.splitlines()[0]
    assert "failed" in first
    assert "2026-07-20 to 2026-07-26 UTC" in first
    assert "stopped on 2026-07-23" in ran.out
    assert "retab-mcp why run_" in ran.out


def test_json_has_all_groups_although_the_tool_answers_in_pages(run: Run) -> None:
    days = ("--since", "2026-07-01", "--until", "2026-09-20", "--json")
    answer = json.loads(run("failures", *days).out)
    assert len(answer["groups"]) > 10
    assert "truncated" not in answer


def test_a_day_without_runs_is_an_answer(run: Run) -> None:
    ran = run("failures", "--since", "2026-01-01", "--until", "2026-01-02")
    assert ran.code == 0
    assert ran.out.startswith("0 of 0 runs failed")


def test_reads_days_as_people_write_them() -> None:
    today = datetime.now(UTC).date()
    assert last_day("today", "") == today
    assert last_day("Yesterday", "UTC") == today - timedelta(days=1)
    assert last_day("2026-03-04", "Europe/Paris") == date(2026, 3, 4)
    assert window_of("7d", today, "") == {"days": 7}
    assert window_of("2026-03-04", date(2026, 3, 5), "") == {"from_date": "2026-03-04"}


@pytest.mark.parametrize("text", ["", "last week", "2026-02-30", "d", "03/04/2026"])
def test_refuses_other_words(text: str) -> None:
    with pytest.raises(click.UsageError, match="--since must be"):
        window_of(text, date(2026, 3, 5), "")


@pytest.mark.parametrize(
    "options",
    [
        ["--since", "soon"],
        ["--since", "2026-03-05", "--until", "2026-03-04"],
        ["--tz", "Mars"],
        ["--since", "99d", "--until", "2026-03-04"],
    ],
)
def test_wrong_use_exits_with_2(run: Run, options: list[str]) -> None:
    assert run("failures", *options).code == 2
