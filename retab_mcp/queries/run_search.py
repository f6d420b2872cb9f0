"""Search the inputs, steps and artifacts of a run for a text."""

from collections import Counter
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial

from retab_mcp.analysis.loops.loop_containers import iteration_number
from retab_mcp.analysis.records import cause_record, searched_in_artifact, searched_in_step
from retab_mcp.analysis.search.search_matches import (
    Match,
    count_by_place,
    fold_iterations,
    most_telling_first,
    without_repeated,
)
from retab_mcp.analysis.search.search_query import Hit, SearchQuery
from retab_mcp.models import (
    Artifact,
    ArtifactRef,
    ErrorKind,
    Json,
    LoopPosition,
    Run,
    Status,
    Step,
    StepSummary,
)
from retab_mcp.queries.concurrently import concurrently
from retab_mcp.queries.errors import QuestionError
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.step_reader import OUT_OF_TIME, StepReader
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize.handles import lacking, open_together
from retab_mcp.retab.off_loop import off_loop

# Rows of matches in steps, and in artifacts, after which the search ends: far more than an
# assistant pages through. So many call for a narrower query.
MAX_MATCHES = 1_000
# Matches kept in memory; iterations of a loop with a match at the same place are one row.
MAX_KEPT_MATCHES = 20_000
# Maximum steps named whose payloads are too large or unreadable.
MAX_UNREAD = 5
# Maximum pages of artifacts read per run, 200 artifacts each.
MAX_ARTIFACT_PAGES = 10
# Maximum artifacts read one by one, if the list has only their ids or does not exist.
MAX_ARTIFACT_REQUESTS = 20


@dataclass
class Searched:
    """The matches, the most telling first, and the extent of the search.

    `places` counts the matches in the steps and artifacts of each block and in the run itself.
    `gaps` name what was not searched.
    """

    matches: list[Match] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    steps: int = 0
    artifacts: int = 0
    gaps: list[str] = field(default_factory=list)


async def search(inspector: Inspector, run: Run, query: SearchQuery) -> Searched:
    """Search a run, its steps and their artifacts. At the deadline, the search ends early.

    Raises RetabError if the steps cannot be read.
    """
    found = _Findings(query)
    reader = StepReader(inspector, run)
    artifacts = _ArtifactReader(inspector, run)
    gaps: list[str] = []

    async def read_steps() -> None:
        async with aclosing(reader.pages()) as pages:
            async for page in pages:
                size = sum(step.payload.sealed_bytes for step in page)
                await off_loop(size, partial(found.look_at_steps, page))
                if found.enough_in_steps:
                    gaps.append(f"steps after the first {len(found.of_steps)} matches")
                    return

    async def read_artifacts() -> None:
        async with aclosing(artifacts.listed()) as pages:
            async for page in pages:
                for artifact in page:
                    if len(found.of_artifacts) < MAX_MATCHES:
                        found.look_at_artifact(artifact)
                if len(found.of_artifacts) >= MAX_MATCHES:
                    gaps.append(f"artifacts after the first {len(found.of_artifacts)} matches")
                    return

    found.look_at_run({"inputs": run.inputs.model_dump(), "metadata": run.metadata})
    await concurrently([read_steps, read_artifacts])
    for artifact in await artifacts.unlisted(found.steps):
        found.look_at_artifact(artifact)
    ending = {"cause": cause_record(run.failure), "reason": run.reason}
    found.look_at_run({name: value for name, value in ending.items() if value is not None})
    matches = without_repeated(found.in_order())
    return Searched(
        matches=most_telling_first(fold_iterations(matches)),
        places=count_by_place(matches),
        steps=len(found.steps),
        artifacts=len(artifacts.ids),
        gaps=[*gaps, *found.unread[:MAX_UNREAD], *reader.gaps, *artifacts.gaps],
    )


