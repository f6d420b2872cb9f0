"""Reviews: decisions by block until 2026-05-18, overlays for three days, records since."""

from starlette.responses import Response
from starlette.routing import Route

from retab_mcp.sandbox.answers import answer
from retab_mcp.sandbox.query import ApiError, Query
from retab_mcp.sandbox.records import SampleReview, SampleRun
from retab_mcp.sandbox.routes.base import Routes
from retab_mcp.sandbox.wire import reviews as wire
from retab_mcp.sandbox.wire.common import older_status

_LIMITS = (50, 200)
_DECISION_STATUSES = ("pending", "approved", "rejected", "decided", "all")
_OVERLAY_STATUSES = ("awaiting_review", "approved", "rejected")


class ReviewRoutes(Routes):
    """Reviews of one generation."""

    def decision_routes(self) -> list[Route]:
        """Return the routes of g1, g2a, g2b and the first half of g2c."""
        path = "/v1/workflows/runs/{run_id}/hil-decisions/{block_id}"
        return [self.route(path, self._get_decision)]

    def overlay_routes(self) -> list[Route]:
        """Return the routes of the second half of g2c."""
        path = "/v1/workflows/reviews"
        return [
            self.route(path, self._list_overlays),
            self.route(path + "/{run_id}/{block_id}", self._get_overlay),
        ]

    def routes(self) -> list[Route]:
        """Return the routes of g2e and g3; the literal paths first."""
        route, path = self.route, "/v1/workflows/reviews"
        return [
            route(path, self._list_reviews),
            route(path + "/versions", self._list_versions),
            route(path + "/versions/{version_id}", self._get_version),
            route(path + "/{review_id}", self._get_review),
        ]

    def _get_decision(self, query: Query) -> Response:
        run, review = self._of_block(query)
        step = self.store.find_nested_step(run.id, review.step_id)
        status = older_status(step.status) if step else None
        return answer(wire.hil_decision(status, review.block_id, run.id, review))

    def _list_overlays(self, query: Query) -> Response:
        """Return {"data", "has_more"}, by default of pending reviews."""
        status = query.choice("status", _OVERLAY_STATUSES, "awaiting_review")
        limit = query.integer("limit", _LIMITS[0], 1, _LIMITS[1])
        items = [wire.queue_item(*pair) for pair in self.store.reviews()]
        items = [item for item in items if item["status"] == status]
        return answer({"data": items[:limit], "has_more": len(items) > limit})

    def _get_overlay(self, query: Query) -> Response:
        return answer(wire.overlay(*self._of_block(query)))

    def _list_reviews(self, query: Query) -> Response:
        """Return a page of reviews, oldest first; by default only pending ones."""
        wanted = query.choice("decision_status", _DECISION_STATUSES, "pending") or "pending"
        pairs = [pair for pair in self.store.reviews() if _matches(query, wanted, *pair)]
        newest_first = query.choice("order", ("asc", "desc"), "asc") == "desc"
        if newest_first and self.generation.filters_metadata:
            pairs.reverse()
        return self.page(
            query, pairs, lambda pair: pair[1].id, lambda pair: wire.review(*pair), _LIMITS
        )

    def _get_review(self, query: Query) -> Response:
        return answer(wire.review(*self._by_id(query.path("review_id"))))

    def _list_versions(self, query: Query) -> Response:
        _, review = self._by_id(query.required("review_id"))
        return self.page(
            query,
            review.versions,
            lambda version: version.id,
            lambda version: wire.review_version(review, version),
            _LIMITS,
        )

    def _get_version(self, query: Query) -> Response:
        wanted = query.path("version_id")
        for _, review in self.store.reviews():
            for version in review.versions:
                if version.id == wanted:
                    return answer(wire.review_version(review, version))
        raise ApiError(404, f"Review version not found: {wanted}")

    def _by_id(self, wanted: str) -> tuple[SampleRun, SampleReview]:
        for run, review in self.store.reviews():
            if review.id == wanted:
                return run, review
        raise ApiError(404, f"Review not found: {wanted}")

    def _of_block(self, query: Query) -> tuple[SampleRun, SampleReview]:
        run_id, block_id = query.path("run_id"), query.path("block_id")
        for run, review in self.store.reviews():
            if run.id == run_id and review.block_id == block_id:
                return run, review
        raise ApiError(404, "Review not found")


def _matches(query: Query, wanted: str, run: SampleRun, review: SampleReview) -> bool:
    verdict = review.decision["verdict"] if review.decision is not None else "pending"
    decided = verdict != "pending"
    return (
        (wanted in ("all", verdict) or (wanted == "decided" and decided))
        and query.text("run_id") in (None, run.id)
        and query.text("workflow_id") in (None, run.workflow_id)
        and query.text("block_id") in (None, review.block_id)
        and query.text("step_id") in (None, review.step_id)
        and query.text("iteration_key") in (None, review.iteration_key)
    )
