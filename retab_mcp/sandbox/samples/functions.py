"""Functions that raise: a traceback through runner and user code, one text among 20,000 numbers."""

from retab_mcp.sandbox.records import Json, Sample, SampleFailure
from retab_mcp.sandbox.samples import evaluations
from retab_mcp.sandbox.samples.draft import Flow, RunDraft, block, edge, json_handle
from retab_mcp.sandbox.samples.generated import price_list

RUNNER = "/opt/retab/runner"
PACKAGES = "/usr/local/lib/python3.12/site-packages"
USER_CODE = "/sandbox/block/main.py"
# The validation library calls itself for each level of the data.
RECURSION_FRAMES = 24


def _frame(path: str, line: int, name: str, code: str) -> str:
    return f'  File "{path}", line {line}, in {name}\n    {code}\n'


def traceback(user_frames: list[tuple[int, str, str]], exception: str) -> str:
    """Return a Python traceback: the runner's frames, the block's own, a library's, the runner's.

    `user_frames` are (line, function, code) of the block's file.
    """
    library = "".join(
        _frame(f"{PACKAGES}/schemata/walk.py", 118, "visit", "return self.visit(node[key], depth)")
        for _ in range(RECURSION_FRAMES)
    )
    return (
        "Traceback (most recent call last):\n"
        + _frame(f"{RUNNER}/worker.py", 412, "execute", "result = await invoke(task, context)")
        + _frame(f"{RUNNER}/invoke.py", 88, "invoke", "return handler(**inputs)")
        + _frame(f"{PACKAGES}/anyio/to_thread.py", 63, "run_sync", "return await worker.run(call)")
        + library
        + _frame(f"{RUNNER}/handler.py", 37, "__call__", "return self.entry(payload)")
        + "".join(_frame(USER_CODE, *frame) for frame in user_frames)
        + exception
        + "\n"
    )


def _failure(block_id: str, message: str, trace: str) -> SampleFailure:
    return SampleFailure(
        message=message,
        stage="execution",
        category="permanent",
        details={
            "message": message,
            "stack_trace": trace,
            "block_id": block_id,
            "error_code": "function_error",
        },
    )


def _function_output(message: str, trace: str, printed: str) -> dict[str, Json]:
    """Return the typed output that only the oldest generations have."""
    return {
        "message": message,
        "execution_time_ms": 600,
        "stdout": printed,
        "stderr": trace,
        "error": message,
        "traceback_str": trace,
    }


PAYROLL = Flow(
    slug="payroll-monthly",
    name="Monthly payroll",
    blocks=(
        block("start-timesheets", "start_json", "Timesheets"),
        block("compute-pay", "function", "Compute gross pay"),
        block("send-to-payroll", "api_call", "Send to payroll provider", method="POST"),
    ),
    edges=(edge("start-timesheets", "compute-pay"), edge("compute-pay", "send-to-payroll")),
)


def payroll_traceback() -> Sample:
    """A function knows no rate for a new grade; three frames of some thirty are the user's."""
    draft = RunDraft("payroll-traceback", PAYROLL, "2026-08-06T04:00:00Z")
    sheets = {
        "month": "2026-07",
        "timesheets": [
            {"employee": "E-1001", "grade": "B2", "hours": 160.0},
            {"employee": "E-1002", "grade": "C1", "hours": 152.5},
            {"employee": "E-1003", "grade": "C3", "hours": 148.0},
        ],
    }
    trace = traceback(
        [
            (61, "main", "lines = [gross(sheet) for sheet in data['timesheets']]"),
            (48, "gross", "return sheet['hours'] * rate_of(sheet['grade'])"),
            (23, "rate_of", "return RATES[grade]"),
        ],
        "KeyError: 'C3'",
    )
    failure = _failure("compute-pay", "KeyError: 'C3'", trace)
    draft.step("start-timesheets", 0.1, outputs={"output-json-0": json_handle(sheets)})
    invocation = draft.artifact(
        "function_invocation",
        "compute-pay",
        evaluations.function({"input-json-0": sheets}, None, 600),
        failure=failure,
    )
    step = draft.step(
        "compute-pay",
        0.6,
        status="error",
        failure=failure,
        artifact=invocation,
        output=_function_output("KeyError: 'C3'", trace, "2 of 3 timesheets computed\n"),
    )
    draft.unreached("send-to-payroll", "skipped", "Upstream block 'compute-pay' failed")
    run = draft.run(
        "error",
        0.9,
        failure=failure,
        failing_step_id=step.step_id,
        json_data={"start-timesheets": sheets},
        trigger={"type": "schedule", "schedule_id": "sched_payroll_monthly"},
    )
    return Sample(
        name="payroll-traceback",
        title="A function raised KeyError, its own frames deep within the runner's",
        runs=(run,),
    )


PRICES = Flow(
    slug="price-list-import",
    name="Price list import",
    blocks=(
        block("start-price-list", "start_json", "Price list"),
        block("check-rows", "function", "Check the rows"),
        block("value-stock", "function", "Value the stock"),
        block("publish-prices", "api_call", "Publish prices", method="PUT"),
    ),
    edges=(
        edge("start-price-list", "check-rows"),
        edge("check-rows", "value-stock"),
        edge("value-stock", "publish-prices"),
    ),
)
TEXT_QUANTITY_AT = 13_377
TEXT_QUANTITY = "12 pcs"


def price_list_outlier() -> Sample:
    """One quantity among 20,000 is a text, and the function that multiplies it raises."""
    draft = RunDraft("price-list-outlier", PRICES, "2026-08-06T05:30:00Z")
    message = "TypeError: can't multiply sequence by non-int of type 'float'"

    def data() -> dict[str, Json]:
        return {"currency": "EUR", "rows": list(price_list(TEXT_QUANTITY_AT, TEXT_QUANTITY))}

    def handles() -> dict[str, Json]:
        return {"output-json-0": json_handle(data())}

    trace = traceback(
        [
            (19, "main", "return {'value': sum(value_of(row) for row in data['rows'])}"),
            (19, "<genexpr>", "return {'value': sum(value_of(row) for row in data['rows'])}"),
            (11, "value_of", "return row['qty'] * row['unit_price'] * (1 - row['discount'])"),
        ],
        message,
    )
    failure = _failure("value-stock", message, trace)
    draft.step("start-price-list", 0.4, outputs=handles)
    draft.step("check-rows", 2.1, outputs=handles)
    invocation = draft.artifact(
        "function_invocation",
        "value-stock",
        lambda: evaluations.function({"input-json-0": data()}, None, 1400),
        failure=failure,
    )
    step = draft.step(
        "value-stock",
        1.4,
        status="error",
        failure=failure,
        artifact=invocation,
        output=_function_output(message, trace, ""),
    )
    draft.unreached("publish-prices", "skipped", "Upstream block 'value-stock' failed")
    run = draft.run(
        "error",
        4.2,
        failure=failure,
        failing_step_id=step.step_id,
        json_data=lambda: {"start-price-list": data()},
    )
    return Sample(
        name="price-list-outlier",
        title="One quantity among 20,000 rows is a text, and a function multiplies it",
        runs=(run,),
    )


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return (payroll_traceback(), price_list_outlier())
