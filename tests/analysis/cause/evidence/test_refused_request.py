"""What was sent where a request was refused."""

from typing import Any

import pytest

from retab_mcp.analysis.cause.evidence.refused_request import refusal_evidence
from retab_mcp.models import Artifact

REFUSED = {"message": "qty must be positive"}


def evidence(
    status: int | None = 422, body: Any = REFUSED, messages: tuple[str, ...] = (), **fields: Any
) -> dict[str, Any]:
    attempt = {
        "response_status": status,
        "response_body": body,
        "request_body": {"qty": 0, "order": "PO-4711"},
        **fields,
    }
    data = {"attempts": [{"response_status": 500}, attempt]}
    artifact = Artifact(id="a", operation="api_call_invocation", data=data)
    return refusal_evidence(artifact, {}, list(messages))


def test_the_refused_value_is_shown() -> None:
    sent = [{"path": "/attempts/1/request_body/qty", "value": 0}]
    assert evidence() == {"sent": sent}
    assert evidence(body='{"message": "qty must be positive"}') == {"sent": sent}
    assert evidence(body=None, messages=("qty must be positive",)) == {"sent": sent}
    assert evidence(400) == evidence(499) == {"sent": sent}


@pytest.mark.parametrize("status", [200, 399, 402, 408, 423, 425, 429, 500])
def test_a_status_that_is_not_about_what_was_sent(status: int) -> None:
    assert evidence(status) == {}


def test_a_conflict_names_the_value_that_exists() -> None:
    body = {"message": "PO-4711 exists"}
    assert evidence(409, body) == {
        "sent": [{"path": "/attempts/1/request_body/order", "value": "PO-4711"}]
    }
    assert evidence(422, body) == {}


@pytest.mark.parametrize(
    "name",
    ["Authorization", "X-API-Key", "apikey", "api_key", "X-Token", "client_secret", "Signature"],
)
def test_names_of_credentials_are_shown_where_they_were_rejected(name: str) -> None:
    headers = {"Accept": "json", name: "[redacted]"}
    for status in (401, 403):
        assert evidence(status, "no", request_headers=headers)["credentials_sent"] == [name]
    assert "credentials_sent" not in evidence(400, "no", request_headers=headers)


def test_parameters_hold_credentials_as_well() -> None:
    url = "https://x.example.com/?password=x&day=1"
    assert evidence(401, "no", request_url=url)["credentials_sent"] == ["password"]
    cookie = evidence(401, "no", request_url=url, request_headers={"Cookie": "x"})
    assert cookie["credentials_sent"] == ["Cookie", "password"]


def test_a_request_without_credentials_names_what_it_had() -> None:
    fields: dict[str, Any] = {
        "request_headers": {"Accept": "json"},
        "request_url": "https://x.example.com/?day=1",
    }
    assert evidence(401, "no", **fields)["credentials_sent"] == "none among Accept, day"
    assert "credentials_sent" not in evidence(401, "no", request_url="http://[broken")


def test_a_step_without_a_call_shows_what_it_worked_on() -> None:
    inputs = {"in": {"type": "json", "data": {"qty": 0}}}
    assert refusal_evidence(None, inputs, ["field 'qty' must be positive"]) == {
        "sent": [{"path": "/handle_inputs/in/data/qty", "value": 0}]
    }
    other = Artifact(id="a", operation="extraction", data={"attempts": [{"response_status": 500}]})
    assert refusal_evidence(other, inputs, ["field 'qty' must be positive"]) != {}
