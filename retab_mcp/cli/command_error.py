"""The error of a command that cannot start."""

import click


class CommandError(click.ClickException):
    """A command cannot run as asked: print one line that says what to change, exit with 2."""

    exit_code = 2

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self._command = click.get_current_context().command_path

    def show(self, file: object = None) -> None:
        """Print the message to stderr after the name of the command."""
        click.echo(f"{self._command}: {self.message}", err=True)
