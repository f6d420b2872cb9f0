"""The way of a value back to its origin."""

from typing import Any

import pytest

from retab_mcp.analysis.lineage.tracing.feeding import Feeding
from retab_mcp.analysis.lineage.tracing.trace import NeedPayload, OutOfRequestsError, Spot
from retab_mcp.analysis.lineage.tracing.tracer import Tracer
from retab_mcp.models import Block, Edge, Graph
from retab_mcp.models.document_source import DocumentSource
from tests.analysis.lineage.tracing.tracing import Make, TracedRun, competing, data, hops, said

BILL = {"carrier": "Hansa Lines", "total": 1840.25}


def test_a_run_input_is_followed_through_steps_that_pass_it_on(make_step: Make) -> None:
    run = TracedRun(("begin > check", "check > book"))
    run.add(make_step("begin", 0, type="start_json"), made={"order": "PO-4711"})
    run.add(make_step("check", 1, type="conditional"), {"order": "PO-4711"}, {"order": "PO-4711"})
    book = run.add(make_step("book", 2), {"order": "PO-4711"})
    trace = run.trace(book, "order")
    assert hops(trace) == [
        ("check", "passed_on", "edge"),
        ("begin", "run_input", "record"),
    ]
    assert said(trace) == 'step_begin order = "PO-4711", run input'
    assert trace.origin.spot is not None
    assert trace.origin.spot.path == "/handle_outputs/out/data/order"


def test_a_value_of_a_document_has_its_place_likelihood_and_votes(make_step: Make) -> None:
    run = TracedRun(
        ("read > book",),
        sources={("total",): DocumentSource(page=2, text="USD 1,840.25", place={"row": 7})},
    )
    votes = [BILL, {"total": 1340.25}, {"total": 17.5}, {"total": 1340.25}, {"total": {}}]
    consensus = {"likelihoods": {"total": 0.4}, "choices": votes}
    run.add(
        make_step("read", 0, type="extract"), None, BILL, {"output": BILL, "consensus": consensus}
    )
    book = run.add(make_step("book", 1), BILL)
    trace = run.trace(book, "total")
    assert hops(trace) == [("read", "extracted", "record")]
    assert trace.origin.facts == {"likelihood": 0.4, "page": 2, "text": "USD 1,840.25", "row": 7}
    assert said(trace) == ("step_read total = 1840.25 (page 2, row 7: 'USD 1,840.25')")
    assert competing(trace) == [
        ("read", "/consensus/choices", 1340.25, "2 of 5 votes"),
        ("read", "/consensus/choices", 17.5, "1 of 5 votes"),
    ]
    assert all(one.in_artifact for one in trace.competing)


def test_a_value_that_its_document_lacks_is_said(make_step: Make) -> None:
    run = TracedRun(sources={("total",): DocumentSource(found=False)})
    read = run.add(make_step("read", 0, type="extract"), None, BILL, {"output": BILL})
    trace = run.trace(read, "total", made=True)
    assert trace.origin.facts == {"why": "the document does not contain this value"}
    assert said(trace) == "step_read total = 1840.25, not found in the document"


@pytest.mark.parametrize(
    ("kind", "how", "origin"),
    [
        ("extract", "extracted", "document"),
        ("parse", "extracted", "document"),
        ("classifier", "classified", "classification"),
    ],
)
def test_a_step_without_a_record_still_made_its_values(
    make_step: Make, kind: str, how: str, origin: str
) -> None:
    run = TracedRun()
    read = run.add(make_step("read", 0, type=kind), None, {"category": "Invoice"})
    trace = run.trace(read, "category", made=True)
    assert (hops(trace), trace.origin.kind) == ([("read", how, "record")], origin)
    assert (trace.origin.facts, trace.competing) == ({}, ())


def test_a_classification_has_the_likelihood_of_its_record(make_step: Make) -> None:
    run = TracedRun()
    record = {
        "operation": "classification",
        "output": {"category": "Invoice"},
        "consensus": {"likelihoods": 0.6, "choices": [{"category": "Order"}, {"other": 1}]},
    }
    sort = run.add(make_step("sort", type="classifier"), None, {"category": "Invoice"}, record)
    trace = run.trace(sort, "category", made=True)
    assert trace.origin.facts == {"likelihood": 0.6}
    assert competing(trace) == [("sort", "/consensus/choices", "Order", "1 of 2 votes")]
    assert said(trace) == 'step_sort category = "Invoice", classified'


def test_a_value_that_a_review_set_names_the_review(make_step: Make) -> None:
    run = TracedRun(edits={"step_read": {"review_id": "rev_1", "by": "human"}})
    changed = {**BILL, "total": 99.5}
    read = run.add(make_step("read", type="extract"), None, changed, {"output": BILL})
    trace = run.trace(read, "total", made=True)
    assert hops(trace) == [("read", "edited_in_review", "record")]
    assert trace.origin.kind == "review"
    assert competing(trace) == [("read", "/output/total", 1840.25, "before the review")]
    assert said(trace) == "step_read total = 99.5, set in a review by human; before 1840.25"