class _Findings:
    """Collects matches while steps and artifacts are read at the same time."""

    def __init__(self, query: SearchQuery) -> None:
        self.steps: list[StepSummary] = []
        self.unread: list[str] = []
        self._query = query
        # Each match with the number of steps before it.
        self._of_run: list[tuple[int, Match]] = []
        self.of_steps: list[tuple[int, Match]] = []
        self.of_artifacts: list[Match] = []
        self._rows: set[object] = set()

    @property
    def enough_in_steps(self) -> bool:
        """Return whether there are more matches in steps than an assistant pages through."""
        return len(self._rows) >= MAX_MATCHES or len(self.of_steps) >= MAX_KEPT_MATCHES

    def look_at_run(self, record: Json) -> None:
        """Search the run's own record, without its steps."""
        for match in self._matches(record):
            self._of_run.append((len(self.steps) or -1, match))

    def look_at_steps(self, steps: Sequence[Step]) -> None:
        """Search the next steps in the order of execution, until there are enough matches."""
        steps = self._without_unmatched(steps)
        open_together(steps)
        for step in steps:
            if not self.enough_in_steps:
                self.look_at_step(step)

    def _without_unmatched(self, steps: Sequence[Step]) -> Sequence[Step]:
        """Return the steps without payloads that are certain to have no match."""
        pattern = self._query.in_json
        if pattern is None:
            return steps
        lacks = iter(
            lacking([one for step in steps for one in step.payload.sealed_handles], pattern)
        )
        return [
            _unless_lacking(step, [next(lacks) for _ in step.payload.sealed_handles])
            for step in steps
        ]

    def look_at_step(self, step: Step) -> None:
        """Search the next step in execution order."""
        place = len(self.steps)
        self.steps.append(step.summary)
        try:
            record = searched_in_step(step)
        except RetabError as error:
            self.unread.append(f"the payloads of {step.summary.step_id}: {error.message}")
            record = searched_in_step(Step(summary=step.summary))
        for match in self._matches(record, step=step.summary):
            self.of_steps.append((place, match))
            self._rows.add((step.summary.block_id, match.folded, match.is_key))

    def look_at_artifact(self, artifact: Artifact) -> None:
        """Search an artifact; the step that produced it may not be read yet."""
        ref = ArtifactRef(operation=artifact.operation, id=artifact.id)
        self.of_artifacts += self._matches(searched_in_artifact(artifact), artifact=ref)

    def in_order(self) -> list[Match]:
        """Return the matches, those of an artifact after those of the step that produced it.

        The outputs of a loop come from the steps inside it, so they follow those.
        """
        makers = {
            step.artifact.id: (place, step)
            for place, step in enumerate(self.steps)
            if step.artifact is not None
        }
        ends = _last_inside(self.steps)
        placed = [(place, 0, match) for place, match in self._of_run]
        for place, match in self.of_steps:
            end = ends.get(_loop_key(match.step)) if match.step else None
            if end is None or match.path.startswith("/handle_inputs/"):
                placed.append((place, 0, match))
            else:
                placed.append((end, 2, match))
        for match in self.of_artifacts:
            known = makers.get(match.artifact.id) if match.artifact else None
            place, step = known or (len(self.steps), None)
            end = ends.get(_loop_key(step), place) if step else place
            placed.append((end, 1 if end == place else 3, replace(match, step=step)))
        return [match for *_, match in sorted(placed, key=lambda each: each[:2])]

    def _matches(
        self,
        record: Json,
        step: StepSummary | None = None,
        artifact: ArtifactRef | None = None,
    ) -> list[Match]:
        """Return the matches in a record, merging those at the same place in rows of an array."""
        first: dict[object, Hit] = {}
        counts: Counter[object] = Counter()
        for hit in self._query.hits(record):
            if artifact is None and _is_form(hit):
                continue
            key = hit.folded, hit.is_key
            first.setdefault(key, hit)
            counts[key] += 1
        return [
            Match(
                step=step,
                artifact=artifact,
                path=hit.path,
                is_key=hit.is_key,
                excerpt=hit.excerpt,
                count=counts[key],
                folded=hit.folded,
                hidden=hit.hidden,
                value=hit.value,
            )
            for key, hit in first.items()
        ]


