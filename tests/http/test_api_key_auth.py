"""Authentication by Retab API key."""

import string

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from retab_mcp.http.api_key_auth import CredentialError, read_caller
from retab_mcp.http.caller import Caller
from retab_mcp.http.options import HttpOptions
from retab_mcp.sandbox.app import create_app as create_sandbox
from tests.http.scene import (
    KEY_OF_ACME,
    KEY_OF_GLOBEX,
    Tenants,
    bearer,
    connected,
    message,
    post,
    service_app,
)
from tests.samples import all_samples

RUN_ID = all_samples()[0].runs[0].id
CALL = message("get_run", {"run_id": RUN_ID})


def retab() -> Tenants:
    return Tenants({KEY_OF_ACME: create_sandbox("g3", all_samples()[:1], key=KEY_OF_ACME)})


@pytest.mark.parametrize(
    "headers",
    [bearer(KEY_OF_ACME), {"authorization": f"bearer {KEY_OF_ACME}"}, {"Api-Key": KEY_OF_ACME}],
)
async def test_the_key_of_the_request_is_sent_to_retab(headers: dict[str, str]) -> None:
    async with connected(service_app(retab())) as client:
        response = await post(client, CALL, headers)
    assert response.json()["result"]["isError"] is False


async def test_a_request_without_a_key_is_refused_with_a_hint() -> None:
    upstream = retab()
    async with connected(service_app(upstream, own_key=KEY_OF_ACME)) as client:
        response = await post(client, CALL)
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert "Authorization: Bearer" in response.json()["error"]["message"]
    assert upstream.paths == []


@pytest.mark.parametrize(
    "headers",
    [
        [("authorization", "Basic YWNtZTpwYXNz")],
        [("authorization", "Bearer ")],
        [("authorization", "Bearer two words")],
        [("authorization", "Bearer \u00e9")],
        [("api-key", "")],
        [("authorization", f"Bearer {KEY_OF_ACME}"), ("api-key", KEY_OF_ACME)],
        [("authorization", f"Bearer {KEY_OF_ACME}"), ("authorization", f"Bearer {KEY_OF_GLOBEX}")],
    ],
)
def test_anything_but_one_key_is_refused(headers: list[tuple[str, str]]) -> None:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    with pytest.raises(CredentialError) as caught:
        read_caller(Headers(raw=raw))
    assert KEY_OF_ACME not in str(caught.value)


@pytest.mark.parametrize("space", [" ", "\t", "\r\n"])
def test_ascii_whitespace_around_a_key_is_dropped(space: str) -> None:
    headers = Headers(raw=[(b"api-key", f"{space}{KEY_OF_ACME}{space}".encode())])
    assert read_caller(headers) == Caller.with_key(KEY_OF_ACME)


@pytest.mark.parametrize("space", ["\x1c", "\x85", "\xa0"])
def test_other_whitespace_around_a_key_is_refused(space: str) -> None:
    headers = Headers(raw=[(b"api-key", f"{KEY_OF_ACME}{space}".encode("latin-1"))])
    with pytest.raises(CredentialError, match="contains characters that no Retab key has"):
        read_caller(headers)


@given(st.binary(max_size=200))
@example(b"\xa0key")
@example(b"key\x1c")
def test_a_key_is_printable_ascii_or_is_refused(value: bytes) -> None:
    try:
        key = read_caller(Headers(raw=[(b"authorization", b"Bearer " + value)])).key
    except CredentialError:
        return
    assert key == value.decode("latin-1").strip(string.whitespace)
    assert key.isascii()
    assert key.isprintable()
    assert " " not in key


async def test_a_shared_key_serves_callers_without_a_key() -> None:
    upstream = retab()
    app = service_app(upstream, HttpOptions(shared_key=True), own_key=KEY_OF_ACME)
    async with connected(app) as client:
        without = await post(client, CALL)
        with_other = await post(client, CALL, bearer(KEY_OF_GLOBEX))
    assert without.json()["result"]["isError"] is False
    assert '"kind":"unauthorized"' in with_other.json()["result"]["content"][0]["text"]


async def test_a_key_that_retab_refuses_gives_an_error_answer() -> None:
    async with connected(service_app(retab())) as client:
        response = await post(client, CALL, bearer(KEY_OF_GLOBEX))
    assert response.status_code == 200
    assert response.json()["result"]["isError"] is True
    assert KEY_OF_GLOBEX not in response.text
    # It is the caller's header that is wrong, not a variable of the server.
    assert "Authorization or Api-Key header" in response.text
    assert "RETAB_API_KEY" not in response.text


async def test_cookies_are_not_kept_between_requests() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert "cookie" not in request.headers
        return httpx.Response(404, json={"detail": "x"}, headers={"set-cookie": "a=b"})

    async with connected(service_app(httpx.MockTransport(handler))) as client:
        for key in (KEY_OF_ACME, KEY_OF_GLOBEX):
            response = await post(client, CALL, bearer(key))
            assert response.status_code == 200
