"""What in a step's inputs became a value in its outputs."""

from typing import Any

from retab_mcp.analysis.lineage.matching.function_source import read_recipes
from retab_mcp.analysis.lineage.matching.source_in_step import (
    Output,
    Provenance,
    source_in_step,
)
from retab_mcp.models.lineage import How, KnownBy

HANDLE = "input-json-0"


def made(output: Any, key: str, data: Any, code: str = "") -> Provenance:
    """Return what became the field `key` of an output, from `data`."""
    handles = {"output-json-0": {"type": "json", "data": output}}
    tokens = ("output-json-0", "data", *(int(k) if k.isdigit() else k for k in key.split("/")))
    value = output
    for token in tokens[2:]:
        value = value[token]
    recipes = read_recipes(code).get(key.rpartition("/")[2], ()) if code else ()
    inputs = {HANDLE: {"type": "json", "data": data}}
    return source_in_step(Output(handles, tokens, value), inputs, recipes)


def places(found: Provenance) -> list[str]:
    return ["/".join(str(token) for token in source.tokens[2:]) for source in found.sources]


def test_the_same_field_is_passed_on_even_if_it_is_null() -> None:
    found = made({"total": None, "paid": None}, "total", {"total": None, "paid": None})
    assert (found.how, found.known_by, places(found)) == (
        How.PASSED_ON,
        KnownBy.POSITION,
        ["total"],
    )


def test_another_name_or_form_is_found_by_the_value() -> None:
    assert made({"costCentre": "CC-410"}, "costCentre", {"kst": "CC-410"}).how is How.RENAMED
    found = made({"due": "2026-04-03"}, "due", {"faellig": "03.04.2026"})
    assert (found.how, places(found)) == (How.REFORMATTED, ["faellig"])


def test_a_row_is_found_by_its_other_fields_after_a_filter() -> None:
    rows = [{"sku": "A-100", "qty": 2}, {"sku": "B-200", "qty": 5}, {"sku": "C-300", "qty": 2}]
    found = made({"items": [{"sku": "C-300", "qty": 2}]}, "items/0/qty", {"lines": rows})
    assert places(found) == ["lines/2/qty"]


def test_two_equal_values_under_unrelated_names_are_both_named() -> None:
    found = made({"ref": "INV-7781"}, "ref", {"head": "INV-7781", "foot": "INV-7781"})
    assert places(found) == ["head", "foot"]


def test_a_short_value_under_another_name_may_be_a_coincidence() -> None:
    data = {"payment_code": "EUR", "qty": 3}
    found = made({"booked_in": "EUR", "payment_code": "EUR"}, "booked_in", data)
    assert found.how is How.UNKNOWN
    assert places(found) == ["payment_code"]


def test_a_short_value_whose_own_name_is_gone_was_renamed() -> None:
    assert made({"devise": "EUR"}, "devise", {"currency": "EUR"}).how is How.RENAMED


def test_a_lost_value_is_named_with_its_other_name() -> None:
    found = made({"costCentre": None}, "costCentre", {"cost_center": "CC-410", "memo": "x"})
    assert found.how is How.COMPUTED
    assert [source.value for source in found.made_of] == ["CC-410"]


def test_a_sum_names_its_list() -> None:
    data = {"lines": [{"amount": 10.5}, {"amount": 20.25}]}
    found = made({"total": 30.75}, "total", data)
    assert found.how is How.COMPUTED
    assert [source.tokens[2:] for source in found.made_of] == [("lines", "0-2", "amount")]


def test_the_source_decides_between_equal_values() -> None:
    data = {"net": 119.0, "gross": 119.0}
    code = "def main(data):\n    return {'total': data['gross']}\n"
    found = made({"total": 119.0}, "total", data, code)
    assert (found.known_by, places(found)) == (KnownBy.RECORD, ["gross"])


def test_the_source_shows_what_is_made_although_a_value_is_equal() -> None:
    data = {"qty": 1, "price": 35.5}
    code = "def main(data):\n    return {'price_total': data['qty'] * data['price']}\n"
    found = made({"price_total": 35.5}, "price_total", data, code)
    assert found.how is How.COMPUTED
    assert [source.value for source in found.made_of] == [1, 35.5]


def others(found: Provenance) -> list[tuple[str, Any]]:
    return [
        ("/".join(str(token) for token in source.tokens[2:]), source.value)
        for source in found.others
    ]


