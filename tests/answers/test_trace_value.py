"""trace_value: the way of a value back to its origin, as the assistant reads it."""

from typing import Any

import pytest
from inline_snapshot import snapshot

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.builder.artifacts import NUMBER, OPTIONAL_TEXT, TEXT, object_schema
from retab_mcp.sandbox.builder.graph import block, workflow
from retab_mcp.sandbox.builder.ids import review_identifier
from retab_mcp.sandbox.builder.run import RunBuilder, turn
from retab_mcp.sandbox.generations import GENERATIONS
from retab_mcp.sandbox.records import Sample, SampleReview, SampleReviewVersion
from tests.support.asking import asking

FREIGHT = workflow(
    "freight-bill",
    "Freight bills",
    block("receive", "start_document", "Freight bill"),
    block("read-bill", "extract", "Read the bill"),
    block("defaults", "start_json", "Defaults"),
    block("combine", "merge_dicts", "Combine"),
    block(
        "shape",
        "function",
        "Shape for booking",
        code="def main(data):\n    return {\n"
        "        'costCentre': data.get('costCentre'),\n"
        "        'amount': data['freight_total'],\n"
        "        'currency': data['currency'],\n"
        "        'vat': round(data['freight_total'] * 0.19, 2),\n    }\n",
    ),
    block("book", "api_call", "Book"),
    "receive > read-bill > combine > shape > book",
    "defaults > combine",
)
BILL = {
    "carrier": "Hansa Lines",
    "freight_total": 1840.25,
    "currency": "USD",
    "cost_center": "CC-410",
}
SCHEMA = object_schema(
    ("carrier",), carrier=TEXT, freight_total=NUMBER, currency=TEXT, cost_center=OPTIONAL_TEXT
)
SOURCES = {
    "/freight_total": {
        "content": "Total freight USD 1,840.25",
        "anchor": {"kind": "pdf_bbox", "page": 2, "left": 0.1, "top": 0.4},
    },
    "/cost_center": None,
}
VOTES = [BILL, {**BILL, "freight_total": 1340.25}, BILL]
LIKELIHOODS = {"carrier": 1.0, "freight_total": 0.67, "currency": 1.0, "cost_center": 1.0}


def freight(**corrected: Any) -> Sample:
    """Return a run that fails to book a bill; `corrected` values were changed in a review."""
    build = RunBuilder("freight", FREIGHT, "2026-09-03T08:00:00Z")
    build.start("receive", filename="bill-77.pdf")
    given: dict[str, Any] = {"likelihoods": LIKELIHOODS, "choices": VOTES, "sources": SOURCES}
    read = build.extract("read-bill", BILL, 3.0, SCHEMA, **given)
    sent = {**BILL, **corrected}
    if corrected:
        outputs = {"output-json-0": {"type": "json", "data": sent}}
        build.steps[-1] = type(read)(**{**vars(read), "handle_outputs": outputs})
    defaults = {"currency": "EUR", "tenant": "north"}
    build.start("defaults", defaults)
    merged = {**sent, **defaults}
    build.complete("combine", merged, inputs=_inputs(sent, defaults))
    shaped = {
        "costCentre": None,
        "amount": sent["freight_total"],
        "currency": "EUR",
        "vat": round(sent["freight_total"] * 0.19, 2),
    }
    build.complete("shape", shaped, inputs=_inputs(merged))
    step = build.fail("book", "API call failed: 422", inputs=_inputs(shaped))
    reviews = (_review(read.step_id, sent),) if corrected else ()
    run = build.failed(step, 6.0, reviews=reviews, json_data={"defaults": defaults})
    return Sample("freight", "A freight bill is refused", (run,))


def _inputs(*data: Any) -> dict[str, Any]:
    return {f"input-json-{at}": {"type": "json", "data": each} for at, each in enumerate(data)}


