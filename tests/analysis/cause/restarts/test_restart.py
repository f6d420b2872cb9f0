"""Whether a restart is safe, may help, is useless or does something twice."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from retab_mcp.analysis.cause.restarts.restart import (
    Restart,
    restart_after_other_output,
    restart_of_run,
    restart_of_stuck_run,
)
from retab_mcp.analysis.cause.root_cause import find_cause, with_record
from retab_mcp.models import Artifact, Block, ErrorDetails, Failure, Graph, Json, Run, StepSummary

Make = Callable[..., StepSummary]


def _call(*attempts: tuple[str, int | None], error: str = "timed out") -> Artifact:
    """Return an API call: method and status of each attempt, None for one without response."""
    tries = [
        {
            "attempt_number": number,
            "request_method": method,
            "response_status": status,
            "duration_ms": 900,
            "error": {"message": error} if status is None else None,
        }
        for number, (method, status) in enumerate(attempts)
    ]
    return Artifact(id="a", operation="api_call_invocation", data={"attempts": tries})


def _restart(
    steps: list[StepSummary], calls: dict[str, Artifact], status: str = "error", **fields: Any
) -> Restart | None:
    """Return the restart of a run of `steps`, whose `calls` are known by block."""
    records = {step.step_id: calls[step.block_id] for step in steps if step.block_id in calls}
    run = Run(id="run_1", generation="g3", status=status, failure=Failure(message="Run failed"))
    cause = find_cause(run, steps)
    assert cause is not None
    own = records.get(cause.step.step_id) if cause.step else None
    return restart_of_run(run, steps, with_record(cause, own), records, **fields)


def test_call_that_succeeded_is_made_again(make_step: Make) -> None:
    steps = [make_step("book", type="api_call"), make_step("print", error="Render: no page")]
    found = _restart(steps, {"book": _call(("POST", 503), ("POST", 201))})
    assert found == Restart("may_repeat", "book got 201 for its POST, which a restart sends again")


def test_call_that_timed_out_may_have_taken_effect(make_step: Make) -> None:
    steps = [make_step("book", type="api_call", error="timed out")]
    found = _restart(steps, {"book": _call(("POST", None))})
    assert found is not None
    assert found.verdict == "may_repeat"
    assert "book's POST (no response after 900 ms: timed out) may have taken effect" in found.why


def test_conflict_after_a_gateway_timeout(make_step: Make) -> None:
    steps = [make_step("book", type="api_call", error="API call failed")]
    found = _restart(steps, {"book": _call(("POST", 504), ("POST", 409))})
    assert found is not None
    assert found.why.endswith("may have taken effect: the next attempt got 409")


@pytest.mark.parametrize("status", [400, 422, 413, 415])
def test_refused_request_is_refused_again(status: int, make_step: Make) -> None:
    steps = [make_step("book", type="api_call", error="API call failed")]
    found = _restart(steps, {"book": _call(("POST", status))})
    why = f"the same request is refused again ({status})"
    assert found == Restart("useless", why, by_inputs=status != 415)


def test_both_are_said(make_step: Make) -> None:
    steps = [
        make_step("book", type="api_call"),
        make_step("pay", type="api_call", error="API call failed"),
    ]
    found = _restart(steps, {"book": _call(("POST", 200)), "pay": _call(("POST", 401))})
    assert found is not None
    assert found.verdict == "may_repeat"
    assert "until the credentials are replaced" in found.why


@pytest.mark.parametrize(
    ("method", "status"),
    [("GET", 200), ("PUT", 204), ("POST", 503), ("POST", 429), ("DELETE", 504)],
)
def test_temporary_failure_after_harmless_calls_is_safe(
    method: str, status: int, make_step: Make
) -> None:
    steps = [
        make_step("look", type="api_call"),
        make_step("ask", type="api_call", error="503 Service Unavailable"),
    ]
    found = _restart(steps, {"look": _call((method, status)), "ask": _call(("GET", 503))})
    assert found is not None
    assert found.verdict == "safe"


@pytest.mark.parametrize("error", ["getaddrinfo ENOTFOUND", "connection refused", "call blocked"])
def test_request_that_was_never_sent_changed_nothing(error: str, make_step: Make) -> None:
    steps = [make_step("book", type="api_call", error="Service unavailable")]
    found = _restart(steps, {"book": _call(("POST", None), error=error)})
    assert found is None or found.verdict == "safe"


def test_call_without_record_may_be_repeated(make_step: Make) -> None:
    steps = [
        make_step("look", type="api_call"),
        make_step("ask", type="api_call", error="503 Service Unavailable"),
    ]
    found = _restart(steps, {"ask": _call(("GET", 503))})
    assert found is not None
    assert found.verdict == "may_repeat"
    assert found.why.startswith("no record shows what look changed, so check that first")
    unread = _restart(steps[1:], {"ask": _call(("GET", 503))}, complete=False)
    assert unread is not None
    assert unread.verdict == "may_repeat"


def test_method_comes_from_the_block_where_there_is_no_record(make_step: Make) -> None:
    steps = [
        make_step("look", type="api_call"),
        make_step("ask", type="api_call", error="503 Service Unavailable"),
    ]
    records = {"ask": _call(("GET", 503))}

    def graph(method: str) -> Graph:
        return Graph(blocks=(Block(id="look", config={"method": method}),))

    safe = _restart(steps, records, graph=graph("get"))
    repeats = _restart(steps, records, graph=graph("POST"))
    assert safe is not None
    assert safe.verdict == "safe"
    assert repeats is not None
    assert repeats.verdict == "may_repeat"


def test_code_fails_again_on_the_same_input(make_step: Make) -> None:
    failed = make_step("sum", type="function", error="KeyError: 'weight'")
    found = _restart([make_step("start", type="start_json"), failed], {})
    assert found is not None
    assert found.verdict == "useless"
    found = _restart([make_step("read", type="extract"), failed], {})
    assert found is not None
    assert found.verdict == "may_help"
    assert found.why.startswith("read may give another result next time")
    skipped = make_step("read", type="extract", status="skipped")
    found = _restart([skipped, failed], {})
    assert found is not None
    assert found.verdict == "useless"


@pytest.mark.parametrize("message", ["Something odd", "No iteration left"])
def test_restart_may_help_where_it_is_unclear(message: str, make_step: Make) -> None:
    found = _restart([make_step("read", type="extract", error=message)], {})
    assert found is not None
    assert found.verdict == "may_help"


@pytest.mark.parametrize("message", ["could not connect to db:5432", "timed out", "HTTP 429"])
def test_passing_failure_marked_permanent_is_not_safe(message: str, make_step: Make) -> None:
    failure = Failure(message=message, category="permanent")
    step = make_step("ask", type="api_call", status="error", failure=failure)
    found = _restart([step], {"ask": _call(("GET", None), error="refused")})
    assert found is not None
    assert found.verdict == "may_help"
    assert "but the error is marked permanent" in found.why


@pytest.mark.parametrize(
    "context",
    [
        {"credits_left": 0, "renews_at": "2026-09-01T00:00:00Z"},
        {"quota": {"name": "pages", "resetAt": 1788220800}},
        {"limits": [{"next_renewal": "2026-09-01"}]},
    ],
)
def test_credits_that_were_renewed_meanwhile(context: Json, make_step: Make) -> None:
    details = ErrorDetails(error_code="insufficient_credits", context=context)
    failure = Failure(message="No credits left", category="quota", details=details)
    steps = [make_step("read", type="extract", status="error", failure=failure)]
    early, late = datetime(2026, 8, 31, tzinfo=UTC), datetime(2026, 9, 2, tzinfo=UTC)
    before, after = _restart(steps, {}, now=early), _restart(steps, {}, now=late)
    assert before is not None
    assert before.verdict == "useless"
    assert "until 2026-09-01T00:00:00Z" in before.why
    assert after is not None
    assert after.verdict == "safe"
    assert after.why.startswith("the limit was renewed at 2026-09-01T00:00:00Z")


@pytest.mark.parametrize(
    "context", [{"expires_at": "2026-09-01"}, {"retry_after": 60}, {"reset": True}]
)
def test_other_times_renew_no_credits(context: Json, make_step: Make) -> None:
    details = ErrorDetails(error_code="insufficient_credits", context=context)
    failure = Failure(message="No credits left", category="quota", details=details)
    steps = [make_step("read", type="extract", status="error", failure=failure)]
    found = _restart(steps, {}, now=datetime(2026, 9, 2, tzinfo=UTC))
    assert found == Restart("useless", "it fails again until there are credits")


def test_conflict_is_refused_until_the_service_changes(make_step: Make) -> None:
    failure = Failure(message="409 Conflict", category="permanent")
    step = make_step("book", type="api_call", status="error", failure=failure)
    found = _restart([step], {"book": _call(("POST", 409))})
    assert found is not None
    assert found.verdict == "useless"
    assert "(409) until the called service's data changes" in found.why


def test_document_fails_again_unless_the_failure_was_transient(make_step: Make) -> None:
    message = "The PDF is password protected"
    found = _restart([make_step("read", type="parse", error=message)], {})
    assert found == Restart("useless", "the same document fails again")
    failure = Failure(message=message, category="transient")
    step = make_step("read", type="parse", status="error", failure=failure)
    found = _restart([step], {})
    assert found is not None
    assert found.verdict == "may_help"


def test_cancelled_run_only_warns_of_calls(make_step: Make) -> None:
    cancelled = make_step("print", status="cancelled")
    alone = _restart([cancelled], {}, status="cancelled")
    assert alone is not None
    assert alone.verdict == "safe"
    steps = [make_step("book", type="api_call"), cancelled]
    found = _restart(steps, {"book": _call(("PATCH", 200))}, status="cancelled")
    assert found is not None
    assert found.verdict == "may_repeat"


@pytest.mark.parametrize(
    "reason",
    [
        "Cancelled from the dashboard: wrong document uploaded",
        "incorrect customer file",
        "Falsche Rechnung hochgeladen",
        "mauvais fichier",
        "The attachment was the wrong one",
    ],
)
def test_run_cancelled_for_its_input_is_started_anew(reason: str, make_step: Make) -> None:
    found = _restart([make_step("read", status="cancelled", reason=reason)], {}, "cancelled")
    assert found is not None
    assert found.verdict == "useless"
    assert "its input was wrong" in found.why
    assert found.suggestion is not None
    assert found.suggestion.startswith("Start a new run")


@pytest.mark.parametrize("reason", ["duplicate upload", "superseded by run 8", "already processed"])
def test_run_cancelled_as_not_needed_is_not_run_again(reason: str, make_step: Make) -> None:
    found = _restart([make_step("read", status="cancelled", reason=reason)], {}, "cancelled")
    assert found is not None
    assert found.verdict == "useless"
    assert "is not needed" in found.why


@pytest.mark.parametrize(
    "reason",
    [
        "Cancelled the wrong run",
        "cancelled by mistake",
        "deploy in progress, wrong time",
        "not a duplicate",
        "The document takes too long",
    ],
)
def test_run_cancelled_for_another_reason_can_be_restarted(reason: str, make_step: Make) -> None:
    found = _restart([make_step("read", status="cancelled", reason=reason)], {}, "cancelled")
    assert found is not None
    assert found.verdict == "safe"


@pytest.mark.parametrize("status", [400, 422])
def test_model_before_a_refused_request_may_give_another_one(status: int, make_step: Make) -> None:
    read = make_step("read", type="extract")
    failed = make_step("book", type="api_call", error="API call failed")
    found = _restart([read, failed], {"book": _call(("POST", status))})
    why = f"the same request is refused again ({status}), unless read gives another result"
    assert found is not None
    assert found.verdict == "may_help"
    assert found.why.startswith(why)
    # What the called address or method is, no model decides.
    other = _restart([read, failed], {"book": _call(("POST", 405))})
    assert other is not None
    assert other.verdict == "useless"


def test_value_unlike_the_good_run_is_explained_first(make_step: Make) -> None:
    step = make_step("convert", type="function")
    useless = Restart("useless", "the same request is refused again (422)")
    code = restart_after_other_output(useless, step, is_by_code=True)
    assert code.verdict == "may_help"
    assert "explain first" in code.why
    assert code.suggestion is not None
    model = restart_after_other_output(useless, step, is_by_code=False)
    assert model.verdict == "may_help"
    assert model.suggestion is None
    repeats = restart_after_other_output(Restart("may_repeat", "x"), step, is_by_code=True)
    assert repeats.verdict == "may_repeat"


def test_several_calls_are_counted(make_step: Make) -> None:
    steps = [make_step(name, type="api_call") for name in ("book", "pay", "tell")]
    calls = {name: _call(("POST", 200)) for name in ("book", "pay", "tell")}
    found = _restart([*steps, make_step("print", error="Render: no page")], calls)
    assert found is not None
    assert found.why.endswith("which a restart sends again (and the calls of pay and tell)")


def test_calls_of_one_block_are_counted(make_step: Make) -> None:
    steps = [make_step("book", n, type="api_call", loops=(("each", n),)) for n in range(3)]
    failed = make_step("print", 9, error="Render: no page")
    found = _restart([*steps, failed], {"book": _call(("POST", 201))})
    assert found is not None
    assert found.why == "book has sent 3 POST requests (got 201), which a restart sends again"


def test_stuck_run_is_cancelled_before_another_is_started(make_step: Make) -> None:
    waiting = make_step("read", type="extract", status="queued")
    found = restart_of_stuck_run([waiting], {})
    assert found.verdict == "may_help"
    assert "cancel this run first" in found.why
    called = make_step("book", type="api_call")
    sent = restart_of_stuck_run([called, waiting], {called.step_id: _call(("POST", 201))})
    assert sent.verdict == "may_repeat"
    assert sent.why.startswith("book got 201 for its POST, which a restart sends again")
    running = make_step("pay", type="api_call", status="running")
    assert restart_of_stuck_run([running], {}).why.startswith("no record shows what pay changed")
    assert restart_of_stuck_run([waiting], {}, complete=False).verdict == "may_repeat"


def test_a_run_that_changed_nothing_may_be_restarted(make_step: Make) -> None:
    call = {"book": _call(("GET", 200))}
    steps = [make_step("book", type="api_call"), make_step("mail", error="x failed")]
    found = _restart(steps, call)
    assert found is not None
    assert (found.verdict, found.why) == (
        "may_help",
        "no record shows why it failed, and no call of this run changed anything",
    )
    unread = _restart(steps, call, complete=False)
    assert unread is not None
    assert unread.verdict == "may_repeat"
    assert unread.why.startswith("not all steps were read, so a call may have changed something; ")


def test_a_stuck_run_is_cancelled_first(make_step: Make) -> None:
    steps = [make_step("book", type="api_call")]
    read = {"step_book": _call(("GET", 200))}
    after = "cancel this run first, since it may still go on"
    assert restart_of_stuck_run(steps, read) == Restart(
        "may_help", f"no call of this run changed anything; {after}"
    )
    assert restart_of_stuck_run(steps, read, complete=False) == Restart(
        "may_repeat", f"not all steps were read; {after}"
    )
    assert restart_of_stuck_run(steps, {}) == Restart(
        "may_repeat", f"no record shows what book changed; {after}"
    )
    sent = {"step_book": _call(("POST", 201))}
    assert restart_of_stuck_run(steps, sent) == Restart(
        "may_repeat", f"book got 201 for its POST, which a restart sends again; {after}"
    )


def test_a_step_that_gave_another_value_is_explained_first_where_code_gave_it(
    make_step: Make,
) -> None:
    step = make_step("shape")
    may_help = Restart("may_help", "why", "Look.")
    assert restart_after_other_output(may_help, step, is_by_code=True) == Restart(
        "may_help",
        "shape gave another value for the same input, which code should not: explain first",
        "Find out why shape gave another value than in the good run, then restart.",
    )
    again = "shape may give again what it gave in the good run, from the same input"
    assert restart_after_other_output(may_help, step, is_by_code=False) == Restart(
        "may_help", again, "Look."
    )
    repeats = Restart("may_repeat", "book sends", "Look.")
    assert restart_after_other_output(repeats, step, is_by_code=False) == Restart(
        "may_repeat", f"book sends; {again}", "Look."
    )


@pytest.mark.parametrize("status", [409, 412, 423])
def test_a_conflict_names_the_record_to_check(make_step: Make, status: int) -> None:
    steps = [make_step("book", type="api_call", error="API call failed")]
    call = _call(("POST", status))
    body = {"code": "LOCKED", "order": 7, "empty": "", "flag": True, "by": "x", "at": "y"}
    call.data["attempts"][-1]["response_body"] = body
    failure = Failure(message="API call failed", category="permanent")
    steps[0] = steps[0].model_copy(update={"failure": failure})
    found = _restart(steps, {"book": call})
    assert found is not None
    assert found.suggestion == (
        "Check this record in the called service, which answered: code LOCKED, order 7, by x."
    )
