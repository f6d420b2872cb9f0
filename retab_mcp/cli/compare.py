"""`retab-mcp compare`."""

import click

from retab_mcp.cli.asking import ask, output_options, show


@click.command
@click.argument("run")
@click.argument("other", default="")
@output_options
def command(run: str, other: str, form: str | None) -> int:
    """Find what differs between RUN and OTHER, by default the last good run.

    Both are ids or URLs.
    """
    from retab_mcp.cli.views.comparison_view import comparison_page

    answered = ask("compare_runs", {"run_id": run, "other_run_id": other})
    return show(answered, form, comparison_page)
