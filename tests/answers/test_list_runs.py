"""list_runs, from HTTP bytes to the text of the answer, in all generations."""

import json
from typing import Any

import pytest
from inline_snapshot import snapshot
from starlette.requests import Request
from starlette.responses import Response

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.generations import GENERATIONS
from tests.samples import all_samples, samples_named, weeks_of_runs
from tests.samples.weeks import RECEIPTS_PER_DAY
from tests.support.asking import Asker, asking

BOOKINGS, RECEIPTS, PERMITS = weeks_of_runs()
STATUSES = samples_named(
    "lading-cancelled",
    "lading-running",
    "lading-protected",
    "lading-quota",
    "lading-restarted",
    "lading-pending",
)
SAMPLES = (*weeks_of_runs(), *STATUSES)
EVERY_BOOKING = [run.id for run in BOOKINGS.runs]
FAILED_BOOKINGS = [run.id for run in BOOKINGS.runs if run.status == "error"]
BOOKING = {"workflow_id": BOOKINGS.runs[0].workflow_id}

each_generation = pytest.mark.parametrize("generation", GENERATIONS)


def ids(answer: dict[str, Any]) -> list[str]:
    return [row["run_id"] for row in answer["rows"]]


async def all_pages(asker: Asker, **arguments: Any) -> list[str]:
    found: list[str] = []
    while True:
        answer = await asker.ask("list_runs", **arguments)
        found += ids(answer)
        if "truncated" not in answer:
            return found
        assert answer["truncated"]["next"]["tool"] == "list_runs"
        arguments = answer["truncated"]["next"]["arguments"]


async def test_whole_answer_about_a_week() -> None:
    async with asking(create_app("g3", SAMPLES)) as asker:
        answer = await asker.ask("list_runs", **BOOKING, to_date="2026-07-08", limit=3)
    del answer["truncated"]["next"]["arguments"]["cursor"]
    assert answer == snapshot(
        {
            "workflow_id": "wrk_ryTS4c0zhwnOw5kMORuIq",
            "workflows": {"wrk_ryTS4c0zhwnOw5kMORuIq": "Freight bookings"},
            "rows": [
                {
                    "run_id": "run_eLV2fGxOV3QVPcW6lFR5a",
                    "status": "completed",
                    "trigger": "api",
                    "created_at": "2026-07-08T11:00:00Z",
                    "duration_ms": 1600,
                },
                {
                    "run_id": "run_GO7EJYxk89Nm5CZZHq_pH",
                    "status": "completed",
                    "trigger": "api",
                    "created_at": "2026-07-08T09:00:00Z",
                    "duration_ms": 1600,
                },
                {
                    "run_id": "run_scFBFWgzjtduhr7BQmMcM",
                    "status": "completed",
                    "trigger": "api",
                    "created_at": "2026-07-08T07:00:00Z",
                    "duration_ms": 1600,
                },
            ],
            "truncated": {
                "shown": 3,
                "at_least": 7,
                "unit": "runs",
                "next": {
                    "tool": "list_runs",
                    "arguments": {
                        "workflow_id": "wrk_ryTS4c0zhwnOw5kMORuIq",
                        "to_date": "2026-07-08",
                        "limit": 3,
                    },
                },
            },
            "untrusted_text": True,
        }
    )


async def test_a_row_of_each_status() -> None:
    async with asking(create_app("g3", STATUSES)) as asker:
        answer = await asker.ask("list_runs")
    assert {row["status"]: {**row, "run_id": "", "created_at": ""} for row in answer["rows"]} == (
        snapshot(
            {
                "error": {
                    "run_id": "",
                    "status": "error",
                    "trigger": "api",
                    "created_at": "",
                    "duration_ms": 1200,
                    "message": "Could not fetch input document: the file is password protected",
                    "documents": ["BL-LEH-50112-protected.pdf"],
                },
                "pending": {
                    "run_id": "",
                    "status": "pending",
                    "trigger": "api",
                    "created_at": "",
                    "documents": ["BL-VLC-90023.pdf"],
                },
                "completed": {
                    "run_id": "",
                    "status": "completed",
                    "trigger": "restart",
                    "created_at": "",
                    "duration_ms": 23100,
                    "documents": ["BL-GOA-31337.pdf"],
                },
                "running": {
                    "run_id": "",
                    "status": "running",
                    "trigger": "api",
                    "created_at": "",
                    "documents": ["BL-RTM-11804.pdf"],
                },
                "cancelled": {
                    "run_id": "",
                    "status": "cancelled",
                    "trigger": "manual",
                    "created_at": "",
                    "duration_ms": 11000,
                    "reason": "Cancelled from the dashboard: wrong document uploaded",
                    "documents": ["BL-HAM-20991.pdf"],
                },
            }
        )
    )


