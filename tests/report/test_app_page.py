"""The page of the MCP App in a host, in a real browser."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from mcp.types import CallToolRequestParams
from playwright.sync_api import Browser

from retab_mcp.report.collect import Answer, Picture
from tests.report.app_host import AppHost, hosting
from tests.report.pictures import pictures_of
from tests.report.watched import MADE, OPEN_EVERYTHING, made_hostile

pytestmark = pytest.mark.xdist_group("chromium")

NESTED, REFUSED = "claims-nested", "label-rejected"
SCHEMAS = json.loads((Path(__file__).parent / "ui_messages.json").read_text(encoding="utf-8"))
ALL: dict[str, Any] = {"serverTools": {}, "openLinks": {}}


@pytest.fixture(scope="module")
def pictures() -> dict[str, Picture]:
    return pictures_of([NESTED, REFUSED])


class Server:
    """Answers the app's calls from a picture, and keeps their arguments."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def serve(self, tool: str, arguments: dict[str, Any]) -> Answer | None:
        self.calls.append((tool, arguments))
        if tool == "get_run":
            return self.picture.run
        if tool == "get_step":
            return self.picture.steps.get(arguments["step_id"])
        if tool == "trace_value":
            return self.picture.traces[0] if self.picture.traces else None
        rows = self.picture.rows[arguments.get("block_id", "")]
        if len(rows) <= 10:
            return {"rows": rows}
        # Pages of ten rows.
        start = int(arguments.get("cursor", 0))
        answer: Answer = {"rows": rows[start : start + 10]}
        if start + 10 < len(rows):
            following = {**arguments, "cursor": str(start + 10)}
            call = {"tool": "list_steps", "arguments": following}
            left = {"shown": 10, "total": len(rows), "unit": "rows", "next": call}
            answer["truncated"] = left
        return answer


def check_messages(host: AppHost) -> None:
    """Check what the app sent against the specification of MCP Apps."""
    for message in host.received:
        assert message["jsonrpc"] == "2.0"
        fields = {key: value for key, value in message.items() if key not in ("jsonrpc", "id")}
        if "method" not in message:
            continue
        if message["method"] == "tools/call":
            CallToolRequestParams.model_validate(message["params"])
        else:
            jsonschema.validate(fields, SCHEMAS[message["method"]])


def test_the_answer_alone_is_drawn(chromium: Browser, pictures: dict[str, Picture]) -> None:
    with hosting(chromium) as host:
        host.send({**pictures[REFUSED].run, "run_link": "https://retab.example/run"})
        host.app.wait_for_selector("h1")
        assert host.app.get_by_role("link").count() == 0
        text = host.app.inner_text("main")
        assert "Failed at Order a label" in text
        assert "must not be empty" in text
        assert "Running it again may help" in text
        # A host that calls no tools: nothing is offered that would need it.
        assert host.app.locator("button").count() == 0
        methods = [message.get("method") for message in host.received]
        assert methods[:2] == ["ui/initialize", "ui/notifications/initialized"]
        assert set(methods[2:]) == {"ui/notifications/size-changed"}
        heights = [message["params"]["height"] for message in host.received[2:]]
        assert heights[-1] > 300
        check_messages(host)


def test_more_is_asked_for_through_the_host(
    chromium: Browser, pictures: dict[str, Picture]
) -> None:
    server = Server(pictures[REFUSED])
    with hosting(chromium, capabilities=ALL, serve=server.serve) as host:
        host.send({**server.picture.run, "run_link": "https://retab.example/run"})
        host.app.wait_for_selector("h1")
        assert server.calls == []
        run_id = server.picture.run["run_id"]
        host.app.locator(".cause .step-link").first.click()
        host.app.wait_for_selector(".detail .in-out")
        assert server.calls == [("get_step", {"run_id": run_id, "step_id": "order-label"})]
        host.app.get_by_label("Where from? /handle_inputs/input-json-0/data/postcode").last.click()
        host.app.wait_for_selector(".trace")
        path = "/handle_inputs/input-json-0/data/postcode"
        asked = {"run_id": run_id, "step_id": "order-label", "path": path}
        assert server.calls[-1] == ("trace_value", asked)
        host.app.get_by_role("button", name="Show all steps").click()
        host.app.wait_for_selector(".row")
        assert server.calls[-1] == ("list_steps", {"run_id": run_id, "limit": 200})
        assert host.app.locator(".row .bar").count() == 3
        host.app.get_by_role("button", name="Open in Retab").click()
        host.tab.page.wait_for_function("received.some(m => m.method === 'ui/open-link')")
        check_messages(host)


