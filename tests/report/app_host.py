"""A host of MCP Apps: a page that shows the app in a frame, and answers and records its messages."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Frame

from retab_mcp.report.collect import Answer
from retab_mcp.report.html_page import app_page
from tests.report.watched import Watched, watched

# What the SDK's reference host and the Inspector set, as the first thing in the page.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'none'; "
    "font-src 'none'; connect-src 'none'; frame-src 'none'; base-uri 'none'"
)
HOST = """<!doctype html><body><script>
window.received = [];
window.capabilities = {};
window.hostContext = {};
const frame = document.createElement("iframe");
frame.sandbox = "allow-scripts";
frame.style = "width: 720px; height: 900px; border: 0";
window.post = (message) => frame.contentWindow.postMessage({jsonrpc: "2.0", ...message}, "*");
addEventListener("message", async ({source, data}) => {
  if (source !== frame.contentWindow) return;
  received.push(data);
  if (data.id === undefined || data.method === undefined) return;
  if (data.method === "ui/initialize") {
    post({id: data.id, result: {protocolVersion: "2026-01-26", hostInfo: {name: "test", version: "1"},
      hostCapabilities: capabilities, hostContext}});
  } else if (data.method === "tools/call") {
    const result = await window.serve(data.params);
    post(result === null ? {id: data.id, error: {code: -32603, message: "no"}} : {id: data.id, result});
  } else post({id: data.id, result: {}});
});
window.show = (html) => { frame.srcdoc = html; document.body.append(frame); };
</script></body>"""

Serve = Callable[[str, dict[str, Any]], Answer | None]


class AppHost:
    """The host page: `send` hands the app a result, `received` is what the app said."""

    def __init__(self, tab: Watched) -> None:
        self.tab = tab

    @property
    def app(self) -> Frame:
        """The frame with the app."""
        return self.tab.page.frames[1]

    @property
    def received(self) -> list[dict[str, Any]]:
        """The messages of the app so far."""
        messages: list[dict[str, Any]] = self.tab.page.evaluate("received")
        return messages

    def post(self, **message: Any) -> None:
        """Post a JSON-RPC message to the app."""
        self.tab.page.evaluate("message => post(message)", message)

    def send(self, answer: Mapping[str, Any] | str, *, is_error: bool = False) -> None:
        """Hand over the result of a tool, as text."""
        text = answer if isinstance(answer, str) else json.dumps(answer)
        params = {"content": [{"type": "text", "text": text}], "isError": is_error}
        self.post(method="ui/notifications/tool-result", params=params)


@contextmanager
def hosting(
    browser: Browser,
    *,
    capabilities: Mapping[str, Any] | None = None,
    host_context: Mapping[str, Any] | None = None,
    serve: Serve = lambda _tool, _arguments: None,
) -> Iterator[AppHost]:
    """Show the app in a host; `serve` answers its calls of tools, None for a refusal."""

    def served(params: dict[str, Any]) -> dict[str, Any] | None:
        answer = serve(params["name"], params["arguments"])
        if answer is None:
            return None
        return {"content": [{"type": "text", "text": json.dumps(answer)}]}

    with watched(browser, viewport={"width": 800, "height": 900}) as tab:
        tab.page.expose_function("serve", served)
        tab.page.set_content(HOST)
        tab.page.evaluate(
            "given => Object.assign(window, given)",
            {"capabilities": capabilities or {}, "hostContext": host_context or {}},
        )
        html = app_page().replace(
            "<head>", f'<head><meta http-equiv="Content-Security-Policy" content="{POLICY}">', 1
        )
        tab.page.evaluate("html => show(html)", html)
        tab.page.wait_for_function(
            "received.some(m => m.method === 'ui/notifications/initialized')"
        )
        yield AppHost(tab)
        assert tab.complaints == []
        assert tab.outside == []
