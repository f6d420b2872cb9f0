"""Classification: the category, its likelihood, and why it was chosen."""

from collections.abc import Iterator

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.operation_reader import OperationReader
from retab_mcp.analysis.record_rules.choices import find_unknown_category
from retab_mcp.analysis.summary import PROSE_TOKENS, RowList, SummaryDraft, present, short
from retab_mcp.analysis.values.artifact_fields import document_name
from retab_mcp.analysis.values.json_types import as_dict, as_dicts, as_text
from retab_mcp.analysis.values.likelihoods import LOW_LIKELIHOOD, is_likelihood
from retab_mcp.analysis.values.votes import Vote, count_votes
from retab_mcp.digest.text import clip
from retab_mcp.models import Artifact, FindingKind, Json, Operation


def _summarize(artifact: Artifact) -> SummaryDraft:
    """Return category, likelihood, reasoning, votes, and the categories to choose from."""
    data = artifact.data
    output = as_dict(data.get("output"))
    categories = [entry.get("name") for entry in as_dicts(data.get("categories"))]
    category = output.get("category")
    facts = present(
        document=document_name(artifact),
        model=data.get("model"),
        category=category,
        likelihood=_likelihood(artifact),
        reasoning=clip(as_text(output.get("reasoning")), PROSE_TOKENS),
        votes=[{"category": vote.value, "count": vote.count} for vote in _votes(artifact)],
        categories=RowList(
            list(map(short, categories)),
            len(categories),
            "/categories",
            total_name="categories_total",
            items=True,
        ),
        category_unknown=bool(category and categories and category not in categories) or None,
    )
    return SummaryDraft(facts)


def _evidence(artifact: Artifact) -> dict[str, Json]:
    """Return the category and its likelihood."""
    return present(category=_category(artifact), likelihood=_likelihood(artifact))


def _find_doubtful_category(artifact: Artifact) -> Iterator[Finding]:
    """Yield a finding where the likelihood is low, else where the votes disagree."""
    votes = _votes(artifact)
    counts = ", ".join(f"{as_text(vote.value) or 'no category'} {vote.count}" for vote in votes)
    counts = counts if len(votes) > 1 else ""
    paths = ("/consensus/choices",) if counts else ()
    likelihood = _likelihood(artifact)
    if likelihood is not None and likelihood < LOW_LIKELIHOOD:
        category = as_text(_category(artifact)) or "of the document"
        message = f"category {category} has a likelihood of {likelihood}"
        message += f" (votes: {counts})" if counts else ""
        yield Finding(FindingKind.LOW_LIKELIHOOD, message, "likelihoods", paths=paths)
    elif counts:
        message = f"votes for the category differ: {counts}"
        yield Finding(FindingKind.VOTES_DISAGREE, message, "choices", paths=paths)


def _category(artifact: Artifact) -> Json:
    return as_dict(artifact.data.get("output")).get("category")


def _likelihood(artifact: Artifact) -> float | None:
    likelihood = as_dict(artifact.data.get("consensus")).get("likelihoods")
    return likelihood if is_likelihood(likelihood) else None


def _votes(artifact: Artifact) -> list[Vote]:
    choices = as_dicts(as_dict(artifact.data.get("consensus")).get("choices"))
    return count_votes([choice.get("category") for choice in choices])


READER = OperationReader(
    operation=Operation.CLASSIFICATION,
    summarize=_summarize,
    evidence=_evidence,
    findings=(find_unknown_category, _find_doubtful_category),
)
