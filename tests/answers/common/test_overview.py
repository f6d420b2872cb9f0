"""Sections of an overview: what is counted, and which call reads the rest."""

from inline_snapshot import snapshot

from retab_mcp.answers.common.cause import MESSAGE_BUDGET, CausePart, cause_in, cause_sections
from retab_mcp.answers.common.overview import Section, overview
from retab_mcp.digest.budget import estimate_tokens
from retab_mcp.digest.pointer import resolve_pointer
from retab_mcp.digest.stack_trace import stack_trace

CODE = "total = sum(float(row['quantity']) * float(row['price']) for row in rows if row['kept'])"
TRACE = (
    "Traceback (most recent call last):\n"
    + "".join(f'  File "block.py", line {n}, in step_{n}\n    {CODE * 4}\n' for n in range(5))
    + "ValueError: could not convert string to float: '12 pcs'\n"
)


def test_complete_sections_are_not_truncated_and_empty_ones_omitted() -> None:
    found = overview({"a": Section({"x": None}, 50), "b": Section(None, 50)}, "get_step", {})
    assert found.values == {"a": {"x": None}, "b": None}
    assert found.truncated is None


def test_counts_cover_all_sections_and_next_leads_to_the_largest_omitted_part() -> None:
    sections = {
        "a": Section(list(range(5000)), 60),
        "b": Section({"c": "no total " * 900}, 60, "/elsewhere"),
        "d": Section({}, 60),
    }
    truncated = overview(sections, "get_step", {"run_id": "run_1"}).truncated
    assert truncated is not None
    assert truncated.model_dump() == snapshot(
        {
            "shown": 6,
            "total": 5001,
            "unit": "values",
            "next": {"tool": "get_step", "arguments": {"run_id": "run_1", "path": "/a/5-4999"}},
        }
    )


def test_a_long_message_stays_text_and_can_be_read_by_path() -> None:
    message = " ".join(f"Row {n} has no total." for n in range(9000))
    cause = CausePart(message=message, details={"error_code": "schema"})
    found = overview(cause_sections(cause), "get_step", {})
    shown = cause_in(found, cause)
    assert shown is not None
    assert shown.message is not None
    assert shown.message.startswith("Row 0 has no total.")
    assert estimate_tokens(shown.message) <= MESSAGE_BUDGET
    assert shown.details == {"error_code": "schema"}
    assert found.truncated is not None
    assert found.truncated.next is not None
    assert found.truncated.next.arguments == {"path": "/cause/message"}


def test_omitted_frames_can_be_read_from_the_stack_trace() -> None:
    cause = CausePart(
        message="ValueError", details={"stack_trace": stack_trace(TRACE), "context": 1}
    )
    found = overview(cause_sections(cause), "get_step", {})
    shown = cause_in(found, cause)
    assert shown is not None
    assert list(shown.details) == ["stack_trace", "context"]
    assert shown.details["stack_trace"]["exception"].startswith("ValueError: could not convert")
    assert found.truncated is not None
    assert found.truncated.next is not None
    record = {"cause": {"message": "ValueError", "details": {"stack_trace": TRACE}}}
    assert resolve_pointer(record, found.truncated.next.arguments["path"]).value == TRACE


def test_no_cause_has_no_sections() -> None:
    assert cause_sections(None) == {}
    assert cause_in(overview({}, "get_step", {}), None) is None
