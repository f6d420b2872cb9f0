"""The few facts of an artifact that show why its step failed, small enough to stand in a run."""

from collections.abc import Callable

from retab_mcp.analysis.operations import api_call, evaluations, extraction, function, split
from retab_mcp.analysis.summary import as_dict, as_dicts, present, short
from retab_mcp.analysis.values.schema_check import check_schema
from retab_mcp.digest.digest import digest
from retab_mcp.models import Artifact, Json, Operation

# Tokens, by estimate, of all that is shown: get_artifact has the rest.
EVIDENCE_TOKENS = 300
# Tokens of a body that a called API sent or got.
BODY_TOKENS = 80
# Conditions and faulty fields named.
MAX_NAMED = 3


def evidence(artifact: Artifact) -> dict[str, Json]:
    """Return what in `artifact` speaks for the failure of its step, at most EVIDENCE_TOKENS.

    By operation: the called API's last attempt with its body, the function's exception and own
    frames, expected and actual of the conditions, the loop's reason, the review's trigger, the
    fields that break the schema. Empty where the record says nothing of the kind.
    """
    error = as_dict(artifact.data.get("error"))
    known = _BY_OPERATION.get(artifact.operation)
    facts = known(artifact.data) if known is not None else {}
    code = error.get("code") or error.get("error_code")
    return as_dict(digest(present(error_code=code) | facts, EVIDENCE_TOKENS, derived=True).value)


def _api_call(data: dict[str, Json]) -> dict[str, Json]:
    attempts = as_dicts(data.get("attempts"))
    if not attempts:
        return {}
    last = attempts[-1]
    refused = api_call.was_refused(last)
    line = api_call.attempt_line(last)
    line.pop("attempt", None)
    return {"attempts": len(attempts), **line} | present(
        response_body=short(last.get("response_body"), BODY_TOKENS),
        request_body=short(last.get("request_body"), BODY_TOKENS) if refused else None,
    )


def _function(data: dict[str, Json]) -> dict[str, Json]:
    facts = function.exception(data)
    facts.pop("error", None)  # the step's own message says it
    return facts


def _conditions(data: dict[str, Json]) -> dict[str, Json]:
    lines = evaluations.condition_lines(data, MAX_NAMED)
    branch = data.get("matched_branch_id")
    return present(
        conditions=lines, branch_id=branch, selected_handles=data.get("selected_handles")
    )


def _while_loop(data: dict[str, Json]) -> dict[str, Json]:
    return present(
        termination_reason=data.get("termination_reason"),
        last_conditions=evaluations.condition_lines(data, -MAX_NAMED),
    )


def _review(data: dict[str, Json]) -> dict[str, Json]:
    triggers = [each for each in as_dicts(data.get("evaluations")) if each.get("matched")]
    return present(
        triggered_by=[evaluations.condition_line(each) for each in triggers[:MAX_NAMED]],
        decision=data.get("review_decision"),
    )


def _extraction(data: dict[str, Json]) -> dict[str, Json]:
    output = data.get("output")
    if not output:
        return {}
    report = check_schema(output, data.get("json_schema"), extraction.OUTPUT)
    return present(
        required_missing=_first(extraction.missing_rows(report)),
        type_mismatches=_first(extraction.mismatch_rows(report)),
    )


def _first(counted: Json) -> Json:
    return counted and {"count": counted["count"], "first": counted["first"][:MAX_NAMED]}


def _classification(data: dict[str, Json]) -> dict[str, Json]:
    return present(
        category=as_dict(data.get("output")).get("category"),
        likelihood=as_dict(data.get("consensus")).get("likelihoods"),
    )


_BY_OPERATION: dict[str, Callable[[dict[str, Json]], dict[str, Json]]] = {
    Operation.EXTRACTION: _extraction,
    Operation.SPLIT: split.coverage,
    Operation.PARTITION: split.coverage,
    Operation.CLASSIFICATION: _classification,
    Operation.CONDITIONAL_EVALUATION: _conditions,
    Operation.REVIEW_TRIGGER_EVALUATION: _review,
    Operation.WHILE_LOOP_TERMINATION: _while_loop,
    Operation.API_CALL_INVOCATION: _api_call,
    Operation.FUNCTION_INVOCATION: _function,
}
