"""get_run shows what was sent at the field that was refused, in every generation."""

from typing import Any

import pytest

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.builder.artifacts import api_call, attempt
from retab_mcp.sandbox.builder.graph import block, workflow
from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.records import Json, Sample
from tests.support.asking import asking

CREATED_AT = "2026-09-02T06:30:00Z"
GENERATIONS = ("g1", "g2a", "g2b", "g2c", "g2e", "g3")
URL = "https://customs.example/v2/declarations"
PARCELS: Json = [{"sku": f"A-{number}", "net_mass_kg": 2.5} for number in range(30)]
PARCELS[20]["net_mass_kg"] = 0


def call(middle: str, data: Json, name: str) -> RunBuilder:
    """Return a run that has `data`, before its second block runs."""
    graph = workflow(
        name,
        "Customs",
        block("arrive", "start_json", "Parcels arrive"),
        block("declare", middle, "Declare them"),
        "arrive > declare",
    )
    build = RunBuilder(name, graph, CREATED_AT)
    build.start("arrive", data)
    return build


async def evidence_of(generation: str, build: RunBuilder) -> dict[str, Any]:
    """Return the evidence of the run, whose last step failed."""
    run = build.failed(build.steps[-1], 2.0)
    async with asking(create_app(generation, [Sample("refused", "", (run,))])) as asker:
        answer = await asker.ask("get_run", run_id=run.id)
    evidence: dict[str, Any] = answer["cause"].get("evidence", {})
    return evidence


def refuse(build: RunBuilder, status: int, body: Json, sent: Json, **fields: Any) -> None:
    """Fail the call with one attempt that was answered with `status` and `body`."""
    times: dict[str, Any] = {
        "started_at": build.time(),
        "completed_at": build.time(),
        "duration_ms": 90,
    }
    tried = attempt(0, "POST", URL, status, body, request_body=sent, **times, **fields)
    ref = build.artifact("api_call_invocation", "declare", api_call([tried]))
    typed = {"method": "POST", "url": URL, "status_code": status, "response_data": body}
    output = {**typed, "request_body": sent, "error": "API call failed"}
    build.fail("declare", "API call failed", artifact=ref, output=output)


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_line_of_the_request(generation: str) -> None:
    build = call("api_call", {"parcels": PARCELS}, "line-of-request")
    refuse(build, 422, {"error": "line 21, net_mass_kg must exceed 0"}, {"lines": PARCELS})
    evidence = await evidence_of(generation, build)
    assert evidence["sent"] == [
        {
            "path": "/attempts/0/request_body/lines/20/net_mass_kg",
            "value": 0,
            "counted_from": 1,
        }
    ]
    assert "request_body" not in evidence


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_field_that_was_not_sent(generation: str) -> None:
    build = call("api_call", {"parcels": PARCELS}, "field-not-sent")
    refuse(build, 400, {"detail": "eori_number is required"}, {"carrier": "DHX", "lane": 4})
    evidence = await evidence_of(generation, build)
    [shown] = evidence["sent"]
    assert shown["missing"] == "eori_number"
    assert shown["keys"] == ["carrier", "lane"]


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_id_that_exists_already(generation: str) -> None:
    build = call("api_call", {"parcels": PARCELS}, "id-exists")
    refuse(build, 409, {"error": "declaration MRN-77 was filed before"}, {"reference": "MRN-77"})
    evidence = await evidence_of(generation, build)
    assert evidence["sent"] == [{"path": "/attempts/0/request_body/reference", "value": "MRN-77"}]


@pytest.mark.parametrize("generation", ["g2b", "g2c", "g2e", "g3"])
@pytest.mark.parametrize("status", [401, 403])
async def test_credentials_that_were_sent(generation: str, status: int) -> None:
    build = call("api_call", {"parcels": PARCELS}, f"credentials-{status}")
    headers = {"Content-Type": "application/json", "X-Api-Key": "k"}
    refuse(build, status, None, {}, request_headers=headers)
    assert (await evidence_of(generation, build))["credentials_sent"] == ["X-Api-Key"]


@pytest.mark.parametrize("generation", ["g2b", "g2c", "g2e", "g3"])
async def test_no_credentials_were_sent(generation: str) -> None:
    build = call("api_call", {"parcels": PARCELS}, "no-credentials")
    refuse(build, 401, None, {}, request_headers={"Accept": "application/json"})
    assert (await evidence_of(generation, build))["credentials_sent"] == "none among Accept"


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_input_of_a_function(generation: str) -> None:
    build = call("function", {"parcels": PARCELS}, "function-input")
    build.fail("declare", "ValueError: parcel 20: net_mass_kg must be positive")
    assert (await evidence_of(generation, build))["sent"] == [
        {
            "path": "/handle_inputs/input-json-0/data/parcels/20/net_mass_kg",
            "value": 0,
            "counted_from": 0,
        }
    ]


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("status", [503, 429])
async def test_nothing_is_said_where_the_request_was_not_refused(
    generation: str, status: int
) -> None:
    build = call("api_call", {"parcels": PARCELS}, f"not-refused-{status}")
    refuse(build, status, {"error": "line 21, net_mass_kg queue is full"}, {"lines": PARCELS})
    assert "sent" not in await evidence_of(generation, build)
