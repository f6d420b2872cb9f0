"""Authentication by token of an OAuth issuer."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from retab_mcp.http.oauth import JwtVerifier, find_key_set
from retab_mcp.http.options import HttpOptions
from retab_mcp.sandbox.app import create_app as create_sandbox
from tests.http.issuer import AUDIENCE, Issuer, running_issuer
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


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with running_issuer() as running:
        yield running


@pytest.fixture
def options(issuer: Issuer, tmp_path: Path) -> HttpOptions:
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps({"acme": KEY_OF_ACME, "globex": KEY_OF_GLOBEX}))
    keys.chmod(0o600)
    return HttpOptions(issuer=issuer.url, audience=AUDIENCE, keys_file=str(keys))


def retab() -> Tenants:
    return Tenants({KEY_OF_ACME: create_sandbox("g3", all_samples()[:1], key=KEY_OF_ACME)})


async def test_the_key_of_the_subject_is_sent_to_retab(
    issuer: Issuer, options: HttpOptions
) -> None:
    async with connected(service_app(retab(), options)) as client:
        acme = await post(client, CALL, bearer(issuer.token("acme")))
        globex = await post(client, CALL, bearer(issuer.token("globex")))
    assert acme.json()["result"]["isError"] is False
    assert '"kind":"unauthorized"' in globex.json()["result"]["content"][0]["text"]


async def test_a_subject_without_a_key_is_forbidden(issuer: Issuer, options: HttpOptions) -> None:
    async with connected(service_app(retab(), options)) as client:
        response = await post(client, CALL, bearer(issuer.token("initech")))
    assert response.status_code == 403


async def test_retab_keys_are_refused(issuer: Issuer, options: HttpOptions) -> None:
    upstream = retab()
    token = issuer.token("acme")
    async with connected(service_app(upstream, options)) as client:
        for headers in (
            {},
            bearer(KEY_OF_ACME),
            {"api-key": KEY_OF_ACME},
            bearer(token) | {"api-key": KEY_OF_ACME},
        ):
            response = await post(client, CALL, headers)
            assert response.status_code == 401
    assert upstream.paths == []
    assert response.headers["www-authenticate"] == (
        'Bearer error="invalid_token", resource_metadata='
        '"http://127.0.0.1:8000/.well-known/oauth-protected-resource/mcp"'
    )


async def test_the_challenge_leads_to_the_issuer(issuer: Issuer, options: HttpOptions) -> None:
    async with connected(service_app(retab(), options)) as client:
        response = await client.get("/.well-known/oauth-protected-resource/mcp")
    found = response.json()
    assert found["resource"] == AUDIENCE
    assert [url.rstrip("/") for url in found["authorization_servers"]] == [issuer.url]


NOW = int(time.time())


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example"},
        {"aud": "https://other.example/mcp"},
        {"aud": None},
        {"iss": None},
        {"exp": NOW - 120},
        {"exp": None},
        {"nbf": NOW + 3600},
        {"sub": None},
        {"sub": 7},
    ],
)
async def test_a_token_with_wrong_claims_is_refused(issuer: Issuer, claims: dict[str, Any]) -> None:
    verifier = JwtVerifier(issuer.url, AUDIENCE)
    assert await verifier.verify_token(issuer.token("acme", **claims)) is None
    assert await verifier.verify_token(issuer.token("acme")) is not None


async def test_a_token_signed_by_another_key_is_refused(issuer: Issuer) -> None:
    verifier = JwtVerifier(issuer.url, AUDIENCE)
    claims = jwt.decode(issuer.token("acme"), options={"verify_signature": False})
    forged = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    published = issuer.keys["one"].public_key()
    shared_secret = str(published.public_numbers().n)
    tokens = [
        jwt.encode(claims, forged, "RS256", {"kid": "one"}),
        jwt.encode(claims, shared_secret, "HS256", {"kid": "one"}),
        jwt.encode(claims, "", "none", {"kid": "one"}),
        issuer.token("acme")[:-8] + "AAAAAAAA",
        "a.b.c",
        "",
        "no token at all",
    ]
    for token in tokens:
        assert await verifier.verify_token(token) is None


async def test_a_malformed_token_causes_no_fetch(issuer: Issuer) -> None:
    verifier = JwtVerifier(issuer.url, AUDIENCE)
    assert await verifier.verify_token(KEY_OF_ACME) is None
    assert await verifier.verify_token(jwt.encode({}, "x" * 32, "HS256")) is None
    assert issuer.paths == []


async def test_signing_keys_are_fetched_once_and_again_after_rotation(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    verifier = JwtVerifier(issuer.url, AUDIENCE)
    for _ in range(5):
        assert await verifier.verify_token(issuer.token("acme")) is not None
    assert issuer.paths == ["/.well-known/openid-configuration", "/keys"]
    issuer.add_key("two")
    token = issuer.token("acme", kid="two")
    assert await verifier.verify_token(token) is None
    later = time.monotonic() + 60
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert await verifier.verify_token(token) is not None
    assert issuer.paths.count("/keys") == 2


async def test_an_issuer_without_metadata_uses_the_default_key_location(issuer: Issuer) -> None:
    issuer.has_metadata = False
    assert find_key_set(issuer.url) == f"{issuer.url}/.well-known/jwks.json"
    verifier = JwtVerifier(issuer.url, AUDIENCE)
    assert await verifier.verify_token(issuer.token("acme")) is not None


@pytest.mark.parametrize("key_set", ["no json", "[]", "{}", '{"keys": []}', '{"keys": [1]}'])
async def test_every_token_is_refused_if_the_issuer_answers_nonsense(
    issuer: Issuer, key_set: str
) -> None:
    issuer.key_set = key_set
    verifier = JwtVerifier(issuer.url, AUDIENCE)
    assert await verifier.verify_token(issuer.token("acme")) is None


async def test_every_token_is_refused_if_the_issuer_is_unreachable(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with running_issuer() as issuer:
        token = issuer.token("acme")
    assert await JwtVerifier(issuer.url, AUDIENCE).verify_token(token) is None
    assert "signing keys" in caplog.text
    assert token not in caplog.text
