"""Where the time of a run and of a step went, in every generation that says it."""

from typing import Any

import pytest

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.builder.graph import block, workflow
from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.records import Sample, SampleReview, SampleRun, after
from tests.support.asking import asking

GENERATIONS = ("g1", "g2a", "g2b", "g2c", "g3")
CREATED = "2026-09-02T06:30:00Z"
DAY = 86_400.0

PERMITS = workflow(
    "permits",
    "Building permits",
    block("plan-in", "start_document", "Plan"),
    block("read-plan", "extract", "Read the plan"),
    block("check-plan", "function", "Check"),
    block("file-permit", "api_call", "File it"),
    "plan-in > read-plan > check-plan > file-permit",
)


async def answer(run: SampleRun, generation: str = "g3", tool: str = "get_run", **more: Any) -> Any:
    async with asking(create_app(generation, [Sample("one", "One run", (run,))])) as asker:
        return await asker.ask(tool, run_id=run.id, **more)


def review_of(build: RunBuilder, step_id: str, begun: float, ended: float | None) -> SampleReview:
    decision = {
        "verdict": "approved",
        "version_id": "rvr_" + "B" * 26,
        "author": {"kind": "human", "id": "user_1"},
        "created_at": after(CREATED, ended or 0),
        "reason": None,
    }
    return SampleReview(
        id=f"rev_{build.id[4:12]}",
        block_id="read-plan",
        step_id=step_id,
        created_at=after(CREATED, begun),
        decision=None if ended is None else decision,
    )


def reviewed(waited: float, name: str = "permit-reviewed", *, counted: bool = True) -> SampleRun:
    """Return a run in which a person took `waited` seconds; `counted`: the run says so as well."""
    build = RunBuilder(name, PERMITS, CREATED)
    build.start("plan-in")
    begun = build.now + 4
    step = build.complete("read-plan", {"rooms": 4}, 4 + waited)
    build.complete("check-plan", {"ok": True}, 1.0)
    build.complete("file-permit", {"id": 7}, 2.0)
    return build.run(
        "completed",
        build.now - 0.4,
        reviews=(review_of(build, step.step_id, begun, begun + waited),),
        review_waiting_ms=round(waited * 1000) if counted else 0,
    )


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_two_days_of_waiting_for_a_person_are_said(generation: str) -> None:
    found = await answer(reviewed(2 * DAY), generation)
    assert found["time"]["waiting_for_review_ms"] == 2 * DAY * 1000
    assert 7000 <= found["time"]["active_ms"] <= 7500
    assert not any(one["kind"] == "slow_step" for one in found.get("findings", []))


async def test_the_parts_add_up_to_the_duration() -> None:
    found = await answer(reviewed(2 * DAY))
    parts = [value for name, value in found["time"].items() if name.endswith("_ms")]
    assert sum(parts) == found["duration_ms"]


async def test_a_short_review_is_not_worth_a_word() -> None:
    assert "time" not in await answer(reviewed(3))


async def test_a_step_says_how_long_it_waited() -> None:
    found = await answer(reviewed(DAY), tool="get_step", step_id="read-plan")
    assert found["time"] == {"active_ms": 4000, "waiting_for_review_ms": DAY * 1000}
    read = await answer(reviewed(DAY), tool="get_step", step_id="read-plan", path="/time/active_ms")
    assert read["value"] == 4000


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_comparisons_leave_waiting_out(generation: str) -> None:
    slow, fast = reviewed(2 * DAY), reviewed(2, "permit-quick")
    samples = [Sample("one", "One", (slow,)), Sample("two", "Two", (fast,))]
    async with asking(create_app(generation, samples)) as asker:
        found = await asker.ask("compare_runs", run_id=slow.id, other_run_id=fast.id)
    assert found["a"]["waiting_for_review_ms"] == 2 * DAY * 1000
    if generation == "g3":
        # Older servers do not say which step waited.
        assert "durations" not in found


async def test_a_block_that_ran_longer_still_differs() -> None:
    def run(seconds: float, name: str) -> SampleRun:
        build = RunBuilder(name, PERMITS, CREATED)
        build.start("plan-in")
        build.complete("read-plan", {"rooms": 4}, seconds)
        return build.run("completed", build.now)

    slow, fast = run(90, "permit-slow"), run(4, "permit-fast")
    samples = [Sample("one", "One", (slow,)), Sample("two", "Two", (fast,))]
    async with asking(create_app("g3", samples)) as asker:
        found = await asker.ask("compare_runs", run_id=slow.id, other_run_id=fast.id)
    [row] = found["durations"]
    assert (row["block_id"], row["a_ms"], row["b_ms"]) == ("read-plan", 90_000, 4000)


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_the_gap_between_two_steps_is_named(generation: str) -> None:
    build = RunBuilder("permit-gap", PERMITS, CREATED)
    build.start("plan-in")
    build.complete("read-plan", {"rooms": 4}, 5.0)
    build.now += 1500
    build.complete("check-plan", {"ok": True}, 1.0)
    build.complete("file-permit", {"id": 7}, 2.0)
    found = await answer(build.run("completed", build.now - 0.4), generation)
    assert found["time"]["longest_gap"] == {
        "ms": 1_500_050,
        "after": "read-plan",
        "before": "check-plan",
    }


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_the_wait_for_the_start_is_said(generation: str) -> None:
    build = RunBuilder("permit-queued", PERMITS, CREATED)
    build.now = 1800.0
    build.start("plan-in")
    build.complete("read-plan", {"rooms": 4}, 5.0)
    run = build.run("completed", started_at=after(CREATED, 1800), completed_at=after(CREATED, 1806))
    assert (await answer(run, generation))["time"]["queued_ms"] == 1_800_000


