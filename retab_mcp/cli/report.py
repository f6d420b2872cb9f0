"""`retab-mcp report`."""

from pathlib import Path

import click

from retab_mcp.cli.asking import run_argument
from retab_mcp.cli.command_error import CommandError


@click.command
@run_argument
@click.option(
    *("-o", "--output"),
    default="run.html",
    show_default=True,
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; readable by you only.",
)
@click.option(
    "--no-payloads",
    is_flag=True,
    help="Leave out inputs, outputs, evidence and values. Error messages stay.",
)
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
def command(run: str, output: Path, no_payloads: bool, force: bool) -> int:
    """Write a page about a run: its cause, and its steps over time.

    RUN is the id of a run, a URL of it, or a sentence that holds either. The page is one HTML file
    that opens without network.
    """
    from retab_mcp.cli.report_file import write_report

    if not output.parent.is_dir():
        raise CommandError(f"there is no folder {output.parent}.")
    if output.exists() and not force:
        raise CommandError(f"{output} exists. Pass --force to overwrite it.")
    return write_report(run, output, payloads=not no_payloads, overwrite=force)
