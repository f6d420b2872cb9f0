"""A browser page that records what went wrong on it and what it asked of the network."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page

# What only hostile text could have made, and the sign that it ran.
MADE = (
    "img, iframe, object, embed, video, audio, svg, form, base, a[href], link, style[data-x], b.x"
)
HOSTILE = (
    "<img src='https://evil.example/i' onerror='window.top.pwned=1;window.pwned=1'>"
    "<script>window.pwned=1</script></script><svg onload=pwned=1>"
    "<a href='javascript:pwned=1'>go</a>\u202e{{7*7}}${7*7}"
)
# Opens all rows, sections and ways of values, also those that appear meanwhile.
OPEN_EVERYTHING = """async () => {
  for (let pass = 0; pass < 4; pass += 1) {
    for (const row of document.querySelectorAll('.row[aria-expanded="false"]')) row.click();
    for (const box of document.querySelectorAll('details')) box.open = true;
    for (const button of document.querySelectorAll('main button')) {
      if (!button.disabled && button.textContent !== 'Close' && !button.matches('.step-link')) button.click();
    }
    await new Promise((done) => setTimeout(done, 50));
  }
}"""
# Ids and words that give the picture its structure.
STRUCTURE = frozenset({"status", "asked", "generated_at", "started_at", "verdict"})


@dataclass
class Watched:
    """A page, the messages of its console, its errors, and the addresses that it asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @property
    def outside(self) -> list[str]:
        """The addresses that are not the file itself."""
        return [url for url in self.requests if not url.startswith(("file:", "about:", "data:"))]


@contextmanager
def watched(browser: Browser, **options: Any) -> Iterator[Watched]:
    """Open an empty page without network."""
    context = browser.new_context(offline=True, **options)
    context.set_default_timeout(60_000)
    found = Watched(context.new_page())
    found.page.on("console", lambda message: found.complaints.append(message.text))
    found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
    found.page.on("request", lambda request: found.requests.append(request.url))
    yield found
    context.close()


def made_hostile(value: Any, name: str = "") -> Any:
    """Return a JSON value with hostile markup in each of its texts and keys."""
    if isinstance(value, dict):
        return {
            **{key: made_hostile(each, key) for key, each in value.items()},
            f"key {HOSTILE}": HOSTILE,
        }
    if isinstance(value, list):
        return [made_hostile(each, name) for each in value]
    if isinstance(value, str) and name not in STRUCTURE:
        return f"{value} {HOSTILE}"
    return value
