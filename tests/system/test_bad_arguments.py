"""Every argument of every tool with what no caller should send."""

import json
from typing import Any

import httpx

from retab_mcp.sandbox.app import create_app
from tests.system.asked import tools_over
from tests.system.scenes import SCENES
from tests.system.test_ids_as_attack import REQUIRED

# Each argument gets one value of each row, the next argument the next one.
BAD: tuple[tuple[Any, ...], ...] = (
    ("../../secrets/X/value", "..%2f..%2fsecrets", "/" + "../" * 1_000),
    ("\x00", "a\r\nb\x1b[31m", "\ud800", "\u202e\u200b"),
    ("x" * 100_000, "/x" * 50_000, "*?[" * 30_000, "(a+)+$" * 20_000, "9" * 100_000),
    (True, 10**30, -(10**30), 1.5, float("1e308")),
    ([], ["x"], {}, {"a": 1}, [[[[]]]]),
)
MAX_CHARS = 4_000
CALLER_KINDS = {"invalid_argument", "not_found", "unsupported", "conflict"}


async def test_every_bad_value_of_every_argument_is_refused_or_harmless() -> None:
    app = create_app("g3", [SCENES])
    arguments = 0
    async with tools_over(httpx.ASGITransport(app=app)) as tools:
        for tool in tools.listed:
            schema = tool.input_schema
            given = {name: REQUIRED[name] for name in schema.get("required", [])}
            for name in schema["properties"]:
                for row in BAD:
                    bad = row[arguments % len(row)]
                    text = await tools.text(tool.name, given | {name: bad})
                    kind = json.loads(text).get("kind", "not_found")
                    assert kind in CALLER_KINDS, (tool.name, name, str(bad)[:80], text[:400])
                    is_error = "error" in json.loads(text)
                    assert len(text) < MAX_CHARS or not is_error, (tool.name, name, len(text))
                arguments += 1
    assert arguments > 50
    assert not [each for each in app.state.requests if each.reads_secret]
    assert {each.method for each in app.state.requests} == {"GET"}


async def test_an_unknown_argument_with_a_bad_name_is_refused_in_few_words() -> None:
    app = create_app("g3", [SCENES])
    async with tools_over(httpx.ASGITransport(app=app)) as tools:
        for tool in tools.listed:
            given = {name: REQUIRED[name] for name in tool.input_schema.get("required", [])}
            for name in ("x" * 100_000, "\x00", "\u202e", "../x", ""):
                text = await tools.text(tool.name, given | {name: "x"})
                assert json.loads(text)["kind"] == "invalid_argument"
                assert len(text) < MAX_CHARS
