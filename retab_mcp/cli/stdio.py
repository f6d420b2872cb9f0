"""`retab-mcp stdio`, which is also what `retab-mcp` without a command runs."""

import contextlib
import gc
import signal
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from retab_mcp.server import RetabServer

# Shells report the number of the signal that ended a process above this.
_SIGNAL_EXIT_CODE = 128


@click.command
def command() -> int:
    """Serve MCP over stdin and stdout (the default)."""
    # A start makes many objects and hardly any garbage.
    gc.disable()
    import anyio

    from retab_mcp.server import build_server, prepare_garbage_collection
    from retab_mcp.settings import Settings

    server = build_server(Settings.from_environment())
    prepare_garbage_collection()
    gc.enable()
    exit_code = anyio.run(serve, server)
    # Without this, Python collects garbage in all modules before it exits, which takes
    # several times as long as the rest of the exit.
    gc.freeze()
    return exit_code


async def serve(server: "RetabServer") -> int:
    """Serve until the input ends or a signal arrives; return the exit code.

    Calls in flight are cancelled. The code is 0 at the end of the input, 130 after Ctrl-C and 143
    after SIGTERM.
    """
    import asyncio

    import anyio

    from retab_mcp.cli.stdio_streams import StandardStream

    loop = asyncio.get_running_loop()
    received: list[int] = []
    with anyio.CancelScope() as scope:

        def end(number: int, _frame: object) -> None:
            received.append(number)
            # A second signal ends the process even if the server cannot.
            signal.signal(number, signal.SIG_DFL)
            loop.call_soon_threadsafe(scope.cancel)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        try:
            # What a library prints must not mix with the protocol's messages.
            with contextlib.redirect_stdout(sys.stderr):
                stdin = StandardStream(0, "r")
                await server.serve_stdio(stdin, StandardStream(1, "w", stdin))
        except* anyio.BrokenResourceError:
            # Raised by the SDK when the server ends while a message is handed to it.
            pass
    return _SIGNAL_EXIT_CODE + received[0] if received else 0
