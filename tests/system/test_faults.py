"""What the assistant reads when the network or Retab fails, over real sockets.

Meanwhile a call about another run is answered.
"""

import asyncio
import datetime as dt
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette

from retab_mcp.queries.service import CALL_SECONDS, Service
from retab_mcp.retab.client import MAX_BODY_BYTES
from retab_mcp.sandbox.app import create_app
from retab_mcp.sandbox.records import resolve
from tests.samples import sample_named
from tests.support.asking import Asker, asking, text_of
from tests.support.faults import Exchange, FaultySandbox

COMPLETED = sample_named("invoice-completed").runs[0].id
FAILED = sample_named("erp-unavailable").runs[0].id
LONG = sample_named("manifest-2000").runs[0].id
# A call that hangs for good is ended here; the other limits stay as they are.
SHORT_CALL_SECONDS = 0.5

Act = Callable[[Exchange], Awaitable[None]]


def sending(body: str | bytes, status: int = 200, **headers: str) -> Act:
    """Return the act of sending this response; `_` in header names becomes `-`."""
    content = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda exchange: exchange.send(content, status, named)


def limited(retry_after: str) -> Act:
    """Return the act of refusing with 429."""
    date = "Wed, 21 Oct 2026 07:28:00 GMT"
    return sending("{}", 429, Retry_After=retry_after, Date=date)


def run(**fields: Any) -> str:
    return json.dumps({"id": COMPLETED, "lifecycle": {"status": "completed"}, **fields})


# Title: what Retab does, then what the assistant reads: the kind of error ("" for an answer),
# words of the message, and the wait that it is asked for.
FAULTS: dict[str, tuple[Act, str, str, float | None]] = {
    "reset": (Exchange.reset, "unavailable", "broke before the response", None),
    "cut off": (lambda e: e.cut_off(b'{"id": "r'), "unavailable", "broke before", None),
    "length too short": (lambda e: e.send(run().encode(), length=9), "bad_response", "", None),
    "bomb": (lambda e: e.bomb(MAX_BODY_BYTES + 1), "too_large", "larger than", None),
    "html": (sending("<html>Maintenance</html>"), "bad_response", "", None),
    "html, 404": (sending("<html>No</html>", 404), "bad_response", "base URL", None),
    "array": (sending("[]"), "bad_response", "", None),
    "null": (sending("null"), "bad_response", "", None),
    "text": (sending('"run"'), "bad_response", "", None),
    "nothing": (sending(""), "bad_response", "", None),
    "half": (sending('{"id": "run_'), "bad_response", "", None),
    "another run": (sending('{"id": "run_other"}'), "bad_response", "another run", None),
    "NaN": (sending(run(metadata={"x": float("nan"), "y": float("-inf")})), "", "", None),
    "duplicate keys": (sending('{"id": "run_other", ' + run()[1:]), "", "", None),
    "lone surrogate": (sending(run(workflow_name="\ud800 Invoices")), "", "", None),
    "escaped surrogate": (sending(run()[:-1] + r', "metadata": {"a": "\ud83d"}}'), "", "", None),
    "429, seconds": (limited("120"), "rate_limited", "too many requests", 120),
    "429, date": (limited("Wed, 21 Oct 2026 07:30:00 GMT"), "rate_limited", "", 120),
    "429, years": (limited("999999999"), "rate_limited", "", 3600),
    "429, past": (limited("Wed, 21 Oct 2015 07:28:00 GMT"), "rate_limited", "", 0),
    "429, fraction": (limited("0.5"), "rate_limited", "", 0.5),
    "429, negative": (limited("-1"), "rate_limited", "", None),
    "429, words": (limited("soon"), "rate_limited", "", None),
    "500 for ever": (sending("{}", 500), "unavailable", "HTTP 500", None),
    "503, with a wait": (sending("", 503, Retry_After="30"), "unavailable", "HTTP 503", 30),
    "redirect": (sending("", 302, Location="http://elsewhere.example/"), "bad_response", "", None),
    "401": (sending('{"detail": "Invalid API key"}', 401), "unauthorized", "", None),
    "403": (sending('{"detail": "needs scope runs:read"}', 403), "forbidden", "runs:read", None),
    "slow first byte": (Exchange.hang, "timeout", "time limit", None),
    "slow body": (Exchange.drip, "timeout", "time limit", None),
}  # fmt: skip
HANGS = ("slow first byte", "slow body")
RETRYABLE = {"unavailable", "timeout", "rate_limited"}


