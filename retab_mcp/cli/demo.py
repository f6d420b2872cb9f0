"""`retab-mcp demo`."""

import click


@click.command
def command() -> None:
    """Follow a failed sample run to its cause; needs no API key."""
    from retab_mcp.cli.demo_walk import run_demo

    run_demo()
