"""Messages of real libraries and services, and the kind of failure that they show."""

import pytest

from retab_mcp.analysis.cause.classify import classify
from retab_mcp.models import Failure, FailureKind, StepSummary

SAID = [
    ("extract", "The document has no pages", "document_unreadable"),
    ("extract", "MuPDF error: format error: cannot find object in xref", "document_unreadable"),
    ("extract", "Incorrect password for encrypted PDF", "document_unreadable"),
    ("extract", "image file is truncated (12 bytes not processed)", "document_unreadable"),
    ("parse", "openpyxl does not support the old .xls file format", "document_unreadable"),
    ("parse", "zipfile.BadZipFile: File is not a zip file", "document_unreadable"),
    ("api_call", "HTTPSConnectionPool(host='erp.example.com'): Read timed out.", "timeout"),
    ("api_call", "net/http: TLS handshake timeout", "timeout"),
    ("api_call", "connect ECONNREFUSED 10.2.0.7:8443", "called_api_down"),
    ("api_call", "getaddrinfo EAI_AGAIN billing.example.com", "called_api_down"),
    ("api_call", "no healthy upstream", "called_api_down"),
    ("api_call", "upstream connect error or disconnect/reset before headers", "called_api_down"),
    ("api_call", "Server disconnected without sending a response.", "called_api_down"),
    ("api_call", "ConnectionResetError(104, 'Connection reset by peer')", "called_api_down"),
    ("api_call", "Signature has expired", "credentials"),
    ("api_call", "The security token included in the request is expired", "credentials"),
    ("api_call", "Request had insufficient authentication scopes.", "credentials"),
    ("extract", "SlowDown: Please reduce your request rate.", "rate_limited"),
    ("extract", "Your credit balance is too low to access the API", "credits_exhausted"),
    ("extract", "instance.total: None is not of type 'number'", "schema_violation"),
    ("extract", "data must NOT have additional properties", "schema_violation"),
    ("function", "Task exceeded its maximum runtime of 15 minutes", "timeout"),
    ("function", "Stopped at the limit of 30 s", "timeout"),
    ("function", "TypeError: Cannot read properties of undefined", "function_exception"),
    ("functions", "ValueError: math domain error", "function_exception"),
    ("function", "decimal.InvalidOperation: []", "function_exception"),
    ("extract", "ENOSPC: no space left on device, write", "storage"),
    ("extract", "The specified blob does not exist.", "storage"),
    ("extract", "AccessDenied when calling the PutObject operation", "storage"),
    ("conditional", "No default branch is defined and no rule applied", "routing"),
    ("function", "A payload is expected and none was supplied", "missing_input"),
    ("while_loop", "Reached the cap of 25 turns without the stop condition", "loop_limit"),
    ("while_loop", "exit condition was never met", "loop_limit"),
    ("while_loop", "while loop exceeded 50 iterations", "loop_limit"),
    ("parse", "Bad CRC-32 for a part of the archive", "document_unreadable"),
    ("parse", "Page 3 could not be rasterised", "document_unreadable"),
    ("extract", "Required handle input-file-0 is empty", "missing_input"),
    ("extract", "File expired and was purged from storage", "storage"),
    ("extract", "The model did not return an answer in time", "timeout"),
    ("api_call", "Temporary failure in name resolution", "called_api_down"),
    ("function", "psycopg2.OperationalError: connection refused", "called_api_down"),
    ("api_call", "502", "called_api_down"),
    ("api_call", "429 from provider, retry in 20s", "rate_limited"),
    ("api_call", "This API key has been disabled", "credentials"),
    ("api_call", "Login failed for the service user", "credentials"),
    ("function", "Traceback (most recent call last): … name is not defined", "function_exception"),
    ("function", "Uncaught ReferenceError: foo is not defined", "function_exception"),
    ("function", "line 12: NameError: name 'x' is not defined", "function_exception"),
    ("function", "Exception: limit order missing", "function_exception"),
    ("api_call", "self signed certificate in certificate chain", "called_api_down"),
    ("api_call", "EOF occurred in violation of protocol (_ssl.c:1007)", "called_api_down"),
    ("api_call", "Your monthly quota of 1000 requests has been reached", "credits_exhausted"),
    ("api_call", "read ETIMEDOUT", "timeout"),
    ("extract", "rpc failed: DEADLINE_EXCEEDED", "timeout"),
    ("while_loop", "Loop exceeded its time budget", "timeout"),
    ("extract", "429 RESOURCE_EXHAUSTED", "rate_limited"),
    ("extract", "Workspace has no remaining credits", "credits_exhausted"),
    ("extract", "pikepdf.PasswordError: scan.pdf: invalid password", "document_unreadable"),
    ("extract", "Mime type application/x-msdownload is not permitted", "document_unreadable"),
    ("merge_dicts", "All inputs are empty", "missing_input"),
    ("classifier", "Category 'Other' is not among the configured ones", "routing"),
    ("conditional", "No rule matched and there is no fallback", "routing"),
]

SAYS_NOTHING = [
    "Oops",
    "Aborted by signal 9",
    "Contact support with code E-500",
    "Token count 17000",
    "Memory limit reached",
    "The operation was aborted",
    "worker lost",
    "Bad file descriptor",
    "Step 12 of 40 ended early",
    "Could not complete the request for limit order 55",
    "Field notes could not be merged",
    "Issue 504 was not closed",
    "Previous attempt failed, giving up",
    "see log 2026-09-02T06:30 for ReadModel",
    "The token limit of 128000 was not the reason",
]

# Business messages with words that show a kind elsewhere.
OF_THE_TRADE = [
    ("function", "The category of the product was not found in the catalogue"),
    ("api_call", "The branch of the bank was not found"),
    ("function", "Credit note exceeded invoice amount"),
    ("function", "Missing input tax on line 3"),
    ("extract", "Budget 2026 exceeded by 300"),
    ("function", "No payment received"),
    ("extract", "Balance sheet could not be reconciled"),
]


def kind_of(block_type: str, message: str) -> str:
    step = StepSummary(
        run_id="r", step_id="s", block_id="block-1", label="Block", type=block_type, status="error"
    )
    return classify(Failure(message=message, stage="execution"), step).kind


@pytest.mark.parametrize(("block_type", "message", "kind"), SAID)
def test_kind_is_found(block_type: str, message: str, kind: str) -> None:
    assert kind_of(block_type, message) == kind


@pytest.mark.parametrize("message", ["500 items were left", "Sent 3 of 500", "Order 404"])
def test_number_is_not_a_status(message: str) -> None:
    assert kind_of("api_call", message) == FailureKind.UNKNOWN


@pytest.mark.parametrize("message", SAYS_NOTHING)
def test_unclear_message_is_unknown(message: str) -> None:
    assert kind_of("extract", message) == FailureKind.UNKNOWN


@pytest.mark.parametrize(("block_type", "message"), OF_THE_TRADE)
def test_business_words_show_no_kind(block_type: str, message: str) -> None:
    assert kind_of(block_type, message) == FailureKind.UNKNOWN
