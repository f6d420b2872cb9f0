"""Completed runs that look suspicious and are not: get_run has nothing to report."""

from collections.abc import Iterator

from retab_mcp.sandbox.builder.artifacts import (
    NUMBER,
    OPTIONAL_TEXT,
    TEXT,
    condition,
    object_schema,
    routing,
)
from retab_mcp.sandbox.builder.graph import block, edge
from retab_mcp.sandbox.builder.ids import review_identifier
from retab_mcp.sandbox.builder.run import turn
from retab_mcp.sandbox.generations import GENERATIONS
from retab_mcp.sandbox.records import Json, SampleReview, SampleReviewVersion, after
from tests.labelled.flow import (
    function_run,
    json_handles,
    loop_blocks,
    loop_run,
    merge_run,
    run_function,
)
from tests.labelled.scenario import CREATED_AT, Label, LabelledRun, Scenario


def _clean(build: LabelledRun, **fields: Json) -> Scenario:
    return Scenario(
        name=build.name,
        title=build.title,
        run=build.run("completed", build.now + 0.2, **fields),
        label=Label(kind="nothing", step_id=None),
        generations=GENERATIONS,
    )


def _functions() -> Iterator[LabelledRun]:
    rows = [{"sku": f"A-{number}", "stock": number % 3} for number in range(9)]
    amounts = {f"amount_{number}": number * 1000.5 for number in range(9)}
    table: tuple[tuple[str, str, Json, Json], ...] = (
        ("filter", "A filter dropped rows", {"rows": rows}, {"rows": [r for r in rows if r["stock"]]}),
        ("sorted", "Rows in another order", {"rows": rows}, {"rows": rows[::-1]}),
        ("date", "A date in another format", {"due": "02.09.2026"}, {"due": "2026-09-02"}),
        (
            "amounts",
            "Nine amounts and a currency",
            {**amounts, "currency": "EUR"},
            {**amounts, "currency": "EUR", "sum": sum(amounts.values())},
        ),
        ("numbers", "Amounts became numbers", {"net": "1.234,50", "vat": "234,56 €"}, {"net": 1234.5, "vat": 234.56}),
        ("dinar", "A currency of three decimals", {"amount": "1.250", "currency": "KWD"}, {"amount": 1.25, "currency": "KWD"}),
        ("minor", "Cents became euros", {"amount_cents": 125000}, {"amount_eur": 1250}),
        ("grams", "Kilograms became grams", {"weight_kg": 12.5}, {"weight_g": 12500}),
        ("unit", "A unit next to the number", {"weight": 12.5, "unit": "kg"}, {"weight": 12500, "unit": "g"}),
        ("percent", "A percentage became a fraction", {"vat_rate": 19, "discount": "5 %"}, {"vat_rate": 0.19, "discount": 0.05}),
        ("rounded", "A sum was rounded", {"sum": 1234.5678}, {"sum": 1235}),
        ("zeros", "A number lost its leading zeros", {"branch": "00420"}, {"branch": 420}),
        ("placeholder", "A placeholder became null", {"phone": "n/a", "fax": "-", "email": ""}, {"phone": None, "fax": None, "email": None}),
        ("optional", "Optional fields stayed null", {"po": None, "total": 9.5}, {"po": None, "total": 9.5}),
        ("moved", "A value moved to another field", {"phone": "+49 30 12"}, {"phone": None, "mobile": "+49 30 12"}),
        ("times-ten", "A line total of ten pieces", {"pieces": 10, "price": 12.5}, {"pieces": 10, "price": 125.0}),
        ("no-break", "A name with a no-break space", {"a": "Acme\u00a0AG", "b": "Acme AG"}, {"name": "Acme AG", "found": True}),
        ("id", "Two fields of one name", {"buyer": {"id": 1000}, "seller": {"id": 7}}, {"id": 10}),
    )  # fmt: skip
    for name, title, given, made in table:
        build, _ = function_run(f"clean-{name}", title, given, made)
        yield build
    build, _ = function_run(
        "clean-redacted",
        "Names were masked on purpose",
        {"name": "A. Haile"},
        {"name": None},
        "Mask names",
    )
    yield build


