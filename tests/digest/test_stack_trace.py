import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from retab_mcp.digest.stack_trace import stack_trace

PYTHON_TRACE = """\
Traceback (most recent call last):
  File "/var/runner/main.py", line 40, in execute
    result = call(inputs)
  File "/usr/lib/python3.12/functools.py", line 10, in wrapper
    return call(*args)
  File "block.py", line 7, in transform
    return total(rows)
  File "block.py", line 3, in total
    return sum(float(row["qty"]) for row in rows)
ValueError: could not convert string to float: '12 pcs'
"""


def test_a_python_trace_shows_the_frames_of_the_block() -> None:
    assert stack_trace(PYTHON_TRACE) == snapshot(
        {
            "exception": "ValueError: could not convert string to float: '12 pcs'",
            "frames": [
                "block.py:7 in transform: return total(rows)",
                'block.py:3 in total: return sum(float(row["qty"]) for row in rows)',
            ],
            "frames_left_out": 2,
        }
    )


def test_only_the_innermost_frames_are_shown() -> None:
    trace = stack_trace(PYTHON_TRACE, limit=1)
    assert trace["frames"] == ['block.py:3 in total: return sum(float(row["qty"]) for row in rows)']
    assert trace["frames_left_out"] == 3


def test_a_chain_of_exceptions_names_the_first_too() -> None:
    trace = (
        "Traceback (most recent call last):\n"
        '  File "block.py", line 2, in load\n'
        "    return data['total']\n"
        "           ~~~~^^^^^^^^^\n"
        "KeyError: 'total'\n"
        "\n"
        "During handling of the above exception, another exception occurred:\n"
        "\n"
        "Traceback (most recent call last):\n"
        '  File "block.py", line 9, in <module>\n'
        "    load()\n"
        "RuntimeError: no total in the invoice\n"
        "it was read on Monday\n"
    )
    assert stack_trace(trace) == snapshot(
        {
            "exception": """\
RuntimeError: no total in the invoice
it was read on Monday\
""",
            "caused_by": ["KeyError: 'total'"],
            "frames": [
                "block.py:2 in load: return data['total']",
                "block.py:9 in <module>: load()",
            ],
        }
    )


def test_a_javascript_trace_shows_the_frames_of_the_block() -> None:
    trace = (
        "TypeError: Cannot read properties of undefined (reading 'total')\n"
        "    at sumRows (/block/index.js:12:18)\n"
        "    at /block/index.js:30:5\n"
        "    at run (/app/node_modules/engine/lib/run.js:88:3)\n"
        "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)\n"
    )
    assert stack_trace(trace) == snapshot(
        {
            "exception": "TypeError: Cannot read properties of undefined (reading 'total')",
            "frames": ["/block/index.js:30", "/block/index.js:12 in sumRows"],
            "frames_left_out": 2,
        }
    )


@pytest.mark.parametrize("text", ["", "no trace at all", "ValueError: x", "  File of mine"])
def test_a_text_that_is_not_a_trace_is_unchanged(text: str) -> None:
    assert stack_trace(text) == text


def test_the_indented_lines_of_a_message_are_kept() -> None:
    trace = (
        "Traceback (most recent call last):\n"
        '  File "block.py", line 8, in transform\n'
        "    Invoice(**data)\n"
        "    ~~~~~~~^^^^^^^^\n"
        "ValidationError: 2 validation errors for Invoice\n"
        "total\n"
        "  Input should be a valid number [input_value='4,9']\n"
        "\n"
        "due\n"
        "  Field required\n"
    )
    assert stack_trace(trace)["exception"] == snapshot("""\
ValidationError: 2 validation errors for Invoice
total
  Input should be a valid number [input_value='4,9']

due
  Field required\
""")


def test_a_syntax_error_names_the_line() -> None:
    trace = "  File \"<string>\", line 3\n    x = (\n        ^\nSyntaxError: '(' was never closed\n"
    assert stack_trace(trace) == snapshot(
        {"exception": "SyntaxError: '(' was never closed", "frames": ["<string>:3: x = ("]}
    )


def test_causes_of_a_javascript_error_are_named() -> None:
    trace = (
        "Error: the order cannot be booked\n"
        "    at book (/block/index.js:12:18)\n"
        "    at async Promise.all (index 0) {\n"
        "  code: 'E_BOOK',\n"
        "  [cause]: RangeError: quantity under 0\n"
        "      at check (/block/check.js:3:9) {\n"
        "    code: 'E_RANGE'\n"
        "  }\n"
        "}\n"
    )
    assert stack_trace(trace) == snapshot(
        {
            "exception": "Error: the order cannot be booked",
            "caused_by": ["RangeError: quantity under 0"],
            "frames": ["/block/check.js:3 in check", "/block/index.js:12 in book"],
        }
    )


def test_a_java_trace_shows_the_frames_of_the_block() -> None:
    trace = (
        "com.acme.BookingException: the order cannot be booked\n"
        "\tat com.acme.Booking.book(Booking.java:42)\n"
        "\tat java.base/java.lang.Thread.run(Thread.java:833)\n"
        'Caused by: java.lang.NumberFormatException: For input string: "4,9"\n'
        "\tat java.base/java.lang.Integer.parseInt(Integer.java:652)\n"
        "\tat com.acme.Booking.quantity(Booking.java:17)\n"
        "\t... 12 more\n"
    )
    assert stack_trace(trace) == snapshot(
        {
            "exception": "com.acme.BookingException: the order cannot be booked",
            "caused_by": ['java.lang.NumberFormatException: For input string: "4,9"'],
            "frames": [
                "Booking.java:17 in com.acme.Booking.quantity",
                "Booking.java:42 in com.acme.Booking.book",
            ],
            "frames_left_out": 2,
        }
    )


@given(st.text(max_size=200) | st.text(alphabet='\n\t  at()File "x.js:1', max_size=300))
def test_any_text_is_accepted(text: str) -> None:
    stack_trace(text)
