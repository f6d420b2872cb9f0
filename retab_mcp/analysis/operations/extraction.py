"""Extraction: the extracted data, and what is doubtful about it."""

from collections.abc import Iterator

from retab_mcp.analysis.finding import Finding
from retab_mcp.analysis.operation_reader import OperationReader
from retab_mcp.analysis.record_rules.empty_tables import find_empty_tables
from retab_mcp.analysis.record_rules.split_votes import find_split_votes
from retab_mcp.analysis.summary import (
    MAX_ROWS,
    LargeValue,
    RowList,
    SummaryDraft,
    counted,
    present,
    quoted,
    short,
)
from retab_mcp.analysis.values.artifact_fields import (
    MAX_NAMED,
    OUTPUT,
    document_name,
    find_low_likelihoods,
    output_of,
)
from retab_mcp.analysis.values.json_types import as_dict
from retab_mcp.analysis.values.likelihoods import LowLikelihoods, low_likelihoods
from retab_mcp.analysis.values.schema_check import SchemaReport, check_schema
from retab_mcp.analysis.values.votes import Disagreements, disagreements
from retab_mcp.models import Artifact, FindingKind, Json, Operation


def _summarize(artifact: Artifact) -> SummaryDraft:
    """Return the output and what is doubtful in it.

    That is required fields that are null or missing, wrong types, low likelihoods, disputed votes.
    """
    data = artifact.data
    output = output_of(artifact)
    if output is None:
        return SummaryDraft(present(document=document_name(artifact), model=data.get("model")))
    report = check_schema(output, data.get("json_schema"), OUTPUT)
    consensus = as_dict(data.get("consensus"))
    low = low_likelihoods(consensus.get("likelihoods"), output, MAX_ROWS, OUTPUT)
    choices = consensus.get("choices")
    disputed = disagreements(choices if isinstance(choices, list) else [], MAX_ROWS, OUTPUT)
    facts = present(
        document=document_name(artifact),
        model=data.get("model"),
        required_missing=_row_list(_missing_rows(report), len(report.missing), OUTPUT),
        type_mismatches=_row_list(_mismatch_rows(report), len(report.mismatches), OUTPUT),
        schema_unchecked=report.unchecked if data.get("json_schema") else None,
        low_likelihoods=_row_list(_low_rows(low), low.count, "/consensus/likelihoods"),
        votes_disagree=_row_list(_vote_rows(disputed), disputed.count, "/consensus/choices"),
    )
    return SummaryDraft(facts, {"output": LargeValue(output, OUTPUT)})


def _evidence(artifact: Artifact) -> dict[str, Json]:
    """Return the first fields that break the schema."""
    output = output_of(artifact)
    if not output:
        return {}
    report = check_schema(output, artifact.data.get("json_schema"), OUTPUT)
    return present(
        required_missing=_first(_missing_rows(report)),
        type_mismatches=_first(_mismatch_rows(report)),
    )


def _find_schema_violations(artifact: Artifact) -> Iterator[Finding]:
    """Yield a finding for required fields without a value and one for values of a wrong type."""
    output = output_of(artifact)
    if output is None:
        return
    report = check_schema(output, artifact.data.get("json_schema"), OUTPUT)
    # Nulls that the schema allows are reported only if there is nothing worse.
    missing = [entry for entry in report.missing if not entry.nullable] or report.missing
    if missing:
        count = sum(entry.count for entry in missing)
        fields = "1 required field is" if count == 1 else f"{count} required fields are"
        problem = " or ".join(sorted({entry.problem for entry in missing}, reverse=True))
        names = ", ".join(entry.field for entry in missing[:MAX_NAMED])
        allowed = " (the schema allows null)" if missing[0].nullable else ""
        paths = tuple(entry.path for entry in missing[:MAX_NAMED])
        message = f"{fields} {problem}: {names}{allowed}"
        yield Finding(FindingKind.REQUIRED_MISSING, message, "json_schema", paths=paths)
    if report.mismatches:
        count = sum(entry.count for entry in report.mismatches)
        first = report.mismatches[0]
        values = "1 value has" if count == 1 else f"{count} values have"
        message = (
            f"{values} a type that the schema does not allow: "
            f"expected {first.expected}, got {quoted(first.value)}"
        )
        paths = tuple(entry.path for entry in report.mismatches[:MAX_NAMED])
        yield Finding(FindingKind.TYPE_MISMATCH, message, "json_schema", paths=paths)


def _find_doubtful_values(artifact: Artifact) -> Iterator[Finding]:
    """Yield a finding for values with a low likelihood."""
    if output_of(artifact) is not None:
        yield from find_low_likelihoods(artifact, OUTPUT)


def _row_list(listed: Json, total: int, pointer: str) -> RowList | None:
    """Return `listed` ({"count", "first"} or None) as a list whose rows can be dropped."""
    return listed and RowList(list(listed["first"]), total, pointer, count=listed["count"])


def _first(listed: Json) -> Json:
    return listed and {"count": listed["count"], "first": listed["first"][:MAX_NAMED]}


def _missing_rows(report: SchemaReport) -> Json:
    """Return the required fields that are null or missing as {"count", "first"}, or None.

    A row is {"path", "problem": "null"} or {"path" of the object, "field", "problem": "missing"},
    with `schema_allows_null` and, where more than one, the number of `places`.
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


def _mismatch_rows(report: SchemaReport) -> Json:
    """Return values of a wrong type as {"count", "first": [{path, expected, value, places}]}."""
    return counted(
        [
            {"path": entry.path, "expected": entry.expected, "value": short(entry.value)}
            | ({"places": entry.count} if entry.count > 1 else {})
            for entry in report.mismatches
        ],
        sum(entry.count for entry in report.mismatches),
    )


def _low_rows(low: LowLikelihoods) -> Json:
    """Return low likelihoods as {"count", "first": [{path, value, likelihood}]}, worst first."""
    rows = [
        {"path": entry.path, "value": short(entry.value), "likelihood": entry.likelihood}
        for entry in low.worst
    ]
    return counted(rows, low.count)


def _vote_rows(disputed: Disagreements) -> Json:
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


READER = OperationReader(
    operation=Operation.EXTRACTION,
    summarize=_summarize,
    evidence=_evidence,
    findings=(
        find_empty_tables,
        _find_schema_violations,
        _find_doubtful_values,
        find_split_votes,
    ),
)
