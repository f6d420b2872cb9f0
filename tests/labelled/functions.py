"""Functions that raised, timed out, or returned what their schema does not allow."""

from retab_mcp.sandbox.builder.artifacts import function
from retab_mcp.sandbox.builder.graph import block
from retab_mcp.sandbox.records import Json, SampleFailure, SampleRef
from tests.labelled.scenario import CURRENT, EVERY_SHAPE, LabelledRun, Scenario

_TRACE = """Traceback (most recent call last):
  File "/srv/runtime/entry.py", line 71, in call
    return module.main(inputs)
  File "/srv/user/block.py", line {line}, in main
    {code}
{error}
"""


def _trace(line: int, code: str, error: str) -> str:
    return _TRACE.format(line=line, code=code, error=error)


def _function(
    name: str,
    title: str,
    data: Json,
    message: str,
    *,
    kind: str = "function_exception",
    trace: str | None = None,
    recorded: str = "",
    seconds: float = 0.3,
    generations: tuple[str, ...] = CURRENT,
) -> Scenario:
    """Return a run whose function got `data` and failed with these words.

    The traceback is in the step's error (`trace`), or in its invocation alone (`recorded`).
    """
    build = LabelledRun(
        name,
        title,
        (
            block("given-data", "start_json", "Given data"),
            block("work-it-out", "function", "Work it out"),
            block("publish-figures", "api_call", "Publish"),
        ),
        "given-data > work-it-out > publish-figures",
    )
    build.start("given-data", data)
    step = build.fail(
        "work-it-out",
        message,
        seconds,
        trace=trace,
        artifact=_invocation(build, data, message, recorded) if recorded else None,
    )
    build.skip("Upstream block 'work-it-out' failed", "publish-figures")
    return build.ended_in_error(kind, step, 1, hint=step, generations=generations)


def _invocation(build: LabelledRun, data: Json, message: str, trace: str) -> SampleRef:
    failure = SampleFailure(message=message, details={"message": message, "stack_trace": trace})
    record = function({"input-json-0": data}, None, 300)
    return build.artifact("function_invocation", "work-it-out", record, failure=failure)


def scenarios() -> tuple[Scenario, ...]:
    """Return the scenarios of this file."""
    sheet = {"rows": [{"net": 120.0, "share": 0}], "vendor": {"name": "Alder Optics"}}
    return (
        _function(
            "vat-key-missing",
            "A key that this vendor's record does not have; its name is all that is said",
            sheet,
            "'vat_id'",
            trace=_trace(12, "return data['vendor']['vat_id']", "KeyError: 'vat_id'"),
        ),
        _function(
            "share-of-nothing",
            "A division by a share of 0; only the invocation has the traceback",
            sheet,
            "float division by zero",
            recorded=_trace(
                8, "row['net'] / row['share']", "ZeroDivisionError: float division by zero"
            ),
        ),
        _function(
            "answer-not-json",
            "A text taken for JSON",
            {"raw": "OK"},
            "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
            generations=EVERY_SHAPE,
        ),
        _function(
            "comma-decimal",
            "An amount with a decimal comma",
            {"gross": "1.190,00", "rate": 0.19},
            "decimal.InvalidOperation: [<class 'decimal.ConversionSyntax'>]",
            generations=EVERY_SHAPE,
        ),
        _function(
            "half-edited-code",
            "Code that was published in the middle of an edit",
            {"n": 1},
            "SyntaxError: '(' was never closed (block.py, line 14)",
            generations=EVERY_SHAPE,
        ),
        _function(
            "lookup-by-hand",
            "A function that calls a server itself: the failed step is the function",
            {"postcode": "20457"},
            "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='geo.example.com', "
            "port=443): Max retries exceeded with url: /v1/lookup",
            trace=_trace(
                5,
                "requests.get(URL, params=data)",
                "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='geo.example.com', "
                "port=443): Max retries exceeded with url: /v1/lookup",
            ),
        ),
        _function(
            "endless-function",
            "A loop in the code that does not end",
            {"seed": 41},
            "Execution stopped: wall-clock limit of 60 s exceeded",
            kind="timeout",
            seconds=60.0,
            generations=EVERY_SHAPE,
        ),
        _function(
            "result-without-total",
            "What the function gave back lacks a field of its output schema",
            {"rows": []},
            "Returned value rejected: 'total' is a required property",
            kind="schema_violation",
        ),
    )
