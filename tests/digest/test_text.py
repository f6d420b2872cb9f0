import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from retab_mcp.digest.budget import estimate_tokens
from retab_mcp.digest.text import clip, longest_end, longest_start, looks_like, stack_trace
from tests.digest.strategies import LONG_TEXTS


def test_a_short_text_is_not_cut() -> None:
    assert clip("total is missing", 50) == "total is missing"


def test_a_long_text_keeps_beginning_and_end_and_tells_what_is_missing() -> None:
    text = " ".join(f"word{n}" for n in range(2000))
    assert clip(text, 40) == snapshot(
        "word0 word1 word2 word3 word4 word5 word6 w… (+16825 characters) …997 word1998 word1999"
    )


@settings(max_examples=100, deadline=None)
@given(LONG_TEXTS | st.text(max_size=400), st.integers(20, 120))
def test_a_cut_text_keeps_to_its_tokens_and_counts_exactly(text: str, most: int) -> None:
    cut = clip(text, most)
    assert estimate_tokens(cut) <= most
    if cut != text:
        start, rest = cut.split("… (+", 1)
        missing, end = rest.split(" characters)", 1)
        end = end.removeprefix(" …")
        assert text.startswith(start)
        assert text.endswith(end)
        assert len(start) + int(missing) + len(end) == len(text)


@settings(max_examples=100, deadline=None)
@given(LONG_TEXTS | st.text(max_size=400), st.integers(1, 200))
def test_beginnings_and_ends_fit(text: str, room: int) -> None:
    assert text.startswith(longest_start(text, room))
    assert text.endswith(longest_end(text, room))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("data:application/pdf;base64,JVBERi0xLjcK", "data_url"),
        ("JVBERi0xLjcKJeLjz9MK" * 20, "base64"),
        ('{"total": 1}', "json"),
        ("  [1, 2]\n", "json"),
        ("<!DOCTYPE html><html></html>", "html"),
        ("<table><tr><td>1</td></tr></table>", "html"),
        ('<?xml version="1.0"?><a/>', "xml"),
        ("The total is missing.", None),
        ("{not json", None),
        ("a" * 500, None),
        ("run_V1StGXR8Z5jdHi6BmyT", None),
        ("", None),
        ("a < b and c > d", None),
    ],
)
def test_what_a_text_looks_like(text: str, kind: str | None) -> None:
    assert looks_like(text) == kind


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
def test_what_is_no_trace_stays(text: str) -> None:
    assert stack_trace(text) == text


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    stack_trace(text)
    looks_like(text)
