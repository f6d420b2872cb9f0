"""g3 (since 2026-06-16): g2e with a bearer token, metadata of runs, and usage."""

from starlette.routing import Route

from retab_mcp.sandbox.generation import Context, Generation
from retab_mcp.sandbox.generations.g2e import G2e
from retab_mcp.sandbox.records import SampleRun, SampleStep
from retab_mcp.sandbox.routes.account import AccountRoutes
from retab_mcp.sandbox.wire.common import Body


class G3(G2e):
    """g3."""

    name = "g3"
    eval_word = "eval"
    bearer = Generation.bearer
    says_resolution = Generation.says_resolution
    filters_metadata = Generation.filters_metadata
    counts_scored = Generation.counts_scored
    fingerprint = Generation.fingerprint
    current_fingerprint = Generation.current_fingerprint

    def run(self, run: SampleRun, steps: tuple[SampleStep, ...]) -> Body:
        """Add the metadata that a run was started with (2026-07-10)."""
        return {**super().run(run, steps), "metadata": dict(run.metadata) or None}

    def routes(self, context: Context) -> list[Route]:
        """Add usage (2026-07-14)."""
        return [*super().routes(context), *AccountRoutes(context).usage_routes()]
