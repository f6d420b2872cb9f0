"""Show what failed runs have in common and good ones lack."""

from collections.abc import Iterable

from retab_mcp.analysis.failures.traits import CommonTrait
from retab_mcp.answers.common.answer import Part
from retab_mcp.models import Json


class CommonPart(Part):
    """A value that all these failed runs have: `runs` have it in all, of which `failed` failed.

    `path` leads into the run's record, as in compare_runs, or is `time of day`.
    """

    path: str
    value: Json = None
    runs: int
    failed: int

    def _keeps(self, name: str) -> bool:
        # A null or an empty text is often what the failed runs have in common.
        return name == "value"


def common_parts(found: Iterable[CommonTrait]) -> list[CommonPart]:
    """Return what failed runs have in common."""
    return [
        CommonPart(path=each.path, value=each.value, runs=each.runs, failed=each.failed)
        for each in found
    ]
