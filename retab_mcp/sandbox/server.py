"""The sandbox on a real socket of this machine."""

import contextlib
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from retab_mcp.sandbox.app import SANDBOX_KEY, Intercept, LoggedRequest, create_app
from retab_mcp.sandbox.records import Sample

_HOST = "127.0.0.1"
# A server that has not bound a local port within this time never will.
_START_SECONDS = 10.0


@dataclass(frozen=True)
class RunningSandbox:
    """A running sandbox: its address, its key and the requests it has received."""

    base_url: str
    key: str
    requests: list[LoggedRequest]


class _Server(uvicorn.Server):
    """A server that calls `on_up` when it accepts requests, and ends at once when asked to."""

    def __init__(self, app: Starlette, on_up: Callable[[], None]) -> None:
        self._on_up = on_up
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, lifespan="off", ws="none"
        )
        super().__init__(config)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_up()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self.force_exit = True


def _listen(port: int) -> socket.socket:
    """Return a socket on loopback; port 0 takes a free one. Raise OSError when it is taken."""
    # With the protocol named, asyncio turns off Nagle's algorithm, which costs 40 ms per answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
    except OSError:
        listener.close()
        raise
    return listener


def _url(listener: socket.socket) -> str:
    return f"http://{_HOST}:{listener.getsockname()[1]}"


@contextlib.contextmanager
def running(app: Starlette, *, key: str = SANDBOX_KEY, port: int = 0) -> Iterator[RunningSandbox]:
    """Serve an application from a thread for as long as the context lasts.

    Raises OSError when the port is taken and TimeoutError when the server does not come up.
    """
    with _listen(port) as listener:
        is_up = threading.Event()
        server = _Server(app, is_up.set)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        if not is_up.wait(_START_SECONDS):
            raise TimeoutError("the sandbox did not start")
        try:
            yield RunningSandbox(_url(listener), key, app.state.requests)
        finally:
            server.should_exit = server.force_exit = True
            thread.join()


@contextlib.contextmanager
def running_sandbox(
    generation: str,
    samples: Iterable[Sample] | None = None,
    *,
    key: str = SANDBOX_KEY,
    port: int = 0,
    intercept: Intercept | None = None,
) -> Iterator[RunningSandbox]:
    """Serve samples (by default the sandbox's own) in a generation, from a thread."""
    app = create_app(generation, _samples(samples), key=key, intercept=intercept)
    with running(app, key=key, port=port) as sandbox:
        yield sandbox


def serve(
    generation: str,
    port: int,
    samples: Iterable[Sample] | None = None,
    *,
    key: str = SANDBOX_KEY,
    notes: Sequence[str] = (),
) -> None:
    """Serve samples (by default the sandbox's own) until interrupted.

    Prints the address, the key and `notes` to stderr once it is up.

    `port` 0 takes a free one. Ctrl-C ends it at once. Raises ValueError for an unknown generation
    and OSError when the port is taken.
    """
    app = create_app(generation, _samples(samples), key=key)
    with _listen(port) as listener, contextlib.suppress(KeyboardInterrupt):
        url = _url(listener)
        lines = (
            f"Retab sandbox ({generation}) at {url}",
            f"RETAB_API_BASE_URL={url}",
            f"RETAB_API_KEY={key}",
            *notes,
        )
        # Only once it is up: Ctrl-C before that ends asyncio with a warning.
        _Server(app, lambda: print(*lines, sep="\n", file=sys.stderr, flush=True)).run([listener])


def _samples(samples: Iterable[Sample] | None) -> Iterable[Sample]:
    if samples is not None:
        return samples
    # Not at the top: a test with its own samples does not need these.
    from retab_mcp.sandbox.samples import all_samples

    return all_samples()
