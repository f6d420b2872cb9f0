"""With what the labelled runs are written: a flow in a few lines, a run step by step, its label."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from retab_mcp.sandbox.records import (
    Json,
    Sample,
    SampleBlock,
    SampleEdge,
    SampleFailure,
    SampleLoop,
    SampleRef,
    SampleRun,
    SampleStep,
    after,
)
from retab_mcp.sandbox.samples.draft import (
    Flow,
    RunDraft,
    document,
    edge,
    file_handle,
    json_handle,
)
from retab_mcp.sandbox.samples.evaluations import api_call, attempt

CREATED_AT = "2026-09-02T06:30:00Z"
CURRENT = ("g3",)
# Where a run is told in the same words in every shape of the API.
EVERY_SHAPE = ("g1", "g2b", "g2c", "g2e", "g3")
# Blocks that hand on the document itself.
_FILE_SOURCES = frozenset({"start_document", "classifier", "split"})
CALL_SECONDS = 0.35


@dataclass(frozen=True, kw_only=True)
class Label:
    """What the first answer about a run has to say.

    Of a run that failed, waits or was cancelled: `kind` of the failure, `step_id` of its cause
    (None where no step is), and `downstream`, how many steps failed or never ran because of it.
    Of a completed run: `kind` of the worst finding, and `step_id` of the step that it is about.
    """

    kind: str
    step_id: str | None
    downstream: int = 0


def verdict(answer: Json) -> Label:
    """Return what an answer of get_run (decoded JSON) says, in the form of a label."""
    cause, findings = answer.get("cause"), answer.get("findings")
    if cause:
        downstream = answer.get("downstream", {}).get("count", 0)
        return Label(kind=cause["kind"], step_id=cause.get("step_id"), downstream=downstream)
    if findings:
        return Label(kind=findings[0]["kind"], step_id=findings[0].get("step_id"))
    return Label(kind="nothing", step_id=None)


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A failing or wrong run and its label, which holds in `generations`."""

    name: str
    title: str
    run: SampleRun
    label: Label
    generations: tuple[str, ...] = CURRENT

    @property
    def misleads(self) -> bool:
        """Whether the run failed and its failing_step_id is null or that of another step."""
        return self.run.status == "error" and self.run.failing_step_id != self.label.step_id

    @property
    def sample(self) -> Sample:
        """The scenario as a sample that the sandbox serves."""
        return Sample(name=self.name, title=self.title, runs=(self.run,))


def flow(
    slug: str, blocks: Sequence[SampleBlock], *paths: str, extra: Sequence[SampleEdge] = ()
) -> Flow:
    """Return a workflow; a path like "a > b > c" is an edge from each block to the next.

    An edge carries the document where its source hands one on, else JSON; several edges into a
    block take one input handle each. `extra` are edges with handles of their own.
    """
    types = {each.id: each.type for each in blocks}
    edges = list(extra)
    taken = Counter(each.target for each in extra)
    for path in paths:
        names = [name.strip() for name in path.split(">")]
        for source, target in pairwise(names):
            kind = "file" if types[source] in _FILE_SOURCES else "json"
            edges.append(edge(source, target, kind=kind, into=str(taken[target])))
            taken[target] += 1
    name = slug.replace("-", " ").capitalize()
    return Flow(slug=f"labelled-{slug}", name=name, blocks=tuple(blocks), edges=tuple(edges))


def turn(container_id: str, number: int, *, parallel: bool = False) -> SampleLoop:
    """Return the place in an iteration of a loop, counted from 0."""
    item = number if parallel else None
    return SampleLoop(
        container_id=container_id, iteration=number, is_parallel=parallel, item_index=item
    )


