"""Times in answers: a start and a duration, from which the end follows."""

from datetime import datetime

from retab_mcp.models import ExperimentJob, Run, StepSummary


def end_where_needed(record: Run | StepSummary | ExperimentJob) -> datetime | None:
    """Return when a run, step or job ended, None where its start and duration say it."""
    if record.started_at is not None and record.elapsed_ms is not None:
        return None
    return record.completed_at
