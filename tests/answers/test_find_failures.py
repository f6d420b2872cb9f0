"""find_failures, from HTTP bytes to the text of the answer, in all generations."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import httpx
import pytest
from inline_snapshot import snapshot
from starlette.requests import Request
from starlette.responses import Response

from retab_mcp.answers import find_failures
from retab_mcp.queries import failed_runs, failing_steps_reader
from retab_mcp.queries.service import Service
from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.builder.graph import Workflow, block, workflow
from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.generations import GENERATIONS
from retab_mcp.sandbox.records import Sample
from tests.samples import weeks_of_runs
from tests.support.asking import BASE_URL, asking

BOOKINGS, RECEIPTS, PERMITS = weeks_of_runs()
WEEK = {"workflow_id": BOOKINGS.runs[0].workflow_id, "to_date": "2026-07-12"}


def quotes(code: str) -> Workflow:
    return workflow(
        "quotes",
        "Quotes",
        block("ask", "start_json", "Quote asked"),
        block("price", "function", "Price it", code=code),
        "ask > price",
    )


def deployed(broken: Sequence[int] = range(5, 8), *, since: int = 5) -> Sample:
    """Return four runs a day from 1 to 8 October: on `broken` days two of them fail.

    From day `since` on (counted from 0) they run another version.
    """
    runs = []
    for day, hour in ((day, hour) for day in range(8) for hour in (2, 8, 14, 20)):
        code = "new" if day >= since else "old"
        version = quotes(code)
        fields: dict[str, Any] = {"workflow_version_id": f"ver_{code}"}
        created_at = f"2026-10-{day + 1:02}T{hour:02}:00:00Z"
        build = RunBuilder(f"quote {day} {hour}", version, created_at)
        build.start("ask", {"day": day})
        if day in broken and hour in (2, 14):
            step = build.fail("price", "KeyError: 'rate'", code="function_error")
            runs.append(build.failed(step, 1.0, **fields))
        else:
            build.complete("price", {"price": 3})
            runs.append(build.run("completed", 1.0, **fields))
    return Sample("quotes", "Quotes", tuple(reversed(runs)))


each_generation = pytest.mark.parametrize("generation", GENERATIONS)


def asked(app: Any) -> Counter[str]:
    return Counter(entry.path for entry in app.state.requests if entry.status == 200)


async def test_whole_answer_about_a_week() -> None:
    async with asking(create_app("g3", weeks_of_runs())) as asker:
        assert await asker.ask("find_failures", **WEEK) == snapshot(
            {
                "workflow_id": "wrk_ryTS4c0zhwnOw5kMORuIq",
                "from_date": "2026-07-06",
                "to_date": "2026-07-12",
                "runs": 42,
                "failed_runs": 13,
                "failed_share": 0.3095,
                "failed_per_day": {
                    "2026-07-06": "0 of 6",
                    "2026-07-07": "1 of 6",
                    "2026-07-08": "1 of 6",
                    "2026-07-09": "1 of 6",
                    "2026-07-10": "2 of 6",
                    "2026-07-11": "4 of 6",
                    "2026-07-12": "4 of 6",
                },
                "groups": [
                    {
                        "block_id": "book-carrier",
                        "label": "Book the carrier",
                        "type": "api_call",
                        "kind": "called_api_down",
                        "message": "503 Service Unavailable (request req_D6JjTMuPB7ua1DdC35jlL)",
                        "runs": 11,
                        "share": 0.2619,
                        "first_seen": "2026-07-08T01:00:09.900Z",
                        "last_seen": "2026-07-12T07:00:09.900Z",
                        "began_on": "2026-07-08",
                        "runs_before": 12,
                        "rate_since": 0.3667,
                        "trend": "rising",
                        "example_run_id": "run_xvx17nfV6vIIKoyYO8BsC",
                    },
                    {
                        "block_id": "check-booking",
                        "label": "Check booking",
                        "type": "function",
                        "kind": "function_exception",
                        "message": "KeyError: 'BK-2217'",
                        "runs": 2,
                        "share": 0.0476,
                        "first_seen": "2026-07-07T11:00:00.850Z",
                        "last_seen": "2026-07-11T11:00:00.850Z",
                        "example_run_id": "run_IB9fHrfXiY2CeqoXGzVSt",
                    },
                ],
                "next_calls": [
                    {"tool": "get_run", "arguments": {"run_id": "run_xvx17nfV6vIIKoyYO8BsC"}},
                    {
                        "tool": "compare_runs",
                        "arguments": {"run_id": "run_xvx17nfV6vIIKoyYO8BsC"},
                        "reason": "what changed since it last worked",
                    },
                ],
                "untrusted_text": True,
            }
        )


async def test_all_workflows_over_several_days() -> None:
    async with asking(create_app("g3", weeks_of_runs())) as asker:
        answer = await asker.ask("find_failures", to_date="2026-07-26", days=21)
    assert "workflow_id" not in answer
    assert (answer["runs"], answer["failed_runs"]) == (105, 30)
    assert [
        (group["workflow_id"], group["block_id"], group["runs"]) for group in answer["groups"]
    ] == [
        (BOOKINGS.runs[0].workflow_id, "book-carrier", 11),
        (PERMITS.runs[0].workflow_id, "read-permit", 10),
        (RECEIPTS.runs[0].workflow_id, "extract-receipt", 7),
        (BOOKINGS.runs[0].workflow_id, "check-booking", 2),
    ]


@each_generation
async def test_the_cause_is_counted_and_downstream_failures_are_not(generation: str) -> None:
    async with asking(create_app(generation, [RECEIPTS])) as asker:
        answer = await asker.ask("find_failures", to_date="2026-07-19")
    (group,) = answer["groups"]
    assert (group["block_id"], group["runs"], group.get("failures")) == ("extract-receipt", 7, None)


async def test_the_default_period_ends_today() -> None:
    app = create_app("g3", [BOOKINGS])
    service = Service(
        BASE_URL,
        transport=httpx.ASGITransport(app=app),
        now=lambda: datetime(2026, 7, 12, 4, tzinfo=UTC),
    )
    async with asking(app, service=service) as asker:
        answer = await asker.ask("find_failures", days=1)
    assert (answer["from_date"], answer["to_date"]) == ("2026-07-12", "2026-07-12")


async def test_no_failures() -> None:
    async with asking(create_app("g3", [PERMITS])) as asker:
        answer = await asker.ask("find_failures", to_date="2026-07-26", days=2)
    assert answer == snapshot(
        {
            "from_date": "2026-07-25",
            "to_date": "2026-07-26",
            "runs": 10,
            "failed_runs": 0,
            "failed_share": 0.0,
            "failed_per_day": {"2026-07-25": "0 of 5", "2026-07-26": "0 of 5"},
            "groups": [],
            "next_calls": [
                {
                    "tool": "find_failures",
                    "arguments": {"to_date": "2026-07-26", "days": 90},
                    "reason": "no run of these days failed",
                }
            ],
        }
    )


async def test_few_requests_where_steps_are_listed_by_workflow() -> None:
    app = create_app("g3", [RECEIPTS, BOOKINGS])
    async with asking(app) as asker:
        await asker.ask("find_failures", **WEEK)
    # The steps of one run to start from, and one page before them; none for the other runs.
    assert asked(app)["/v1/workflows/steps"] == 2


async def test_one_request_per_run_where_steps_are_not_listed_by_workflow() -> None:
    app = create_app("g2e", [BOOKINGS])
    async with asking(app) as asker:
        await asker.ask("find_failures", **WEEK)
    assert asked(app)["/v1/workflows/steps"] == 13


async def test_overlapping_runs_are_not_lost_between_pages() -> None:
    """Reading the list backwards finds the same failures as reading each run."""
    answers = []
    for runs_for_list in (1, 1000):
        with (
            patch.object(failing_steps_reader, "MIN_RUNS_FOR_STEP_LIST", runs_for_list),
            patch("retab_mcp.retab.failing_steps.FAILING_STEPS_PAGE_SIZE", 1),
        ):
            async with asking(create_app("g3", weeks_of_runs())) as asker:
                answers.append(await asker.ask("find_failures", to_date="2026-07-26", days=21))
    assert answers[0] == answers[1]


async def test_too_many_failures_to_analyse() -> None:
    with patch.object(failed_runs, "MAX_FAILED_RUNS", 6):
        async with asking(create_app("g3", [BOOKINGS])) as asker:
            answer = await asker.ask("find_failures", **WEEK)
    assert "failed_share" not in answer
    assert answer["truncated"] == snapshot(
        {
            "shown": 2,
            "at_least": 2,
            "unit": "groups",
            "why": "only 13 failed runs were read, from both ends of days",
            "next": {
                "tool": "find_failures",
                "arguments": {
                    "workflow_id": "wrk_ryTS4c0zhwnOw5kMORuIq",
                    "from_date": "2026-07-06",
                    "to_date": "2026-07-11",
                    "limit": 20,
                },
            },
        }
    )


async def test_too_many_runs_to_count() -> None:
    with patch.object(failed_runs, "MAX_COUNT_PAGES", 3):
        async with asking(create_app("g3", [BOOKINGS])) as asker:
            answer = await asker.ask("find_failures", **WEEK)
    assert answer["runs_at_least"] == 18
    assert "runs" not in answer
    assert answer["truncated"]["why"] == "not all runs were counted"
    assert all("share" not in group for group in answer["groups"])
    # Without the number of runs in each half, they count as equally busy.
    assert answer["groups"][0]["trend"] == "rising"


async def test_groups_that_do_not_fit_are_on_the_next_page() -> None:
    with patch.object(find_failures, "GROUPS_BUDGET", 1):
        async with asking(create_app("g3", [BOOKINGS])) as asker:
            answer = await asker.ask("find_failures", **WEEK)
            truncated = answer["truncated"]
            assert (truncated["shown"], truncated["total"], truncated["unit"]) == (1, 2, "groups")
            following = truncated["next"]["arguments"]
            more = await asker.ask("find_failures", **following)
            refused = await asker.refused("find_failures", **{**following, "limit": 6})
    assert [group["block_id"] for group in more["groups"]] == ["check-booking"]
    assert "truncated" not in more
    assert "other arguments" in refused["error"]


async def test_unreadable_steps_fall_back_to_the_failing_step_of_the_run() -> None:
    async def broken(request: Request) -> Response | None:
        if request.url.path != "/v1/workflows/steps":
            return None
        return Response(json.dumps({"detail": "No"}), 403, media_type="application/json")

    async with asking(create_app("g3", [BOOKINGS], intercept=broken)) as asker:
        answer = await asker.ask("find_failures", **WEEK)
    assert "the steps of 13 of 13 failed runs were not read" in answer["truncated"]["why"]
    assert answer["groups"][0]["block_id"] == "book-carrier"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"days": 0}, "between 1 and 90"),
        ({"days": 91}, "between 1 and 90"),
        ({"to_date": "last week"}, "to_date must be a date"),
        ({"to_date": "0001-01-03"}, "out of range"),
        ({"to_date": "9999-12-31"}, "out of range"),
        ({"from_date": "2026-07-02", "to_date": "2026-07-01"}, "before from_date"),
        ({"from_date": "2026-01-01", "to_date": "2026-07-01"}, "more than 90 days"),
        ({"time_zone": "Mars/Olympus"}, "IANA name"),
        ({"time_zone": "../etc/passwd"}, "IANA name"),
        ({"workflow_id": "run_1"}, "workflow_id was given the id of a run"),
    ],
)
async def test_bad_arguments_are_refused(arguments: dict[str, Any], said: str) -> None:
    async with asking(create_app("g3", [BOOKINGS])) as asker:
        refused = await asker.refused("find_failures", **arguments)
    assert refused["kind"] == "invalid_argument"
    assert said in refused["error"]


async def test_a_failure_that_began_with_a_version() -> None:
    async with asking(create_app("g3", [deployed()])) as asker:
        answer = await asker.ask("find_failures", to_date="2026-10-08")
    (group,) = answer["groups"]
    assert group["began_on"] == "2026-10-06"
    assert (group["runs_before"], group["rate_since"]) == (16, 0.5)
    before, after = group["version_before"], group["version_after"]
    assert (before["runs"], before["failed"]) == (16, 0)
    assert (after["runs"], after["failed"]) == (12, 6)
    assert group["changed_blocks"] == ["price"]
    assert answer["failed_per_day"]["2026-10-06"] == "2 of 4"


async def test_a_failure_that_stopped() -> None:
    async with asking(create_app("g3", [deployed(broken=range(2), since=2)])) as asker:
        answer = await asker.ask("find_failures", to_date="2026-10-08")
    (group,) = answer["groups"]
    assert (group["stopped_on"], group["runs_after"]) == ("2026-10-02", 25)
    assert "began_on" not in group


async def test_days_are_those_of_the_time_zone() -> None:
    found = {}
    async with asking(create_app("g3", [deployed()])) as asker:
        for zone in ("", "Asia/Tokyo", "America/Los_Angeles"):
            arguments = {"to_date": "2026-10-05", "days": 1, "time_zone": zone}
            answer = await asker.ask("find_failures", **arguments)
            found[zone] = answer["failed_per_day"]
    # The run of 02:00 UTC on 6 October belongs to 5 October in Los Angeles.
    assert found == {
        "": {"2026-10-05": "0 of 4"},
        "Asia/Tokyo": {"2026-10-05": "0 of 4"},
        "America/Los_Angeles": {"2026-10-05": "1 of 4"},
    }


async def test_shares_are_of_the_same_workflow() -> None:
    async with asking(create_app("g3", [deployed(), PERMITS])) as asker:
        answer = await asker.ask("find_failures", to_date="2026-10-08", days=90)
    shares = {group["block_id"]: group["share"] for group in answer["groups"]}
    assert shares == {"price": 0.1875, "read-permit": 0.2857}


async def test_many_failed_runs_are_read_from_both_ends_of_each_day() -> None:
    sample = deployed(broken=range(8))
    app = create_app("g3", [sample])
    with (
        patch.object(failed_runs, "MAX_FAILED_RUNS", 3),
        patch.object(failed_runs, "MAX_COUNT_PAGES", 1),
    ):
        async with asking(app) as asker:
            answer = await asker.ask("find_failures", to_date="2026-10-08")
    assert "failed_share" not in answer
    assert set(answer["failed_per_day"]) == {f"2026-10-0{day}" for day in range(2, 9)}
    assert all(text.endswith("or more") for text in answer["failed_per_day"].values())
    assert sum("order=asc" in entry.query for entry in app.state.requests) == 6


async def test_days_without_runs_say_when_the_newest_run_was() -> None:
    async with asking(create_app("g3", [deployed()])) as asker:
        answer = await asker.ask("find_failures", workflow_id="quotes", to_date="2027-01-08")
    assert (answer["runs"], answer["groups"]) == (0, [])
    assert answer["newest_run"]["created_at"] == "2026-10-08T20:00:00Z"


async def test_an_unknown_workflow_is_refused_with_those_that_exist() -> None:
    async with asking(create_app("g3", [deployed()])) as asker:
        refused = await asker.refused("find_failures", workflow_id="Parcels")
    assert list(refused["workflows"].values()) == ["Quotes"]


async def test_a_failure_that_stopped_has_no_trend() -> None:
    async with asking(create_app("g3", [deployed(range(4), since=0)])) as asker:
        days = {"from_date": "2026-10-01", "to_date": "2026-10-08"}
        (group,) = (await asker.ask("find_failures", **days))["groups"]
    assert group["stopped_on"] == "2026-10-04"
    assert "trend" not in group


@pytest.mark.parametrize("generation", ["g1", "g2c", "g3"])
async def test_cancelled_and_waiting_runs_are_grouped_if_asked_for(generation: str) -> None:
    runs = []
    for number, status in enumerate(["cancelled", "cancelled", "awaiting_review", "error"]):
        build = RunBuilder(f"quote {number}", quotes("old"), f"2026-10-01T0{number}:00:00Z")
        build.start("ask", {})
        if status == "awaiting_review":
            build.begin("price", status)
            runs.append(build.run(status, waiting_for_block_ids=("price",)))
        elif status == "cancelled":
            build.unreached("price", "cancelled")
            runs.append(build.run(status, 1.0, reason="Superseded by a newer quote"))
        else:
            runs.append(build.failed(build.fail("price", "KeyError: 'rate'"), 1.0))
    day = {"from_date": "2026-10-01", "to_date": "2026-10-01"}
    async with asking(create_app(generation, [Sample("quotes", "", tuple(runs))])) as asker:
        answer = await asker.ask("find_failures", status="cancelled,awaiting_review", **day)
        failed = await asker.ask("find_failures", **day)
        refused = await asker.refused("find_failures", status="completed", **day)
    found = [(group["kind"], group.get("block_id"), group["runs"]) for group in answer["groups"]]
    assert found == [("cancelled", "price", 2), ("waiting_for_review", "price", 1)]
    assert answer["failed_runs"] == 3
    assert [group["kind"] for group in failed["groups"]] == ["function_exception"]
    assert "list_runs" in refused["hint"]


async def test_days_without_runs_lead_to_the_newest_run() -> None:
    async with asking(create_app("g3", [PERMITS])) as asker:
        empty = await asker.ask("find_failures", to_date="2026-10-01", days=3)
        call = empty["next_calls"][1]
        there = await asker.ask(call["tool"], **call["arguments"])
    assert empty["next_calls"][0] == {
        "tool": "get_run",
        "arguments": {"run_id": empty["newest_run"]["run_id"]},
        "reason": "the newest run",
    }
    assert (there["runs"], there["to_date"]) == (15, "2026-07-26")


async def test_the_longest_window_without_failures_leads_nowhere() -> None:
    async with asking(create_app("g3", [PERMITS])) as asker:
        answer = await asker.ask(
            "find_failures", to_date="2026-10-23", days=90, status="awaiting_review"
        )
    assert answer["runs"] > 0
    assert "next_calls" not in answer