def test_loops_are_read_when_they_are_opened(
    chromium: Browser, pictures: dict[str, Picture]
) -> None:
    server = Server(pictures[NESTED])
    with hosting(chromium, capabilities=ALL, serve=server.serve) as host:
        host.send(server.picture.run)
        host.app.get_by_role("button", name="Show all steps").click()
        host.app.locator(".row.loop").click()
        host.app.get_by_text("Iteration 2: For each claim").click()
        host.app.get_by_text("10 of 24 rows are here").click()
        host.app.get_by_text("20 of 24 rows are here").click()
        host.app.get_by_text("Iteration 1", exact=True).click()
        host.app.get_by_text("book-reserve").last.click()
        host.app.wait_for_selector(".detail .message")
        assert "409 Conflict" in host.app.inner_text(".detail")
        assert host.app.locator(".axis .tick").first.inner_text() == "0"
        opened = [call.get("block_id") for tool, call in server.calls if tool == "list_steps"]
        assert opened == [None, "until-settled", "each-claim", "each-claim", "each-claim"]
        check_messages(host)


def test_hostile_answers_stay_text(chromium: Browser, pictures: dict[str, Picture]) -> None:
    picture = pictures[REFUSED]
    hostile = Picture(
        made_hostile(picture.run),
        {"": made_hostile(picture.rows[""])},
        steps={},
        traces=[made_hostile(picture.traces[0])],
    )
    step = made_hostile(picture.steps["order-label"])

    def serve(tool: str, arguments: dict[str, Any]) -> Answer | None:
        return step if tool == "get_step" else Server(hostile).serve(tool, {**arguments})

    theme = {"variables": {"--color-text-primary": "#123456", "--x": "url(https://evil.example)"}}
    context = {"theme": "dark", "styles": theme}
    with hosting(chromium, capabilities=ALL, host_context=context, serve=serve) as host:
        host.send({**hostile.run, "run_link": "javascript:pwned=1"})
        host.app.wait_for_selector("h1")
        host.app.evaluate(OPEN_EVERYTHING)
        host.app.wait_for_selector(".detail .in-out")
        host.app.evaluate(OPEN_EVERYTHING)
        assert host.app.locator(MADE).count() == 0
        assert host.app.evaluate("[window.pwned, document.scripts.length]") == [None, 1]
        assert host.tab.page.evaluate("window.pwned") is None
        assert host.app.inner_text("main").count("<script>window.pwned=1</script>") > 20
        style = "document.documentElement.style.getPropertyValue"
        assert host.app.evaluate(f"{style}.call(document.documentElement.style, '--x')") == ""
        colors = host.app.evaluate(
            "[getComputedStyle(document.body).color, document.documentElement.dataset.theme]"
        )
        assert colors == ["rgb(18, 52, 86)", "dark"]
        check_messages(host)


ODD_ANSWERS: list[tuple[Answer | str, str]] = [
    ({"error": "There is no run run_9.", "hint": "Check the id."}, "Check the id."),
    ("not JSON", "not JSON"),
    ("[1]", "[1]"),
    ("", "no answer that can be drawn"),
    ({"rows": []}, "not about a run"),
    ({"run_id": "run_1", "status": "on_fire"}, "On fire"),
    ({"run_id": "run_1", "status": "completed", "new_field": {"a": 1}}, "New field"),
]


def test_odd_answers_are_drawn(chromium: Browser) -> None:
    with hosting(chromium) as host:
        for answer, shown in ODD_ANSWERS:
            host.send(answer)
            host.app.get_by_text(shown).first.wait_for()


def test_the_host_is_answered(chromium: Browser) -> None:
    with hosting(chromium) as host:
        host.post(id=0, method="ui/resource-teardown", params={"reason": "closed"})
        host.post(id=1, method="sampling/createMessage", params={})
        host.post(method="ui/notifications/unknown", params={})
        host.post(method="ui/notifications/host-context-changed", params={"theme": "dark"})
        host.post(method="ui/notifications/tool-cancelled", params={"reason": "stopped"})
        host.app.get_by_text("The call was cancelled").wait_for()
        answers = [message for message in host.received if "method" not in message]
        assert answers == [
            {"jsonrpc": "2.0", "id": 0, "result": {}},
            {"jsonrpc": "2.0", "id": 1, "error": {"code": -32601, "message": "Method not found"}},
        ]
        assert host.app.evaluate("document.documentElement.dataset.theme") == "dark"


def test_structured_content_is_enough(chromium: Browser) -> None:
    with hosting(chromium) as host:
        answer = {"run_id": "run_1", "status": "completed", "step_counts": {"completed": 1}}
        host.post(
            method="ui/notifications/tool-result",
            params={"content": [], "structuredContent": answer},
        )
        host.app.get_by_text("1 step").first.wait_for()


def test_a_call_that_the_host_refuses_is_shown(chromium: Browser) -> None:
    with hosting(chromium, capabilities=ALL) as host:
        host.send({"run_id": "run_1", "status": "error", "step_counts": {"error": 1}})
        host.app.get_by_role("button", name="Show all steps").click()
        host.app.get_by_role("alert").wait_for()
