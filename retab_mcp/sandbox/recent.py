"""Move samples to the days around now, so that "yesterday" and "the last week" find runs."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from retab_mcp.sandbox.records import (
    Lazy,
    Sample,
    SampleEvalRun,
    SampleExperiment,
    SampleRun,
    after,
    resolve,
)
from retab_mcp.sandbox.samples import all_samples

# A run that runs now began this long ago.
_RUNNING_SECONDS = 300
_UNFINISHED = frozenset({"pending", "queued", "running"})
# Payloads: what a document says stays as it is.
_DOCUMENT_FIELDS = frozenset(
    {"handle_inputs", "handle_outputs", "output", "json_data", "final_outputs", "documents"}
)
_TIME_FIELD = re.compile(r"(.*_at|.*_since)")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def recent_samples(
    samples: Iterable[Sample] | None = None, now: datetime | None = None
) -> tuple[Sample, ...]:
    """Return samples (default: the sandbox's own), each moved so that its last run ends before now.

    They are moved by whole days, so that the last run is less than a day old and keeps its time of
    the day; an unfinished run began minutes ago. Dates in documents stay. `now` is in UTC.
    """
    now = now or datetime.now(UTC)
    samples = all_samples() if samples is None else samples
    return tuple(_moved(sample, _seconds(sample, now)) for sample in samples)


def _seconds(sample: Sample, now: datetime) -> float:
    records: tuple[SampleRun | SampleExperiment | SampleEvalRun, ...]
    records = (*sample.runs, *sample.experiments, *sample.eval_runs)
    newest = max(datetime.fromisoformat(record.created_at) for record in records)
    past = now.astimezone(UTC) - newest
    if any(record.status in _UNFINISHED for record in records):
        return past.total_seconds() - _RUNNING_SECONDS
    # The run itself takes time, so that a run of one hour must begin an hour ago.
    ends = [datetime.fromisoformat(each.completed_at) for each in records if each.completed_at]
    left = now.astimezone(UTC) - max([newest, *ends])
    return timedelta(days=left.days).total_seconds()


def _moved(value: Any, seconds: float, name: str = "") -> Any:
    if isinstance(value, str):
        is_time = _TIME_FIELD.fullmatch(name) and _TIME.fullmatch(value)
        return after(value, seconds) if is_time else value
    if isinstance(value, Mapping):
        return {key: _moved(child, seconds, str(key)) for key, child in value.items()}
    if isinstance(value, tuple):
        return tuple(_moved(child, seconds, name) for child in value)
    if callable(value):
        return partial(_resolved, value, seconds)
    if is_dataclass(value) and not isinstance(value, type):
        names = {each.name for each in fields(value) if each.init} - _DOCUMENT_FIELDS
        return replace(
            value, **{each: _moved(getattr(value, each), seconds, each) for each in names}
        )
    return value


def _resolved(value: Lazy[Any], seconds: float) -> Any:
    return _moved(resolve(value), seconds)
