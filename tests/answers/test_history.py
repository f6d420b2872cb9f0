"""The history of a failed run, from HTTP bytes to the text of the answer."""

from collections.abc import Sequence
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from retab_mcp.queries import run_history
from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.builder.graph import block, workflow
from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.generations import GENERATIONS
from retab_mcp.sandbox.records import Sample, SampleRun
from tests.support.asking import asking

PARCELS = workflow(
    "parcels",
    "Parcels",
    block("arrive", "start_json", "Parcel arrives"),
    block("weigh", "function", "Weigh it"),
    "arrive > weigh",
)

each_generation = pytest.mark.parametrize("generation", GENERATIONS)


def parcel(name: str, day: int, message: str = "", **fields: Any) -> SampleRun:
    """Return the run of a parcel on a day of September: failed with `message`, else completed."""
    build = RunBuilder(name, PARCELS, f"2026-09-{day:02}T06:30:00Z")
    data = {"parcel": fields.pop("parcel", name)}
    build.start("arrive", data)
    fields["json_data"] = {"arrive": data}
    if message:
        return build.failed(build.fail("weigh", message, code="function_error"), 1.0, **fields)
    build.complete("weigh", {"kg": 3})
    return build.run("completed", 1.0, **fields)


def sample(runs: Sequence[SampleRun]) -> list[Sample]:
    return [Sample("parcels", "Parcels over days", tuple(runs))]


RESTART = {"type": "restart"}
TOO_HEAVY = "ValueError: 90 kg"


@each_generation
async def test_how_often_since_when_and_the_last_good_run(generation: str) -> None:
    runs = [
        parcel("good", 1),
        parcel("first", 2, "ValueError: 71 kg"),
        parcel("lost", 3, "No such parcel"),
        parcel("mine", 4, TOO_HEAVY),
    ]
    async with asking(create_app(generation, sample(runs))) as asker:
        answer = await asker.ask("get_run", run_id=runs[3].id)
    history = answer["history"]
    counts = (history["other_runs"], history["failed"])
    same = history.get("same_failure", history.get("same_message"))
    assert (counts, same) == ((3, 2), 1)
    assert history["first_seen"] == "2026-09-02T06:30:00Z"
    assert "last_seen" not in history
    good = history["last_good"]
    assert (good["run_id"], good["version_changed"]) == (runs[0].id, False)
    assert answer["next_calls"][-1] == {
        "tool": "compare_runs",
        "arguments": {"run_id": runs[3].id, "other_run_id": runs[0].id},
        "reason": "what changed since it last worked",
    }


@each_generation
async def test_a_restart_and_the_run_it_replaced_name_each_other(generation: str) -> None:
    failed = parcel("mine", 4, TOO_HEAVY, parcel="P-7")
    # May 2026's servers tell the parent; all others only that it is a restart.
    named = {**RESTART, "parent_run_id": failed.id}
    again = parcel("again", 5, parcel="P-7", trigger=named)
    other = parcel("other", 5, parcel="P-8")
    async with asking(create_app(generation, sample([failed, again, other]))) as asker:
        before = await asker.ask("get_run", run_id=failed.id)
        after = await asker.ask("get_run", run_id=again.id)
    assert before["history"]["restarted_as"]["run_id"] == again.id
    assert before["history"]["restarted_as"]["status"] == "completed"
    restarted = after["history"]["restart_of"]
    assert (restarted["run_id"], restarted["status"]) == (failed.id, "error")
    told = generation in ("g2b", "g2c", "g2c-bare")
    assert restarted.get("found_by") == (None if told else "same inputs")


async def test_a_restart_of_an_unknown_run_leads_to_the_list() -> None:
    again = parcel("again", 5, trigger=RESTART)
    async with asking(create_app("g3", sample([again, parcel("other", 4)]))) as asker:
        answer = await asker.ask("get_run", run_id=again.id)
        (call,) = [one for one in answer["next_calls"] if one["tool"] == "list_runs"]
        rows = (await asker.ask("list_runs", **call["arguments"]))["rows"]
    assert "history" not in answer
    assert len(rows) == 2


async def test_a_completed_run_has_no_history_and_costs_no_request() -> None:
    app = create_app("g3", sample([parcel("mine", 4), parcel("other", 3)]))
    async with asking(app) as asker:
        answer = await asker.ask("get_run", run_id=parcel("mine", 4).id)
    assert "history" not in answer
    assert "/v1/workflows/runs" not in [entry.path for entry in app.state.requests]


