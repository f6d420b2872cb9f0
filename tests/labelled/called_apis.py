"""Called APIs that failed a run: recognised by their answers or by the client's message."""

from retab_mcp.sandbox.builder.graph import block
from retab_mcp.sandbox.records import Json
from tests.labelled.scenario import EVERY_SHAPE, LabelledRun, Scenario


def _begin(name: str, title: str, data: Json, called: str, label: str) -> LabelledRun:
    """Start a run that extracted a document; the call of the block `called` comes next."""
    build = LabelledRun(
        name,
        title,
        (
            block("incoming-paper", "start_document", "Incoming paper"),
            block("read-paper", "extract", "Read the paper"),
            block(called, "api_call", label),
            block("note-result", "function", "Note the result"),
        ),
        f"incoming-paper > read-paper > {called} > note-result",
    )
    build.start("incoming-paper")
    build.complete("read-paper", data, 2.4)
    return build


def _token_revoked() -> Scenario:
    build = _begin(
        "crm-token-revoked",
        "A CRM no longer knows the token, and no step is named",
        {"deal": "Harbour crane overhaul", "value": 82_000.0},
        "push-deal",
        "Push deal to CRM",
    )
    body = {"status": "error", "message": "The OAuth token used to make this call was revoked."}
    call = build.call("https://crm.example.com/v3/deals", (401, body))
    step = build.fail("push-deal", "Non-2xx response from crm.example.com", artifact=call)
    build.skip("Upstream block 'push-deal' failed", "note-result")
    return build.ended_in_error("credentials", step, 1, hint=None)


def _scope_missing() -> Scenario:
    build = _begin(
        "drive-scope-missing",
        "A file store lets the app read but not write",
        {"title": "Minutes of 1 September"},
        "save-minutes",
        "Save minutes",
    )
    step = build.fail(
        "save-minutes", "403 Client Error: Forbidden for url: https://files.example.com/v2/items"
    )
    build.skip("Parent did not complete", "note-result")
    return build.ended_in_error("credentials", step, 1, hint=step, generations=EVERY_SHAPE)


def _no_access_token() -> Scenario:
    build = _begin(
        "erp-client-secret",
        "The token endpoint refused the client before the call was made",
        {"order": "4500017733"},
        "create-receipt",
        "Create goods receipt",
    )
    step = build.fail(
        "create-receipt",
        "Could not obtain an access token: invalid_client (AADSTS7000222: the provided client "
        "secret keys are expired)",
    )
    build.skip("Parent did not complete", "note-result")
    return build.ended_in_error("credentials", step, 1, hint=step, generations=EVERY_SHAPE)


def _bad_gateway() -> Scenario:
    build = _begin(
        "tms-bad-gateway",
        "A transport system's proxy answers in HTML, three times",
        {"consignment": "HAM-2207", "pallets": 14},
        "announce-load",
        "Announce the load",
    )
    page = "<html><head><title>502 Bad Gateway</title></head><body>nginx/1.24.0</body></html>"
    call = build.call("https://tms.example.com/loads", (502, page), (502, page), (502, page))
    step = build.fail(
        "announce-load",
        "Giving up after 3 tries",
        category="transient",
        artifact=call,
        retry_count=2,
    )
    build.skip("Upstream block 'announce-load' failed", "note-result")
    return build.ended_in_error("called_api_down", step, 1, hint=step)


def _host_unknown() -> Scenario:
    build = _begin(
        "archive-host-unknown",
        "The archive's host name no longer resolves",
        {"case": "B-771"},
        "store-case",
        "Store the case",
    )
    words = "[Errno -2] Name or service not known"
    call = build.call("https://archive.example.net/cases", (None, words))
    step = build.fail("store-case", f"httpx.ConnectError: {words}", artifact=call)
    build.skip("Upstream block 'store-case' failed", "note-result")
    return build.ended_in_error("called_api_down", step, 1, hint=step)


