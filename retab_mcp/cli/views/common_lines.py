"""Show people what failed runs have in common."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from retab_mcp.cli.page.parts import Code, Line, Words


def common_lines(found: Iterable[Mapping[str, Any]]) -> list[Line]:
    """Return a line for each value that all failed runs have."""
    return [
        (
            Words("all have "),
            Code(each["path"]),
            Words(" "),
            Code(json.dumps(each["value"], ensure_ascii=False)),
            Words(f"  {each['failed']} of {each['runs']} such runs failed like this"),
        )
        for each in found
    ]
