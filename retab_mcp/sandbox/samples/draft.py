"""With what the samples are written: ids, workflows, handles, and a run drafted step by step.

Everything is deterministic: an id is drawn from its own name, a time from the run's clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from retab_mcp.sandbox.ids import identifier
from retab_mcp.sandbox.records import (
    Json,
    Lazy,
    SampleArtifact,
    SampleBlock,
    SampleEdge,
    SampleLoop,
    SampleRef,
    SampleRun,
    SampleStep,
    after,
    resolve,
)

Handles = Mapping[str, Json]

MODEL = "retab-small"

ARTIFACT_PREFIXES = {
    "extraction": "extr",
    "split": "splt",
    "classification": "clss",
    "parse": "prs",
    "edit": "edt",
    "partition": "prtn",
    "conditional_evaluation": "ceval",
    "review_trigger_evaluation": "heval",
    "while_loop_termination": "wlterm",
    "api_call_invocation": "apiinv",
    "function_invocation": "fninv",
}

# A run waits this long for a worker, and this long passes between two of its steps.
DISPATCH_SECONDS = 0.4
GAP_SECONDS = 0.05


def document(filename: str, mime_type: str = "application/pdf") -> dict[str, str]:
    """Return the reference of a stored file."""
    return {
        "id": identifier("file", filename),
        "filename": filename,
        "mime_type": mime_type,
    }


def file_handle(stored: Mapping[str, str]) -> dict[str, Json]:
    """Return the payload of a file handle."""
    return {"type": "file", "document": dict(stored)}


def json_handle(data: Json) -> dict[str, Json]:
    """Return the payload of a JSON handle; objects only, as the oldest generations allow."""
    return {"type": "json", "data": data}


def block(
    block_id: str, block_type: str, label: str, parent: str | None = None, **config: Json
) -> SampleBlock:
    """Return a block of a workflow; `parent` is the loop container that it stands in."""
    return SampleBlock(id=block_id, type=block_type, label=label, parent_id=parent, config=config)


def edge(
    source: str, target: str, kind: str = "json", out: str = "0", into: str = "0"
) -> SampleEdge:
    """Return an edge between the handles output-<kind>-<out> and input-<kind>-<into>."""
    return SampleEdge(
        id=identifier("edge", f"{source}/{kind}/{out}/{target}/{into}"),
        source=source,
        source_handle=f"output-{kind}-{out}",
        target=target,
        target_handle=f"input-{kind}-{into}",
    )


@dataclass(frozen=True)
class Flow:
    """A workflow and the graph of its one version."""

    slug: str
    name: str
    blocks: tuple[SampleBlock, ...]
    edges: tuple[SampleEdge, ...]

    @property
    def id(self) -> str:
        """The workflow's id."""
        return identifier("wrk", self.slug)

    @property
    def version_id(self) -> str:
        """The id of the version whose graph this is."""
        return identifier("ver", self.slug)


class RunDraft:
    """A run as it is written: each step moves the clock on and feeds the steps after it.

    `now` is the clock, in seconds since the run was created.
    """

    def __init__(self, name: str, flow: Flow, created_at: str) -> None:
        self.id = identifier("run", name)
        self.now = DISPATCH_SECONDS
        self.steps: list[SampleStep] = []
        self.artifacts: list[SampleArtifact] = []
        self._flow = flow
        self._blocks = {each.id: each for each in flow.blocks}
        self._created_at = created_at
        self._outputs: dict[str, Lazy[Handles]] = {}

    def step_id(self, block_id: str, loops: Sequence[SampleLoop] = ()) -> str:
        """Return the id that the step of a block has at a place in the loops."""
        places = "".join(f"{loop.container_id}_iter_{loop.iteration}_" for loop in loops)
        return f"{self.id}_{places}{block_id}"

    def time(self) -> str:
        """Return what the clock shows."""
        return after(self._created_at, self.now)

    def artifact(
        self, operation: str, block_id: str, data: Lazy[Handles], **fields: Any
    ) -> SampleRef:
        """Record what a block produced, and return the ref for its step."""
        ref = self.ref(operation, f"{block_id}/{len(self.artifacts)}")
        self.artifacts.append(
            SampleArtifact(
                operation=operation, id=ref.id, data=data, created_at=self.time(), **fields
            )
        )
        return ref

    def ref(self, operation: str, name: str) -> SampleRef:
        """Return the ref of an artifact of this run."""
        return SampleRef(
            operation=operation,
            id=identifier(ARTIFACT_PREFIXES[operation], f"{self.id}/{name}"),
        )

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

        Without `inputs` it gets what the steps before it put on the edges that lead to it.
        """
        started_at = self.time()
        self.now += seconds
        step = self._record(
            block_id,
            loops,
            created_at=started_at,
            started_at=started_at,
            completed_at=self.time(),
            handle_inputs=self._fed(block_id) if inputs is None else inputs,
            handle_outputs=outputs or {},
            **fields,
        )
        self._outputs[block_id] = step.handle_outputs
        self.now += GAP_SECONDS
        return step

    def container(self, block_id: str, began: float, **fields: Any) -> SampleStep:
        """Record the step of a loop container that has run from `began` until now.

        `began` is in seconds on the clock; `loops` where the container itself stands in one.
        """
        ended = self.now
        self.now = began
        return self.step(block_id, ended - began, **fields)

    def going(self, block_id: str, status: str, **fields: Any) -> SampleStep:
        """Start a step that has not ended (running, awaiting_review)."""
        return self._record(
            block_id,
            (),
            status=status,
            created_at=self.time(),
            started_at=self.time(),
            handle_inputs=self._fed(block_id),
            **fields,
        )

    def unreached(self, block_id: str, status: str, reason: str | None = None) -> SampleStep:
        """Record a step that never started (skipped, pending, queued, cancelled)."""
        return self._record(block_id, (), status=status, reason=reason, created_at=self.time())

    def run(
        self, status: str, seconds: float | None = None, *, started: bool = True, **fields: Any
    ) -> SampleRun:
        """Return the run; `seconds` is how long it took, None when it has not ended."""
        started_at = after(self._created_at, DISPATCH_SECONDS)
        return SampleRun(
            id=self.id,
            workflow_id=self._flow.id,
            workflow_name=self._flow.name,
            workflow_version_id=self._flow.version_id,
            status=status,
            created_at=self._created_at,
            started_at=started_at if started else None,
            completed_at=None if seconds is None else after(started_at, seconds),
            steps=tuple(self.steps),
            artifacts=tuple(self.artifacts),
            blocks=self._flow.blocks,
            edges=self._flow.edges,
            **fields,
        )

    def _record(self, block_id: str, loops: tuple[SampleLoop, ...], **fields: Any) -> SampleStep:
        made = self._blocks[block_id]
        step = SampleStep(
            step_id=self.step_id(block_id, loops),
            block_id=block_id,
            type=made.type,
            label=made.label,
            loops=loops,
            **fields,
        )
        self.steps.append(step)
        return step

    def _fed(self, block_id: str) -> Lazy[Handles]:
        feeds = [
            (each.target_handle, self._outputs[each.source], each.source_handle)
            for each in self._flow.edges
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
