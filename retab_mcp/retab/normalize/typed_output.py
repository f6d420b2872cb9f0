"""Read the typed output of older steps as the record that newer servers keep of them.

Until April 2026 a step of an API call, a function or a condition had no artifact; its `output` held
the request and the response, the exception and what the function printed, or the evaluations.
"""

from retab_mcp.models import Artifact, Json, Operation, Step
from retab_mcp.retab.normalize.fields import first_text, listing, mapping, text, whole
from retab_mcp.retab.normalize.lifecycle import failure_of
from retab_mcp.retab.normalize.wire_artifact import evaluation_from_wire

# Fields that only the output of an API call, or of a function, has.
_OF_A_CALL = ("status_code", "response_data", "response_text", "request_body")
_OF_A_FUNCTION = ("traceback_str", "stdout", "stderr", "execution_time_ms")


def record_in_output(step: Step) -> Artifact | None:
    """Return an API call, a function or conditions as an artifact without id, else None."""
    output = mapping(step.payload.output)
    if any(name in output for name in _OF_A_CALL):
        return _artifact(step, Operation.API_CALL_INVOCATION, _call(output))
    if any(name in output for name in _OF_A_FUNCTION):
        return _artifact(step, Operation.FUNCTION_INVOCATION, _function(output))
    if isinstance(output.get("evaluations"), list):
        ended = "termination_reason" in output
        conditions = Operation.WHILE_LOOP_TERMINATION if ended else Operation.CONDITIONAL_EVALUATION
        return _artifact(step, conditions, _conditions(output))
    return None


def _artifact(step: Step, operation: Operation, data: dict[str, Json]) -> Artifact:
    summary = step.summary
    return Artifact(
        id="",
        operation=operation,
        run_id=summary.run_id,
        step_id=summary.step_id,
        failure=failure_of(data, summary.status) if data["error"] else None,
        data=data,
    )


def _call(output: dict[str, Json]) -> dict[str, Json]:
    data = output.get("response_data")
    error = _error(output.get("error"))
    attempt: dict[str, Json] = {
        "request_method": text(output.get("method")),
        "request_url": text(output.get("url")),
        "request_body": output.get("request_body"),
        "response_status": whole(output.get("status_code")),
        "response_body": data if data is not None else output.get("response_text"),
        "error": error,
    }
    return {"attempts": [attempt], "error": error}


def _conditions(output: dict[str, Json]) -> dict[str, Json]:
    matched = first_text(output, "matched_condition_id")
    return {
        "evaluations": [evaluation_from_wire(each) for each in listing(output.get("evaluations"))],
        "matched_condition_ids": [matched] if matched else [],
        "termination_reason": output.get("termination_reason"),
        "error": _error(output.get("error")),
    }


def _function(output: dict[str, Json]) -> dict[str, Json]:
    error = mapping(_error(output.get("error")))
    trace = first_text(output, "traceback_str")
    if trace:
        error.setdefault("stack_trace", trace)
    kept = {name: output[name] for name in ("stdout", "stderr") if output.get(name)}
    return {"error": error or None, "duration_ms": output.get("execution_time_ms"), **kept}


def _error(value: Json) -> Json:
    return {"message": value} if isinstance(value, str) and value else value or None
