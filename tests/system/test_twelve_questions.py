"""Where a value came from and what to change: questions answered by one call each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.builder.artifacts import TEXT, condition, extraction, routing
from retab_mcp.sandbox.builder.graph import block, workflow
from retab_mcp.sandbox.builder.run import RunBuilder, failure_of, turn
from retab_mcp.sandbox.records import Sample
from tests.answers.test_trace_value import BOOKED, freight
from tests.samples import sample_named
from tests.support.asking import asking
from tests.support.tokens import count_tokens

CREATED_AT = "2026-09-08T09:00:00Z"
MAX_TOKENS = 900


@dataclass(frozen=True)
class Question:
    """A question about a sample, the call that answers it, and the facts of the answer."""

    asked: str
    sample: Callable[[], Sample]
    tool: str
    arguments: dict[str, str]
    facts: tuple[str, ...]


SOURCE = """RATES = {"A1": 21.5, "B2": 28.0}

def rate_of(grade):
    return RATES[grade]

def main(data):
    return {"pay": data["hours"] * rate_of(data["grade"])}
"""


def unknown_grade() -> Sample:
    flow = workflow(
        "shift-pay",
        "Shift pay",
        block("shift", "start_json", "Shift"),
        block("pay", "function", "Pay of a shift", code=SOURCE),
        "shift > pay",
    )
    build = RunBuilder("unknown-grade", flow, CREATED_AT)
    build.start("shift", {"grade": "Z9", "hours": 8})
    trace = (
        "Traceback (most recent call last):\n"
        '  File "/sandbox/block/main.py", line 7, in main\n'
        '    return {"pay": data["hours"] * rate_of(data["grade"])}\n'
        '  File "/sandbox/block/main.py", line 4, in rate_of\n'
        "    return RATES[grade]\n"
        "KeyError: 'Z9'\n"
    )
    step = build.fail("pay", "KeyError: 'Z9'", code="function_error", trace=trace)
    return Sample("unknown-grade", "A grade without a rate", (build.failed(step, 1.0),))


def missing_field() -> Sample:
    schema = {
        "type": "object",
        "required": ["policy"],
        "properties": {
            "policy": {**TEXT, "description": "Number in the top right corner"},
            "holder": TEXT,
        },
    }
    flow = workflow(
        "policies",
        "Policies",
        block("scan", "start_document", "Scan"),
        block(
            "read", "extract", "Read the policy", json_schema=schema, api_key="sk_live_" + "9" * 24
        ),
        "scan > read",
    )
    build = RunBuilder("missing-field", flow, CREATED_AT)
    build.start("scan", filename="policy.pdf")
    record = extraction(build.stored, schema, {"policy": None, "holder": "Adatum"})
    failure = failure_of("Extraction output does not match the schema", code="schema_error")
    ref = build.artifact("extraction", "read", record, failure=failure)
    step = build.fail("read", failure, artifact=ref)
    return Sample("missing-field", "A policy without its number", (build.failed(step, 1.0),))


def no_branch() -> Sample:
    flow = workflow(
        "routing",
        "Routing",
        block("given", "start_json", "Claim"),
        block(
            "route",
            "conditional",
            "Route the claim",
            conditions=[{"path": "$.amount_eur", "operator": "is_greater_than", "value": 500}],
        ),
        block("pay", "api_call", "Pay"),
        "given > route",
        "route.high > pay",
    )
    build = RunBuilder("no-branch", flow, CREATED_AT)
    build.start("given", {"amount": 730})
    evaluations = [condition("c1", "$.amount_eur", "is_greater_than", 500, None, matched=False)]
    ref = build.artifact("conditional_evaluation", "route", routing(evaluations, "none", None))
    message = "No branch matched and there is no default branch"
    step = build.fail("route", message, stage="routing", artifact=ref)
    return Sample("no-branch", "No branch matches", (build.failed(step, 1.0),))


def refused_call() -> Sample:
    flow = workflow(
        "bookings",
        "Bookings",
        block("given", "start_json", "Booking"),
        block(
            "post",
            "api_call",
            "Post the booking",
            url="https://ledger.example.com/v3/{{tenant}}/entries",
            body={"ledgerDate": "{{$.day}}", "sum": "{{$.amount}}", "memo": "{{$.memo}}"},
        ),
        "given > post",
    )
    build = RunBuilder("refused-call", flow, CREATED_AT)
    build.start("given", {"day": "31.09.2026", "amount": 12.5})
    answer = {"errors": {"ledgerDate": "is not a date"}}
    sent = {"ledgerDate": "31.09.2026", "sum": 12.5, "memo": None}
    url = "https://ledger.example.com/v3/north/entries"
    failure = failure_of("API call failed: 422 Unprocessable Entity", code="http_error")
    ref = build.call(url, (422, answer), name="post", sent=sent, failure=failure)
    step = build.fail("post", failure, artifact=ref)
    return Sample("refused-call", "A date that does not exist", (build.failed(step, 1.0),))


def loop_that_stopped() -> Sample:
    flow = workflow(
        "polling",
        "Polling",
        block("given", "start_json", "Job"),
        block(
            "until", "while_loop", "Until it is done", max_iterations=2, condition="$.state == DONE"
        ),
        block("ask", "function", "Ask", parent="until"),
        "given > until",
    )
    build = RunBuilder("loop-stopped", flow, CREATED_AT)
    build.start("given", {"job": "J-1"})
    began = build.now
    for number in range(2):
        build.complete("ask", {"state": "BUSY"}, loops=(turn("until", number),))
    data = {"termination_reason": "max_iterations_reached", "evaluations": []}
    ref = build.artifact("while_loop_termination", "until", data)
    failure = failure_of("Maximum number of iterations (2) reached")
    step = build.container("until", began, status="error", failure=failure, artifact=ref)
    return Sample("loop-stopped", "A loop at its limit", (build.failed(step, 2.0),))


def trace(step_id: str, path: str) -> dict[str, str]:
    return {"step_id": step_id, "path": path}


QUESTIONS = (
    Question(
        "Where did the empty postcode come from?",
        lambda: sample_named("label-rejected"),
        "get_run",
        {},
        ("extract-order postcode = null, not found in the document",),
    ),
    Question(
        "Where did the grade C3 come from?",
        lambda: sample_named("payroll-traceback"),
        "get_run",
        {},
        ("start-timesheets timesheets/2/grade", "run input"),
    ),
    Question(
        "Which order had no price?",
        lambda: sample_named("orders-for-each"),
        "get_run",
        {},
        ("start-batch orders/17/unit_price = null",),
    ),
    Question(
        "Where in the bill is the amount, and was it certain?",
        freight,
        "trace_value",
        trace("book", f"{BOOKED}/amount"),
        ('"page":2', "Total freight USD 1,840.25", '"likelihood":0.67', "1 of 3 votes", "1340.25"),
    ),
    Question(
        "Why was it booked in EUR?",
        freight,
        "trace_value",
        trace("book", f"{BOOKED}/currency"),
        ("defaults", "overwritten", "USD", "read-bill"),
    ),
    Question(
        "Who changed the amount?",
        lambda: freight(freight_total=1240.25),
        "trace_value",
        trace("book", f"{BOOKED}/amount"),
        ('"by":"human"', "Corrected by the carrier's mail", "1840.25"),
    ),
    Question(
        "Which line of the function must change?",
        unknown_grade,
        "get_run",
        {},
        ("'Pay of a shift', line 4", "4:     return RATES[grade]", "shift grade"),
    ),
    Question(
        "Which field of the schema must change?",
        missing_field,
        "get_run",
        {},
        ("'Read the policy', field policy of its schema", "Number in the top right corner"),
    ),
    Question(
        "Which condition must change?",
        no_branch,
        "get_run",
        {},
        ("'Route the claim', conditions", "$.amount_eur"),
    ),
    Question(
        "What does the call send as the date?",
        refused_call,
        "get_run",
        {},
        ("{{$.day}}", "'Post the booking', body.ledgerDate", "v3/{{tenant}}/entries"),
    ),
    Question(
        "Which limit stopped the loop?",
        loop_that_stopped,
        "get_run",
        {},
        ('"max_iterations":2', "$.state == DONE", "'Until it is done'"),
    ),
    Question(
        "Why is the cost centre empty?",
        freight,
        "trace_value",
        trace("book", f"{BOOKED}/costCentre"),
        ("the function reads costCentre, which its inputs lack", "cost_center", "CC-410"),
    ),
)


async def answer_to(question: Question) -> str:
    sample = question.sample()
    async with asking(create_app("g3", [sample])) as asker:
        return await asker.text(question.tool, run_id=sample.runs[0].id, **question.arguments)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.asked)
async def test_one_call_has_the_facts(question: Question) -> None:
    text = await answer_to(question)
    assert [fact for fact in question.facts if fact not in text] == [], text
    assert count_tokens(text) < MAX_TOKENS


async def test_no_secret_of_a_configuration_is_shown() -> None:
    sample = missing_field()
    async with asking(create_app("g3", [sample])) as asker:
        run_id = sample.runs[0].id
        texts = [
            await asker.text("get_run", run_id=run_id),
            await asker.text("get_step", run_id=run_id, step_id="read", path="/config"),
        ]
    assert all("sk_live_9" not in text for text in texts)
    assert "Number in the top right corner" in texts[1]


async def test_the_rest_of_a_configuration_is_read_by_path() -> None:
    sample = refused_call()
    async with asking(create_app("g3", [sample])) as asker:
        run_id = sample.runs[0].id
        answer = await asker.ask("get_step", run_id=run_id, step_id="post", path="/config/body/sum")
        wrong = await asker.refused("get_step", run_id=run_id, step_id="post", path="/config/none")
    assert (answer["value"], answer.get("as_of")) == ("{{$.amount}}", None)
    assert wrong["children"] == ["/config/url", "/config/body"]


@pytest.mark.parametrize("generation", ["g1", "g2c"])
async def test_a_configuration_of_the_live_graph_is_a_draft(generation: str) -> None:
    sample = unknown_grade()
    async with asking(create_app(generation, [sample])) as asker:
        run_id = sample.runs[0].id
        answer = await asker.ask("get_run", run_id=run_id)
        part = await asker.ask("get_step", run_id=run_id, step_id="pay", path="/config/code/0-5")
    assert answer["cause"]["evidence"]["config"]["as_of"] == "draft"
    assert part["as_of"] == "draft"


async def test_a_failure_that_no_configuration_explains_shows_none() -> None:
    flow = workflow(
        "calls",
        "Calls",
        block("given", "start_json", "Given"),
        block("work", "function", "Work", code=SOURCE),
        "given > work",
    )
    build = RunBuilder("no-config", flow, CREATED_AT)
    build.start("given", {"grade": "A1"})
    step = build.fail("work", "Worker was lost", category="transient")
    sample = Sample("no-config", "A worker is lost", (build.failed(step, 1.0),))
    async with asking(create_app("g3", [sample])) as asker:
        answer: dict[str, Any] = await asker.ask("get_run", run_id=sample.runs[0].id)
    assert "config" not in answer["cause"].get("evidence", {})
    assert "Place to change" not in answer["cause"]["suggestion"]
