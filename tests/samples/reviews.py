"""A company check that completed although a reviewer rejected it."""

from retab_mcp.sandbox.builder.artifacts import (
    TEXT,
    condition,
    extraction,
    object_schema,
    routing,
)
from retab_mcp.sandbox.builder.graph import (
    MODEL,
    Workflow,
    block,
    document,
    edge,
    file_handle,
    json_handle,
)
from retab_mcp.sandbox.builder.ids import review_identifier
from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.records import Json, Sample, SampleReview, SampleReviewVersion, after
from retab_mcp.sandbox.samples.finished import MODEL_AUTHOR

REVIEWER = {
    "kind": "human",
    "id": "user_01K2Q3V9Z8T7R6N5M4J3H2G1F0",
    "display_name": "Compliance desk",
}


COMPANIES = Workflow(
    slug="kyc-onboarding",
    name="KYC onboarding",
    blocks=(
        block("start-registration", "start_document", "Register extract"),
        block("extract-company", "extract", "Extract company", model=MODEL),
        block("review-company", "conditional", "Compliance review"),
        block("open-account", "api_call", "Open account", method="POST"),
        block("archive-case", "function", "Archive case"),
    ),
    edges=(
        edge("start-registration", "extract-company", kind="file"),
        edge("extract-company", "review-company"),
        edge("review-company", "open-account", out="approved"),
        edge("review-company", "archive-case", out="rejected"),
    ),
)
REJECTION = "The register extract is older than three months."


def _rejection(decided_at: str) -> dict[str, Json]:
    """Return how the review was triggered and decided."""
    return {
        **routing(
            [
                condition(
                    "cond-always", "$.company", "exists", None, "Tailspin Leasing", matched=True
                )
            ],
            "output-json-rejected",
            "rejected",
        ),
        "requires_human_review": True,
        "reviewer_id": REVIEWER["id"],
        "review_decision": "rejected",
        "review_notes": REJECTION,
        "requested_revision": False,
        "reviewed_at": decided_at,
    }


def _decided(step_id: str, company: Json, created_at: str, decided_at: str) -> SampleReview:
    """Return the review with its decision."""
    seed = SampleReviewVersion(
        id=review_identifier("rvr", "kyc-rejected"),
        created_at=created_at,
        author=MODEL_AUTHOR,
        snapshot=company,
    )
    return SampleReview(
        id=review_identifier("rev", "kyc-rejected"),
        block_id="review-company",
        step_id=step_id,
        created_at=created_at,
        triggered_by={"kind": "always"},
        decision={
            "verdict": "rejected",
            "version_id": seed.id,
            "author": REVIEWER,
            "created_at": decided_at,
            "reason": REJECTION,
        },
        versions=(seed,),
    )


def rejected() -> Sample:
    """Return a completed run in which a reviewer rejected the case, so no account was opened."""
    start = "2026-08-11T10:00:00Z"
    build = RunBuilder("kyc-rejected", COMPANIES, start)
    extract = document("register-extract-tailspin.pdf")
    company = {
        "company": "Tailspin Leasing",
        "register_number": "HRB 90177",
        "issued": "2025-11-03",
    }
    build.step("start-registration", 0.1, outputs={"output-file-0": file_handle(extract)})
    schema = object_schema(
        ("company", "register_number"), company=TEXT, register_number=TEXT, issued=TEXT
    )
    build.step(
        "extract-company",
        3.2,
        outputs={"output-json-0": json_handle(company)},
        artifact=build.artifact(
            "extraction", "extract-company", extraction(extract, schema, company)
        ),
        model=MODEL,
    )
    decided_at = after(start, 3603.7)
    evaluation = build.artifact(
        "review_trigger_evaluation", "review-company", _rejection(decided_at)
    )
    step = build.step(
        "review-company",
        3600.0,
        outputs={"output-json-rejected": json_handle(company)},
        artifact=evaluation,
    )
    reason = "Branch 'approved' of 'review-company' was not taken"
    build.unreached("open-account", "skipped", reason)
    build.step("archive-case", 0.3, outputs={"output-json-0": json_handle({"archived": True})})
    run = build.run(
        "completed",
        3604.0,
        documents={"start-registration": extract},
        reviews=(_decided(step.step_id, company, after(start, 3.8), decided_at),),
        review_waiting_ms=3_600_000,
    )
    return Sample(
        name="kyc-rejected",
        title="Completed, but a reviewer rejected the case and no account was opened",
        runs=(run,),
    )


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return (rejected(),)
