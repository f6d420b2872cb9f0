"""Spans of tool calls and of requests to Retab."""

from collections.abc import Iterator

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from retab_mcp.sandbox.app import create_app as create_sandbox
from tests.http.scene import KEY_OF_ACME, Tenants, ask, connected, service_app
from tests.samples import all_samples

RUN_ID = all_samples()[0].runs[0].id


@pytest.fixture(scope="module")
def exporter() -> InMemorySpanExporter:
    """Return the exporter of this process: OpenTelemetry accepts one provider."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return exporter


@pytest.fixture
def spans(exporter: InMemorySpanExporter) -> Iterator[InMemorySpanExporter]:
    exporter.clear()
    yield exporter
    exporter.clear()


def named(spans: InMemorySpanExporter, name: str) -> ReadableSpan:
    return next(span for span in spans.get_finished_spans() if span.name == name)


async def run_call(run_id: str) -> None:
    retab = Tenants({KEY_OF_ACME: create_sandbox("g3", all_samples()[:1], key=KEY_OF_ACME)})
    async with connected(service_app(retab)) as client:
        await ask(client, KEY_OF_ACME, "list_steps", {"run_id": run_id})


async def test_the_span_of_a_request_to_retab_is_a_child_of_the_call(
    spans: InMemorySpanExporter,
) -> None:
    await run_call(RUN_ID)
    call = named(spans, "tools/call list_steps")
    request = named(spans, "GET /v1/workflows/runs/{run_id}")
    assert request.parent is not None
    assert request.parent.span_id == call.context.span_id
    assert call.attributes is not None
    assert request.attributes is not None
    assert call.attributes["retab_mcp.answer.size"] > 100  # type: ignore[operator]
    assert request.attributes["http.response.status_code"] == 200
    assert request.attributes["http.response.body.size"] > 100  # type: ignore[operator]
    assert request.attributes["http.request.resend_count"] == 0


async def test_the_span_of_an_error_has_its_kind(spans: InMemorySpanExporter) -> None:
    await run_call("run_none")
    call = named(spans, "tools/call list_steps")
    assert call.attributes is not None
    assert call.attributes["retab_mcp.error.kind"] == "not_found"
    assert not call.status.is_ok


async def test_no_span_contains_an_id_a_payload_or_a_key(spans: InMemorySpanExporter) -> None:
    await run_call(RUN_ID)
    for span in spans.get_finished_spans():
        text = span.to_json()
        for secret in (RUN_ID, KEY_OF_ACME, "INV-2026"):
            assert secret not in text