def _review(step_id: str, sent: Any) -> SampleReview:
    ids = [review_identifier("rvr", f"freight/{number}") for number in range(2)]
    time = "2026-09-03T08:20:00Z"
    person = {"kind": "human", "id": "user_1"}
    first = SampleReviewVersion(
        id=ids[0], created_at=time, author={"kind": "model", "id": "m"}, snapshot=BILL
    )
    second = SampleReviewVersion(
        id=ids[1],
        created_at=time,
        author=person,
        snapshot=sent,
        parent_id=ids[0],
        note="Corrected by the carrier's mail",
    )
    decision = {"verdict": "approved", "version_id": ids[1], "author": person, "created_at": time}
    return SampleReview(
        id=review_identifier("rev", "freight"),
        block_id="read-bill",
        step_id=step_id,
        created_at=time,
        decision=decision,
        versions=(first, second),
    )


async def traced(sample: Sample, step: str, path: str, generation: str = "g3") -> dict[str, Any]:
    async with asking(create_app(generation, [sample])) as asker:
        answer = await asker.ask("trace_value", run_id=sample.runs[0].id, step_id=step, path=path)
    answer.pop("run_id")
    return answer


BOOKED = "/handle_inputs/input-json-0/data"


async def test_a_value_of_a_document_has_its_page_text_and_votes() -> None:
    assert await traced(freight(), "book", f"{BOOKED}/amount") == snapshot(
        {
            "step_id": "book",
            "path": "/handle_inputs/input-json-0/data/amount",
            "value": 1840.25,
            "origin": {
                "kind": "document",
                "step_id": "read-bill",
                "path": "/handle_outputs/output-json-0/data/freight_total",
                "value": 1840.25,
                "likelihood": 0.67,
                "page": 2,
                "text": "Total freight USD 1,840.25",
            },
            "competing": [
                {
                    "step_id": "read-bill",
                    "artifact_id": "extr_SP2yXDcFbGjCvzF6M1kFr",
                    "path": "/consensus/choices",
                    "value": 1340.25,
                    "why": "1 of 3 votes",
                }
            ],
            "hops": [
                {
                    "step_id": "shape",
                    "label": "Shape for booking",
                    "type": "function",
                    "path": "/handle_outputs/output-json-0/data/amount",
                    "value": 1840.25,
                    "how": "renamed",
                    "known_by": "record",
                },
                {
                    "step_id": "combine",
                    "type": "merge_dicts",
                    "path": "/handle_outputs/output-json-0/data/freight_total",
                    "value": 1840.25,
                    "how": "merged",
                    "known_by": "edge",
                },
                {
                    "step_id": "read-bill",
                    "label": "Read the bill",
                    "type": "extract",
                    "path": "/handle_outputs/output-json-0/data/freight_total",
                    "value": 1840.25,
                    "how": "extracted",
                    "known_by": "record",
                },
            ],
            "untrusted_text": True,
        }
    )


async def test_an_overwritten_value_competes() -> None:
    assert await traced(freight(), "book", f"{BOOKED}/currency") == snapshot(
        {
            "step_id": "book",
            "path": "/handle_inputs/input-json-0/data/currency",
            "value": "EUR",
            "origin": {
                "kind": "run_input",
                "step_id": "defaults",
                "path": "/handle_outputs/output-json-0/data/currency",
                "value": "EUR",
            },
            "competing": [
                {
                    "step_id": "read-bill",
                    "path": "/handle_outputs/output-json-0/data/currency",
                    "value": "USD",
                    "why": "overwritten",
                }
            ],
            "hops": [
                {
                    "step_id": "shape",
                    "label": "Shape for booking",
                    "type": "function",
                    "path": "/handle_outputs/output-json-0/data/currency",
                    "value": "EUR",
                    "how": "passed_on",
                    "known_by": "record",
                },
                {
                    "step_id": "combine",
                    "type": "merge_dicts",
                    "path": "/handle_outputs/output-json-0/data/currency",
                    "value": "EUR",
                    "how": "overwritten",
                    "known_by": "edge",
                },
                {
                    "step_id": "defaults",
                    "type": "start_json",
                    "path": "/handle_outputs/output-json-0/data/currency",
                    "value": "EUR",
                    "how": "run_input",
                    "known_by": "record",
                },
            ],
            "untrusted_text": True,
        }
    )


