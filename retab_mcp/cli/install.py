"""`retab-mcp install`."""

import click

from retab_mcp.cli.command_error import CommandError
from retab_mcp.clients import CLIENTS


@click.command
@click.argument("client", type=click.Choice([client.key for client in CLIENTS]))
@click.option("--http", default="", metavar="URL", help="Use the service at URL, not a process.")
@click.option("--print", "print_only", is_flag=True, help="Print the entry and change nothing.")
def command(client: str, http: str, print_only: bool) -> int:
    """Add this server to the configuration of an MCP client.

    The change is shown and the old file is kept. RETAB_API_KEY is written into the file, unless
    the client asks for it or Git tracks the file.
    """
    from retab_mcp.cli.client_file import ClientFile, InstallError

    try:
        file = ClientFile.of(client, http)
        if print_only:
            click.echo(f"{file.path}:\n")
            click.echo(file.shown_entry)
            return 0
        change = file.change()
        if not change:
            click.echo(f"{file.path} has this entry already.")
            return 0
        click.echo(change)
        backup = file.write()
    except InstallError as error:
        raise CommandError(str(error)) from None
    kept = f" The old file is {backup}." if backup else ""
    click.echo(f"Wrote {file.path}.{kept} Restart {file.title} to load it.")
    for note in file.notes:
        click.echo(note)
    return 0
