"""What failed runs have in common and good ones have not."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from retab_mcp.analysis.failures.traits import RunTraits, common_traits, traits_of
from retab_mcp.models import Run, RunInputs

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)


def run(hours: float, **fields: Any) -> RunTraits:
    inputs = RunInputs(documents=fields.pop("documents", {}), json_data=fields.pop("data", {}))
    one = Run(id=f"run_{hours}", generation="g3", status="error", inputs=inputs, **fields)
    return RunTraits(MONDAY + timedelta(hours=hours), traits_of(one))


def found(failed: list[RunTraits], good: list[RunTraits], zone: Any = UTC) -> list[Any]:
    return [(t.path, t.value, t.runs, t.failed) for t in common_traits(failed, good, zone)]


def within_a_day(count: int, start: float = 0.0, **fields: Any) -> list[RunTraits]:
    return [run(start + number / 60, **fields) for number in range(count)]


@pytest.mark.parametrize(
    ("bad", "good", "path", "value"),
    [
        ({"metadata": {"customer": "acme"}}, {"metadata": {"customer": "b"}}, "/metadata/customer",
         "acme"),
        ({"trigger": {"type": "email", "sender": "a@x.org"}},
         {"trigger": {"type": "email", "sender": "b@x.org"}}, "/trigger/sender", "a@x.org"),
        ({"data": {"begin": {"order": {"currency": None}}}},
         {"data": {"begin": {"order": {"currency": "EUR"}}}},
         "/json_data/begin/order/currency", None),
        ({"documents": {"in": {"mime_type": "image/tiff"}}},
         {"documents": {"in": {"mime_type": "application/pdf"}}},
         "/documents/in/mime_type", "image/tiff"),
        ({"data": {"begin": {"express": True}}}, {"data": {"begin": {"express": 1}}},
         "/json_data/begin/express", True),
    ],
)  # fmt: skip
def test_a_value_that_only_failed_runs_have(
    bad: dict[str, Any], good: dict[str, Any], path: str, value: Any
) -> None:
    traits = found(within_a_day(6, **bad), within_a_day(30, 2, **good))
    assert traits == [(path, value, 6, 6)]


def test_a_value_that_some_good_runs_have_too_is_counted() -> None:
    north: Any = {"metadata": {"carrier": "north"}}
    south: Any = {"metadata": {"carrier": "south"}}
    good = within_a_day(2, 2, **north) + within_a_day(20, 3, **south)
    assert found(within_a_day(5, **north), good) == [("/metadata/carrier", "north", 7, 5)]


def test_what_may_be_chance_is_not_said() -> None:
    north: Any = {"metadata": {"carrier": "north"}}
    south: Any = {"metadata": {"carrier": "south"}}
    mixed = within_a_day(10, 2, **north) + within_a_day(10, 3, **south)
    assert found(within_a_day(4, **north), mixed) == []
    assert found(within_a_day(2, **north), within_a_day(30, 2, **south)) == []
    assert found(within_a_day(3, **north), within_a_day(3, 2, **south)) == []


def test_failed_runs_that_differ_have_nothing_in_common() -> None:
    bad = [run(number, metadata={"order": str(number)}) for number in range(5)]
    good = [run(number + 9, metadata={"order": str(number + 9)}) for number in range(30)]
    assert found(bad, good) == []


def test_a_field_that_good_runs_do_not_have_says_nothing() -> None:
    bad = within_a_day(6, metadata={"release": "2"})
    assert found(bad, within_a_day(30, 2)) == []


def test_the_time_of_the_day() -> None:
    nightly = [run(day * 24 + 4) for day in range(5)]
    good = [run(day * 24 + hour) for day in range(5) for hour in (1, 7, 10, 13)]
    assert found(nightly, good) == [("time of day", "04:00 UTC", 5, 5)]
    berlin = ZoneInfo("Europe/Berlin")
    assert found(nightly, good, berlin) == [("time of day", "06:00 Europe/Berlin", 5, 5)]


def test_the_hour_where_the_minutes_differ() -> None:
    nightly = [run(day * 24 + 4 + day / 10) for day in range(5)]
    good = [run(day * 24 + hour) for day in range(5) for hour in (1, 7, 10, 13)]
    assert found(nightly, good) == [("time of day", "04:00 to 04:59 UTC", 5, 5)]


def test_an_outage_of_one_day_is_no_time_of_the_day() -> None:
    outage = within_a_day(6, 4)
    good = [run(day * 24 + hour) for day in range(5) for hour in (1, 7, 10, 13)]
    assert found(outage, good) == []


def test_long_values_and_lists_are_left_out() -> None:
    one = traits_of(
        Run(
            id="run_1",
            generation="g3",
            status="error",
            inputs=RunInputs(json_data={"a": {"text": "x" * 500, "rows": [1], "n": 1.5}}),
        )
    )
    assert one == {"/json_data/a/n": "1.5"}


def test_keys_are_escaped_in_paths() -> None:
    one = Run(id="r", generation="g3", status="error", metadata={"a/b": 1, "c~d": 2})
    assert traits_of(one) == {"/metadata/a~1b": "1", "/metadata/c~0d": "2"}