@pytest.mark.parametrize("place", ["newest", "oldest", "middle"])
async def test_at_most_two_lists_are_read(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_history, "HISTORY_RUNS", 3)
    days = range(1, 21)
    mine = {"newest": 20, "oldest": 1, "middle": 9}[place]
    runs = [parcel(f"day {day}", day, TOO_HEAVY if day > 14 or day == mine else "") for day in days]
    app = create_app("g3", sample(runs))
    async with asking(app) as asker:
        answer = await asker.ask("get_run", run_id=runs[mine - 1].id)
    listed = [entry for entry in app.state.requests if entry.path == "/v1/workflows/runs"]
    assert len(listed) <= 2
    good = answer["history"].get("last_good", {}).get("run_id")
    expected = {"newest": runs[13].id, "oldest": None, "middle": runs[7].id}
    assert good == expected[place]


async def test_other_runs_that_cannot_be_read_are_a_gap() -> None:
    async def intercept(request: Request) -> Response | None:
        is_list = request.url.path == "/v1/workflows/runs"
        return JSONResponse({"detail": "It broke."}, 403) if is_list else None

    run = parcel("mine", 4, TOO_HEAVY)
    async with asking(create_app("g3", sample([run]), intercept=intercept)) as asker:
        answer = await asker.ask("get_run", run_id=run.id)
    assert answer["cause"]["message"] == TOO_HEAVY
    assert "history" not in answer
    assert any("other runs" in gap for gap in answer["unavailable"])


async def test_compare_runs_takes_the_last_good_run_and_says_why() -> None:
    runs = [
        parcel("old", 1, parcel="P-7"),
        parcel("good", 2),
        parcel("mine", 4, TOO_HEAVY, parcel="P-7"),
        parcel("lone", 5, TOO_HEAVY),
    ]
    async with asking(create_app("g3", sample(runs))) as asker:
        same = await asker.ask("compare_runs", run_id=runs[2].id)
        other = await asker.ask("compare_runs", run_id=runs[3].id)
    assert (same["b"]["run_id"], same["b_chosen"]) == (
        runs[0].id,
        "last completed run before it with the same inputs",
    )
    assert other["b"]["run_id"] == runs[1].id
    assert other["b_chosen"].startswith("last completed run before it with the same trigger")


async def test_compare_runs_without_a_good_run_is_refused() -> None:
    runs = [parcel("one", 1, TOO_HEAVY), parcel("two", 2, TOO_HEAVY)]
    async with asking(create_app("g3", sample(runs))) as asker:
        answer = await asker.refused("compare_runs", run_id=runs[0].id)
    assert answer["kind"] == "not_found"
    assert answer["runs_searched"] == 2


@pytest.mark.parametrize(
    "message", ["Insufficient credits: 0 left of 5,000", "Connection refused", "Deadline exceeded"]
)
async def test_no_good_run_explains_what_happens_to_any_run(message: str) -> None:
    runs = [parcel("good", 1), parcel("mine", 4, message)]
    async with asking(create_app("g3", sample(runs))) as asker:
        answer = await asker.ask("get_run", run_id=runs[1].id)
    assert answer["history"]["last_good"]["run_id"] == runs[0].id
    assert "compare_runs" not in [call["tool"] for call in answer.get("next_calls", [])]


@pytest.mark.parametrize("generation", ["g1", "g2c", "g3"])
async def test_runs_created_at_the_same_time_are_compared(generation: str) -> None:
    runs = [parcel("good", 4), parcel("mine", 4, TOO_HEAVY), parcel("later", 5)]
    async with asking(create_app(generation, sample(runs))) as asker:
        compared = await asker.ask("compare_runs", run_id=runs[1].id)
        history = (await asker.ask("get_run", run_id=runs[1].id))["history"]
    assert compared["b"]["run_id"] == history["last_good"]["run_id"] == runs[0].id
    assert "same time" in compared["b_chosen"]
    assert "older" not in compared["a"] | compared["b"]


async def test_what_two_runs_cannot_be_compared_in() -> None:
    def run(name: str, status: str, filename: str) -> SampleRun:
        build = RunBuilder(name, PARCELS, "2026-09-01T06:30:00Z")
        build.start("arrive", {"parcel": "P-1"})
        if status == "completed":
            build.complete("weigh", {"kg": 3})
        document = {"id": f"file_{filename}", "filename": filename, "mime_type": "application/pdf"}
        return build.run(status, 1.0, documents={"arrive": document})

    good, stopped = run("good", "completed", "a.pdf"), run("stopped", "cancelled", "a.pdf")
    other, same = run("other", "completed", "b.pdf"), run("same", "completed", "a.pdf")
    async with asking(create_app("g3", sample([good, stopped, other, same]))) as asker:

        async def said(one: SampleRun) -> list[str]:
            answer = await asker.ask("compare_runs", run_id=good.id, other_run_id=one.id)
            found: list[str] = answer.get("not_comparable", [])
            return found

        assert await said(stopped) == [
            "b was cancelled: steps and values that it lacks were not reached"
        ]
        assert await said(other) == [
            "the documents are others (a: a.pdf; b: b.pdf), so values read from them differ"
        ]
        assert await said(same) == []
