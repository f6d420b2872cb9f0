"""compare_runs: values that differ only by a character that nobody can see."""

from typing import Any

import pytest

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.builder.graph import block, json_handle, workflow
from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.records import Sample, SampleRun
from tests.support.asking import asking

GRAPH = workflow(
    "rate-route",
    "Rate a route",
    block("route", "start_json", "Route"),
    block("read-port", "function", "Read port"),
    block("rate-port", "function", "Rate port"),
)
PATH = "/handle_outputs/output-json-0/data/ports/1/code"


def route_run(name: str, code: str, rate: int) -> SampleRun:
    build = RunBuilder(name, GRAPH, "2026-05-04T10:00:00Z")
    ports = {"ports": [{"name": "Rotterdam", "code": "RTM"}, {"name": "Genoa", "code": code}]}
    build.start("route", {"route": 12}, seconds=0.2)
    build.step("read-port", outputs={"output-json-0": json_handle(ports)})
    given: dict[str, Any] = {"input-json-0": json_handle(ports)}
    build.step("rate-port", inputs=given, outputs={"output-json-0": json_handle({"rate": rate})})
    return build.run("completed", 2.0)


async def compared(code: str, other_code: str) -> dict[str, Any]:
    run, other = route_run("route-a", code, 40), route_run("route-b", other_code, 55)
    async with asking(create_app("g3", [Sample("routes", "Routes", (run, other))])) as asker:
        return await asker.ask("compare_runs", run_id=run.id, other_run_id=other.id)


@pytest.mark.parametrize(
    ("code", "other_code", "hidden"),
    [
        ("GOA", "GOA\u2060", "b contains U+2060"),
        ("GOA\ufeff", "GOA", "a contains U+FEFF"),
        ("GOA\u200b", "GOA\u2060", "a contains U+200B; b contains U+2060"),
    ],
)
async def test_an_invisible_character_is_a_named_difference(
    code: str, other_code: str, hidden: str
) -> None:
    answer = await compared(code, other_code)
    assert answer["first_difference"] == {"block_id": "read-port", "differs": "output"}
    rows = {row["block_id"]: row for row in answer["differences"]}
    change = {"path": PATH, "a": "GOA", "b": "GOA", "hidden": hidden}
    assert rows["read-port"]["changes"] == [change]
    assert "same_inputs" not in rows["rate-port"]


@pytest.mark.parametrize("code", ["GOA", "GOA\u2060"])
async def test_equal_values_are_equal_with_and_without_invisible_characters(code: str) -> None:
    answer = await compared(code, code)
    (row,) = answer["differences"]
    assert (row["block_id"], row["same_inputs"]) == ("rate-port", 1)
    assert "hidden" not in row["changes"][0]
