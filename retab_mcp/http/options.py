"""The options of `retab-mcp serve`, and which combinations are refused."""

import ipaddress
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from retab_mcp.retab.base_url import is_loopback

DEFAULT_PORT = 8000
MAX_PORT = 65_535


class OptionsError(ValueError):
    """The options contradict each other or are unsafe; the message says what to change."""


@dataclass(frozen=True)
class HttpOptions:
    """Options of one HTTP service.

    `allowed_hosts` and `allowed_origins` are values of the Host and Origin headers; one without a
    port allows any port. `trusted_proxies` are the addresses and networks of proxies whose
    X-Forwarded-For is believed. `issuer`, `audience` (URLs) and `keys_file` are set together:
    callers then bring tokens of that issuer, and the file maps their subjects to Retab keys.
    """

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    workers: int = 1
    shared_key: bool = False
    issuer: str = ""
    audience: str = ""
    keys_file: str = ""
    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    log_level: str = "info"

    @property
    def oauth(self) -> bool:
        """Return whether callers bring tokens of an issuer instead of Retab keys."""
        return bool(self.issuer)

    def check(self) -> None:
        """Raise OptionsError if the options contradict each other or are unsafe."""
        loopback = is_loopback(self.host)
        if not loopback and not self.allowed_hosts:
            raise OptionsError(
                f"Other machines can reach --host {self.host}. Name the hosts that callers use "
                "with --allow-host (and the origins of web pages with --allow-origin)."
            )
        if self.shared_key and not loopback:
            raise OptionsError(
                "--shared-key lets everyone who can connect use the server's own key, so it "
                "requires a loopback address."
            )
        if self.workers < 1:
            raise OptionsError("--workers must be 1 or more.")
        if not 0 <= self.port <= MAX_PORT:
            raise OptionsError(f"--port must be between 0 and {MAX_PORT}.")
        for proxy in self.trusted_proxies:
            try:
                ipaddress.ip_network(proxy)
            except ValueError:
                raise OptionsError(
                    "--trusted-proxy must be an address or a network, such as 10.0.0.0/8."
                ) from None
        self._check_oauth()

    def _check_oauth(self) -> None:
        given = (self.issuer, self.audience, self.keys_file)
        if not any(given):
            return
        if not all(given):
            raise OptionsError("--issuer, --audience and --keys must be given together.")
        if self.shared_key:
            raise OptionsError("--shared-key and --issuer cannot be combined.")
        for name, url in (("--issuer", self.issuer), ("--audience", self.audience)):
            parts = urlsplit(url)
            secure = parts.scheme == "https" or is_loopback(parts.hostname or "")
            if parts.scheme not in ("http", "https") or not parts.hostname or not secure:
                raise OptionsError(f"{name} must be an https URL (http on loopback).")

    def write(self, path: Path) -> None:
        """Write the options, which contain no key, for the workers."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "HttpOptions":
        """Read what `write` wrote."""
        values = json.loads(path.read_text(encoding="utf-8"))
        for name in ("allowed_hosts", "allowed_origins", "trusted_proxies"):
            values[name] = tuple(values[name])
        return cls(**values)
