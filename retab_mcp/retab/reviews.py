"""Read the reviews of a run."""

from dataclasses import dataclass

from retab_mcp.models import ErrorKind, Review, Run
from retab_mcp.retab import routes
from retab_mcp.retab.client import Params
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.generations.registry import generation_of
from retab_mcp.retab.normalize import rows_from_wire
from retab_mcp.retab.normalize.wire_review import review_from_wire
from retab_mcp.retab.paging import Get

# The API's maximum. A run has one review for each reviewed block and iteration.
REVIEWS_LIMIT = 200


@dataclass(frozen=True)
class ReviewList:
    """Reviews of a run, oldest first; `may_be_incomplete` when there may be more."""

    reviews: tuple[Review, ...]
    may_be_incomplete: bool = False


async def reviews_of(get: Get, run: Run) -> ReviewList:
    """Return the reviews of a run, pending and decided (since 19 May 2026).

    Generations without `reviews_by_run` return pending reviews only. Raises RetabError,
    `unsupported` when the server does not list reviews.
    """
    generation = generation_of(run)
    if not generation.review_list:
        raise _unsupported()
    older = not generation.reviews_by_run
    params: Params = {
        "limit": REVIEWS_LIMIT,
        "workflow_id": run.workflow_id if older else None,
        "run_id": None if older else run.id,
        # The default is pending reviews only.
        "decision_status": None if older else "all",
    }
    try:
        reply = await get(routes.REVIEWS, {}, params)
    except RetabError as error:
        if error.kind != ErrorKind.NOT_FOUND:
            raise
        raise _unsupported() from error
    rows = rows_from_wire(reply.json)
    reviews = [review_from_wire(row) for row in rows.items]
    return ReviewList(
        tuple(review for review in reviews if review.run_id == run.id),
        may_be_incomplete=older or bool(rows.next_cursor or rows.has_more or rows.unread),
    )


def _unsupported() -> RetabError:
    return RetabError(
        ErrorKind.UNSUPPORTED, "This Retab server does not list the reviews of a run."
    )
