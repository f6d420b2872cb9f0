"""A run built step by step."""

from collections.abc import Mapping, Sequence
from typing import Any

from retab_mcp.sandbox.builder.artifacts import api_call, attempt, extraction
from retab_mcp.sandbox.builder.graph import MODEL, Workflow, document, file_handle, json_handle
from retab_mcp.sandbox.builder.ids import ARTIFACT_PREFIXES, identifier
from retab_mcp.sandbox.records import (
    Handles,
    Json,
    Lazy,
    SampleArtifact,
    SampleFailure,
    SampleLoop,
    SampleRef,
    SampleRun,
    SampleStep,
    after,
    resolve,
)

# How long a run waits for a worker, and how long passes between two of its steps.
DISPATCH_SECONDS = 0.4
GAP_SECONDS = 0.05
# How long one attempt of a called API takes, unless a run says otherwise.
CALL_SECONDS = 0.35


def turn(container_id: str, iteration: int, *, parallel: bool = False) -> SampleLoop:
    """Return a place in a loop: the container and the iteration, counted from 0."""
    return SampleLoop(
        container_id=container_id,
        iteration=iteration,
        is_parallel=parallel,
        item_index=iteration if parallel else None,
    )


def failure_of(
    message: str,
    *,
    stage: str | None = "execution",
    category: str | None = "permanent",
    code: str | None = None,
    **details: Json,
) -> SampleFailure:
    """Return a failure; its details (code, block_id, context …) are those that are not None."""
    given = {**details, "error_code": code}
    known = {key: value for key, value in given.items() if value is not None}
    return SampleFailure(
        message=message,
        stage=stage,
        category=category,
        details={"message": message, **known} if known else None,
    )


