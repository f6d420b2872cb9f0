"""Samples moved to the days around now."""

from datetime import UTC, datetime, timedelta

import pytest

from retab_mcp.sandbox.recent import recent_samples
from retab_mcp.sandbox.records import Sample, resolve
from retab_mcp.sandbox.samples import all_samples

NOW = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def recent() -> dict[str, Sample]:
    return {sample.name: sample for sample in recent_samples(now=NOW)}


def test_every_sample_ends_within_the_last_day(recent: dict[str, Sample]) -> None:
    assert list(recent) == [sample.name for sample in all_samples()]
    for sample in recent.values():
        times = [datetime.fromisoformat(run.created_at) for run in sample.runs]
        if times:
            assert NOW - timedelta(days=2) < max(times) < NOW


def test_times_keep_their_distance_and_documents_their_dates(recent: dict[str, Sample]) -> None:
    for before, after in zip(all_samples(), recent.values(), strict=True):
        for old, new in zip(before.runs, after.runs, strict=True):
            moved = datetime.fromisoformat(new.created_at) - datetime.fromisoformat(old.created_at)
            assert (resolve(old.json_data), old.documents) == (
                resolve(new.json_data),
                new.documents,
            )
            for one, other in zip(resolve(old.steps), resolve(new.steps), strict=True):
                assert one.step_id == other.step_id
                if one.started_at and other.started_at:
                    start = datetime.fromisoformat(one.started_at) + moved
                    assert start == datetime.fromisoformat(other.started_at)
                assert resolve(one.handle_outputs) == resolve(other.handle_outputs)


def test_a_running_run_began_minutes_ago(recent: dict[str, Sample]) -> None:
    run = recent["lading-running"].runs[0]
    assert NOW - datetime.fromisoformat(run.created_at) == timedelta(minutes=5)
