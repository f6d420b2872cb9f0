"""Read the review of a step with its versions by any of the API's routes."""

from retab_mcp.models import ErrorKind, Json, Run, StepSummary
from retab_mcp.models.review import DecidedReview
from retab_mcp.retab import routes
from retab_mcp.retab.client import Params
from retab_mcp.retab.errors import RetabError
from retab_mcp.retab.generations.registry import generation_of
from retab_mcp.retab.normalize import rows_from_wire
from retab_mcp.retab.normalize.fields import first_text, mapping
from retab_mcp.retab.normalize.wire_review import (
    decided_review,
    decision_from_wire,
    overlay_from_wire,
    review_from_wire,
    version_from_wire,
)
from retab_mcp.retab.paging import Get
from retab_mcp.retab.routes import Route

# The API's maximum; a review has a version for each edit.
VERSIONS_LIMIT = 200


async def review_of_step(get: Get, run: Run, step: StepSummary) -> DecidedReview | None:
    """Return the latest review of a step with its versions, None if it has none.

    Takes at most two requests. Raises RetabError.
    """
    generation = generation_of(run)
    if generation.reviews_by_run:
        return await _listed(get, run, step)
    ids = {"run_id": run.id, "block_id": step.block_id}
    if generation.review_list:
        overlay = await _unless_missing(get, routes.REVIEW_OF_BLOCK, ids)
        if overlay is not None:
            return overlay_from_wire(overlay)
    decision = await _unless_missing(get, routes.RUN_DECISION, ids)
    if decision is None:
        return None
    return decision_from_wire(decision, run_id=run.id, block_id=step.block_id)


async def _unless_missing(get: Get, route: Route, ids: dict[str, str]) -> Json:
    try:
        return (await get(route, ids)).json
    except RetabError as error:
        if error.kind != ErrorKind.NOT_FOUND:
            raise
        return None


async def _listed(get: Get, run: Run, step: StepSummary) -> DecidedReview | None:
    params: Params = {"run_id": run.id, "block_id": step.block_id, "decision_status": "all"}
    rows = rows_from_wire((await get(routes.REVIEWS, {}, params)).json).items
    own = [row for row in rows if first_text(row, "run_id") == run.id]
    own = [row for row in own if first_text(row, "block_id") == step.block_id]
    exact = [row for row in own if first_text(row, "step_id") == step.step_id]
    # Of a step in a loop only its own review counts; block ids are ambiguous there.
    chosen = exact or ([] if step.loops else own)
    if not chosen:
        return None
    row = chosen[-1]
    review = review_from_wire(row)
    query: Params = {"review_id": review.id, "limit": VERSIONS_LIMIT}
    versions = rows_from_wire((await get(routes.REVIEW_VERSIONS, {}, query)).json).items
    found = tuple(
        version_from_wire(version)
        for version in versions
        if first_text(version, "review_id") in (review.id, None)
    )
    return decided_review(review, found, first_text(mapping(row.get("decision")), "version_id"))
