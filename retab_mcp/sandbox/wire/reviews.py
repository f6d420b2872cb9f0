"""Reviews, as each generation writes them."""

import hashlib
import json

from retab_mcp.sandbox.records import Json, SampleReview, SampleReviewVersion, SampleRun
from retab_mcp.sandbox.wire.common import Body

_ORIGINS = {"model": "model_output", "agent": "agent_edit", "human": "human_edit"}


def review(run: SampleRun, review: SampleReview) -> Body:
    """Return a review of g2e and g3."""
    return {
        "id": review.id,
        "workflow_id": run.workflow_id,
        "workflow_version_id": run.workflow_version_id,
        "run_id": run.id,
        "block_id": review.block_id,
        "step_id": review.step_id,
        "parent_step_id": None,
        "iteration_key": review.iteration_key,
        "block_type": review.block_type,
        "triggered_by": dict(review.triggered_by),
        "created_at": review.created_at,
        "decision": dict(review.decision) if review.decision is not None else None,
    }


def review_version(review: SampleReview, version: SampleReviewVersion) -> Body:
    """Return a version of what is reviewed; the first one has no parent."""
    return {
        "id": version.id,
        "review_id": review.id,
        "parent_id": version.parent_id,
        "author": dict(version.author),
        "snapshot": version.snapshot,
        "note": version.note,
        "created_at": version.created_at,
    }


def queue_item(run: SampleRun, review: SampleReview) -> Body:
    """Return a row of the review queue of 2026-05-19 to 2026-05-21."""
    decided = review.decision
    return {
        "_id": review.id,
        "workflow_id": run.workflow_id,
        "workflow_version_id": run.workflow_version_id,
        "workflow_run_id": run.id,
        "block_id": review.block_id,
        "block_run_id": review.step_id,
        "block_type": review.block_type,
        "triggered_by": dict(review.triggered_by),
        "status": decided["verdict"] if decided else "awaiting_review",
        "awaiting_since": review.created_at,
        "decided_at": decided["created_at"] if decided else None,
        "priority": 0,
        "rev": len(review.versions),
        "claim": None,
        "head_seq": len(review.versions),
        "effective_seq": _sequence(review, decided["version_id"]) if decided else None,
    }


def overlay(run: SampleRun, review: SampleReview) -> Body:
    """Return one review with its versions and decisions, in those three days."""
    return {
        **queue_item(run, review),
        "versions": [_overlay_version(review, version) for version in review.versions],
        "decisions": _overlay_decisions(review),
        "audit": [],
    }


def hil_decision(step_status: str | None, block_id: str, run_id: str, review: SampleReview) -> Body:
    """Return the decision of a person on a block, as sent until 2026-05-18."""
    decided = review.decision
    return {
        "run_id": run_id,
        "block_id": block_id,
        "block_status": step_status,
        "decision_received": decided is not None,
        "decision_applied": decided is not None,
        "approved": decided["verdict"] == "approved" if decided else None,
        "modified_data": _modified(review),
        "payload_hash": None,
        "received_at": decided["created_at"] if decided else None,
        "applied_at": decided["created_at"] if decided else None,
    }


def _modified(review: SampleReview) -> Json:
    """Return what a person made of the reviewed data, None if they left it as it was."""
    decided = review.decision
    if decided is None:
        return None
    chosen = [each for each in review.versions if each.id == decided["version_id"]]
    return chosen[0].snapshot if chosen and chosen[0].parent_id is not None else None


def _sequence(review: SampleReview, version_id: str | None) -> int | None:
    ids = [version.id for version in review.versions]
    return ids.index(version_id) + 1 if version_id in ids else None


def _overlay_version(review: SampleReview, version: SampleReviewVersion) -> Body:
    content = json.dumps(version.snapshot, sort_keys=True).encode()
    return {
        "seq": _sequence(review, version.id),
        "parent_seq": _sequence(review, version.parent_id),
        "author": dict(version.author),
        "origin": _ORIGINS[version.author["kind"]],
        "snapshot": version.snapshot,
        "content_sha256": hashlib.sha256(content).hexdigest(),
        "note": version.note,
        "created_at": version.created_at,
    }


def _overlay_decisions(review: SampleReview) -> list[Body]:
    decided = review.decision
    if decided is None:
        return []
    sequence = _sequence(review, decided["version_id"]) or 1
    return [
        {
            "decision_id": f"{review.id}_decision",
            "verdict": decided["verdict"],
            "decided_by": dict(decided["author"]),
            "decided_at": decided["created_at"],
            "on_seq": sequence,
            "effective_seq": sequence,
            "reason": decided.get("reason"),
        }
    ]
