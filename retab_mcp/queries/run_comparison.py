"""Read two runs at the same time, and compare them while they are read."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import anyio

from retab_mcp.analysis.compare.config_changes import GraphChanges
from retab_mcp.analysis.compare.path_changes import PathChange, path_changes
from retab_mcp.analysis.compare.run_diff import RunDiff, diff_runs
from retab_mcp.analysis.compare.step_pairs import StepPairs
from retab_mcp.analysis.time_account.run_time import RunTime, run_time
from retab_mcp.models import Json, Review, Run, Step
from retab_mcp.queries.block_check import check_block
from retab_mcp.queries.called_services import ServiceChange, changed_services
from retab_mcp.queries.concurrently import concurrently
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.review_waits import reviews_of_long_run
from retab_mcp.queries.step_reader import StepReader
from retab_mcp.queries.version_comparison import compare_versions
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.normalize.handles import open_together
from retab_mcp.retab.off_loop import off_loop


@dataclass
class Comparison:
    """The differences between two runs.

    `inputs` are the changes in the inputs of the runs, `metadata` those in their metadata, `times`
    what their time went into.
    `version_changes` is None if both ran the same version or the server does not report it.
    `services` are the called services that differ. `gaps` are sentences about what was not read.
    """

    diff: RunDiff
    inputs: tuple[PathChange, ...]
    metadata: tuple[PathChange, ...] = ()
    times: tuple[RunTime | None, RunTime | None] = (None, None)
    version_changes: GraphChanges | None = None
    services: Sequence[ServiceChange] = ()
    gaps: list[str] = field(default_factory=list)


async def compare(inspector: Inspector, run: Run, other: Run, block_id: str = "") -> Comparison:
    """Read both runs at the same time, and return their differences.

    `block_id` narrows the differences to the steps of one block or loop. At the deadline, the
    steps read so far are compared. Raises RetabError, and QuestionError (not_found) if neither run
    has the block.
    """
    gaps: list[str] = []

    def open_payload(step: Step) -> None:
        try:
            step.payload.open()
        except RetabError as error:
            gaps.append(f"the payloads of {step.summary.step_id}: {error.message}")
            step.payload.drop()

    pairs = StepPairs({*file_ids(run), *file_ids(other)}, open_payload)
    readers = StepReader(inspector, run), StepReader(inspector, other)
    versions: list[GraphChanges | None] = []

    one_at_a_time = anyio.Lock()

    def add(side: int, page: Sequence[Step]) -> None:
        open_together(found for step in page for found in pairs.to_open(side, step))
        for step in page:
            pairs.add(side, step)

    async def read_steps(side: int) -> None:
        async for page in readers[side].pages():
            size = sum(step.payload.sealed_bytes for step in page)
            async with one_at_a_time:
                await off_loop(size, partial(add, side, page))

    async def read_versions() -> None:
        try:
            versions.append(await compare_versions(inspector, run, other))
        except RetabError as error:
            gaps.append(f"what changed between the workflow versions: {error.message}")

    reviews: list[tuple[Review, ...]] = [(), ()]

    async def read_reviews(side: int) -> None:
        reviews[side] = await reviews_of_long_run(inspector, (run, other)[side], gaps)

    reads: list[Callable[[], Awaitable[None]]] = [
        partial(read_steps, 0),
        partial(read_steps, 1),
        read_versions,
        partial(read_reviews, 0),
        partial(read_reviews, 1),
    ]
    await concurrently(reads)
    found = await off_loop(pairs.held_bytes, pairs.pairs)
    if readers[0].complete and readers[1].complete:
        steps = [step for pair in found for step in (pair.step, pair.other) if step is not None]
        check_block(block_id, steps, f"Neither run has a step of block {block_id}.")
    # A step that was not read may exist, so it is not reported as missing.
    known = [
        pair
        for pair in found
        if (pair.step or readers[0].complete) and (pair.other or readers[1].complete)
    ]
    for reader, name in zip(readers, (run.id, other.id), strict=True):
        gaps += [f"{name}: {gap}" for gap in reader.gaps]
    inputs = path_changes(_inputs(run), _inputs(other))
    sides = [pair.step for pair in found if pair.step], [pair.other for pair in found if pair.other]
    services = await changed_services(inspector, run, other, sides)
    return Comparison(
        diff=diff_runs(
            known,
            block_id=block_id,
            reviews=(reviews[0], reviews[1]),
            inputs_differ=bool(inputs),
        ),
        times=(
            run_time(run, sides[0], reviews[0]),
            run_time(other, sides[1], reviews[1]),
        ),
        inputs=inputs,
        metadata=path_changes({"metadata": run.metadata}, {"metadata": other.metadata}),
        version_changes=versions[0] if versions else None,
        services=services,
        gaps=gaps,
    )


def _inputs(run: Run) -> Json:
    return run.inputs.model_dump()


def file_ids(run: Run) -> list[str]:
    """Return the ids of the files that a run was started with."""
    documents = run.inputs.documents.values()
    found = (document.get("id") for document in documents if isinstance(document, dict))
    return [file_id for file_id in found if isinstance(file_id, str)]
