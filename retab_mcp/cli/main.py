"""The `retab-mcp` command, and how it finds its subcommands.

Each command is the object `command` in the file of its name in this package. These files import
nothing heavy at the top, so that `--version` and `--help` answer without the SDK.
"""

import contextlib
import importlib
import os
import sys
from collections.abc import Sequence

import click

from retab_mcp import __version__

# In the order of the help text.
SECTIONS = {
    "Explain runs": ("why", "steps", "trace", "compare", "failures", "report", "call"),
    "Set it up": ("check", "install"),
    "Serve MCP": ("stdio", "serve"),
    "Try it": ("demo", "sandbox"),
}
COMMANDS = tuple(name for names in SECTIONS.values() for name in names)
DEFAULT_COMMAND = "stdio"

# What a shell reports for a process that ended by Ctrl-C.
EXIT_INTERRUPTED = 130
# What a shell reports for a process whose output nobody reads any more, as with `| head -1`.
EXIT_CLOSED_PIPE = 141

_EPILOG = """\
\b
Environment:
  RETAB_API_KEY                The Retab API key. The server starts without one.
  RETAB_API_BASE_URL           The Retab server. [default: https://api.retab.com]
  RETAB_MCP_STRUCTURED_OUTPUT  Set to 1 to add structuredContent and outputSchema.
  RETAB_MCP_CURSOR_KEY         Signs the cursors of pages. Replicas share one key.
  RETAB_MCP_REDACT_CARDS       Set to 0 to show card numbers.
  RETAB_MCP_RUN_URL            Links to runs: https://…/{workflow_id}/{run_id}
"""


class _ClosedPipeError(click.ClickException):
    """Nobody reads the output any more.

    Raised in place of an OSError, for which Click exits with 1 as for a failed run.
    """

    exit_code = EXIT_CLOSED_PIPE

    def __init__(self) -> None:
        super().__init__("the output is closed")

    def show(self, file: object = None) -> None:
        """Replace standard output, since Python would write what is left to it on exit."""
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Commands(click.Group):
    """A group that imports the file of a command when the command is needed."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            result: object = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            raise _ClosedPipeError from None
        except BaseExceptionGroup as errors:
            # Printed within a task.
            if errors.split(BrokenPipeError)[1] is not None:
                raise
            raise _ClosedPipeError from None
        return result

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _load(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for section, names in SECTIONS.items():
            with formatter.section(section):
                formatter.write_dl([(name, _load(name).get_short_help_str(90)) for name in names])


def _load(name: str) -> click.Command:
    command: click.Command = importlib.import_module(f"retab_mcp.cli.{name}").command
    return command


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, message="retab-mcp %(version)s")
@click.pass_context
def cli(context: click.Context) -> int:
    """Explain Retab workflow runs to AI assistants, reading only.

    Without a command, serve MCP over stdin and stdout.
    """
    if context.invoked_subcommand is not None:
        return 0
    return int(context.invoke(_load(DEFAULT_COMMAND)) or 0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line (default: of the process); return the exit code of the process."""
    try:
        code = int(cli.main(arguments, prog_name="retab-mcp", standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return EXIT_INTERRUPTED
    return code
