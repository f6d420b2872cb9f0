"""The history of a failed run, from HTTP bytes to the text of the answer."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from retab_mcp.queries import run_history
from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.builder.graph import block, workflow
from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.generations import GENERATIONS
from retab_mcp.sandbox.records import Sample, SampleFailure, SampleRun
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
    same = history["same_failure"]
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


GREENHOUSE = workflow(
    "greenhouse",
    "Greenhouse",
    block("sow", "start_json", "Sow"),
    block("water", "function", "Water"),
    block("label", "function", "Label"),
    "sow > water",
    "water > label",
)


def bed(day: int, hour: int, *, dry: bool, hinted: bool = True, crop: str = "peas") -> SampleRun:
    """Return a bed: dry ones fail at `water`, and the run reports `label`, or no step."""
    build = RunBuilder(f"bed-{day}-{hour}", GREENHOUSE, f"2026-08-{day:02}T{hour:02}:20:00Z")
    data = {"sow": {"bed": f"{day}/{hour}"}}
    build.start("sow", data["sow"])
    fields: dict[str, Any] = {"json_data": data, "metadata": {"crop": crop}}
    if not dry:
        build.complete("water", {"litres": 2})
        build.complete("label", {"done": True})
        return build.run("completed", 1.0, **fields)
    build.fail("water", f"RuntimeError: tank {day * 11} is empty", code="function_error")
    later = build.fail("label", "Missing required input 'input-json-0'", inputs={})
    if hinted:
        return build.failed(later, 1.0, **fields)
    said = SampleFailure(message="2 steps failed", stage="execution")
    return build.run("error", 1.0, failure=said, **fields)


@pytest.mark.parametrize("generation", ["g1", "g2a", "g3"])
async def test_the_same_failure_is_counted_as_in_find_failures(generation: str) -> None:
    beds = [
        bed(day, hour, dry=hour == 9, hinted=bool(day % 2), crop="kale" if hour == 9 else "peas")
        for day in range(1, 7)
        for hour in (3, 9, 15, 21)
    ]
    async with asking(create_app(generation, sample(beds[::-1]))) as asker:
        answers = [await asker.ask("get_run", run_id=beds[index].id) for index in (1, 9, 21)]
        groups = await asker.ask(
            "find_failures", workflow_id=beds[0].workflow_id, from_date="2026-08-01",
            to_date="2026-08-06",
        )  # fmt: skip
    histories = [answer["history"] for answer in answers]
    assert [each["same_failure"] for each in histories] == [5, 5, 5]
    assert [group["runs"] for group in groups["groups"]] == [6]
    assert not any("by_own_words" in each for each in histories)
    # Six failures at twenty past nine, each followed by good runs, the last by two.
    assert [each["good_since"] for each in histories] == [2, 2, 2]
    assert histories[0]["next_good"]["run_id"] == beds[2].id
    time = {"path": "time of day", "value": "09:20 UTC", "runs": 6, "failed": 6}
    crop = {"path": "/metadata/crop", "value": "kale", "runs": 6, "failed": 6}
    wanted = [crop, time] if generation == "g3" else [time]
    assert groups["groups"][0]["in_common"] == wanted
    assert histories[2]["in_common"] == wanted


@pytest.mark.parametrize("generation", ["g2c", "g2e"])
async def test_runs_whose_steps_cannot_be_listed_are_compared_by_their_words(
    generation: str,
) -> None:
    beds = [bed(day, 9, dry=True, hinted=bool(day % 2)) for day in range(1, 5)]
    async with asking(create_app(generation, sample(beds[::-1]))) as asker:
        history = (await asker.ask("get_run", run_id=beds[2].id))["history"]
    assert (history["failed"], history["same_failure"], history["by_own_words"]) == (3, 1, 3)


async def test_a_failure_that_reports_itself_costs_no_list_of_steps() -> None:
    runs = [parcel(f"p{day}", day, f"ValueError: {day} kg") for day in range(1, 5)]
    app = create_app("g3", sample(runs))
    async with asking(app) as asker:
        history = (await asker.ask("get_run", run_id=runs[3].id))["history"]
    lists = [each for each in app.state.requests if each.path == "/v1/workflows/steps"]
    assert history["same_failure"] == 3
    assert len(lists) == 1


async def test_a_comparison_shows_other_metadata_and_triggers() -> None:
    one = bed(1, 9, dry=True, crop="kale")
    other = bed(1, 3, dry=False)
    other = replace(other, trigger={"type": "email", "sender": "garden@example.org"})
    like = bed(2, 9, dry=True, crop="kale")
    async with asking(create_app("g3", sample([one, other, like]))) as asker:
        answer = await asker.ask("compare_runs", run_id=one.id, other_run_id=other.id)
        same = await asker.ask("compare_runs", run_id=one.id, other_run_id=like.id)
    assert answer["metadata"] == [{"path": "/metadata/crop", "a": "kale", "b": "peas"}]
    assert (answer["a"]["trigger"], answer["b"]["trigger"]) == ("api", "email")
    assert "metadata" not in same
    assert "trigger" not in same["a"]


async def test_the_name_of_the_workflow_is_read_with_the_history() -> None:
    runs = [parcel("mine", 4, TOO_HEAVY), parcel("good", 1)]
    async with asking(create_app("g3", sample(runs))) as asker:
        failed = [await asker.ask("get_run", run_id=runs[0].id) for _ in range(2)]
        good = await asker.ask("get_run", run_id=runs[1].id)
    assert [each["workflow"]["name"] for each in failed] == ["Parcels", "Parcels"]
    assert "name" not in good["workflow"]


async def test_a_workflow_that_cannot_be_read_keeps_its_id() -> None:
    async def forbidden(request: Request) -> Response | None:
        if request.url.path == f"/v1/workflows/{run.workflow_id}":
            return JSONResponse({"detail": "No"}, 403)
        return None

    run = parcel("mine", 4, TOO_HEAVY)
    async with asking(create_app("g3", sample([run]), intercept=forbidden)) as asker:
        answer = await asker.ask("get_run", run_id=run.id)
    assert answer["workflow"] == {"id": run.workflow_id}
    assert "unavailable" not in answer
