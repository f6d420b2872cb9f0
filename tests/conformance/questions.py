"""The suite's tools and prompt that need input from the client (2026-07-28)."""

from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.prompts.base import Prompt
from mcp.types import (
    CallToolResult,
    CreateMessageRequest,
    CreateMessageRequestParams,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequest,
    InputRequiredResult,
    ListRootsRequest,
    SamplingMessage,
    TextContent,
)

Result = CallToolResult | InputRequiredResult


def _done(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)])


def _ask(requests: dict[str, InputRequest], state: str | None = None) -> InputRequiredResult:
    return InputRequiredResult(input_requests=requests, request_state=state)


def _form(message: str, name: str, kind: str = "string") -> ElicitRequest:
    schema = {"type": "object", "properties": {name: {"type": kind}}, "required": [name]}
    return ElicitRequest(params=ElicitRequestFormParams(message=message, requested_schema=schema))


def _sampling(text: str, tokens: int) -> CreateMessageRequest:
    message = SamplingMessage(role="user", content=TextContent(type="text", text=text))
    return CreateMessageRequest(
        params=CreateMessageRequestParams(messages=[message], max_tokens=tokens)
    )


def _answer(ctx: Context[None, Any], name: str) -> Any:
    return (ctx.input_responses or {}).get(name)


def _filled(ctx: Context[None, Any], name: str, field: str) -> Any:
    """Return what the user entered in a form, or None."""
    answer = _answer(ctx, name)
    return (answer.content or {}).get(field) if isinstance(answer, ElicitResult) else None


USER_NAME: dict[str, InputRequest] = {"user_name": _form("What is your name?", "name")}


async def test_input_required_result_elicitation(ctx: Context[None, Any]) -> Result:
    """Ask for a name."""
    name = _filled(ctx, "user_name", "name")
    return _done(f"Hello, {name}!") if name else _ask(USER_NAME)


async def test_input_required_result_sampling(ctx: Context[None, Any]) -> Result:
    """Ask the client's model."""
    answer = _answer(ctx, "capital_question")
    if answer is None:
        return _ask({"capital_question": _sampling("What is the capital of France?", 100)})
    return _done(answer.content.text)


async def test_input_required_result_list_roots(ctx: Context[None, Any]) -> Result:
    """Ask for the client's roots."""
    answer = _answer(ctx, "client_roots")
    if answer is None:
        return _ask({"client_roots": ListRootsRequest()})
    return _done(", ".join(str(root.uri) for root in answer.roots))


async def test_input_required_result_request_state(ctx: Context[None, Any]) -> Result:
    """Give the client state to return with its answer."""
    if _answer(ctx, "confirm") is None or ctx.request_state != "kept":
        return _ask({"confirm": _form("Please confirm", "ok", "boolean")}, "kept")
    return _done("state-ok")


async def test_input_required_result_tampered_state(ctx: Context[None, Any]) -> Result:
    """Do the same; the server refuses state that was tampered with."""
    return await test_input_required_result_request_state(ctx)


async def test_input_required_result_multiple_inputs(ctx: Context[None, Any]) -> Result:
    """Ask three questions at once."""
    requests: dict[str, InputRequest] = {
        **USER_NAME,
        "greeting": _sampling("Generate a greeting", 50),
        "client_roots": ListRootsRequest(),
    }
    if any(_answer(ctx, name) is None for name in requests):
        return _ask(requests, "three")
    return _done("all three")


async def test_input_required_result_multi_round(ctx: Context[None, Any]) -> Result:
    """Ask two questions in turn."""
    if _answer(ctx, "step2") is not None and ctx.request_state == "second":
        return _done("both steps")
    if _answer(ctx, "step1") is not None and ctx.request_state == "first":
        return _ask({"step2": _form("Step 2: What is your favorite color?", "color")}, "second")
    return _ask({"step1": _form("Step 1: What is your name?", "name")}, "first")


async def test_input_required_result_capabilities(ctx: Context[None, Any]) -> Result:
    """Ask only what the client declared it can answer."""
    capabilities = ctx.client_capabilities
    requests: dict[str, InputRequest] = {}
    if capabilities is not None and capabilities.elicitation is not None:
        requests |= USER_NAME
    if capabilities is not None and capabilities.sampling is not None:
        requests["greeting"] = _sampling("Generate a greeting", 50)
    return _ask(requests) if requests else _done("nothing to ask")


async def test_streaming_elicitation(ctx: Context[None, Any]) -> Result:
    """Ask in the result, never with a request on the stream."""
    return await test_input_required_result_elicitation(ctx)


TOOLS = (
    test_input_required_result_elicitation,
    test_input_required_result_sampling,
    test_input_required_result_list_roots,
    test_input_required_result_request_state,
    test_input_required_result_tampered_state,
    test_input_required_result_multiple_inputs,
    test_input_required_result_multi_round,
    test_input_required_result_capabilities,
    test_streaming_elicitation,
)


async def test_input_required_result_prompt(ctx: Context[None, Any]) -> str | InputRequiredResult:
    """Return a prompt that asks for its context."""
    context = _filled(ctx, "user_context", "context")
    if context is None:
        return _ask({"user_context": _form("What context should the prompt use?", "context")})
    return f"Context: {context}"


def add_questions(server: MCPServer[None]) -> None:
    """Register everything in this file."""
    for tool in TOOLS:
        server.add_tool(tool, structured_output=False)
    server.add_prompt(Prompt.from_function(test_input_required_result_prompt))
