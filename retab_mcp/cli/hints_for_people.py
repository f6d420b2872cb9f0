"""The hints of error answers, in the words for a person at a terminal."""

import re
from collections.abc import Mapping
from typing import Any

from retab_mcp.answers.common.hints import HINTS
from retab_mcp.models import ErrorKind
from retab_mcp.settings import API_KEY_VARIABLE, BASE_URL_VARIABLE

# Hints for an assistant, in the words for a person at a terminal.
_HINTS = {
    "unauthorized": f"Retab refused the API key in {API_KEY_VARIABLE}.",
    "forbidden": "This API key may not read this.",
    "not_configured": f"Set {API_KEY_VARIABLE}, or try the samples: retab-mcp sandbox",
    "not_found": "Check the id. The key may be for another environment (test or production).",
    "unavailable": f"Check {BASE_URL_VARIABLE} and the network.",
    "rate_limited": "Wait, then try again.",
    "timeout": "Try again, or ask for fewer days.",
}
# Assistants are told to ask the person who set the server up, who is reading here.
_ASK = re.compile(r"([Aa])sk the person(?: who runs (?:this server|it))? to (\w)")
_RESTART = re.compile(r",? and (?:to )?restart (?:it|this server)")
# What `retab-mcp check` looks at.
_CHECKED = frozenset({"unauthorized", "forbidden", "unavailable"})


def hint_for_people(fields: Mapping[str, Any], *, suggest: bool = True) -> str:
    """Return what to do about an error answer, in words for who sits at the terminal.

    A hint that says more than its kind (which right is missing, a proxy) is kept. `suggest` adds
    that `retab-mcp check` finds the reason.
    """
    kind, hint = str(fields.get("kind")), str(fields.get("hint", ""))
    usual = kind in HINTS and hint == HINTS[ErrorKind(kind)]
    words = _HINTS.get(kind, hint) if usual or not hint else hint
    asked = _ASK.sub(lambda found: found[2].upper() if found[1] == "A" else found[2], words)
    said = _RESTART.sub("", asked)
    return f"{said} Run: retab-mcp check" if suggest and kind in _CHECKED else said
