"""Called APIs that say no: to the credentials, to the data, to one request too many."""

from collections.abc import Mapping

from retab_mcp.sandbox.records import Json, Sample, SampleFailure, after
from retab_mcp.sandbox.samples import fakes
from retab_mcp.sandbox.samples.api_calls import extract_order, order_flow
from retab_mcp.sandbox.samples.draft import RunDraft
from retab_mcp.sandbox.samples.evaluations import api_call, attempt

CALL_SECONDS = 0.42


def _refusal(
    name: str,
    title: str,
    draft: RunDraft,
    *,
    called: str,
    filename: str,
    data: Mapping[str, Json],
    url: str,
    status: int,
    answer: Json,
    message: str,
    category: str,
) -> Sample:
    """Return a run whose block `called` got this one answer to the extracted `data`."""
    order = extract_order(draft, filename, data)
    token = fakes.web_token(name)
    details: dict[str, Json] = {
        "message": message,
        "block_id": called,
        "error_code": "http_error",
        "context": {"attempts": 1, "response_status": status},
    }
    failure = SampleFailure(message=message, stage="execution", category=category, details=details)
    sent_at = draft.time()
    only = attempt(
        0,
        "POST",
        url,
        status,
        answer,
        started_at=sent_at,
        completed_at=after(sent_at, CALL_SECONDS),
        duration_ms=420,
        request_headers=fakes.headers(token),
        request_body=dict(data),
        response_headers={"Content-Type": "application/json"},
        error={"message": message, "error_code": "http_error"},
    )
    invocation = draft.artifact("api_call_invocation", called, api_call([only]), failure=failure)
    step = draft.step(called, CALL_SECONDS, status="error", failure=failure, artifact=invocation)
    draft.unreached("file-answer", "skipped", f"Upstream block '{called}' failed")
    run = draft.run(
        "error",
        3.7,
        failure=failure,
        failing_step_id=step.step_id,
        documents={"start-order": order},
    )
    return Sample(
        name=name,
        title=title,
        runs=(run,),
        secrets=(token,),
    )


def bad_credentials() -> Sample:
    """A bank refuses an expired token: nothing is wrong with the document."""
    flow = order_flow("supplier-payments", "Supplier payments", "pay-supplier", "Order the payment")
    return _refusal(
        "bank-unauthorised",
        "A bank's API refused an expired token with 401",
        RunDraft("bank-unauthorised", flow, "2026-08-05T15:10:00Z"),
        called="pay-supplier",
        filename="payment-run-31.pdf",
        data={"creditor": "Initech Supplies", "iban": "DE02120300000000202051", "amount": 940.2},
        url="https://bank.example.com/psd2/v1/payments",
        status=401,
        answer={"tppMessages": [{"category": "ERROR", "code": "TOKEN_EXPIRED"}]},
        message="API call failed: 401 Unauthorized",
        category="permanent",
    )


def rejected_data() -> Sample:
    """A carrier rejects a shipment because the extraction found no postcode."""
    flow = order_flow("shipping-labels", "Shipping labels", "order-label", "Order a label")
    return _refusal(
        "label-rejected",
        "A carrier refused a shipment with 422: the extracted postcode was null",
        RunDraft("label-rejected", flow, "2026-08-05T15:31:00Z"),
        called="order-label",
        filename="delivery-note-2207.pdf",
        data={"postcode": None, "city": "Lyon", "country": "FR", "parcels": "3"},
        url="https://carrier.example.com/labels",
        status=422,
        answer={"errors": [{"field": "recipient.postcode", "reason": "must not be empty"}]},
        message="API call failed: 422 Unprocessable Entity",
        category="permanent",
    )


def rate_limited() -> Sample:
    """A company register allows no more requests this minute."""
    flow = order_flow("kyb-checks", "Company checks", "look-up-company", "Look up the register")
    return _refusal(
        "register-limited",
        "A company register answered 429: too many requests",
        RunDraft("register-limited", flow, "2026-08-05T16:02:00Z"),
        called="look-up-company",
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
    return (bad_credentials(), rejected_data(), rate_limited())
