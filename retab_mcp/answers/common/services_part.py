"""Show which services a block called in one run and not in the other."""

from collections.abc import Sequence

from retab_mcp.answers.common.answer import Part
from retab_mcp.queries.called_services import ServiceChange

MAX_ROWS = 3
# Services of one block, such as those of a URL built from an input.
MAX_SERVICES = 2


class ServiceRow(Part):
    """A block that called another service (host and path) in each run."""

    block_id: str
    a: list[str] = []
    b: list[str] = []


def service_rows(changes: Sequence[ServiceChange]) -> list[ServiceRow]:
    """Return the first changes as rows."""
    return [
        ServiceRow(
            block_id=one.block_id,
            a=list(one.called[:MAX_SERVICES]),
            b=list(one.other_called[:MAX_SERVICES]),
        )
        for one in changes[:MAX_ROWS]
    ]
