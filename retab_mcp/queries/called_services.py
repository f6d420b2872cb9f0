"""Find the services that a block called in one run and not in the other."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from retab_mcp.analysis.operations.api_call import called_url
from retab_mcp.models import Operation, Run, StepSummary
from retab_mcp.queries.concurrently import concurrently
from retab_mcp.queries.inspector import Inspector
from retab_mcp.queries.run_artifacts import keep_listed

_HAS_ID = re.compile(r"\d")
_VERSION = re.compile(r"v\d+(?:\.\d+)*")
# Pages of each run's artifacts that are read: the first calls show which service it is.
MAX_PAGES_READ = 1


@dataclass(frozen=True, slots=True)
class ServiceChange:
    """The services (host and path) that one block called in each run."""

    block_id: str
    called: tuple[str, ...]
    other_called: tuple[str, ...]


async def changed_services(
    inspector: Inspector, run: Run, other: Run, steps: tuple[Sequence[StepSummary], ...]
) -> list[ServiceChange]:
    """Return the blocks of both runs that called other services, from the lists of artifacts.

    `steps` are those of each run. Nothing is read unless both runs called an API.
    """
    refs = [_calls(each) for each in steps]
    if not all(refs):
        return []
    sides = zip((run, other), refs, strict=True)
    await concurrently(
        [
            partial(keep_listed, inspector, side, set(own.values()), MAX_PAGES_READ)
            for side, own in sides
        ]
    )
    mine, theirs = (_urls(inspector, each, own) for each, own in zip(steps, refs, strict=True))
    return [
        ServiceChange(block_id, tuple(sorted(urls)), tuple(sorted(theirs[block_id])))
        for block_id, urls in mine.items()
        if block_id in theirs and _folded(urls).isdisjoint(_folded(theirs[block_id]))
    ]


def _folded(urls: Collection[str]) -> set[str]:
    """Return the services without the ids in their paths: those differ with the documents."""
    return {
        "/".join(
            "<id>" if number and _HAS_ID.search(part) and not _VERSION.fullmatch(part) else part
            for number, part in enumerate(url.split("/"))
        )
        for url in urls
    }


def _calls(steps: Sequence[StepSummary]) -> dict[str, str]:
    """Return the ids of the records of API calls, by step id."""
    return {
        step.step_id: step.artifact.id
        for step in steps
        if step.artifact is not None and step.artifact.operation == Operation.API_CALL_INVOCATION
    }


def _urls(
    inspector: Inspector, steps: Sequence[StepSummary], refs: Mapping[str, str]
) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for step in steps:
        artifact = inspector.kept.artifact(refs.get(step.step_id, ""))
        url = called_url(artifact) if artifact is not None else None
        if url:
            found.setdefault(step.block_id, set()).add(url)
    return found