async def test_a_value_lost_under_another_name_is_named() -> None:
    assert await traced(freight(), "book", f"{BOOKED}/costCentre") == snapshot(
        {
            "step_id": "book",
            "path": "/handle_inputs/input-json-0/data/costCentre",
            "value": None,
            "origin": {
                "kind": "computed",
                "step_id": "shape",
                "path": "/handle_outputs/output-json-0/data/costCentre",
                "value": None,
                "why": "the function reads costCentre, which its inputs lack",
                "from": [
                    {"path": "/handle_inputs/input-json-0/data/cost_center", "value": "CC-410"}
                ],
            },
            "hops": [
                {
                    "step_id": "shape",
                    "label": "Shape for booking",
                    "type": "function",
                    "path": "/handle_outputs/output-json-0/data/costCentre",
                    "value": None,
                    "how": "computed",
                    "known_by": "record",
                }
            ],
            "untrusted_text": True,
        }
    )


async def test_a_computed_value_names_what_it_was_made_of() -> None:
    assert await traced(freight(), "book", f"{BOOKED}/vat") == snapshot(
        {
            "step_id": "book",
            "path": "/handle_inputs/input-json-0/data/vat",
            "value": 349.65,
            "origin": {
                "kind": "computed",
                "step_id": "shape",
                "path": "/handle_outputs/output-json-0/data/vat",
                "value": 349.65,
                "from": [
                    {"path": "/handle_inputs/input-json-0/data/freight_total", "value": 1840.25}
                ],
            },
            "hops": [
                {
                    "step_id": "shape",
                    "label": "Shape for booking",
                    "type": "function",
                    "path": "/handle_outputs/output-json-0/data/vat",
                    "value": 349.65,
                    "how": "computed",
                    "known_by": "record",
                }
            ],
            "untrusted_text": True,
        }
    )


async def test_a_corrected_value_names_the_review() -> None:
    answer = await traced(freight(freight_total=1240.25), "book", f"{BOOKED}/amount")
    assert (answer["origin"], answer["competing"]) == snapshot(
        (
            {
                "kind": "review",
                "step_id": "read-bill",
                "path": "/handle_outputs/output-json-0/data/freight_total",
                "value": 1240.25,
                "review_id": "rev_C54CXB45R7D6YPSDFHXI64H7ZH",
                "by": "human",
                "at": "2026-09-03T08:20:00Z",
                "note": "Corrected by the carrier's mail",
                "verdict": "approved",
            },
            [
                {
                    "step_id": "read-bill",
                    "artifact_id": "extr_SP2yXDcFbGjCvzF6M1kFr",
                    "path": "/output/freight_total",
                    "value": 1840.25,
                    "why": "before the review",
                }
            ],
        )
    )


@pytest.mark.parametrize("generation", [name for name in GENERATIONS if name != "g1"])
async def test_a_correction_is_found_in_every_generation(generation: str) -> None:
    sample = freight(freight_total=1240.25)
    answer = await traced(sample, "book", f"{BOOKED}/amount", generation)
    assert answer["origin"]["kind"] == "review"
    assert answer["origin"]["by"] == "human"
    assert answer["origin"]["at"] == "2026-09-03T08:20:00Z"
    assert answer["competing"][0]["value"] == 1840.25
    if generation not in ("g2a", "g2b", "g2c-bare"):
        assert answer["origin"]["note"] == "Corrected by the carrier's mail"


async def test_a_value_that_the_document_lacks_says_so() -> None:
    answer = await traced(freight(), "read-bill", "/handle_outputs/output-json-0/data/cost_center")
    assert answer["origin"]["why"] == "the document does not contain this value"
    assert "page" not in answer["origin"]


@pytest.mark.parametrize("path", ["/attempts/0/request_body/amount", "$.handle_inputs.nothing"])
async def test_a_path_to_nothing_names_what_is_there(path: str) -> None:
    sample = freight()
    async with asking(create_app("g3", [sample])) as asker:
        answer = await asker.refused(
            "trace_value", run_id=sample.runs[0].id, step_id="book", path=path
        )
    assert answer["kind"] == "invalid_argument"
    assert answer["children"]


async def test_a_value_that_is_in_no_handle_is_refused() -> None:
    sample = freight()
    async with asking(create_app("g3", [sample])) as asker:
        answer = await asker.refused(
            "trace_value", run_id=sample.runs[0].id, step_id="book", path="/cause/message"
        )
    assert answer["kind"] == "invalid_argument"
    assert "/handle_inputs" in answer["hint"]