def _merges() -> Iterator[LabelledRun]:
    terms: Json = {"currency": "EUR", "total": 12.5, "date": "2026-09-02"}
    yield merge_run(
        "clean-equal",
        "Equal values were merged",
        (terms, {**terms, "lines": 2}),
        {**terms, "lines": 2},
    )[0]
    yield merge_run(
        "clean-alike",
        "Equal values in other words were merged",
        (terms, {"currency": "eur", "total": "12,50", "date": "02.09.2026"}),
        {"currency": "eur", "total": "12,50", "date": "02.09.2026"},
    )[0]
    yield merge_run(
        "clean-defaults",
        "A value replaced a default",
        ({"currency": "EUR"}, {"currency": "USD"}),
        {"currency": "USD"},
        labels=("Defaults", "Order"),
    )[0]
    yield merge_run(
        "clean-precedence",
        "A merge configured to prefer its last input",
        ({"currency": "EUR"}, {"currency": "USD"}),
        {"currency": "USD"},
        conflict_strategy="last_wins",
    )[0]
    yield merge_run(
        "clean-filled", "A null was filled", ({"po": None}, {"po": "4711"}), {"po": "4711"}
    )[0]
    yield merge_run(
        "clean-namespaced",
        "Both values were kept",
        ({"total": 1.0}, {"total": 2.0}),
        {"contract": {"total": 1.0}, "order": {"total": 2.0}},
    )[0]
    yield merge_run(
        "clean-union", "Lists were joined", ({"tags": ["a"]}, {"tags": ["b"]}), {"tags": ["a", "b"]}
    )[0]


def _loops() -> Iterator[LabelledRun]:
    items: list[Json] = [{"parcel": f"P-{number}", "tags": ["x", "y", "z"]} for number in range(4)]
    yield loop_run("clean-zero-items", "A loop over no items", [], ())[0]
    yield loop_run("clean-parallel", "A parallel loop", items, range(4), parallel=True)[0]
    yield loop_run("clean-from-one", "A loop that counts from 1", [], (1, 2, 3))[0]
    fallback: list[Json] = [{"number": number} for number in range(4)]
    yield loop_run("clean-sum", "A loop summed up", items, range(4), [{"total": 6}])[0]
    build = LabelledRun(
        "clean-other-list",
        "A list next to the one that the loop ran over",
        loop_blocks("extract"),
        "parcels-in > each-parcel > book-parcels",
    )
    given = {"notes": ["one", "two", "three"], "parcels": fallback[:2]}
    build.start("parcels-in", given)
    began = build.now
    for number in range(2):
        here = (turn("each-parcel", number),)
        handles = json_handles(fallback[number])
        build.step(
            "weigh-parcel",
            loops=here,
            inputs=handles,
            outputs=json_handles(fallback[number], kind="output"),
        )
    build.container(
        "each-parcel",
        began,
        inputs=json_handles(given),
        outputs=json_handles({"parcels": fallback[:2]}, kind="output"),
    )
    build.complete("book-parcels", {})
    yield build
    yield _filter_in_loop()


def _filter_in_loop() -> LabelledRun:
    build = LabelledRun(
        "clean-filter-in-loop",
        "A loop kept one of three items",
        (
            block("parcels-in", "start_json", "Parcels"),
            block("each-parcel", "for_each", "Each parcel"),
            block("heavy", "conditional", "Heavy?", parent="each-parcel"),
            block("weigh-parcel", "function", "Weigh", parent="each-parcel"),
        ),
        "parcels-in > each-parcel",
        extra=(edge("heavy", "weigh-parcel", out="heavy"),),
    )
    items = [{"kg": 2}, {"kg": 30}, {"kg": 4}]
    build.start("parcels-in", {"parcels": items})
    began = build.now
    for number, item in enumerate(items):
        here = (turn("each-parcel", number),)
        heavy = item["kg"] > 20
        tested = condition(
            "c", "$.kg", "is_greater_than", 20, item["kg"], matched=heavy, branch="heavy"
        )
        decided = (
            routing([tested], "output-json-heavy", "heavy")
            if heavy
            else routing([tested], "output-json-else", None)
        )
        record = build.artifact("conditional_evaluation", f"heavy/{number}", decided)
        if not heavy:
            # Configured with an empty branch for the others.
            record = build.artifact(
                "conditional_evaluation",
                f"light/{number}",
                routing(
                    [{**tested, "matched": True, "branch_name": "light"}],
                    "output-json-light",
                    "light",
                ),
            )
        build.step("heavy", inputs=json_handles(item), outputs={}, loops=here, artifact=record)
        if heavy:
            run_function(build, "weigh-parcel", item, item, loops=here)
        else:
            step_id = build.step_id("weigh-parcel", here)
            build.unreached(
                "weigh-parcel", "skipped", "Branch 'heavy' was not taken", step_id=step_id
            )
    build.container(
        "each-parcel",
        began,
        inputs=json_handles({"parcels": items}),
        outputs=json_handles({"parcels": items[1:2]}, kind="output"),
    )
    return build


