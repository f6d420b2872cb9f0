"""The causes that find_failures and list_runs name, where the steps' words do not say them."""

from collections.abc import Sequence
from typing import Any

import pytest

from retab_mcp.queries import run_causes
from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.builder.graph import block, workflow
from retab_mcp.sandbox.builder.run import RunBuilder, failure_of
from retab_mcp.sandbox.records import Json, Sample, SampleRun
from tests.support.asking import asking

BERTHS = workflow(
    "berths",
    "Berths",
    block("arrive", "start_json", "Ship arrives"),
    block("read", "extract", "Read the manifest"),
    block("book", "api_call", "Book a berth"),
    block("file", "function", "File the booking"),
    "arrive > read > book > file",
)
DAYS = {"from_date": "2026-09-01", "to_date": "2026-09-30"}


def at(number: int) -> str:
    return f"2026-09-{number // 24 + 1:02}T{number % 24:02}:30:00Z"


def refused(number: int, status: int, body: Json, message: str = "Request failed") -> SampleRun:
    """Return a run whose call was refused, which only the record of the call shows."""
    build = RunBuilder(f"berth {number}", BERTHS, at(number))
    build.start("arrive", {"ship": f"S-{number}"})
    build.complete("read", {"crew": number})
    ref = build.call("https://port.example/berths", (status, body), name=f"call {number}")
    return build.failed(build.fail("book", message, artifact=ref), 2.0)


async def groups_of(runs: Sequence[SampleRun], generation: str = "g3") -> list[dict[str, Any]]:
    app = create_app(generation, [Sample("berths", "Berths", tuple(runs))])
    async with asking(app) as asker:
        groups: list[dict[str, Any]] = (await asker.ask("find_failures", **DAYS))["groups"]
    return groups


@pytest.mark.parametrize("generation", ["g2b", "g2c", "g3"])
async def test_records_separate_failures_that_say_the_same(generation: str) -> None:
    runs = [refused(n, 401, {"error": "token expired"}) for n in range(3)]
    runs += [refused(n, 422, {"error": "length_m is required"}) for n in range(3, 5)]
    groups = await groups_of(runs, generation)
    found = [(group["kind"], group["message"], group["runs"]) for group in groups]
    assert found == [
        ("credentials", "token expired", 3),
        ("called_api_refused", "length_m is required", 2),
    ]


async def test_records_that_agree_speak_for_the_other_runs() -> None:
    runs = [refused(n, 503, {"error": "maintenance"}) for n in range(40)]
    app = create_app("g3", [Sample("berths", "Berths", tuple(runs))])
    async with asking(app) as asker:
        answer = await asker.ask("find_failures", **DAYS)
    (group,) = answer["groups"]
    assert (group["kind"], group["runs"]) == ("called_api_down", 40)
    assert "by_own_words" not in group
    read = [one for one in app.state.requests if "/artifacts/" in one.path]
    assert len(read) == run_causes.MANY_RECORDS


async def test_what_was_not_read_is_said_to_be_the_runs_own_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run_causes, "MAX_RUNS_EXAMINED", 2)
    runs = [refused(n, 401, {"error": "token expired"}) for n in range(4)]
    app = create_app("g3", [Sample("berths", "Berths", tuple(runs))])
    async with asking(app) as asker:
        groups = (await asker.ask("find_failures", **DAYS))["groups"]
        rows = (await asker.ask("list_runs"))["rows"]
    found = [(group["kind"], group["runs"], group.get("by_own_words")) for group in groups]
    assert sorted(found, key=str) == [("credentials", 2, None), ("unknown", 2, 2)]
    assert sorted(row.get("reported_message", row.get("message")) for row in rows) == [
        "Request failed",
        "Request failed",
        "token expired",
        "token expired",
    ]


async def test_a_message_that_says_it_all_takes_few_records() -> None:
    runs = [refused(n, 404, {}, f"No berth for ship S-{n}") for n in range(20)]
    app = create_app("g3", [Sample("berths", "Berths", tuple(runs))])
    async with asking(app) as asker:
        await asker.ask("find_failures", **DAYS)
    read = [one for one in app.state.requests if "/artifacts/" in one.path]
    assert len(read) <= run_causes.MANY_RECORDS


@pytest.mark.parametrize("generation", ["g2c", "g3"])
async def test_a_consequence_is_no_group_of_its_own(generation: str) -> None:
    build = RunBuilder("lost", BERTHS, at(1))
    build.start("arrive", {"ship": "S-1"})
    build.fail("read", "PDF is password protected")
    build.fail("book", "TypeError: 'NoneType' object is not subscriptable")
    last = build.fail("file", "Nothing to file")
    groups = await groups_of([build.failed(last, 2.0)], generation)
    found = [(group["block_id"], group["kind"]) for group in groups]
    assert found == [("read", "document_unreadable")]


async def test_an_attempt_that_a_later_one_made_good_is_no_failure_of_its_step() -> None:
    build = RunBuilder("berth", BERTHS, at(1))
    build.start("arrive", {"ship": "S-1"})
    build.complete("read", {})
    ref = build.call("https://port.example/berths", (503, {}), (201, {"berth": 4}))
    build.complete("book", {"berth": 4}, artifact=ref, retry_count=1)
    build.skip("The run had failed", "file")
    failure = failure_of("Port answered 503 Service Unavailable")
    (group,) = await groups_of([build.run("error", 3.0, failure=failure)])
    assert group["block_id"] == "book"
    assert group["survived"].endswith("but the last one passed (201 after 350 ms)")


@pytest.mark.parametrize("first_fails", [True, False])
async def test_a_step_that_failed_and_passed_when_it_ran_again(first_fails: bool) -> None:
    build = RunBuilder("again", BERTHS, at(1))
    build.start("arrive", {"ship": "S-1"})
    again: dict[str, Any] = {"step_id": f"{build.id}_read-2"}
    if first_fails:
        build.fail("read", "Model overloaded")
        build.complete("read", {"crew": 3}, **again)
    else:
        build.complete("read", {"crew": 3})
        build.fail("read", "Model overloaded", **again)
    last = build.fail("book", "KeyError: 'berth'")
    groups = await groups_of([build.failed(last, 2.0)])
    # A failure after the step had passed is one.
    assert [group["block_id"] for group in groups] == (["book"] if first_fails else ["read"])


@pytest.mark.parametrize(
    ("urls", "expected"),
    [
        (("https://port.example/v1/berths", "https://port.example/v2/berths"), True),
        (("https://port.example/berths", "https://harbour.example/berths"), True),
        # Another id in the path and another query are no other service.
        (("https://port.example/v1/berths/7", "https://port.example/v1/berths/12?x=1"), False),
        (("https://port.example/berths", "https://port.example/berths"), False),
    ],
)
async def test_changed_services_are_named(urls: tuple[str, str], expected: bool) -> None:
    def called(number: int) -> SampleRun:
        build = RunBuilder(f"call {number}", BERTHS, at(number))
        build.start("arrive", {"ship": "S-1"})
        ref = build.call(urls[number], (200, {"berth": number}), name=f"call {number}")
        build.complete("book", {"berth": number}, artifact=ref)
        return build.run("completed", 2.0)

    runs = (called(0), called(1))
    async with asking(create_app("g3", [Sample("berths", "Berths", runs)])) as asker:
        answer = await asker.ask("compare_runs", run_id=runs[0].id, other_run_id=runs[1].id)
    rows = answer.get("services", [])
    assert bool(rows) == expected
    for row in rows:
        assert [row["a"], row["b"]] == [[url.removeprefix("https://")] for url in urls]
