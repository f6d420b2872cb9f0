"""Metrics, spans, log lines and the answer cache around every tool call."""

import logging
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pydantic_core
from mcp.server.mcpserver import Context
from mcp.shared.exceptions import MCPError
from mcp.types import CallToolResult, InputRequiredResult, TextContent

from retab_mcp.http.accepted_callers import AcceptedCallers
from retab_mcp.http.answer_cache import AnswerCache, answer_cache_key
from retab_mcp.http.caller import Caller, address_of, caller_of, caller_of_scope, scope_of
from retab_mcp.http.metrics import Metrics
from retab_mcp.http.request_id import request_id_of
from retab_mcp.http.tracing import describe_call, upstream_span
from retab_mcp.queries.ids import ARTIFACT, DOCUMENT, EXPERIMENT, EXPERIMENT_RUN, RUN, WORKFLOW
from retab_mcp.queries.service import Service
from retab_mcp.retab.observer import Attempt, Observer
from retab_mcp.safety.redact import redact_text
from retab_mcp.server import RetabServer
from retab_mcp.settings import KeySource, Settings
from retab_mcp.tools.catalog import TOOLS

logger = logging.getLogger("retab_mcp.http")

# How a call ends without an answer of the tool.
_CANCELLED = "cancelled"
_REFUSED = "invalid_request"

# An argument is logged if the whole of it is a Retab id and no part looks like a credential.
# Step and block ids are not logged, since users choose the names of blocks.
MAX_KNOWN_IDS = 1024
_ID_KINDS = (RUN, ARTIFACT, EXPERIMENT_RUN, DOCUMENT, EXPERIMENT, WORKFLOW)
_PREFIXES = "|".join(prefix for kind in _ID_KINDS for prefix in kind.prefixes)
_ID_FORM = re.compile(rf"(?:{_PREFIXES})[A-Za-z0-9_-]{{1,64}}", re.ASCII)


@dataclass
class _Call:
    """The caller of one tool call, and the number of requests to Retab that it caused."""

    caller: str
    requests: int = 0


# Inherited by the tasks of a call, so that each request to Retab is counted for its call.
_current_call: ContextVar[_Call | None] = ContextVar("current_call", default=None)


class InstrumentedServer(RetabServer):
    """A RetabServer that counts, times and logs every tool call and caches answers."""

    def __init__(self, settings: Settings, service: Service, metrics: Metrics) -> None:
        self._metrics = metrics
        self._tool_names = frozenset(spec.name for spec in TOOLS)
        self._answers = AnswerCache()
        super().__init__(
            settings, key_of=lambda context: caller_of(context).key, specs=TOOLS, service=service
        )

    def key_source(self, context: Context[None, Any] | None) -> KeySource:
        """Return who can correct the key of a call."""
        return caller_of(context).source

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[None, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Answer like RetabServer, and record how the call went."""
        started = time.perf_counter()
        scope = scope_of(context)
        caller = caller_of_scope(scope)
        call = _Call(caller.fingerprint)
        _current_call.set(call)
        kind, size = _CANCELLED, 0
        try:
            result = await self._cached_or_new(call, caller, name, arguments, context)
            kind, size = _outcome(result)
        except MCPError:
            kind = _REFUSED
            raise
        else:
            return result
        finally:
            seconds = time.perf_counter() - started
            tool = name if name in self._tool_names else "unknown"
            self._metrics.call_ended(tool, kind, seconds, size)
            describe_call(kind=kind, size=size)
            logger.info(
                "call",
                extra={
                    "request_id": request_id_of(scope),
                    "tool": tool,
                    "ms": round(seconds * 1000, 1),
                    "requests": call.requests,
                    "kind": kind or None,
                    "ids": loggable_ids(arguments),
                    "caller": caller.name,
                    "client": address_of(scope) or None,
                },
            )

    async def _cached_or_new(
        self,
        call: _Call,
        caller: Caller,
        name: str,
        arguments: dict[str, Any],
        context: Context[None, Any] | None,
    ) -> CallToolResult | InputRequiredResult:
        key = answer_cache_key(caller, name, arguments)
        cached = self._answers.get(key)
        if cached is not None:
            self._metrics.looked_up(hit=True)
            return cached
        result = await super().call_tool(name, arguments, context)
        if isinstance(result, CallToolResult) and not result.is_error and not call.requests:
            self._answers.put(key, result, _outcome(result)[1])
        return result


class UpstreamObserver(Observer):
    """Count and trace requests to Retab, count cache lookups, and note whose key is accepted."""

    def __init__(self, metrics: Metrics, accepted: AcceptedCallers) -> None:
        self._metrics = metrics
        self._accepted = accepted

    @contextmanager
    def attempt(self, attempt: Attempt) -> Iterator[None]:
        """Count and trace one request."""
        call = _current_call.get()
        if call is not None:
            call.requests += 1
        started = time.perf_counter()
        try:
            with upstream_span(attempt):
                yield
        finally:
            self._metrics.attempt_ended(attempt, time.perf_counter() - started)
            if call is not None:
                self._accepted.answered(call.caller, attempt.status)

    def looked_up(self, *, hit: bool) -> None:
        """Count one cache lookup."""
        self._metrics.looked_up(hit=hit)


def loggable_ids(arguments: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the arguments that are Retab ids and nothing else, or None."""
    ids = {
        name: value
        for name, value in arguments.items()
        if name.endswith("_id") and isinstance(value, str) and _is_id(value)
    }
    return ids or None


@lru_cache(MAX_KNOWN_IDS)
def _is_id(text: str) -> bool:
    return _ID_FORM.fullmatch(text) is not None and not redact_text(text)[1]


def _outcome(result: CallToolResult | InputRequiredResult) -> tuple[str, int]:
    """Return the error kind of an answer (empty if it is no error) and its size in bytes."""
    if not isinstance(result, CallToolResult):
        return "", 0
    texts = [part.text for part in result.content if isinstance(part, TextContent)]
    kind = pydantic_core.from_json(texts[0])["kind"] if result.is_error else ""
    return kind, sum(len(text) if text.isascii() else len(text.encode()) for text in texts)
