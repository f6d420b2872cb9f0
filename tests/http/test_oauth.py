"""Authentication by token of an OAuth issuer."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from retab_mcp.http.api_key_auth import CredentialError
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
    ours,
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
    assert "file of keys" in globex.json()["result"]["content"][0]["text"]


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


async def reason_of(verifier: JwtVerifier, token: str) -> str:
    """Return the reason for which a token is refused."""
    with pytest.raises(CredentialError) as refused:
        await verifier.subject_of(token)
    return refused.value.reason


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://other.example"}, "issuer"),
        ({"aud": "https://other.example/mcp"}, "audience"),
        ({"aud": None}, "claims"),
        ({"iss": None}, "claims"),
        ({"exp": NOW - 120}, "expired"),
        ({"exp": None}, "claims"),
        ({"nbf": NOW + 3600}, "not_yet_valid"),
        ({"sub": None}, "claims"),
        ({"sub": 7}, "claims"),
    ],
)
async def test_a_token_with_wrong_claims_is_refused(
    issuer: Issuer, claims: dict[str, Any], reason: str
) -> None:
    verifier = JwtVerifier(issuer.url, AUDIENCE)
    assert await reason_of(verifier, issuer.token("acme", **claims)) == reason
    assert await verifier.subject_of(issuer.token("acme")) == "acme"


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
    reasons = [await reason_of(verifier, token) for token in tokens]
    assert reasons == [
        *("signature", "malformed_token", "malformed_token", "signature"),
        *["malformed_token"] * 3,
    ]


async def test_a_malformed_token_causes_no_fetch(issuer: Issuer) -> None:
    verifier = JwtVerifier(issuer.url, AUDIENCE)
    assert await reason_of(verifier, KEY_OF_ACME)
    assert await reason_of(verifier, jwt.encode({}, "x" * 32, "HS256"))
    assert issuer.paths == []


async def test_signing_keys_are_fetched_once_and_again_after_rotation(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    verifier = JwtVerifier(issuer.url, AUDIENCE)
    for _ in range(5):
        assert await verifier.subject_of(issuer.token("acme")) == "acme"
    assert issuer.paths == ["/.well-known/openid-configuration", "/keys"]
    issuer.add_key("two")
    token = issuer.token("acme", kid="two")
    assert await reason_of(verifier, token) == "unknown_key"
    later = time.monotonic() + 60
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert await verifier.subject_of(token) == "acme"
    assert issuer.paths.count("/keys") == 2


async def test_an_issuer_without_metadata_uses_the_default_key_location(issuer: Issuer) -> None:
    issuer.has_metadata = False
    assert find_key_set(issuer.url) == f"{issuer.url}/.well-known/jwks.json"
    verifier = JwtVerifier(issuer.url, AUDIENCE)
    assert await verifier.subject_of(issuer.token("acme")) == "acme"


@pytest.mark.parametrize("named", ["https://other.example", "", None, 7])
async def test_the_metadata_of_another_issuer_is_refused(issuer: Issuer, named: object) -> None:
    issuer.named = named
    with pytest.raises(jwt.PyJWKClientConnectionError):
        find_key_set(issuer.url)
    assert await reason_of(JwtVerifier(issuer.url, AUDIENCE), issuer.token("acme")) == "no_issuer"


async def test_a_slash_at_the_end_of_the_issuer_does_not_matter(issuer: Issuer) -> None:
    issuer.named = f"{issuer.url}/"
    assert find_key_set(issuer.url) == f"{issuer.url}/keys"


async def test_forged_key_ids_do_not_cause_a_request_each(issuer: Issuer) -> None:
    verifier = JwtVerifier(issuer.url, AUDIENCE)
    assert await verifier.subject_of(issuer.token("acme")) == "acme"
    forged = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for number in range(5):
        token = jwt.encode({"sub": "acme"}, forged, "RS256", {"kid": f"forged-{number}"})
        assert await reason_of(verifier, token) == "unknown_key"
    assert issuer.paths.count("/keys") == 1


async def test_the_log_says_who_is_refused_and_why(
    issuer: Issuer, options: HttpOptions, lines: list[str]
) -> None:
    refused: list[tuple[dict[str, str], int, str, str | None]] = [
        ({}, 401, "no_credential", None),
        (bearer(KEY_OF_ACME), 401, "malformed_token", None),
        (bearer(issuer.token("acme")) | {"api-key": KEY_OF_ACME}, 401, "retab_key", None),
        (bearer(issuer.token("acme", exp=NOW - 120)), 401, "expired", "sub:acme?"),
        (bearer(issuer.token("acme", aud="https://other.example")), 401, "audience", "sub:acme?"),
        (bearer(issuer.token("acme")[:-8] + "AAAAAAAA"), 401, "signature", "sub:acme?"),
        (bearer(issuer.token("initech")), 403, "no_key_for_subject", "sub:initech"),
        (bearer(issuer.token("x" * 500)), 403, "no_key_for_subject", f"sub:{'x' * 128}"),
    ]
    async with connected(service_app(retab(), options)) as client:
        for headers, *_ in refused:
            await post(client, CALL, headers)
        await post(client, CALL, bearer(issuer.token("acme")))
    *refusals, call = ours(lines)
    assert [(line["status"], line["reason"], line.get("caller")) for line in refusals] == [
        (status, reason, caller) for _, status, reason, caller in refused
    ]
    assert {line["client"] for line in [*refusals, call]} == {"127.0.0.1"}
    assert call["caller"] == "sub:acme"
    assert KEY_OF_ACME not in "".join(lines)


async def test_a_broken_keys_file_makes_the_service_not_ready(
    issuer: Issuer, options: HttpOptions, lines: list[str]
) -> None:
    keys = anyio.Path(options.keys_file)
    good = await keys.read_text()
    async with connected(service_app(retab(), options)) as client:
        assert (await client.get("/readyz")).status_code == 200
        await keys.write_text("{")
        unready = await client.get("/readyz")
        refused = await post(client, CALL, bearer(issuer.token("acme")))
        await keys.write_text(good)
        assert (await client.get("/readyz")).status_code == 200
        served = await post(client, CALL, bearer(issuer.token("acme")))
    assert (unready.status_code, unready.json()["status"]) == (503, "unready")
    assert "file of keys" in unready.json()["reason"]
    assert refused.status_code == 503
    assert served.status_code == 200
    # Once, however many requests come in the meantime.
    log = ours(lines)
    assert [line["level"] for line in log if "file of keys" in line["message"]] == ["error"]
    assert "keys_file" in [line.get("reason") for line in log]


@pytest.mark.parametrize("key_set", ["no json", "[]", "{}", '{"keys": []}', '{"keys": [1]}'])
async def test_every_token_is_refused_if_the_issuer_answers_nonsense(
    issuer: Issuer, key_set: str
) -> None:
    issuer.key_set = key_set
    verifier = JwtVerifier(issuer.url, AUDIENCE)
    assert await reason_of(verifier, issuer.token("acme"))


async def test_every_token_is_refused_if_the_issuer_is_unreachable(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with running_issuer() as issuer:
        token = issuer.token("acme")
    assert await reason_of(JwtVerifier(issuer.url, AUDIENCE), token) == "no_issuer"
    assert "signing keys" in caplog.text
    assert token not in caplog.text