def test_a_field_of_the_same_name_that_was_not_taken_is_named() -> None:
    data = {"total": 10.5, "gross": 1840.25}
    found = made({"total": 1840.25}, "total", data)
    assert (found.how, found.known_by, places(found)) == (
        *(How.RENAMED, KnownBy.EQUAL_VALUE, ["gross"]),
    )
    assert others(found) == [("total", 10.5)]


def test_the_likeliest_of_several_sources_comes_first_and_the_others_are_named() -> None:
    data = {"ref": "INV-7781", "memo": {"ref": "INV-7781"}, "text": "see INV-7781 here"}
    found = made({"ref": "INV-7781"}, "ref", data)
    assert places(found) == ["ref"]
    assert others(found) == [("memo/ref", "INV-7781")]


def test_a_part_of_a_text_is_the_source_where_nothing_is_more_alike() -> None:
    found = made({"ref": "INV-7781"}, "ref", {"text": "see INV-7781 here"})
    assert (found.how, places(found)) == (How.REFORMATTED, ["text"])


def test_rows_of_lists_of_one_length_are_paired_by_their_place() -> None:
    rows = [{"n": 1}, {"n": 1}, {"n": 1}]
    assert places(made({"out": rows}, "out/1/n", {"lines": rows})) == ["lines/1/n"]


def test_an_object_is_found_as_a_whole() -> None:
    order = {"id": 7, "lines": [1]}
    found = made({"order": order}, "order", {"order": order})
    assert (found.how, found.known_by, places(found)) == (
        *(How.PASSED_ON, KnownBy.EQUAL_VALUE, ["order"]),
    )
    assert made({"copy": order}, "copy", {"order": order}).how is How.RENAMED
    assert made({"order": order}, "order", {"order": {"id": 8}}).how is How.COMPUTED
    several = {"x": {"order": order}, "order": order, "y": order}
    assert places(made({"order": order}, "order", several)) == ["order"]
    assert places(made({"order": order}, "order", {"x": {"order": order}, "y": order})) == [
        "x/order"
    ]


def test_a_sum_needs_two_rows_of_numbers() -> None:
    def parts(lines: Any, total: Any = 30.75) -> list[Any]:
        found = made({"total": total}, "total", {"lines": lines})
        return [source.tokens[2:] for source in found.made_of]

    sums = [("lines", "0-2", "amount")]
    assert parts([{"amount": 10.5}, {"amount": 20.25}]) == sums
    assert parts([{"amount": 30.751}, {"amount": None}]) == sums
    assert parts([{"amount": 30.756}, {"amount": None}]) == []
    assert parts([{"amount": 10.5}, {"amount": "20.25"}]) == []
    assert parts([{"amount": True}, {"amount": 29.75}]) == []
    assert parts([{"x": 1}, {"x": 1}], True) == []
    assert parts([{"id": "A", "amount": 10.5}, {"id": "B", "amount": 20.25}]) == sums


def test_a_made_value_names_the_fields_that_its_source_reads_and_lacks() -> None:
    code = "def main(data):\n    return {'sum': data['net'] + data['vat'] + data['fee']}\n"
    found = made({"sum": 12.5}, "sum", {"net": 10, "vat": 2, "other": 1}, code)
    assert (found.how, found.known_by, found.lacks) == (How.COMPUTED, KnownBy.RECORD, ("fee",))
    assert [source.value for source in found.made_of] == [10, 2]


def test_a_made_value_without_a_source_names_the_field_of_its_own_name() -> None:
    found = made({"total": 12.5}, "total", {"total": 10, "net": 5})
    assert (found.how, found.known_by) == (How.COMPUTED, None)
    assert [source.value for source in found.made_of] == [10]
    row = made({"rows": [{"n": 5}, {"n": 6}]}, "rows/1/n", {"rows": [{"n": 1}, {"n": 2}], "n": 3})
    assert sorted(source.value for source in row.made_of) == [2, 3]


def test_an_item_of_a_list_has_the_name_of_the_list() -> None:
    assert made({"tags": ["INV-7781"]}, "tags/0", {"labels": ["INV-7781"]}).how is How.RENAMED
    assert made({"tags": ["INV-7781"]}, "tags/0", {"tags": ["INV-7781"]}).how is How.PASSED_ON
