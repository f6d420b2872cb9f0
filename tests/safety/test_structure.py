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


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ({"Set-Cookie": "abcdefgh"}, {"Set-Cookie": "[redacted]"}),
        ({"Proxy-Authorization": "abc"}, {"Proxy-Authorization": "[redacted]"}),
        ({"X-Auth": "abc"}, {"X-Auth": "[redacted]"}),
        ({"Authorization": "abc", "Content-Type": "x"}, {"Authorization": "[redacted]", "Content-Type": "x"}),
        ({"Cookie": "abcdefg", "Host": "x"}, {"Cookie": "[redacted]", "Host": "x"}),
        ({"Cookie": "abcdef", "Host": "x"}, {"Cookie": "[redacted]", "Host": "x"}),
        ({"password": 1000}, {"password": "[redacted]"}),
        ({"password": -1000}, {"password": "[redacted]"}),
        ({"pin": 100}, {"pin": "[redacted]"}),
        ({"session_id": 10000000}, {"session_id": "[redacted]"}),
        ({"token": 1000}, {"token": "[redacted]"}),
        ({"api_key": 1000}, {"api_key": "[redacted]"}),
        ({"credentials": {"username": "ida", "password": "x1", "note": "abcdefg", "host": "db"}}, {"credentials": {"username": "ida", "password": "[redacted]", "note": "[redacted]", "host": "db"}}),
        ({"credentials": {"a": {"b": "abcdefg"}}}, {"credentials": {"a": {"b": "[redacted]"}}}),
        ({"auth": {"type": "basic", "x": "abcdefg"}}, {"auth": {"type": "basic", "x": "[redacted]"}}),
        ({"seed_phrase": ["apple", "river", "stone", "cloud", "tiger", "maple"]}, {"seed_phrase": ["[redacted]", "[redacted]", "[redacted]", "[redacted]", "[redacted]", "[redacted]"]}),
        ({"seed_phrase": ["apple", "river", "stone", "cloud", "tiger", "map1e"]}, {"seed_phrase": ["[redacted]", "[redacted]", "[redacted]", "[redacted]", "[redacted]", "map1e"]}),
        ({"recovery_codes": ["1234-5678", 12345, 99]}, {"recovery_codes": ["[redacted]", "[redacted]", 99]}),
        ({"passwords": {"ida": PASSWORD, "total": 3}}, {"passwords": {"ida": "[redacted]", "total": 3}}),
        ({"likelihoods": {"password": 0.9, "pin": "1234"}}, {"likelihoods": {"password": 0.9, "pin": "[redacted]"}}),
        ({"properties": {"password": {"type": "string", "default": PASSWORD, "description": PASSWORD}}}, {"properties": {"password": {"type": "string", "default": "[redacted]", "description": PASSWORD}}}),
        ({"properties": {"password": {"type": "string", "examples": [PASSWORD, "abc"]}}}, {"properties": {"password": {"type": "string", "examples": ["[redacted]", "abc"]}}}),
        ({"properties": {"password": {"type": "string"}, "pin": "1234"}}, {"properties": {"password": {"type": "string"}, "pin": "[redacted]"}}),
        ({"properties": {"required": ["password", PASSWORD]}}, {"properties": {"required": ["password", "[redacted]"]}}),
        ({"password": {"type": ["string", "null"], "default": PASSWORD}}, {"password": {"type": ["string", "null"], "default": "[redacted]"}}),
        ({"password": {"type": "strange", "x": "abc1"}}, {"password": {"type": "strange", "x": "[redacted]"}}),
        ({"password": {"type": [], "x": "abc1"}}, {"password": {"type": [], "x": "[redacted]"}}),
        ({"name": "password", "value": PASSWORD}, {"name": "password", "value": "[redacted]"}),
        ({"name": "password", "value": {"a": "abc1"}}, {"name": "password", "value": {"a": "[redacted]"}}),
        ({"name": "x" * 92 + "password", "value": "abc1"}, {"name": "x" * 92 + "password", "value": "[redacted]"}),
        ({"key": "Authorization", "value": "abc"}, {"key": "Authorization", "value": "[redacted]"}),
        ({"header": "Auth", "value": "abc"}, {"header": "Auth", "value": "[redacted]"}),
        ({"key": "Auth", "value": "abc"}, {"key": "Auth", "value": "[redacted]"}),
        ({"name": "API-key", "value": "front door"}, {"name": "API-key", "value": "[redacted]"}),
        ({"type": "password", "value": "abc1"}, {"type": "password", "value": "[redacted]"}),
        ({"kind": "secret", "text": "abc1"}, {"kind": "secret", "text": "[redacted]"}),
        ({"label": "Password", "default": PASSWORD}, {"label": "Password", "default": "[redacted]"}),
        ({"name": "password", "a_val": "abc1"}, {"name": "password", "a_val": "[redacted]"}),
        ({"name": "password", "XValue": "abc1"}, {"name": "password", "XValue": "[redacted]"}),
        ({"a_name": "password", "value": "abc1"}, {"a_name": "password", "value": "[redacted]"}),
        ([["X-Api-Key", "abc1"], ["Accept", "x"]], [["X-Api-Key", "[redacted]"], ["Accept", "x"]]),
        (["password", PASSWORD], ["password", "[redacted]"]),
        (["password", "abc1"], ["password", "[redacted]"]),
        (["password", "abcdefghijklm"], ["password", "[redacted]"]),
        (["password", "user-name"], ["password", "[redacted]"]),
        (["X-Api-Key", "front door"], ["X-Api-Key", "[redacted]"]),
        (["--password", PASSWORD], ["--password", "[redacted]"]),
        (["a", "--token", "abc"], ["a", "--token", "[redacted]"]),
        (["Accept", "x", "X-Api-Key", "abc"], ["Accept", "x", "X-Api-Key", "[redacted]"]),
        (["Content-Type", "x", "Authorization", "abc"], ["Content-Type", "x", "Authorization", "[redacted]"]),
        ({"columns": ["a", "password"], "rows": [["b", PASSWORD], ["c", "none"], ["d"], ["e", {"x": PASSWORD}]]}, {"columns": ["a", "password"], "rows": [["b", "[redacted]"], ["c", "none"], ["d"], ["e", {"x": PASSWORD}]]}),
        ({"columns": ["a", "password"], "rows": [{"cells": ["b", PASSWORD]}, {"values": ["b", PASSWORD]}, {"other": ["b", PASSWORD]}]}, {"columns": ["a", "password"], "rows": [{"cells": ["b", "[redacted]"]}, {"values": ["b", "[redacted]"]}, {"other": ["b", PASSWORD]}]}),
        ({"columns": [{"name": "a"}, {"name": "password"}], "data": [["b", PASSWORD]]}, {"columns": [{"name": "a"}, {"name": "password"}], "data": [["b", "[redacted]"]]}),
        ({"headers": ["user", "pin code"], "values": [["b", "1234"]]}, {"headers": ["user", "pin code"], "values": [["b", "[redacted]"]]}),
        ([["user", "password"], ["ida", PASSWORD]], [["user", "password"], ["ida", "[redacted]"]]),
        ([["user", "password"], {"cells": ["ida", PASSWORD]}], [["user", "password"], {"cells": ["ida", "[redacted]"]}]),
        ([LINES[0], "MIIE", LINES[2], "after"], ["[redacted]", "[redacted]", "[redacted]", "[redacted]"]),
        ([{"text": LINES[0]}, {"text": "MIIE"}, {"line": LINES[2]}, {"text": "after"}], [{"text": "[redacted]"}, {"text": "[redacted]"}, {"line": "[redacted]"}, {"text": "after"}]),
        ([{"text": LINES[0]}, {"other": "MIIE"}, {"text": LINES[2]}], [{"text": "[redacted]"}, {"other": "MIIE"}, {"text": "[redacted]"}]),
        ([LINES[0], 1, "MIIE"], ["[redacted]", 1, "[redacted]"]),
        ([{"a": 1, "content": LINES[0]}, "MIIE", LINES[2]], [{"a": 1, "content": "[redacted]"}, "[redacted]", "[redacted]"]),
        ({"zip": 1, "pin": "411001"}, {"zip": 1, "pin": "[redacted]"}),
        ({"city": "Pune", "otp": "411001"}, {"city": "Pune", "otp": "[redacted]"}),
        ({"a": {"b": {"password": "x1"}}}, {"a": {"b": {"password": "[redacted]"}}}),
        ({"password": ["abc1", ["abc2", {"d": "abc3"}]]}, {"password": ["[redacted]", ["[redacted]", {"d": "[redacted]"}]]}),
        ({"password": {"url": "http://x", "value": "abc1"}}, {"password": {"url": "http://x", "value": "[redacted]"}}),
        ({"token": {"value": "abc1", "type": "x"}}, {"token": {"value": "[redacted]", "type": "x"}}),
        ({"password": "  Tr0ub4dor-9 "}, {"password": "[redacted]"}),
    ],
)  # fmt: skip
def test_each_rule_of_structure_hides_what_it_names(value: Any, safe: Any) -> None:
    assert sanitize(value).value == safe


