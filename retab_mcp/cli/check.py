"""`retab-mcp check`."""

import json

import click

from retab_mcp.cli.asking import Form, output_options, write_page
from retab_mcp.cli.exit_codes import ExitCode


@click.command
@output_options
def command(form: str | None) -> int:
    """Check the key, the way to Retab and what the key may read.

    Exits with 0 if questions can be answered, 2 for a wrong setting and 3 if Retab refuses or is
    not reached. Each problem comes with what to do.
    """
    import anyio

    from retab_mcp.cli.connection import check_connection
    from retab_mcp.cli.views.checks_view import checks_page
    from retab_mcp.settings import Settings

    checks = anyio.run(check_connection, Settings.from_environment())
    if form == Form.JSON:
        click.echo(json.dumps([check.fields() for check in checks], ensure_ascii=True))
    else:
        write_page(checks_page(checks), form)
    return max((check.exit_code for check in checks), default=ExitCode.ANSWERED)