@each_generation
async def test_pages_show_every_run_once_and_newest_first(generation: str) -> None:
    async with asking(create_app(generation, SAMPLES)) as asker:
        assert await all_pages(asker, **BOOKING, limit=5) == EVERY_BOOKING
        assert await all_pages(asker, **BOOKING, status="error", limit=4) == FAILED_BOOKINGS


@each_generation
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"status": "error,running"}, {"error", "running"}),
        ({"status": "awaiting_review,cancelled,pending"}, {"cancelled", "pending"}),
        ({"status": "failed"}, {"error"}),
        ({"status": "waiting_for_human"}, set()),
    ],
)
async def test_runs_are_filtered_by_status(
    generation: str, filters: dict[str, str], expected: set[str]
) -> None:
    async with asking(create_app(generation, STATUSES)) as asker:
        answer = await asker.ask("list_runs", **filters)
    assert {row["status"] for row in answer["rows"]} == expected


@each_generation
async def test_runs_are_filtered_by_trigger_date_duration_and_prefix(generation: str) -> None:
    wednesday = {"from_date": "2026-07-15", "to_date": "2026-07-15"}
    async with asking(create_app(generation, SAMPLES)) as asker:
        scheduled = await asker.ask("list_runs", **wednesday, trigger="schedule")
        assert len(scheduled["rows"]) == RECEIPTS_PER_DAY
        assert {row["trigger"] for row in scheduled["rows"]} == {"schedule"}
        assert (await asker.ask("list_runs", **wednesday, trigger="manual,email"))["rows"] == []
        slow = await asker.ask("list_runs", **BOOKING, min_duration_ms=9_600, limit=100)
        assert ids(slow) == [
            run.id for run in BOOKINGS.runs if run.failure and run.failure.message.startswith("503")
        ]
        quick = await asker.ask("list_runs", **BOOKING, max_duration_ms=600, limit=100)
        assert {row["duration_ms"] for row in quick["rows"]} == {600}
        prefix = EVERY_BOOKING[7][:9]
        assert EVERY_BOOKING[7] in ids(await asker.ask("list_runs", id_prefix=prefix))


@each_generation
async def test_runs_are_filtered_by_metadata_where_supported(generation: str) -> None:
    arguments = {**BOOKING, "metadata": "carrier=north", "limit": 100}
    async with asking(create_app(generation, SAMPLES)) as asker:
        if generation == "g3":
            north = [run.id for run in BOOKINGS.runs if run.metadata["carrier"] == "north"]
            assert ids(await asker.ask("list_runs", **arguments)) == north
            both = {**arguments, "metadata": "carrier=north, pallets=3"}
            assert (await asker.ask("list_runs", **both))["rows"] == []
        else:
            refused = await asker.refused("list_runs", **arguments)
            assert refused["kind"] == "unsupported"
            assert "Leave metadata out" in refused["hint"]


async def test_filters_that_the_server_ignores_are_applied_here() -> None:
    async def ignoring(request: Request) -> Response | None:
        # Servers ignore query parameters that they do not know.
        kept = [part for part in request.scope["query_string"].split(b"&") if b"limit" in part]
        request.scope["query_string"] = b"&".join(kept)
        return None

    app = create_app("g3", [BOOKINGS, RECEIPTS], intercept=ignoring)
    async with asking(app) as asker:
        answer = await asker.ask("list_runs", **BOOKING, status="cancelled")
    assert answer["rows"] == []


async def test_the_newer_word_for_failed_may_be_refused() -> None:
    async def older(request: Request) -> Response | None:
        if request.query_params.get("status") in ("failed", "queued"):
            return Response(b'{"detail":[]}', 422, media_type="application/json")
        return None

    async with asking(create_app("g1", [BOOKINGS], intercept=older)) as asker:
        assert await all_pages(asker, status="error,queued", limit=50) == FAILED_BOOKINGS


