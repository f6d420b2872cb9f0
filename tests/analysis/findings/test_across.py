"""Rules over payloads: functions, merges, lookups and loops, right and wrong."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from retab_mcp.analysis.findings import find_in_run
from retab_mcp.analysis.findings.across import payload_priority, shows_items
from retab_mcp.analysis.findings.facts import RunFacts
from retab_mcp.models import Artifact, Block, Edge, Graph, StepPayload, StepSummary
from retab_mcp.safety.sanitize import sanitize

Make = Callable[..., StepSummary]


def payload(given: Sequence[Any], made: Sequence[Any]) -> StepPayload:
    def handles(name: str, values: Sequence[Any]) -> dict[str, Any]:
        return {
            f"{name}-json-{at}": {"type": "json", "data": sanitize(value).value}
            for at, value in enumerate(values)
        }

    return StepPayload(handles("input", given), handles("output", made))


def said_of(steps: Mapping[str, tuple[StepSummary, StepPayload | None]], **known: Any) -> list[str]:
    """Return kind and message of the findings in a run with these steps."""
    payloads = {step.step_id: held for step, held in steps.values() if held is not None}
    facts = RunFacts(tuple(step for step, _ in steps.values()), payloads=payloads, **known)
    return [f"{one.kind}: {one.message}" for one in find_in_run(facts)]


@pytest.fixture
def said_of_function(make_step: Make) -> Callable[..., list[str]]:
    """Return the findings in a run of one step that got and made these values."""

    def said(given: Any, made: Any, **fields: Any) -> list[str]:
        inputs = given if isinstance(given, tuple) else (given,)
        step = make_step("work", **fields)
        return said_of({"work": (step, payload(inputs, (made,)))})

    return said


@pytest.mark.parametrize(
    ("given", "made", "message"),
    [
        ({"total": "1.234,56"}, {"total": 1.23456}, '1.234,56" (1234.56) became number 1.23456'),
        ({"total": "1.234,56"}, {"total": 1.23}, "became number 1.23"),
        ({"total": "1,234.56"}, {"total": 1}, "became number 1"),
        ({"total": "12.500,00 EUR"}, {"total": 12.5}, "became number 12.5"),
        ({"total": "2.500,00"}, {"total": 0}, "became number 0"),
        ({"total": "1.234,56"}, {"total": "1.23456"}, 'became string "1.23456"'),
        ({"invoice": {"Total": "1.234,56"}}, {"total": 1.23456}, "became number 1.23456"),
        ({"gross_text": "1.234,56"}, {"betrag": 1.23456}, "became number 1.23456"),
        ({"saldo": "-450,00"}, {"saldo": 450.0}, "became number 450.0"),
        ({"rows": [{"n": "(81.50)"}]}, {"rows": [{"n": 81.5}]}, "became number 81.5"),
        ({"amount": 125000}, {"amount": 1250}, "number 125000 became number 1250"),
        ({"netAmount": 125000}, {"amount": 1250}, "number 125000 became number 1250"),
        ({"price": 19.9}, {"price": 1990}, "number 19.9 became number 1990"),
        ({"sums": ["1.000,50", "2.000,75"]}, {"sums": [1.0005, 2.00075]}, "1 more rows"),
        (
            {"rows": [{"id": 7, "net": "1.500,00"}, {"id": 8, "net": "2.500,00"}]},
            {"lines": [{"id": 8, "net": 2.5}]},
            "net: string",
        ),
    ],
)
def test_a_number_of_another_magnitude(
    said_of_function: Callable[..., list[str]], given: Any, made: Any, message: str
) -> None:
    (said,) = said_of_function(given, made)
    assert said.startswith("number_changed: ")
    assert message in said


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ({"total": "1.234,56"}, {"total": 1234.56}),
        ({"total": "1.234"}, {"total": 1.234}),
        ({"total": "1.234"}, {"total": 1234}),
        ({"total_cents": 125000}, {"total": 1250}),
        ({"total": 1250}, {"total_minor": 125000}),
        ({"length": "12 m"}, {"length": 12000}),
        ({"tax_rate": 19}, {"tax_rate": 0.19}),
        ({"share": "19,5 %"}, {"share": 0.195}),
        ({"size": 3, "unit": "m"}, {"size": 300, "unit": "cm"}),
        ({"price": 12.5, "pieces": 100}, {"price": 1250.0}),
        ({"balance": 100.0, "paid": 100.0}, {"balance": 0}),
        ({"total": 1234.567}, {"total": "1,234.57"}),
        ({"views": 1250000}, {"views": "1.25M"}),
        ({"sums": ["5,00", "5000,00"]}, {"sums": [5000, 5]}),
        ({"code": "1200"}, {"code": "12"}),
        ({"n": "-450,00"}, {"n": 450.0, "is_credit": True}),
        ({"n": "-450,00", "kind": "Credit note"}, {"n": 450.0, "kind": "Credit note"}),
        ({"discount": "-5,00"}, {"discount": 5.0}),
        ({"n": -450.0}, {"n": 450.0}),
        ({"date": "20260902"}, {"date": "2026-09-02"}),
        ({"rows": [{"n": "10,00"}, {"n": "1000,00"}]}, {"rows": [{"n": 1000}]}),
        ({"rows": [{"t": "a", "n": 10}, {"t": "b", "n": 1000}]}, {"rows": [{"t": "b", "n": 1000}]}),
        ({"a": {"id": 10}, "b": {"id": 1000}}, {"c": {"id": 100}}),
    ],
)
def test_a_number_that_is_right(
    said_of_function: Callable[..., list[str]], given: Any, made: Any
) -> None:
    assert said_of_function(given, made) == []


def test_a_conversion_that_the_label_names(said_of_function: Callable[..., list[str]]) -> None:
    given, made = {"weight": 12.5}, {"weight": 12500}
    assert said_of_function(given, made, label="Convert to grams") == []
    assert len(said_of_function(given, made, label="Convert weight")) == 1


@pytest.mark.parametrize(
    ("given", "made", "name"),
    [
        ({"city": "Köln"}, {"city": None}, "city"),
        ({"order": {"delivery_date": "2026-09-14"}}, {"deliveryDate": None}, "deliveryDate"),
        ({"city": "Köln"}, {"city": ""}, "city"),
        ({"amount": 12.5}, {"amount": "NaN"}, "amount"),
        ({"rows": [{"id": 1, "sku": "A"}]}, {"rows": [{"id": 1, "sku": None}]}, "sku"),
        ({"tags": ["a"]}, {"tags": None}, "tags"),
    ],
)
def test_a_value_that_was_lost(
    said_of_function: Callable[..., list[str]], given: Any, made: Any, name: str
) -> None:
    (said,) = said_of_function(given, made)
    assert said.startswith(f"value_lost: {name}: ")


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ({"city": None}, {"city": None}),
        ({"city": "n/a"}, {"city": None}),
        ({"city": "Köln"}, {}),
        ({"city": "Köln"}, {"city": None, "town": "Köln"}),
        ({"flag": False, "count": 0}, {"flag": None, "count": None}),
        ({"tags": ["a"]}, {"tags": []}),
        ({"a": {"city": "Köln"}, "b": {"city": None}}, {"city": None}),
    ],
)
def test_a_value_that_was_not_lost(
    said_of_function: Callable[..., list[str]], given: Any, made: Any
) -> None:
    assert said_of_function(given, made) == []


@pytest.mark.parametrize("step_type", ["extract", "api_call", "parse"])
def test_only_functions_are_checked(
    said_of_function: Callable[..., list[str]], step_type: str
) -> None:
    assert said_of_function({"total": "1.234,56"}, {"total": None}, type=step_type) == []


def test_a_function_is_read_from_its_artifact(make_step: Make) -> None:
    step = make_step("work")
    data = {"inputs": {"total": "1.234,56"}, "output": {"total": 1.23456}}
    artifact = Artifact(id="fninv_1", operation="function_invocation", data=data)
    (found,) = find_in_run(RunFacts((step,), artifacts={step.step_id: artifact}))
    assert (found.kind, found.paths) == ("number_changed", ("/output/total", "/inputs/total"))


MERGED = [
    (({"currency": "EUR"}, {"currency": "USD"}), {"currency": "USD"}, "currency: kept string"),
    (({"a": {"n": 1}}, {"a": {"n": 2}}, {"a": {"n": 2}}), {"a": {"n": 1}}, "a.n: kept number 1"),
    (
        ({"po": "4711"}, {"po": None}),
        {"po": None},
        'kept null of input-json-1, dropped string "4711',
    ),
    (({"rows": [1, 2, 3]}, {"rows": [4]}), {"rows": [4]}, "rows: kept 1 items"),
    (
        ({"to": {"at": {"town": "Ulm"}}}, {"to": {"at": {"floor": 2}}}),
        {"to": {"at": {"floor": 2}}},
        'to.at: kept object {"floor":2} of input-json-1, dropped object {"town":"Ulm"}',
    ),
]


@pytest.mark.parametrize("step_type", ["merge_dicts", "merge_records", "function"])
@pytest.mark.parametrize(("given", "made", "message"), MERGED)
def test_a_merge_that_overwrote_a_value(
    said_of_function: Callable[..., list[str]], given: Any, made: Any, message: str, step_type: str
) -> None:
    (said,) = said_of_function(given, made, type=step_type, label="Merge sources")
    assert said.startswith("value_overwritten: ")
    assert message in said


@pytest.mark.parametrize(
    ("given", "made"),
    [
        (({"c": "EUR"}, {"c": "EUR"}), {"c": "EUR"}),
        (({"n": "12,50"}, {"n": 12.5}), {"n": 12.5}),
        (({"d": "2026-09-02"}, {"d": "02.09.2026"}), {"d": "02.09.2026"}),
        (({"c": None}, {"c": "EUR"}), {"c": "EUR"}),
        (({"n": 1}, {"n": 2}), {"n": 3}),
        (({"n": 1}, {"n": 2}), {"n": 1, "n_2": 2}),
        (({"n": 1}, {"n": 2}), {"left": {"n": 1}, "right": {"n": 2}}),
        (({"t": ["a"]}, {"t": ["b"]}), {"t": ["a", "b"]}),
        (({"to": {"a": 1}}, {"to": {"b": 2}}), {"to": {"a": 1, "b": 2}}),
        (({"to": {"a": None, "b": 2}}, {"to": {"b": 2}}), {"to": {"b": 2}}),
        (({"a": 1}, {"b": 2}), {"a": 1, "b": 2}),
        (
            ({"updated_at": "2026-09-01"}, {"updated_at": "2026-09-02"}),
            {"updated_at": "2026-09-02"},
        ),
        (({"n": 1},), {"n": 2}),
    ],
)
def test_a_merge_that_lost_nothing(
    said_of_function: Callable[..., list[str]], given: Any, made: Any
) -> None:
    assert said_of_function(given, made, type="merge_dicts") == []


def sourced(first: str, second: str, **config: Any) -> Graph:
    blocks = (
        Block(id="one", label=first),
        Block(id="two", label=second),
        Block(id="work", config=config),
    )
    edges = tuple(
        Edge(source=block, target="work", target_handle=f"input-json-{at}")
        for at, block in enumerate(("one", "two"))
    )
    return Graph(blocks=blocks, edges=edges)


@pytest.mark.parametrize(
    ("graph", "count"),
    [
        (sourced("Contract", "Order"), 1),
        (sourced("Default terms", "Order"), 0),
        (sourced("Contract", "Manual corrections"), 0),
        (sourced("Contract", "Order", conflict_strategy="last_wins"), 0),
        (sourced("Contract", "Order", conflict_strategy=None), 1),
        (sourced("Order", "Default terms"), 1),
    ],
)
def test_a_precedence_by_design_is_no_finding(make_step: Make, graph: Graph, count: int) -> None:
    sources = [
        make_step("one", 0, label=graph.blocks[0].label),
        make_step("two", 1, label=graph.blocks[1].label),
    ]
    held = payload(({"c": "EUR"}, {"c": "USD"}), ({"c": "USD"},))
    steps = {
        **{step.block_id: (step, None) for step in sources},
        "work": (make_step("work", 2, type="merge_dicts"), held),
    }
    said = said_of(steps, graph=graph)
    assert len(said) == count
    assert all("two (input-json-1)" in one for one in said)


@pytest.mark.parametrize(
    ("given", "made", "message"),
    [
        ({"country": "DE\u200b", "rates": {"DE": 19}}, {"rate": None}, "U+200B"),
        (
            ({"c": "Port\u00a0Louis"}, {"ports": [{"name": "Port Louis"}]}),
            {"found": False},
            "U+00A0",
        ),
        ({"code": "\u0410-1", "map": {"A-1": 5}}, {"hits": []}, "U+0410"),
        ({"country": "DE\ufeff"}, {"rate": None}, "found nothing for country"),
    ],
)
def test_a_lookup_that_found_nothing(
    said_of_function: Callable[..., list[str]], given: Any, made: Any, message: str
) -> None:
    (said,) = said_of_function(given, made)
    assert said.startswith("hidden_characters: ")
    assert message in said


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ({"country": "DE\u200b", "rates": {"DE": 19}}, {"rate": 19}),
        ({"country": "DE", "rates": {"DE": 19}}, {"rate": None}),
        ({"names": ["Acme\u00a0AG", "Acme AG"]}, {"fax": None}),
        ({"text": "long text " * 9 + "\u200b"}, {"fax": None}),
        ({"name": "Acme\u00a0AG"}, {"fax": None}),
    ],
)
def test_a_lookup_that_is_right(
    said_of_function: Callable[..., list[str]], given: Any, made: Any
) -> None:
    assert said_of_function(given, made) == []


@pytest.mark.parametrize(
    "label", ["abs", "absolute", "negate", "invert", "reverse", "flip", "sign", "credit", "debit"]
)
def test_a_function_that_is_meant_to_change_signs(
    said_of_function: Callable[..., list[str]], label: str
) -> None:
    given, made = {"n": "-450,00"}, {"n": 450.0}
    assert said_of_function(given, made, label=f"Make {label}") == []


@pytest.mark.parametrize(
    "word",
    [
        "gutschrift",
        "haben",
        "soll",
        "abono",
        "avoir",
        "refund",
        "discount",
        "rabatt",
        "credit",
        "debit",
    ],
)
def test_a_record_whose_sign_is_in_a_word(
    said_of_function: Callable[..., list[str]], word: str
) -> None:
    assert said_of_function({"n": "-5,00", "k": word}, {"n": 5.0, "k": word}) == []
    assert said_of_function({f"{word}_n": "-5,00"}, {f"{word}_n": 5.0}) == []


@pytest.mark.parametrize(
    "label",
    ["anonymize", "anonymise", "redact", "mask", "clear", "reset", "blank", "remove", "hide"],
)
def test_a_function_that_is_meant_to_empty_fields(
    said_of_function: Callable[..., list[str]], label: str
) -> None:
    assert said_of_function({"city": "Köln"}, {"city": None}, label=f"{label} it") == []


@pytest.mark.parametrize("lost", ["", "NaN", "nan", "undefined", "null", "None", None])
def test_texts_that_a_program_writes_for_nothing(
    said_of_function: Callable[..., list[str]], lost: Any
) -> None:
    (said,) = said_of_function({"city": "Köln"}, {"city": lost})
    assert said.startswith("value_lost: city: ")


def merged(
    make_step: Make,
    handles: tuple[str, str],
    *,
    config: Any = None,
    name: str = "join",
    **fields: Any,
) -> list[str]:
    """Return the findings of a merge whose second input won; handles are named."""
    given = {"currency": "USD"}, {"currency": "EUR"}
    inputs = {
        handle: {"type": "json", "data": value}
        for handle, value in zip(handles, given, strict=True)
    }
    made = StepPayload(inputs, {"out": {"type": "json", "data": {"currency": "EUR"}}})
    step = make_step(name, **{"type": "merge_dicts", **fields})
    graph = Graph(blocks=(Block(id=name, config=config or {}),))
    return said_of({name: (step, made)}, graph=graph)


def test_a_merge_says_what_it_kept_and_dropped(make_step: Make) -> None:
    assert merged(make_step, ("a", "b")) == [
        'value_overwritten: currency: kept string "EUR" of b, dropped string "USD" of a'
    ]


@pytest.mark.parametrize(
    "word",
    ["default", "defaults", "fallback", "fallbacks", "base", "template", "preset", "vorgabe"],
)
def test_a_source_that_is_meant_to_yield(make_step: Make, word: str) -> None:
    assert merged(make_step, (f"{word}_values", "b")) == []
    assert len(merged(make_step, ("a", f"{word}_values"))) == 1


@pytest.mark.parametrize(
    "word",
    [
        *[
            "override",
            "overrides",
            "overwrite",
            "manual",
            "correction",
            "corrections",
            "corrected",
            "patch",
            "update",
        ],
        *["updates", "latest", "reviewed", "approved"],
    ],
)
def test_a_source_that_is_meant_to_win(make_step: Make, word: str) -> None:
    assert merged(make_step, ("a", f"{word}_values")) == []
    assert len(merged(make_step, (f"{word}_values", "b"))) == 1


@pytest.mark.parametrize(
    "word",
    [
        *[
            "precedence",
            "priority",
            "priorities",
            "strategy",
            "conflict",
            "conflicts",
            "prefer",
            "preferred",
        ],
        *["overwrite", "override", "policy", "wins"],
    ],
)
def test_a_merge_whose_configuration_says_what_wins(make_step: Make, word: str) -> None:
    assert merged(make_step, ("a", "b"), config={f"merge_{word}": "last"}) == []
    assert len(merged(make_step, ("a", "b"), config={f"merge_{word}": ""})) == 1


@pytest.mark.parametrize("word", ["merge", "merges", "merged", "combine", "join", "consolidate"])
def test_a_function_that_merges_by_its_name(make_step: Make, word: str) -> None:
    assert (
        len(merged(make_step, ("a", "b"), name="work", type="function", label=f"{word} them")) == 1
    )
    assert merged(make_step, ("a", "b"), name="work", type="function", label="shape") == []


@pytest.mark.parametrize(
    "name",
    [
        *[
            "created_at",
            "updated_at",
            "timestamp",
            "source",
            "sources",
            "filename",
            "file_name",
            "file",
            "model",
        ],
        *["confidence", "confidences", "likelihoods", "reasoning", "page", "pages"],
    ],
)
def test_fields_that_each_source_has_of_its_own(make_step: Make, name: str) -> None:
    inputs = {
        "a": {"type": "json", "data": {name: "one-1"}},
        "b": {"type": "json", "data": {name: "two-2"}},
    }
    made = StepPayload(inputs, {"out": {"type": "json", "data": {name: "two-2"}}})
    assert said_of({"join": (make_step("join", type="merge_dicts"), made)}) == []


def test_merges_and_loops_are_read_before_functions_and_iterations(make_step: Make) -> None:
    def rank(*numbers: int, **fields: Any) -> int:
        return payload_priority(make_step("a", loops=tuple(("each", n) for n in numbers), **fields))

    assert rank(type="merge_dicts") == rank(0, type="merge_dicts") == rank(type="for_each") == 0
    assert rank(type="function") == 1
    assert rank(type="extract") == 2
    assert rank(0) == rank(1) == rank(5, 1) == 2
    assert rank(2) == rank(1, 2) == 3


def test_a_loop_and_its_first_iterations_show_what_it_runs_over(make_step: Make) -> None:
    assert shows_items(make_step("a", type="for_each"))
    assert [shows_items(make_step("a", loops=(("each", n),))) for n in range(3)] == [
        *(True, True, False)
    ]
    assert not shows_items(make_step("a"))


def test_a_word_that_only_holds_merge_merges_nothing(make_step: Make) -> None:
    fields = {"name": "work", "type": "function", "label": "Emergency call"}
    assert merged(make_step, ("a", "b"), **fields) == []


def test_a_dropped_value_that_the_output_has_elsewhere_is_not_lost(make_step: Make) -> None:
    def said(**more: Any) -> list[str]:
        inputs = {
            "a": {"type": "json", "data": {"currency": "USD"}},
            "b": {"type": "json", "data": {"currency": "EUR"}},
        }
        made = {"currency": "EUR", **more}
        step = make_step("join", type="merge_dicts")
        return said_of({"join": (step, StepPayload(inputs, {"o": {"type": "json", "data": made}}))})

    assert said(old_currency="USD") == []
    assert len(said(other="GBP")) == 1


@pytest.mark.parametrize(
    ("given", "made", "is_finding"),
    [
        ({"tax_rate": 19}, {"tax_rate": 0.19}, False),
        ({"part": "19 %"}, {"part": 0.19}, False),
        ({"total": 1900}, {"total": 19}, True),
        ({"tax_rate": 19}, {"tax_rate": 0.019}, True),
    ],
)
def test_a_percentage_may_become_a_fraction(
    said_of_function: Callable[..., list[str]], given: Any, made: Any, is_finding: bool
) -> None:
    assert bool(said_of_function(given, made)) is is_finding
