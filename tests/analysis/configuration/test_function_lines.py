"""The lines of a function around the one that raised."""

from typing import Any

import pytest

from retab_mcp.analysis.cause.root_cause import RootCause
from retab_mcp.analysis.configuration.function_lines import FunctionLines, function_lines
from retab_mcp.models import ErrorDetails, FailureKind

SOURCE = """def main(order):
    rate = RATES[order['grade']]

    total = order['total'] * rate
    return {'total': total}
"""
AROUND_TOTAL = FunctionLines(
    4, ("4:     total = order['total'] * rate", "5:     return {'total': total}")
)


def found(
    *frames: Any,
    message: str = "",
    source: str | None = SOURCE,
    details: ErrorDetails | None = None,
) -> FunctionLines | None:
    cause = RootCause(
        step=None,
        message=message,
        stage=None,
        category=None,
        kind=FailureKind.FUNCTION_EXCEPTION,
        suggestion="",
        reasons=(),
        evidence={"stack_trace": {"frames": list(frames)}} if frames else {},
        details=details,
    )
    return function_lines({"code": source}, cause)


def test_the_line_of_the_innermost_frame_is_shown_with_its_neighbours() -> None:
    frames = ("main.py:1 in <module>", "main.py:4 in main: total = order['total'] * rate")
    assert found(*frames) == AROUND_TOTAL


def test_a_frame_outside_of_the_source_is_passed_over() -> None:
    frames = ("main.py:4 in main: total = order['total'] * rate", "lib.py:90 in get: return 1")
    assert found(*frames) == AROUND_TOTAL
    assert found("main.py:4", "main.py:6") == AROUND_TOTAL
    assert found("main.py:4", "no frame at all", 7) == AROUND_TOTAL


def test_a_line_that_a_runner_shifted_is_found_by_its_code() -> None:
    assert found("main.py:44 in main: total = order['total'] * rate") == AROUND_TOTAL
    assert found("main.py:2 in main: total = order['to…") == AROUND_TOTAL


def test_code_that_two_lines_have_is_not_guessed() -> None:
    source = "a = 1\nb = 2\na = 1\n"
    assert found("main.py:2 in main: a = 1", source=source) is None
    shown = found("main.py:3 in main: a = 1", source=source)
    assert shown == FunctionLines(3, ("2: b = 2", "3: a = 1"))


def test_first_and_last_line_have_one_neighbour() -> None:
    shown = found("main.py:1")
    assert shown == FunctionLines(1, ("1: def main(order):", "2:     rate = RATES[order['grade']]"))
    shown = found("main.py:5")
    assert shown is not None
    assert shown.lines[-1] == "5:     return {'total': total}"


def test_without_a_trace_the_only_line_with_the_quoted_key_is_shown() -> None:
    shown = found(message="KeyError: 'grade'")
    assert shown == FunctionLines(2, ("1: def main(order):", "2:     rate = RATES[order['grade']]"))
    assert found(message="KeyError: 'total'") is None
    assert found(message="KeyError: 'grad'") is None
    assert found(message="'total' and 'grade'") == shown


def test_trace_of_the_error_counts_where_the_record_has_none() -> None:
    trace = 'Traceback (most recent call last):\n  File "main.py", line 4, in main\nKeyError: 1'
    assert found(details=ErrorDetails(stack_trace=trace)) == AROUND_TOTAL


def test_long_lines_are_cut() -> None:
    shown = found("main.py:1", source="x = '" + "word " * 200 + "'")
    assert shown is not None
    assert len(shown.lines[0]) < 300


@pytest.mark.parametrize("source", [None, "", " \n"])
def test_nothing_is_shown_without_a_source(source: str | None) -> None:
    assert found("main.py:1", source=source) is None
