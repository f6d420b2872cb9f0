"""What `retab-mcp serve` is told, and which combinations are refused."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from retab_mcp.retab.base_url import is_loopback

DEFAULT_PORT = 8000


class OptionsError(ValueError):
    """The options cannot be served as they are; the message says what to change."""


@dataclass(frozen=True)
class HttpOptions:
    """Options of one HTTP service.

    `allowed_hosts` and `allowed_origins` are values of the Host and Origin headers; a host
    without a port stands for any port. `issuer`, `audience` (URLs) and `keys_file` go together:
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
    log_level: str = "info"

    @property
    def oauth(self) -> bool:
        """Whether callers bring tokens of an issuer instead of Retab keys."""
        return bool(self.issuer)

    def check(self) -> None:
        """Raise OptionsError where the options contradict each other or would be unsafe."""
        loopback = is_loopback(self.host)
        if not loopback and not self.allowed_hosts:
            raise OptionsError(
                f"--host {self.host} can be reached from other machines: name the hosts that "
                "callers use with --allow-host (and browsers' origins with --allow-origin)."
            )
        if self.shared_key and not loopback:
            raise OptionsError(
                "--shared-key gives everyone who can connect the server's own key: it works on a "
                "loopback address only."
            )
        if self.workers < 1:
            raise OptionsError("--workers is 1 or more.")
        self._check_oauth()

    def _check_oauth(self) -> None:
        given = (self.issuer, self.audience, self.keys_file)
        if not any(given):
            return
        if not all(given):
            raise OptionsError("--issuer, --audience and --keys are given together.")
        if self.shared_key:
            raise OptionsError("--shared-key and --issuer exclude each other.")
        for name, url in (("--issuer", self.issuer), ("--audience", self.audience)):
            parts = urlsplit(url)
            secure = parts.scheme == "https" or is_loopback(parts.hostname or "")
            if parts.scheme not in ("http", "https") or not parts.hostname or not secure:
                raise OptionsError(f"{name} is an https URL (http on loopback).")

    def write(self, path: Path) -> None:
        """Write the options, which hold no key, for the workers."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "HttpOptions":
        """Read what `write` wrote."""
        values = json.loads(path.read_text(encoding="utf-8"))
        for name in ("allowed_hosts", "allowed_origins"):
            values[name] = tuple(values[name])
        return cls(**values)