def test_a_field_that_a_review_added_had_no_value_before(make_step: Make) -> None:
    run = TracedRun(edits={"step_read": {}})
    read = run.add(make_step("read", type="extract"), None, {**BILL, "vat": 19}, {"output": BILL})
    trace = run.trace(read, "vat", made=True)
    assert trace.competing == ()
    assert said(trace) == "step_read vat = 19, set in a review by someone"


def test_a_value_that_differs_from_its_record_without_a_review_is_unknown(make_step: Make) -> None:
    run = TracedRun()
    changed = {**BILL, "total": 99.5}
    read = run.add(make_step("read", type="extract"), None, changed, {"output": BILL})
    trace = run.trace(read, "total", made=True)
    assert hops(trace) == [("read", "unknown", None)]
    assert trace.origin.facts == {"why": "differs from the step's own record; no review is known"}
    assert competing(trace) == [("read", "/output/total", 1840.25, "in the step's own record")]
    assert said(trace) is None


def test_a_value_of_a_called_api_names_the_answering_attempt(make_step: Make) -> None:
    answers = [
        {"attempt_number": 0, "response_status": 503, "response_body": "later"},
        {
            "attempt_number": 1,
            "response_status": 200,
            "response_body": {"rate": {"eur": 1.0842}},
            "request_method": "GET",
            "request_url": "rates.example.com/usd",
        },
        {"attempt_number": 2, "response_status": 500},
    ]
    record = {"operation": "api_call_invocation", "attempts": answers}
    run = TracedRun(("rates > shape",))
    run.add(make_step("rates", 0, type="api_call"), None, {"eur": 1.0842}, record)
    shape = run.add(make_step("shape", 1), {"eur": 1.0842})
    trace = run.trace(shape, "eur")
    assert hops(trace) == [("rates", "answered_by_api", "record")]
    assert trace.origin.facts == {
        "attempt": 1,
        "response_status": 200,
        "method": "GET",
        "url": "rates.example.com/usd",
    }
    assert said(trace) == "step_rates eur = 1.0842, answered by rates.example.com/usd"


def test_a_value_that_a_call_only_sent_came_from_its_inputs(make_step: Make) -> None:
    attempt = {"request_body": {"order": "PO-4711"}, "response_body": {"id": 7}}
    record = {"operation": "api_call_invocation", "attempts": [attempt]}
    run = TracedRun(("begin > post",))
    run.add(make_step("begin", 0, type="start"), made={"order": "PO-4711"})
    post = run.add(
        make_step("post", 1, type="api_call"), {"order": "PO-4711"}, {"order": "PO-4711"}, record
    )
    trace = run.trace(post, "order", made=True)
    assert hops(trace)[-1] == ("begin", "run_input", "record")
    unknown = TracedRun()
    call = unknown.add(make_step("call", type="api_call"), None, {"id": 7})
    assert said(unknown.trace(call, "id", made=True)) == (
        "step_call id = 7, answered by the called API"
    )


CODE = """def main(data):
    return {
        'costCentre': data.get('cost_centre'),
        'amount': data['total'],
        'vat': round(data['total'] * 0.19, 2),
    }
"""


def shaped(make_step: Make, given: Any, made: Any, code: str = CODE) -> tuple[TracedRun, Any]:
    run = TracedRun(
        ("begin > shape", "shape > book"),
        (Block(id="shape", type="function", config={"code": code}),),
    )
    run.add(make_step("begin", 0, type="start_json"), made=given)
    run.add(make_step("shape", 1), given, made)
    return run, run.add(make_step("book", 2), made)


def test_a_function_renames_and_computes_what_its_code_reads(make_step: Make) -> None:
    made = {"costCentre": None, "amount": 1840.25, "vat": 349.65}
    run, book = shaped(make_step, BILL, made)
    renamed = run.trace(book, "amount")
    assert hops(renamed) == [
        ("shape", "renamed", "record"),
        ("begin", "run_input", "record"),
    ]
    assert said(renamed) == "step_begin total = 1840.25, run input"
    computed = run.trace(book, "vat")
    assert hops(computed) == [("shape", "computed", "record")]
    assert said(computed) == "step_shape vat = 349.65, made there from total = 1840.25"
    lacking = run.trace(book, "costCentre")
    assert said(lacking) == (
        "step_shape costCentre = null, made there: the function reads cost_centre, which its "
        "inputs lack"
    )


def test_a_merge_names_the_value_that_it_overwrote(make_step: Make) -> None:
    run = TracedRun(("read:out > join:a", "defaults:out > join:b", "join > book"))
    run.add(make_step("read", 0, type="start"), made={"currency": "USD", "to": "Hansa"})
    run.add(make_step("defaults", 1, type="start"), made={"currency": "EUR"})
    given = {"a": data({"currency": "USD", "to": "Hansa"}), "b": data({"currency": "EUR"})}
    made = {"currency": "EUR", "to": "Hansa"}
    run.add(make_step("join", 2, type="merge_dicts"), given, made)
    book = run.add(make_step("book", 3), made)
    trace = run.trace(book, "currency")
    assert hops(trace) == [
        ("join", "overwritten", "edge"),
        ("defaults", "run_input", "record"),
    ]
    assert competing(trace) == [("read", "/handle_outputs/out/data/currency", "USD", "overwritten")]
    assert hops(run.trace(book, "to"))[0] == ("join", "merged", "edge")


