"""`retab-mcp sandbox`."""

import click

from retab_mcp.cli.command_error import CommandError


@click.command
@click.option("--port", default=8765, show_default=True, help="Port on 127.0.0.1.")
@click.option(
    "--generation", default="g3", show_default=True, help="Generation of the Retab API to serve."
)
def command(port: int, generation: str) -> None:
    """Serve a Retab API with sample runs on loopback."""
    from retab_mcp.sandbox.generations import GENERATIONS
    from retab_mcp.sandbox.server import serve

    if generation not in GENERATIONS:
        raise CommandError(f"--generation must be one of {', '.join(GENERATIONS)}.")
    try:
        serve(generation, port)
    except (OSError, OverflowError) as error:
        raise CommandError(f"cannot listen on port {port}: {error}") from None
