"""get_run shows what the failed step's own record says, in every generation that sends it."""

from typing import Any

import pytest

from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.builder.artifacts import function, parse
from retab_mcp.sandbox.builder.graph import block, workflow
from retab_mcp.sandbox.builder.run import RunBuilder, failure_of
from retab_mcp.sandbox.records import Sample, SampleFailure
from tests.support.asking import asking

CREATED_AT = "2026-09-02T06:30:00Z"
# Errors of artifacts: functions and API calls have records since g2b, primitives with errors since
# g2e. In g1 and g2a only the step's typed output and details hold more than its message.
RECORDS = ("g2b", "g2c", "g2e", "g3")
ALL = ("g1", "g2a", "g2b", "g2c", "g2e", "g3")


def freight(middle: str, name: str = "freight") -> RunBuilder:
    """Return a run of start > middle > end, started."""
    graph = workflow(
        name,
        "Freight",
        block("arrive", "start_json", "Parcels arrive"),
        block("weigh", middle, "Weigh them"),
        block("file", "api_call", "File them"),
        "arrive > weigh > file",
    )
    build = RunBuilder(f"{name}-{middle}", graph, CREATED_AT)
    build.start("arrive", {"parcels": [{"sku": "A-1", "net_mass_kg": 3.5}]})
    return build


async def cause_in(generation: str, build: RunBuilder, **fields: Any) -> dict[str, Any]:
    """Return the cause of the run, whose last step failed."""
    run = build.failed(build.steps[-1], 2.0, **fields)
    async with asking(create_app(generation, [Sample("own-records", "", (run,))])) as asker:
        answer = await asker.ask("get_run", run_id=run.id)
    cause: dict[str, Any] = answer["cause"]
    return cause


@pytest.mark.parametrize("generation", RECORDS)
@pytest.mark.parametrize("wrapper", ["Step failed", "[object Object]", "", "Error: Error:", "None"])
async def test_function_record_behind_a_wrapper(generation: str, wrapper: str) -> None:
    build = freight("function")
    failure = SampleFailure(message="TariffMissing: no tariff for zone 9 [line 14]")
    ref = build.artifact("function_invocation", "weigh", function({}, None, 4), failure=failure)
    build.fail("weigh", wrapper, artifact=ref)
    cause = await cause_in(generation, build)
    assert cause["message"] == "TariffMissing: no tariff for zone 9 [line 14]"
    assert cause["kind"] == "function_exception"
    only = f'only says "{wrapper}"' if wrapper else "has no message"
    assert f"the step itself {only}" in cause["reasons"]


@pytest.mark.parametrize("generation", RECORDS)
async def test_record_adds_to_a_message_that_says_something(generation: str) -> None:
    build = freight("api_call")
    failure = SampleFailure(message="carrier.internal is not in the list of permitted hosts")
    ref = build.call("https://carrier.internal/v2", name="weigh", failure=failure)
    build.fail("weigh", "The carrier could not be asked", artifact=ref)
    cause = await cause_in(generation, build)
    assert cause["message"] == "The carrier could not be asked"
    assert cause["evidence"]["error"] == "carrier.internal is not in the list of permitted hosts"


@pytest.mark.parametrize("generation", ["g2e", "g3"])
async def test_primitive_that_failed(generation: str) -> None:
    build = freight("parse")
    failure = SampleFailure(
        message="Scan exceeds 80 MB", code="too_big", details={"page": 7, "limit_mb": 80}
    )
    ref = build.artifact(
        "parse", "weigh", parse(build.stored, []), status="failed", failure=failure
    )
    build.fail("weigh", "Unknown error", artifact=ref)
    cause = await cause_in(generation, build)
    assert cause["message"] == "Scan exceeds 80 MB"
    assert cause["kind"] == "document_unreadable"
    assert cause["evidence"]["details"] == {"page": 7, "limit_mb": 80}


@pytest.mark.parametrize("generation", ALL)
async def test_facts_in_the_details_of_the_error(generation: str) -> None:
    build = freight("extract")
    facts = {"credits_left": 0, "renews_at": "2026-10-01", "used": {"value": 512, "threshold": 500}}
    build.fail("weigh", "Not enough credits", code="quota", context=facts)
    cause = await cause_in(generation, build)
    assert cause["evidence"] == {"error_code": "quota", "details": facts}


@pytest.mark.parametrize("generation", ALL)
async def test_facts_of_the_step_when_the_run_says_something_else(generation: str) -> None:
    build = freight("extract")
    build.fail("weigh", "Not enough credits", context={"credits_left": 0})
    run = build.run("error", 2.0, failure=failure_of("The workflow has ended"))
    async with asking(create_app(generation, [Sample("own-records", "", (run,))])) as asker:
        cause = (await asker.ask("get_run", run_id=run.id))["cause"]
    assert cause["evidence"] == {"details": {"credits_left": 0}}


@pytest.mark.parametrize("generation", ALL)
async def test_causes_nested_in_the_details(generation: str) -> None:
    build = freight("extract")
    nested = {"cause": {"message": "Step failed", "inner": {"reason": "page 3 has no text layer"}}}
    build.fail("weigh", "Extraction failed: [object Object]", context=nested)
    cause = await cause_in(generation, build)
    shown = cause["message"], cause.get("evidence", {}).get("error")
    assert "page 3 has no text layer" in shown


@pytest.mark.parametrize("generation", ALL)
async def test_message_that_says_everything_is_not_repeated(generation: str) -> None:
    build = freight("extract")
    build.fail("weigh", "The scan has no text", context={"message": "the scan has no text."})
    cause = await cause_in(generation, build)
    assert cause["message"] == "The scan has no text"
    assert "evidence" not in cause
    assert not any("the step itself" in reason for reason in cause["reasons"])
