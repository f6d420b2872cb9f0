"""The HTTP protocol of uvicorn, with a limit on the time until a request has arrived."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

# A proxy sends the headers of a request in one piece. Uvicorn itself waits for them forever.
HEADER_SECONDS = 10.0


class BoundedHttp(H11Protocol):
    """Close connections that take longer than `header_seconds` to send the headers of a request.

    The time begins with the connection, and with the first byte of each later request; between
    two requests uvicorn's keep-alive limit applies.
    """

    header_seconds = HEADER_SECONDS
    _header_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Accept a connection."""
        super().connection_made(transport)
        self._start_timer()

    def data_received(self, data: bytes) -> None:
        """Take bytes from the client."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_timer()
        elif self._header_timer is None:
            self._start_timer()

    def on_response_complete(self) -> None:
        """Prepare for the next request of the connection."""
        self._stop_timer()
        # A request that was sent before this response begins in here, if its headers are complete.
        super().on_response_complete()
        if self.cycle.response_complete and self.conn.trailing_data[0]:
            self._start_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection that the client or the server has closed."""
        self._stop_timer()
        super().connection_lost(exc)

    def _start_timer(self) -> None:
        self._header_timer = self.loop.call_later(self.header_seconds, self.transport.abort)

    def _stop_timer(self) -> None:
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None