async def test_steps_side_by_side_count_once() -> None:
    both = workflow(
        "both",
        "Both",
        block("in", "start_json", "In"),
        block("left", "function", "Left"),
        block("right", "function", "Right"),
        "in > left",
        "in > right",
    )
    build = RunBuilder("both-sides", both, CREATED)
    build.now = 120.0
    build.start("in", {"a": 1})
    began = build.now
    build.complete("left", {"a": 1}, 60.0)
    build.now = began
    build.complete("right", {"a": 1}, 60.0)
    run = build.run(
        "completed", started_at=after(CREATED, 120), completed_at=after(CREATED, 180.15)
    )
    found = await answer(run)
    assert found["time"]["active_ms"] == 60_100
    assert found["duration_ms"] == 60_150
    # Neither was slower than the other.
    assert "findings" not in found


async def test_a_branch_that_works_while_another_waits_is_active() -> None:
    fork = workflow(
        "fork",
        "Fork",
        block("in", "start_document", "In"),
        block("read-plan", "extract", "Reviewed"),
        block("count", "function", "Count"),
        "in > read-plan",
        "in > count",
    )
    build = RunBuilder("fork-review", fork, CREATED)
    build.start("in")
    began = build.now
    step = build.complete("read-plan", {"a": 1}, 3600.0)
    build.now = began
    build.complete("count", {"a": 1}, 600.0)
    review = review_of(build, step.step_id, began, began + 3600)
    run = build.run("completed", 3600.2, reviews=(review,))
    found = await answer(run)
    assert found["time"]["waiting_for_review_ms"] == 3_000_000
    assert 600_000 <= found["time"]["active_ms"] <= 600_500


CALL = "https://permits.example.com/v1/files"


def retried(starts: tuple[float, ...], *, timed: bool = True) -> SampleRun:
    build = RunBuilder("permit-retried", PERMITS, CREATED)
    build.start("plan-in")
    answers = [(503, {"busy": True})] * (len(starts) - 1) + [(200, {"id": 7})]
    more: dict[str, Any] = {} if timed else {"started_at": None, "completed_at": None}
    ref = build.call(CALL, *answers, lasting=0.2, starts=starts, **more)
    build.complete(
        "file-permit", {"id": 7}, starts[-1] + 0.2, artifact=ref, retry_count=len(starts) - 1
    )
    return build.run("completed", build.now - 0.4)


@pytest.mark.parametrize("generation", ["g2b", "g2c", "g3"])
@pytest.mark.parametrize("timed", [True, False])
async def test_the_waits_between_attempts_are_not_work(generation: str, timed: bool) -> None:
    found = await answer(retried((0, 20, 80, 200), timed=timed), generation)
    assert found["time"]["between_attempts_ms"] == 199_400
    assert not any(one["kind"] == "slow_step" for one in found["findings"])
    step = await answer(
        retried((0, 20, 80, 200), timed=timed), generation, "get_step", step_id="file-permit"
    )
    assert step["time"]["between_attempts_ms"] == 199_400


async def test_a_step_on_its_fifth_attempt_says_so() -> None:
    build = RunBuilder("permit-trying", PERMITS, CREATED)
    build.start("plan-in")
    build.begin("file-permit", "running", retry_count=4)
    run = build.run("running")
    assert (await answer(run))["running"][0]["attempt"] == 5
    step = await answer(run, tool="get_step", step_id="file-permit")
    assert step["time"]["attempt"] == 5


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_queued_step_says_since_when(generation: str) -> None:
    build = RunBuilder("permit-stuck", PERMITS, CREATED)
    build.start("plan-in")
    build.complete("read-plan", {"rooms": 4}, 5.0)
    build.unreached("check-plan", "queued", created_at=CREATED)
    [queued] = (await answer(build.run("running"), generation))["queued"]
    assert (queued["step_id"], queued["since"]) == ("check-plan", "2026-09-02T06:30:05.550Z")


def checked(seconds: float, name: str) -> SampleRun:
    build = RunBuilder(name, PERMITS, CREATED)
    build.start("plan-in")
    build.complete("read-plan", {"rooms": 4}, 2.0)
    build.complete("check-plan", {"ok": True}, seconds)
    build.complete("file-permit", {"id": 7}, 1.0)
    return build.run("completed", build.now - 0.4)


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize(("usual", "is_slow"), [(60.0, False), (5.0, True)])
async def test_slow_is_judged_by_other_runs(usual: float, is_slow: bool, generation: str) -> None:
    runs = tuple(checked(usual + number, f"permit-{number}") for number in range(4))
    run = checked(60.0, "permit-now")
    samples = [Sample("all", "All", (*runs, run))]
    async with asking(create_app(generation, samples)) as asker:
        found = await asker.ask("get_run", run_id=run.id)
    slow = [one for one in found.get("findings", []) if one["kind"] == "slow_step"]
    assert bool(slow) is is_slow
    if is_slow:
        assert "completed runs usually take" in slow[0]["message"]
        assert "(median of 4)" in slow[0]["message"]


async def test_without_other_runs_a_slow_step_is_judged_by_the_run_itself() -> None:
    found = await answer(checked(60.0, "permit-alone"))
    assert [one["kind"] for one in found["findings"]] == ["slow_step"]
    assert "completed runs" not in found["findings"][0]["message"]
