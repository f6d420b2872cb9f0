"""OpenTelemetry spans of tool calls, which the MCP SDK opens, and of requests to Retab.

Without an OpenTelemetry SDK in the process they go nowhere and cost next to nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.trace import SpanKind, StatusCode, get_current_span, get_tracer

from retab_mcp.retab.observer import Attempt

_tracer = get_tracer("retab_mcp")


def describe_call(*, kind: str, size: int) -> None:
    """Add to the span of the tool call the answer's size in bytes, and its error kind if any."""
    span = get_current_span()
    span.set_attribute("retab_mcp.answer.size", size)
    if kind:
        span.set_attribute("retab_mcp.error.kind", kind)


@contextmanager
def upstream_span(attempt: Attempt) -> Iterator[None]:
    """Open a span for one request to Retab: route, status and size; no id, query or header."""
    with _tracer.start_as_current_span(
        f"GET {attempt.template}",
        kind=SpanKind.CLIENT,
        attributes={
            "http.request.method": "GET",
            "url.template": attempt.template,
            "http.request.resend_count": attempt.number,
        },
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield
        except Exception as error:
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(StatusCode.ERROR)
            raise
        if attempt.status is not None:
            span.set_attribute("http.response.status_code", attempt.status)
            span.set_attribute("http.response.body.size", attempt.size)
