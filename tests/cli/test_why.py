"""`retab-mcp why`."""

import json

from tests.cli.conftest import Run
from tests.samples import sample_named

FAILED = sample_named("label-rejected").runs[0].id


def test_says_what_went_wrong_what_shows_it_and_what_to_do(run: Run) -> None:
    ran = run("why", FAILED)
    assert (ran.code, ran.err) == (0, "")
    first, *others = ran.out.splitlines()
    assert first.startswith(f"✗ failed  {FAILED}")
    text = "\n".join(others)
    for word in ("At “Order a label” order-label", "422 Unprocessable Entity", "must not be empty"):
        assert word in text
    assert "What to do" in text
    assert "perhaps: the same request is refused again (422), unless" in text
    assert "\x1b" not in ran.out


def test_accepts_a_url_and_a_sentence_in_several_words(run: Run) -> None:
    expected = run("why", FAILED).out
    url = f"https://www.example.com/workflows/runs/{FAILED}?tab=steps"
    for asked in ([url], ["why", "did", f"{FAILED},", "fail?"], [f"look at {url} please"]):
        assert run("why", *asked).out == expected


def test_exit_status_tells_a_failed_run_from_a_good_one(run: Run) -> None:
    good = sample_named("orders-for-each").runs[0].id
    assert run("why", FAILED, "--exit-status", "--json").code == 1
    status = json.loads(run("why", good, "--json").out)["status"]
    assert run("why", good, "--exit-status").code == (1 if status == "error" else 0)


def test_json_is_the_answer_of_the_tool(run: Run) -> None:
    shown = run("why", FAILED, "--json").out
    assert shown == run("call", "get_run", f"run_id={FAILED}").out
    assert json.loads(shown)["cause"]["kind"] == "called_api_refused"


def test_a_run_that_retab_does_not_know_exits_with_3(run: Run) -> None:
    ran = run("why", "run_unknown")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("retab-mcp why: There is no run run_unknown")


def test_wrong_use_exits_with_2(run: Run) -> None:
    assert run("why").code == 2
    assert run("why", "wrk_a").code == 2
    assert run("why", FAILED, "--wait", "-1").code == 2


def test_a_running_run_is_waited_for_with_the_next_command(run: Run) -> None:
    running = sample_named("lading-running").runs[0].id
    # The sandbox command moves the samples to today; one of months ago counts as stuck.
    ran = run("sandbox", "why", running)
    assert ran.out.startswith(f"▶ running  {running}")
    assert f"retab-mcp why {running} --wait 40" in ran.out


def test_a_waiting_run_has_a_message_and_no_error(run: Run) -> None:
    ran = run("why", sample_named("claim-waiting").runs[0].id)
    assert ran.out.startswith("◷ waiting for review")
    assert "Message " in ran.out
    assert "Error " not in ran.out