class RunBuilder:
    """Build a run step by step: each step moves the clock and feeds the steps after it.

    `now` is the clock, in seconds since the run was created; `stored` is the document that the run
    is about, which file handles carry and extractions read.
    """

    def __init__(
        self, name: str, workflow: Workflow, created_at: str, run_id: str | None = None
    ) -> None:
        """Take the run's name, from which ids are drawn unless `run_id` is given."""
        self.id = run_id or identifier("run", name)
        self.now = DISPATCH_SECONDS
        self.stored = document(f"{name}.pdf")
        self.steps: list[SampleStep] = []
        self.artifacts: list[SampleArtifact] = []
        self._workflow = workflow
        self._blocks = {each.id: each for each in workflow.blocks}
        self._created_at = created_at
        self._outputs: dict[str, Lazy[Handles]] = {}
        self._documents: dict[str, Json] = {}

    def step_id(self, block_id: str, loops: Sequence[SampleLoop] = ()) -> str:
        """Return the id that the step of a block has at a place in the loops."""
        places = "".join(f"{loop.container_id}_iter_{loop.iteration}_" for loop in loops)
        return f"{self.id}_{places}{block_id}"

    def time(self) -> str:
        """Return the current time of the clock."""
        return after(self._created_at, self.now)

    def artifact(self, operation: str, name: str, data: Lazy[Handles], **fields: Any) -> SampleRef:
        """Record an artifact, and return the ref for its step.

        Its id is drawn from `name`, the run and the number of artifacts before it.
        """
        drawn = f"{self.id}/{name}/{len(self.artifacts)}"
        given: dict[str, Any] = {
            "id": identifier(ARTIFACT_PREFIXES[operation], drawn),
            "created_at": self.time(),
            **fields,
        }
        record = SampleArtifact(operation=operation, data=data, **given)
        self.artifacts.append(record)
        return SampleRef(operation=operation, id=record.id)

    def step(
        self,
        block_id: str,
        seconds: float = 0.2,
        *,
        outputs: Lazy[Handles] | None = None,
        inputs: Lazy[Handles] | None = None,
        loops: tuple[SampleLoop, ...] = (),
        **fields: Any,
    ) -> SampleStep:
        """Run a block for some seconds: completed, unless `status` says otherwise.

        Without `inputs` it gets what the steps before it sent along its edges.
        """
        started_at = self.time()
        self.now += seconds
        given = {
            "created_at": started_at,
            "started_at": started_at,
            "completed_at": self.time(),
            "handle_inputs": self._fed(block_id) if inputs is None else inputs,
            "handle_outputs": outputs or {},
            **fields,
        }
        step = self._record(block_id, loops, **given)
        self._outputs[block_id] = step.handle_outputs
        self.now += GAP_SECONDS
        return step

    def start(
        self, block_id: str, data: Json = None, filename: str = "", seconds: float = 0.1
    ) -> None:
        """Complete a start block: with the document `filename`, or with `data` as JSON."""
        if data is None:
            self.stored = document(filename) if filename else self.stored
            self._documents[block_id] = self.stored
        self.complete(block_id, data, seconds)

    def complete(
        self,
        block_id: str,
        data: Json = None,
        seconds: float = 0.4,
        *,
        only: str = "",
        **fields: Any,
    ) -> SampleStep:
        """Complete a block that puts `data` on its output handles, or on one: `only`.

        File handles carry the document. A block that no edge leaves puts `data` on output-json-0.
        """
        handles = {each.source_handle for each in self._workflow.edges if each.source == block_id}
        if not handles and data is not None:
            handles = {"output-json-0"}
        sent = {
            handle: file_handle(self.stored) if "-file-" in handle else json_handle(data or {})
            for handle in sorted(handles)
            if only in ("", handle)
        }
        return self.step(block_id, seconds, outputs=sent, **fields)

    def extract(
        self,
        block_id: str,
        data: Json,
        seconds: float,
        schema: Json,
        *,
        likelihoods: Json = None,
        choices: Sequence[Json] = (),
        typed_output: bool = False,
        sources: Mapping[str, Json] | None = None,
        **fields: Any,
    ) -> SampleStep:
        """Complete an extract block that read `data` from the document.

        `typed_output` adds the output that g1 and g2a show next to the handles; `sources` are
        those of single values by JSON Pointer.
        """
        record = extraction(self.stored, schema, data, likelihoods=likelihoods, choices=choices)
        ref = self.artifact("extraction", block_id, record, sources=sources or {})
        if typed_output:
            typed = {"extracted_data": data, "extraction_id": ref.id}
            fields["output"] = {**typed, "likelihoods": likelihoods or {}}
        return self.complete(block_id, data, seconds, artifact=ref, model=MODEL, **fields)

    def fail(
        self,
        block_id: str,
        failure: SampleFailure | str,
        seconds: float = 0.4,
        *,
        stage: str | None = "execution",
        category: str | None = "permanent",
        code: str | None = None,
        trace: str | None = None,
        context: Json = None,
        **fields: Any,
    ) -> SampleStep:
        """Fail a block, with a failure or with a message and its details."""
        if isinstance(failure, str):
            details = {"stack_trace": trace, "context": context}
            failure = failure_of(failure, stage=stage, category=category, code=code, **details)
        return self.step(block_id, seconds, status="error", failure=failure, **fields)

    def skip(self, reason: str, *block_ids: str) -> None:
        """Skip the blocks that would have run next."""
        for block_id in block_ids:
            self.unreached(block_id, "skipped", reason)

    def container(self, block_id: str, began: float, **fields: Any) -> SampleStep:
        """Record the step of a loop container that has run from `began` until now.

        `began` is in seconds on the clock; `loops` where the container itself is inside a loop.
        """
        ended = self.now
        self.now = began
        return self.step(block_id, ended - began, **fields)

    def begin(self, block_id: str, status: str, **fields: Any) -> SampleStep:
        """Start a step that has not ended (running, awaiting_review)."""
        now = self.time()
        given = {
            "created_at": now,
            "started_at": now,
            "handle_inputs": self._fed(block_id),
            **fields,
        }
        return self._record(block_id, (), status=status, **given)

    def unreached(
        self, block_id: str, status: str, reason: str | None = None, **fields: Any
    ) -> SampleStep:
        """Record a step that never started (skipped, pending, queued, cancelled)."""
        given = {"created_at": self.time(), **fields}
        return self._record(block_id, (), status=status, reason=reason, **given)

    def call(
        self,
        url: str,
        *answers: tuple[int | None, Json],
        name: str = "",
        failure: SampleFailure | None = None,
        sent: Json = None,
        lasting: float = CALL_SECONDS,
        starts: Sequence[float] = (),
        **fields: Any,
    ) -> SampleRef:
        """Record an API call: a (status, body) for each attempt, or (None, error message).

        An attempt takes `lasting` seconds and begins at `starts` seconds after the first, by
        default when the one before it ends. `fields` go to every attempt (request_headers …).
        """
        tries = []
        for number, (status, body) in enumerate(answers):
            begun = after(self.time(), starts[number] if starts else number * lasting)
            error = {"message": body} if status is None else None
            given = {
                "started_at": begun,
                "completed_at": after(begun, lasting),
                "duration_ms": round(lasting * 1000),
                "request_body": sent,
                "error": error,
                **fields,
            }
            answer = None if status is None else body
            tries.append(attempt(number, "POST", url, status, answer, **given))
        return self.artifact("api_call_invocation", name or url, api_call(tries), failure=failure)

    def run(
        self, status: str, seconds: float | None = None, *, started: bool = True, **fields: Any
    ) -> SampleRun:
        """Return the run; `seconds` is how long it took, None when it has not ended."""
        started_at = after(self._created_at, DISPATCH_SECONDS)
        given: dict[str, Any] = {
            "workflow_id": self._workflow.id,
            "workflow_version_id": self._workflow.version_id,
            "started_at": started_at if started else None,
            "completed_at": None if seconds is None else after(started_at, seconds),
            "documents": self._documents,
            "blocks": self._workflow.blocks,
            "edges": self._workflow.edges,
            **fields,
        }
        return SampleRun(
            id=self.id,
            workflow_name=self._workflow.name,
            status=status,
            created_at=self._created_at,
            steps=tuple(self.steps),
            artifacts=tuple(self.artifacts),
            **given,
        )

    def failed(self, step: SampleStep, seconds: float, **fields: Any) -> SampleRun:
        """Return the run that failed by this step, with the step's failure."""
        return self.run(
            "error", seconds, failure=step.failure, failing_step_id=step.step_id, **fields
        )

    def _record(self, block_id: str, loops: tuple[SampleLoop, ...], **fields: Any) -> SampleStep:
        made = self._blocks[block_id]
        named: dict[str, Any] = {"step_id": self.step_id(block_id, loops), **fields}
        step = SampleStep(block_id=block_id, type=made.type, label=made.label, loops=loops, **named)
        self.steps.append(step)
        return step

    def _fed(self, block_id: str) -> Lazy[Handles]:
        feeds = [
            (each.target_handle, self._outputs[each.source], each.source_handle)
            for each in self._workflow.edges
            if each.target == block_id and each.source in self._outputs
        ]

        def inputs() -> Handles:
            gathered = {}
            for target_handle, outputs, source_handle in feeds:
                sent = resolve(outputs)
                if source_handle in sent:
                    gathered[target_handle] = sent[source_handle]
            return gathered

        return inputs
