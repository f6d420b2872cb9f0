"""What the artifacts of classifiers, splits, partitions and edits hold."""

from collections.abc import Mapping, Sequence

from retab_mcp.sandbox.builder.graph import MODEL
from retab_mcp.sandbox.records import Json


def classification(
    stored: Mapping[str, str],
    categories: Mapping[str, str],
    votes: Sequence[tuple[str, str]],
    likelihood: float,
) -> dict[str, Json]:
    """Return a classification: categories by name, votes as (category, reasoning), first wins."""
    decisions = [{"category": category, "reasoning": why} for category, why in votes]
    return {
        "file": dict(stored),
        "model": MODEL,
        "categories": [
            {"name": name, "handle_key": name.lower().replace(" ", "-"), "description": text}
            for name, text in categories.items()
        ],
        "n_consensus": len(decisions),
        "output": decisions[0],
        "consensus": {"choices": decisions, "likelihoods": likelihood},
        "usage": {"credits": 0.5},
    }


def split(
    stored: Mapping[str, str],
    subdocuments: Mapping[str, str],
    output: Sequence[tuple[str, list[int]]],
    likelihoods: Sequence[float],
) -> dict[str, Json]:
    """Return a split: kinds of subdocument by name, output as (name, 1-based pages)."""
    return {
        "file": dict(stored),
        "model": MODEL,
        "subdocuments": [
            {"name": name, "description": text, "allow_multiple_instances": False}
            for name, text in subdocuments.items()
        ],
        "n_consensus": 1,
        "output": [{"name": name, "pages": pages, "regions": []} for name, pages in output],
        "consensus": {
            "likelihoods": [
                {"name": likelihood, "pages": [likelihood] * len(pages)}
                for (_, pages), likelihood in zip(output, likelihoods, strict=True)
            ],
            "choices": [],
        },
        "usage": {"credits": 2.0},
    }


def partition(
    stored: Mapping[str, str],
    key: str,
    output: Sequence[tuple[str, list[int]]],
    likelihoods: Sequence[float],
) -> dict[str, Json]:
    """Return a partition: `key` says by what, output is (value of the key, 1-based pages)."""
    return {
        "file": dict(stored),
        "model": MODEL,
        "key": key,
        "instructions": f"One part for each {key}.",
        "n_consensus": 1,
        "allow_overlap": False,
        "output": [{"key": value, "pages": pages} for value, pages in output],
        "consensus": {
            "choices": [],
            "likelihoods": [
                {"key": likelihood, "pages": [likelihood] * len(pages)}
                for (_, pages), likelihood in zip(output, likelihoods, strict=True)
            ],
        },
        "usage": {"credits": 2.0},
    }


def edit(
    stored: Mapping[str, str], fields: Sequence[tuple[str, str, str | None]], data_url: str
) -> dict[str, Json]:
    """Return an edit: fields as (key, description, value or None when left empty)."""
    form_data = [
        {
            "bbox": {
                "left": 0.12,
                "top": 0.05 + 0.03 * row,
                "width": 0.4,
                "height": 0.02,
                "page": 1,
            },
            "description": description,
            "type": "checkbox" if value in ("true", "false") else "text",
            "key": key,
            "value": value,
        }
        for row, (key, description, value) in enumerate(fields)
    ]
    return {
        "file": dict(stored),
        "model": MODEL,
        "config": {"color": "#000080"},
        "template_id": None,
        "output": {
            "form_data": form_data,
            "filled_document": {"filename": stored["filename"], "url": data_url},
        },
        "filled_document_ref": dict(stored),
        "usage": {"credits": 1.5},
    }
