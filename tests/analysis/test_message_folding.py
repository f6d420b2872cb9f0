"""Messages that differ only in ids, numbers and quoted values fold to the same text."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.analysis.message_folding import DistinctValue, distinct_values, fold_message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KeyError: 'C3'", "KeyError: 'D17'"),
        ('column "net price" missing', 'column "tax" missing'),
        ("line 17 of 500 failed", "line 4 of 12 failed"),
        ("file_8VclNBrpRMKVYnQrwdF6u not found", "file_a71xNBrpRMKVYnQrw111u not found"),
        (
            "job 5f0c8a0e-1b1e-4d5c-9a55-0a4f3c1d2e3f lost",
            "job 00000000-1b1e-4d5c-9a55-0a4f3c1d2e3f lost",
        ),
        ("GET https://a.example.com/x?y=1 failed", "GET https://A.example.com/z failed"),
        ("no user ann@example.com", "no user bob.b@mail.example.org"),
        ("Request ID: QWERTYUIOP refused", "Request ID: 88a-12 refused"),
        ("request number 8812 failed", "request number 991 failed"),
        ("unknown SKU „A 1“", "unknown SKU „B 2“"),
        ('{"error": "no stock", "trace_id": "a81b"}', '{"error": "no stock", "trace_id": "ff02"}'),
        ("received 3 pages, error in page 4", "received 5 pages, error in page 1"),
        ("timed out\n after 3.5 s", "timed out after 12 s"),
    ],
)
def test_same_failure_with_other_values(one: str, other: str) -> None:
    assert fold_message(one) == fold_message(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTTP 404", "HTTP 500"),
        ("404 Not Found", "500 Internal Server Error"),
        ("answered with status 409: taken", "answered with status 422: taken"),
        ("POST failed (status code: 502)", "POST failed (status code: 503)"),
        ('{"error_code": 401}', '{"error_code": 422}'),
        ("error_code=1062", "error_code=1213"),
        ("ORA-00942: no table", "ORA-01017: no table"),
        ("SQLSTATE[42P01]", "SQLSTATE[23505]"),
        ("could not reach https://a.example.com/x", "could not reach https://b.example.com/x"),
        ("could not reach 10.0.0.7:443", "could not reach 10.0.0.8:443"),
        ("field iban is required", "field vendor_id is required"),
    ],
)
def test_codes_hosts_and_bare_names_are_the_error(one: str, other: str) -> None:
    assert fold_message(one) != fold_message(other)


def test_distinct_quoted_names_are_counted_with_their_first_time() -> None:
    days = [datetime(2026, 7, day, tzinfo=UTC) for day in range(1, 8)]
    messages = [
        *(("KeyError: 'vendor_id'", day) for day in days),
        ("KeyError: 'iban'", days[5]),
        ("KeyError: 'iban'", None),
    ]
    assert distinct_values(messages) == [
        DistinctValue("'vendor_id'", 7, days[0]),
        DistinctValue("'iban'", 2, days[5]),
    ]


@pytest.mark.parametrize(
    "messages",
    [
        ["KeyError: 'iban'", "KeyError: 'iban'"],
        ["no file 'file_8VclNBrpRMKVYnQ'", "no file 'file_a71xNBrpRMKVYnQ'"],
        ["'ann@example.com' is unknown", "'bob@example.com' is unknown"],
        ["invoice 'INV-2041' exists", "invoice 'INV-2042' exists"],
        ["'1.204,50' is no number", "'17' is no number"],
        [],
    ],
)
def test_values_that_agree_or_only_identify_a_case_are_not_listed(messages: list[str]) -> None:
    assert distinct_values((message, None) for message in messages) == []


def test_only_the_values_that_differ_are_named() -> None:
    messages = ["'iban' is not in 'vendor'", "'bic' is not in 'vendor'"]
    values = [each.value for each in distinct_values((one, None) for one in messages)]
    assert values == ["'bic'", "'iban'"]


def test_different_failures_stay_different() -> None:
    messages = ["connection refused", "connection reset", "KeyError: 'a'", "ValueError: 'a'"]
    assert len({fold_message(message) for message in messages}) == 4


def test_an_apostrophe_does_not_open_a_quote() -> None:
    assert fold_message("can't read it, don't try") == "can't read it, don't try"


@given(st.text())
def test_folding_twice_changes_nothing(message: str) -> None:
    assert fold_message(fold_message(message)) == fold_message(message)


@pytest.mark.parametrize(
    ("message", "folded"),
    [
        ("no user ann@example.com in file_8VclNBrpRMKVYnQ", "no user <email> in <id>"),
        ("row 12,5 of  7:30\n", "row <n> of <n>"),
        ("KeyError: 'C3' and \"x\" and `y`", "KeyError: <value> and <value> and <value>"),
        ("“a” «b» ‘c’ „d“ „e”", "<value> <value> <value> <value> <value>"),
        ("it's John's", "it's John's"),
        ("GET https://A.example.com/x?y=1", "GET https://a.example.com<path>"),
        ("see https://a.example.com", "see https://a.example.com"),
        ("hash 0a4f3c1d2e3f", "hash <id>"),
        ("deadbeefdead", "deadbeefdead"),
        ("with id ABCDEFGH failed", "with id <id> failed"),
        ("request-id: abc", "<id>"),
        ("trace number 8812", "<id>"),
        ("correlation no. 8812", "<id>"),
        ("transaction nr 8812", "<id>"),
        ("10.0.0.7 refused", "10.0.0.7 refused"),
    ],
)
def test_what_varies_becomes_a_placeholder(message: str, folded: str) -> None:
    assert fold_message(message) == folded


@pytest.mark.parametrize(
    "code",
    [
        *("HTTP 404", "HTTP/1.1 404", "status 404", "http-status 404", "status code: 404"),
        *("status_code=404", "error code 1062", "err no 13", "exit code 137", "return code 12"),
        *("response number 404", "errno 111", "WinError 10061", "code 404", "error 404"),
        *("SQLSTATE[42601]", "returned 404", "responded with 404", "responded 404"),
        *("answered 404", "answered with 404", "received 404", "ORA-00942", "TNS-12541"),
        *("PLS-00201", "SQL0204", "MSB3073", "AADSTS50011", "DPY-4011", "JET1811", "0x80070005"),
        *("E11000", "404 Not Found", "code (404)", "'code': '404'", "error #404", "code AB404"),
    ],
)
def test_a_code_is_the_error_itself(code: str) -> None:
    assert fold_message(f"call failed: {code} here") == f"call failed: {code} here"


@pytest.mark.parametrize(
    "text", ["error 4", "received 3 pages", "code 404.5", "status 40412345678", "500 rows"]
)
def test_a_number_that_only_stands_near_is_no_code(text: str) -> None:
    assert "<n>" in fold_message(text)


def test_two_messages_that_differ_in_a_name_are_told_apart() -> None:
    found = distinct_values([("KeyError: 'net'", None), ("KeyError: 'tax'", None)])
    assert found == [DistinctValue("'net'", 1), DistinctValue("'tax'", 1)]
    short = distinct_values([("KeyError: 'x1'", None), ("KeyError: 'y2'", None)])
    assert [one.value for one in short] == ["'x1'", "'y2'"]
    assert distinct_values([("KeyError: 'net'", None)] * 2) == []
    assert distinct_values([("KeyError: 'A-1001'", None), ("KeyError: 'A-1002'", None)]) == []
