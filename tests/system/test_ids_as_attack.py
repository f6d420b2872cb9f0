"""No id causes a request other than GET, to the route of secrets, to another host, or a redirect."""

import posixpath
from urllib.parse import quote, unquote

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from retab_mcp.sandbox.app import create_app
from tests.system.asked import Tools, tools_over
from tests.system.scenes import SCENES

SECRET_PATH = "../../../secrets/X/value"
ATTACKS = (
    *(SECRET_PATH, quote(SECRET_PATH, safe=""), quote(quote(SECRET_PATH, safe=""), safe="")),
    *("..", ".", "%2e%2e", "..%2f..", "..\\secrets", "run_1/../../secrets/X/value", "run_1/"),
    *("run_1?access_token=x", "run_1#x", "run_1;x=y", "run_1&limit=1", "run_1%00", "run_1%0d%0aX"),
    *("run_\x00", "run_\r\nHost: evil.example", "run_\x1b[31m", "run_\u202e", "run_\ud83d\ude00"),
    *("／secrets／X／value", "．．", "run_\u2215..", "é" * 300, "x" * 300, " ", "''", "\u200b"),
    *(
        "https://evil.example/v1/secrets/X/value",
        "//evil.example/runs/run_1",
        "/v1/secrets/X/value",
    ),
    *("http://evil.example/runs/..%2f..%2fsecrets", "file:///etc/passwd", "http://[::1", "runs"),
    *("https://evil.example/runs/run_1?run_id=../secrets/X/value", "secrets", "value", "export"),
)
REQUIRED = {
    "run_id": "run_safety_left",
    "other_run_id": "run_safety_right",
    "step_id": "read",
    "artifact_id": "extr_safety_left",
    "document_id": "expdoc_safety",
    "path": "/handle_outputs",
}
HARMLESS_KINDS = {"invalid_argument", "not_found", "unsupported", "conflict"}


def id_arguments(tools: Tools) -> list[tuple[str, str, dict[str, str]]]:
    """Yield tool, argument and other arguments for every argument that takes an id."""
    return [
        (tool.name, name, {each: REQUIRED[each] for each in tool.input_schema.get("required", [])})
        for tool in tools.listed
        for name in tool.input_schema["properties"]
        if name.endswith(("_id", "id_prefix")) or name == "compare_to"
    ]


@pytest.mark.parametrize("generation", ["g1", "g2a", "g2c", "g3"])
async def test_every_attack_is_refused_or_harmless(generation: str) -> None:
    app = create_app(generation, [SCENES])
    async with tools_over(httpx.ASGITransport(app=app)) as tools:
        for tool, name, given in id_arguments(tools):
            for attack in ATTACKS:
                answer = await tools.answer(tool, given | {name: attack})
                assert answer.get("kind", "not_found") in HARMLESS_KINDS, (tool, name, attack)
    assert not [each for each in app.state.requests if each.reads_secret]
    assert {each.method for each in app.state.requests} == {"GET"}
    for request in tools.requests:
        assert request.url.host == "127.0.0.1"
        assert not request.content
        path = posixpath.normpath(unquote(unquote(request.url.raw_path.decode().split("?")[0])))
        assert path.startswith("/v1/")
        assert "secrets" not in path.split("/")[:3]
        assert "access_token" not in request.url.params


@pytest.mark.parametrize("target", ["https://evil.example/v1/x", "/v1/secrets/X/value"])
async def test_no_redirect_is_followed(target: str) -> None:
    async def redirect(_request: Request) -> Response:
        return RedirectResponse(target)

    app = create_app("g3", [SCENES], intercept=redirect)
    async with tools_over(httpx.ASGITransport(app=app)) as tools:
        answer = await tools.answer("get_run", {"run_id": "run_safety_left"})
    assert answer["kind"] == "bad_response"
    assert target not in str(answer)
    assert {request.url.host for request in tools.requests} == {"127.0.0.1"}
    assert not [each for each in app.state.requests if each.reads_secret]
