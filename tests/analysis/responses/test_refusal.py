"""What a response's body says about its request: refusals, and data that only looks like one."""

from typing import Any

import pytest

from retab_mcp.analysis.responses.refusal import Refusal, refusal_in
from tests.support.timing import cpu_seconds

REFUSALS: list[tuple[Any, str, str]] = [
    (
        {"status": "failed", "statusMessage": "unknown tenant"},
        'status is "failed": "unknown tenant"',
        "/status",
    ),
    ({"exitoso": 1, "exito": False, "motivo": "IVA"}, 'exito is false: "IVA"', "/exito"),
    ({"status": False, "message": "id not found"}, 'status is false: "id not found"', "/status"),
    ({"Success": "N", "Message": "credit"}, 'Success is "N": "credit"', "/Success"),
    ({"ok": 0, "errmsg": "not allowed"}, 'ok is 0: "not allowed"', "/ok"),
    (
        {"resultCode": "NOK", "resultText": "too late"},
        'resultCode is "NOK": "too late"',
        "/resultCode",
    ),
    ({"code": 7, "msg": "wrong size"}, 'code is 7: "wrong size"', "/code"),
    ({"ErrorCode": "X9", "ErrorText": "gone"}, 'ErrorCode is "X9": "gone"', "/ErrorCode"),
    (
        {"errorType": "KeyError", "errorMessage": "'sku'"},
        "errorMessage: \"'sku'\"",
        "/errorMessage",
    ),
    (
        {"statusCode": 500, "body": {"message": "out of memory"}},
        'statusCode is 500: "out of memory"',
        "/statusCode",
    ),
    (
        {"statusCode": 502, "body": '{"message": "no host"}'},
        'statusCode is 502: "no host"',
        "/statusCode",
    ),
    (
        {"hasErrors": True, "lineErrors": ["no tax code"]},
        'hasErrors is true: "no tax code"',
        "/hasErrors",
    ),
    (
        {"errors": True, "items": [{"index": {"status": 400, "error": {"reason": "no number"}}}]},
        '1 of 1 items failed, first number 0: error: "no number"',
        "/items/0/index/error",
    ),
    (
        {
            "RETURN": [
                {"TYPE": "S", "ID": "B", "MESSAGE": "ok"},
                {"TYPE": "E", "ID": "B", "MESSAGE": "no stock"},
            ]
        },
        '1 of 2 RETURN failed, first number 1: TYPE is "E": "no stock"',
        "/RETURN/1/TYPE",
    ),
    (
        {"return": {"severity": "error", "text": "no account"}},
        'severity is "error": "no account"',
        "/return/severity",
    ),
    (
        {"shipmentCreate": {"userErrors": [{"message": "no such SKU"}]}},
        'userErrors: "no such SKU"',
        "/shipmentCreate/userErrors",
    ),
    ("ERROR: tenant is over quota", 'text: "ERROR: tenant is over quota"', ""),
    ("Fehler 31: Mandant fehlt", 'text: "Fehler 31: Mandant fehlt"', ""),
    ({"success": False, "error": "stock too low"}, 'success is false: "stock too low"', "/success"),
    ({"ok": False, "description": "chat not found"}, 'ok is false: "chat not found"', "/ok"),
    ({"isSuccess": "False", "msg": "sign"}, 'isSuccess is "False": "sign"', "/isSuccess"),
    ({"Status": "REJECTED", "id": 4}, 'Status is "REJECTED"', "/Status"),
    ({"result": "validation_failed"}, 'result is "validation_failed"', "/result"),
    (
        {"state": "abgelehnt", "meldung": "IBAN fehlt"},
        'state is "abgelehnt": "IBAN fehlt"',
        "/state",
    ),
    ({"error": {"code": 12, "message": "no such ledger"}}, 'error: "no such ledger"', "/error"),
    ({"data": None, "errors": [{"message": "no field"}]}, 'errors: "no field"', "/errors"),
    (
        {"errors": {"vat": ["must be a number"]}},
        'errors is {"vat":["must be a number"]}',
        "/errors",
    ),
    ({"fehler": "Konto gesperrt"}, 'fehler: "Konto gesperrt"', "/fehler"),
    ({"erreur": {"message": "solde insuffisant"}}, 'erreur: "solde insuffisant"', "/erreur"),
    ({"errcode": 40013, "errmsg": "bad appid"}, 'errmsg: "bad appid"', "/errmsg"),
    ({"status": 422, "title": "Unprocessable"}, 'status is 422: "Unprocessable"', "/status"),
    ({"hasErrors": True, "message": "2 lines"}, 'hasErrors is true: "2 lines"', "/hasErrors"),
    ({"accepted": 0}, "accepted is 0", "/accepted"),
    ({"accepted": 3, "rejected": 2}, "rejected is 2", "/rejected"),
    ({"imported": 40, "failed_count": 1}, "failed_count is 1", "/failed_count"),
    ({"response": {"status": "failed"}}, 'status is "failed"', "/response/status"),
    (
        {"Envelope": {"Body": {"Fault": {"faultstring": "no session"}}}},
        'Fault: "no session"',
        "/Envelope/Body/Fault",
    ),
    (
        {"results": [{"id": 1, "status": "ok"}, {"id": 2, "status": "error", "message": "dup"}]},
        '1 of 2 results failed, first number 1: status is "error": "dup"',
        "/results/1/status",
    ),
    (
        {"took": 3, "items": [{"index": {"status": 400, "error": {"reason": "too old"}}}]},
        '1 of 1 items failed, first number 0: error: "too old"',
        "/items/0/index/error",
    ),
    (
        [{"id": 1}, {"id": 2, "success": False}],
        "1 of 2 results failed, first number 1: success is false",
        "/1/success",
    ),
    ('{"success": false, "message": "closed"}', 'success is false: "closed"', ""),
    (
        "<soap:Envelope><soap:Body><soap:Fault><faultcode>x</faultcode>"
        "<faultstring>Ledger is locked</faultstring></soap:Fault></soap:Body></soap:Envelope>",
        "fault: Ledger is locked",
        "",
    ),
    (
        '<env:Fault><env:Reason><env:Text xml:lang="en">No route</env:Text></env:Reason></env:Fault>',
        "fault: No route",
        "",
    ),
    ("<Error><Code>NoSuchKey</Code><Message>Gone</Message></Error>", "fault: Gone", ""),
    ("<r><status>failed</status><message>Late</message></r>", "status is failed: Late", ""),
]

