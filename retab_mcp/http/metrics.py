"""Metrics for Prometheus: counts, times and sizes, never a key, an id or a payload."""

import os
from functools import cache
from http import HTTPStatus
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from retab_mcp.http.worker_folder import METRICS_FOLDER_VARIABLE
from retab_mcp.retab.observer import Attempt

# Seconds, from a cached answer to the longest call.
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50)
# From an error answer to the largest answer that the token budget allows.
_BYTES = (250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000)


class Metrics:
    """The metrics of one process; `exposition` adds up those of all workers."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self._registry = registry
        self.calls = Counter(
            "retab_mcp_tool_calls", "Tool calls that ended.", ["tool"], registry=registry
        )
        self.errors = Counter(
            "retab_mcp_tool_errors",
            "Tool calls that ended with an error answer, or without any answer.",
            ["tool", "kind"],
            registry=registry,
        )
        self.call_seconds = Histogram(
            "retab_mcp_tool_call_seconds",
            "Time from a tool call to its answer.",
            ["tool"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.answer_bytes = Histogram(
            "retab_mcp_tool_answer_bytes",
            "Size of the text of answers.",
            ["tool"],
            buckets=_BYTES,
            registry=registry,
        )
        self.upstream_requests = Counter(
            "retab_mcp_upstream_requests",
            "Requests to Retab; the status is 'none' without a response.",
            ["route", "status"],
            registry=registry,
        )
        self.upstream_retries = Counter(
            "retab_mcp_upstream_retries",
            "Requests to Retab that were retries.",
            ["route"],
            registry=registry,
        )
        self.upstream_seconds = Histogram(
            "retab_mcp_upstream_request_seconds",
            "Time of a request to Retab.",
            ["route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.cache_lookups = Counter(
            "retab_mcp_cache_lookups",
            "Lookups in the caches of runs and answers.",
            ["result"],
            registry=registry,
        )
        self.refusals = Counter(
            "retab_mcp_http_refusals",
            "Requests that were refused before they became a tool call.",
            ["status"],
            registry=registry,
        )
        self.in_flight = Gauge(
            "retab_mcp_in_flight",
            "Requests in progress.",
            multiprocess_mode="livesum",
            registry=registry,
        )
        self.waiting = Gauge(
            "retab_mcp_waiting",
            "Requests in the queue.",
            multiprocess_mode="livesum",
            registry=registry,
        )
        # A call changes these; looking up a label takes longer than counting.
        self._calls_of = cache(self.calls.labels)
        self._call_seconds_of = cache(self.call_seconds.labels)
        self._answer_bytes_of = cache(self.answer_bytes.labels)
        self._lookups_of = cache(self.cache_lookups.labels)

    def call_ended(self, tool: str, kind: str, seconds: float, size: int) -> None:
        """Count a tool call; `kind` is that of its error or empty, `size` is in bytes."""
        self._calls_of(tool).inc()
        self._call_seconds_of(tool).observe(seconds)
        if kind:
            self.errors.labels(tool, kind).inc()
        if size:
            self._answer_bytes_of(tool).observe(size)

    def attempt_ended(self, attempt: Attempt, seconds: float) -> None:
        """Count a request to Retab."""
        route = attempt.template
        self.upstream_requests.labels(route, str(attempt.status or "none")).inc()
        self.upstream_seconds.labels(route).observe(seconds)
        if attempt.number:
            self.upstream_retries.labels(route).inc()

    def looked_up(self, *, hit: bool) -> None:
        """Count a cache lookup."""
        self._lookups_of("hit" if hit else "miss").inc()

    def refused(self, status: HTTPStatus) -> None:
        """Count a request refused with `status`."""
        self.refusals.labels(str(status.value)).inc()

    def exposition(self) -> bytes:
        """Return the metrics of all workers in Prometheus text format."""
        folder = os.environ.get(METRICS_FOLDER_VARIABLE)
        if not folder:
            return generate_latest(self._registry)
        _forget_dead_workers(Path(folder))
        joined = CollectorRegistry()
        MultiProcessCollector(joined)  # type: ignore[no-untyped-call]
        return generate_latest(joined)


def _forget_dead_workers(folder: Path) -> None:
    """Drop the gauges of workers that were killed."""
    for path in folder.glob("gauge_live*_*.db"):
        pid = path.stem.rpartition("_")[2]
        if pid.isdecimal() and not Path("/proc", pid).exists():
            mark_process_dead(int(pid), str(folder))  # type: ignore[no-untyped-call]
