"""Assemble the two pages from their scripts and their style, with a policy that forbids network.

Both pages consist of the same files. They differ in the last script, which says where the answers
come from: from the file itself, or from the server through the host.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from string import Template
from typing import Any

_ASSETS = files("retab_mcp.report") / "assets"
# In the order in which they use each other.
_SCRIPTS = ("dom.js", "words.js", "values.js", "cause.js", "overview.js", "scale.js", "tree.js")
_DRAWING = (*_SCRIPTS, "timeline.js", "details.js", "view.js")
_FILE_SCRIPTS = (*_DRAWING, "file.js")
_APP_SCRIPTS = (*_DRAWING, "bridge.js", "app.js")

_PAGE = Template("""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="$policy">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>$title</title>
<style>$style</style>
</head>
<body>
<main id="page"><noscript>This page draws the run with a script, and scripts are off.</noscript>\
</main>
$data<script>$script</script>
</body>
</html>
""")

# Browsers end a script element at these, also within a JSON string.
_ESCAPED = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def report_page(picture: Mapping[str, Any]) -> bytes:
    """Return the page for a file, in UTF-8, with the answers in it.

    Its policy allows this very script and style only, so that nothing else can run even if a text
    of a document became markup.
    """
    style, script = _read("page.css"), _script(_FILE_SCRIPTS)
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'"
    )
    data = json.dumps(picture, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPED)
    page = _PAGE.substitute(
        policy=policy,
        title="Retab run",
        style=style,
        script=script,
        data=f'<script type="application/json" id="picture">{data}</script>\n',
    )
    # A lone surrogate has no UTF-8; inside a JSON string this is its escape.
    return page.encode("utf-8", "backslashreplace")


def app_page() -> str:
    """Return the page for hosts of MCP Apps; it gets its answers from the host.

    Hosts add a policy of their own, and some scripts, so this one allows what is inside the page.
    """
    policy = (
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'"
    )
    return _PAGE.substitute(
        policy=policy,
        title="Retab run",
        style=_read("page.css"),
        script=_script(_APP_SCRIPTS),
        data="",
    )


def _script(names: tuple[str, ...]) -> str:
    """Return the scripts as one, whose names stay inside it."""
    return '"use strict";\n(() => {\n' + "\n".join(map(_read, names)) + "})();\n"


def _read(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
