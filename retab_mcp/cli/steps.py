"""`retab-mcp steps`."""

import click

from retab_mcp.cli.asking import exit_status_option, of_run, output_options, run_argument, show


@click.command
@run_argument
@exit_status_option
@output_options
def command(run: str, exit_status: bool, form: str | None) -> int:
    """List the steps of a run on a timeline; a loop is one bar.

    RUN is the id of a run, a URL of it, or a sentence that holds either.
    """
    from retab_mcp.cli.asking_again import ask_for_all_pages
    from retab_mcp.cli.views.steps_view import steps_page
    from retab_mcp.tools.list_steps import MAX_STEP_ROWS

    arguments = {"run_id": run, "limit": MAX_STEP_ROWS}
    answered = ask_for_all_pages("list_steps", arguments, "rows")
    return of_run(answered, show(answered, form, steps_page), exit_status=exit_status)
