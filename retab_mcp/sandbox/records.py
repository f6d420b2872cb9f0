"""The records of samples: runs, steps, artifacts, reviews, experiments and evals.

Block types, statuses and field names are those of the current generation; each file in
`generations/` translates them into its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias, TypeVar

# Any JSON value as Python objects.
Json: TypeAlias = Any

T = TypeVar("T")
# A value, or a function without arguments that builds it when it is first served: big payloads
# and long step lists then cost nothing while samples are only listed. The store calls it once.
Lazy: TypeAlias = T | Callable[[], T]
# The payloads of a step by handle, or the fields of an artifact.
Handles: TypeAlias = Mapping[str, Json]


def resolve(value: Lazy[T]) -> T:
    """Return the value itself, or what the function builds."""
    if callable(value):
        built: T = value()
        return built
    return value


def after(start: str, seconds: float) -> str:
    """Return the UTC time `seconds` after `start`, both like "2026-08-03T09:00:00Z".

    Milliseconds are shown where there are any: "2026-08-03T09:00:00.250Z".
    """
    moment = datetime.fromisoformat(start).astimezone(UTC) + timedelta(seconds=seconds)
    precision = "milliseconds" if moment.microsecond else "seconds"
    return moment.replace(tzinfo=None).isoformat(timespec=precision) + "Z"


def moment(time: str | None) -> datetime:
    """Return a time as a sort key; None comes last.

    The strings themselves do not sort: "09:00:00.250Z" is less than "09:00:00Z".
    """
    return datetime.fromisoformat(time) if time else datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class SampleFailure:
    """An error of a run, step, job, artifact or attempt.

    `details` has the vendor's keys: message, stack_trace, block_id, block_name, error_code,
    context. `code` is the code of a primitive's error (extraction and the like).
    """

    message: str
    stage: str | None = None
    category: str | None = None
    details: Mapping[str, Json] | None = None
    code: str | None = None


@dataclass(frozen=True, kw_only=True)
class SampleLoop:
    """A step's place in one loop container; `iteration` counts from 0."""

    container_id: str
    iteration: int
    is_parallel: bool = False
    item_index: int | None = None


@dataclass(frozen=True, kw_only=True)
class SampleRef:
    """An artifact ref; `operation` is one of the eleven of the current generation."""

    operation: str
    id: str


@dataclass(frozen=True, kw_only=True)
class SampleStep:
    """A step. `status`: pending queued running awaiting_review completed error skipped cancelled.

    `failure` goes with error, `reason` with skipped and cancelled. Handles are {"type": "json",
    "data": …} or {"type": "file", "document": {"id", "filename", "mime_type"}}. `output` is the
    typed output that only g1 and g2a send. `cost` is in USD; `cost` and `tokens` go out in g1 and
    g2a only, `credits` and `page_count` in the usage of g3.
    """

    step_id: str
    block_id: str
    type: str
    label: str
    status: str = "completed"
    created_at: str | None = None
    started_at: str | None = None
    completed_at: str | None = None
    failure: SampleFailure | None = None
    reason: str | None = None
    retry_count: int = 0
    loops: tuple[SampleLoop, ...] = ()
    model: str | None = None
    artifact: SampleRef | None = None
    handle_inputs: Lazy[Mapping[str, Json]] = field(default_factory=dict)
    handle_outputs: Lazy[Mapping[str, Json]] = field(default_factory=dict)
    output: Lazy[Json] = None
    cost: float | None = None
    tokens: int | None = None
    credits: float | None = None
    page_count: int | None = None


@dataclass(frozen=True, kw_only=True)
class SampleArtifact:
    """The record behind a ref.

    `data` holds the record's own fields in the current generation's names, without operation,
    id, run_id, step_id, status, error and created_at. Primitives: file, model, output, usage and
    what each has of its own (json_schema, consensus, subdocuments, categories …). `status` is a
    primitive's (completed or failed); the other five operations have none. `sources` are those
    of an extraction's values by JSON Pointer of its output: {"content", "anchor"}, or None where
    the document does not contain the value. Other values are found on page 1 as they are.
    """

    operation: str
    id: str
    data: Lazy[Mapping[str, Json]] = field(default_factory=dict)
    status: str = "completed"
    failure: SampleFailure | None = None
    created_at: str | None = None
    sources: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SampleBlock:
    """A block of the graph that a run executed; `parent_id` is its loop container."""

    id: str
    type: str
    label: str
    config: Mapping[str, Json] = field(default_factory=dict)
    parent_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class SampleEdge:
    """An edge of the graph: which output handle feeds which input handle."""

    id: str
    source: str
    source_handle: str
    target: str
    target_handle: str