async def no_sleep(_seconds: float) -> None:
    """Retry at once."""


@cache
def app() -> Starlette:
    names = ("invoice-completed", "erp-unavailable", "manifest-2000")
    return create_app("g3", [sample_named(name) for name in names])


@asynccontextmanager
async def faulty() -> AsyncIterator[FaultySandbox]:
    async with FaultySandbox(app()).listening() as sandbox:
        yield sandbox


@asynccontextmanager
async def asker_of(base_url: str) -> AsyncIterator[Asker]:
    async with asking(app(), service=Service(base_url, sleep=no_sleep)) as asker:
        yield asker


async def answer_of(asker: Asker, tool: str, **arguments: Any) -> dict[str, Any]:
    """Return the answer of a call, error or not."""
    answer: dict[str, Any] = json.loads(text_of(await asker.client.call_tool(tool, arguments)))
    return answer


def test_every_call_ends_within_45_seconds() -> None:
    """The faults below end a call at its time limit at the latest."""
    assert CALL_SECONDS <= 45


@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_is_explained_and_holds_up_no_other_call(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    act, kind, words, wait = FAULTS[name]
    began = asyncio.Event()

    async def fault(exchange: Exchange) -> bool:
        if exchange.path != f"/v1/workflows/runs/{COMPLETED}":
            return False
        began.set()
        await act(exchange)
        return True

    async with faulty() as sandbox, asker_of(sandbox.base_url) as asker:
        sandbox.fault = fault
        asked = asyncio.create_task(answer_of(asker, "get_run", run_id=COMPLETED))
        await began.wait()
        assert (await answer_of(asker, "list_runs", limit=1))["rows"]
        if name in HANGS:
            assert not asked.done()
            asked.cancel()
            monkeypatch.setattr("retab_mcp.queries.service.CALL_SECONDS", SHORT_CALL_SECONDS)
            answer = await answer_of(asker, "get_run", run_id=COMPLETED)
        else:
            answer = await asked
    assert answer.get("kind", "") == kind, answer
    assert answer["run_id"] == COMPLETED
    if kind:
        assert words in answer["error"]
        assert answer["hint"]
        assert answer["retryable"] is (kind in RETRYABLE)
        assert answer.get("retry_after_s") == wait
    assert len(json.dumps(answer)) < 1_200
    assert "elsewhere" not in json.dumps(answer)


async def test_a_refused_connection_is_explained() -> None:
    async with faulty() as sandbox:
        closed = sandbox.base_url
    async with asker_of(closed) as asker:
        answer = await answer_of(asker, "get_run", run_id=COMPLETED)
    assert (answer["kind"], answer["retryable"]) == ("unavailable", True)
    assert answer["error"] == "The Retab API refused the connection."


async def test_one_error_is_retried_without_a_word() -> None:
    failures = [500, 429, 503]

    async def each_once(exchange: Exchange) -> bool:
        if not failures:
            return False
        await exchange.send(b"{}", failures.pop())
        return True

    async with faulty() as sandbox, asker_of(sandbox.base_url) as asker:
        sandbox.fault = each_once
        answer = await answer_of(asker, "get_run", run_id=COMPLETED)
    assert answer["status"] == "completed"
    assert "truncated" not in answer


def own_certificate(folder: Path) -> ssl.SSLContext:
    """Return a server's TLS with a certificate that nobody else has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    pem.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


async def test_failures_of_tls_are_explained(tmp_path: Path) -> None:
    certificate = own_certificate(tmp_path)
    async with (
        FaultySandbox(app()).listening(certificate) as sandbox,
        asker_of(sandbox.base_url) as asker,
    ):
        untrusted = await answer_of(asker, "get_run", run_id=COMPLETED)
    async with faulty() as sandbox, asker_of(f"https{sandbox.base_url[4:]}") as asker:
        no_tls = await answer_of(asker, "get_run", run_id=COMPLETED)
    assert untrusted["error"] == "The certificate of the Retab API is not trusted on this machine."
    assert "SSL_CERT_FILE" in untrusted["hint"]
    assert no_tls["error"] == "The TLS handshake with the Retab API failed."
    assert not untrusted["retryable"]
    assert not no_tls["retryable"]


@pytest.mark.parametrize(
    ("status", "words"), [(407, "a user name and a password"), (502, "proxy refused")]
)
async def test_a_proxy_that_gives_no_connection_is_explained(
    status: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(exchange: Exchange) -> bool:
        await exchange.send(b"", status)
        exchange.writer.close()
        return True

    async with faulty() as proxy:
        proxy.fault = refuse
        monkeypatch.setenv("HTTPS_PROXY", proxy.base_url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        async with asker_of("https://retab.example") as asker:
            answer = await answer_of(asker, "get_run", run_id=COMPLETED)
    assert answer["kind"] == "unavailable"
    assert words in answer["error"]


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [(401, "Invalid API key", "rejected the API key"), (404, "Run not found", "no such")],
    ids=["key expired", "run deleted"],
)
async def test_what_was_read_before_the_key_expired_or_the_run_was_deleted_is_kept(
    status: int, body: str, words: str
) -> None:
    pages = 0

    async def fault(exchange: Exchange) -> bool:
        nonlocal pages
        pages += exchange.path == "/v1/workflows/steps"
        if pages < 2:
            return False
        await exchange.send(json.dumps({"detail": body}).encode(), status)
        return True

    async with faulty() as sandbox, asker_of(sandbox.base_url) as asker:
        sandbox.fault = fault
        partly = await answer_of(asker, "get_run", run_id=LONG)
        refused = await answer_of(asker, "get_run", run_id=FAILED)
    assert words in partly["truncated"]["why"]
    assert sum(partly["step_counts"].values()) == 500
    assert refused["kind"] == {401: "unauthorized", 404: "not_found"}[status]


async def changed(exchange: Exchange, change: Callable[[Any], None]) -> bool:
    """Answer as the sandbox, with its list of steps changed."""
    if exchange.path != "/v1/workflows/steps":
        return False
    page = (await exchange.answer()).json()
    change(page)
    await exchange.send(json.dumps(page).encode())
    return True


async def test_a_cursor_that_repeats_ends_the_list() -> None:
    first: list[Any] = []

    def repeat(page: Any) -> None:
        first.append(page["list_metadata"]["after"])
        page["list_metadata"]["after"] = first[0]

    async with faulty() as sandbox, asker_of(sandbox.base_url) as asker:
        sandbox.fault = lambda exchange: changed(exchange, repeat)
        answer = await answer_of(asker, "get_run", run_id=LONG)
        assert sandbox.requests < 20
    assert answer["truncated"]["shown"] <= 1_001
    assert answer["status"]


async def test_steps_that_change_between_pages_are_counted_once() -> None:
    seen: list[Any] = []

    def shift(page: Any) -> None:
        # A step was added in front, so that the next page begins with one shown before.
        page["data"] = seen[-1:] + page["data"]
        seen.extend(page["data"])
        for step in seen[:1]:
            step["lifecycle"] = {"status": "error", "message": "late"}

    async with faulty() as sandbox, asker_of(sandbox.base_url) as asker:
        sandbox.fault = lambda exchange: changed(exchange, shift)
        answer = await answer_of(asker, "get_run", run_id=LONG)
    assert sum(answer["step_counts"].values()) == len(
        list(resolve(sample_named("manifest-2000").runs[0].steps))
    )
