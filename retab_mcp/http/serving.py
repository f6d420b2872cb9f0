"""Running the service: one process, or several workers behind one socket."""

import gc
import importlib
import logging
import pkgutil
import tempfile
from dataclasses import replace
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from retab_mcp.http.caller import Caller
from retab_mcp.http.keys_file import KeysFile
from retab_mcp.http.logs import configure_logging
from retab_mcp.http.options import HttpOptions, OptionsError
from retab_mcp.http.run_folder import RunFolder
from retab_mcp.retab.base_url import parse_base_url
from retab_mcp.retab.errors import RetabError
from retab_mcp.settings import API_KEY_VARIABLE, Settings

logger = logging.getLogger("retab_mcp.http")

# What runs may finish when the process is told to end; with what comes after, 20 s in all.
DRAIN_SECONDS = 15

# What calls need and the start does not.
_LATE_PACKAGES = ("retab_mcp.retab", "retab_mcp.queries", "retab_mcp.tools")

# Longer than proxies keep idle connections, so that none of theirs is closed as they use it.
KEEP_ALIVE_SECONDS = 75


def serve(options: HttpOptions, settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C, then refuse new requests and finish what runs.

    Raises OptionsError for options that cannot be served.
    """
    _check(options, settings)
    configure_logging(options.log_level)
    logger.info(
        "serving",
        extra={
            "url": f"http://{options.host}:{options.port}/mcp",
            "workers": options.workers,
        },
    )
    if options.workers == 1:
        # Late: the metrics must know by then whether they are those of one process.
        from retab_mcp.http.app import create_app

        app = create_app(options, settings)
        _settle()
        uvicorn.Server(_config(app, options)).run()
        return
    with tempfile.TemporaryDirectory(prefix="retab-mcp-") as folder:
        RunFolder(Path(folder)).fill(options, settings.cursor_key)
        _run_workers(options)


def _check(options: HttpOptions, settings: Settings) -> None:
    """Raise OptionsError here, rather than in each worker or with each call."""
    options.check()
    try:
        parse_base_url(settings.base_url)
    except ValueError as error:
        raise OptionsError(str(error)) from None
    if options.shared_key:
        try:
            Caller.of(settings.api_key)
        except RetabError:
            raise OptionsError(
                f"--shared-key needs a Retab API key in {API_KEY_VARIABLE}."
            ) from None
    if options.oauth:
        KeysFile(options.keys_file)


def create_worker_app() -> ASGIApp:
    """Return the app of one worker; uvicorn imports this by name in each of them."""
    folder = RunFolder.of_this_worker()
    options = folder.options()
    configure_logging(options.log_level)
    from retab_mcp.http.app import create_app

    settings = replace(Settings.from_environment(), cursor_key=folder.cursor_key())
    app = create_app(options, settings)
    _settle()
    return app


def _settle() -> None:
    """Do once, before the first call, what all callers would wait for.

    Import what a stdio server leaves for its first call, and keep the garbage collector from
    going through all that again and again.
    """
    for name in _LATE_PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            importlib.import_module(module.name)
    gc.collect()
    gc.freeze()


def _run_workers(options: HttpOptions) -> None:
    from uvicorn.supervisors import Multiprocess

    config = _config(f"{__name__}:{create_worker_app.__name__}", options)
    with config.bind_socket() as socket:
        Multiprocess(config, sockets=[socket]).run()


def _config(app: ASGIApp | str, options: HttpOptions) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        host=options.host,
        port=options.port,
        workers=options.workers,
        # Its logs go where ours go; each call has a line of ours.
        log_config=None,
        access_log=False,
        server_header=False,
        # Forwarded headers are nothing that is acted upon here.
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
