"""A run of evals: assertions about what a block puts out for given inputs."""

from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from retab_mcp.models.base import Json, Record
from retab_mcp.models.failure import Failure
from retab_mcp.models.status import StatusWord


class EvalVerdict(StrEnum):
    """The outcome of an eval; blocked means that a step before the block could not run."""

    PASSED = "passed"
    FAILED = "failed"
    BLOCKED = "blocked"


EvalVerdictWord: TypeAlias = EvalVerdict | str


class EvalRun(Record):
    """A run of one or all evals of a workflow; `counts` has the number of results by verdict."""

    id: str
    workflow_id: str | None = None
    workflow_version_id: str | None = None
    eval_id: str | None = None
    status: StatusWord
    failure: Failure | None = None
    reason: str | None = None
    total: int | None = None
    counts: dict[str, int] = {}
    created_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    duration_ms: int | None = None


class EvalResult(Record):
    """The result of one eval; `failure` is that of its execution, `reason` of its assertion.

    `condition` is the kind of the assertion, such as equals. `score` and `threshold` are those of
    similarities.
    """

    id: str | None = None
    eval_id: str | None = None
    block_id: str | None = None
    status: StatusWord
    verdict: EvalVerdictWord | None = None
    failure: Failure | None = None
    label: str | None = None
    condition: str | None = None
    expected: Json = None
    actual: Json = None
    score: float | None = None
    threshold: float | None = None
    reason: str | None = None
    warnings: tuple[str, ...] = ()
