"""Run a command with a stand-in for the model that an AI client calls.

    python scripted_model.py RUN_ID COMMAND [ARGUMENT ...]

The command finds its address in SCRIPTED_MODEL. The model calls get_run about the run (first the
client's search for tools, if it shows get_run only then) and repeats the answer. It speaks
Anthropic's Messages, OpenAI's Responses and Gemini's streamGenerateContent, as Claude Code, Codex
and Gemini CLI do.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

RUN_ID, *COMMAND = sys.argv[1:]
ARGUMENTS = {"run_id": RUN_ID}
# What a person asks for, in the words of a client's search for tools.
SEARCH = {"query": "why did the document workflow run fail"}
# Claude Code connects while the model works; a real model takes as long for an answer.
MOST_SEARCHES, SECONDS_OF_A_SEARCH = 15, 2

Event = dict[str, Any]


def messages(body: Event) -> Iterator[Event]:
    """Yield the events of Anthropic's Messages API."""
    results = _all_of(body["messages"], "type", "tool_result")
    names = [tool["name"] for tool in body.get("tools", [])]
    found = [name for name in names if name.endswith("__get_run")]
    answered = [result for result in results if RUN_ID in json.dumps(result)]
    if answered or len(results) > MOST_SEARCHES:
        block: Event = {"type": "text", "text": ""}
        delta: Event = {"type": "text_delta", "text": _text(answered)}
    elif found or "ToolSearch" in names:
        name, arguments = (found[0], ARGUMENTS) if found else ("ToolSearch", SEARCH)
        time.sleep(0 if found else SECONDS_OF_A_SEARCH)
        block = {"type": "tool_use", "id": f"toolu_{len(results)}", "name": name, "input": {}}
        delta = {"type": "input_json_delta", "partial_json": json.dumps(arguments)}
    else:
        block, delta = {"type": "text", "text": ""}, {"type": "text_delta", "text": "no tools"}
    stop = "tool_use" if block["type"] == "tool_use" else "end_turn"
    usage = {"input_tokens": 1, "output_tokens": 1}
    start = {"id": "msg_1", "type": "message", "role": "assistant", "model": body["model"]}
    yield {"type": "message_start", "message": {**start, "content": [], "usage": usage}}
    yield {"type": "content_block_start", "index": 0, "content_block": block}
    yield {"type": "content_block_delta", "index": 0, "delta": delta}
    yield {"type": "content_block_stop", "index": 0}
    yield {"type": "message_delta", "delta": {"stop_reason": stop}, "usage": usage}
    yield {"type": "message_stop"}


def responses(body: Event) -> Iterator[Event]:
    """Yield the events of OpenAI's Responses API."""
    results = _all_of(body["input"], "type", "function_call_output")
    spaces = [tool for tool in body["tools"] if tool["type"] == "namespace"]
    found = [space["name"] for space in spaces if _all_of(space, "name", "get_run")]
    if found and not results:
        item: Event = {"type": "function_call", "call_id": "call_1", "name": "get_run"}
        item |= {"namespace": found[0], "arguments": json.dumps(ARGUMENTS)}
    else:
        content = [{"type": "output_text", "text": _text(results)}]
        item = {"type": "message", "role": "assistant", "content": content}
    yield {"type": "response.created", "response": {"id": "resp_1"}}
    yield {"type": "response.output_item.done", "item": {"id": "item_1", **item}}
    yield {"type": "response.completed", "response": {"id": "resp_1", "usage": None}}


def gemini(body: Event) -> Iterator[Event]:
    """Yield the one event of Gemini's streamGenerateContent."""
    declared = _all_of(body.get("tools", []), "name", "get_run")
    results = _results_of_gemini(body)
    if declared and not results:
        part: Event = {"functionCall": {"name": declared[0]["name"], "args": ARGUMENTS}}
    else:
        part = {"text": _text(results)}
    content = {"role": "model", "parts": [part]}
    yield {"candidates": [{"content": content, "finishReason": "STOP", "index": 0}]}


def _results_of_gemini(body: Event) -> list[Any]:
    parts = [part for content in body["contents"] for part in content["parts"]]
    return [part["functionResponse"] for part in parts if "functionResponse" in part]


def _text(results: list[Any]) -> str:
    return json.dumps(results[-1]) if results else "get_run was not found"


def _all_of(value: Any, key: str, ending: str) -> list[Event]:
    """Return the objects in a value in which the key has a text that ends so."""
    if isinstance(value, list):
        return [found for each in value for found in _all_of(each, key, ending)]
    if not isinstance(value, dict):
        return []
    own = [value] if str(value.get(key, "")).endswith(ending) else []
    return own + [found for each in value.values() for found in _all_of(each, key, ending)]


class Model(BaseHTTPRequestHandler):
    """Answers by the path of the request; 404 for what a client asks for besides."""

    def do_POST(self) -> None:
        """Answer with server-sent events."""
        body = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"{}")
        path = self.path.partition("?")[0]
        speak = {"messages": messages, "responses": responses}.get(path.rpartition("/")[2])
        if path.endswith(":streamGenerateContent"):
            speak = gemini
        if speak is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        for event in speak(body):
            name = f"event: {event['type']}\n" if "type" in event else ""
            self.wfile.write(f"{name}data: {json.dumps(event)}\n\n".encode())

    def log_message(self, format: str, *args: object) -> None:
        """Keep the output for that of the command."""


def main() -> int:
    """Serve while the command runs; return its exit code."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Model) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        environment = os.environ | {"SCRIPTED_MODEL": address}
        code = subprocess.run(COMMAND, env=environment, check=False).returncode  # noqa: S603
        server.shutdown()
        return code


raise SystemExit(main())