class _ArtifactReader:
    """Reads the artifacts of a run from the list, then one by one those that it lacks.

    `ids` are the ids of the artifacts that were read.
    """

    def __init__(self, inspector: Inspector, run: Run) -> None:
        self.gaps: list[str] = []
        self.ids: set[str] = set()
        self._inspector = inspector
        self._run = run
        self._wanted: set[str] | None = None

    async def listed(self) -> AsyncGenerator[list[Artifact], None]:
        """Yield the artifacts that the list contains in full."""
        pages = 0
        thin: set[str] = set()
        try:
            async for page in self._inspector.api.artifact_pages(self._run):
                self.ids.update(artifact.id for artifact in page.artifacts)
                thin.update(ref.id for ref in page.thin)
                yield list(page.artifacts)
                pages += 1
                if page.unread or page.may_be_incomplete:
                    self.gaps.append("artifacts that could not be read")
                if page.has_more and pages == MAX_ARTIFACT_PAGES:
                    self.gaps.append(f"artifacts after the first {len(self.ids)}")
                    break
            self._wanted = thin
        except RetabError as error:
            if error.kind == ErrorKind.TIMEOUT:
                self.gaps.append(f"artifacts: {OUT_OF_TIME}")
                self._wanted = thin
            elif error.kind != ErrorKind.UNSUPPORTED:
                self.gaps.append(f"the list of artifacts: {error.message}")

    async def unlisted(self, steps: Iterable[StepSummary]) -> list[Artifact]:
        """Return at most MAX_ARTIFACT_REQUESTS artifacts that the list left out.

        Those of failed steps come first.
        """
        refs = [
            (step.status != Status.ERROR, step.artifact)
            for step in steps
            if step.artifact is not None
            and step.artifact.id not in self.ids
            and (self._wanted is None or step.artifact.id in self._wanted)
        ]
        chosen = [ref for _, ref in sorted(refs, key=lambda each: each[0])]
        calls = [partial(self._read, ref) for ref in chosen[:MAX_ARTIFACT_REQUESTS]]
        read = [artifact for artifact in await concurrently(calls) if artifact is not None]
        self.ids.update(artifact.id for artifact in read)
        if len(read) < len(refs):
            self.gaps.append(
                f"{len(refs) - len(read)} of {len(refs)} artifacts that the list lacks"
            )
        return read

    async def _read(self, ref: ArtifactRef) -> Artifact | None:
        try:
            return await self._inspector.artifact(ref.id, ref.operation or "", self._run.generation)
        except (RetabError, QuestionError):
            return None


def _unless_lacking(step: Step, lacks: Sequence[bool]) -> Step:
    """Return a step; without its sealed payloads if there are any, and all of them lack a match."""
    if not lacks or not all(lacks):
        return step
    return Step.trusted({"summary": step.summary, "payload": step.payload.without_sealed()})


def _is_form(hit: Hit) -> bool:
    """Return whether a match is a key that every step or run has.

    Otherwise a search for `reason` or `data` would find every step.
    """
    path = hit.folded
    if hit.is_key and (len(path) == 1 or path[0] in ("cause", "inputs")) and len(path) <= 2:
        return True
    if path[0] not in ("handle_inputs", "handle_outputs") or len(path) < 3:
        return False
    if len(path) == 3:
        return hit.is_key or path[2] == "type"
    return hit.is_key and len(path) == 4 and path[2] == "document"


def _loop_key(step: StepSummary) -> tuple[object, ...]:
    """Return the key of one run of a loop, given the step of its container."""
    return (*(_iteration(position) for position in step.loops), step.block_id)


def _last_inside(steps: Iterable[StepSummary]) -> dict[tuple[object, ...], int]:
    """Return the place of the last step inside each run of a loop."""
    return {
        (*(_iteration(outer) for outer in step.loops[:depth]), position.container_id): place
        for place, step in enumerate(steps)
        for depth, position in enumerate(step.loops)
    }


def _iteration(position: LoopPosition) -> tuple[str, int | None]:
    return position.container_id, iteration_number(position)