@pytest.mark.parametrize(
    "value",
    [
        {"cookie": "abcdefgh"},
        {"authorization": "abc"},
        {"Authorization": "abc", "total": "x"},
        {"Cookie": "abcde", "Host": "x"},
        {"password": 999},
        {"pin": 99},
        {"session_id": 9999999},
        {"authorization": 1000000000},
        {"password": 1234.5},
        {"password": True},
        {"code": 123456},
        {"credentials": ["ida", "Tr0ub4dor9x"]},
        {"credentials": "M.D."},
        {"authorization": {"status": "open", "number": "AB 12"}},
        {"authorization": {"x": "abcdefg"}},
        {"name": "a", "key": "b", "label": "c", "id": "d", "field": "password", "value": "hunter2"},
        {"name": "password", "val": None, "text": None, "data": None, "v": None, "value": "hunter2"},
        {"seed_phrase": ["apple", "river", "stone", "cloud", "tiger"]},
        {"scores": {"password": 1234}},
        {"password": {"$ref": "#/x"}},
        {"password": {"type": "object", "x": "abc1"}},
        {"password": {"title": "Password", "value": None}},
        {"password": {"type": "string", "value": {"a": "b1"}}},
        {"name": "x" * 93 + "password", "value": "abc1"},
        {"name": "API key", "value": "front door"},
        {"type": "text", "value": "abc1"},
        {"label": "Password", "default": "abc"},
        {"name": "password", "other": "abc1"},
        {"question": "Password?", "answer": "abc1"},
        {"value": "password", "value2": "abc1"},
        ["password", "email"],
        ["password", "abcdefghijkl"],
        ["password", "api_key"],
        ["api key", "front door"],
        ["Authorization", "abc"],
        ["x" * 93 + "password", "abc1"],
        ["-p", "x"],
        ["Accept", "X-Api-Key", "abc", "d"],
        ["content-type", "x", "Authorization", "abc"],
        ["X-Api-Key", "abc", "z"],
        ["--key", "abc"],
        ["--password", 1],
        {"columns": ["password"], "rows": [[PASSWORD]]},
        {"columns": ["a", "key"], "rows": [["b", "aB3dE5fG7hJ9kL2m"]]},
        {"columns": ["a", 5], "rows": [["b", PASSWORD]]},
        [["user", "password"]],
        [["user", "password"], ["ida", PASSWORD, "x"]],
        [[], ["a"]],
        ["BEGIN CERTIFICATE", "MIIE"],
        {"city": "Pune", "pin": "411001"},
        {"address": "x", "PIN_code": "411001"},
        {"password": {"a": None, "b": [], "c": ""}},
        {"session": {"id": "12345678"}},
        {"key": {"a": "aB3dE5fG7hJ9kL2m"}},
        {"a": "  Tr0ub4dor-9 "},
    ],
)  # fmt: skip
def test_what_is_next_to_a_rule_of_structure_is_shown(value: Any) -> None:
    assert sanitize(value).value is value
