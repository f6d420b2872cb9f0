"""The page of a file in a real browser."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from retab_mcp.report.collect import Picture, picture_fields
from retab_mcp.report.html_page import report_page
from tests.report.pictures import ABOUT, pictures_of
from tests.report.watched import HOSTILE, MADE, OPEN_EVERYTHING, Watched, made_hostile, watched

pytestmark = pytest.mark.xdist_group("chromium")

NESTED, REFUSED, WAITING, REVIEWED = (
    *("claims-nested", "label-rejected"),
    *("claim-waiting", "kyc-rejected"),
)
Open = Callable[[dict[str, Any]], Page]


@pytest.fixture(scope="module")
def pictures() -> dict[str, Picture]:
    return pictures_of([NESTED, REFUSED, WAITING, REVIEWED])


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Watched]:
    with watched(chromium, viewport={"width": 1200, "height": 900}) as found:
        yield found
        assert found.complaints == []
        assert found.outside == []


@pytest.fixture
def opened(tab: Watched, tmp_path: Path) -> Open:
    def open_page(fields: dict[str, Any]) -> Page:
        path = tmp_path / "run.html"
        path.write_bytes(report_page(fields))
        tab.page.goto(path.as_uri())
        return tab.page

    return open_page


def fields_of(picture: Picture) -> dict[str, Any]:
    return picture_fields(picture, ABOUT)


def names(page: Page) -> list[str]:
    """Return the titles of the rows, indented by their level."""
    found: list[str] = page.eval_on_selector_all(
        ".row",
        "rows => rows.map(r => ' '.repeat(r.ariaLevel - 1) + r.querySelector('.title').innerText)",
    )
    return found


def test_a_failed_run_shows_its_cause_first(opened: Open, pictures: dict[str, Picture]) -> None:
    page = opened(fields_of(pictures[REFUSED]))
    assert page.title() == "Retab run failed: Order a label"
    assert page.inner_text("h1") == "Failed at Order a label"
    cause = page.inner_text("section.cause")
    for words in ("422 Unprocessable Entity", "must not be empty", "Running it again may help"):
        assert words in cause
    assert page.locator(".chain .step-link").all_inner_texts() == [
        *("extract-order", "Order a label", "file-answer")
    ]
    assert page.locator("header .counts").inner_text() == (
        "4 steps: ✓ 2 completed, ✗ 1 failed, – 1 skipped"
    )
    page.get_by_role("button", name=re.compile("Where from")).first.click()
    assert "the document does not contain this value" in page.inner_text(".trace")
    page.locator(".chain .step-link").first.click()
    detail = page.inner_text(".detail")
    assert "Lyon" in detail
    assert "OUTPUTS" in detail
    assert "Its outputs went to".upper() in detail
    assert page.evaluate("document.activeElement.className") == "row step"


def test_blocks_that_only_pass_a_value_on_are_one_line(
    opened: Open, pictures: dict[str, Picture]
) -> None:
    fields = fields_of(pictures[REFUSED])
    trace = fields["traces"][0]
    hop = trace["hops"][0] | {"how": "passed_on", "blocks": 9, "last_step_id": "extract-order"}
    fields |= {"traces": [trace | {"hops": [hop]}]}
    page = opened(fields)
    page.get_by_role("button", name=re.compile("Where from")).first.click()
    assert "by 9 blocks, the last is extract-order /handle_" in page.inner_text(".trace")
    page.locator(".trace .step-link").last.click()
    assert "Lyon" in page.inner_text(".detail")


def test_loops_nest_and_open_on_the_way_to_the_cause(
    opened: Open, pictures: dict[str, Picture]
) -> None:
    page = opened(fields_of(pictures[NESTED]))
    page.get_by_role("button", name="Close all").click()
    assert names(page) == ["Open claims", "Until all are settled", "Report"]
    page.locator(".cause .step-link").first.click()
    shown = names(page)
    assert "  Iteration 2: For each claim" in names(page) or " Iteration 2: For each claim" in shown
    assert "   book-reserve" in shown
    assert "409 Conflict" in page.inner_text(".detail")
    # The iterations of the parallel loop run side by side: their parts are in lanes of their own.
    tops = page.eval_on_selector_all(
        ".row.loop >> nth=1 >> .segment", "parts => new Set(parts.map(p => p.style.top)).size"
    )
    assert tops == 4
    page.get_by_role("button", name="Open all").click()
    assert len(names(page)) == 3 + 1 + 3 + 3 * (4 + 4 * 2)
    page.get_by_label("Filter the steps by status").select_option("error")
    assert names(page)[-1].strip() == "book-reserve"
    page.get_by_label("Filter the steps by name or id").fill("no such step")
    assert names(page) == []
    assert "No step matches" in page.inner_text(".grid")


def test_the_keyboard_reaches_everything(opened: Open, pictures: dict[str, Picture]) -> None:
    page = opened(fields_of(pictures[NESTED]))
    page.get_by_role("button", name="Close all").click()
    rows = page.get_by_role("treegrid")
    assert rows.locator('[tabindex="0"]').count() == 1
    page.keyboard.press("Tab")
    page.keyboard.press("Home")
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    row = page.evaluate(
        "(({ariaLevel, ariaExpanded, innerText}) => [ariaLevel, ariaExpanded, innerText])(document.activeElement)"
    )
    assert row[:2] == ["2", "true"]
    assert "completed: Iteration 0: For each claim" in " ".join(row[2].split())
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.ariaLevel") == "1"
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    assert page.locator(".detail").count() == 1
    page.locator(".detail button", has_text="Close").focus()
    page.keyboard.press("Escape")
    assert page.locator(".detail").count() == 0
    assert "Open claims" in page.evaluate("document.activeElement.innerText")


def test_long_waits_are_marked_and_do_not_hide_the_rest(
    opened: Open, pictures: dict[str, Picture]
) -> None:
    page = opened(fields_of(pictures[WAITING]))
    assert page.inner_text("h1") == "Waiting for a review at extract-claim"
    assert page.locator(".bar.wait").count() == 1
    assert page.locator(".breaks span").inner_text() == "9 d 3 h"
    page = opened(fields_of(pictures[REVIEWED]))
    assert page.locator(".waited").count() == 1
    assert page.locator(".breaks span").inner_text() == "1 h"
    first, last = (
        page.locator(".bar").first.bounding_box(),
        page.locator(".bar").last.bounding_box(),
    )
    assert first
    assert last
    assert min(first["width"], last["width"]) > 10


def test_dark_narrow_and_printed(
    chromium: Browser, tmp_path: Path, pictures: dict[str, Picture]
) -> None:
    path = tmp_path / "run.html"
    path.write_bytes(report_page(fields_of(pictures[NESTED])))
    with watched(chromium, color_scheme="dark", viewport={"width": 390, "height": 700}) as tab:
        tab.page.goto(path.as_uri())
        ground = "getComputedStyle(document.body).backgroundColor"
        assert tab.page.evaluate(ground) == "rgb(22, 24, 28)"
        width = tab.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, "the page scrolls sideways"
        tab.page.emulate_media(media="print")
        assert tab.page.evaluate(ground) == "rgb(255, 255, 255)"
        assert not tab.page.get_by_label("Filter the steps by status").is_visible()
        assert tab.complaints == []


def test_without_payloads_a_step_says_what_is_missing(
    opened: Open, pictures: dict[str, Picture]
) -> None:
    full = pictures[REFUSED]
    run = {**full.run, "run_link": "https://retab.example/run"}
    page = opened({**fields_of(Picture(run, full.rows)), "payloads": False})
    page.locator(".row").first.click()
    assert "are not in this file" in page.inner_text(".detail")
    assert "were left out" in page.inner_text("footer")
    opens = page.get_by_role("link", name="Open in Retab")
    assert opens.get_attribute("href") == "https://retab.example/run"
    assert opens.get_attribute("rel") == "noopener noreferrer"


def test_hostile_text_stays_text(tab: Watched, opened: Open, pictures: dict[str, Picture]) -> None:
    hostile = made_hostile(fields_of(pictures[REFUSED]))
    # The place of a trace names a step and a path of the picture.
    for trace, real in zip(hostile["traces"], pictures[REFUSED].traces, strict=True):
        trace["asked"] = {name: f"{text} {HOSTILE}" for name, text in real["asked"].items()}
    hostile["run"]["run_link"] = "javascript:window.pwned=1"
    page = opened(hostile)
    page.evaluate(OPEN_EVERYTHING)
    assert page.locator(MADE).count() == 0
    assert page.evaluate("[window.pwned, document.scripts.length]") == [None, 2]
    text = page.inner_text("main")
    assert text.count("<script>window.pwned=1</script>") > 20
    assert "49" not in re.findall(r"\$?\{?\d+\}?", text.replace("7*7", ""))
    assert page.title().startswith("Retab run failed: Order a label <img")


def test_the_policy_blocks_what_would_be_injected(opened: Open, tab: Watched) -> None:
    fields = {"run": {"run_id": "run_1", "status": "completed"}, "rows": {}, "steps": {}}
    page = opened({**ABOUT, **fields, "traces": [], "left_out": {}})
    page.evaluate(
        """() => {
          const script = document.createElement('script');
          script.textContent = 'window.pwned = 1';
          const image = document.createElement('img');
          image.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';
          document.body.append(script, image);
        }"""
    )
    refused = page.evaluate("fetch('https://evil.example').then(() => 'sent', () => 'refused')")
    assert refused == "refused"
    assert page.evaluate("window.pwned") is None
    assert len(tab.complaints) >= 3
    assert all("Content Security Policy" in text or "Failed" in text for text in tab.complaints)
    tab.complaints.clear()
    tab.requests[:] = [url for url in tab.requests if not url.startswith("https://evil.example")]


def large(steps: int) -> dict[str, Any]:
    """Return the fields of a run with one loop, 7 steps an iteration."""
    inside: list[dict[str, Any]] = [
        {
            "block_id": f"b{n % 7}",
            "step_id": f"loop_iter_{n // 7}_b{n % 7}",
            "type": "function",
            "status": "error" if n == steps - 9 else "completed",
            "started_ms": n * 10,
            "duration_ms": 100,
            "iteration": [n // 7],
        }
        for n in range(steps)
    ]
    loop = {"block_id": "loop", "status": "error", "iterations": steps // 7 + 1, "started_ms": 0}
    cause = {"step_id": inside[-9]["step_id"], "block_id": "b0", "message": "it failed"}
    run = {
        "run_id": "run_1",
        "status": "error",
        "step_counts": {"completed": steps},
        "cause": cause,
    }
    rows = {"": [loop], "loop": inside}
    details: dict[str, Any] = {
        row["step_id"]: {**row, "run_id": "run_1", "handle_inputs": {}} for row in inside
    }
    return {**ABOUT, "run": run, "rows": rows, "steps": details, "traces": [], "left_out": {}}


def test_two_thousand_steps_do_not_hold_the_page(opened: Open) -> None:
    page = opened(json.loads(json.dumps(large(2_000))))
    # The rows that completed are one row on each side of the failure.
    assert len(names(page)) < 20
    held = page.evaluate(
        """async () => {
          let held = 0;
          let last = performance.now();
          let stop = false;
          const beat = () => {
            const now = performance.now();
            held = Math.max(held, now - last);
            last = now;
            if (!stop) setTimeout(beat, 0);
          };
          beat();
          [...document.querySelectorAll('button')].find(b => b.textContent === 'Open all').click();
          while (document.querySelectorAll('.row').length < 2280) await new Promise(r => setTimeout(r, 20));
          stop = true;
          return held;
        }"""
    )
    # 60 ms on an idle machine; the limit is for a machine that does much else.
    assert held < 5_000
    page.locator(".cause .step-link").first.click()
    assert "it failed" in page.inner_text("section.cause")
