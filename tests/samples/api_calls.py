"""Called APIs that are slow, refuse the credentials, or limit the rate."""

from retab_mcp.sandbox.builder.artifacts import api_call, attempt
from retab_mcp.sandbox.builder.run import RunBuilder
from retab_mcp.sandbox.records import Sample, after
from retab_mcp.sandbox.samples.failing import extract_order, order_workflow, refusal

RATES = "https://rates.example.com/v1/quote"


def slow_but_answered() -> Sample:
    """Return a run in which two attempts time out and the third is answered."""
    graph = order_workflow("freight-rates", "Freight rates", "ask-rate", "Ask carrier for a rate")
    build = RunBuilder("rates-slow", graph, "2026-08-05T14:20:00Z")
    data = {"origin": "Rotterdam", "destination": "Basel", "containers": "2"}
    extract_order(build, "rate-request-311.pdf", data)
    timeout = {"message": "Request timed out after 30 s", "error_code": "timeout"}
    answer = {"rate": 2140.75, "currency": "EUR", "valid_until": "2026-08-31"}
    first = build.time()
    attempts = [
        attempt(
            number,
            "POST",
            RATES,
            200 if number == 2 else None,
            answer if number == 2 else None,
            started_at=after(first, begun),
            completed_at=after(first, begun + seconds),
            duration_ms=round(seconds * 1000),
            request_body=data,
            error=None if number == 2 else timeout,
        )
        for number, (begun, seconds) in enumerate([(0, 30.0), (31, 30.0), (63, 2.2)])
    ]
    call = build.artifact("api_call_invocation", "ask-rate", api_call(attempts))
    build.complete("ask-rate", answer, 65.3, artifact=call, retry_count=2)
    build.complete("file-answer", {"filed": True}, 0.2)
    title = "Completed, but two timeouts of 30 s were hidden by retries"
    return Sample("rates-slow", title, (build.run("completed", 68.9),))


def bad_credentials() -> Sample:
    """Return a run in which a bank refuses an expired token; the document is fine."""
    return refusal(
        "bank-unauthorised",
        "A bank's API refused an expired token with 401",
        "2026-08-05T15:10:00Z",
        order_workflow(
            "supplier-payments", "Supplier payments", "pay-supplier", "Order the payment"
        ),
        filename="payment-run-31.pdf",
        data={"creditor": "Initech Supplies", "iban": "DE02120300000000202051", "amount": 940.2},
        url="https://bank.example.com/psd2/v1/payments",
        status=401,
        answer={"tppMessages": [{"category": "ERROR", "code": "TOKEN_EXPIRED"}]},
        message="API call failed: 401 Unauthorized",
    )


def rate_limited() -> Sample:
    """Return a run in which a company register allows no more requests this minute."""
    return refusal(
        "register-limited",
        "A company register answered 429: too many requests",
        "2026-08-05T16:02:00Z",
        order_workflow("kyb-checks", "Company checks", "look-up-company", "Look up the register"),
        filename="certificate-of-incorporation.pdf",
        data={"company": "Tailspin Leasing", "register_number": "HRB 90177"},
        url="https://register.example.com/companies/search",
        status=429,
        answer={"message": "Rate limit of 60 requests per minute exceeded."},
        message="API call failed: 429 Too Many Requests",
        category="transient",
    )


def samples() -> tuple[Sample, ...]:
    """Return the samples of this file."""
    return (slow_but_answered(), bad_credentials(), rate_limited())
