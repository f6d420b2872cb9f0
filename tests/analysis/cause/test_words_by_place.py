"""Words that count by the block, the exception or the language that they are in."""

import pytest

from retab_mcp.analysis.cause.classify import classify
from retab_mcp.models import Failure, FailureKind, StepSummary


def said(block_type: str, message: str) -> str:
    step = StepSummary(
        run_id="r", step_id="s", block_id="b", label="Block", type=block_type, status="error"
    )
    return classify(Failure(message=message, stage="execution"), step).kind


@pytest.mark.parametrize(
    ("block_type", "elsewhere", "message", "kind"),
    [
        ("while_loop", "function", "Stopped: maximum steps of 40 reached", "loop_limit"),
        ("conditional", "function", "The route of the parcel has no condition", "routing"),
        ("classifier", "function", "The answer is none of: bill, letter", "routing"),
        ("parse", "function", "The page dictionary of the PDF is missing", "document_unreadable"),
        ("extract", "function", "Wrong passphrase", "document_unreadable"),
        ("extract", "function", "total: expected number, got string", "schema_violation"),
        ("merge_dicts", "function", "object and array cannot be merged", "schema_violation"),
        ("parse", "conditional", "No such file or directory", "storage"),
        ("function", "extract", "The variable total is not defined", "function_exception"),
        ("function", "api_call", "Missing argument: invoice", "missing_input"),
        ("api_call", "function", "The shipment could not be booked", "called_api_refused"),
        ("api_call", "function", "Please try again later", "called_api_down"),
    ],
)
def test_words_count_in_a_type_of_block_only(
    block_type: str, elsewhere: str, message: str, kind: str
) -> None:
    assert said(block_type, message) == kind
    assert said(elsewhere, message) != kind


@pytest.mark.parametrize(
    "message",
    [
        "The PDF converter exited with code 1",
        "pdftoppm was killed",
        "The image converter ran out of memory",
    ],
)
def test_converter_that_was_ended_shows_nothing_about_the_document(message: str) -> None:
    assert said("parse", message) == FailureKind.UNKNOWN


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("requests.exceptions.ReadTimeout: read timed out", "timeout"),
        ("subprocess.TimeoutExpired: Command timed out after 5 seconds", "timeout"),
        ("AuthenticationError: Invalid API key", "credentials"),
        ("ledger.client.QuotaExceeded: monthly quota exceeded", "credits_exhausted"),
        ("mail.client.Throttled: too many requests", "rate_limited"),
        ("http.client.RemoteDisconnected: Remote end closed connection", "called_api_down"),
        ("webdav.errors.ResourceMissing: /in/4711.pdf not found", "storage"),
        ("OSError: [Errno 28] No space left on device", "storage"),
        ('db.IntegrityError: (1062, "Duplicate entry 1 for key 2")', "called_api_refused"),
        ("ftplib.error_perm: 530 Login incorrect.", "credentials"),
        ("requests.exceptions.HTTPError: 503 Server Error: Unavailable for url", "called_api_down"),
        ("HTTPError: 404 Client Error: Not Found for url", "called_api_refused"),
        # What code raises itself, or a parser, is about the function's subject.
        ("ValueError: the access token expired", "function_exception"),
        ("ValueError: 404 Not Found in the price list", "function_exception"),
        ("RuntimeError: too many requests in the sheet", "function_exception"),
        ("java.lang.IllegalStateException: login failed", "function_exception"),
        ("xml.parser.ParseError: invalid token at line 4", "function_exception"),
        ("yaml.scanner.ScannerError: missing key", "function_exception"),
        ("ledger.errors.Unbalanced: debit and credit differ", "function_exception"),
        ("zlib.error: incorrect header check", "function_exception"),
    ],
)
def test_what_a_library_raised_can_be_what_a_service_said(message: str, kind: str) -> None:
    assert said("function", message) == kind


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Token scaduto", "credentials"),
        ("Brak uprawnień do zasobu", "credentials"),
        ("Neplatné heslo", "credentials"),
        ("Ogiltigt lösenord", "credentials"),
        ("Geçersiz şifre", "credentials"),
        ("Zbyt wiele żądań", "rate_limited"),
        ("For mange forespørgsler", "rate_limited"),
        ("Saldo insufficiente", "credits_exhausted"),
        ("Yetersiz bakiye", "credits_exhausted"),
        ("Impossibile contattare il server", "called_api_down"),
        ("Systemet er midlertidigt utilgængeligt", "called_api_down"),
        ("Spróbuj ponownie później", "called_api_down"),
        ("Przekroczono limit czasu", "timeout"),
        ("Die Rechnung konnte nicht gebucht werden", "called_api_refused"),
        ("La facture n'a pas pu être validée", "called_api_refused"),
        ("No se pudo registrar la factura", "called_api_refused"),
        ("Fattura già presente", "called_api_refused"),
        ("Faktura neexistuje", "called_api_refused"),
        ("Kayıt bulunamadı", "called_api_refused"),
        ("签名无效", "credentials"),
        ("비밀번호가 일치하지 않습니다", "credentials"),
        ("Срок действия токена истек", "credentials"),
        ("请求过于频繁", "rate_limited"),
        ("잔액이 부족합니다", "credits_exhausted"),
        ("Недостаточно средств", "credits_exhausted"),
        ("サーバーに接続できません", "called_api_down"),
        ("Сервер не отвечает", "called_api_down"),
        ("请求超时", "timeout"),
        ("订单不存在", "called_api_refused"),
        ("Заказ уже оплачен", "called_api_refused"),
        ("이미 처리된 주문입니다", "called_api_refused"),
    ],
)
def test_kinds_are_found_in_other_languages(message: str, kind: str) -> None:
    assert said("api_call", message) == kind


@pytest.mark.parametrize(
    "message",
    [
        "Die Daten konnten nicht geladen werden",
        "Wystąpił nieoczekiwany problem",
        "Okänt fel",
        "未知的问题",
        "Что-то пошло не так",
        "알 수 없는 문제",
    ],
)
def test_other_languages_show_nothing_without_words_of_a_kind(message: str) -> None:
    assert said("api_call", message) == FailureKind.UNKNOWN


@pytest.mark.parametrize("block_type", ["function", "extract", "conditional", "merge_dicts"])
@pytest.mark.parametrize(
    "message",
    [
        "Account balance is zero",
        "Customer has arrears of 300 EUR",
        "Client limit exceeded by 20 EUR",
        "Client is not entitled to the discount",
        "Delivery time was exceeded by two days",
        "Parcel 4711 was not found",
        "Supplier licence has been revoked",
        "Unusual volume of returns",
        "The connection of order and invoice is unclear",
        "Vendor certificate expired",
        "Order was not approved",
        "Not enough stock",
    ],
)
def test_words_of_trades_show_nothing_outside_of_api_calls(block_type: str, message: str) -> None:
    assert said(block_type, message) == FailureKind.UNKNOWN
