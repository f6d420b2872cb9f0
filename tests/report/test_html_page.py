"""The pages as text: what they contain, and what they forbid."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

import retab_mcp.report
from retab_mcp.report.html_page import app_page, report_page

ASSETS = sorted((Path(retab_mcp.report.__file__).parent / "assets").iterdir())
SCRIPTS = [path for path in ASSETS if path.suffix == ".js"]

# What would read text as markup or code, or reach outside.
FORBIDDEN = (
    *("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "srcdoc"),
    *("createContextualFragment", "eval(", "new Function", "fetch(", "XMLHttpRequest", "WebSocket"),
    *("EventSource", "sendBeacon", "import(", "localStorage", "document.cookie", "window.open"),
    *("setHTML", "setInterval"),
)
PICTURE = {"run": {"note": "</script><script>x()</script><!-- & \u2028 \ud800"}}


def test_the_data_of_the_file_cannot_end_its_element() -> None:
    page = report_page(PICTURE).decode()
    assert page.count("</script>") == 2
    found = re.search(r'<script type="application/json" id="picture">(.*)</script>\n', page)
    assert found
    assert json.loads(found[1]) == PICTURE


def test_the_policy_of_the_file_allows_its_own_script_and_style_only() -> None:
    page = report_page(PICTURE).decode()
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="(.*?)"', page)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in (script, style)
    ]
    assert policy == (
        f"default-src 'none'; script-src {hashes[0]}; style-src {hashes[1]}; "
        "base-uri 'none'; form-action 'none'"
    )


@pytest.mark.parametrize("page", [app_page(), report_page({}).decode()], ids=["app", "file"])
def test_a_page_refers_to_nothing_outside(page: str) -> None:
    assert re.findall(r"(?:https?:)?//[\w-]+\.\w+", page) == []
    assert re.findall(r"\b(?:src|href|url|@import)\s*[=(]\s*[\"']", page) == []


def test_the_app_page_has_no_data() -> None:
    assert "application/json" not in app_page()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_treat_text_as_text(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert [word for word in FORBIDDEN if word in text] == []


def test_only_one_script_makes_elements() -> None:
    makers = [path.name for path in SCRIPTS if "createElement" in path.read_text(encoding="utf-8")]
    assert makers == ["dom.js"]


def test_assets_stay_small() -> None:
    assert [path.name for path in ASSETS if len(path.read_text().splitlines()) > 400] == []
    assert len(app_page().encode()) < 100_000