NO_REFUSALS: list[Any] = [
    {"status": True, "message": "saved, not sent"},
    {"success": 0, "failed": 0},
    {"errorCode": "00000", "message": "OK"},
    {"code": 1, "message": "Sprocket 12"},
    {"code": 201, "message": "created, not sent"},
    {"code": 12, "description": "not painted"},
    {"type": "E", "message": "hello"},
    {"messages": [{"severity": "warning", "text": "old format"}]},
    {"userErrors": [], "order": {"id": 1}},
    {"status": {"code": 0, "message": "ok"}},
    "Errors were not found",
    "ERROR: a line of a log\n" * 40,
    None,
    "",
    [],
    {},
    {"errors": []},
    {"error": None},
    {"error": ""},
    {"error": False, "errors": {}},
    {"error": {"code": 0, "message": "OK"}},
    {"error": "none", "id": 4},
    {"error_count": 0, "failed": 0, "rejected": 0, "accepted": 3},
    {"success": True, "warnings": ["rounded"]},
    {"status": "ok", "message": "no error"},
    {"status": "no_errors"},
    {"status": "not_rejected"},
    {"state": "POSTED", "id": 9},
    {"code": 0, "msg": "success"},
    {"code": 200, "message": "OK"},
    {"code": 450, "description": "Steel bolt", "price": 2},
    {"errcode": 0, "errmsg": "ok"},
    {"accepted": 0, "duplicates": 3},
    {"accepted": 0, "rejected": 0, "total": 0},
    {"created": 0, "updated": 5},
    {"reading": 12.5, "error": 0.02},
    {"reading": 12.5, "error": "plus or minus two percent"},
    {"document": {"title": "Error budget", "error": "see annex", "author": "A", "pages": 3}},
    {"results": [{"id": 1, "status": "ok", "error": None}, {"id": 2, "status": "ok"}]},
    {"items": []},
    "Created",
    "<order><status>accepted</status></order>",
    "<feed><title>Fault lines</title></feed>",
]


@pytest.mark.parametrize(("body", "says", "path"), REFUSALS, ids=lambda value: str(value)[:40])
def test_a_refusal_is_found_with_its_words(body: Any, says: str, path: str) -> None:
    assert refusal_in(body, writes=True) == Refusal(says, path)


@pytest.mark.parametrize("body", NO_REFUSALS, ids=lambda value: str(value)[:40])
def test_data_that_looks_like_a_refusal_is_none(body: Any) -> None:
    assert refusal_in(body, writes=True) is None


@pytest.mark.parametrize(
    "body",
    [
        {"orders": [{"id": 1, "status": "rejected"}, {"id": 2, "status": "paid"}]},
        {"rejected": 12, "failed": 3, "accepted": 0},
        [{"id": 7, "error": "axle"}],
        {"no": 1, "author": "B", "pages": 2, "errors": [{"line": 4}]},
    ],
    ids=str,
)
def test_what_was_asked_for_is_no_refusal(body: Any) -> None:
    assert refusal_in(body, writes=False) is None


def test_a_long_body_costs_no_more_than_its_length() -> None:
    assert refusal_in({"rows": [{"id": n} for n in range(200_000)]}, writes=True) is None
    assert refusal_in("<" * 400_000, writes=True) is None


def test_a_batch_without_messages_costs_no_more_than_its_length() -> None:
    batch = {"items": [{"id": number, "success": False} for number in range(1_000)]}
    assert cpu_seconds(lambda body: refusal_in(body, writes=True), batch, rounds=1) < 2
