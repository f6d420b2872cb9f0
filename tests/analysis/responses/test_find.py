"""What the last response of a called API says about the call."""

from typing import Any

import pytest

from retab_mcp.analysis.responses.find import find_refusal
from retab_mcp.models import Artifact

PAGE = "<html><title>{}</title></html>"


def found(*attempts: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    data = {"attempts": list(attempts)}
    artifact = Artifact(id="a", operation="api_call_invocation", data=data)
    return [(one.kind, one.message, one.paths) for one in find_refusal(artifact)]


def answered(body: Any, status: Any = 200, method: str = "POST", **fields: Any) -> dict[str, Any]:
    url = fields.pop("url", "https://u:p@erp.example.com/orders?key=1")
    return {
        "request_method": method,
        "request_url": url,
        "response_status": status,
        "response_body": body,
        **fields,
    }


def test_a_success_whose_body_refuses_is_a_finding_of_the_last_attempt() -> None:
    refused = answered({"success": False, "message": "no stock"})
    assert found(answered({}), refused) == [
        (
            "response_says_failed",
            "POST erp.example.com/orders answered 200, but the body says it failed: "
            'success is false: "no stock"',
            ("/attempts/1/response_body/success",),
        )
    ]
    assert found(refused, answered({})) == []


def test_a_failure_does_not_contradict_its_body() -> None:
    ((_, message, _),) = found(answered({"error": "no stock"}, 422))
    assert message == 'POST erp.example.com/orders answered 422: error: "no stock"'
    ((_, message, _),) = found(answered({"error": "no stock"}, 399))
    assert "but the body" in message


@pytest.mark.parametrize("status", [None, True, "200"])
def test_a_call_without_a_response_says_nothing(status: Any) -> None:
    assert found(answered({"success": False}, status)) == []
    assert found() == []


@pytest.mark.parametrize("method", ["GET", "head", "OPTIONS"])
def test_counts_in_what_was_read_are_data(method: str) -> None:
    assert found(answered({"rejected": 2}, method=method)) == []
    assert len(found(answered({"rejected": 2}, method="PUT"))) == 1


@pytest.mark.parametrize(
    "title",
    [
        *(
            "Sign in",
            "Log-in",
            "log on",
            "Authentication",
            "Your password",
            "Anmeldung",
            "Connexion",
        ),
        *("Iniciar sesión", "Error", "Access denied", "Blocked", "Forbidden", "Unavailable"),
        *("Maintenance", "Wartung", "Bad gateway", "Proxy", "Captcha", "Just a moment", "Verify"),
        *("Attention Required", "Not found", "502"),
    ],
)
def test_a_page_of_a_login_or_a_proxy_in_place_of_data(title: str) -> None:
    ((kind, message, paths),) = found(answered(PAGE.format(title), method="GET"))
    assert (kind, paths) == ("html_response", ("/attempts/0/response_body",))
    assert message == (
        f'GET erp.example.com/orders answered 200 with an HTML page in place of data: "{title}"'
    )


@pytest.mark.parametrize(
    ("fields", "is_finding"),
    [
        ({}, False),
        ({"method": "POST"}, True),
        ({"url": "https://api.example.com/x"}, True),
        ({"url": "https://example.com/rest/x"}, True),
        ({"url": "https://example.com/graphql"}, True),
        ({"url": "https://example.com/rpc"}, True),
        ({"url": "https://example.com/x.json"}, True),
        ({"url": "https://example.com/v2/x"}, True),
        ({"url": "https://example.com/apiary"}, False),
        ({"url": "https://example.com/v2/x.html"}, False),
        ({"url": "https://example.com/v2/x.HTM"}, False),
        ({"request_headers": {"Accept": "application/json"}}, True),
        ({"request_headers": {"ACCEPT": "text/xml"}}, True),
        ({"request_headers": [{"name": "Accept", "value": "application/json"}]}, True),
        ({"request_headers": {"Accept": "text/html,application/json"}}, False),
        ({"url": "http://[broken"}, False),
    ],
)
def test_another_page_is_wrong_only_where_data_was_asked_for(
    fields: dict[str, Any], is_finding: bool
) -> None:
    given = {"method": "GET", **fields}
    assert bool(found(answered(PAGE.format("Welcome"), **given))) is is_finding