class Story(RunDraft):
    """A labelled run as it is told; `stored` is the document that it is about."""

    def __init__(
        self, name: str, title: str, blocks: Sequence[SampleBlock], *paths: str, **more: Any
    ) -> None:
        graph = flow(name, blocks, *paths, **more)
        super().__init__(f"labelled {name}", graph, CREATED_AT)
        self.name = name
        self.title = title
        self.stored = document(f"{name}.pdf")
        self._graph = graph
        self._started_with: dict[str, Json] = {}

    def begins(self, block_id: str, data: Json = None, filename: str = "") -> None:
        """Start with a document, or with `data` where the block takes JSON."""
        if data is None:
            self.stored = document(filename or f"{self.name}.pdf")
            self._started_with[block_id] = self.stored
        self.passes(block_id, data, 0.1)

    def passes(
        self,
        block_id: str,
        data: Json = None,
        seconds: float = 0.4,
        *,
        only: str = "",
        **fields: Any,
    ) -> SampleStep:
        """Complete a block that puts `data` on its output handles, or on one: `only`."""
        handles = {each.source_handle for each in self._graph.edges if each.source == block_id}
        sent = {
            handle: file_handle(self.stored) if "-file-" in handle else json_handle(data or {})
            for handle in sorted(handles)
            if only in ("", handle)
        }
        return self.step(block_id, seconds, outputs=sent, **fields)

    def fails(
        self,
        block_id: str,
        message: str,
        seconds: float = 0.4,
        *,
        stage: str | None = "execution",
        category: str | None = "permanent",
        code: str | None = None,
        trace: str | None = None,
        context: Json = None,
        **fields: Any,
    ) -> SampleStep:
        """Fail a block."""
        details = {"error_code": code, "stack_trace": trace, "context": context}
        told = {key: value for key, value in details.items() if value is not None}
        failure = SampleFailure(
            message=message,
            stage=stage,
            category=category,
            details={"message": message, **told} if told else None,
        )
        return self.step(block_id, seconds, status="error", failure=failure, **fields)

    def skips(self, reason: str, *block_ids: str) -> None:
        """Leave blocks out that would have come next."""
        for block_id in block_ids:
            self.unreached(block_id, "skipped", reason)

    def attempts(
        self, url: str, *answers: tuple[int | None, Json], sent: Json = None, lasting: float = 0.0
    ) -> SampleRef:
        """Record an API call: a (status, body) for each attempt, or (None, what went wrong)."""
        lasting = lasting or CALL_SECONDS
        tries = []
        for number, (status, body) in enumerate(answers):
            begun = after(self.time(), number * lasting)
            error = None if status is not None else {"message": body}
            tries.append(
                attempt(
                    number,
                    "POST",
                    url,
                    status,
                    body if status is not None else None,
                    started_at=begun,
                    completed_at=after(begun, lasting),
                    duration_ms=int(lasting * 1000),
                    request_body=sent,
                    error=error,
                )
            )
        return self.artifact("api_call_invocation", url, api_call(tries))

    def failed(
        self,
        kind: str,
        cause: SampleStep | None,
        downstream: int = 0,
        *,
        hint: SampleStep | str | None,
        message: str | None = None,
        generations: tuple[str, ...] = CURRENT,
        **fields: Any,
    ) -> Scenario:
        """End in an error whose failing_step_id is that of `hint` (a step, or an id as it is).

        The run says what the step of the hint, or else of the cause, says; `message` is for one
        that speaks in words of its own.
        """
        named = hint if isinstance(hint, SampleStep) else cause
        failure = SampleFailure(message=message) if message is not None else None
        if failure is None and named is not None:
            failure = named.failure
        run = self.run(
            "error",
            self.now + 0.2,
            failure=failure,
            failing_step_id=hint.step_id if isinstance(hint, SampleStep) else hint,
            documents=self._started_with,
            **fields,
        )
        step_id = cause.step_id if cause is not None else None
        return self._labelled(
            run, Label(kind=kind, step_id=step_id, downstream=downstream), generations
        )

    def completed(
        self,
        kind: str,
        step: SampleStep,
        *,
        generations: tuple[str, ...] = CURRENT,
        **fields: Any,
    ) -> Scenario:
        """End without an error, though a finding of this kind at this step is the thing to see."""
        run = self.run("completed", self.now + 0.2, documents=self._started_with, **fields)
        return self._labelled(run, Label(kind=kind, step_id=step.step_id), generations)

    def stopped(
        self,
        status: str,
        kind: str,
        step: SampleStep,
        downstream: int = 0,
        *,
        generations: tuple[str, ...] = CURRENT,
        **fields: Any,
    ) -> Scenario:
        """End, or halt, in a status other than completed or error, at this step."""
        seconds = None if status == "awaiting_review" else self.now + 0.2
        run = self.run(status, seconds, documents=self._started_with, **fields)
        return self._labelled(
            run, Label(kind=kind, step_id=step.step_id, downstream=downstream), generations
        )

    def _labelled(self, run: SampleRun, label: Label, generations: tuple[str, ...]) -> Scenario:
        return Scenario(
            name=self.name, title=self.title, run=run, label=label, generations=generations
        )