def _calls() -> Iterator[LabelledRun]:
    answers: tuple[tuple[str, str, int, Json], ...] = (
        ("no-errors", "An empty list of errors", 200, {"id": 4, "errors": [], "error": None, "warnings": []}),
        ("no-content", "204 without a body", 204, None),
        ("zero-failed", "A count of no failures", 200, {"created": 3, "failed": 0, "success": True}),
    )  # fmt: skip
    for name, title, status, body in answers:
        build = LabelledRun(
            f"clean-{name}",
            title,
            (block("bill-in", "start_json", "Bill"), block("send-bill", "api_call", "Send")),
            "bill-in > send-bill",
        )
        build.start("bill-in", {"bill": 7})
        call = build.call("https://bills.example.com/v1/bills", (status, body))
        build.complete("send-bill", {"sent": True}, artifact=call)
        yield build


def _documents() -> Iterator[LabelledRun]:
    schema = object_schema(
        ("number",),
        number=TEXT,
        note=OPTIONAL_TEXT,
        charges={"type": "array", "items": object_schema((), name=TEXT, amount=NUMBER)},
    )
    for name, title, output in (
        ("no-charges", "A table that may be empty", {"number": "B-1", "note": "x", "charges": []}),
        ("no-note", "An optional field is null", {"number": "B-2", "note": None, "charges": []}),
    ):
        yield _extracted(name, title, output, schema)
    build = _extracted("reviewed", "A review changed nothing", {"number": "B-3"}, schema)
    yield build


def _extracted(name: str, title: str, output: Json, schema: Json) -> LabelledRun:
    build = LabelledRun(
        f"clean-{name}",
        title,
        (block("bill-in", "start_document", "Bill"), block("read-bill", "extract", "Read")),
        "bill-in > read-bill",
    )
    build.start("bill-in")
    build.extract("read-bill", output, 1.2, schema)
    return build


def _reviewed(build: LabelledRun) -> Scenario:
    step = build.steps[-1]
    author = {"kind": "human", "id": "user_reviewer", "display_name": "Reviewer"}
    version = SampleReviewVersion(
        id=review_identifier("rvr", build.name),
        created_at=after(CREATED_AT, 2.0),
        author={"kind": "model", "id": "m", "display_name": "m"},
        snapshot={"number": "B-3"},
    )
    review = SampleReview(
        id=review_identifier("rev", build.name),
        block_id=step.block_id,
        step_id=step.step_id,
        created_at=after(CREATED_AT, 2.0),
        decision={
            "verdict": "approved",
            "version_id": version.id,
            "author": author,
            "created_at": after(CREATED_AT, 3.0),
            "reason": None,
        },
        versions=(version,),
    )
    return _clean(build, reviews=(review,))


def _by_design() -> LabelledRun:
    build = LabelledRun(
        "clean-branch",
        "A branch was taken as intended",
        (
            block("bill-in", "start_json", "Bill"),
            block("is-small", "conditional", "Small?"),
            block("pay", "api_call", "Pay"),
            block("ask", "api_call", "Ask"),
        ),
        "bill-in > is-small",
        extra=(edge("is-small", "pay", out="small"), edge("is-small", "ask", out="else")),
    )
    build.start("bill-in", {"total": 12.5})
    small = condition("small", "$.total", "is_less_than", 50, 12.5, matched=True, branch="small")
    made = build.artifact(
        "conditional_evaluation", "is-small", routing([small], "output-json-small", "small")
    )
    build.complete("is-small", {"total": 12.5}, 0.1, only="output-json-small", artifact=made)
    build.complete("pay")
    build.skip("Branch 'else' was not taken", "ask")
    return build


def scenarios() -> tuple[Scenario, ...]:
    """Return the scenarios of this file."""
    *documents, reviewed = _documents()
    builds = [
        *_functions(),
        *_merges(),
        *_loops(),
        *_calls(),
        *documents,
        _by_design(),
    ]
    return (*map(_clean, builds), _reviewed(reviewed))
