"""get_run of a failed run: values that an earlier step changed, if the error names them."""

from typing import Any

import pytest

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.builder.graph import block
from retab_mcp.sandbox.records import Sample
from tests.labelled.flow import json_handles, run_function
from tests.labelled.scenario import LabelledRun
from tests.support.asking import asking


async def refused(generation: str, made: dict[str, Any], field: str) -> dict[str, Any]:
    """Return the answer about a run whose function made `made`, and whose API refused `field`."""
    given = {"total": "1.234,56", "city": "Köln"}
    build = LabelledRun(
        "refused-order",
        "An order was refused",
        (
            block("order-in", "start_json", "Order"),
            block("shape-order", "function", "Shape the order"),
            block("send-order", "api_call", "Send"),
        ),
        "order-in > shape-order > send-order",
    )
    build.start("order-in", given)
    run_function(build, "shape-order", given, made)
    body = {"errors": [{"field": field, "reason": "is not acceptable"}]}
    call = build.call("https://erp.example.com/orders", (422, body), sent=made)
    message = f"422 Unprocessable Entity: {field} is not acceptable"
    step = build.fail("send-order", message, artifact=call, inputs=json_handles(made))
    run = build.failed(step, 3.0)
    async with asking(create_app(generation, [Sample("refused", "Refused", (run,))])) as asker:
        return await asker.ask("get_run", run_id=run.id)


@pytest.mark.parametrize("generation", ["g2e", "g3"])
async def test_a_refused_value_was_misread_before(generation: str) -> None:
    answer = await refused(generation, {"total": 1.23456, "city": "Köln"}, "total")
    assert answer["cause"]["step_id"] == "send-order"
    (found,) = answer["findings"]
    assert (found["kind"], found["step_id"]) == ("number_changed", "shape-order")
    assert "1.234,56" in found["message"]


@pytest.mark.parametrize("generation", ["g2e", "g3"])
async def test_a_missing_value_was_lost_before(generation: str) -> None:
    answer = await refused(generation, {"total": 1234.56, "city": None}, "city")
    assert [found["kind"] for found in answer["findings"]] == ["value_lost"]


@pytest.mark.parametrize(
    ("made", "field"),
    [
        ({"total": 1.23456, "city": "Köln"}, "city"),
        ({"total": 1234.56, "city": "Köln"}, "total"),
        ({"total": 1234.56}, "city"),
    ],
)
async def test_a_change_that_the_error_does_not_name_is_left_out(
    made: dict[str, Any], field: str
) -> None:
    assert "findings" not in await refused("g3", made, field)
