"""Classification: the category, how sure, and why."""

from retab_mcp.analysis.operations.extraction import filename
from retab_mcp.analysis.summary import (
    PROSE_TOKENS,
    Parts,
    Rows,
    as_dict,
    as_dicts,
    as_text,
    present,
    short,
)
from retab_mcp.analysis.values.likelihoods import is_likelihood
from retab_mcp.analysis.values.votes import count_votes
from retab_mcp.digest.text import clip
from retab_mcp.models import Json


def summarize(data: dict[str, Json]) -> Parts:
    """Return category, likelihood, reasoning (cut), the votes, and the categories there were."""
    output = as_dict(data.get("output"))
    consensus = as_dict(data.get("consensus"))
    likelihood = consensus.get("likelihoods")
    votes = count_votes([choice.get("category") for choice in as_dicts(consensus.get("choices"))])
    categories = [entry.get("name") for entry in as_dicts(data.get("categories"))]
    category = output.get("category")
    facts = present(
        document=filename(data),
        model=data.get("model"),
        category=category,
        likelihood=likelihood if is_likelihood(likelihood) else None,
        reasoning=clip(as_text(output.get("reasoning")), PROSE_TOKENS),
        votes=[{"category": vote.value, "count": vote.count} for vote in votes],
        categories=Rows(
            list(map(short, categories)),
            len(categories),
            "/categories",
            total_name="categories_total",
            items=True,
        ),
        category_unknown=bool(category and categories and category not in categories) or None,
    )
    return Parts(facts, untrusted_text=bool(output))