@dataclass(frozen=True, kw_only=True)
class SampleReviewVersion:
    """A version of what is reviewed; `author` is {"kind": model|agent|human, "id", ...}.

    `id` matches rvr_ and 26 characters of A-Z2-7; the first version has no parent.
    """

    id: str
    created_at: str
    author: Mapping[str, Json]
    snapshot: Json
    parent_id: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class SampleReview:
    """A review of one step; `decision` is None while it waits.

    `triggered_by` is {"kind": …} with the kind's own fields; `decision` is {"verdict",
    "version_id", "author", "created_at", "reason"}.
    """

    id: str
    block_id: str
    step_id: str
    created_at: str
    block_type: str = "extract"
    triggered_by: Mapping[str, Json] = field(default_factory=lambda: {"kind": "always"})
    decision: Mapping[str, Json] | None = None
    iteration_key: str | None = None
    versions: tuple[SampleReviewVersion, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SampleRun:
    """A run. `status`: pending queued running awaiting_review completed error cancelled.

    `failure` goes with error, `reason` with cancelled, `waiting_for_block_ids` with
    awaiting_review. `trigger` is {"type": manual|api|schedule|webhook|email|restart} and what
    older generations say of it (sender, subject, schedule_id, parent_run_id). Input documents are
    {block_id: {"id", "filename", "mime_type"}}. `final_outputs` goes out in g1 and g2a only.
    """

    id: str
    workflow_id: str
    workflow_name: str
    workflow_version_id: str
    status: str
    created_at: str
    started_at: str | None = None
    completed_at: str | None = None
    trigger: Mapping[str, Json] = field(default_factory=lambda: {"type": "api"})
    failure: SampleFailure | None = None
    failing_step_id: str | None = None
    reason: str | None = None
    waiting_for_block_ids: tuple[str, ...] = ()
    review_waiting_since: str | None = None
    review_waiting_ms: int = 0
    documents: Mapping[str, Json] = field(default_factory=dict)
    json_data: Lazy[Mapping[str, Json]] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    steps: Lazy[tuple[SampleStep, ...]] = ()
    artifacts: Lazy[tuple[SampleArtifact, ...]] = ()
    reviews: tuple[SampleReview, ...] = ()
    blocks: tuple[SampleBlock, ...] = ()
    edges: tuple[SampleEdge, ...] = ()
    final_outputs: Lazy[Json] = None


@dataclass(frozen=True, kw_only=True)
class SampleJob:
    """One document of an experiment run (a result in the current generation).

    `status`: pending queued running completed error cancelled. `attempt` counts from 0. `score`
    is between 0 and 1.
    """

    id: str
    document_id: str
    filename: str
    status: str
    created_at: str
    started_at: str | None = None
    completed_at: str | None = None
    failure: SampleFailure | None = None
    reason: str | None = None
    attempt: int = 0
    is_placeholder: bool = False
    handle_inputs: Lazy[Mapping[str, Json]] = field(default_factory=dict)
    handle_outputs: Lazy[Mapping[str, Json]] = field(default_factory=dict)
    artifact: SampleRef | None = None
    score: float | None = None


@dataclass(frozen=True, kw_only=True)
class SampleExperiment:
    """A run of an experiment: `block_type` extract, classifier, split or for_each.

    Two with the same `id` are runs of one experiment on the same documents. `status` and times
    are the run's. `artifacts` are those that its jobs refer to. With `stale_reasons` its scores
    are out of date.
    """

    id: str
    name: str
    workflow_id: str
    workflow_version_id: str
    block_id: str
    block_type: str
    run_id: str
    status: str
    created_at: str
    started_at: str | None = None
    completed_at: str | None = None
    failure: SampleFailure | None = None
    n_consensus: int = 3
    score: float | None = None
    stale_reasons: tuple[str, ...] = ()
    jobs: tuple[SampleJob, ...] = ()
    artifacts: Lazy[tuple[SampleArtifact, ...]] = ()


@dataclass(frozen=True, kw_only=True)
class SampleEvalResult:
    """The result of one eval: `verdict` passed, failed, blocked or None while it has none.

    `assertion` has the keys of the API's assertion_result besides `outcome`.
    """

    id: str
    eval_id: str
    name: str
    block_id: str
    block_type: str
    status: str = "completed"
    verdict: str | None = None
    assertion: Mapping[str, Json] | None = None
    failure: SampleFailure | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SampleEvalRun:
    """A run of the evals of a workflow."""

    id: str
    workflow_id: str
    workflow_version_id: str
    status: str
    created_at: str
    started_at: str | None = None
    completed_at: str | None = None
    failure: SampleFailure | None = None
    results: tuple[SampleEvalResult, ...] = ()


@dataclass(frozen=True)
class Sample:
    """Runs and experiments that belong together.

    `name` is a short word, `title` a sentence. Ids are unique across all
    samples, since one server serves them together. `secrets` are the fake credentials in
    its payloads, which no answer of any tool may contain.
    """

    name: str
    title: str
    runs: tuple[SampleRun, ...] = ()
    _: KW_ONLY
    experiments: tuple[SampleExperiment, ...] = ()
    eval_runs: tuple[SampleEvalRun, ...] = ()
    secrets: tuple[str, ...] = ()
    generations: tuple[str, ...] | None = None

    def occurs_in(self, generation: str) -> bool:
        """Return whether a generation can serve the sample; `generations` None means all can."""
        return self.generations is None or generation in self.generations
