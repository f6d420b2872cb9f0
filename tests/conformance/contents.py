"""The tools, resources and prompts that the conformance suite expects to answer at once."""

import base64
import io
import json
import struct
import wave
import zlib
from typing import Any

import anyio
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.prompts.base import Prompt, UserMessage
from mcp.shared.exceptions import MCPError
from mcp.types import (
    MISSING_REQUIRED_CLIENT_CAPABILITY,
    AudioContent,
    CallToolResult,
    Completion,
    ContentBlock,
    EmbeddedResource,
    EmptyResult,
    ImageContent,
    SubscribeRequestParams,
    TextContent,
    TextResourceContents,
    UnsubscribeRequestParams,
)

# Between progress reports, so that each arrives alone.
PAUSE_SECONDS = 0.05


def _png() -> bytes:
    """Return a PNG of one red pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        content = kind + data
        return struct.pack(">I", len(data)) + content + struct.pack(">I", zlib.crc32(content))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\0\xff\0\0")
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")
    )


def _wav() -> bytes:
    """Return a WAV of one silent sample."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80")
    return file.getvalue()


PNG = _png()
PNG_BASE64 = base64.b64encode(PNG).decode()
IMAGE = ImageContent(type="image", data=PNG_BASE64, mime_type="image/png")


def _text(text: str) -> TextContent:
    return TextContent(type="text", text=text)


def _embedded(uri: str, mime_type: str, text: str) -> EmbeddedResource:
    contents = TextResourceContents(uri=uri, mime_type=mime_type, text=text)
    return EmbeddedResource(type="resource", resource=contents)


def _result(*content: ContentBlock) -> CallToolResult:
    return CallToolResult(content=list(content))


async def test_simple_text() -> CallToolResult:
    """Text."""
    return _result(_text("This is a simple text response for testing."))


async def test_image_content() -> CallToolResult:
    """An image."""
    return _result(IMAGE)


async def test_audio_content() -> CallToolResult:
    """A sound."""
    data = base64.b64encode(_wav()).decode()
    return _result(AudioContent(type="audio", data=data, mime_type="audio/wav"))


async def test_embedded_resource() -> CallToolResult:
    """A resource within the answer."""
    uri = "test://embedded-resource"
    return _result(_embedded(uri, "text/plain", "This is an embedded resource content."))


async def test_multiple_content_types() -> CallToolResult:
    """Text, image and resource together."""
    mixed = json.dumps({"test": "data", "value": 123})
    return _result(
        _text("Multiple content types test:"),
        IMAGE,
        _embedded("test://mixed-content-resource", "application/json", mixed),
    )


async def test_tool_with_progress(ctx: Context[None, Any]) -> CallToolResult:
    """Report progress three times."""
    for progress in (0, 50, 100):
        await ctx.report_progress(progress, 100)
        await anyio.sleep(PAUSE_SECONDS)
    return _result(_text("done"))


async def test_error_handling() -> CallToolResult:
    """Fail always."""
    raise ToolError("This tool intentionally returns an error for testing")


async def test_missing_capability(ctx: Context[None, Any]) -> CallToolResult:
    """Require a client that supports sampling."""
    capabilities = ctx.client_capabilities
    if capabilities is None or capabilities.sampling is None:
        raise MCPError(
            MISSING_REQUIRED_CLIENT_CAPABILITY,
            "This tool needs the sampling capability.",
            {"requiredCapabilities": {"sampling": {}}},
        )
    return _result(_text("sampling is declared"))


async def test_logging_tool() -> CallToolResult:
    """Write no log, since the client requested none."""
    return _result(_text("nothing to log"))


TOOLS = (
    test_simple_text,
    test_image_content,
    test_audio_content,
    test_embedded_resource,
    test_multiple_content_types,
    test_tool_with_progress,
    test_error_handling,
    test_missing_capability,
    test_logging_tool,
)


def test_simple_prompt() -> str:
    """A prompt without arguments."""
    return "This is a simple prompt for testing."


def test_prompt_with_arguments(arg1: str, arg2: str) -> str:
    """A prompt with two arguments."""
    return f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'"


def test_prompt_with_embedded_resource(resourceUri: str) -> list[UserMessage]:  # noqa: N803
    """A prompt with a resource in it."""
    text = "Embedded resource content for testing."
    return [
        UserMessage(_embedded(resourceUri, "text/plain", text)),
        UserMessage("Please process the embedded resource above."),
    ]


def test_prompt_with_image() -> list[UserMessage]:
    """A prompt with an image in it."""
    return [UserMessage(IMAGE), UserMessage("Please analyze the image above.")]


PROMPTS = (
    test_simple_prompt,
    test_prompt_with_arguments,
    test_prompt_with_embedded_resource,
    test_prompt_with_image,
)


def add_contents(server: MCPServer[None]) -> None:
    """Register everything in this file."""
    for tool in TOOLS:
        server.add_tool(tool, structured_output=False)
    for prompt in PROMPTS:
        server.add_prompt(Prompt.from_function(prompt))

    @server.resource("test://static-text", mime_type="text/plain")
    def static_text() -> str:
        """A text."""
        return "This is the content of the static text resource."

    @server.resource("test://static-binary", mime_type="image/png")
    def static_binary() -> bytes:
        """An image."""
        return PNG

    @server.resource("test://template/{id}/data", mime_type="application/json")
    def template(id: str) -> str:
        """A text with the id in it."""
        return json.dumps({"id": id, "templateTest": True, "data": f"Data for ID: {id}"})

    @server.completion()
    async def complete(*_: object) -> Completion:
        return Completion(values=[], total=0, has_more=False)

    _add_subscriptions(server)


def _add_subscriptions(server: MCPServer[None]) -> None:
    """Accept subscriptions, which only the SDK's low-level server supports."""

    async def accept(*_: object) -> EmptyResult:
        return EmptyResult()

    low_level = server._lowlevel_server
    low_level.add_request_handler("resources/subscribe", SubscribeRequestParams, accept)
    low_level.add_request_handler("resources/unsubscribe", UnsubscribeRequestParams, accept)
