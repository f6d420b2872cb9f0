"""Read the reviews of a run that was long enough to have waited for one."""

from retab_mcp.models import ErrorKind, Review, Run
from retab_mcp.queries.inspector import Inspector
from retab_mcp.retab.errors import RetabError

# A person rarely decides sooner: the reviews of a shorter run are not worth a request.
MIN_REVIEWED_MS = 60_000


async def reviews_of_long_run(
    inspector: Inspector, run: Run, gaps: list[str]
) -> tuple[Review, ...]:
    """Return the reviews of a run of at least MIN_REVIEWED_MS, () for shorter ones.

    A failure to read them adds a sentence to `gaps`, unless the server has no list of reviews.
    """
    if (run.elapsed_ms or 0) < MIN_REVIEWED_MS:
        return ()
    try:
        return await inspector.reviews(run)
    except RetabError as error:
        if error.kind != ErrorKind.UNSUPPORTED:
            gaps.append(f"the reviews of {run.id}: {error.message}")
        return ()
