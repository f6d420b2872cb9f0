import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from retab_mcp.digest.budget import estimate_tokens
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


def python_trace(*files: str) -> str:
    """Return a trace through these files, without their code."""
    frames = "".join(f'  File "{file}", line 3, in call\n' for file in files)
    return f"Traceback (most recent call last):\n{frames}ValueError: no total\n"


def javascript_trace(*files: str) -> str:
    """Return a trace through these files, innermost first."""
    frames = "".join(f"    at call ({file}:3:9)\n" for file in files)
    return f"Error: no total\n{frames}"


@pytest.mark.parametrize(
    "library",
    [
        "/opt/venv/site-packages/pandas/core/frame.py",
        "/usr/share/dist-packages/yaml/reader.py",
        "/usr/lib/python3.12/json/decoder.py",
        r"C:\Python\Lib\json\decoder.py",
        "<frozen runpy>",
        "/srv/runner/main.py",
        "/srv/_runner.py",
        "/srv/runner.py",
        "/srv/asyncio/base_events.py",
        "/srv/importlib/__init__.py",
    ],
)
def test_frames_of_python_libraries_are_left_out(library: str) -> None:
    assert stack_trace(python_trace("block.py", library)) == {
        "exception": "ValueError: no total",
        "frames": ["block.py:3 in call"],
        "frames_left_out": 1,
    }


@pytest.mark.parametrize(
    "library",
    [
        "/app/node_modules/lodash/map.js",
        "node:internal/process/task_queues",
        "internal/modules/cjs/loader.js",
        "<anonymous>",
        "/srv/runner/main.js",
    ],
)
def test_frames_of_javascript_libraries_are_left_out(library: str) -> None:
    assert stack_trace(javascript_trace(library, "/block/index.js")) == {
        "exception": "Error: no total",
        "frames": ["/block/index.js:3 in call"],
        "frames_left_out": 1,
    }


@pytest.mark.parametrize(
    "file",
    [
        "/app/library/totals.py",
        "/app/libs/pythonic.py",
        "/app/runner_config.py",
        "/app/block_runner.py",
        "/app/frontrunner/a.py",
        "/app/internal/sum.py",
        "/app/node:1.py",
    ],
)
def test_a_file_with_a_name_like_a_library_is_the_users(file: str) -> None:
    trace = python_trace(file, "/usr/lib/python3.12/json/decoder.py")
    assert stack_trace(trace)["frames"] == [f"{file}:3 in call"]


def test_frames_of_libraries_are_shown_if_there_are_no_others() -> None:
    file = "/usr/lib/python3.12/json/decoder.py"
    assert stack_trace(python_trace(file)) == {
        "exception": "ValueError: no total",
        "frames": [f"{file}:3 in call"],
    }


def test_five_frames_are_shown() -> None:
    trace = stack_trace(python_trace(*(f"block_{n}.py" for n in range(6))))
    assert trace["frames"] == [f"block_{n}.py:3 in call" for n in range(1, 6)]
    assert trace["frames_left_out"] == 1
    assert "frames_left_out" not in stack_trace(python_trace(*["block.py"] * 5))


@pytest.mark.parametrize(
    ("end", "last"),
    [
        ('  File "a.py", line 9, in load', "a.py:9 in load"),
        ("    load(", "block.py:3 in call: load("),
    ],
)
def test_a_trace_that_was_cut_in_the_middle_is_shown(end: str, last: str) -> None:
    between = "The above exception was the direct cause of the following exception:"
    rest = python_trace("block.py").removesuffix("ValueError: no total\n") + end
    trace = stack_trace(f"KeyError: 'total'\n\n{between}\n\n{rest}")
    assert trace["exception"] == "KeyError: 'total'"
    assert trace["frames"][-1] == last


def test_the_direct_cause_of_an_exception_is_named() -> None:
    between = "\nThe above exception was the direct cause of the following exception:\n\n"
    trace = stack_trace(f"{python_trace('a.py')}{between}{python_trace('b.py')}")
    assert trace["caused_by"] == ["ValueError: no total"]
    assert trace["exception"] == "ValueError: no total"


def test_what_a_log_says_before_a_trace_is_kept() -> None:
    trace = stack_trace(f"The block failed:\n{python_trace('block.py')}")
    assert trace["exception"] == "ValueError: no total"
    assert trace["caused_by"] == ["The block failed:"]


def test_an_exception_named_by_one_letter_is_found() -> None:
    trace = python_trace("block.py").replace("ValueError: no total", "E")
    assert stack_trace(trace) == {"exception": "E", "frames": ["block.py:3 in call"]}


def test_messages_of_several_lines_are_whole() -> None:
    trace = (
        "Error: the order cannot be booked:\n"
        "quantity under 0\n"
        "    at book (/block/index.js:12:18)\n"
        "Caused by: RangeError: quantity\n"
        "is -3\n"
        "    at check (/block/check.js:3:9)\n"
    )
    shown = stack_trace(trace)
    assert shown["exception"] == "Error: the order cannot be booked:\nquantity under 0"
    assert shown["caused_by"] == ["RangeError: quantity\nis -3"]


def test_a_trace_without_a_message_names_its_cause() -> None:
    trace = "    at book (/block/index.js:12:18)\nCaused by: RangeError: quantity under 0\n"
    assert stack_trace(trace) == {
        "exception": "RangeError: quantity under 0",
        "frames": ["/block/index.js:12 in book"],
    }


def test_java_frames_are_recognised_behind_their_module() -> None:
    trace = (
        "java.sql.SQLException: no connection\n"
        "\tat platform/java.sql@17/java.sql.DriverManager.getConnection(DriverManager.java:677)\n"
        "\tat app//com.acme.Booking.book(Booking.java:42)\n"
    )
    assert stack_trace(trace) == {
        "exception": "java.sql.SQLException: no connection",
        "frames": ["Booking.java:42 in app//com.acme.Booking.book"],
        "frames_left_out": 1,
    }


def test_a_long_message_keeps_its_start_and_end() -> None:
    message = f"ValueError: {'no total in the row, ' * 400}giving up"
    shown = stack_trace(python_trace("block.py").replace("ValueError: no total", message))
    assert shown["exception"].startswith("ValueError: no total in the row")
    assert shown["exception"].endswith("giving up")
    assert 100 < estimate_tokens(shown["exception"]) <= 120


@given(st.text(max_size=200) | st.text(alphabet='\n\t  at()File "x.js:1', max_size=300))
def test_any_text_is_accepted(text: str) -> None:
    stack_trace(text)
