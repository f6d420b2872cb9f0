"""Extraction: the data, and what is doubtful about it."""

from retab_mcp.analysis.summary import (
    MAX_ROWS,
    Body,
    Parts,
    Rows,
    as_dict,
    counted,
    present,
    short,
)
from retab_mcp.analysis.values.likelihoods import LowLikelihoods, low_likelihoods
from retab_mcp.analysis.values.schema_check import SchemaReport, check_schema
from retab_mcp.analysis.values.votes import Disagreements, disagreements
from retab_mcp.models import Json

OUTPUT = "/output"


def summarize(data: dict[str, Json]) -> Parts:
    """Return required fields null or missing, type mismatches, low likelihoods, votes that
    disagree, and the output. `data` is an extraction record of the current generation."""
    output = data.get("output")
    if output is None:
        return Parts(present(document=filename(data), model=data.get("model")))
    report = check_schema(output, data.get("json_schema"), OUTPUT)
    consensus = as_dict(data.get("consensus"))
    low = low_likelihoods(consensus.get("likelihoods"), output, MAX_ROWS, OUTPUT)
    choices = consensus.get("choices")
    disputed = disagreements(choices if isinstance(choices, list) else [], MAX_ROWS, OUTPUT)
    facts = present(
        document=filename(data),
        model=data.get("model"),
        required_missing=_rows(missing_rows(report), len(report.missing), OUTPUT),
        type_mismatches=_rows(mismatch_rows(report), len(report.mismatches), OUTPUT),
        schema_unchecked=report.unchecked if data.get("json_schema") else None,
        low_likelihoods=_rows(low_rows(low), low.count, "/consensus/likelihoods"),
        votes_disagree=_rows(vote_rows(disputed), disputed.count, "/consensus/choices"),
    )
    return Parts(facts, {"output": Body(output, OUTPUT)})


def filename(data: dict[str, Json]) -> Json:
    """Return the name of the document that a primitive read, None where it is not said."""
    return as_dict(data.get("file")).get("filename")


def _rows(listed: Json, total: int, pointer: str) -> Rows | None:
    """`listed` ({"count", "first"} or None) as rows that may give way."""
    return listed and Rows(list(listed["first"]), total, pointer, count=listed["count"])


def missing_rows(report: SchemaReport) -> Json:
    """Return the required fields that are null or missing as {"count", "first"}, or None.

    A row is {"path", "problem": "null"} or {"path" of the object, "field", "problem": "missing"},
    with `schema_allows_null` and the number of `places` where these say something.
    """
    return counted(
        [
            present(
                path=entry.path or "/",
                field=entry.field if entry.problem == "missing" else None,
                problem=entry.problem,
                schema_allows_null=entry.nullable or None,
                places=entry.count if entry.count > 1 else None,
            )
            for entry in report.missing
        ],
        sum(entry.count for entry in report.missing),
    )


def mismatch_rows(report: SchemaReport) -> Json:
    """Return values of a wrong type as {"count", "first": [{path, expected, value, places}]}."""
    return counted(
        [
            {"path": entry.path, "expected": entry.expected, "value": short(entry.value)}
            | ({"places": entry.count} if entry.count > 1 else {})
            for entry in report.mismatches
        ],
        sum(entry.count for entry in report.mismatches),
    )


def low_rows(low: LowLikelihoods) -> Json:
    """Return low likelihoods as {"count", "first": [{path, value, likelihood}]}, worst first."""
    rows = [
        {"path": entry.path, "value": short(entry.value), "likelihood": entry.likelihood}
        for entry in low.worst
    ]
    return counted(rows, low.count)


def vote_rows(disputed: Disagreements) -> Json:
    """Return disputed places as {"count", "first": [{path, votes: [{value, count}]}]}."""
    rows = [
        {
            "path": entry.path,
            "votes": [
                {"absent": True, "count": vote.count}
                if vote.absent
                else {"value": short(vote.value), "count": vote.count}
                for vote in entry.votes
            ],
        }
        for entry in disputed.worst
    ]
    return counted(rows, disputed.count)