async def test_runs_under_the_older_word_for_failed_are_found_too() -> None:
    row = {
        "id": "run_legacy",
        "workflow_id": BOOKINGS.runs[0].workflow_id,
        "lifecycle": {"status": "failed", "message": "Worker lost"},
        "timing": {"created_at": "2026-07-12T06:00:00Z"},
        "metadata": None,
    }

    async def legacy(request: Request) -> Response | None:
        if request.query_params.get("status") != "failed":
            return None
        rows = [] if request.query_params.get("after") else [row]
        body = {"data": rows, "list_metadata": {"before": None, "after": None}}
        return Response(json.dumps(body), media_type="application/json")

    async with asking(create_app("g3", [BOOKINGS], intercept=legacy)) as asker:
        found = await all_pages(asker, status="error", limit=4)
    assert sorted(found) == sorted([*FAILED_BOOKINGS, "run_legacy"])
    assert found.index("run_legacy") == 1  # between those of 07:00 and 05:00


async def test_truncation_is_exact_at_the_boundary() -> None:
    count = len(EVERY_BOOKING)
    async with asking(create_app("g3", [BOOKINGS])) as asker:
        assert "truncated" not in await asker.ask("list_runs", limit=count, max_duration_ms=10**6)
        few = count - 4  # the omitted rows of these are longer than `truncated`
        cut = (await asker.ask("list_runs", limit=few))["truncated"]
    assert (cut["shown"], cut["at_least"], cut["unit"]) == (few, count, "runs")


async def test_a_search_for_rare_runs_is_bounded_and_can_be_continued() -> None:
    """A filter that is applied here reads a bounded number of pages and says where it stopped."""

    async def endless(request: Request) -> Response | None:
        number = int(request.query_params.get("after", "run_0")[4:])
        rows = [
            {"id": f"run_{number + step}", "lifecycle": {"status": "completed"}, "metadata": None}
            for step in range(1, 51)
        ]
        body = {"data": rows, "list_metadata": {"after": rows[-1]["id"]}}
        return Response(json.dumps(body), media_type="application/json")

    app = create_app("g3", [], intercept=endless)
    async with asking(app) as asker:
        answer = await asker.ask("list_runs", status="thawing", limit=49)
        first = answer["truncated"]
        assert (answer["rows"], first["shown"]) == ([], 0)
        assert "limit of 20 pages" in first["why"]
        second = (await asker.ask("list_runs", **first["next"]["arguments"]))["truncated"]
        assert second["next"]["arguments"]["cursor"] != first["next"]["arguments"]["cursor"]
    assert not app.state.requests or all(entry.status == 200 for entry in app.state.requests)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"from_date": "yesterday"}, "from_date must be a date"),
        ({"to_date": "2026-02-30"}, "to_date must be a date"),
        ({"from_date": "2026-07-09", "to_date": "2026-07-08"}, "is before"),
        ({"min_duration_ms": 5, "max_duration_ms": 4}, "less than"),
        ({"metadata": "carrier"}, "pairs"),
        ({"metadata": "=north"}, "pairs"),
        ({"limit": 101}, "between 1 and 100"),
        ({"min_duration_ms": -1}, "min_duration_ms"),
        ({"workflow_id": "run_123"}, "workflow_id was given the id of a run"),
        ({"cursor": "made-up"}, "cursor"),
    ],
)
async def test_bad_arguments_are_refused(arguments: dict[str, Any], said: str) -> None:
    async with asking(create_app("g3", [BOOKINGS])) as asker:
        refused = await asker.refused("list_runs", **arguments)
    assert refused["kind"] == "invalid_argument"
    assert said in refused["error"]


async def test_a_cursor_is_refused_with_other_arguments() -> None:
    async with asking(create_app("g3", [BOOKINGS])) as asker:
        following = (await asker.ask("list_runs", limit=2))["truncated"]["next"]["arguments"]
        refused = await asker.refused("list_runs", **{**following, "status": "error"})
    assert "other arguments" in refused["error"]


