"""Lists of runs merged into one, and the limits that end the search early."""

from datetime import UTC, date, datetime, timedelta
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.models import ErrorKind, Run
from retab_mcp.queries.run_lists import MAX_PAGES, RunQuery, find_runs
from retab_mcp.retab.api import RetabApi
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.run_list import RunFilter, RunList

BEGIN = datetime(2026, 7, 6, tzinfo=UTC)


def a_run(number: int, status: str = "completed", seconds: float | None = 1) -> Run:
    created = BEGIN + timedelta(hours=number)
    return Run(
        id=f"run_{number:03d}",
        generation="g3",
        status=status,
        created_at=created,
        started_at=created,
        completed_at=None if seconds is None else created + timedelta(seconds=seconds),
    )


class FakeApi:
    """Lists runs by status, newest first, in pages of at most `most` runs."""

    def __init__(self, runs: list[Run], most: int = 100) -> None:
        self.runs = sorted(runs, key=lambda run: run.id, reverse=True)
        self.most = most
        self.pages: list[tuple[str, int]] = []
        self.fails_after: int | None = None
        self.failure = RetabError(ErrorKind.TIMEOUT, "The time for this call ran out.")

    async def list_runs(
        self, wanted: RunFilter, *, limit: int = 100, after: str | None = None
    ) -> RunList:
        if self.fails_after is not None and len(self.pages) >= self.fails_after:
            raise self.failure
        self.pages.append((wanted.status, limit))
        if limit > self.most:
            raise RetabError(ErrorKind.TOO_LARGE, "Too large.")
        rows = [run for run in self.runs if wanted.status in ("", run.status)]
        if after is not None:
            rows = [run for run in rows if run.id < after]
        page = tuple(rows[:limit])
        return RunList(page, page[-1].id if len(rows) > limit else None)

    @property
    def api(self) -> RetabApi:
        return cast(RetabApi, self)


statuses = st.sampled_from(["completed", "error", "running", "cancelled"])


@given(
    st.lists(statuses, max_size=30),
    st.sets(statuses),
    st.integers(1, 12),
)
async def test_pages_together_are_the_runs_that_match(
    given_statuses: list[str], wanted: set[str], limit: int
) -> None:
    runs = [a_run(number, status) for number, status in enumerate(given_statuses)]
    fake = FakeApi(runs)
    query = RunQuery(statuses=tuple(sorted(wanted)))
    expected = [run.id for run in fake.runs if not wanted or run.status in wanted]
    found: list[str] = []
    positions = None
    while True:
        read = await find_runs(fake.api, query, limit=limit, positions=positions)
        assert len(read.found) <= limit
        found += [one.run.id for one in read.found]
        if not read.more:
            break
        positions = read.found[-1].positions
    assert found == expected


async def test_a_page_that_is_too_large_is_halved() -> None:
    fake = FakeApi([a_run(number) for number in range(10)], most=3)
    read = await find_runs(fake.api, RunQuery(), limit=10)
    assert len(read.found) == 10
    assert [limit for _, limit in fake.pages][:4] == [11, 5, 2, 2]


async def test_a_single_run_that_is_too_large_is_an_error() -> None:
    fake = FakeApi([a_run(1)], most=0)
    with pytest.raises(RetabError, match="Too large"):
        await find_runs(fake.api, RunQuery(), limit=10)


async def test_at_the_deadline_the_runs_read_so_far_are_returned() -> None:
    fake = FakeApi([a_run(number, "error") for number in range(10)], most=2)
    fake.fails_after = 6
    read = await find_runs(fake.api, RunQuery(), limit=10)
    assert 0 < len(read.found) < 10
    assert read.why == "the call's time limit was reached"
    fake.fails_after = None
    rest = await find_runs(fake.api, RunQuery(), limit=10, positions=read.positions)
    assert len(read.found) + len(rest.found) == 10


@pytest.mark.parametrize("kind", [ErrorKind.TIMEOUT, ErrorKind.UNAUTHORIZED])
async def test_without_any_page_the_error_is_raised(kind: ErrorKind) -> None:
    fake = FakeApi([])
    fake.fails_after = 0
    fake.failure = RetabError(kind, "No.")
    with pytest.raises(RetabError) as refused:
        await find_runs(fake.api, RunQuery(statuses=("error",)), limit=10)
    assert refused.value.kind == kind


async def test_a_search_for_rare_runs_is_bounded() -> None:
    fake = FakeApi([a_run(number) for number in range(100)])
    read = await find_runs(fake.api, RunQuery(statuses=("thawing",)), limit=1)
    assert len(fake.pages) == MAX_PAGES
    assert not read.found
    assert read.why is not None
    assert read.positions == {"": "run_060"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (RunQuery(), True),
        (RunQuery(workflow_id="wrk_1"), True),
        (RunQuery(statuses=("error",)), False),
        (RunQuery(triggers=("api",)), False),
        (RunQuery(from_date=date(2026, 7, 6), to_date=date(2026, 7, 6)), True),
        (RunQuery(from_date=date(2026, 7, 7)), False),
        (RunQuery(to_date=date(2026, 7, 5)), False),
        (RunQuery(min_duration_ms=1000, max_duration_ms=1000), True),
        (RunQuery(min_duration_ms=1001), False),
        (RunQuery(max_duration_ms=999), False),
        (RunQuery(id_prefix="run_00"), True),
        (RunQuery(id_prefix="run_1"), False),
        (RunQuery(metadata={"carrier": "north"}), False),
    ],
)
def test_filters_are_applied(query: RunQuery, expected: bool) -> None:
    # The workflow of a run that does not name its own is left to the server.
    assert query.matches(a_run(1)) is expected


def test_an_unfinished_run_matches_no_duration_filter() -> None:
    assert not RunQuery(max_duration_ms=10**9).matches(a_run(1, "running", None))
