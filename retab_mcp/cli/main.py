"""The command line: the stdio and the HTTP server, the demo and the sandbox.

Nothing heavy is imported before it is known to be needed: `--version` and `--help` answer
without the SDK.
"""

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from retab_mcp import __version__

# What a shell shows for a process that ended by Ctrl-C.
EXIT_INTERRUPTED = 130
# What argparse ends with, and so does whatever it could not check.
EXIT_USAGE = 2

_EPILOG = """\
environment:
  RETAB_API_KEY                 the Retab API key; the server starts without it and says so
  RETAB_API_BASE_URL            another Retab server (default https://api.retab.com)
  RETAB_MCP_STRUCTURED_OUTPUT   1: answers also as structuredContent, with outputSchema
  RETAB_MCP_CURSOR_KEY          signs the cursors; replicas of one server share it
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code of the process."""
    options = _parser().parse_args(arguments)
    try:
        return int(_COMMANDS[options.command](options))
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="retab-mcp",
        description="A read-only MCP server that tells an assistant why a Retab workflow run "
        "failed. Without a command it speaks MCP over stdin and stdout.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"retab-mcp {__version__}")
    parser.set_defaults(command="stdio")
    commands = parser.add_subparsers(title="commands", metavar="")
    stdio = commands.add_parser("stdio", help="serve MCP over stdin and stdout (the default)")
    stdio.set_defaults(command="stdio")
    demo = commands.add_parser("demo", help="walk a failing sample run to its cause; needs no key")
    demo.set_defaults(command="demo")
    sandbox = commands.add_parser("sandbox", help="serve a Retab API of sample runs on loopback")
    sandbox.set_defaults(command="sandbox")
    sandbox.add_argument("--port", type=int, default=8765, help="port on 127.0.0.1 (default 8765)")
    sandbox.add_argument(
        "--generation", default="g3", help="generation of the API to speak (default g3)"
    )
    _add_serve(commands.add_parser("serve", help="serve MCP over HTTP, each caller with a key"))
    return parser


def _add_serve(serve: argparse.ArgumentParser) -> None:
    serve.set_defaults(command="serve")
    serve.add_argument("--http", action="store_true", required=True, help="streamable HTTP at /mcp")
    serve.add_argument("--host", default="127.0.0.1", help="address to bind (default 127.0.0.1)")
    serve.add_argument("--port", type=int, default=8000, help="port to bind (default 8000)")
    serve.add_argument("--workers", type=int, default=1, help="processes (default 1)")
    serve.add_argument(
        "--shared-key",
        action="store_true",
        help="use RETAB_API_KEY for callers that bring no key; on a loopback address only",
    )
    serve.add_argument("--issuer", default="", help="OAuth: URL of the issuer of the tokens")
    serve.add_argument("--audience", default="", help="OAuth: URL of this server in the tokens")
    serve.add_argument(
        "--keys", default="", metavar="FILE", help="OAuth: JSON, subject to Retab key, mode 0600"
    )
    serve.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="HOST",
        help="Host header to accept; may be repeated; needed for addresses beyond loopback",
    )
    serve.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="Origin header to accept; may be repeated; without it no page of a browser is served",
    )
    serve.add_argument("--log-level", choices=("debug", "info", "warning", "error"), default="info")


def _serve_stdio(_options: argparse.Namespace) -> int:
    # Left to Python, Ctrl-C would wait for the next line on stdin before it ends the process.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from retab_mcp.server import build_server
    from retab_mcp.settings import Settings

    build_server(Settings.from_environment()).run("stdio")
    sys.stdout.flush()
    # Nothing is left to clean up, and tearing down the interpreter takes longer than a call.
    os._exit(0)


def _run_demo(_options: argparse.Namespace) -> int:
    from retab_mcp.cli.demo import run_demo

    return run_demo()


def _serve_sandbox(options: argparse.Namespace) -> int:
    from retab_mcp.sandbox.records import GENERATIONS
    from retab_mcp.sandbox.server import serve

    if options.generation not in GENERATIONS:
        return _refuse("sandbox", f"--generation is one of {', '.join(GENERATIONS)}")
    try:
        serve(options.generation, options.port)
    except (OSError, OverflowError) as error:
        return _refuse("sandbox", f"port {options.port} cannot be served: {error}")
    return 0


def _serve_http(options: argparse.Namespace) -> int:
    from retab_mcp.http.options import HttpOptions, OptionsError
    from retab_mcp.http.serving import serve
    from retab_mcp.settings import Settings

    http = HttpOptions(
        host=options.host,
        port=options.port,
        workers=options.workers,
        shared_key=options.shared_key,
        issuer=options.issuer,
        audience=options.audience,
        keys_file=options.keys,
        allowed_hosts=tuple(options.allow_host),
        allowed_origins=tuple(options.allow_origin),
        log_level=options.log_level,
    )
    try:
        serve(http, Settings.from_environment())
    except OptionsError as error:
        return _refuse("serve", str(error))
    return 0


def _refuse(command: str, reason: str) -> int:
    print(f"retab-mcp {command}: {reason}", file=sys.stderr)
    return EXIT_USAGE


_COMMANDS = {
    "serve": _serve_http,
    "stdio": _serve_stdio,
    "demo": _run_demo,
    "sandbox": _serve_sandbox,
}