@each_generation
async def test_rows_name_the_root_cause_as_get_run_does(generation: str) -> None:
    async with asking(create_app(generation, all_samples())) as asker:
        rows = (await asker.ask("list_runs", status="error", limit=30))["rows"]
        for row in rows[::5]:
            cause = (await asker.ask("get_run", run_id=row["run_id"])).get("cause", {})
            reported = any(name.startswith("reported_") for name in row)
            named = cause.get("block_id", cause.get("step_id"))
            assert reported or row.get("block_id") == named or row.get("step_id") == named, row


async def test_a_workflow_is_found_by_its_name() -> None:
    async with asking(create_app("g3", SAMPLES)) as asker:
        for name in ("Freight bookings", "freight BOOKINGS", "bookings"):
            answer = await asker.ask("list_runs", workflow_id=name, limit=1)
            assert answer["workflow_id"] == BOOKING["workflow_id"]


@pytest.mark.parametrize("text", ["Frozen bookings", "wrk_unheard_of"])
async def test_an_unknown_workflow_is_refused_with_those_that_exist(text: str) -> None:
    async with asking(create_app("g3", SAMPLES)) as asker:
        refused = await asker.refused("list_runs", workflow_id=text)
    assert refused["kind"] == "not_found"
    assert refused["workflows"][BOOKING["workflow_id"]] == "Freight bookings"


@pytest.mark.parametrize("argument", ["status", "trigger"])
async def test_an_unknown_word_is_refused_with_the_known_ones(argument: str) -> None:
    async with asking(create_app("g3", SAMPLES)) as asker:
        refused = await asker.refused("list_runs", **{argument: "thawing"})
    assert f"Unknown {argument}: thawing." == refused["error"]
    assert len(refused[f"{argument}_words"]) > 5


async def test_an_empty_window_says_when_the_newest_run_was() -> None:
    async with asking(create_app("g3", SAMPLES)) as asker:
        answer = await asker.ask("list_runs", **BOOKING, from_date="2027-01-01")
    assert answer["rows"] == []
    assert answer["newest_run"]["run_id"] == EVERY_BOOKING[0]


async def test_days_end_at_the_last_day_of_the_time_zone() -> None:
    async with asking(create_app("g3", SAMPLES)) as asker:
        found = {}
        for zone in ("", "America/Los_Angeles"):
            arguments = {"to_date": "2026-07-08", "days": 1, "time_zone": zone}
            rows = (await asker.ask("list_runs", **BOOKING, **arguments))["rows"]
            found[zone] = (rows[-1]["created_at"], rows[0]["created_at"])
    assert found == {
        "": ("2026-07-08T01:00:00Z", "2026-07-08T11:00:00Z"),
        "America/Los_Angeles": ("2026-07-08T07:00:00Z", "2026-07-09T05:00:00Z"),
    }


@pytest.mark.parametrize("limit", [20, 100])
async def test_rows_of_many_workflows_are_cut_between_rows(limit: int) -> None:
    async with asking(create_app("g3", all_samples())) as asker:
        answer = await asker.ask("list_runs", limit=limit)
        seen = [row["run_id"] for row in answer["rows"]]
        following = answer["truncated"]["next"]
        more = await asker.ask(following["tool"], **following["arguments"])
    assert len(seen) == answer["truncated"]["shown"]
    assert set(answer["workflows"]) <= {row["workflow_id"] for row in answer["rows"]}
    assert not set(seen) & {row["run_id"] for row in more["rows"]}


@pytest.mark.parametrize(
    ("given", "arguments"),
    [
        ({"from_date": "2030-01-01", "trigger": "api"}, {"trigger": "api"}),
        ({"id_prefix": "run_none"}, {}),
    ],
)
async def test_no_rows_lead_to_a_wider_list(
    given: dict[str, str], arguments: dict[str, str]
) -> None:
    async with asking(create_app("g3", all_samples())) as asker:
        empty = await asker.ask("list_runs", **given)
        (call,) = empty["next_calls"]
        wider = await asker.ask(call["tool"], **call["arguments"])
        steps = await asker.ask("list_steps", run_id=wider["rows"][0]["run_id"], status="queued")
    assert (call["tool"], call["arguments"]) == ("list_runs", arguments)
    assert wider["rows"]
    assert [each["tool"] for each in steps["next_calls"]] == ["list_steps"]