def test_two_inputs_with_the_same_value_are_named_both(make_step: Make) -> None:
    run = TracedRun(("one:out > join:a", "two:out > join:b"))
    run.add(make_step("one", 0, type="start"), made={"order": "PO-4711"})
    run.add(make_step("two", 0, type="start"), made={"order": "PO-4711"})
    given = {"a": data({"order": "PO-4711"}), "b": data({"order": "PO-4711"})}
    join = run.add(make_step("join", 2, type="merge_dicts"), given, {"order": "PO-4711"})
    trace = run.trace(join, "order", made=True)
    assert hops(trace) == [("join", "unknown", "edge")]
    assert trace.origin.facts == {"why": "2 places are equally likely"}
    assert said(trace) == "step_one order or step_two order (equally likely)"
    same = TracedRun(("one:out > join:a", "one:out > join:b"), (), run.steps, run.payloads)
    assert said(same.trace(join, "order", made=True)) == 'step_one order = "PO-4711", run input'


def test_an_input_that_no_fed_step_has_is_unknown(make_step: Make) -> None:
    run = TracedRun(("begin > book",))
    run.add(make_step("begin", 0, type="start"), made={"other": "x"})
    book = run.add(make_step("book", 1), {"order": "PO-4711"})
    trace = run.trace(book, "order")
    assert trace.origin.facts == {"why": "no step on its edges has this value in its outputs"}
    assert (trace.hops, said(trace)) == ((), None)


def test_without_a_graph_the_latest_step_with_the_value_is_taken(make_step: Make) -> None:
    run = TracedRun()
    run.add(make_step("first", 0, type="start"), made={"order": "PO-4711", "n": 1})
    run.add(make_step("second", 2, type="start"), made={"order": "PO-4711", "n": 1})
    run.add(make_step("late", 9, type="start"), made={"order": "PO-4711"})
    book = run.add(make_step("book", 4), {"order": "PO-4711", "n": 1, "new": "Q-1"})
    assert said(run.trace(book, "order")) == 'step_second order = "PO-4711", run input'
    unknown = run.trace(book, "new")
    assert unknown.origin.facts == {"why": "no earlier step has this value in its outputs"}


def test_a_common_value_alone_in_an_output_is_not_taken_for_its_source(make_step: Make) -> None:
    run = TracedRun()
    run.add(make_step("first", 0, type="start"), made={"n": 1})
    book = run.add(make_step("book", 4), {"n": 1})
    assert said(run.trace(book, "n")) is None


def test_a_document_is_followed_through_a_split(make_step: Make) -> None:
    file = {"id": "file_1", "filename": "bill.pdf"}
    run = TracedRun(("begin > cut",))
    run.add(
        make_step("begin", 0, type="start_document"),
        None,
        {"out": {"type": "file", "document": file}},
    )
    cut = run.add(
        make_step("cut", 1, type="split"),
        {"in": {"type": "file", "document": file}},
        {"out": {"type": "file", "document": {**file, "id": "file_2"}}},
    )
    spot = Spot(cut, "handle_outputs", ("out", "document", "filename"), "bill.pdf")
    trace = run.follow(spot)
    assert hops(trace) == [("cut", "split", "record"), ("begin", "run_input", "record")]


def test_inputs_that_cannot_be_read_end_the_trace(make_step: Make) -> None:
    run = TracedRun()
    shape = run.add(make_step("shape"), {"a": "PO-4711"}, {"b": "PO-4711"})
    spot_run = TracedRun(steps=[shape])
    trace = spot_run.follow(Spot(shape, "handle_outputs", ("out", "data", "b"), "PO-4711"))
    assert trace.origin.facts == {"why": "the inputs of this step could not be read"}


def test_a_common_value_counts_as_answered_under_its_own_key(make_step: Make) -> None:
    attempts = [
        {"attempt_number": 0, "response_status": 200, "response_body": {"result": {"id": 7}}},
        {"attempt_number": 1, "response_status": 200, "response_body": {"n": 7}},
    ]
    record = {"operation": "api_call_invocation", "attempts": attempts}
    run = TracedRun()
    post = run.add(make_step("post", type="api_call"), None, {"id": 7}, record)
    assert run.trace(post, "id", made=True).origin.facts["attempt"] == 0


def test_a_trace_that_may_read_no_more_says_where_it_stopped(make_step: Make) -> None:
    first, last = make_step("first", 0), make_step("last", 1)
    graph = Graph(edges=(Edge(source="first", target="last"),))
    spot = Spot(last, "handle_inputs", ("in", "data", "a"), "PO-4711")
    tracing = Tracer(Feeding([first, last], graph)).trace(spot)
    assert next(tracing) == NeedPayload(first)
    with pytest.raises(StopIteration) as stop:
        tracing.throw(OutOfRequestsError())
    assert (stop.value.value.stopped_at, stop.value.value.hops) == (spot, ())