ORDERS = workflow(
    "parcel-loop",
    "Parcels",
    block("begin", "start_json", "Parcels"),
    block("each", "for_each", "Each parcel", path="$.parcels"),
    block("weigh", "function", "Weigh", parent="each"),
    block("label", "api_call", "Print labels"),
    "begin > each > label",
)


async def test_items_of_a_parallel_loop_are_mapped_to_their_iterations() -> None:
    parcels = [{"code": f"P-{number}00", "kilos": number} for number in (3, 1, 2)]
    build = RunBuilder("parcel-loop", ORDERS, "2026-09-03T08:00:00Z")
    build.start("begin", {"parcels": parcels})
    began = build.now
    for number in (2, 0, 1):
        here = (turn("each", number, parallel=True),)
        build.complete(
            "weigh",
            {"weight": parcels[number]["kilos"]},
            0.2,
            loops=here,
            inputs=_inputs(parcels[number]),
        )
    done = [{"weight": parcel["kilos"]} for parcel in parcels]
    outputs = {"output-json-0": {"type": "json", "data": {"results": done}}}
    build.container("each", began, outputs=outputs)
    step = build.fail("label", "API call failed: 400")
    sample = Sample("parcel-loop", "Parcels in a loop", (build.failed(step, 3.0),))
    answer = await traced(sample, "label", f"{BOOKED}/results/1/weight")
    assert answer["origin"] == {
        "kind": "run_input",
        "step_id": "begin",
        "path": "/handle_outputs/output-json-0/data/parcels/1/kilos",
        "value": 1,
    }


def relay(*keys: str) -> Sample:
    """Return a run of one function for each key, which passes an amount on under this key."""
    names = [f"relay-{number}" for number in range(len(keys))]
    code = "def main(data):\n    return data\n"
    graph = workflow(
        "relay",
        "Relay",
        block("arrive", "start_json", "Arrive"),
        *(block(name, "function", f"Relay {name[-1]}", code=code) for name in names),
        block("book", "api_call", "Book"),
        " > ".join(("arrive", *names, "book")),
    )
    build = RunBuilder(f"relay-{'-'.join(keys)}", graph, "2026-09-03T08:00:00Z")
    before = {"amount": 1840.25}
    build.start("arrive", before)
    for name, key in zip(names, keys, strict=True):
        after = {key: 1840.25}
        build.complete(name, after, inputs=_inputs(before))
        before = after
    step = build.fail("book", "API call failed: 422", inputs=_inputs(before))
    run = build.failed(step, 60.0, json_data={"arrive": {"amount": 1840.25}})
    return Sample("relay", "A value is passed on", (run,))


async def test_many_blocks_that_pass_a_value_on_are_one_row() -> None:
    answer = await traced(relay(*["amount"] * 9), "book", f"{BOOKED}/amount")
    folded, origin = answer["hops"]
    assert (folded["how"], folded["blocks"]) == ("passed_on", 9)
    assert (folded["step_id"], folded["last_step_id"]) == ("relay-8", "relay-0")
    assert "last_path" not in folded
    assert (origin["step_id"], origin["how"]) == ("arrive", "run_input")


async def test_a_renaming_in_between_stays_a_row_of_its_own() -> None:
    keys = ["amount"] * 3 + ["total"] * 4
    answer = await traced(relay(*keys), "book", f"{BOOKED}/total")
    rows = [(hop["step_id"], hop["how"], hop.get("blocks")) for hop in answer["hops"]]
    assert rows == [
        ("relay-6", "passed_on", 3),
        ("relay-3", "renamed", None),
        ("relay-2", "passed_on", 3),
        ("arrive", "run_input", None),
    ]


async def test_two_blocks_that_pass_a_value_on_are_two_rows() -> None:
    answer = await traced(relay("amount", "amount"), "book", f"{BOOKED}/amount")
    assert [hop["step_id"] for hop in answer["hops"]] == ["relay-1", "relay-0", "arrive"]
    assert not any("blocks" in hop for hop in answer["hops"])
