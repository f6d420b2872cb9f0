from typing import Any

import pytest

from retab_mcp.safety.sanitize import sanitize

PASSWORD = "Tr0ub4dor-9"
LINES = [
    "-----BEGIN " + "PRIVATE KEY-----",
    "MIIEvQIBADANBgkqhkiG9w0BAQ",
    "-----END PRIVATE KEY-----",
]


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ({"name": "password", "value": PASSWORD}, {"name": "password", "value": "[redacted]"}),
        ({"headerName": "X-Api-Key", "headerValue": "abc"}, {"headerName": "X-Api-Key", "headerValue": "[redacted]"}),
        ([["X-Api-Key", "abc1"], ["Accept", "x"]], [["X-Api-Key", "[redacted]"], ["Accept", "x"]]),
        ({"columns": ["a", "password"], "rows": [["b", PASSWORD]]}, {"columns": ["a", "password"], "rows": [["b", "[redacted]"]]}),
        (["--password", PASSWORD, "-v"], ["--password", "[redacted]", "-v"]),
        ({"password": {"type": "text", "text": PASSWORD}}, {"password": {"type": "text", "text": "[redacted]"}}),
        ({"credentials": {"user": "a", "val": "SECRETTAIL"}}, {"credentials": {"user": "a", "val": "[redacted]"}}),
        ({"auth": ["ida", PASSWORD]}, {"auth": ["[redacted]", "[redacted]"]}),
        (LINES, ["[redacted]"] * 3),
        ({"password": f"the value '{PASSWORD}' is too short"}, {"password": "the value '[redacted]' is too short"}),
    ],
)  # fmt: skip
def test_secrets_in_structures_are_redacted(value: Any, safe: Any) -> None:
    assert sanitize(value).value == safe
    assert sanitize(safe).value == safe


@pytest.mark.parametrize(
    "value",
    [
        {"likelihoods": {"password": 1, "authorization": {"code": 0.4}}},
        {"properties": {"password": {"type": "string", "minLength": 8}}, "required": ["password", "email"]},
        {"errors": {"password": ["must be at least 8 characters"]}},
        {"block_id": "rt_customer_lookup", "step_id": "run_1_sk_prices"},
        [{"token": "Invoice"}, {"token": "Total"}],
        {"columns": ["password", "token"]},
        {"name": "Token ring adapter", "value": "12"},
        {"Authorization": "Bearer {{secrets.ERP_TOKEN}}"},
    ],
)  # fmt: skip
def test_other_structures_are_unchanged(value: Any) -> None:
    assert sanitize(value).value is value


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ({"password": {"type": "string", "value": PASSWORD}}, {"password": {"type": "string", "value": "[redacted]"}}),
        ({"password": {"type": "string", "default": PASSWORD}}, {"password": {"type": "string", "default": "[redacted]"}}),
        ({"type": "secret", "name": "ERP", "value": PASSWORD}, {"type": "secret", "name": "ERP", "value": "[redacted]"}),
        ({"name": "password", "type": "string", "default": PASSWORD}, {"name": "password", "type": "string", "default": "[redacted]"}),
        ({"columns": ["a", "password"], "rows": [{"cells": ["b", PASSWORD]}]}, {"columns": ["a", "password"], "rows": [{"cells": ["b", "[redacted]"]}]}),
        ({"pin_code": "411001"}, {"pin_code": "[redacted]"}),
    ],
)  # fmt: skip
def test_values_in_objects_with_a_type_are_redacted(value: Any, safe: Any) -> None:
    assert sanitize(value).value == safe


@pytest.mark.parametrize(
    "value",
    [
        {"password": {"type": "string", "minLength": 8, "default": "string"}},
        {"password": {"type": "string", "enum": ["none", "basic"]}},
        {"city": "Pune", "pin_code": "411001"},
        {"type": "token", "value": "identifier"},
        {"type": ["secret"], "value": "none"},
    ],
)  # fmt: skip
def test_schemas_and_addresses_are_unchanged(value: Any) -> None:
    assert sanitize(value).value is value
