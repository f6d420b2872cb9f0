"""Run the service: one process, or several workers behind one socket."""

import gc
import importlib
import logging
import pkgutil
import signal
import socket
import tempfile
from dataclasses import replace
from pathlib import Path
from types import FrameType

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from retab_mcp.http.caller import Caller
from retab_mcp.http.connections import BoundedHttp
from retab_mcp.http.keys_file import KeysFile
from retab_mcp.http.listening import listen, url_of
from retab_mcp.http.logs import configure_logging
from retab_mcp.http.options import HttpOptions, OptionsError
from retab_mcp.http.worker_folder import WorkerFolder
from retab_mcp.queries.cursor import cursor_key_problem
from retab_mcp.retab.base_url import parse_base_url
from retab_mcp.retab.errors import RetabError
from retab_mcp.settings import API_KEY_VARIABLE, Settings

logger = logging.getLogger("retab_mcp.http")

# How long calls in flight may take to finish after SIGTERM; the process ends within 20 s.
DRAIN_SECONDS = 15

# A stdio server imports these with its first call.
_LATE_PACKAGES = (
    *("retab_mcp.analysis", "retab_mcp.answers", "retab_mcp.queries"),
    *("retab_mcp.retab", "retab_mcp.tools"),
)

# Longer than proxies keep idle connections, so that a proxy never reuses one just closed here.
KEEP_ALIVE_SECONDS = 75

# Uvicorn kills a worker that does not answer its health check in time. Its default of 5 s is less
# than a start can take on a busy machine, which would restart the workers forever.
WORKER_HEALTH_SECONDS = 30


def serve_http(options: HttpOptions, settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C, then refuse new requests and finish those in flight.

    Raises OptionsError for options that cannot be served, among them a port that is taken.
    """
    _check(options, settings)
    sockets = listen(options.host, options.port)
    configure_logging(options.log_level)
    serving = {"url": f"{url_of(sockets[0])}/mcp", "workers": options.workers}
    logger.info("serving", extra=serving)
    if options.workers == 1:
        # Not at the top: workers must not import prometheus_client before their folder is set.
        from retab_mcp.http.http_app import create_http_app

        app = create_http_app(options, settings)
        _prepare()
        _Server(uvicorn_config(app, options)).run(sockets)
        return
    with tempfile.TemporaryDirectory(prefix="retab-mcp-") as folder:
        WorkerFolder(Path(folder)).fill(options, settings.cursor_key)
        config = uvicorn_config(f"{__name__}:{create_worker_app.__name__}", options)
        _Workers(config, sockets=sockets).run()
        logger.info("stopped")


class _Server(uvicorn.Server):
    """A server that logs its end: the only process of a service."""

    _signal: str | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._signal = signal.Signals(sig).name
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Not in the handler of the signal, which may have interrupted the writing of a log line.
        logger.info("stopping", extra={"signal": self._signal})
        await super().shutdown(sockets)
        logger.info("stopped")


class _Workers(Multiprocess):
    """A supervisor that logs why it ends."""

    def handle_int(self) -> None:
        logger.info("stopping", extra={"signal": "SIGINT"})
        super().handle_int()

    def handle_term(self) -> None:
        logger.info("stopping", extra={"signal": "SIGTERM"})
        super().handle_term()


def _check(options: HttpOptions, settings: Settings) -> None:
    """Raise OptionsError now for what would fail later in each worker or call."""
    options.check()
    if problem := cursor_key_problem(settings.cursor_key):
        raise OptionsError(problem)
    try:
        parse_base_url(settings.base_url)
    except ValueError as error:
        raise OptionsError(str(error)) from None
    if options.shared_key:
        try:
            Caller.with_key(settings.api_key)
        except RetabError as error:
            raise OptionsError(
                f"--shared-key needs a Retab API key in {API_KEY_VARIABLE}. {error.message}"
            ) from None
    if options.oauth:
        KeysFile(options.keys_file)


def create_worker_app() -> ASGIApp:
    """Return the app of one worker; uvicorn imports this function by name in each."""
    folder = WorkerFolder.of_this_worker()
    options = folder.options()
    configure_logging(options.log_level)
    from retab_mcp.http.http_app import create_http_app

    settings = replace(Settings.from_environment(), cursor_key=folder.cursor_key())
    app = create_http_app(options, settings)
    _prepare()
    return app


def _prepare() -> None:
    """Import what calls need before the first call, then exempt it from garbage collection."""
    from retab_mcp.server import prepare_garbage_collection

    for name in _LATE_PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            importlib.import_module(module.name)
    gc.collect()
    prepare_garbage_collection()


def uvicorn_config(app: ASGIApp | str, options: HttpOptions) -> uvicorn.Config:
    """Return the configuration of one process: its connections, their limits, and its end."""
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        http=BoundedHttp,
        workers=options.workers,
        # Uvicorn logs through this package's handler, which also writes a line for each call.
        log_config=None,
        access_log=False,
        server_header=False,
        # Anybody could name another address in these headers.
        proxy_headers=bool(options.trusted_proxies),
        forwarded_allow_ips=list(options.trusted_proxies),
        timeout_worker_healthcheck=WORKER_HEALTH_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
