"""`retab-mcp serve`."""

import importlib

import click

from retab_mcp.cli.command_error import CommandError

# Packages of the extra `http` that nothing else needs.
_HTTP_PACKAGES = ("jwt", "opentelemetry.trace", "prometheus_client")


@click.command
@click.option("--http", is_flag=True, required=True, help="Use streamable HTTP at /mcp.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to bind.")
@click.option("--port", default=8000, show_default=True, help="Port to bind.")
@click.option("--workers", default=1, show_default=True, help="Number of processes.")
@click.option(
    "--shared-key",
    is_flag=True,
    help="Use RETAB_API_KEY for callers that send no key. Loopback addresses only.",
)
@click.option("--issuer", default="", metavar="URL", help="OAuth: the issuer of the tokens.")
@click.option("--audience", default="", metavar="URL", help="OAuth: this server's URL in tokens.")
@click.option(
    "--keys",
    default="",
    metavar="FILE",
    help="OAuth: a JSON object that maps token subjects to Retab keys; mode 0600.",
)
@click.option(
    "--allow-host",
    multiple=True,
    metavar="HOST",
    help="Host header to accept; repeatable. Required for an address other than loopback.",
)
@click.option(
    "--allow-origin",
    multiple=True,
    metavar="ORIGIN",
    help="Origin header to accept; repeatable. Without it, web pages from elsewhere are refused.",
)
@click.option(
    "--trusted-proxy",
    multiple=True,
    metavar="ADDRESS",
    help="Address or network of a proxy whose X-Forwarded-For names the client; repeatable.",
)
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    default="info",
    show_default=True,
    help="Least severe log messages to write to stderr.",
)
def command(
    http: bool,
    host: str,
    port: int,
    workers: int,
    shared_key: bool,
    issuer: str,
    audience: str,
    keys: str,
    allow_host: tuple[str, ...],
    allow_origin: tuple[str, ...],
    trusted_proxy: tuple[str, ...],
    log_level: str,
) -> None:
    """Serve MCP over HTTP; each caller brings a Retab API key."""
    _require_http_packages()
    from retab_mcp.http.options import HttpOptions, OptionsError
    from retab_mcp.http.serving import serve_http
    from retab_mcp.settings import Settings

    options = HttpOptions(
        host=host,
        port=port,
        workers=workers,
        shared_key=shared_key,
        issuer=issuer,
        audience=audience,
        keys_file=keys,
        allowed_hosts=allow_host,
        allowed_origins=allow_origin,
        trusted_proxies=trusted_proxy,
        log_level=log_level,
    )
    try:
        serve_http(options, Settings.from_environment())
    except OptionsError as error:
        raise CommandError(str(error)) from None


def _require_http_packages() -> None:
    try:
        for name in _HTTP_PACKAGES:
            importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise CommandError(
            f"the package {error.name} is missing. Run: pip install 'retab-mcp[http]'"
        ) from None
