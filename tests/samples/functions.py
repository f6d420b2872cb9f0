"""A function that raises because of one text among 20,000 numbers."""

from retab_mcp.sandbox.builder.graph import block, json_handle, workflow
from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.records import Json, Sample
from retab_mcp.sandbox.samples.failing import raise_in, traceback
from tests.samples.generated import price_list

PRICES = workflow(
    "price-list-import",
    "Price list import",
    block("start-price-list", "start_json", "Price list"),
    block("check-rows", "function", "Check the rows"),
    block("value-stock", "function", "Value the stock"),
    block("publish-prices", "api_call", "Publish prices", method="PUT"),
    "start-price-list > check-rows > value-stock > publish-prices",
)
TEXT_QUANTITY_AT = 13_377
TEXT_QUANTITY = "12 pcs"


def _data() -> dict[str, Json]:
    return {"currency": "EUR", "rows": list(price_list(TEXT_QUANTITY_AT, TEXT_QUANTITY))}


def _handles() -> dict[str, Json]:
    return {"output-json-0": json_handle(_data())}


def price_list_outlier() -> Sample:
    """Return a run in which a function multiplies 20,000 quantities, one of them a text."""
    build = RunBuilder("price-list-outlier", PRICES, "2026-08-06T05:30:00Z")
    build.step("start-price-list", 0.4, outputs=_handles)
    build.step("check-rows", 2.1, outputs=_handles)
    message = "TypeError: can't multiply sequence by non-int of type 'float'"
    frames = [
        (19, "main", "return {'value': sum(value_of(row) for row in data['rows'])}"),
        (19, "<genexpr>", "return {'value': sum(value_of(row) for row in data['rows'])}"),
        (11, "value_of", "return row['qty'] * row['unit_price'] * (1 - row['discount'])"),
    ]
    step = raise_in(build, "value-stock", message, 1.4, traceback(frames, message), _data)
    build.skip("Upstream block 'value-stock' failed", "publish-prices")
    run = build.failed(step, 4.2, json_data=lambda: {"start-price-list": _data()})
    title = "One quantity among 20,000 rows is a text, and a function multiplies it"
    return Sample("price-list-outlier", title, (run,))


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return (price_list_outlier(),)
