"""Listen on the address of the service, before anything else is started."""

import errno
import os
import socket

from retab_mcp.http.options import OptionsError


def listen(host: str, port: int) -> list[socket.socket]:
    """Return sockets that listen on every address of `host`; port 0 takes a free one.

    Raises OptionsError, which says why, if the address cannot be used.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError):
        raise OptionsError(f"--host {host} is not an address or a known name.") from None
    sockets: list[socket.socket] = []
    for family, _, protocol, _, address in found:
        # Port 0 became a port at the first address.
        port = sockets[0].getsockname()[1] if sockets else port
        listener = socket.socket(family, socket.SOCK_STREAM, protocol)
        try:
            _bind(listener, (address[0], port, *address[2:]))
        except OSError as error:
            listener.close()
            # A machine without IPv6 still resolves localhost to ::1.
            if error.errno == errno.EADDRNOTAVAIL and len(found) > 1:
                continue
            for other in sockets:
                other.close()
            raise OptionsError(_why(host, port, error)) from None
        sockets.append(listener)
    if not sockets:
        raise OptionsError(f"--host {host} is not an address of this machine.")
    return sockets


def url_of(listener: socket.socket) -> str:
    """Return the http URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _bind(listener: socket.socket, address: tuple[str | int, ...]) -> None:
    if os.name != "nt":
        # A port of a service that has just ended can be used at once.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if listener.family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    listener.bind(address)
    # Now, since a second service could bind the port until one of them listens.
    listener.listen(socket.SOMAXCONN)


def _why(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} of {host} is already in use. Choose another with --port."
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights. Choose one above 1023 with --port."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"--host {host} is not an address of this machine."
    return f"Cannot listen on port {port} of {host}: {os.strerror(error.errno or 0)}."
