"""The HTTP protocol of uvicorn, with a limit on headers and an end that loses no request."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

# A proxy sends the headers of a request in one piece. Uvicorn itself waits for them forever.
HEADER_SECONDS = 10.0

# A proxy that has just sent a request on an idle connection would get it reset by a close, and does
# not send a POST again. Connections that it uses go within this time, and it rarely uses the rest.
IDLE_END_SECONDS = 2.0

_CLOSE = (b"connection", b"close")


class BoundedHttp(H11Protocol):
    """Close connections that take longer than `header_seconds` to send the headers of a request.

    The time begins with the connection, and with the first byte of each later request; between
    two requests uvicorn's keep-alive limit applies.

    When the server ends, a connection is closed after its next response, or once it has been idle
    for `idle_end_seconds`.
    """

    header_seconds = HEADER_SECONDS
    idle_end_seconds = IDLE_END_SECONDS
    _header_timer: asyncio.TimerHandle | None = None
    _ending = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Accept a connection."""
        super().connection_made(transport)
        self._start_timer()

    def data_received(self, data: bytes) -> None:
        """Take bytes from the client."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_timer()
            if self._ending:
                self._close_after_response()
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

    def shutdown(self) -> None:
        """Close the connection after the response in progress, or the next one if there is one."""
        idle = self.cycle is None or self.cycle.response_complete
        if not idle:
            self._close_after_response()
        elif self._ending:
            super().shutdown()
        else:
            self._ending = True
            self.loop.call_later(self.idle_end_seconds, self.shutdown)

    def _close_after_response(self) -> None:
        """Close the connection after the response, and say so in it.

        Uvicorn only closes it; a proxy would send the next request before it notices.
        """
        self.cycle.keep_alive = False
        # Uvicorn repeats this header of a request in the response.
        self.cycle.scope["headers"] = [*self.cycle.scope["headers"], _CLOSE]

    def _start_timer(self) -> None:
        self._header_timer = self.loop.call_later(self.header_seconds, self.transport.abort)

    def _stop_timer(self) -> None:
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None