def _connection_reset() -> Scenario:
    build = _begin(
        "ledger-connection-reset",
        "The ledger hung up while the request was sent",
        {"entry": 20_931, "amount": 77.1},
        "book-entry",
        "Book the entry",
    )
    step = build.fail(
        "book-entry",
        "('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))",
        category="transient",
    )
    build.skip("Parent did not complete", "note-result")
    return build.ended_in_error("called_api_down", step, 1, hint=step, generations=EVERY_SHAPE)


def _read_timeout() -> Scenario:
    build = _begin(
        "pricing-read-timeout",
        "A pricing service took the request and never answered",
        {"sku": "C004711", "quantity": 300},
        "ask-price",
        "Ask for a price",
    )
    words = "The read operation timed out"
    call = build.call(
        "https://pricing.example.com/quote", (None, words), (None, words), lasting=30.0
    )
    step = build.fail("ask-price", "No answer from pricing.example.com", 60.0, artifact=call)
    build.skip("Upstream block 'ask-price' failed", "note-result")
    return build.ended_in_error("timeout", step, 1, hint=None)


def _empty_field() -> Scenario:
    build = _begin(
        "billing-empty-email",
        "A billing API refuses an invoice without the customer's address",
        {"customer": "Alder Optics", "customer_email": "", "lines": 3},
        "raise-invoice",
        "Raise invoice",
    )
    body = {"error": {"code": "parameter_invalid_empty", "param": "customer_email"}}
    call = build.call(
        "https://billing.example.com/v1/invoices", (400, body), sent={"customer_email": ""}
    )
    step = build.fail("raise-invoice", "Non-2xx response from billing.example.com", artifact=call)
    build.skip("Upstream block 'raise-invoice' failed", "note-result")
    return build.ended_in_error("called_api_refused", step, 1, hint=step)


def _duplicate() -> Scenario:
    build = _begin(
        "erp-duplicate",
        "The invoice is in the ERP already",
        {"invoice": "F-2209", "vendor": "V-118"},
        "post-invoice",
        "Post invoice",
    )
    step = build.fail(
        "post-invoice",
        "409 Client Error: Conflict for url: https://erp.example.com/invoices",
    )
    build.skip("Parent did not complete", "note-result")
    return build.ended_in_error("called_api_refused", step, 1, hint=step, generations=EVERY_SHAPE)


def _chat_throttled() -> Scenario:
    build = _begin(
        "chat-throttled",
        "A chat service throttles the notifications of a batch",
        {"channel": "ops-inbox", "text": "12 papers read"},
        "tell-team",
        "Tell the team",
    )
    body = {"ok": False, "error": "ratelimited"}
    call = build.call("https://chat.example.com/api/post", (429, body), (429, body))
    step = build.fail("tell-team", "Giving up after 2 tries", artifact=call, retry_count=1)
    build.skip("Upstream block 'tell-team' failed", "note-result")
    return build.ended_in_error("rate_limited", step, 1, hint=step)


def _balance_used_up() -> Scenario:
    build = _begin(
        "translator-balance",
        "A translation service wants to be paid first",
        {"text": "Lieferung frei Haus", "target": "en"},
        "translate-text",
        "Translate",
    )
    body = {"message": "Account balance too low", "remaining": 0}
    call = build.call("https://translate.example.com/v2", (402, body))
    step = build.fail("translate-text", "Non-2xx response: Payment Required", artifact=call)
    build.skip("Upstream block 'translate-text' failed", "note-result")
    return build.ended_in_error("credits_exhausted", step, 1, hint=step)


def scenarios() -> tuple[Scenario, ...]:
    """Return the scenarios of this file."""
    return (
        _token_revoked(),
        _scope_missing(),
        _no_access_token(),
        _bad_gateway(),
        _host_unknown(),
        _connection_reset(),
        _read_timeout(),
        _empty_field(),
        _duplicate(),
        _chat_throttled(),
        _balance_used_up(),
    )
