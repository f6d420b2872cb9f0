"""`retab-mcp why`."""

import click

from retab_mcp.cli.asking import (
    exit_status_option,
    of_run,
    output_options,
    run_argument,
    show,
)


@click.command
@run_argument
@click.option(
    "--wait",
    type=click.IntRange(0),
    default=0,
    metavar="SECONDS",
    help="Wait at most this long for an unfinished run to end.",
)
@exit_status_option
@output_options
def command(run: str, wait: int, exit_status: bool, form: str | None) -> int:
    """Explain why a run failed, waits or finished wrong.

    RUN is the id of a run, a URL of it, or a sentence that holds either.
    """
    from retab_mcp.cli.asking_again import ask_until_finished
    from retab_mcp.cli.views.run_view import run_page

    answered = ask_until_finished(run, wait)
    return of_run(answered, show(answered, form, run_page), exit_status=exit_status)
